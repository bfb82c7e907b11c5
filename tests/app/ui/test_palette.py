"""Contrast, proven: each colour of text on each ground it may stand on, in both themes, and no style sheet uses another pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wasl.app.ui import assets, palette

APP = Path(assets.__file__).parents[1]
SHEETS = [path for path in assets.style_sources() if path.name != "tokens.css"]
PAIRS = [(theme, text, ground) for theme in palette.THEMES for text, grounds in palette.TEXT.items() for ground in grounds]
SEEN = [(theme, mark, ground) for theme in palette.THEMES for mark, grounds in palette.GRAPHICS.items() for ground in grounds]
# Fills that carry no text and no meaning of their own: lines between things, tracks, the veil behind a dialog
DECORATION = {"line-strong", "green-line", "veil"}
NOT_COLOURS = {"currentColor", "inherit", "transparent"}


def rules() -> Iterator[tuple[Path, str, dict[str, str]]]:
    """(sheet, selector, {property: token}) of every rule that names colours of text or ground."""
    for sheet in SHEETS:
        css = re.sub(r"/\*.*?\*/|@media[^{]+\{", "", sheet.read_text(), flags=re.S)
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
            found = dict(re.findall(r"(?<![\w-])(color|background|background-color):\s*([^;]+);", body))
            yield sheet, selector.strip(), {("ground" if "background" in name else "text"): value.strip().removeprefix("var(--").removesuffix(")") for name, value in found.items()}


@pytest.mark.parametrize(("theme", "text", "ground"), PAIRS, ids=["-".join(each) for each in PAIRS])
def test_text_is_read_on_each_of_its_grounds(theme: str, text: str, ground: str) -> None:
    colours = palette.tokens(theme)

    assert palette.contrast(colours[text], colours[ground]) >= palette.TEXT_MIN


@pytest.mark.parametrize(("theme", "mark", "ground"), SEEN, ids=["-".join(each) for each in SEEN])
def test_edges_and_marks_are_seen(theme: str, mark: str, ground: str) -> None:
    colours = palette.tokens(theme)

    assert palette.contrast(colours[mark], colours[ground]) >= palette.GRAPHIC_MIN


def test_no_sheet_uses_a_colour_of_text_or_a_ground_that_is_not_proven() -> None:
    grounds = {ground for pairs in (palette.TEXT, palette.GRAPHICS) for each in pairs.values() for ground in each}
    marks = set(palette.GRAPHICS)
    strangers = []
    for sheet, selector, used in rules():
        text, ground = used.get("text"), used.get("ground")
        if text and text not in palette.TEXT and text not in NOT_COLOURS and not text.startswith("chart-"):
            strangers.append(f"{sheet.parent.name}: {selector} writes in {text}")
        if ground and "url" not in ground and ground not in grounds | marks | DECORATION | NOT_COLOURS | {"0"}:
            strangers.append(f"{sheet.parent.name}: {selector} stands on {ground}")
        if text in palette.TEXT and ground in grounds and ground not in palette.TEXT[text]:
            strangers.append(f"{sheet.parent.name}: {selector} writes {text} on {ground}")

    assert strangers == []


def test_the_search_for_strangers_reads_the_sheets() -> None:
    assert len([each for _sheet, _selector, each in rules() if "text" in each and "ground" in each]) > 20


def test_the_dark_theme_knows_every_colour_of_the_light_one() -> None:
    light, dark = palette._colours("tokens.css"), palette._colours("dark.css")

    assert set(dark) <= set(light)
    assert set(light) - set(dark) == {*(f"tone-{n}" for n in range(1, 7)), "on-tone", "code-ink", "code-ground"}  # the same avatar in both, and a code for a camera


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ffffff", "#ffffff", 1.0), ("#0000ff", "#ffff00", 8.0)])
def test_contrast_is_counted_as_the_guidelines_do(one: str, other: str, ratio: float) -> None:
    assert palette.contrast(one, other) == pytest.approx(ratio, abs=0.01)
