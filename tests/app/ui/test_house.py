"""House rules of the pages: only tokens, only logical directions, nothing inline, every component whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wasl.app.ui import assets

APP = Path(assets.__file__).parents[1]
SHEETS = [*(path for path in assets.style_sources() if path.name != "tokens.css"), APP / "ui/styles/gallery.css"]
TEMPLATES = sorted(path for path in APP.rglob("*.html") if not {"delivery", "notices"} & set(path.parts) and not path.name.startswith("mail"))  # mails have their own
# Ready, shown at /ui and tested there, not yet on a page
OFFERED = {"badge", "chart", "facts", "file_rows", "menu", "progress", "skeleton", "stepper", "table"}
PIXELS_ALLOWED = {"1px"}  # for what only screen readers see
PHYSICAL = re.compile(r"(?<![\w-])(left|right|margin-(left|right|top|bottom)|padding-(left|right|top|bottom)|border-(left|right|top|bottom)|width|height)\s*:|text-align:\s*(left|right)|float\s*:")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: str(path.relative_to(APP)))
def test_style_sheet_names_tokens_and_logical_sides(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/|@media[^{]+", "", sheet.read_text(), flags=re.S)

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", css), "colours stand in tokens.css"
    assert set(re.findall(r"\b\d+px\b", css)) <= PIXELS_ALLOWED, "sizes stand in tokens.css"
    assert not [found.group(0) for found in PHYSICAL.finditer(css)], "use the logical property"


def test_every_token_that_is_named_exists() -> None:
    defined = set(re.findall(r"(--[\w-]+):", (APP / "ui/styles/tokens.css").read_text()))
    used = {name for sheet in assets.style_sources() for name in re.findall(r"var\((--[\w-]+)\)", sheet.read_text())}

    assert used <= defined
    assert defined - used == set(), "a token that nothing uses"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(APP)))
def test_template_holds_nothing_inline(template: Path) -> None:
    html = template.read_text()

    assert " style=" not in html and "<style" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html) and not re.search(r"\son[a-z]+=", html)
    assert "javascript:" not in html and not re.search(r"https?://", html)
    assert "|safe" not in html


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(APP)))
def test_every_word_of_a_template_goes_through_the_catalogue(template: Path) -> None:
    text = re.sub(r"\{% block (?:(?:main|body)_class|html_attributes) %\}.*?\{% endblock %\}|&\w+;|\saria-[a-z]+=|\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<!doctype html>|<code>.*?</code>|<kbd>.*?</kbd>|<bdi class=\"code(?: code--mono)?\" dir=\"ltr\">.*?</bdi>|[٠-٩]", " ", template.read_text(), flags=re.S)
    text = re.sub(r"<[^>]*>", " ", text)

    assert set(re.findall(r"[A-Za-z\u0600-\u06ff]{2,}", text)) <= {"true"}  # an attribute's own word


def test_each_component_has_a_use() -> None:
    used = "\n".join(path.read_text() for path in TEMPLATES if path.name != "examples.html")
    macros = {path.parent.name for path in (APP / "ui/components").glob("*/macro.html")}

    assert {name for name in macros if f"components/{name}/macro.html" not in used} <= OFFERED
