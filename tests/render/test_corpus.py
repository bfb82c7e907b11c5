"""Real documents of many countries, with everything they hold: no exception, no broken clause, nothing of theirs left out.

Here a sample; every document of the corpus is rendered in tests/faults/test_render_corpus.py.
"""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pdf_samples as samples
import pytest
from corpus_documents import documents
from marks import squeezed

from wasl.formats.pdf import attachments
from wasl.formats.read import read
from wasl.invoice.numerals import grouped
from wasl.render import render_pdf, structure, themes
from wasl.render.html import render_html

EVERY = 9  # of the whole files, one in so many becomes a PDF here


def shown(name: str, data: bytes, at: int) -> list[str]:
    """What is wrong with the PDF of a document in the theme and language that its place gives, and with its page."""
    invoice = read(data).invoice
    context = samples.context(theme=themes()[at % len(themes())], language="ar" if at % 3 else "en", document_xml=data)
    made = render_pdf(invoice, context=context)
    faults = [f"{name}: {each}" for each in structure.check(made.data)]
    faults += [f"{name}: no font for {c!r}" for c in made.substitutes]
    if {a.name: a.data for a in attachments(made.data)}["invoice.xml"] != data:
        faults.append(f"{name}: another original inside")
    return faults + unsaid(name, data)


def unsaid(name: str, data: bytes) -> list[str]:
    """Texts and figures of a document that its page does not show, as written there."""
    invoice = read(data).invoice
    page = render_html(invoice, context=samples.context(language="en", hijri=False))
    text = squeezed(html.unescape(re.sub(r"<[^>]*>", "", page[page.index("<body>") :])))
    return [f"{name}: {path} = {value!r}" for path, value in values(invoice) if not any(squeezed(each) in text for each in forms(path, value))]


def values(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """(path, value) of everything that is given; numbers that are zero or say what a neighbour says are left out."""
    found: list[tuple[str, Any]] = []
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            found += values(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for each in value:
            found += values(each, f"{path}[]")
    elif value not in (None, "") and not (isinstance(value, str) and not value.strip()):
        found.append((path, value))
    return [(p, v) for p, v in found if p not in NAMED and not (isinstance(v, bytes)) and not redundant(p, v, value)]


# Shown by their names (a country, a unit, a tax category, a kind of document), not by their codes
NAMED = frozenset(
    f"{path}.country" for path in ("seller.address", "buyer.address", "tax_representative.address", "delivery.address")
) | frozenset({
    "type_code", "tax_point_date_code", "tax_currency", "payment.means_code", "lines[].unit", "lines[].price.base_quantity_unit", "lines[].price.base_quantity",
    "lines[].tax_category", "lines[].item.country_of_origin", "lines[].quantity", "notes[].subject_code", "allowances[].reason_code", "charges[].reason_code",
    "allowances[].tax_category", "charges[].tax_category", "allowances[].tax_rate", "charges[].tax_rate", "lines[].allowances[].reason_code", "lines[].charges[].reason_code",
    "totals.allowance_total_amount", "totals.charge_total_amount", "totals.prepaid_amount", "totals.rounding_amount", "lines[].price.gross", "lines[].price.discount",
    "lines[].allowances[].amount", "lines[].charges[].amount",
})  # fmt: skip


def redundant(path: str, value: Any, parent: Any) -> bool:
    return isinstance(value, Decimal) and value == 0


def forms(path: str, value: Any) -> list[str]:
    if isinstance(value, Decimal):
        return [grouped(abs(value), places) for places in range(7)] + [f"{abs(value).normalize():f}", grouped(abs(value))]
    if isinstance(value, date):
        return [f"{value:%-d %B %Y}", f"{value:%-d %B} –"]
    return [value, *([value.replace(" ", "")] if "account" in path else [])]


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_a_sample_of_the_corpus_becomes_pdfs_within_the_standards(corpus, syntax):
    files = [(name, data) for name, data in documents(corpus) if "#" not in name and (b"CrossIndustryInvoice" in data) == (syntax == "cii")]

    faults = [fault for at, (name, data) in enumerate(files) if at % EVERY == 0 for fault in shown(name, data, at)]

    assert len(files) > 40
    assert faults == []


def test_the_page_of_every_whole_file_shows_all_that_it_holds(corpus):
    files = [(name, data) for name, data in documents(corpus) if "#" not in name]

    assert [fault for name, data in files for fault in unsaid(name, data)] == []
    assert len(files) > 90
