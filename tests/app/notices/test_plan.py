"""When a reminder comes: the planning core, which knows neither database nor clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wasl.app.notices import kinds
from wasl.app.notices.plan import Facts, Planned, Rhythm, Walls, next_notice, upcoming
from wasl.app.notices.preferences import Preferences

SA = Preferences(time_zone="Asia/Riyadh", country="SA")
DUE = date(2026, 12, 23)  # a Wednesday
RHYTHM = Rhythm((-7, -3, 0, 3))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def plan(now: str, facts: Facts = Facts(DUE), wishes: Preferences = SA, rhythm: Rhythm = RHYTHM) -> Planned | None:
    return next_notice(facts, rhythm, wishes, at(now))


def all_of(now: str, **changes: Any) -> list[tuple[str, str, int]]:
    wishes = replace(SA, **{name: value for name, value in changes.items() if name not in ("due", "rhythm")})
    found = upcoming(Facts(changes.get("due", DUE)), changes.get("rhythm", RHYTHM), wishes, at(now))
    return [(f"{each.at:%Y-%m-%d %H:%M}", each.kind, each.step) for each in found]


def test_each_step_comes_at_nine_on_the_readers_wall() -> None:
    assert all_of("2026-11-27T10:00") == [
        ("2026-12-16 06:00", "due_soon", -7),
        ("2026-12-20 06:00", "due_soon", -3),
        ("2026-12-23 06:00", "due", 0),
        ("2026-12-27 06:00", "overdue", 3),  # the 26th is a Saturday
    ]


def test_week_ends_are_the_countrys_own() -> None:
    emirates = all_of("2026-12-21T10:00", country="AE", time_zone="Asia/Dubai")
    assert [moment for moment, _kind, step in emirates if step == 3] == ["2026-12-28 05:00"]  # there the 27th, a Sunday, is free
    assert ("2026-12-26 06:00", "overdue", 3) in all_of("2026-12-21T10:00", skip_weekends=False)


def test_a_holiday_is_passed_over_unless_the_reader_does_not_mind() -> None:
    national = date(2026, 9, 23)  # a Wednesday
    assert all_of("2026-09-20T10:00", due=national, rhythm=Rhythm((3,)))[0][0] == "2026-09-27 06:00"
    day_after = Rhythm((1,))
    assert all_of("2026-09-20T10:00", due=date(2026, 9, 22), rhythm=day_after)[0][0] == "2026-09-24 06:00"
    assert all_of("2026-09-20T10:00", due=date(2026, 9, 22), rhythm=day_after, skip_holidays=False)[0][0] == "2026-09-23 06:00"


def test_what_should_come_before_the_due_date_is_never_moved_past_it() -> None:
    saturday = date(2026, 12, 26)
    assert all_of("2026-12-20T10:00", due=saturday, rhythm=Rhythm((-1, 0))) == [("2026-12-24 06:00", "due_soon", 0)]


def test_quiet_hours_move_to_their_end() -> None:
    late = Rhythm((-3,), hour=time(22))
    assert all_of("2026-12-01T10:00", rhythm=late) == [("2026-12-21 05:00", "due_soon", -3)]
    assert all_of("2026-12-01T10:00", rhythm=late, quiet_from=time(0), quiet_until=time(0)) == [("2026-12-20 19:00", "due_soon", -3)]


def test_nothing_without_a_due_date_and_nothing_once_paid() -> None:
    assert plan("2026-12-01T10:00", Facts(None)) is None
    assert plan("2026-12-01T10:00", Facts(None, remind_on=date(2026, 12, 5))) is None
    assert plan("2026-12-01T10:00", Facts(DUE, is_owed=False)) is None


def test_after_a_pause_one_reminder_stands_for_all_that_were_missed() -> None:
    found = plan("2026-12-28T08:00")
    assert found == Planned(at("2026-12-28T08:00"), "overdue", 3, (-7, -3, 0))
    assert plan("2026-12-28T08:00", Facts(DUE, done_through=3)) is None


def test_a_reader_who_chose_days_is_reminded_on_those_and_the_rest_is_the_sellers() -> None:
    chosen = all_of("2026-11-27T10:00", reminder_days=(1,))
    assert [step for _at, _kind, step in chosen] == [-1, 3]
    assert [step for _at, _kind, step in all_of("2026-11-27T10:00", reminder_days=())] == [3]


def test_one_day_that_the_reader_asked_for_takes_the_place_of_those_before_it() -> None:
    found = list(upcoming(Facts(DUE, remind_on=date(2026, 12, 21)), RHYTHM, SA, at("2026-12-01T10:00")))
    assert [each.step for each in found] == [-2, 0, 3]


def test_a_kind_that_is_switched_off_everywhere_is_not_planned() -> None:
    quiet = replace(SA, channels={**SA.channels, kinds.DUE_SOON: frozenset({kinds.ICS})})
    assert [each.kind for each in upcoming(Facts(DUE), RHYTHM, quiet, at("2026-12-01T10:00"))] == ["due", "overdue"]


def test_a_seller_who_does_not_remind_leaves_only_what_the_reader_asked_for() -> None:
    off = Rhythm((-3, 0, 3), enabled=False)
    assert plan("2026-12-01T10:00", rhythm=off) is None
    assert all_of("2026-12-01T10:00", rhythm=off, reminder_days=(2,)) == [("2026-12-21 06:00", "due_soon", -2)]


@pytest.mark.parametrize(
    ("zone", "country", "due", "expected"),
    [
        ("Europe/Brussels", "BE", date(2027, 3, 29), "2027-03-26 08:00"),  # before the clocks go forward
        ("Europe/Brussels", "BE", date(2027, 4, 1), "2027-03-30 07:00"),  # and after
        ("America/New_York", "US", date(2026, 11, 4), "2026-11-02 14:00"),
        ("Asia/Amman", "JO", date(2028, 3, 2), "2028-02-29 06:00"),  # a leap day
    ],
)
def test_t88_nine_is_nine_on_either_side_of_a_clock_change_and_on_a_leap_day(zone: str, country: str, due: date, expected: str) -> None:
    wishes = replace(SA, time_zone=zone, country=country)
    found = next_notice(Facts(due), Rhythm((-2,)), wishes, at("2026-10-01T00:00"))
    assert found is not None and f"{found.at:%Y-%m-%d %H:%M}" == expected


_times = st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))
_wishes = st.builds(
    Preferences,
    time_zone=st.sampled_from(["Asia/Riyadh", "Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Amman", "Pacific/Apia"]),
    country=st.sampled_from(["SA", "AE", "BE", "US", "JO", "EG", "XX"]),
    reminder_days=st.none() | st.lists(st.integers(0, 60), max_size=5).map(tuple),
    quiet_from=_times, quiet_until=_times, skip_weekends=st.booleans(), skip_holidays=st.booleans(),
)  # fmt: skip
_rhythms = st.builds(Rhythm, st.lists(st.integers(-60, 90), max_size=8, unique=True).map(lambda steps: tuple(sorted(steps))), _times)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # other tests load this machine too
@given(_wishes, _rhythms, st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.integers(-100, 460))
def test_whatever_is_chosen_it_is_never_at_a_forbidden_moment_and_never_out_of_order(wishes: Preferences, rhythm: Rhythm, due: date, ahead: int) -> None:
    now = datetime.combine(due, time(3, 17), UTC) - timedelta(days=ahead)
    found = list(upcoming(Facts(due), rhythm, wishes, now))
    walls = Walls(wishes, rhythm.hour)

    assert all(walls.is_allowed(each.at) and each.at >= now for each in found)
    assert [each.at for each in found] == sorted({each.at for each in found}), "two at once are one"
    steps = [step for each in found for step in (*each.missed, each.step)]
    before = [-days for days in wishes.reminder_days] if wishes.reminder_days is not None else [step for step in rhythm.steps if step <= 0]
    assert steps == sorted({*before, *(step for step in rhythm.steps if step > 0)}), "each step is told of once, none is lost"
