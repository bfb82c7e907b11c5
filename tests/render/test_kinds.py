"""Kinds of documents: their view as data that people can read, in both languages, and what each of them must say.

WASL_UPDATE_GOLDEN=1 rewrites the files in golden/; review the difference before committing.
"""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pdf_samples as samples
import pytest
from test_text import page_text

from wasl.render import OpenItem, render_pdf, render_receipt, render_statement, structure, themes
from wasl.render.account import Allocation, ReceiptDisagrees, StatementDisagrees
from wasl.render.html import render_html, render_receipt_html, render_statement_html
from wasl.render.text import ControlCharacter, Pen
from wasl.render.typesetter import families
from wasl.render.view import build_receipt, build_statement, build_view

GOLDEN = Path(__file__).parent / "golden"
DRAWN = frozenset({"fonts", "labels", "qr", "logo", "tax_qr", "accent", "size", "scale", "widths", "at", "page", "whole", "long", "places", "second_bt", "more_bt", "heading"})
KINDS = samples.kinds()
NAMES = [*KINDS, "statement", "receipt"]


def view_of(name: str, language: str) -> dict[str, Any]:
    pen = Pen(language)
    if name == "statement":
        return build_statement(samples.statement(), samples.bare(language=language), pen, families())
    if name == "receipt":
        return build_receipt(samples.receipt(), samples.bare(language=language), pen, families())
    invoice, more = KINDS[name]
    return build_view(invoice, samples.bare(language=language, pay_url="https://a.example/i/1", **more), pen, families())


def readable(node: Any) -> Any:
    """The view without what only a typesetter needs, texts as they are read."""
    if isinstance(node, dict):
        if set(node) == {"s", "l"}:
            return f"[{node['l']}] {readable(node['s'])}"
        return {key: readable(each) for key, each in node.items() if key not in DRAWN and each not in (None, (), [], "", False, {})}
    if isinstance(node, (list, tuple)):
        return [readable(each) for each in node]
    return "".join(c for c in node if c not in "\u200b\u2066\u2067\u2068\u2069\u061c") if isinstance(node, str) else node


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_the_view_of_a_kind_is_as_reviewed(name, language):
    file = GOLDEN / f"{name}-{language}.json"
    made = json.dumps(readable(view_of(name, language)), ensure_ascii=False, indent=1) + "\n"

    if os.environ.get("WASL_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(made, "utf-8")
    assert file.read_text("utf-8") == made


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_keeps_every_clause_in_every_theme(name, theme):
    invoice, more = KINDS[name]

    assert structure.check(render_pdf(invoice, context=samples.context(theme=theme, **more)).data) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("theme", themes())
def test_statement_and_receipt_keep_every_clause_in_every_theme(theme, language):
    context = samples.bare(theme=theme, language=language)

    assert structure.check(render_statement(samples.statement(), context=context).data) == []
    assert structure.check(render_receipt(samples.receipt(), context=context).data) == []


@pytest.mark.parametrize(
    ("name", "said", "unsaid"),
    [
        ("credit-note", ["CREDIT NOTE", "Corrects invoice", "Amount credited"], ["Pay online"]),
        ("debit-note", ["DEBIT NOTE", "Corrects invoice", "Pay online"], []),
        ("corrected", ["CORRECTED INVOICE", "Corrects invoice"], []),
        ("self-billed", ["SELF-BILLED INVOICE", "on the seller's behalf"], []),
        ("factored", ["FACTORED INVOICE", "pay the payee named here"], []),
        ("pro-forma", ["PRO-FORMA INVOICE", "not a tax invoice", "Valid until"], ["Pay online", "Amount due"]),
        ("quote", ["QUOTE", "Quote no.", "Valid until", "Total offered"], ["Pay online", "Amount due"]),
    ],
)
def test_a_kind_says_what_it_is(name, said, unsaid):
    invoice, more = KINDS[name]

    text = " ".join(page_text(render_pdf(invoice, context=samples.context(language="en", **more)).data).split())
    page = render_html(invoice, context=samples.context(language="en", **more))

    assert [each for each in said if each not in page.replace("&#x27;", "'")] == []
    assert [word for each in said for word in each.split() if word not in text] == []
    assert [each for each in unsaid if each in text or each in page] == []


def test_the_documents_own_type_wins_over_the_context():
    text = page_text(render_pdf(samples.credit_note(), context=samples.context(language="en", kind="quote")).data)

    assert "CREDIT NOTE" in text


def test_a_statement_runs_from_balance_to_balance():
    view = view_of("statement", "en")
    movements, ageing = view["tables"]

    assert [row["cells"][-1] for row in movements["rows"]] == ["1,250.00", "12,750.00", "1,250.00", "24,250.00", "21,950.00", "97,684.85", "97,684.85"]
    assert ageing["rows"][0]["cells"] == ["75,734.85", "0.00", "20,700.00", "0.00", "1,250.00"]
    assert view["due"]["value"] == "SAR 97,684.85"


@pytest.mark.parametrize(("due", "band"), [(date(2026, 12, 1), 0), (date(2026, 11, 30), 0), (date(2026, 11, 29), 1), (date(2026, 10, 31), 1), (date(2026, 10, 30), 2), (date(2026, 10, 1), 2), (date(2026, 9, 30), 3), (date(2026, 9, 1), 3), (date(2026, 8, 31), 4)])
def test_age_is_counted_in_days_after_the_due_date(due, band):
    statement = msgspec.structs.replace(samples.statement(), open_items=(OpenItem(number="x", due_date=due, amount=Decimal("97684.85")),))

    assert [at for at, amount in enumerate(statement.ageing()) if amount] == [band]


def test_a_balance_in_the_customers_favour_is_said_as_such():
    statement = msgspec.structs.replace(samples.statement(), opening=Decimal("-100000"), open_items=())

    view = build_statement(statement, samples.bare(language="en"), Pen("en"), families())

    assert view["due"]["label"][0] == "Balance in your favour"
    assert view["due"]["value"] == "SAR 3,565.15"


def test_open_items_that_do_not_make_the_balance_are_refused():
    statement = msgspec.structs.replace(samples.statement(), opening=Decimal("1"))

    with pytest.raises(StatementDisagrees):
        render_statement(statement, context=samples.bare())


def test_what_is_laid_on_no_document_is_on_account():
    assert samples.receipt().on_account() == Decimal("265.15")
    assert "265.15" in page_text(render_receipt(samples.receipt(), context=samples.bare(language="en")).data)


def test_more_laid_on_documents_than_paid_is_refused():
    receipt = msgspec.structs.replace(samples.receipt(), allocations=(Allocation(number="x", paid=Decimal("80000.01")),))

    with pytest.raises(ReceiptDisagrees):
        render_receipt(receipt, context=samples.bare())


def test_a_control_character_is_refused_in_these_too():
    with pytest.raises(ControlCharacter, match=r"statement\.note"):
        render_statement(msgspec.structs.replace(samples.statement(), note="\x07"), context=samples.bare())


@pytest.mark.parametrize("language", ["ar", "en"])
def test_statement_and_receipt_are_pages_too(language):
    statement = render_statement_html(samples.statement(), context=samples.bare(language=language))
    receipt = render_receipt_html(samples.receipt(), context=samples.bare(language=language))

    assert "97,684.85" in statement
    assert "INV-2026-004150" in statement
    assert "80,000.00" in receipt
    assert "FT26354X9K2" in receipt


def test_a_long_statement_runs_over_pages_with_its_head():
    rows = tuple(msgspec.structs.replace(samples.statement().rows[0], number=f"INV-{n}") for n in range(120))
    statement = msgspec.structs.replace(samples.statement(), rows=rows, open_items=())

    made = render_statement(statement, context=samples.bare(language="en"))

    assert made.pages >= 3
    assert page_text(made.data).count("Debit") == made.pages
    assert structure.check(made.data) == []
