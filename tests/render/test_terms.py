"""Every business term of EN 16931 has a place: in the view, on the page of every theme, and in the HTML."""

from __future__ import annotations

import html
import io
import json
import re

import marks
import msgspec
import pdf_samples as samples
import pypdfium2
import pytest

from wasl.invoice.model import Invoice, SupportingDocument
from wasl.invoice.terms import TERMS
from wasl.render import find_theme, render_pdf, structure, themes
from wasl.render.html import render_html
from wasl.render.text import Pen
from wasl.render.typesetter import families
from wasl.render.view import build_view

CORE = {info.id for info in TERMS.values() if not info.is_group and info.path}


@pytest.fixture(scope="module")
def every() -> Invoice:
    return marks.filled()


def test_the_marks_reach_every_term_and_differ(every):
    wanted = marks.wanted()

    assert set(wanted) == CORE
    assert len({texts[0] for texts in wanted.values()}) == len(wanted)
    assert len(CORE) > 150


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_view_holds_every_term(every, language):
    view = build_view(every, samples.context(language=language), Pen(language), families())

    assert marks.missing(json.dumps(view, ensure_ascii=False)) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_shows_every_term_with_its_number(every, language):
    page = render_html(every, context=samples.context(language=language))
    body = page[page.index("<body>") :]
    named = {term for found in re.findall(r'class="bt"[^>]*>([^<]*)<', body) for term in found.split()}

    assert marks.missing(html.unescape(re.sub(r"<[^>]*>", "", body))) == []
    assert {term for term in CORE if term.count("-") == 1} - named == set()  # schemes stand with their identifiers


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", themes())
def test_every_theme_prints_every_term_that_it_does_not_leave_to_the_original(every, name, language):
    made = render_pdf(every, context=samples.context(theme=name, language=language))
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(made.data)))

    leaves = find_theme(name).leaves
    assert set(marks.missing(text, leaves)) <= (ARABIC_DATES if language == "ar" else set())
    assert structure.check(made.data) == []


# Days with an Arabic month: the letters of a page are joined forms, which do not come back as they were written
ARABIC_DATES = frozenset(term for term, texts in marks.wanted().items() if len(texts) == 2)


def test_only_the_receipt_leaves_terms_to_the_original():
    assert {name: bool(find_theme(name).leaves) for name in themes()} == {"classic": False, "modern": False, "plain": False, "receipt": True}
    assert set(find_theme("receipt").leaves) <= set(TERMS)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"type_code": "999"}, "999"),
        ({"currency": "ZZZ"}, "ZZZ"),
        ({"tax_point_date_code": "35"}, "the date of supply"),
        ({"supporting_documents": (SupportingDocument(reference="R", location="file:///etc/passwd"),)}, "file:///etc/passwd"),
    ],
)
def test_codes_without_a_name_are_shown_as_they_are(change, shown):
    invoice = msgspec.structs.replace(samples.english(1), **change)

    assert shown in html.unescape(re.sub(r"<[^>]*>", "", render_html(invoice, context=samples.context(language="en"))))
