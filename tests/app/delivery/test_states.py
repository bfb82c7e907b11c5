"""What the far side does decides the state, and the state never says more than what is known (T89)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.delivery.inbound import poll
from wasl.app.delivery.models import Delivery, Message, Report
from wasl.app.delivery.send import deliver, send_due, send_now
from wasl.app.events.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moment() -> Iterator[clock.Travel]:
    with clock.frozen(clock.now()) as travel:
        yield travel


def states(delivery: Delivery) -> list[str]:
    """The events of a delivery in their order."""
    events = Event.objects.for_org(delivery.organisation_id).filter(invoice_id=delivery.invoice_id).exclude(type="issued").order_by("id")
    return [event.type for event in events]


def sent_to(issue_to: Any, proven: Any, address: str) -> Delivery:
    invoice = issue_to(address)
    proven()
    return send_now(deliver(invoice))


def test_accepted_mail_is_handed_over_and_no_more(mail: Any, issue_to: Any, proven: Any) -> None:
    mail.behave("nadir@y.example", "relayed")

    delivery = sent_to(issue_to, proven, "nadir@y.example")

    assert delivery.state == Delivery.HANDED_OVER and delivery.reply.startswith("250")
    assert states(delivery) == ["queued", "handed-over"]


def test_only_a_report_says_delivered(mail: Any, issue_to: Any, proven: Any) -> None:
    delivery = sent_to(issue_to, proven, "nadir@y.example")
    mail.wait_for_reports(1)

    counts = poll()

    assert counts == {"applied": 1}
    delivery.refresh_from_db(from_queryset=Delivery.objects.for_org(delivery.organisation_id))
    assert delivery.state == Delivery.DELIVERED and states(delivery) == ["queued", "handed-over", "delivered"]
    assert poll() == {}


def test_busy_mailbox_defers_and_is_tried_again(mail: Any, issue_to: Any, proven: Any, moment: clock.Travel) -> None:
    delivery = sent_to(issue_to, proven, "x+defer2@y.example")
    assert delivery.state == Delivery.DEFERRED and delivery.reply.startswith("451")
    assert send_due() == 0  # its pause is not over

    moment.forward(minutes=2)
    assert send_due() == 0
    moment.forward(minutes=6)
    assert send_due() == 1

    assert states(delivery) == ["queued", "deferred", "handed-over"]
    assert len(mail.messages("x@y.example")) == 1


def test_unknown_user_bounces_at_once(mail: Any, issue_to: Any, proven: Any, moment: clock.Travel) -> None:
    delivery = sent_to(issue_to, proven, "x+reject@y.example")
    moment.forward(days=1)

    assert delivery.state == Delivery.BOUNCED and "no such user" in delivery.reply
    assert send_due() == 0 and states(delivery) == ["queued", "bounced"]


def test_t89_death_after_data_is_unknown_and_the_same_bytes_go_again(mail: Any, issue_to: Any, proven: Any, moment: clock.Travel) -> None:
    """T89"""
    delivery = sent_to(issue_to, proven, "x+dieafterdata@y.example")
    assert delivery.state == Delivery.UNKNOWN

    moment.forward(minutes=11)
    assert send_due() == 1

    (arrived,) = mail.messages("x@y.example")
    assert (arrived["copies"], arrived["differing"], arrived["message_id"]) == (2, 0, delivery.message_id)
    assert states(delivery) == ["queued", "delivery-unknown", "handed-over"]


def test_t89_a_report_settles_the_unknown_and_nothing_is_sent_twice(mail: Any, issue_to: Any, proven: Any, moment: clock.Travel) -> None:
    delivery = sent_to(issue_to, proven, "x+dieafterdata@y.example")
    mail.wait_for_reports(1)
    poll()

    moment.forward(days=1)

    assert send_due() == 0
    assert states(delivery) == ["queued", "delivery-unknown", "delivered"]
    assert mail.messages("x@y.example")[0]["copies"] == 1


@pytest.mark.parametrize("tag", ["bounce", "latebounce"])
def test_bounce_comes_after_the_handing_over(mail: Any, issue_to: Any, proven: Any, tag: str) -> None:
    delivery = sent_to(issue_to, proven, f"x+{tag}@y.example")
    mail.wait_for_reports(1)
    poll()

    assert states(delivery) == ["queued", "handed-over", "bounced"]
    assert Report.objects.for_org(delivery.organisation_id).get().status == "5.1.1"


def test_late_bounce_outdoes_delivered_but_never_the_other_way(mail: Any, issue_to: Any, proven: Any) -> None:
    delivery = sent_to(issue_to, proven, "nadir@y.example")
    mail.wait_for_reports(1)
    for count, action in enumerate(("failed", "delivered", "delayed", "relayed"), start=2):
        mail.report(delivery.message_id, "nadir@y.example", action)
        mail.wait_for_reports(count)

    assert poll() == {"applied": 5}
    assert states(delivery) == ["queued", "handed-over", "delivered", "bounced"]


def test_nobody_at_the_other_end_defers(mail: Any, issue_to: Any, proven: Any, settings: Any, moment: clock.Travel) -> None:
    settings.CONFIG = dataclasses.replace(settings.CONFIG, smtp_url="smtp://127.0.0.1:9")
    delivery = sent_to(issue_to, proven, "nadir@y.example")
    assert delivery.state == Delivery.DEFERRED

    moment.forward(days=6)
    send_due()

    delivery.refresh_from_db(from_queryset=Delivery.objects.for_org(delivery.organisation_id))
    assert delivery.state == Delivery.BOUNCED


def test_t89_a_try_that_was_cut_short_is_unknown_first(mail: Any, issue_to: Any, proven: Any, monkeypatch: Any, moment: clock.Travel) -> None:
    from wasl.app.delivery import smtp

    def killed(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(smtp.Session, "hand_over", killed)
        sent_to(issue_to, proven, "nadir@y.example")
    moment.forward(minutes=5)

    assert send_due() == 1

    delivery = Delivery.objects.for_org(Message._base_manager.get().organisation_id).get()
    assert states(delivery) == ["queued", "delivery-unknown", "handed-over"]


def test_t91_one_mail_that_cannot_be_made_does_not_stop_the_next(mail: Any, issue_to: Any, proven: Any, monkeypatch: Any) -> None:
    """T91"""
    from wasl.app.delivery import outgoing
    from wasl.app.delivery.outgoing import INVOICE, kind_of

    poison, good = issue_to("poison@y.example"), issue_to("good@y.example")
    proven()
    stuck, fine = deliver(poison), deliver(good)
    ours = kind_of(stuck)

    def explode(delivery: Delivery, **how: Any) -> bytes:
        if delivery.pk == stuck.pk:
            raise ValueError("cannot be made")
        return ours.compose(delivery, **how)

    monkeypatch.setitem(outgoing._kinds, INVOICE, replace(ours, compose=explode))

    assert send_due() == 1
    assert states(stuck) == ["queued", "deferred"] and states(fine) == ["queued", "handed-over"]


def test_asking_twice_sends_once(mail: Any, issue_to: Any, proven: Any) -> None:
    invoice = issue_to("nadir@y.example")
    proven()

    first, second, other = deliver(invoice), deliver(invoice), deliver(invoice, recipient="boss@y.example")

    assert first.pk == second.pk != other.pk
    assert send_due() == 2 and len(mail.messages()) >= 2


def test_no_two_workers_take_the_same_mail(mail: Any, issue_to: Any, proven: Any) -> None:
    from wasl.app.delivery import send

    deliver(issue_to("nadir@y.example"))

    assert send.LANE.claim(None) is not None
    assert send.LANE.claim(None) is None


def test_mail_waits_for_its_proof_and_then_links_to_it(mail: Any, issue_to: Any, monkeypatch: Any, moment: clock.Travel) -> None:
    delivery = deliver(issue_to("nadir@y.example"))
    assert send_due() == 0 and send_now(delivery).state == Delivery.QUEUED and mail.messages() == []

    from wasl.app.delivery import send

    monkeypatch.setattr(send, "PROOF_SECONDS_MAX", 0)
    moment.forward(seconds=2)
    assert send_due() == 1

    message = mail.read()
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf", "application/xml"]
    assert "/proof" in message.get_body(("plain",)).get_content()
