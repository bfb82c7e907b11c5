"""What an inbox comes to, in each currency: in figures, in words, and month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wasl.app.portal.inbox import sums
from wasl.app.portal.inbox.page import today_of
from wasl.app.ui import format
from wasl.invoice.money import from_minor

MONTHS_BACK, MONTHS_AHEAD = 12, 12


@dataclass(frozen=True)
class Month:
    """A month: what falls due in it and is still open, and what was paid in it."""

    first: date
    due: Decimal
    due_number: int
    paid: Decimal
    paid_number: int
    is_now: bool


@dataclass(frozen=True)
class Currency:
    code: str
    open: Decimal
    open_number: int
    in_words: str
    overdue: Decimal
    overdue_number: int
    overdue_words: str
    months: list[Month]
    earlier: Decimal  # still open, due before the first month shown
    later: Decimal  # due after the last
    undated: Decimal


@dataclass(frozen=True)
class TotalsPage:
    today: date
    currencies: list[Currency]


def totals_page(payer: Any) -> TotalsPage:
    today = today_of(payer)
    return TotalsPage(today, [_currency(each, today) for each in sums.totals(payer, today)])


def _currency(of: sums.Totals, today: date) -> Currency:
    amount = lambda units: from_minor(units, of.currency)  # noqa: E731
    shown = [_moved(today, n) for n in range(-MONTHS_BACK, MONTHS_AHEAD + 1)]
    months = [_month(of, first, today) for first in shown]
    used = [month for month in months if month.due_number or month.paid_number or month.is_now]
    outside = [(first, each.amount) for first, each in of.due_months.items() if not shown[0] <= first <= shown[-1]]
    return Currency(
        code=of.currency, open=amount(of.open.amount), open_number=of.open.number, in_words=format.in_words(amount(of.open.amount), of.currency),
        overdue=amount(of.overdue.amount), overdue_number=of.overdue.number,
        overdue_words=format.in_words(amount(of.overdue.amount), of.currency) if of.overdue.number else "", months=used,
        earlier=amount(sum(units for first, units in outside if first < shown[0])),
        later=amount(sum(units for first, units in outside if first > shown[-1])), undated=amount(of.undated.amount),
    )  # fmt: skip


def _month(of: sums.Totals, first: date, today: date) -> Month:
    due, paid = of.due_months.get(first, sums.Amount()), of.paid_months.get(first, sums.Amount())
    return Month(
        first, from_minor(due.amount, of.currency), due.number, from_minor(paid.amount, of.currency), paid.number, first == today.replace(day=1)
    )


def _moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
