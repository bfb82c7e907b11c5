"""The close of a day: what each account held in the morning, what moved it, what it held at night, by the seller's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wasl.app.payments.journal import ACCOUNTS
from wasl.app.sql import run


@dataclass(frozen=True)
class Moved:
    """What one kind of entry did to an account: how many, debits and credits in minor units, both above zero."""

    kind: str
    count: int
    debit: int
    credit: int


@dataclass(frozen=True)
class DayAccount:
    """One account in one currency; closing = opening + debits - credits."""

    currency: str
    account: str
    opening: int
    moved: tuple[Moved, ...] = ()

    @property
    def debit(self) -> int:
        return sum(each.debit for each in self.moved)

    @property
    def credit(self) -> int:
        return sum(each.credit for each in self.moved)

    @property
    def closing(self) -> int:
        return self.opening + self.debit - self.credit


_OPENING = """
SELECT e.currency, l.account, sum(l.amount)::bigint FROM payments_journalentry e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
WHERE e.organisation_id = %(org)s AND e.at < %(start)s GROUP BY 1, 2
"""
_MOVED = """
SELECT e.currency, l.account, e.kind, count(*), coalesce(sum(l.amount) FILTER (WHERE l.amount > 0), 0)::bigint,
       -coalesce(sum(l.amount) FILTER (WHERE l.amount < 0), 0)::bigint
FROM payments_journalentry e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
WHERE e.organisation_id = %(org)s AND e.at >= %(start)s AND e.at < %(end)s GROUP BY 1, 2, 3 ORDER BY 3
"""


def day_close(org: Any, day: date) -> list[DayAccount]:
    """The accounts that hold something or moved on `day`, by currency and in the order of the books. The sums of each currency are zero."""
    start, end = (datetime.combine(each, time(), ZoneInfo(org.time_zone)) for each in (day, day + timedelta(days=1)))
    values = {"org": org.pk, "start": start, "end": end}
    opening = {(currency, account): amount for currency, account, amount in run(_OPENING, values)}
    moved: dict[tuple[str, str], list[Moved]] = {}
    for currency, account, *figures in run(_MOVED, values):
        moved.setdefault((currency, account), []).append(Moved(*figures))
    keys = sorted({*opening, *moved}, key=lambda key: (key[0], ACCOUNTS.index(key[1])))
    found = [
        DayAccount(currency, account, opening.get((currency, account), 0), tuple(moved.get((currency, account), ()))) for currency, account in keys
    ]
    return [each for each in found if each.opening or each.moved]
