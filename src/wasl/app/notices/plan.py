"""When the next reminder about an invoice is due: a pure function of facts, the seller's rhythm, the reader's wishes and now.

No database, no clock of its own. The planner, the preview of the preferences page and the model test all call it, so what is
shown beforehand is what happens.

A step is a number of days from the due date: -3, 0, 10. Each step has one moment: its day at the rhythm's hour on the reader's
wall, moved to the next allowed moment. What should have come before the due date is never moved past it; it comes on the last
allowed day before. Several steps that are due at once are one reminder, the newest: nobody is flooded after a pause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from wasl.app.notices import calendars, kinds
from wasl.app.notices.preferences import Preferences, zone

MOVES_MAX = 400  # a year of nothing but holidays is a fault of the data: then the moment stays where it is
BACK_DAYS_MAX = 30
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so at the moment. `due_date` is the one that counts, `done_through` the last step that is over."""

    due_date: date | None
    is_owed: bool = True
    done_through: int | None = None
    remind_on: date | None = None  # the day that the reader asked for: it takes the place of every step before it


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A seller's schedule. `steps` ascending, `hour` on the reader's wall."""

    steps: tuple[int, ...] = (-3, 0, 3, 10)
    hour: time = time(9)
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """The next reminder: `at` in UTC, its kind on that day, the step that it is, and the older ones that it stands for."""

    at: datetime
    kind: str
    step: int
    missed: tuple[int, ...] = ()


def next_notice(facts: Facts, rhythm: Rhythm, wishes: Preferences, now: datetime) -> Planned | None:
    """The next reminder; None where none is to come. `wishes` must have its zone and country (`Preferences.at`)."""
    return next(upcoming(facts, rhythm, wishes, now), None)


def upcoming(facts: Facts, rhythm: Rhythm, wishes: Preferences, now: datetime) -> Iterator[Planned]:
    """Every reminder still to come, in order, as if nothing changed until then."""
    if facts.due_date is None or not facts.is_owed:
        return
    walls = Walls(wishes, rhythm.hour)
    first = walls.next_allowed(now)
    left = [(max(walls.moment(step, facts.due_date), first), step) for step in _steps(facts, rhythm, wishes)]
    while left:
        at = left[0][0]
        together = [step for moment, step in left if moment <= at]
        left = left[len(together) :]
        kind = kind_on(walls.day(at), facts.due_date)
        if wishes.on(kind) - {kinds.ICS}:
            yield Planned(at, kind, together[-1], tuple(together[:-1]))


def _steps(facts: Facts, rhythm: Rhythm, wishes: Preferences) -> list[int]:
    """The reader's days before the due date stand in place of the seller's; what comes after it is the seller's."""
    sellers = rhythm.steps if rhythm.enabled else ()
    before = [step for step in sellers if step <= 0] if wishes.reminder_days is None else [-days for days in wishes.reminder_days]
    steps = {*before, *(step for step in sellers if step > 0)}
    if facts.remind_on is not None and facts.due_date is not None:
        asked = (facts.remind_on - facts.due_date).days
        steps = {asked, *(step for step in steps if step > asked)}
    return sorted(step for step in steps if facts.done_through is None or step > facts.done_through)


def kind_on(day: date, due: date) -> str:
    """What a reminder is on `day`: it says what is true when it is read, whatever day it was planned for."""
    if day < due:
        return kinds.DUE_SOON
    return kinds.DUE if day == due else kinds.OVERDUE


class Walls:
    """The reader's wall clock and calendar: which moments are allowed."""

    def __init__(self, wishes: Preferences, hour: time = time(9)) -> None:
        self._wishes, self._hour, self._zone = wishes, hour, zone(wishes.time_zone)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def at(self, day: date, hour: time | None = None, *, fold: int = 0) -> datetime:
        """`hour` of `day` on the reader's wall, in UTC. An hour that a clock change skips comes an hour later."""
        return datetime.combine(day, hour or self._hour, self._zone).replace(fold=fold).astimezone(UTC)

    def is_free(self, day: date) -> bool:
        """A day on which the reader wants nothing."""
        wishes = self._wishes
        return (wishes.skip_weekends and calendars.is_weekend(day, wishes.country)) or (
            wishes.skip_holidays and calendars.is_holiday(day, wishes.country)
        )

    def is_quiet(self, hour: time) -> bool:
        start, end = self._wishes.quiet_from, self._wishes.quiet_until
        if start == end:
            return False
        return start <= hour < end if start < end else hour >= start or hour < end

    def is_allowed(self, moment: datetime) -> bool:
        wall = moment.astimezone(self._zone)
        return not self.is_free(wall.date()) and not self.is_quiet(wall.time())

    def next_allowed(self, moment: datetime, *, any_day: bool = False) -> datetime:
        """`moment` itself, or the first one after it that the reader allows; with `any_day` only quiet hours are kept."""
        for _ in range(MOVES_MAX):
            wall = moment.astimezone(self._zone)
            if not any_day and self.is_free(wall.date()):
                moment = self.at(wall.date() + DAY)
            elif self.is_quiet(wall.time()):
                moment = self._end_of_quiet(wall)
            else:
                break
        return moment.astimezone(UTC)

    def _end_of_quiet(self, wall: datetime) -> datetime:
        end = self._wishes.quiet_until
        day = wall.date() if wall.time() < end else wall.date() + DAY
        first = self.at(day, end)
        return first if first > wall else self.at(day, end, fold=1)  # the hour that a clock change gives twice

    def moment(self, step: int, due: date) -> datetime:
        """When a step comes: on its day, or moved."""
        wanted = self.at(due + timedelta(days=step))
        moved = self.next_allowed(wanted)
        if step > 0 or self.day(moved) <= due:
            return moved
        day = due + timedelta(days=step)
        for back in range(1, BACK_DAYS_MAX):
            earlier = self.next_allowed(self.at(day - timedelta(days=back)))
            if self.day(earlier) <= due:
                return earlier
        return moved
