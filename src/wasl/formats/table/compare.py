"""Totals that a table gives, beside those that follow from its lines: equal to the currency's last decimal, or named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from wasl.errors import Words
from wasl.invoice.model import Invoice, Line
from wasl.invoice.money import exactly, minor_units, round_half_up
from wasl.invoice.numerals import grouped

ZERO = Decimal(0)
_FIELDS = {
    "BT-106": "line_extension_amount",
    "BT-107": "allowance_total_amount",
    "BT-108": "charge_total_amount",
    "BT-109": "tax_exclusive_amount",
    "BT-110": "tax_amount",
    "BT-112": "tax_inclusive_amount",
    "BT-115": "payable_amount",
}


class Given(NamedTuple):
    """An amount of the table that can be computed: where it stands, which term it is, of which line (None: the document)."""

    at: int
    column: str
    term: str
    amount: Decimal
    line: int | None


def compared(invoice: Invoice, given: Sequence[Given], _rows: Sequence[int]) -> Iterator[tuple[int, str, Decimal, Words, str]]:
    """(row index, column, given amount, what is wrong, term) for every one that differs. An unrounded figure is rounded first."""
    places = minor_units(invoice.currency)
    for each in given:
        want = _document(invoice, each.term) if each.line is None else _line(invoice.lines[each.line], each.term, places)
        if want is None or round_half_up(each.amount, places) == want:
            continue
        got, wanted = grouped(each.amount), grouped(want)
        yield (
            each.at,
            each.column,
            each.amount,
            Words(
                f"{got} was given, and the parts give {wanted}. Fix: correct the amount, or the quantity, price, discount or rate it comes from.",
                f"المذكور {got}، والأجزاء تعطي {wanted}. الحل: صحّح المبلغ، أو الكمية أو السعر أو الخصم أو النسبة التي يُحسب منها.",
            ),
            each.term,
        )


def _document(invoice: Invoice, term: str) -> Decimal | None:
    found = getattr(invoice.totals, _FIELDS[term])
    return ZERO if found is None and term in ("BT-107", "BT-108") else found


def _line(line: Line, term: str, places: int) -> Decimal | None:
    if line.net_amount is None or term == "BT-131":
        return line.net_amount
    with exactly():
        tax = round_half_up(line.net_amount * (line.tax_rate or ZERO) / 100, places)
        return tax if term == "KSA-11" else line.net_amount + tax
