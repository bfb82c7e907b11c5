"""The sums of an inbox: read in one look however many invoices it holds, and folded by the worker so that they stay few."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app.portal.inbox.rank import SOON_DAYS
from wasl.app.sql import run

FOLD_INBOXES = 50  # in one round of the worker
FOLD_FROM = 8  # loose rows of an inbox that are worth a fold

# A month a row, in it what is before today and what falls due within the week apart
_READ = """
SELECT currency, part, date_trunc('month', day)::date, sum(amount)::bigint, sum(number)::bigint,
       coalesce(sum(amount) FILTER (WHERE day < %(today)s), 0)::bigint, coalesce(sum(number) FILTER (WHERE day < %(today)s), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE day BETWEEN %(today)s AND %(soon)s), 0)::bigint,
       coalesce(sum(number) FILTER (WHERE day BETWEEN %(today)s AND %(soon)s), 0)::bigint
FROM inbox_sum WHERE payer_id = %(payer)s
GROUP BY 1, 2, 3 HAVING sum(number) <> 0 OR sum(amount) <> 0
"""


@dataclass(frozen=True)
class Amount:
    """Minor units, and how many invoices they are of."""

    amount: int = 0
    number: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.amount + other.amount, self.number + other.number)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.amount - other.amount, self.number - other.number)


@dataclass
class Totals:
    """One currency of one inbox on one day."""

    currency: str
    open: Amount = Amount()
    overdue: Amount = Amount()
    soon: Amount = Amount()
    this_month: Amount = Amount()  # falls due until the month's end, what is overdue not counted
    undated: Amount = Amount()
    paid_this_year: Amount = Amount()
    due_months: dict[date, Amount] = field(default_factory=dict)  # first of the month: what falls due in it
    paid_months: dict[date, Amount] = field(default_factory=dict)

    @property
    def later(self) -> Amount:
        return self.open - self.overdue - self.soon - self.undated


def totals(payer: Any, today: date) -> list[Totals]:
    """Each currency of an inbox, the one with the most open invoices first."""
    found: dict[str, Totals] = {}
    values = {"payer": getattr(payer, "pk", payer), "today": today, "soon": today + timedelta(days=SOON_DAYS)}
    for currency, part, month, *figures in run(_READ, values):
        whole, before, soon = (Amount(*figures[n : n + 2]) for n in (0, 2, 4))
        _add(found.setdefault(currency, Totals(currency)), part, month, whole, before, soon, today)
    return sorted(found.values(), key=lambda t: (-t.open.number, -t.paid_this_year.number, t.currency))


def _add(totals: Totals, part: str, month: date | None, whole: Amount, before: Amount, soon: Amount, today: date) -> None:
    if part == "paid":
        assert month is not None
        totals.paid_months[month] = whole
        if month.year == today.year:
            totals.paid_this_year += whole
        return
    totals.open += whole
    if month is None:
        totals.undated += whole
        return
    totals.due_months[month] = whole
    totals.overdue += before
    totals.soon += soon
    if month == today.replace(day=1):
        totals.this_month += whole - before


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
