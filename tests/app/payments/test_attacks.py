"""What a thief, a clerk who errs and an unlucky day try with the books. Afterwards the books must add up: the gateway looks after each test."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.payments import credit
from wasl.app.payments.drivers.port import FAILED, SUCCEEDED, GatewayDown
from wasl.app.payments.early import offer_early
from wasl.app.payments.exchange import Rate
from wasl.app.payments.journal import CLEARING, REFUNDS_DUE, WRITE_OFF, balance, trial_balance
from wasl.app.payments.models import Alarm, Refund, SavedMethod
from wasl.app.payments.pay import refresh, start_payment
from wasl.app.payments.pay_saved import pay_saved
from wasl.app.payments.receive import ReceiptUsed, receive_transfer, undo_transfer
from wasl.app.payments.refunds import request_refund, sent_by_hand
from wasl.app.payments.refunds_out import send_refunds
from wasl.app.payments.settle import settle
from wasl.app.payments.terms import change_settings
from wasl.app.payments.writeoff import write_off
from wasl.app.tenancy.actor import Actor

pytestmark = pytest.mark.django_db
BACK = "http://127.0.0.1:8000/i/token"
ONE = Actor.operator("one")


@pytest.fixture
def bill(org: Any, make_invoice: Any, actor: Any, gateway: Any) -> Any:
    """Issue another invoice of 242.00 to the same customer."""
    from wasl.app.invoicing.customers import add_customer
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    customer = add_customer(org, actor=actor, name="Leuven Lab", country="BE")
    return lambda: Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(), actor=actor, customer_id=customer.pk).invoice_id)


def transfer(org: Any, key: str, amount: int, invoice: Any, **how: Any) -> Any:
    how = {"currency": "EUR", "at": clock.now(), "actor": ONE} | how
    return receive_transfer(org, key=key, amount=amount, shares={invoice.pk: amount}, **how)


def paid(gateway: Any, invoice: Any) -> Any:
    intent = start_payment(invoice, return_url=BACK).intent
    gateway.pay(intent.gateway_id)
    refresh(invoice)
    return intent


def test_a_transfer_that_was_given_back_since_is_not_undone_too_or_the_invoice_would_ask_for_it_twice(org: Any, bill: Any) -> None:
    invoice = bill()
    first, second = transfer(org, "a", 14200, invoice), transfer(org, "b", 10000, invoice)
    for refund in request_refund(invoice, amount=10000, actor=ONE):
        sent_by_hand(refund, actor=ONE)
    with pytest.raises(ReceiptUsed):
        for receipt in (first, second):
            undo_transfer(receipt, actor=ONE, reason="whose?")
    assert balance(org, invoice) <= 24200


def test_a_wrong_transfer_on_what_was_written_off_leaves_it_written_off_when_it_is_undone(org: Any, bill: Any) -> None:
    invoice = bill()
    write_off(invoice, reason="bankrupt", actor=ONE)
    receipt = transfer(org, "a", 24200, invoice)
    assert balance(org, invoice, WRITE_OFF) == 0
    undo_transfer(receipt, actor=ONE, reason="another customer's")

    assert (balance(org, invoice), balance(org, invoice, WRITE_OFF)) == (0, 24200)  # nobody is reminded of it again


def test_what_became_credit_in_another_currency_is_looked_for_in_that_one(org: Any, bill: Any) -> None:
    invoice, later = bill(), bill()
    par = {"EUR": Rate(Decimal(1))}
    receipt = transfer(org, "a", 30000, invoice, currency="USD", rates=par)
    assert credit.balance_of(org, invoice.customer_id, "EUR") == 5800
    undo_transfer(receipt, actor=ONE, reason="whose?")
    assert (balance(org, invoice), credit.balance_of(org, invoice.customer_id, "EUR")) == (24200, 0)

    receipt = transfer(org, "b", 30000, invoice, currency="USD", rates=par)
    credit.apply(later, amount=5000, actor=ONE)
    with pytest.raises(ReceiptUsed):
        undo_transfer(receipt, actor=ONE, reason="whose?")


@pytest.mark.parametrize(("days", "left"), [(1, 0), (40, 2000)])
def test_a_page_or_bill_opened_in_time_and_paid_weeks_later_has_no_discount(org: Any, bill: Any, gateway: Any, days: int, left: int) -> None:
    invoice = bill()
    offer_early(invoice, amount=2000, until=clock.now().date(), actor=ONE)
    with clock.frozen(clock.now()) as time:
        intent = start_payment(invoice, return_url=BACK).intent
        assert intent.amount == 22200
        time.forward(days=days)
        gateway.pay(intent.gateway_id)
        refresh(invoice)

    assert balance(org, invoice) == left


def test_a_refund_that_the_payers_bank_sends_back_is_owed_again_and_a_person_hears_of_it(org: Any, bill: Any, gateway: Any) -> None:
    invoice = bill()
    intent = paid(gateway, invoice)
    (refund,) = request_refund(invoice, actor=ONE)
    assert send_refunds() == 1
    for status, due, held in ((FAILED, -24200, 24200), (FAILED, -24200, 24200), (SUCCEEDED, 0, 0), (FAILED, -24200, 24200)):
        there = gateway.payments[intent.gateway_id]
        gateway.lie(intent.gateway_id, refunds=tuple(replace(each, status=status) for each in there.refunds))
        settle(org, intent.pk, gateway.fetch(intent.gateway_id))
        books = trial_balance(org)["EUR"]
        assert (books[REFUNDS_DUE], books[CLEARING]) == (due, held)

    assert Alarm.objects.for_org(org).get().kind == "refund-refused"
    sent_by_hand(Refund.objects.for_org(org).get(pk=refund.pk), actor=ONE)
    assert trial_balance(org)["EUR"][REFUNDS_DUE] == 0


def test_a_large_refund_in_pieces_over_invoices_and_credit_waits_for_a_second_person(org: Any, bill: Any, gateway: Any) -> None:
    change_settings(org, actor=ONE, refund_approval_above=10000)
    first, second = bill(), bill()
    paid(gateway, first), paid(gateway, second)
    with clock.frozen(clock.now()) as time:
        pieces = request_refund(first, amount=6000, actor=ONE) + request_refund(second, amount=6000, actor=ONE)
        request_refund(first, amount=6000, actor=ONE, to_credit=True)
        pieces += credit.give_back(org, first.customer_id, "EUR", amount=6000, actor=ONE)
        assert [each.status for each in pieces] == [Refund.QUEUED, Refund.WAITING, Refund.WAITING]

        time.forward(days=31)
        third = bill()
        paid(gateway, third)
        assert [each.status for each in request_refund(third, amount=6000, actor=ONE)] == [Refund.QUEUED]


def test_the_same_sum_divided_otherwise_is_another_charge_of_a_saved_method(org: Any, bill: Any, gateway: Any, parts_allowed: Any) -> None:
    from wasl.app.tenancy.models import Payer

    method = SavedMethod.objects.create(organisation_id=org.pk, payer=Payer.objects.create(), driver="bank", token="tok_1", family="card")
    first, second = bill(), bill()
    gateway.fail_next = True
    with pytest.raises(GatewayDown):
        pay_saved([first, second], method, return_url=BACK, amounts={first.pk: 10000, second.pk: 10000})
    intent = pay_saved([first], method, return_url=BACK, amounts={first.pk: 20000})

    assert (intent.status, balance(org, first), balance(org, second)) == ("succeeded", 4200, 24200)
