"""The sums of an inbox: read in one look however many invoices it holds, and folded by the worker so that they stay few."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app.sql import run

FOLD_INBOXES = 50  # in one round of the worker
FOLD_FROM = 8  # loose rows of an inbox that are worth a fold

_READ = """
SELECT currency, part, day, sum(amount)::bigint, sum(number)::bigint FROM inbox_sum WHERE payer_id = %(payer)s
GROUP BY 1, 2, 3 HAVING sum(number) <> 0 OR sum(amount) <> 0
"""


@dataclass(frozen=True)
class Amount:
    """Minor units, and how many invoices they are of."""

    amount: int = 0
    number: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.amount + other.amount, self.number + other.number)


@dataclass
class Totals:
    """One currency of one inbox on one day."""

    currency: str
    open: Amount = Amount()
    overdue: Amount = Amount()
    this_month: Amount = Amount()  # falls due until the month's end, what is overdue not counted
    undated: Amount = Amount()
    paid_this_year: Amount = Amount()
    due_months: dict[date, Amount] = field(default_factory=dict)  # first of the month: what falls due in it
    paid_months: dict[date, Amount] = field(default_factory=dict)


def totals(payer: Any, today: date) -> list[Totals]:
    """Each currency of an inbox, the one with the most open invoices first."""
    found: dict[str, Totals] = {}
    for currency, part, day, amount, number in run(_READ, {"payer": getattr(payer, "pk", payer)}):
        _add(found.setdefault(currency, Totals(currency)), part, day, Amount(amount, number), today)
    return sorted(found.values(), key=lambda t: (-t.open.number, -t.paid_this_year.number, t.currency))


def _add(totals: Totals, part: str, day: date | None, amount: Amount, today: date) -> None:
    if part == "paid":
        assert day is not None
        _month(totals.paid_months, day, amount)
        if day.year == today.year:
            totals.paid_this_year += amount
        return
    totals.open += amount
    if day is None:
        totals.undated += amount
        return
    _month(totals.due_months, day, amount)
    if day < today:
        totals.overdue += amount
    elif (day.year, day.month) == (today.year, today.month):
        totals.this_month += amount


def _month(months: dict[date, Amount], day: date, amount: Amount) -> None:
    first = day.replace(day=1)
    months[first] = months.get(first, Amount()) + amount


_LOOSE = """
SELECT payer_id FROM inbox_sum WHERE NOT is_folded GROUP BY payer_id HAVING count(*) >= %(from)s ORDER BY count(*) DESC LIMIT %(limit)s
"""
# Rows that another fold holds are left to it. Readers see the rows before or those after, never a part
_FOLD = """
WITH held AS (SELECT ctid FROM inbox_sum WHERE payer_id = %(payer)s FOR UPDATE SKIP LOCKED),
     gone AS (DELETE FROM inbox_sum s USING held WHERE s.ctid = held.ctid RETURNING s.*)
INSERT INTO inbox_sum (payer_id, currency, part, day, amount, number, is_folded)
SELECT payer_id, currency, part, day, sum(amount), sum(number), true FROM gone
GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0 OR sum(number) <> 0
"""


def fold(payer_id: UUID) -> None:
    """One row for each key of an inbox instead of many; what they add up to stays."""
    with transaction.atomic():
        run(_FOLD, {"payer": payer_id})


def fold_loose() -> int:
    """The worker's beat: inboxes in which the most has happened; how many."""
    waiting = run(_LOOSE, {"from": FOLD_FROM, "limit": FOLD_INBOXES})
    for (payer_id,) in waiting:
        fold(payer_id)
    return len(waiting)
