"""The documents of the official rule tests, most of them wrong on purpose: all are read, none loses its model."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from wasl.formats import ubl
from wasl.formats.ubl.names import CREDIT_NOTE_ROOT, INVOICE_ROOT
from wasl.invoice.model import Invoice, Line
from wasl.invoice.totals import totals

SETS = sorted((Path(__file__).resolve().parents[3] / "shared" / "corpus").glob("*/**/unit/*.xml"))


def documents(path: Path) -> list[bytes]:
    root = etree.parse(path).getroot()
    return [etree.tostring(each) for each in root.iter(INVOICE_ROOT, CREDIT_NOTE_ROOT)]


@pytest.mark.skipif(not SETS, reason="the corpus is not beside this repository (../shared/corpus)")
def test_the_unit_sets_are_here():
    assert len(SETS) > 138
    assert sum(len(documents(path)) for path in SETS) > 621


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_broken_invoices_are_read_and_round_trip(path):
    first = [ubl.read(each) for each in documents(path)]
    again = [ubl.read(ubl.write(each.invoice)) for each in first]

    assert [each.invoice for each in again] == [ubl.canonical(writable(each.invoice)) for each in first]
    assert [each.losses for each in again if each.losses] == []
    assert all(totals(totals(each.invoice)) == totals(each.invoice) for each in first)


def writable(invoice: Invoice) -> Invoice:
    """Without the units of quantities that could not be read: UBL keeps a unit on its quantity only."""
    lines = tuple(line if line.quantity is not None else replace(line, unit=None) for line in invoice.lines)
    return replace(invoice, lines=tuple(_priced(line) for line in lines))


def _priced(line: Line) -> Line:
    if line.price is None or line.price.base_quantity is not None:
        return line
    return replace(line, price=replace(line.price, base_quantity_unit=None))
