"""Reminders from plan to mailbox: when they come, and everything that keeps them from coming."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from wasl.app.delivery.models import Delivery
from wasl.app.notices import kinds
from wasl.app.notices.models import Notice, Watch
from wasl.app.notices.preferences import Preferences, save
from wasl.app.notices.schedule import SellerSchedule, save_schedule
from wasl.app.notices.watches import remind_on, resume, stop

pytestmark = pytest.mark.django_db
ADDRESS = "nadir@y.example"


def watch_of(row: Any, email: str = ADDRESS) -> Watch:
    return Watch.objects.for_org(row.organisation_id).get(invoice_id=row.pk, email=email)


def moments(now: Any, work: Any, *times: str) -> None:
    for text in times:
        now.set(now.moment.fromisoformat(text + "+00:00"))
        work()


def test_an_invoice_that_was_sent_is_reminded_of_at_each_step_and_never_twice(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    row = send_invoice()
    work()
    assert watch_of(row).next_at.isoformat() == "2026-12-20T06:00:00+00:00"

    moments(now, work, "2026-12-20T05:59", "2026-12-20T06:00", "2026-12-20T06:01", "2026-12-23T06:00", "2026-12-27T06:00", "2026-12-27T09:00")

    assert [subject.rpartition("، ")[0] for subject in subjects()[1:]] == [
        f"شركة سند للتقنية: الفاتورة {row.number} تستحق 23 ديسمبر 2026",
        f"شركة سند للتقنية: الفاتورة {row.number} تستحق 23 ديسمبر 2026",
        f"شركة سند للتقنية: الفاتورة {row.number} استحقت 23 ديسمبر 2026",
    ]
    notices = Notice.objects.for_org(row.organisation_id).order_by("created_at")
    assert [(each.kind, each.step, each.state) for each in notices] == [
        ("due_soon", "2026-12-23/-3", "sent"), ("due", "2026-12-23/+0", "sent"), ("overdue", "2026-12-23/+3", "sent"),
    ]  # fmt: skip


def test_never_after_payment_whether_planned_queued_or_retried(now: Any, send_invoice: Any, work: Any, subjects: Any, pay: Any) -> None:
    from wasl.app.notices.round import beat

    planned, queued, deferred = send_invoice("planned@y.example"), send_invoice("queued@y.example"), send_invoice("slow+defer@y.example")
    work()
    now.set(now.moment.fromisoformat("2026-12-20T06:00+00:00"))
    pay(planned)
    work_only_deferred = Delivery.objects.for_org(planned.organisation_id)
    beat()
    pay(queued)
    from wasl.app.delivery.send import send_due

    send_due()
    pay(deferred)
    now.forward(hours=3)
    work()

    states = {d.recipient: d.state for d in work_only_deferred.filter(kind="due_soon")}
    assert states == {"queued@y.example": "dropped", "slow+defer@y.example": "dropped"}
    assert [len(subjects(box)) for box in ("planned@y.example", "queued@y.example")] == [2, 2]  # the invoice, and the receipt
    assert {watch_of(row, row_email).closed for row, row_email in ((planned, "planned@y.example"), (queued, "queued@y.example"))} == {"paid"}


def test_a_part_payment_goes_on_being_reminded_of_what_is_left(now: Any, send_invoice: Any, work: Any, mail: Any, pay: Any) -> None:
    row = send_invoice()
    work()
    pay(row, 4200)
    moments(now, work, "2026-12-20T06:00")

    newest = max(message["uid"] for message in mail.messages(ADDRESS))
    assert "200.00" in mail.read(newest).get_body(("plain",)).get_content()


def test_never_without_a_due_date(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    row = send_invoice(due=None, payment_terms="On receipt")
    moments(now, work, "2026-12-20T06:00", "2027-06-01T06:00")

    assert len(subjects()) == 1 and watch_of(row).next_at is None


def test_after_a_pause_there_is_one_reminder_and_the_rest_is_said_to_be_missed(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    row = send_invoice()
    work()
    moments(now, work, "2027-02-01T08:30")

    assert len(subjects()) == 2
    told = Notice.objects.for_org(row.organisation_id).values_list("step", "state", "reason").order_by("step")
    assert sorted(told) == [
        ("2026-12-23/+0", "dropped", "missed"), ("2026-12-23/+10", "sent", ""), ("2026-12-23/+3", "dropped", "missed"),
        ("2026-12-23/-3", "dropped", "missed"),
    ]  # fmt: skip


def test_an_invoice_that_is_due_tomorrow_is_not_reminded_of_right_after_its_own_mail(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    send_invoice(due=date(2026, 11, 30))
    work()
    work()
    assert len(subjects()) == 1
    moments(now, work, "2026-11-30T06:00")
    assert len(subjects()) == 2


def test_preferences_move_the_next_reminder_and_switch_kinds_off(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    row = send_invoice()
    work()
    save(ADDRESS, Preferences(reminder_days=(1,)))
    work()
    assert watch_of(row).next_at.isoformat() == "2026-12-22T06:00:00+00:00"

    save(ADDRESS, Preferences(reminder_days=(1,)).without(kinds.DUE_SOON).without(kinds.DUE_SOON, kinds.PUSH).without(kinds.DUE_SOON, kinds.PORTAL))
    work()
    assert watch_of(row).next_at.isoformat() == "2026-12-27T06:00:00+00:00"


def test_a_day_that_is_only_now_among_the_steps_is_not_made_up_for(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    send_invoice()
    moments(now, work, "2026-12-01T08:00", "2026-12-15T12:00")
    save(ADDRESS, Preferences(reminder_days=(20, 14, 3)))
    work()
    assert len(subjects()) == 1
    moments(now, work, "2026-12-20T06:00")
    assert len(subjects()) == 2


def test_a_change_on_a_free_day_does_not_lose_what_was_moved_past_it(now: Any, send_invoice: Any, work: Any, subjects: Any, seller: Any, actor: Any) -> None:
    send_invoice(due=date(2026, 12, 28))  # three days before it is a Friday: moved to Sunday the 27th
    moments(now, work, "2026-12-01T08:00", "2026-12-26T12:00")
    save_schedule(seller, SellerSchedule(steps=(-3, 0, 5), tone="gentle"), actor=actor)
    moments(now, work, "2026-12-26T12:01", "2026-12-27T06:00")
    assert len(subjects()) == 2


def test_a_reminder_that_waited_for_the_mail_server_does_not_leave_in_quiet_hours(now: Any, send_invoice: Any, work: Any, mail: Any) -> None:
    row = send_invoice()
    work()
    mail.behave(ADDRESS, "defer", 2)
    moments(now, work, "2026-12-20T06:00", "2026-12-20T06:02", "2026-12-20T19:30")
    waiting = Delivery.objects.for_org(row.organisation_id).get(kind="due_soon")

    assert waiting.state == "deferred" and waiting.next_attempt_at.isoformat() == "2026-12-21T05:00:00+00:00"
    moments(now, work, "2026-12-21T05:00")
    assert Delivery.objects.for_org(row.organisation_id).get(kind="due_soon").state == "handed_over"


def test_who_said_not_mine_or_stop_hears_no_more_and_can_come_back_from_stop(now: Any, send_invoice: Any, work: Any, subjects: Any, seller: Any) -> None:
    mine, other = send_invoice(), send_invoice("other@y.example")
    work()
    assert stop(seller, mine, ADDRESS) and stop(seller, other, "OTHER@y.example", Watch.NOT_MINE)
    moments(now, work, "2026-12-20T06:00")
    assert len(subjects()) == len(subjects("other@y.example")) == 1

    assert resume(seller, mine, ADDRESS) and not resume(seller, other, "other@y.example")
    moments(now, work, "2026-12-23T06:00")
    assert (len(subjects()), len(subjects("other@y.example"))) == (2, 1)


def test_one_day_of_the_readers_own_choice_replaces_the_next_step(now: Any, send_invoice: Any, work: Any, subjects: Any, seller: Any) -> None:
    row = send_invoice()
    work()
    assert remind_on(seller, row, ADDRESS, date(2026, 12, 21))
    moments(now, work, "2026-12-20T06:00", "2026-12-21T06:00", "2026-12-21T07:00")
    assert len(subjects()) == 2 and watch_of(row).remind_on is None and watch_of(row).next_at.isoformat() == "2026-12-23T06:00:00+00:00"


def test_a_credit_note_over_everything_ends_reminders(now: Any, send_invoice: Any, work: Any, subjects: Any, seller: Any, actor: Any) -> None:
    from wasl.app.invoicing.credit import credit

    row = send_invoice()
    work()
    credit(seller, row, reason="Returned", key="k", actor=actor)
    moments(now, work, "2026-12-20T06:00")
    assert watch_of(row).closed == "credited"
    assert [subject.partition(":")[2].split()[0] for subject in subjects()[1:]] == ["إشعار"]


def test_a_dispute_pauses_and_its_end_goes_on_with_the_next_step(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    from wasl.app.support.conversations import Payer, ask, conversation_of, withdraw

    row = send_invoice()
    work()
    ask(row, reason="price", text="Too much", by=Payer(ADDRESS), key="1")
    moments(now, work, "2026-12-20T06:00")
    assert len(subjects()) == 1 and watch_of(row).closed == "disputed"

    found = conversation_of(row)
    assert found is not None
    withdraw(row.organisation_id, found.pk, by=Payer(ADDRESS), key="2")
    moments(now, work, "2026-12-21T08:00", "2026-12-23T06:00")
    assert len(subjects()) == 2


def test_t88_a_clock_that_jumps_a_year_sends_one_and_back_again_none(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    send_invoice()
    work()
    moments(now, work, "2027-12-20T08:00")
    assert len(subjects()) == 2
    now.set(now.moment - timedelta(days=365))
    work()
    assert len(subjects()) == 2


def test_t91_one_watch_that_cannot_be_planned_or_queued_is_parked_and_the_rest_flows(now: Any, send_invoice: Any, work: Any, subjects: Any, monkeypatch: Any) -> None:
    from wasl.app.notices import fire

    poison, good = send_invoice("poison@y.example"), send_invoice()
    work()
    ours = fire._remind

    def explode(watch: Any, batch: Any) -> None:
        if watch.email == "poison@y.example":
            raise ValueError("poison")
        ours(watch, batch)

    monkeypatch.setattr(fire, "_remind", explode)
    moments(now, work, "2026-12-20T06:00")

    assert watch_of(poison, "poison@y.example").parked == "ValueError" and len(subjects()) == 2 and good
