"""Hours in words: open until when, or when next; of a whole week, days of the same hours together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app import clock
from wasl.app.notices import calendars
from wasl.app.support.hours.opening import Opening
from wasl.app.support.hours.settings import Week
from wasl.app.ui import format, reader
from wasl.invoice.numerals import in_digits

WEEK_DAYS = 7
MONDAY = date(2026, 11, 23)  # any Monday: days of a week are counted from it


def sentence(org: Any, opening: Opening, at: datetime | None = None) -> str:
    """ "Open now, until 17:00", "We open on Sunday at 9:00"; "" where the seller told no hours."""
    if not opening.is_known:
        return ""
    now = at or clock.now()
    if opening.is_open and opening.until is not None:
        return _("Open now, until %(time)s") % {"time": _time(org, opening.until)}
    if opening.next_at is None:
        return _("Closed at the moment")
    day, today = (format.local_day(moment, format.reader_zone(org.time_zone)) for moment in (opening.next_at, now))
    said = {"time": _time(org, opening.next_at), "day": format.weekday(day), "date": format.isolate(format.day(day, org.country))}
    if day == today:
        return _("We open today at %(time)s") % said
    if day == today + timedelta(days=1):
        return _("We open tomorrow at %(time)s") % said
    if day < today + timedelta(days=WEEK_DAYS):
        return _("We open on %(day)s at %(time)s") % said
    return _("We open on %(day)s, %(date)s, at %(time)s") % said


def _time(org: Any, moment: datetime) -> str:
    return format.isolate(format.clock(moment, format.reader_zone(org.time_zone)))


def minutes(value: int) -> str:
    """Minutes of a day as "09:00", in the reader's digits."""
    return in_digits(f"{value // 60:02d}:{value % 60:02d}", reader.digits())


def days_in_order(country: str) -> list[int]:
    """The days of a week as the country counts them: from Saturday's or Friday's morrow on."""
    free = [day for day in range(WEEK_DAYS) if calendars.is_weekend(MONDAY + timedelta(days=day), country)]
    first = 6 if 4 in free else 0  # a week-end with a Friday: the week begins on Sunday
    return [(first + step) % WEEK_DAYS for step in range(WEEK_DAYS)]


def day_name(day: int) -> str:
    return format.weekday(MONDAY + timedelta(days=day))


def week_lines(week: Week, country: str) -> list[tuple[str, str]]:
    """[("Sunday to Thursday", "09:00-17:00")]: neighbours with the same hours together; closed days are left out."""
    runs: list[tuple[list[int], Sequence[tuple[int, int]]]] = []
    order = days_in_order(country)
    for day in order:
        spans = week.get(day)
        if not spans:
            continue
        if runs and runs[-1][1] == spans and order.index(day) - order.index(runs[-1][0][-1]) == 1:
            runs[-1][0].append(day)
        else:
            runs.append(([day], spans))
    return [(_run(days), spans_said(spans)) for days, spans in runs]


def _run(days: list[int]) -> str:
    if len(days) == 1:
        return day_name(days[0])
    return pgettext("days of a week", "%(first)s to %(last)s") % {"first": day_name(days[0]), "last": day_name(days[-1])}


def spans_said(spans: Sequence[tuple[int, int]]) -> str:
    """ "09:00-13:00, 16:00-20:00", left to right in either language."""
    return ", ".join(f"\u2066{minutes(opens)}–{minutes(closes)}\u2069" for opens, closes in spans)
