"""Contrast of every text on a page, counted here from computed colours: axe leaves out text in Arabic letters alone.

For each text node: its colour with every opacity above it, on what really lies behind its middle (all layers there, not
only its ancestors). Placeholders, values of fields and texts of ::before and ::after are judged too. States are forced
through the browser's own tools, so hover and focus are the style sheet's, not a guess. Disabled controls are excepted by
WCAG 1.4.3. Where the ground is a picture the text is reported: nobody can count that.
"""

from __future__ import annotations

from typing import Any

TEXT_MIN, LARGE_MIN, MARK_MIN = 4.5, 3.0, 3.0
STATES = ("hover", "focus", "focus-visible", "active")
INTERACTIVE = "a[href], button, summary, label, input:not([type=hidden]), select, textarea, tr, [tabindex]"

COUNT = """
([textMin, largeMin, only]) => {
  const faults = [];
  const ink = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const cache = new Map();
  const rgba = (colour) => {
    if (cache.has(colour)) return cache.get(colour);
    ink.clearRect(0, 0, 1, 1); ink.fillStyle = "#000"; ink.fillStyle = colour; ink.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = ink.getImageData(0, 0, 1, 1).data;
    const plain = colour.match(/^rgba?\\(([\\d.]+), ([\\d.]+), ([\\d.]+)(?:, ([\\d.]+))?\\)$/);
    const made = plain ? [+plain[1], +plain[2], +plain[3], plain[4] === undefined ? 1 : +plain[4]] : [r, g, b, a / 255];
    cache.set(colour, made);
    return made;
  };
  const over = (top, under) => [0, 1, 2].map((n) => top[n] * top[3] + under[n] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => [r, g, b].map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }).reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ratio = (a, b) => { const [hi, lo] = [light(a), light(b)].sort((x, y) => y - x); return (hi + 0.05) / (lo + 0.05); };
  const opacity = (e) => { let all = 1; for (let p = e; p; p = p.parentElement) all *= +getComputedStyle(p).opacity; return all; };
  const cut = (e) => { for (let p = e; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).clipPath !== "none") return true; return false; };
  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !cut(e) && !e.closest("[hidden], .skip:not(:focus)");
  const behind = (e, x, y) => {
    const stack = document.elementsFromPoint(x, y);
    let at = stack.findIndex((s) => s === e || s.contains(e) || e.contains(s));
    const layers = [];
    const chain = at < 0 ? (() => { const all = []; for (let p = e; p; p = p.parentElement) all.push(p); return all; })() : stack.slice(at);
    for (const s of chain) {
      const style = getComputedStyle(s);
      if (style.backgroundImage !== "none" && !s.matches("select, body, html")) return null;
      const colour = rgba(style.backgroundColor);
      layers.push([colour[0], colour[1], colour[2], colour[3] * opacity(s)]);
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), rgba(getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)"));
  };
  const judge = (e, style, text, x, y, what) => {
    if (e.closest(":disabled, [aria-disabled=true]") || e.closest("label")?.control?.disabled) return;
    if (only && !e.matches(only) && !e.closest(only)) return;
    const ground = behind(e, x, y);
    const said = "«" + text.trim().slice(0, 40) + "» " + (what || "") + " in " + e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? "." + String(e.className).trim().replace(/\\s+/g, ".") : "");
    if (!ground) { faults.push("contrast cannot be counted over a picture: " + said); return; }
    const colour = rgba(e.closest("svg") ? style.fill : style.color);
    const seen = over([colour[0], colour[1], colour[2], colour[3] * opacity(e)], ground);
    const size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    const found = ratio(seen, ground);
    if (found < (isLarge ? largeMin : textMin) - 0.005) faults.push("contrast " + found.toFixed(2) + ": " + said + " rgb(" + seen.slice(0, 3).map(Math.round) + ") on rgb(" + ground.slice(0, 3).map(Math.round) + ")");
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let t = walker.nextNode(); t; t = walker.nextNode()) {
    const e = t.parentElement;
    if (!t.data.trim() || !e || e.closest("script, style, noscript, option, title") || !shown(e)) continue;
    const range = document.createRange(); range.selectNodeContents(t);
    const r = [...range.getClientRects()].find((each) => each.width > 1 && each.height > 1);
    if (r) judge(e, getComputedStyle(e), t.data, r.left + r.width / 2, r.top + r.height / 2);
  }
  for (const e of document.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio], [type=range], [type=color]), textarea, select")) {
    if (!shown(e)) continue;
    const r = e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
    const text = e.matches("select") ? (e.selectedOptions[0] || {}).text || "" : e.value;
    if (text) judge(e, getComputedStyle(e), text, x, y, "(value)");
    if (e.placeholder) judge(e, getComputedStyle(e, "::placeholder"), e.placeholder, x, y, "(placeholder)");
  }
  for (const e of document.querySelectorAll("body *")) for (const pseudo of ["::before", "::after"]) {
    const style = getComputedStyle(e, pseudo);
    if (!/^".*[\\p{L}\\p{N}].*"$/u.test(style.content) && !style.content.startsWith("attr(")) continue;
    if (!shown(e)) continue;
    const r = e.getBoundingClientRect();
    if (r.width > 1 && r.height > 1) judge(e, style, style.content, r.left + 1, r.top + r.height / 2, pseudo);
  }
  return [...new Set(faults)];
}
"""

MARKS = """
([markMin, selector]) => {
  const faults = [];
  const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return [m[0], m[1], m[2], m[3] === undefined ? 1 : m[3]]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }).reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ratio = (a, b) => { const [hi, lo] = [light(a), light(b)].sort((x, y) => y - x); return (hi + 0.05) / (lo + 0.05); };
  const ground = (e) => { for (let p = e; p; p = p.parentElement) { const c = parse(getComputedStyle(p).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
  const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + "." + String(e.className).trim().replace(/\\s+/g, ".") + " «" + (e.innerText || e.value || e.name || "").trim().slice(0, 30) + "»";
  for (const e of document.querySelectorAll(selector)) {
    if (!e.checkVisibility({ opacityProperty: false, visibilityProperty: true }) || e.disabled) continue;
    const r = e.getBoundingClientRect();
    if (r.width < 2 || r.height < 2) continue;
    const style = getComputedStyle(e), around = ground(e.parentElement);
    if (e.matches("input:not([type=checkbox], [type=radio], [type=range], [type=file]), select, textarea") && !e.closest(".unseen")) {
      const edge = parse(style.borderBlockEndColor);
      if (Math.max(ratio(edge, around), ratio(ground(e), around)) < markMin) faults.push("edge of a field is not seen (" + ratio(edge, around).toFixed(2) + "): " + name(e));
    }
  }
  return [...new Set(faults)];
}
"""

FOCUS = """
(markMin) => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const parse = (c) => { const m = (c.match(/rgba?\\(([^)]+)\\)/) || [0, "0,0,0,0"])[1].split(/[ ,/]+/).map(Number); return [m[0], m[1], m[2], m[3] === undefined ? 1 : m[3]]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }).reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ratio = (a, b) => { const [hi, lo] = [light(a), light(b)].sort((x, y) => y - x); return (hi + 0.05) / (lo + 0.05); };
  const ground = (p) => { for (; p; p = p.parentElement) { const c = parse(getComputedStyle(p).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
  // The ring stands on the element itself, or on what dresses it: its label's card or the word beside an unseen radio.
  const dressed = [e, e.closest("label"), e.nextElementSibling].filter(Boolean);
  const seen = dressed.some((d) => {
    const style = getComputedStyle(d);
    const inside = parseFloat(style.outlineOffset) < 0;
    const rings = [];
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) rings.push([parse(style.outlineColor), ground(inside ? d : d.parentElement)]);
    if (style.boxShadow !== "none") rings.push([parse(style.borderBlockEndColor), ground(d.parentElement)]);
    return rings.some(([ring, under]) => ring[3] > 0 && ratio(ring, under) >= markMin);
  });
  return seen ? "" : "focus is not seen: " + e.tagName.toLowerCase() + "." + String(e.className).trim().replace(/\\s+/g, ".") + " «" + (e.innerText || e.value || e.name || "").trim().slice(0, 30) + "»";
}
"""


def contrast_faults(page: Any) -> list[str]:
    """Every text that is too faint as the page stands, then with each state forced on everything that can take it."""
    with whole_page(page):
        found = list(page.evaluate(COUNT, [TEXT_MIN, LARGE_MIN, None]))
        found += page.evaluate(MARKS, [MARK_MIN, INTERACTIVE])
        for state in STATES:
            with forced(page, state):
                found += [f":{state} {fault}" for fault in page.evaluate(COUNT, [TEXT_MIN, LARGE_MIN, INTERACTIVE])]
    return list(dict.fromkeys(found))


class whole_page:
    """The window as high as the page, so that every point of it can be asked what lies there."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def __enter__(self) -> None:
        self.size = self.page.viewport_size
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": self.size["width"], "height": max(self.size["height"], min(height, 16_000))})

    def __exit__(self, *_error: object) -> None:
        self.page.set_viewport_size(self.size)


class forced:
    """A pseudo-class held on everything that can take it, by the browser's own tools."""

    def __init__(self, page: Any, state: str) -> None:
        self.session = page.context.new_cdp_session(page)
        self.state = state

    def __enter__(self) -> None:
        self.session.send("DOM.enable")
        self.session.send("CSS.enable")
        root = self.session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        self.nodes = self.session.send("DOM.querySelectorAll", {"nodeId": root, "selector": INTERACTIVE})["nodeIds"]
        for node in self.nodes:
            self.session.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": [self.state]})

    def __exit__(self, *_error: object) -> None:
        self.session.detach()
