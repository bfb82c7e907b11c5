"""The order "what is due first" as one number, so that one index gives every page of the list.

Open invoices rank by due date, those without a date after them, then the settled ones, the one settled last first. The
database computes the same in migration 0001 (`inbox_rank`).
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

EPOCH = date(2000, 1, 1)
NO_DUE_DATE = 900_000  # after every due date that a law allows: 2000 and 2,464 years
SETTLED = 2_000_000
SOON_DAYS = 7  # as ui.states has it


def rank(due: date | None, closed_on: date | None) -> int:
    """The rank of an item: open with `due` while `closed_on` is None."""
    if closed_on is not None:
        return SETTLED - (closed_on - EPOCH).days
    return NO_DUE_DATE if due is None else (due - EPOCH).days


def sections(today: date) -> dict[str, tuple[int, int]]:
    """Each section of the list with its ranks: from the first up to, not including, the second."""
    now, soon = rank(today, None), rank(today + timedelta(days=SOON_DAYS + 1), None)
    bounds = [-SETTLED, now, soon, NO_DUE_DATE, SETTLED // 2, 2 * SETTLED]
    return dict(zip(("overdue", "soon", "later", "undated", "settled"), pairwise(bounds), strict=True))
