"""The rest of the books, one story each: several invoices, credit, transfers and their undoing, write-off, early payment, parts,
another currency, refunds with two people, chargebacks, payouts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.invoicing.credit import credit as credit_note
from wasl.app.payments import credit
from wasl.app.payments.attempts import NotOneAccount, PartNotAllowed
from wasl.app.payments.drivers.port import Payout as GatewayPayout
from wasl.app.payments.drivers.port import PayoutItem
from wasl.app.payments.early import DiscountTooLarge, due_now, offer_early
from wasl.app.payments.exchange import Rate, RateMissing
from wasl.app.payments.journal import (
    BANK,
    CLEARING,
    CREDIT,
    DISCOUNT,
    DISPUTED,
    EXCHANGE,
    FEES,
    REFUNDS_DUE,
    UNMATCHED,
    WRITE_OFF,
    balance,
    trial_balance,
)
from wasl.app.payments.models import Alarm, Conversion, Dispute, Intent, Refund
from wasl.app.payments.pay import refresh, start_payment
from wasl.app.payments.payouts import PayoutDoesNotAddUp, post_payout
from wasl.app.payments.plans import PlanDoesNotFit, agree_plan, plan_of
from wasl.app.payments.receive import OtherReceipt, ReceiptUsed, SharesDoNotFit, match_receipt, receive_transfer, undo_transfer, unmatched_of
from wasl.app.payments.refunds import NotRefundable, OwnRequest, approve_refund, refuse_refund, request_refund, sent_by_hand
from wasl.app.payments.refunds_out import send_refunds
from wasl.app.payments.settle import settle
from wasl.app.payments.standing import AWAITING, PAID, PARTLY_PAID, WRITTEN_OFF, standing
from wasl.app.payments.terms import change_settings
from wasl.app.payments.writeoff import NotSoMuchOpen, ReasonMissing, write_off
from wasl.app.tenancy.actor import Actor

pytestmark = pytest.mark.django_db
BACK = "http://127.0.0.1:8000/i/token"
ONE, OTHER = Actor.operator("one"), Actor.operator("other")


@pytest.fixture
def bill(org: Any, make_invoice: Any, actor: Any) -> Any:
    """Issue another invoice of 242.00 to the same customer."""
    from wasl.app.invoicing.customers import add_customer
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    customer = add_customer(org, actor=actor, name="Leuven Lab", country="BE")
    return lambda **more: Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(**more), actor=actor, customer_id=customer.pk).invoice_id)


def paid(gateway: Any, invoices: Any, **how: Any) -> Any:
    """Pay at the gateway and come back."""
    intent = start_payment(invoices, return_url=BACK, **how).intent
    gateway.pay(intent.gateway_id)
    refresh(invoices[0] if isinstance(invoices, list) else invoices)
    return intent


def books(org: Any, currency: str = "EUR") -> dict[str, int]:
    return {account: amount for account, amount in trial_balance(org)[currency].items() if amount}


def test_one_payment_pays_three_invoices_and_a_refund_of_one_leaves_the_others(org: Any, bill: Any, gateway: Any) -> None:
    invoices = [bill() for _ in range(3)]
    intent = paid(gateway, invoices)

    assert intent.amount == 3 * 24200 and [standing(org, each).state for each in invoices] == [PAID] * 3
    request_refund(invoices[1], amount=4200, actor=ONE)
    assert send_refunds() == 1

    assert [balance(org, each) for each in invoices] == [0, 4200, 0]
    with pytest.raises(NotRefundable):
        request_refund(invoices[1], amount=20001, actor=ONE)


def test_invoices_of_two_sellers_or_one_invoice_twice_are_not_one_payment(
    org: Any, make_org: Any, bill: Any, make_invoice: Any, actor: Any, gateway: Any
) -> None:
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    stranger = make_org()
    theirs = Invoice.objects.for_org(stranger).get(pk=issue(stranger, make_invoice(), actor=actor).invoice_id)
    ours = bill()
    for wrong in ([ours, theirs], [ours, ours], []):
        with pytest.raises(NotOneAccount):
            start_payment(wrong, return_url=BACK)


def test_a_refund_made_at_the_gateway_comes_off_the_last_invoice_first(org: Any, bill: Any, gateway: Any) -> None:
    invoices = [bill(), bill()]
    intent = paid(gateway, invoices)
    gateway.refund_without_us(intent.gateway_id, 30000)
    settle(org, intent.pk, gateway.fetch(intent.gateway_id))
    settle(org, intent.pk, gateway.fetch(intent.gateway_id))

    assert [balance(org, each) for each in invoices] == [5800, 24200]


def test_t75_too_much_becomes_credit_which_pays_the_next_invoice_or_goes_back(org: Any, bill: Any, gateway: Any, parts_allowed: Any) -> None:
    """T75: over"""
    first, second = bill(), bill()
    part = start_payment(first, return_url=BACK, amounts={first.pk: 10000}).intent
    whole = start_payment(first, return_url=BACK + "2").intent
    for intent in (part, whole):
        gateway.pay(intent.gateway_id)
    refresh(first)
    assert books(org)[CREDIT] == -10000 and not Refund.objects.for_org(org).exists()

    assert credit.apply(second, amount=4000, actor=ONE) == 4000
    assert credit.balance_of(org, first.customer_id, "EUR") == 6000 and balance(org, second) == 20200
    with pytest.raises(credit.NotSoMuchCredit):
        credit.apply(second, amount=6001, actor=ONE)
    (refund,) = credit.give_back(org, first.customer_id, "EUR", actor=ONE)
    assert send_refunds() == 1

    assert refund.intent_id in (part.pk, whole.pk) and credit.balance_of(org, first.customer_id, "EUR") == 0
    assert gateway.held() == books(org)[CLEARING] == 34200 - 6000


def test_t75_what_the_payer_asked_for_comes_back_at_once(org: Any, bill: Any, gateway: Any, parts_allowed: Any) -> None:
    """T75: over"""
    invoice = bill()
    part = start_payment(invoice, return_url=BACK, amounts={invoice.pk: 10000}).intent
    whole = start_payment(invoice, return_url=BACK + "2", wants_back=True).intent
    for intent in (part, whole):
        gateway.pay(intent.gateway_id)
        refresh(invoice)

    assert Refund.objects.for_org(org).get().amount == 10000 and CREDIT not in books(org)


def test_a_transfer_counts_once_and_what_is_left_is_credit_or_unmatched(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    how: dict[str, Any] = {"amount": 30000, "currency": "EUR", "at": clock.now(), "payer_name": "Leuven Lab", "reference": "RF18"}
    known = receive_transfer(org, key="line-1", shares={invoice.pk: 24200}, **how)
    assert receive_transfer(org, key="line-1", shares={invoice.pk: 24200}, **how).pk == known.pk
    nobodys = receive_transfer(org, key="line-2", **how)

    assert books(org) | {"sales": 0} == {BANK: 60000, CREDIT: -5800, UNMATCHED: -30000, "sales": 0}
    with pytest.raises(OtherReceipt):
        receive_transfer(org, key="line-1", **(how | {"amount": 1}))
    other = bill()
    for wrong in ({other.pk: 30001}, {other.pk: 0}):
        with pytest.raises(SharesDoNotFit):
            match_receipt(nobodys, wrong, actor=ONE)
    match_receipt(nobodys, {other.pk: 24200}, actor=ONE)

    assert standing(org, other).state == PAID and unmatched_of(nobodys) == 0 and credit.balance_of(org, other.customer_id, "EUR") == 2 * 5800


def test_an_undone_transfer_leaves_no_trace_in_the_balances(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    before = books(org)
    receipt = receive_transfer(org, key="k", amount=30000, currency="EUR", at=clock.now(), shares={invoice.pk: 24200})

    undo_transfer(receipt, actor=ONE, reason="another customer's")
    undo_transfer(receipt, actor=ONE, reason="again")

    assert books(org) == before and standing(org, invoice).state == AWAITING


def test_a_receipt_whose_credit_was_spent_is_not_undone(org: Any, bill: Any, gateway: Any) -> None:
    invoice, next_one = bill(), bill()
    receipt = receive_transfer(org, key="k", amount=30000, currency="EUR", at=clock.now(), shares={invoice.pk: 24200})
    credit.apply(next_one, actor=ONE)

    with pytest.raises(ReceiptUsed):
        undo_transfer(receipt, actor=ONE, reason="mistake")


def test_another_sellers_receipt_cannot_be_touched(org: Any, make_org: Any, make_person: Any, bill: Any, gateway: Any) -> None:
    from wasl.app.tenancy.organisations import add_member

    person = make_person()
    add_member(make_org(), person, "owner", actor=ONE)
    receipt = receive_transfer(org, key="k", amount=100, currency="EUR", at=clock.now())
    for act in (
        lambda a: undo_transfer(receipt, actor=a, reason="x"),
        lambda a: match_receipt(receipt, {}, actor=a),
        lambda a: write_off(bill(), reason="x", actor=a),
    ):
        with pytest.raises(NotFound):
            act(Actor.of(person))


def test_money_in_another_currency_keeps_its_rate(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    rates = {"EUR": Rate(Decimal("0.92"), "ECB 2026-11-27")}
    how: dict[str, Any] = {"amount": 26304, "currency": "USD", "at": clock.now(), "shares": {invoice.pk: 26304}}
    with pytest.raises(SharesDoNotFit):
        receive_transfer(org, key="k", **how)
    with pytest.raises(RateMissing):
        receive_transfer(org, key="k", rates={"EUR": Rate(Decimal(0))}, **how)
    receipt = receive_transfer(org, key="k", rates=rates, **how)

    kept = Conversion.objects.for_org(org).get()
    assert (kept.paid_amount, kept.counted_amount, kept.rate, kept.source) == (26304, 24200, Decimal("0.92"), "ECB 2026-11-27")
    assert standing(org, invoice).state == PAID
    assert books(org, "USD") == {BANK: 26304, EXCHANGE: -26304} and books(org)[EXCHANGE] == 24200
    undo_transfer(receipt, actor=ONE, reason="mistake")
    assert books(org, "USD") == {} and EXCHANGE not in books(org)


def test_a_write_off_needs_a_reason_and_comes_back_when_the_money_does(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    with pytest.raises(ReasonMissing):
        write_off(invoice, reason=" ", actor=ONE)
    with pytest.raises(NotSoMuchOpen):
        write_off(invoice, 24201, reason="insolvent", actor=ONE)
    write_off(invoice, reason="insolvent", actor=ONE)
    assert standing(org, invoice).state == WRITTEN_OFF and books(org)[WRITE_OFF] == 24200

    receive_transfer(org, key="k", amount=10000, currency="EUR", at=clock.now(), shares={invoice.pk: 10000})

    figures = standing(org, invoice)
    assert (figures.received, figures.forgiven, figures.balance) == (10000, 14200, 0) and not Refund.objects.for_org(org).exists()


def test_a_credit_note_takes_back_what_was_given_up(org: Any, bill: Any, gateway: Any) -> None:
    """What was never owed cannot have been given up: the invoice does not fall below zero, and money that comes later still counts."""
    invoice = bill()
    write_off(invoice, 14200, reason="insolvent", actor=ONE)
    receive_transfer(org, key="k", amount=10000, currency="EUR", at=clock.now(), shares={invoice.pk: 10000})
    credit_note(org, invoice, amount=Decimal("200.00"), reason="returned", actor=ONE)

    figures = standing(org, invoice)
    assert (figures.credited, figures.forgiven, figures.balance) == (20000, 0, -5800), "5,800 of the 10,000 paid is the customer's"
    assert WRITE_OFF not in books(org)
    request_refund(invoice, actor=ONE, amount=5800)
    assert standing(org, invoice).balance == 0


def test_a_credit_note_of_the_whole_takes_the_early_discount_with_it(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    change_settings(org, actor=ONE, early_percent=Decimal("2"), early_days=10)
    paid(gateway, invoice)
    credit_note(org, invoice, reason="returned", actor=ONE)
    request_refund(invoice, actor=ONE)

    figures = standing(org, invoice)
    assert (figures.forgiven, figures.returned, figures.balance) == (0, 23716, 0) and DISCOUNT not in books(org)


def test_who_pays_early_pays_less_and_who_pays_late_does_not(org: Any, bill: Any, gateway: Any) -> None:
    early, late, own = bill(), bill(), bill()
    change_settings(org, actor=ONE, early_percent=Decimal("2"), early_days=10)
    with pytest.raises(DiscountTooLarge):
        offer_early(own, amount=24200, until=own.issue_date, actor=ONE)
    offer_early(own, amount=1000, until=own.issue_date + timedelta(days=3), actor=ONE)
    assert [due_now(each, clock.now()) for each in (early, own)] == [(23716, 484), (23200, 1000)]

    assert paid(gateway, early).amount == 23716
    with clock.frozen(clock.now() + timedelta(days=11)):
        assert paid(gateway, late).amount == 24200

    assert [standing(org, each).state for each in (early, late)] == [PAID, PAID] and books(org)[DISCOUNT] == 484


def test_parts_only_where_the_seller_allows_them_or_as_agreed(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    with pytest.raises(PartNotAllowed):
        start_payment(invoice, return_url=BACK, amounts={invoice.pk: 5000})
    day = invoice.issue_date
    for wrong in ([(day, 24201)], [(day, 0), (day, 24200)], [(day, 12100), (day, 12100)], []):
        with pytest.raises(PlanDoesNotFit):
            agree_plan(invoice, wrong, actor=ONE)
    agree_plan(invoice, [(day, 4200), (day + timedelta(days=30), 10000), (day + timedelta(days=60), 10000)], actor=ONE, deposit=True)
    with pytest.raises(PartNotAllowed):
        start_payment(invoice, return_url=BACK, amounts={invoice.pk: 5000})

    paid(gateway, invoice, amounts={invoice.pk: 4200})

    assert standing(org, invoice).state == PARTLY_PAID
    assert [(part.left, part.is_deposit) for part in plan_of(invoice)] == [(0, True), (10000, False), (10000, False)]
    paid(gateway, invoice, amounts={invoice.pk: 20000})
    assert standing(org, invoice).state == PAID


def test_a_large_refund_waits_for_a_second_person(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    change_settings(org, actor=ONE, refund_approval_above=10000)
    paid(gateway, invoice)
    (small,), (large,) = request_refund(invoice, amount=10000, actor=ONE), request_refund(invoice, amount=10001, actor=ONE)
    assert small.status == Refund.QUEUED and large.status == Refund.WAITING and standing(org, invoice).refunds_due == 10000
    with pytest.raises(NotRefundable):
        request_refund(invoice, amount=4200, actor=ONE)  # what is asked for is promised already
    with pytest.raises(OwnRequest):
        approve_refund(large, actor=ONE)

    approve_refund(large, actor=OTHER)

    assert send_refunds() == 2 and gateway.held() == 24200 - 20001
    (rest,) = request_refund(invoice, actor=ONE)
    assert (rest.status, rest.amount) == (Refund.WAITING, 4199), "in pieces it is as large"


def test_a_refund_that_is_not_wanted_any_more_books_nothing(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    change_settings(org, actor=ONE, refund_approval_above=0)
    paid(gateway, invoice)
    (asked,) = request_refund(invoice, actor=ONE)

    refuse_refund(asked, actor=OTHER, reason="not agreed")

    assert send_refunds() == 0 and standing(org, invoice).state == PAID and request_refund(invoice, actor=ONE)


def test_what_came_by_transfer_goes_back_by_hand_or_stays_as_credit(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    receive_transfer(org, key="k", amount=24200, currency="EUR", at=clock.now(), shares={invoice.pk: 24200})
    request_refund(invoice, amount=4200, actor=ONE, to_credit=True)
    (by_hand,) = request_refund(invoice, amount=10000, actor=ONE)

    assert send_refunds() == 0
    sent_by_hand(by_hand, actor=ONE, reference="our transfer 7")

    assert books(org)[BANK] == 14200 and balance(org, invoice) == 14200 and books(org)[CREDIT] == -4200


def test_a_chargeback_is_contested_then_won_or_lost(org: Any, bill: Any, gateway: Any) -> None:
    invoices = [bill(), bill()]
    intent = paid(gateway, invoices)
    dispute = gateway.contest(intent.gateway_id, 30000)
    see(org, intent, gateway)
    assert [standing(org, each).state for each in invoices] == [PAID, PAID]
    assert [standing(org, each).disputed for each in invoices] == [5800, 24200] and books(org)[DISPUTED] == 30000
    with pytest.raises(NotRefundable):
        request_refund(invoices[0], amount=18401, actor=ONE)

    gateway.decide(intent.gateway_id, dispute, "lost")
    see(org, intent, gateway)
    assert [balance(org, each) for each in invoices] == [5800, 24200] and DISPUTED not in books(org)

    gateway.decide(intent.gateway_id, dispute, "won")
    see(org, intent, gateway)
    assert [standing(org, each).state for each in invoices] == [PAID, PAID] and books(org)[CLEARING] == 48400


def see(org: Any, intent: Any, gateway: Any) -> None:
    """The gateway is asked, twice: the second time changes nothing."""
    for _ in range(2):
        settle(org, intent.pk, gateway.fetch(intent.gateway_id))


def test_a_second_payment_that_is_contested_before_it_went_back_is_not_lost_twice(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    first, second = start_payment(invoice, return_url=BACK).intent, start_payment(invoice, return_url=BACK + "2").intent
    for intent in (first, second):
        gateway.pay(intent.gateway_id)
        refresh(invoice)
    dispute = gateway.contest(second.gateway_id, 24200)
    see(org, second, gateway)
    assert send_refunds() == 0 and Refund.objects.for_org(org).get().status == Refund.QUEUED, "contested money is not sent a second time"
    gateway.decide(second.gateway_id, dispute, "lost")
    see(org, second, gateway)

    assert send_refunds() == 0 and books(org) == {CLEARING: 24200, "sales": -24200} and REFUNDS_DUE not in books(org)
    assert standing(org, invoice).state == PAID and Refund.objects.for_org(org).get().status == Refund.DROPPED


def test_a_dispute_that_changes_its_amount_or_turns_after_it_was_won_is_for_a_person(org: Any, bill: Any, gateway: Any) -> None:
    intent = paid(gateway, bill())
    dispute = gateway.contest(intent.gateway_id, 100)
    gateway.decide(intent.gateway_id, dispute, "won")
    see(org, intent, gateway)
    gateway.decide(intent.gateway_id, dispute, "lost")
    see(org, intent, gateway)

    assert Alarm.objects.for_org(org).get().kind == "dispute-unclear" and Dispute.objects.for_org(org).get().state == Dispute.WON


def test_a_payout_brings_the_fees_and_shows_what_the_books_lack(org: Any, bill: Any, gateway: Any) -> None:
    intent = paid(gateway, bill())
    items = (
        PayoutItem("payment", intent.gateway_id, 24200, 500, 23700),
        PayoutItem("payment", "pay_unknown", 1000, 20, 980),
        PayoutItem("fee", "", 0, 15, -15),
    )
    told = GatewayPayout("po_1", "EUR", 24665, clock.now(), items)
    with pytest.raises(PayoutDoesNotAddUp):
        post_payout(org, "bank", GatewayPayout("po_1", "EUR", 24666, clock.now(), items))

    booked, again = post_payout(org, "bank", told), post_payout(org, "bank", told)

    assert (booked.is_new, booked.unknown, again.is_new) == (True, 1, False)
    assert books(org) == {BANK: 24665, FEES: 535, UNMATCHED: -1000, "sales": -24200}


def test_a_pending_refund_is_booked_when_it_arrives_and_asked_for_once(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    intent = paid(gateway, invoice)
    gateway.slow_refunds = True
    request_refund(invoice, actor=ONE)
    assert send_refunds() == 0 and books(org)[REFUNDS_DUE] == -24200
    gateway.refunds_arrive(intent.gateway_id)

    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert send_refunds() == 1

    assert len(gateway.refund_keys) == 1 and REFUNDS_DUE not in books(org) and Intent.objects.for_org(org).get().refunded == 24200


def test_a_pending_refund_that_fails_is_not_booked(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    intent = paid(gateway, invoice)
    gateway.slow_refunds = True
    request_refund(invoice, actor=ONE)
    send_refunds()
    see(org, intent, gateway)

    assert books(org)[REFUNDS_DUE] == -24200 and books(org)[CLEARING] == 24200
