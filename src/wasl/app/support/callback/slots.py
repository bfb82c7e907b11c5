"""The times at which a call can be asked for: hours of the seller's calendar that are not full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.support.hours.opening import calendar_of
from wasl.app.support.hours.settings import settings_of

LENGTH = timedelta(hours=1)
NOTICE = timedelta(minutes=30)  # the desk has to see it first
AHEAD = timedelta(days=10)
SLOTS_MAX = 30

_TAKEN = """
SELECT slot_from, count(*) FROM support_callback
WHERE organisation_id = %s AND state IN ('open', 'unanswered') AND slot_from >= %s GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """Moments in UTC."""

    start: datetime
    end: datetime

    @property
    def key(self) -> str:
        return self.start.strftime("%Y%m%dT%H%M")


def slots(org: Any, at: datetime | None = None) -> list[Slot]:
    """Free slots, soonest first; none where the seller does not call back or told no hours."""
    now = at or clock.now()
    setting = settings_of(org)
    calendar = calendar_of(org, now) if setting.takes_calls else None
    if calendar is None:
        return []
    taken: dict[datetime, int] = dict(run(_TAKEN, (org.pk, now)))
    found: list[Slot] = []
    for opens, closes in calendar.from_now(now):
        start = opens
        while start + LENGTH <= closes and len(found) < SLOTS_MAX and start <= now + AHEAD:
            if start >= now + NOTICE and taken.get(start, 0) < setting.calls_at_once:
                found.append(Slot(start, start + LENGTH))
            start += LENGTH
    return found


def slot_of(org: Any, key: str) -> Slot | None:
    """The free slot of that key; None for any other."""
    return next((slot for slot in slots(org) if slot.key == key), None)


