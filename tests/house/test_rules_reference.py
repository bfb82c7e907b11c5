"""docs/rules: every rule of every shipped set, in both languages, in our own words, in a page that needs no network.

That the pages are not stale is asked by `test_docs.py`, which runs docs/generate.py.
"""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

import pytest

from wasl.invoice.terms import TERMS
from wasl.rules import catalogue, sheets

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rules"
BYTES_MAX = 2_000_000  # both pages together


@cache
def rows(lang: str) -> tuple[tuple[str, ...], ...]:
    """(ids with their sets, term, message, fix) of each line, as the script of the page reads them."""
    text = (FOLDER / f"{lang}.html").read_text(encoding="utf-8")
    body = re.search(r'<pre id="rules">(.*?)</pre>', text, re.S)
    assert body
    return tuple(tuple(html.unescape(line).split("\t")) for line in body[1].split("\n"))


@cache
def rules_of(name: str) -> tuple[tuple[str, str], ...]:
    """(id, official text) of a set; loading all of them twice would take as long as the rest of this file."""
    return tuple((rule.id, rule.text) for rule in catalogue.of_set(name)) if sheets.installed(name) else ()


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_rule_of_every_set_is_listed_with_term_message_and_fix(lang: str) -> None:
    listed = {id.rpartition(":")[0].lstrip("~·") for row in rows(lang) for id in row[0].split(",")}
    for name in sheets.SOURCES:
        assert {rule for rule, _ in rules_of(name)} - listed == set(), name
    for row in rows(lang):
        assert len(row) == 4 and all(row), row
        assert row[1] in TERMS


@pytest.mark.parametrize("name", [name for name in sheets.SOURCES if sheets.SOURCES[name].package != "wasl"])
def test_no_official_text_is_copied_into_the_pages(name: str) -> None:
    if not sheets.installed(name):
        pytest.skip(name)
    page = html.unescape((FOLDER / "en.html").read_text(encoding="utf-8"))
    for rule, official in rules_of(name):
        text = re.sub(r"^\[[^\]]*\]\s*-?\s*", "", official).strip()
        assert len(text) < 45 or text not in page, rule


def test_the_pages_fetch_nothing_and_stay_small() -> None:
    pages = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.html"))]
    assert len(pages) == 2 and sum(len(page.encode()) for page in pages) < BYTES_MAX
    for page in pages:
        assert "default-src 'none'" in page
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//|@import|url\(""", page)
