"""Invoices as tables: no cell can run (T37), and what is written is read again."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from strategies import trades
from wasl.formats import table, wasljson
from wasl.formats.table import text, xlsx
from wasl.formats.table.write import columns_of, left_out, to_csv, to_xlsx
from wasl.invoice.model import Invoice, Item, Line, Note

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))
DANGEROUS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'=1", "''=1", '=cmd|" /C calc"!A0', "-"]
HARMLESS = ["'s-Hertogenbosch", "1-2", "a=b", " =1", "'", "''", ""]


def lines_of(*names):
    return Invoice(
        number="A",
        currency="SAR",
        type_code="380",
        notes=tuple(Note(text=name) for name in names[:1]),
        lines=tuple(
            Line(identifier=str(at), quantity=Decimal(1), net_amount=Decimal(1), tax_category="S", tax_rate=Decimal(15), item=Item(name=name))
            for at, name in enumerate(names)
        ),
    )


def carried(invoice):
    """What a table can hold of an invoice: an attached file stays behind, BT-111 follows from a rate that nobody wrote down."""
    documents = tuple(replace(each, content=None, mime_code=None, filename=None) for each in invoice.supporting_documents)
    return replace(invoice, supporting_documents=documents)


@pytest.mark.parametrize("value", DANGEROUS)
def test_t37_no_cell_of_a_csv_begins_as_a_formula(value):
    written = to_csv([wasljson.read(wasljson.write(lines_of(value))).invoice])
    cells = [cell for row in csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")) for cell in row]

    assert f"'{value}" in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r\n＝＋－＠" and cell]


@pytest.mark.parametrize("value", DANGEROUS)
def test_t37_every_text_of_a_workbook_is_typed_as_text(value):
    openpyxl = pytest.importorskip("openpyxl")
    written = to_xlsx([lines_of(value)])

    cells = [
        cell for row in openpyxl.load_workbook(io.BytesIO(written)).active.iter_rows() for cell in row if cell.value == value.replace("\r", "_x000D_")
    ]
    assert cells and {(cell.data_type, cell.quotePrefix, cell.number_format) for cell in cells} == {("s", True, "@")}


@pytest.mark.parametrize("write", [to_csv, to_xlsx])
def test_t37_what_was_made_harmless_comes_back_as_it_was(write):
    invoice = lines_of(*DANGEROUS, *(each for each in HARMLESS if each))

    (found,) = table.read(write([invoice]))

    assert [line.item.name for line in found.invoice.lines] == [line.item.name for line in invoice.lines]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.sampled_from("=+-@'\t\r\nab ＝\",;_x000D"), min_size=1, max_size=8), min_size=1, max_size=5))
def test_t37_any_text_survives_both_kinds_of_table(names):
    invoice = lines_of(*names)

    assert [[line.item.name for line in table.read(write([invoice]))[0].invoice.lines] for write in (to_csv, to_xlsx)] == [names, names]


@settings(max_examples=30, deadline=None)
@given(trades(), st.sampled_from(["ar", "en"]))
def test_an_invoice_comes_back_from_a_table(invoice, lang):
    for write in (to_csv, to_xlsx):
        (found,) = table.read(write([invoice], lang=lang))

        assert found.invoice == invoice
        assert found.losses == ()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_invoices_come_back_from_a_table(path):
    invoice = wasljson.read(path.read_bytes()).invoice

    assert [table.read(write([invoice]))[0].invoice for write in (to_csv, to_xlsx)] == [carried(invoice)] * 2
    assert left_out([invoice]) == (("BT-125",) if carried(invoice) != invoice else ())


def test_many_invoices_share_one_table():
    invoices = [wasljson.read(path.read_bytes()).invoice for path in GOLDEN]

    found = table.read(to_csv(invoices, lang="ar"))

    assert [each.invoice.number for each in found] == [each.number for each in invoices]


def test_a_term_that_comes_twice_has_two_columns():
    invoice = replace(lines_of("a"), notes=(Note(text="one"), Note(text="two")))

    assert [goal.term for goal in columns_of([invoice]) if goal.base == "BT-22"] == ["BT-22", "BT-22/2"]
    assert table.read(to_csv([invoice]))[0].invoice.notes == invoice.notes


def test_the_same_invoices_give_the_same_bytes():
    assert to_xlsx([lines_of("a")]) == to_xlsx([lines_of("a")])
    assert text.load(to_csv([lines_of("a")])).encoding == "utf-8-sig"
    assert xlsx.load(to_xlsx([lines_of("a")])).sheet == "Invoices"
