"""How long a seller takes to answer, measured: the median of the first answers of the last weeks, at about this time of day.

Said to a payer as "we answer in about N minutes", and not said at all where too little is known. Nothing is claimed.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.ui.counting import ngettext

WINDOW = timedelta(weeks=4)
ANSWERS_MIN = 5  # fewer say nothing
HOURS_AROUND = 2  # questions of the morning are compared with those of the morning
SLOW = timedelta(hours=24)  # beyond, a number of hours helps nobody
KEPT_SECONDS = 60.0

# Questions that nobody has answered yet count with the time they have waited, so that a silent desk does not look quick
_MEDIAN = """
WITH asked AS (
    SELECT coalesce(first_answer_at, %(now)s) - opened_at AS took,
           abs((extract(hour FROM opened_at AT TIME ZONE %(zone)s) - %(hour)s + 36)::int %% 24 - 12) <= %(around)s AS is_now,
           first_answer_at IS NOT NULL AS is_answered
    FROM support_conversation WHERE organisation_id = %(org)s AND opened_at > %(since)s
      AND (first_answer_at IS NOT NULL OR state = 'open'))
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY took) FILTER (WHERE is_now), count(*) FILTER (WHERE is_now AND is_answered),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took), count(*) FILTER (WHERE is_answered)
FROM asked
"""
_kept: dict[UUID, tuple[float, timedelta | None]] = {}


def pace(org: Any) -> timedelta | None:
    """The median; None where too little is known, or where it is longer than a day."""
    until, known = _kept.get(org.pk, (0.0, None))
    if until > time.monotonic():
        return known
    found = measured(org)
    if len(_kept) > 10_000:
        _kept.clear()
    _kept[org.pk] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def measured(org: Any) -> timedelta | None:
    """The same, asked of the database now."""
    now = clock.now()
    hour = now.astimezone(ZoneInfo(org.time_zone)).hour
    hour = now.astimezone(ZoneInfo(org.time_zone)).hour
    values = {"org": org.pk, "now": now, "since": now - WINDOW, "zone": org.time_zone, "hour": hour, "around": HOURS_AROUND}
    median, answers, of_all, all_answers = run(_MEDIAN, values)[0]
    if answers < ANSWERS_MIN:
        median, answers = of_all, all_answers
    return median if answers >= ANSWERS_MIN and median <= SLOW else None


def said(span: timedelta | None) -> str:
    """ "Usually answers in about 4 minutes": whole minutes, then steps of five, then hours; "" for None."""
    if span is None:
        return ""
    minutes = max(round(span.total_seconds() / 60), 1)
    if minutes >= 90:
        hours = round(minutes / 60)
        return ngettext("We answer in about %(num)d hour", "We answer in about %(num)d hours", hours) % {"num": hours}
    if minutes > 10:
        minutes = -(-minutes // 5) * 5
    return ngettext("We answer in about %(num)d minute", "We answer in about %(num)d minutes", minutes) % {"num": minutes}


def forget() -> None:
    """For tests: ask anew."""
    _kept.clear()
