"""The colours of tokens.css and dark.css, and which of them may stand on which: the contrast that tests prove and /ui shows.

Contrast as WCAG 2.2 counts it (relative luminance of sRGB): 4.5 for text, 3 for the edges and pictures one must see.
"""

from __future__ import annotations

import re
from pathlib import Path

STYLES = Path(__file__).resolve().parent / "styles"
THEMES = ("light", "dark")
TEXT_MIN, GRAPHIC_MIN = 4.5, 3.0

SOFT_GROUNDS = ("brand-soft", "amber-soft", "red-soft", "green-soft", "blue-soft")
GROUNDS = ("ground", "card", *SOFT_GROUNDS)
# Each colour of text and the grounds it is used on. A style sheet that names another pair fails its test.
TEXT: dict[str, tuple[str, ...]] = {
    "ink": (*GROUNDS, "line"),
    "soft": (*GROUNDS, "line"),
    "brand": GROUNDS,
    "brand-deep": GROUNDS,
    "amber": ("ground", "card", "amber-soft"),
    "red": ("ground", "card", "red-soft"),
    "green": ("ground", "card", "green-soft"),
    "blue": ("ground", "card", "blue-soft"),
    "on-brand": ("brand", "brand-deep"),
    "card": ("ink",),
    "on-tone": ("tone-1", "tone-2", "tone-3", "tone-4", "tone-5", "tone-6"),
}
# What is not text but must be seen: edges of fields, the ring of focus, dots, ticks of a switch, parts of a chart.
GRAPHICS: dict[str, tuple[str, ...]] = {
    "line-control": ("ground", "card"),
    "brand": (*GROUNDS, "line"),
    "amber-line": ("ground", "card"),
    "red": ("ground", "card"),
    "green": ("ground", "card"),
    "soft": ("ground", "card"),
    "on-brand": ("brand",),
    "sun": ("tone-1",),
    "code-ink": ("code-ground",),  # a code for a camera: black on white in both themes
    "chart-1": ("card", "ground"),
    "chart-2": ("card", "ground"),
    "chart-3": ("card", "ground"),
    "chart-4": ("card", "ground"),
}


def tokens(theme: str) -> dict[str, str]:
    """Every colour token of "light" or "dark": "ink" -> "#12211f"."""
    found = _colours("tokens.css")
    return found | _colours("dark.css") if theme == "dark" else found


def _colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", (STYLES / sheet).read_text(encoding="utf-8")))


def contrast(one: str, other: str) -> float:
    """1 to 21, of two colours "#rrggbb"."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
