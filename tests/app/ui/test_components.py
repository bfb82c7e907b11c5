"""Every component has examples, and they render in both languages and themes; the style page exists only while developing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from wasl.app.ui import chart, format, gallery

D = Decimal
FOLDERS = sorted(path.parent.name for path in gallery.COMPONENTS.glob("*/macro.html"))
MACRO = re.compile(r"\{% macro ([a-z]\w*)\(")


def shown(name: str, lang: str, theme: str = "light") -> str:
    from django.test import RequestFactory

    return gallery.shown(name, lang, theme, RequestFactory().get("/ui/")).html


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("name", FOLDERS)
def test_a_component_is_shown_in_both_languages(name: str, lang: str) -> None:
    html = shown(name, lang)
    text = re.sub(r"<[^>]*>", " ", html)

    assert re.search("[\u0600-\u06ff]", text) if lang == "ar" and name not in ("help", "skeleton", "language_switch") else text.strip()
    assert len(ids := re.findall(r'\sid="([^"]+)"', html)) == len(set(ids))
    assert all(each.endswith(f"-{name}-{lang}-light") or f"-{name}-{lang}-light" in each for each in ids if each != "last"), "an id without `n` stands four times on the page"


@pytest.mark.parametrize("name", FOLDERS)
def test_every_macro_of_a_component_is_in_its_examples(name: str) -> None:
    macros = set(MACRO.findall((gallery.COMPONENTS / name / "macro.html").read_text()))
    examples = (gallery.COMPONENTS / name / "examples.html").read_text()

    assert {each for each in macros if not re.search(rf"\b{each}\(", examples)} - {"of", "mark", "beside"} == set()  # a form's field; parts of others


def test_every_component_has_a_style_or_borrows_one() -> None:
    bare = {name for name in FOLDERS if not (gallery.COMPONENTS / name / "style.css").is_file()}

    assert bare == set()


def test_the_style_page_shows_everything_while_developing(client: Any, settings: Any) -> None:
    settings.DEBUG = True
    html = client.get("/ui/").content.decode()

    assert all(f'id="{name}"' in html for name in FOLDERS)
    assert html.count('dir="rtl"') >= 2 * len(FOLDERS) and html.count('data-theme="dark"') >= 2 * len(FOLDERS)
    assert "<html lang=\"en\" data-theme=\"light\">" in html  # no direction of its own: the variants bring theirs
    assert client.get("/ui/button").status_code == 200 and client.get("/ui/nothing").status_code == 404


def test_the_style_page_does_not_exist_elsewhere(client: Any, settings: Any) -> None:
    settings.DEBUG = False

    assert {client.get(path).status_code for path in ("/ui/", "/ui/button")} == {404}


def test_bars_stand_on_each_other_and_fill_the_height_of_the_highest() -> None:
    made = chart.bars("T", ["a", "b"], [chart.Series("x", (D(10), D(0))), chart.Series("y", (D(10), D(5)))], show=str)

    assert [(bar.series, bar.y, bar.height) for bar in made.bars] == [(1, 500, 500), (2, 0, 500), (2, 750, 250)]
    assert made.ticks == ("20", "15", "10", "5", "0")
    assert made.rows == (("a", ("10", "10")), ("b", ("0", "5")))


@pytest.mark.parametrize(("highest", "top"), [("0", "4"), ("0.07", "0.08"), ("1", "1"), ("1.01", "2"), ("16450.50", "2E+4"), ("93000000", "1.0E+8"), ("2.5", "2.5")])
def test_the_scale_ends_at_a_round_number(highest: str, top: str) -> None:
    made = chart.line("T", ["a"], [chart.Series("x", (D(highest),))], show=str)

    assert D(made.ticks[0]) == D(top) and D(made.ticks[-1]) == 0


def test_a_line_runs_through_the_middles_of_its_columns() -> None:
    made = chart.line("T", ["a", "b"], [chart.Series("x", (D(1), D(4)))], show=str)

    assert made.lines == (((250, 750), (750, 0)),)


def test_the_smallest_amount_is_seen() -> None:
    made = chart.bars("T", ["a", "b"], [chart.Series("x", (D("0.01"), D(1_000_000)))], show=str)

    assert made.bars[0].height == 1


@pytest.mark.parametrize(("labels", "values"), [([], ()), (["a"], ()), (["a"], (D(-1),))])
def test_a_chart_refuses_what_it_cannot_show(labels: list[str], values: tuple[Decimal, ...]) -> None:
    for make in (chart.bars, chart.line):
        with pytest.raises(ValueError, match="chart"):
            make("T", labels, [chart.Series("x", values)], show=str)


def test_a_name_keeps_its_colour() -> None:
    assert format.tone_of("Sanad ") == format.tone_of("sanad")
    assert {format.tone_of(f"name {n}") for n in range(100)} == {1, 2, 3, 4, 5, 6}
