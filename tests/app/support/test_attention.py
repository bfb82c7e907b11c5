"""What needs attention: begun and ended by events, late by waiting, done or hidden by a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def kinds(org: Any) -> list[str]:
    from wasl.app.support.attention.queries import attention

    return [row.kind for row in attention(org)[0]]


@pytest.fixture
def mailed(issued: Any) -> Any:
    """The invoice's mail, in a state: `mailed("bounced")`."""
    from wasl.app import clock
    from wasl.app.delivery.send import deliver, record_state

    def make(state: str, recipient: str = "", **changes: Any) -> Any:
        delivery = deliver(issued, recipient=recipient, key=str(uuid4()))
        delivery.state, delivery.state_at = state, clock.now()
        for name, value in changes.items():
            setattr(delivery, name, value)
        delivery.save()
        record_state(delivery, {})
        return delivery

    return make


def later(**step: float) -> Any:
    from wasl.app import clock
    from wasl.app.support.attention.sweep import sweep

    frozen = clock.frozen(clock.now() + timedelta(**step))
    frozen.__enter__()
    sweep()
    return frozen


def test_a_mail_that_came_back_needs_attention_until_it_is_sent_again(org: Any, mailed: Any) -> None:
    from wasl.app.delivery.models import Delivery

    mailed(Delivery.BOUNCED, reply="550 no such user")
    assert kinds(org) == ["bounced"]
    mailed(Delivery.HANDED_OVER, "other@example.com")
    assert kinds(org) == []


@pytest.mark.parametrize("ends", ["opened", "paid", "erased"])
def test_an_invoice_that_nobody_opens_needs_attention_after_days_and_not_before(org: Any, issued: Any, mailed: Any, ends: str) -> None:
    from django.db import transaction

    from wasl.app import clock
    from wasl.app.delivery.models import Delivery
    from wasl.app.events.record import record

    mailed(Delivery.HANDED_OVER)
    assert kinds(org) == []
    with clock.frozen(clock.now() + timedelta(days=3, minutes=1)):
        assert kinds(org) == ["unopened"]
        with transaction.atomic():
            record(ends, org=org, invoice=issued, at=clock.now(), amount=issued.payable_amount if ends == "paid" else None, currency="EUR", data={})
        assert kinds(org) == []


def test_a_part_payment_leaves_it_open(org: Any, issued: Any, mailed: Any) -> None:
    from django.db import transaction

    from wasl.app import clock
    from wasl.app.delivery.models import Delivery
    from wasl.app.events.record import record

    mailed(Delivery.BOUNCED)
    with transaction.atomic():
        record("paid", org=org, invoice=issued, at=clock.now(), amount=1, currency="EUR", data={})
    assert kinds(org) == ["bounced"]


def test_an_opened_invoice_that_is_sent_again_is_not_called_unopened(org: Any, issued: Any, mailed: Any) -> None:
    from django.db import transaction

    from wasl.app import clock
    from wasl.app.delivery.models import Delivery
    from wasl.app.events.record import record

    with transaction.atomic():
        record("opened", org=org, invoice=issued, at=clock.now(), data={})
    mailed(Delivery.HANDED_OVER)
    with clock.frozen(clock.now() + timedelta(days=9)):
        assert kinds(org) == []


@pytest.mark.parametrize(
    ("state", "step", "kind"), [("queued", {"minutes": 16}, "stuck"), ("deferred", {"hours": 7}, "deferred"), ("unknown", {"hours": 7}, "deferred")]
)
def test_mail_that_does_not_leave_needs_attention_and_stops_when_it_leaves(
    org: Any, mailed: Any, state: str, step: dict[str, int], kind: str
) -> None:
    from wasl.app.support.attention.sweep import sweep

    delivery = mailed(state)
    sweep()
    assert kinds(org) == []
    frozen = later(**step)
    try:
        assert kinds(org) == [kind]
        sweep()
        assert kinds(org) == [kind], "twice is once"
        type(delivery).objects.for_org(org).filter(pk=delivery.pk).update(state="handed_over")
        sweep()
        assert kinds(org) == []
    finally:
        frozen.__exit__(None, None, None)


def test_a_question_waits_a_day_an_answer_ends_it_and_a_reply_begins_anew(org: Any, issued: Any, payer: Any, worker: Any, new_key: Any) -> None:
    from wasl.app import clock
    from wasl.app.support.attention.sweep import sweep
    from wasl.app.support.conversations import answer, ask, reply

    asked = ask(issued, reason="question", text="Where?", by=payer, key=new_key())
    with clock.frozen(clock.now()) as time:
        for act in (lambda: answer(org.pk, asked.pk, text="Here", actor=worker, key=new_key()), None):
            time.forward(hours=25)
            sweep()
            assert kinds(org) == ["question"]
            if act is not None:
                act()
                assert kinds(org) == []
                reply(org.pk, asked.pk, text="No", by=payer, key=new_key())


def test_not_mine_is_there_at_once_and_goes_with_the_dispute(org: Any, issued: Any, payer: Any, new_key: Any) -> None:
    from wasl.app.support.conversations import ask, withdraw

    asked = ask(issued, reason="not_mine", text="", by=payer, key=new_key())
    assert kinds(org) == ["not_mine"]
    withdraw(org.pk, asked.pk, by=payer, key=new_key())
    assert kinds(org) == []


def test_done_hidden_and_brought_back(org: Any, mailed: Any, worker: Any) -> None:
    from wasl.app import clock
    from wasl.app.support.attention import act
    from wasl.app.support.attention.queries import attention, count

    mailed("bounced")
    row_id = attention(org)[0][0].id

    act.hide(org.pk, row_id, until=clock.now() + timedelta(days=2), actor=worker)
    assert (count(org.pk), len(attention(org, show="hidden")[0])) == (0, 1)
    with clock.frozen(clock.now() + timedelta(days=2, minutes=1)):
        assert kinds(org) == ["bounced"]
    act.bring_back(org.pk, row_id, actor=worker)
    act.done(org.pk, row_id, actor=worker)
    assert (kinds(org), len(attention(org, show="done")[0])) == ([], 1)
    act.bring_back(org.pk, row_id, actor=worker)
    assert kinds(org) == ["bounced"]


def test_a_payment_that_does_not_fit_is_looked_at_and_its_alarm_resolved(org: Any, issued: Any, worker: Any) -> None:
    from wasl.app import clock
    from wasl.app.payments.models import Alarm, Intent
    from wasl.app.support.attention import act
    from wasl.app.support.attention.queries import attention
    from wasl.app.support.attention.sweep import sweep

    intent = Intent.objects.create(
        organisation_id=org.pk, invoice_id=issued.pk, driver="bank", amount=5, currency="EUR", reference="R", return_url="", next_check_at=clock.now()
    )
    alarm = Alarm.objects.create(organisation_id=org.pk, intent_id=intent.pk, kind="mismatch-amount")
    sweep()
    (row,) = attention(org)[0]
    assert row.kind == "alarm"

    act.done(org.pk, row.id, actor=worker)
    assert Alarm.objects.for_org(org).get(pk=alarm.pk).resolved_at is not None
    sweep()
    assert kinds(org) == []


def test_the_daily_mail_goes_once_in_the_sellers_morning_and_not_when_nothing_is_wrong(org: Any, mailed: Any, mailoutbox: Any) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from wasl.app import clock
    from wasl.app.support.attention.mail import send_daily

    day = datetime(2030, 1, 7, 7, 30, tzinfo=ZoneInfo("Europe/Brussels"))
    with clock.frozen(day) as time:
        assert send_daily() == 0
        mailed("bounced")
        assert send_daily() == 0, "before its hour"
        time.forward(hours=1)
        assert (send_daily(), send_daily()) == (1, 0)
        time.forward(days=1)
        assert send_daily() == 1
    (first, _second) = mailoutbox
    assert first.to == [org.email] and "1 mail came back" in first.body and f"/console/{org.slug}/attention" in first.body
    assert "buyer@example.com" not in first.body, "nobody's address travels in it"


@pytest.fixture
def desk(owner: Any) -> Client:
    client = Client()
    client.force_login(owner, backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


def test_the_page_has_one_action_for_each_and_sends_to_another_address(desk: Client, org: Any, mailed: Any) -> None:
    from wasl.app.delivery.models import Delivery
    from wasl.app.support.attention.queries import attention

    mailed("bounced", reply="550 no such user")
    html = desk.get(f"/console/{org.slug}/attention?lang=en").content.decode()
    assert (
        "Mail came back" in html
        and "550 no such user" in html
        and "Send to another address" in html
        and '<span class="nav__count"><bdi>1</bdi>' in html
    )

    row = attention(org)[0][0]
    sent = desk.post(f"/console/{org.slug}/attention/{row.id}", {"act": "send", "recipient": "new@example.com"})
    assert sent.status_code == 302 and Delivery.objects.for_org(org).filter(recipient="new@example.com").count() == 1
    assert kinds(org) == []


def test_t40_t45_an_address_with_a_second_line_is_refused_in_words(desk: Client, org: Any, mailed: Any) -> None:
    from wasl.app.delivery.models import Delivery
    from wasl.app.support.attention.queries import attention

    mailed("bounced")
    row = attention(org)[0][0]
    for address in ("a@b.example\r\nBcc: x@y.example", "a@b.example> RCPT TO:<x@y.example", "x" * 400):
        desk.post(f"/console/{org.slug}/attention/{row.id}", {"act": "send", "recipient": address})
    assert Delivery.objects.for_org(org).count() == 1 and kinds(org) == ["bounced"]


def test_t53_another_sellers_rows_do_not_exist(desk: Client, org: Any, mailed: Any, make_org: Any, make_person: Any, actor: Any) -> None:
    from wasl.app.support.attention.queries import attention
    from wasl.app.tenancy.organisations import add_member

    mailed("bounced")
    row = attention(org)[0][0]
    other = make_org(slug="elsewhere")
    stranger = make_person()
    add_member(other, stranger, "owner", actor=actor)
    client = Client()
    client.force_login(stranger, backend="wasl.app.tenancy.signin.PasswordBackend")

    codes = [client.post(f"/console/{slug}/attention/{row.id}", {"act": "done"}).status_code for slug in (org.slug, other.slug)]
    assert codes == [404, 404] and kinds(org) == ["bounced"] and kinds(other) == []


def test_the_settings_move_what_waits_and_only_an_owner_changes_them(desk: Client, org: Any, mailed: Any, clerk: Any) -> None:
    from wasl.app import clock

    form = {"unopened_days": "1", "question_hours": "٤", "deferred_hours": "2", "pending_minutes": "30", "mail_hour": "9", "has_mail": "1"}
    mailed("handed_over")
    assert desk.post(f"/console/{org.slug}/attention/settings", {**form, "mail_hour": "25"}).status_code == 422
    assert desk.post(f"/console/{org.slug}/attention/settings", form).status_code == 302
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert kinds(org) == ["unopened"]
    other = Client()
    other.force_login(clerk, backend="wasl.app.tenancy.signin.PasswordBackend")
    assert other.post(f"/console/{org.slug}/attention/settings", form).status_code == 403
