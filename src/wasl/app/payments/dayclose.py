"""The close of a day: what each account held in the morning, what moved it, what it held at night, by the seller's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from wasl.app.payments.days import SUMS
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


_OPENING = f"SELECT s.currency, s.account, sum(s.debit - s.credit)::bigint FROM {SUMS} s WHERE s.day < %(day)s GROUP BY 1, 2"
_MOVED = f"""
SELECT s.currency, s.account, s.kind, sum(s.number)::bigint, sum(s.debit)::bigint, sum(s.credit)::bigint FROM {SUMS} s
WHERE s.day = %(day)s GROUP BY 1, 2, 3 ORDER BY 3
"""


def day_close(org: Any, day: date) -> list[DayAccount]:
    """The accounts that hold something or moved on `day`, by currency and in the order of the books. The sums of each currency are zero."""
    values = {"org": org.pk, "day": day}
    opening = {(currency, account): amount for currency, account, amount in run(_OPENING, values)}
    moved: dict[tuple[str, str], list[Moved]] = {}
    for currency, account, *figures in run(_MOVED, values):
        moved.setdefault((currency, account), []).append(Moved(*figures))
    keys = sorted({*opening, *moved}, key=lambda key: (key[0], ACCOUNTS.index(key[1])))
    found = [
        DayAccount(currency, account, opening.get((currency, account), 0), tuple(moved.get((currency, account), ()))) for currency, account in keys
    ]
    return [each for each in found if each.opening or each.moved]
