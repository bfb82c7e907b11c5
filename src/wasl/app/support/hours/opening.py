"""Whether a seller is there at a moment, until when, and when next. Wall-clock times of the seller's zone; moments in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wasl.app import clock
from wasl.app.notices import calendars
from wasl.app.support.hours.settings import Week, closed_days, settings_of, week_of
from wasl.app.support.models import DeskSetting

DAYS_AHEAD = 60  # a longer closure is said as "closed", without a day
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """`is_known`: the seller told its hours. Open: `until`. Closed: `next_at`, None where no day within DAYS_AHEAD is open."""

    is_known: bool
    is_open: bool = False
    until: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True)
class Calendar:
    """The hours of one seller, read once: pure from here on."""

    week: Week
    zone: ZoneInfo
    country: str
    keeps_holidays: bool
    closed: tuple[tuple[date, date], ...] = ()

    def is_closed(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.closed) or (self.keeps_holidays and calendars.is_holiday(day, self.country))

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open times of a day, in UTC. An hour that a clock change skips comes an hour later."""
        if self.is_closed(day):
            return []
        return [(self._at(day, opens), self._at(day, closes)) for opens, closes in self.week.get(day.weekday(), [])]

    def _at(self, day: date, minutes: int) -> datetime:
        whole, rest = divmod(minutes, 24 * 60)
        return datetime.combine(day + whole * DAY, time(rest // 60, rest % 60), self.zone).astimezone(UTC)

    def from_now(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open times that are not over at `at`, of DAYS_AHEAD days."""
        today = at.astimezone(self.zone).date()
        for ahead in range(DAYS_AHEAD):
            yield from (span for span in self.spans(today + ahead * DAY) if span[1] > at)


def calendar_of(org: Any, at: datetime | None = None, *, setting: DeskSetting | None = None) -> Calendar | None:
    """The seller's calendar; None where it told no hours. `setting` where it was read already."""
    setting = setting or settings_of(org)
    week = week_of(setting)
    if not week:
        return None
    zone = ZoneInfo(org.time_zone)
    today = (at or clock.now()).astimezone(zone).date()
    closed = tuple((row.first, row.last) for row in closed_days(org, today))
    return Calendar(week, zone, org.country, setting.keeps_holidays, closed)


def with_hours(calendar: Calendar, opens: int, closes: int) -> Calendar:
    """The same days with other hours: a hotline's own."""
    return replace(calendar, week={day: [(opens, closes)] for day in calendar.week})


def opening(org: Any, at: datetime | None = None) -> Opening:
    """Whether the seller is there at `at` (now)."""
    moment = at or clock.now()
    return opening_by(calendar_of(org, moment), moment)


def opening_by(calendar: Calendar | None, at: datetime) -> Opening:
    if calendar is None:
        return Opening(False)
    first = next(calendar.from_now(at), None)
    if first is None:
        return Opening(True)
    return Opening(True, True, until=first[1]) if first[0] <= at else Opening(True, next_at=first[0])
