"""The promise of reminders as a machine of states: never twice, never after payment, none missed after a pause, none at a forbidden hour.

The machine drives the real engine over the real database and keeps a model of its own beside it, which knows no queue: only which
steps had their moment, and what was promised. It asks for the state of things after each move.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wasl.app import clock
from wasl.app.delivery.models import Delivery
from wasl.app.notices import fire, kinds, planner
from wasl.app.notices.models import Notice, Watch
from wasl.app.notices.plan import Facts, Walls, next_notice
from wasl.app.notices.preferences import Preferences, preferences_of, save
from wasl.app.notices.schedule import SellerSchedule, save_schedule, schedule_of
from wasl.app.notices.watches import remind_on, resume, stop

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 29, 8, tzinfo=UTC)
ADDRESS = "nadir@y.example"
EXAMPLES = int(os.environ.get("WASL_MODEL_EXAMPLES", "5"))  # a short run each time; a long one by hand

_times = st.sampled_from([time(0), time(7), time(9), time(18), time(22), time(23, 30)])
_wishes = st.builds(
    Preferences,
    reminder_days=st.none() | st.lists(st.integers(0, 20), max_size=3).map(tuple), quiet_from=_times, quiet_until=_times,
    skip_weekends=st.booleans(), skip_holidays=st.booleans(),
    time_zone=st.sampled_from(["", "Asia/Riyadh", "Europe/Brussels", "America/New_York", "Pacific/Apia"]), country=st.sampled_from(["", "AE", "BE", "US"]),
)  # fmt: skip
_schedules = st.builds(
    SellerSchedule, steps=st.lists(st.integers(-20, 40), max_size=5, unique=True).map(lambda steps: tuple(sorted(steps))),
    hour=_times, enabled=st.sampled_from([True, True, True, False]),
)  # fmt: skip
_moves = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 13, 24, 24, 72, 24 * 9, 24 * 365]).map(lambda hours: timedelta(hours=hours))),
    st.tuples(st.just("back"), st.sampled_from([1, 24, 24 * 365]).map(lambda hours: timedelta(hours=hours))),  # T88: the clock is set back
    st.tuples(st.just("down"), st.integers(1, 60).map(lambda days: timedelta(days=days))),  # time passes and nobody works
    st.tuples(st.just("wishes"), _wishes),
    st.tuples(st.just("schedule"), _schedules),
    st.tuples(st.just("due"), st.integers(5, 60)),
    st.tuples(st.just("stop"), st.none()),
    st.tuples(st.just("resume"), st.none()),
    st.tuples(st.just("ask"), st.integers(0, 30)),
    st.tuples(st.just("pay"), st.none()),
)


class Machine:
    """One invoice, its reader and its seller, and what has been promised."""

    def __init__(self, row: Any, seller: Any, actor: Any, pay: Any, travel: clock.Travel) -> None:
        self.row, self.seller, self.actor, self.pay, self.travel = row, seller, actor, pay, travel
        self.paid_at: datetime | None = None
        self.is_stopped = self.went_back = False

    @property
    def watch(self) -> Watch:
        return Watch.objects.for_org(self.seller).get(invoice_id=self.row.pk)

    def said(self) -> list[Notice]:
        return list(Notice.objects.for_org(self.seller).filter(invoice_id=self.row.pk, kind__in=kinds.REMINDERS).order_by("created_at", "id"))

    def expected(self) -> Any:
        """What the pure function says should come at this very moment: the model of "none missed"."""
        watch = self.watch
        if self.paid_at or self.is_stopped:
            return None
        org = schedule_of(self.seller)
        wanted = preferences_of(ADDRESS).at(time_zone=self.seller.time_zone, country=self.seller.country)
        plan = next_notice(Facts(watch.due_date, True, watch.done_through, watch.remind_on), org.rhythm, wanted, clock.now())
        return plan if plan is not None and plan.at <= clock.now() else None

    def work(self) -> None:
        """A round; afterwards exactly what was due has been said, once, at a moment that the reader allows."""
        planner.plan_stale()
        before, due = self.said(), self.expected()
        if self.went_back and self.watch.next_at is not None and self.watch.next_at > clock.now():
            due = None  # it was put off to a moment that the clock has not reached again: it still comes, only not twice
        fire.fire_due()
        new = [each for each in self.said() if each.pk not in {old.pk for old in before} and each.state != Notice.DROPPED]
        known = {each.step for each in before}
        if due is None:
            assert new == []
        else:
            step = f"{self.watch.due_date}/{due.step:+d}"
            assert [each.step for each in new] == ([] if step in known else [step]), "what is due is said, and it alone"
        org_hour = schedule_of(self.seller).hour
        wanted = preferences_of(ADDRESS).at(time_zone=self.seller.time_zone, country=self.seller.country)
        assert all(Walls(wanted, org_hour).is_allowed(clock.now()) for _ in new), "never at a forbidden moment"
        self.check()

    def check(self) -> None:
        steps = [each.step for each in self.said()]
        assert len(steps) == len(set(steps)), "never twice"
        if self.paid_at is not None:
            waiting = Delivery.objects.for_org(self.seller).filter(kind__in=kinds.REMINDERS, state__in=("queued", "deferred"))
            assert not waiting.exists() and self.watch.closed in ("paid", "stopped") and self.watch.next_at is None, "never after payment"

    def move(self, act: str, value: Any) -> None:
        if act == "wait":
            ends = self.travel.moment + value
            while self.travel.moment < ends:  # the worker works all the time: it sees every day
                self.travel.forward(seconds=min(24 * 3600, (ends - self.travel.moment).total_seconds()) if value < timedelta(days=60) else value.total_seconds())
                self.work()
        elif act == "back":
            self.travel.set(max(self.travel.moment - value, START))
            self.went_back = True
        elif act == "down":
            self.travel.set(self.travel.moment + value)
        elif act == "wishes":
            save(ADDRESS, value)
        elif act == "schedule":
            save_schedule(self.seller, value, actor=self.actor)
        elif act == "due" and not self.paid_at:
            from wasl.app.notices.due_dates import due_date_of, move_due_date

            base = max(due_date_of(self.row) or date(2026, 12, 23), clock.now().date())
            move_due_date(self.seller, self.row, base + timedelta(days=value), actor=self.actor)
        elif act == "stop":
            self.is_stopped = stop(self.seller, self.row, ADDRESS) or self.is_stopped
        elif act == "resume":
            if resume(self.seller, self.row, ADDRESS):
                self.is_stopped = False
        elif act == "ask":
            if remind_on(self.seller, self.row, ADDRESS, clock.now().date() + timedelta(days=value)):
                self.is_stopped = False
        elif act == "pay" and not self.paid_at:
            self.pay(self.row)
            self.paid_at = clock.now()
        self.work()


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@example(moves=[("stop", None), ("pay", None), ("resume", None)])
@given(moves=st.lists(_moves, min_size=3, max_size=7))
def test_t88_never_twice_never_after_payment_none_missed_none_at_a_forbidden_hour(
    moves: list[tuple[str, Any]], seller: Any, send_invoice: Any, actor: Any, pay: Any, now: clock.Travel
) -> None:
    from django.db import transaction

    with transaction.atomic():
        now.set(START)
        row = send_invoice()
        machine = Machine(row, seller, actor, pay, now)
        for act, value in moves:
            machine.move(act, value)
        machine.work()
        for _ in range(20):  # from moment to moment, until nothing is planned any more
            if machine.watch.next_at is None:
                break
            machine.travel.set(max(machine.travel.moment, machine.watch.next_at))
            machine.work()
        assert machine.watch.next_at is None and machine.expected() is None, "nothing is left that was not said"
        transaction.set_rollback(True)
