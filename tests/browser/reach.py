"""Who cannot use a mouse or cannot see: the keyboard's walk, the names that screen readers say, text at 200 %, other paths.

Each helper takes a page as it stands and gives a list of sentences, empty when all is well.
"""

from __future__ import annotations

import itertools
import re
import sys
from typing import Any

STEPS_MAX = 400
ENLARGED = {"standard": 32, "fixed": 26}  # twice the browser's own 16 and 13
NAMED = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "switch", "radio", "menuitem", "slider", "spinbutton", "tab", "DisclosureTriangle", "Summary"}

STOPS = """
() => {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")].filter((e) => {
    if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({ visibilityProperty: true }) || e.closest("[inert]")) return false;
    if (e.matches("[type=radio]")) { const key = (e.form ? e.form.id : "") + "/" + e.name; if (groups.has(key)) return false; groups.add(key); }
    return true;
  }).map((e) => { e.dataset.stop = String(document.querySelectorAll("[data-stop]").length); return e.dataset.stop; });
}
"""
START = """
() => {
  const mark = document.createElement("span");
  mark.tabIndex = -1;
  document.body.prepend(mark);
  mark.focus();
  window.scrollTo(0, 0);
  mark.remove();
}
"""
HERE = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const same = e.matches("[type=radio]") ? [...document.getElementsByName(e.name)].find((r) => r.dataset.stop !== undefined) || e : e;
  const r = (e.matches(".choices__seen, .unseen input") && e.nextElementSibling ? e.nextElementSibling : e).getBoundingClientRect();
  const lines = e.getClientRects();
  const box = e.matches("a") && lines.length > 1 ? lines[0] : r;
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1), y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const name = e.tagName.toLowerCase() + "." + String(e.className).trim().replace(/\\s+/g, ".") + " «" + (e.innerText || e.value || e.name || e.getAttribute("aria-label") || "").trim().slice(0, 40) + "»";
  const outside = box.bottom < 1 || box.top > innerHeight - 1;
  const covered = !outside && top && top !== e && !e.contains(top) && !top.contains(e) && !(e.closest("label") || e).contains(top) && !(e.labels && [...e.labels].some((l) => l.contains(top)));
  return { stop: same.dataset.stop, name, outside, covered: covered ? top.tagName + "." + top.className : "", parts: e.matches("[type=date], [type=time], [type=month], [type=datetime-local]") };
}
"""


def keyboard_faults(page: Any) -> list[str]:
    """Tab from the top to the end: every control is met once, in the order of the text, seen, and never trapped."""
    marks = sys.modules["browser_contrast"]
    found: list[str] = []
    wanted = page.evaluate(STOPS)
    if page.evaluate("document.querySelectorAll('[tabindex]:not([tabindex=\"0\"], [tabindex=\"-1\"])').length"):
        found.append("a tabindex above 0 leaves the order of the text")
    # From the very start, wherever a click or the focus was before: the walk begins behind a mark at the head of the page
    page.evaluate(START)
    met: list[str] = []
    for _step in range(STEPS_MAX):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (met and here["stop"] == met[0]):
            break
        if met and here["stop"] == met[-1] and here["parts"]:
            continue  # a field for dates has a stop for each of its parts
        if here["stop"] in met:
            found.append(f"the keyboard is caught at {here['name']}")
            break
        met.append(here["stop"])
        ring = page.evaluate(marks.FOCUS, marks.MARK_MIN)
        found += [ring] if ring else []
        found += [f"focus is outside the window: {here['name']}"] if here["outside"] else []
        found += [f"focus is covered by {here['covered']}: {here['name']}"] if here["covered"] else []
    missed = [stop for stop in wanted if stop not in met]
    for stop in missed:
        found.append("cannot be reached by keyboard: " + page.evaluate("stop => { const e = document.querySelector(`[data-stop=\"${stop}\"]`); return e.outerHTML.slice(0, 120); }", stop))
    if [stop for stop in met if stop in wanted] != [stop for stop in wanted if stop in met]:
        found.append("the keyboard does not follow the order of the text")
    return found


def spoken(page: Any) -> list[tuple[str, str]]:
    """(role, name) of everything that a screen reader meets, in order, as the browser's accessibility tree has it."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    told = [(node["role"]["value"], (node.get("name") or {}).get("value", "")) for node in nodes if not node.get("ignored") and "role" in node]
    return [(role, name.strip()) for role, name in told if role not in {"none", "generic", "InlineTextBox", "StaticText", "RootWebArea"}]


def name_faults(page: Any) -> list[str]:
    """Controls without a name, names that leave out what is written on them (2.5.3), and a page without one head or a main part."""
    said = spoken(page)
    found = [f"{role} without a name" for role, name in said if role in NAMED and not name]
    heads = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].filter((e) => e.checkVisibility()).map((e) => +e.tagName[1])")
    if heads.count(1) != 1:
        found.append(f"{heads.count(1)} first-level heads, not one")
    found += [f"a head of level {after} follows one of level {before}" for before, after in itertools.pairwise(heads) if after > before + 1]
    if sum(role == "main" for role, _name in said) != 1:
        found.append("not one main part")
    for shown, label in page.evaluate("""[...document.querySelectorAll('a[aria-label], button[aria-label], summary[aria-label]')]
        .filter((e) => e.innerText && e.innerText.trim().length > 1 && !e.querySelector("[aria-hidden]")).map((e) => [e.innerText, e.getAttribute('aria-label')])"""):
        if _plain(shown) not in _plain(label):
            found.append(f"«{shown.strip()}» is written but «{label}» is said")
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069\u200e\u200f]", "", text)).strip().casefold()


def enlarged_faults(page: Any, look: Any) -> list[str]:
    """Text twice as large (the browser's own setting, so the style sheet's widths follow it): nothing is cut, covered or lost."""
    session = page.context.new_cdp_session(page)
    before = page.evaluate("document.body.innerText.replace(/\\s+/g, '').length")
    session.send("Page.setFontSizes", {"fontSizes": ENLARGED})
    try:
        if page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") < 32:
            return ["200 %: text does not grow with the browser's setting"]
        found = [f"200 %: {fault}" for fault in look(page)]
        after = page.evaluate("document.body.innerText.replace(/\\s+/g, '').length")
        return found if after >= before * 0.9 else [*found, f"200 %: {before - after} letters are gone"]
    finally:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        session.detach()
