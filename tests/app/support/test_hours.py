"""Business hours: open until when, closed until when, across week-ends, holidays, own days, clock changes; and telephone numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from wasl.app.support.errors import BadHours, BadPhone
from wasl.app.support.hours.opening import Calendar, opening_by
from wasl.app.support.hours.phone import phone, shown
from wasl.app.support.hours.settings import checked_week

DAY = [(540, 780), (960, 1200)]  # 9 to 13, 16 to 20
RIYADH = Calendar({6: DAY, 0: DAY, 1: DAY, 2: DAY, 3: DAY}, ZoneInfo("Asia/Riyadh"), "SA", True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+03:00")


@pytest.mark.parametrize(
    ("now", "is_open", "then"),
    [
        ("2026-11-26T12:59", True, "2026-11-26T13:00"),  # Thursday
        ("2026-11-26T13:00", False, "2026-11-26T16:00"),
        ("2026-11-26T20:00", False, "2026-11-29T09:00"),  # over Friday and Saturday
        ("2026-11-27T10:00", False, "2026-11-29T09:00"),
        ("2026-09-22T21:00", False, "2026-09-24T09:00"),  # the national day
    ],
)
def test_open_until_or_closed_until(now: str, is_open: bool, then: str) -> None:
    found = opening_by(RIYADH, at(now))

    assert found.is_open is is_open and (found.until if is_open else found.next_at) == at(then)


def test_own_closed_days_and_a_closure_without_end() -> None:
    closed = Calendar(RIYADH.week, RIYADH.zone, "SA", True, ((date(2026, 11, 29), date(2026, 11, 30)),))
    assert opening_by(closed, at("2026-11-28T10:00")).next_at == at("2026-12-01T09:00")

    for_ever = Calendar(RIYADH.week, RIYADH.zone, "SA", False, ((date(2026, 1, 1), date(2027, 12, 31)),))
    assert (opening_by(for_ever, at("2026-11-28T10:00")).is_known, opening_by(for_ever, at("2026-11-28T10:00")).next_at) == (True, None)


def test_a_clock_change_moves_moments_and_not_the_wall() -> None:
    brussels = Calendar({6: [(150, 600)]}, ZoneInfo("Europe/Brussels"), "BE", False)  # from 2:30, an hour that 29 March 2026 does not have

    ((opens, closes),) = brussels.spans(date(2026, 3, 29))
    assert (opens.astimezone(UTC).hour, closes.astimezone(UTC).hour) == (1, 8)


@pytest.mark.parametrize("spans", [[(600, 540)], [(540, 540)], [(540, 1500)], [(-1, 5)], [(540, 720), (700, 800)], [(0, 1), (2, 3), (4, 5)]])
def test_hours_that_do_not_fit_are_refused(spans: Any) -> None:
    with pytest.raises(BadHours):
        checked_week({0: spans})


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("٠٥٠ ١٢٣ ٤٥٦٧", "SA", "+966501234567"),
        ("+966 (50) 123-4567", "JO", "+966501234567"),
        ("۰۷۹۰۱۲۳۴۵۶", "JO", "+962790123456"),
        ("00962790123456", "JO", "+962790123456"),
    ],
)
def test_numbers_are_kept_as_one_thing_however_typed(typed: str, country: str, kept: str) -> None:
    assert phone(typed, country) == kept and shown(kept).startswith(kept[:4])


@pytest.mark.parametrize("typed", ["", "12", "0501234567x9", "javascript:alert(1)", "+1 900" * 20, "not a number", "+999 12345678"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(BadPhone):
        phone(typed, "SA")


@pytest.mark.django_db
def test_the_sentence_in_both_languages(org: Any, worker: Any) -> None:
    from django.utils.translation import override

    from wasl.app.support.hours import opening, say
    from wasl.app.support.hours.settings import change_hours

    now = datetime(2026, 11, 27, 10, tzinfo=UTC)  # a Friday
    assert say.sentence(org, opening(org, now), now) == ""
    change_hours(org, week={0: [(540, 1020)]}, keeps_holidays=False, actor=worker)
    with override("en"):
        assert "We open on Monday at" in say.sentence(org, opening(org, now), now) and "09:00" in say.sentence(org, opening(org, now), now)
    with override("ar"):
        assert "الاثنين" in say.sentence(org, opening(org, now), now)


@pytest.mark.django_db
def test_hotlines_are_told_with_their_hours_and_hidden_when_there_are_none(org: Any, worker: Any) -> None:
    from wasl.app.support.errors import HotlineKnown
    from wasl.app.support.hours.hotline import add_hotline, lines, remove_hotline
    from wasl.app.support.hours.settings import change_hours

    assert lines(org) == []
    change_hours(org, week={day: [(540, 1020)] for day in range(7)}, keeps_holidays=False, actor=worker)
    row = add_hotline(org, number="+966 11 234 5678", languages=["en"], opens=600, closes=900, actor=worker)
    with pytest.raises(HotlineKnown):
        add_hotline(org, number="+966112345678", languages=["ar"], actor=worker)

    (line,) = lines(org)
    assert (line.tel, line.number) == ("+966112345678", "+966 11 234 5678") and len(line.hours) == 1 and "10:00" in line.hours[0][1]
    remove_hotline(org, row.pk, actor=worker)
    assert lines(org) == []
