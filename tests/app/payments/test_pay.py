"""Paying: what the gateway says decides, once, whatever else arrives and in whatever order (T69-T77)."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.events.models import Event
from wasl.app.payments import webhook
from wasl.app.payments.attempts import NothingToPay, TooMuch
from wasl.app.payments.drivers.port import GatewayDown
from wasl.app.payments.journal import CLEARING, RECEIVABLE, REFUNDS_DUE, SALES, balance, trial_balance
from wasl.app.payments.models import Alarm, Allocation, Hook, Intent, Refund
from wasl.app.payments.pay import refresh, start_payment
from wasl.app.payments.refunds import NotRefundable, request_refund
from wasl.app.payments.refunds_out import send_refunds
from wasl.app.payments.standing import AWAITING, OVERPAID, PAID, PARTLY_PAID, standing
from wasl.app.payments.sweep import sweep
from wasl.app.payments.webhook import ATTEMPTS_MAX, KEPT, KNOWN, apply_kept

pytestmark = pytest.mark.django_db
BACK, APPLIED = "http://127.0.0.1:8000/i/token", "applied"


def receive(org_id: Any, driver: str, headers: dict[str, str], body: bytes) -> str:
    """A webhook comes in, and the worker takes its next turn: "applied", or why not."""
    said = webhook.receive(org_id, driver, headers, body)
    return APPLIED if said == KEPT and apply_kept() else said


def hook(gateway: Any, issued: Any, gateway_id: str, event_id: str = "") -> str:
    return receive(issued.organisation_id, "bank", {}, gateway.webhook(gateway_id, event_id))


def types(issued: Any) -> list[str]:
    return list(Event.objects.for_org(issued.organisation_id).filter(invoice_id=issued.pk).order_by("id").values_list("type", flat=True))


def another_tab(issued: Any, **how: Any) -> Any:
    """A payment page that does not know of the first one: opened from another person's link."""
    return start_payment(issued, return_url=BACK + "2", **how)


def test_a_payment_is_counted_once_however_often_it_is_told(org: Any, issued: Any, gateway: Any) -> None:
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)

    answers = [hook(gateway, issued, started.intent.gateway_id, "evt-1") for _ in range(3)]
    answers.append(hook(gateway, issued, started.intent.gateway_id, "evt-2"))

    assert answers == [APPLIED, KNOWN, KNOWN, APPLIED]
    assert standing(org, issued).state == PAID and types(issued).count("paid") == 1
    assert trial_balance(org) == {"EUR": {CLEARING: 24200, RECEIVABLE: 0, SALES: -24200}}
    assert Allocation.objects.for_org(org).get().amount == 24200


def test_t60_the_payers_link_goes_to_the_bank_and_stays_in_no_table(org: Any, issued: Any, gateway: Any) -> None:
    first = start_payment(issued, return_url=BACK + "-of-somebody?back=1")
    again = start_payment(issued, return_url=BACK + "-of-somebody?back=1")

    assert first.intent.pk == again.intent.pk, "a second press leads to the same payment"
    assert not any("of-somebody" in str(value) for row in Intent.objects.for_org(org).values() for value in row.values())


def test_t73_the_redirect_alone_pays_nothing(org: Any, issued: Any, gateway: Any) -> None:
    """T73"""
    start_payment(issued, return_url=BACK)

    refresh(issued)

    assert standing(org, issued).state == AWAITING


def test_the_return_asks_the_gateway_and_needs_no_webhook(org: Any, issued: Any, gateway: Any) -> None:
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)

    refresh(issued)

    assert standing(org, issued).state == PAID


@pytest.mark.parametrize(
    "lie",
    [{"amount": 24199}, {"amount": 24201}, {"currency": "USD"}, {"merchant": "someone"}, {"reference": "other"}],
    ids=lambda lie: str(lie),
)
def test_t72_what_does_not_fit_its_invoice_is_not_paid_and_raises_one_alarm(org: Any, issued: Any, gateway: Any, lie: dict[str, Any]) -> None:
    """T72"""
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)
    body = gateway.webhook(started.intent.gateway_id)
    gateway.lie(started.intent.gateway_id, **lie)

    receive(org.pk, "bank", {}, body)
    receive(org.pk, "bank", {}, body.replace(b"|", b"-again|", 1))

    assert standing(org, issued).state == AWAITING and balance(org, issued, CLEARING) == 0
    assert Alarm.objects.for_org(org).get().kind == f"mismatch-{next(iter(lie))}"
    assert types(issued).count("payment-alarm") == 1


def test_t72_another_payment_under_our_reference_is_an_alarm(org: Any, issued: Any, gateway: Any) -> None:
    """T72: a real payment of another invoice, announced with our reference."""
    started = start_payment(issued, return_url=BACK)
    gateway.payments["pay_other"] = gateway.payments[started.intent.gateway_id].__class__(
        "pay_other", "succeeded", 24200, "EUR", started.intent.organisation_id.hex, started.intent.reference, "https://x.example"
    )

    hook(gateway, issued, "pay_other")

    assert standing(org, issued).state == AWAITING and Alarm.objects.for_org(org).get().kind == "mismatch-id"


def test_t74_two_tabs_of_one_payer_share_one_payment(issued: Any, gateway: Any) -> None:
    first = start_payment(issued, return_url=BACK)
    second = start_payment(issued, return_url=BACK)

    assert first.url == second.url and len(gateway.payments) == 1


def test_t74_two_payers_at_once_one_counts_the_other_goes_back(org: Any, issued: Any, gateway: Any) -> None:
    """T74"""
    first, second = start_payment(issued, return_url=BACK), another_tab(issued)
    for started in (first, second):
        gateway.pay(started.intent.gateway_id)
        hook(gateway, issued, started.intent.gateway_id)
    assert standing(org, issued).state == OVERPAID
    assert trial_balance(org)["EUR"] == {CLEARING: 48400, RECEIVABLE: 0, REFUNDS_DUE: -24200, SALES: -24200}

    assert send_refunds() == 1

    assert standing(org, issued).state == PAID and types(issued).count("paid") == 1 and "paid-twice" in types(issued)
    assert gateway.payments[second.intent.gateway_id].refunded == 24200
    assert gateway.payments[first.intent.gateway_id].refunded == 0
    assert send_refunds() == 0


def test_t75_parts_add_up_and_too_much_is_refused(org: Any, issued: Any, gateway: Any, parts_allowed: Any) -> None:
    """T75"""
    part = start_payment(issued, return_url=BACK, amounts={issued.pk: 10000})
    gateway.pay(part.intent.gateway_id)
    hook(gateway, issued, part.intent.gateway_id)
    assert standing(org, issued).state == PARTLY_PAID and balance(org, issued) == 14200

    with pytest.raises(TooMuch):
        start_payment(issued, return_url=BACK, amounts={issued.pk: 14201})
    rest = start_payment(issued, return_url=BACK)
    gateway.pay(rest.intent.gateway_id)
    hook(gateway, issued, rest.intent.gateway_id)

    assert standing(org, issued).state == PAID
    with pytest.raises(NothingToPay):
        start_payment(issued, return_url=BACK)


def test_t75_overlapping_part_leaves_only_its_excess_to_refund(org: Any, issued: Any, gateway: Any, parts_allowed: Any) -> None:
    """T75: over"""
    part, whole = start_payment(issued, return_url=BACK, amounts={issued.pk: 10000}), start_payment(issued, return_url=BACK)
    for started in (part, whole):
        gateway.pay(started.intent.gateway_id)
        hook(gateway, issued, started.intent.gateway_id)

    assert Refund.objects.for_org(org).get().amount == 10000
    send_refunds()
    assert trial_balance(org)["EUR"] == {CLEARING: 24200, RECEIVABLE: 0, REFUNDS_DUE: 0, SALES: -24200}


def test_t75_refund_told_before_its_payment_is_right_in_the_end(org: Any, issued: Any, gateway: Any) -> None:
    """T75: out of order"""
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)
    paid = gateway.webhook(started.intent.gateway_id)
    gateway.refund_without_us(started.intent.gateway_id, 5000)

    hook(gateway, issued, started.intent.gateway_id)
    receive(org.pk, "bank", {}, paid)

    figures = standing(org, issued)
    assert (figures.received, figures.returned, figures.balance, figures.state) == (24200, 5000, 5000, PARTLY_PAID)
    assert Refund.objects.for_org(org).get().reason == Refund.EXTERNAL


def test_requested_refund_with_a_lost_answer_is_made_once(org: Any, issued: Any, gateway: Any, actor: Any) -> None:
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)
    refresh(issued)
    request_refund(issued, amount=4200, actor=actor)
    assert standing(org, issued).state == OVERPAID or standing(org, issued).refunds_due == 4200

    gateway.fail_next = True
    with clock.frozen(clock.now()) as moment:
        assert send_refunds() == 0
        assert send_refunds() == 0  # its pause is not over
        moment.forward(minutes=10)
        assert send_refunds() == 1

    assert gateway.payments[started.intent.gateway_id].refunded == 4200
    assert balance(org, issued) == 4200 and balance(org, issued, REFUNDS_DUE) == 0
    with pytest.raises(NotRefundable):
        request_refund(issued, amount=20001, actor=actor)


def test_webhook_of_a_refund_that_overtakes_our_answer_is_not_posted_twice(org: Any, issued: Any, gateway: Any, actor: Any) -> None:
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)
    refresh(issued)
    request_refund(issued, actor=actor)
    gateway.fail_next = True
    send_refunds()  # the gateway did it, its answer was lost

    hook(gateway, issued, started.intent.gateway_id)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        send_refunds()

    assert Refund.objects.for_org(org).get().status == Refund.SUCCEEDED
    assert types(issued).count("refunded") == 1 and balance(org, issued, REFUNDS_DUE) == 0


def test_a_refund_that_the_gateway_refuses_stays_owed_and_raises_an_alarm(org: Any, issued: Any, gateway: Any, actor: Any) -> None:
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)
    refresh(issued)
    request_refund(issued, actor=actor)
    gateway.lie(started.intent.gateway_id, status="failed")

    assert send_refunds() == 0

    assert Refund.objects.for_org(org).get().status == Refund.REFUSED
    assert Alarm.objects.for_org(org).get().kind == "refund-refused" and balance(org, issued, REFUNDS_DUE) == -24200


def test_lost_answer_at_the_start_is_asked_for_again(issued: Any, gateway: Any) -> None:
    gateway.fail_next = True
    with pytest.raises(GatewayDown):
        start_payment(issued, return_url=BACK)

    started = start_payment(issued, return_url=BACK)

    assert started.url and len(gateway.payments) == 1 and Intent.objects.for_org(issued.organisation_id).count() == 1


def test_t76_webhook_before_its_payment_is_known_is_kept_and_applied(org: Any, issued: Any, gateway: Any) -> None:
    """T76: the answer to `create` is still on its way when the payer has paid."""
    gateway.fail_next = True
    with pytest.raises(GatewayDown):
        start_payment(issued, return_url=BACK)
    (gateway_id,) = gateway.payments
    gateway.pay(gateway_id)
    body = gateway.webhook(gateway_id)
    stray = body.replace(gateway.payments[gateway_id].reference.encode(), b"unknown")

    assert receive(org.pk, "bank", {}, stray) == KEPT and standing(org, issued).state == AWAITING
    assert receive(org.pk, "bank", {}, body.replace(b"|", b"-2|", 1)) == APPLIED

    assert standing(org, issued).state == PAID
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert apply_kept() == 1 and standing(org, issued).received == 24200


def test_webhook_while_the_gateway_is_down_is_kept_and_applied_later(org: Any, issued: Any, gateway: Any) -> None:
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)
    gateway.fail_next = True
    assert hook(gateway, issued, started.intent.gateway_id) == KEPT

    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert sweep()["kept"] == 1

    assert standing(org, issued).state == PAID


def test_t91_a_poisoned_webhook_is_parked_and_the_rest_flows(org: Any, issued: Any, gateway: Any) -> None:
    """T91"""
    receive(org.pk, "bank", {}, b"evt-poison|pay_nowhere|Wnothing")
    with clock.frozen(clock.now()) as moment:
        for _ in range(ATTEMPTS_MAX):
            apply_kept()
            moment.forward(days=1)
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)

    assert hook(gateway, issued, started.intent.gateway_id) == APPLIED

    assert Hook.objects.for_org(org).get(event_id="evt-poison").parked
    assert apply_kept() == 0


def test_lost_webhooks_are_made_good_by_the_sweep(org: Any, issued: Any, gateway: Any) -> None:
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)

    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert sweep()["asked"] == 1

    assert standing(org, issued).state == PAID


def test_a_payment_weeks_later_with_a_lost_webhook_is_found_within_a_day(org: Any, issued: Any, gateway: Any, monkeypatch: Any) -> None:
    """A bill, or a page without an end: asked for with growing pauses, at most a day apart, for sixty days."""
    from wasl.app.payments import sweep as worker

    started, start = start_payment(issued, return_url=BACK), clock.now()
    asked: list[float] = []
    monkeypatch.setattr(worker, "_ask", lambda *_: bool(asked.append((clock.now() - start).total_seconds() / 3600)))
    for hour in range(0, 70 * 24, 6):
        with clock.frozen(start + timedelta(hours=hour, minutes=3)):
            worker.sweep()

    assert asked[-1] > 58 * 24 and asked[-1] < 60 * 24, "then no more"
    assert max(later - before for before, later in pairwise(asked)) <= 30 and len(asked) < 80
    monkeypatch.undo()
    gateway.pay(started.intent.gateway_id)
    Intent.objects.for_org(org).filter(pk=started.intent.pk).update(next_check_at=start)
    with clock.frozen(start + timedelta(days=40)):
        assert sweep()["asked"] == 1
    assert standing(org, issued).state == PAID


def test_the_page_nobody_needs_any_more_is_closed(org: Any, issued: Any, gateway: Any) -> None:
    first, second = start_payment(issued, return_url=BACK), another_tab(issued)
    gateway.pay(first.intent.gateway_id)
    hook(gateway, issued, first.intent.gateway_id)

    with clock.frozen(clock.now() + timedelta(minutes=5)):
        sweep()

    assert gateway.payments[second.intent.gateway_id].status == "cancelled"
    assert Intent.objects.for_org(org).get(pk=second.intent.pk).status == Intent.CANCELLED


def test_another_organisation_cannot_settle_our_payment(make_org: Any, issued: Any, gateway: Any) -> None:
    stranger = make_org()
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)

    assert receive(stranger.pk, "bank", {}, gateway.webhook(started.intent.gateway_id)) == KEPT

    assert standing(issued.organisation_id, issued).state == AWAITING


def test_a_mail_about_a_paid_invoice_does_not_ask_for_money(issued: Any, gateway: Any) -> None:
    from wasl.app.delivery.compose import facts_of
    from wasl.app.delivery.send import deliver

    delivery = deliver(issued, recipient="nadir@y.example")
    assert facts_of(delivery, (), has_proof=True).can_pay
    started = start_payment(issued, return_url=BACK)
    gateway.pay(started.intent.gateway_id)
    refresh(issued)

    assert not facts_of(delivery, (), has_proof=True).can_pay


@pytest.mark.parametrize("amount", [0, -1, 24201, 10**18])
def test_t77_an_absurd_amount_starts_no_payment(issued: Any, gateway: Any, amount: int) -> None:
    with pytest.raises(TooMuch):
        start_payment(issued, return_url=BACK, amounts={issued.pk: amount})

    assert gateway.payments == {}
