"""What a machine can see of a page: nothing runs over, nothing is clipped, nothing overlaps, every target can be hit.

`examine` is the whole of it for one page: layout, axe and our own contrast in both themes, and on request the keyboard,
the names that are said and text at 200 %. It changes nothing on the page and leaves its size and theme as they were.
"""

from __future__ import annotations

import sys
from typing import Any

TARGET_MIN = 44  # CSS pixels, both ways

LOOK = """
(minimum) => {
  const faults = [];
  const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.className && e.className.baseVal === undefined ? "." + String(e.className).trim().split(/\\s+/).join(".") : "") + " «" + (e.innerText || e.value || "").trim().slice(0, 40) + "»";
  const visible = (e) => { const s = getComputedStyle(e), r = e.getBoundingClientRect(); return s.visibility !== "hidden" && s.display !== "none" && e.checkVisibility() && r.width > 1 && r.height > 1 && !e.closest(".unseen, .skip, [hidden]") && !hidden(e); };
  const hidden = (e) => { for (let p = e; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).clipPath !== "none") return true; return false; };
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) faults.push("page runs over: " + page.scrollWidth + " > " + page.clientWidth);
  const inScroller = (e) => { for (let p = e.parentElement; p; p = p.parentElement) { const o = getComputedStyle(p).overflowX; if (o === "auto" || o === "scroll") return true; } return false; };
  for (const e of document.querySelectorAll("body *")) {
    if (!visible(e) || e.closest("svg") && e.tagName !== "svg") continue;
    const r = e.getBoundingClientRect();
    if (!inScroller(e) && (r.left < -1 || r.right > page.clientWidth + 1)) faults.push("outside the page: " + name(e));
    const s = getComputedStyle(e);
    if (!e.matches("input, textarea") && (s.overflowX === "hidden" || s.overflowX === "clip") && e.scrollWidth > e.clientWidth + 1) faults.push("clipped: " + name(e));
    if (e.matches("input[inputmode]") && e.scrollWidth > e.clientWidth + 2) faults.push("clipped value: " + name(e));
  }
  const around = (e) => { let p = e.parentElement; while (p !== page && getComputedStyle(p).position === "static") p = p.parentElement; return p; };  // offsetParent stops at each cell
  for (const e of document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden]), textarea")) {
    if (!visible(e)) continue;
    let r = e.getBoundingClientRect();
    if (e.matches("input[type=checkbox], input[type=radio]")) r = (e.closest("label") || e).getBoundingClientRect();
    const over = getComputedStyle(e, "::after");  // a link whose last part lies over its whole row is as large as that row
    if (over.content !== "none" && over.position === "absolute" && over.inset === "0px" && getComputedStyle(e).position === "static") r = around(e).getBoundingClientRect();
    const inText = e.matches("a") && getComputedStyle(e).display === "inline";
    if (!inText && (r.height < minimum - 0.5 || r.width < minimum - 0.5)) faults.push("target " + Math.round(r.width) + "x" + Math.round(r.height) + ": " + name(e));
  }
  const seen = (e, r) => {  // what a scrolling frame lets through: what was said earlier in a chat lies above its frame, and over nothing
    let { left, right, top, bottom } = r;
    for (let p = e; p && p !== document.body; p = p.parentElement) {
      if (!/auto|scroll/.test(getComputedStyle(p).overflow)) continue;
      const f = p.getBoundingClientRect();
      left = Math.max(left, f.left); right = Math.min(right, f.right); top = Math.max(top, f.top); bottom = Math.min(bottom, f.bottom);
    }
    return { left, right, top, bottom, width: right - left, height: bottom - top };
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let t = walker.nextNode(); t; t = walker.nextNode()) {
    if (!t.data.trim() || !visible(t.parentElement) || t.parentElement.closest("option, .dock, details:not([open]) > :not(summary)")) continue;
    const range = document.createRange(); range.selectNodeContents(t);
    for (const each of range.getClientRects()) { const r = seen(t.parentElement, each); if (r.width > 2 && r.height > 2) texts.push({ t, r }); }
  }
  for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
    const a = texts[i], b = texts[j];
    if (a.t === b.t) continue;
    const x = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left), y = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
    if (x > 2 && y > Math.min(a.r.height, b.r.height) * 0.45) faults.push("overlap: «" + a.t.data.trim().slice(0, 30) + "» and «" + b.t.data.trim().slice(0, 30) + "»");
  }
  for (const e of document.querySelectorAll("img")) if (!e.complete || !e.naturalWidth) faults.push("empty picture: " + name(e));
  for (const e of document.querySelectorAll("svg")) if (visible(e) && !e.querySelector("path, rect, circle, line, polyline, polygon, ellipse")) faults.push("empty icon");
  return [...new Set(faults)];
}
"""


def faults(page: Any) -> list[str]:
    """Everything wrong with the page as it stands, and whatever the browser complained about."""
    return [*page.evaluate(LOOK, TARGET_MIN), *page.faults]


def axe_faults(page: Any) -> list[str]:
    """WCAG 2.2 A and AA by axe-core, injected by the test's own authority past the page's policy."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"axe {each['id']}: {node['html'][:140]} ({node['failureSummary'][:160]})" for each in found for node in each["nodes"]]


THEMES = ("light", "dark")
HTML_BYTES_MAX = 40 * 1024
VIEW_BYTES_MAX = 200 * 1024
HEAD_BYTES = 400  # what the lines above each answer weigh, about
WEIGH = """
() => {
  const page = performance.getEntriesByType("navigation")[0];
  const parts = performance.getEntriesByType("resource").filter((part) => part.encodedBodySize);
  return { html: page.decodedBodySize, sent: [page, ...parts].map((part) => [part.name.split("/").pop().slice(0, 40), part.encodedBodySize]) };
}
"""


def examine(page: Any, *, themes: tuple[str, ...] = THEMES, reach: bool = False, weigh: bool = True) -> list[str]:
    """Every fault of the page: layout once, what is read in each theme; with `reach` the keyboard, spoken names and 200 % too. A document that
    carries all it needs in itself has no budget of a page (`weigh`)."""
    found = faults(page) + (weight_faults(page) if weigh else [])
    for theme in themes:
        found += [f"{theme}: {fault}" for fault in reading_faults(page, theme)]
    if reach:
        ways = sys.modules["browser_reach"]
        found += ways.keyboard_faults(page) + ways.name_faults(page) + ways.enlarged_faults(page, faults)
    return found


def weight_faults(page: Any) -> list[str]:
    """The document and all that a first visit brings along, as they come over the wire; what another page left in the cache counts."""
    weighed = page.evaluate(WEIGH)
    whole = sum(size + HEAD_BYTES for _name, size in weighed["sent"])
    found = [f"the document weighs {weighed['html']:,} bytes"] if weighed["html"] > HTML_BYTES_MAX else []
    return [*found, f"a first view weighs {whole:,} bytes: {weighed['sent']}"] if whole > VIEW_BYTES_MAX else found


def reading_faults(page: Any, theme: str) -> list[str]:
    """axe and the contrast of every text, as a device that asks for `theme` shows the page."""
    page.emulate_media(color_scheme=theme)
    try:
        return axe_faults(page) + sys.modules["browser_contrast"].contrast_faults(page)
    finally:
        page.emulate_media(color_scheme="light")
