"""When a digest is due: every day, or on the first working day of the reader's week, at the hour of reminders."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from wasl.app.notices import calendars
from wasl.app.notices.plan import Walls
from wasl.app.notices.preferences import Preferences


def digest_at(moment: datetime, wishes: Preferences, hour: time) -> datetime:
    """The first digest moment at or after `moment`."""
    walls = Walls(wishes, hour)
    day = walls.day(moment)
    for ahead in range(15):
        candidate = day + timedelta(days=ahead)
        if wishes.digest == "weekly" and not _opens_week(candidate, wishes.country):
            continue
        at = walls.next_allowed(walls.at(candidate))
        if at >= moment:
            return at
    return walls.next_allowed(moment)


def _opens_week(day: object, country: str) -> bool:
    """Sunday in Riyadh, Monday in Dubai and Brussels: the first day after the week-end."""
    from datetime import date

    assert isinstance(day, date)
    return not calendars.is_weekend(day, country) and calendars.is_weekend(day - timedelta(days=1), country)
