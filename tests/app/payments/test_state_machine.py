"""Any order of paying, telling, repeating, refunding, contesting and crediting leaves books that add up to what the gateway holds.

Two invoices of one customer; a gateway that loses answers and lets refunds hang; webhooks in any order and number; transfers that
are undone; refunds that wait for a second person. The gateway is scripted in memory and speaks the port; each driver's name has a run.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule, run_state_machine_as_test

from wasl.app import clock, fsck
from wasl.app.payments import credit
from wasl.app.payments.attempts import NothingToPay, TooMuch
from wasl.app.payments.drivers import port, registry
from wasl.app.payments.drivers.port import GatewayDown, PayoutItem
from wasl.app.payments.drivers.port import Payout as GatewayPayout
from wasl.app.payments.journal import BANK, CLEARING, FEES, WRITE_OFF, balance, trial_balance
from wasl.app.payments.models import Allocation, JournalLine, PaymentSetting, Receipt, Refund
from wasl.app.payments.pay import start_payment
from wasl.app.payments.payouts import post_payout
from wasl.app.payments.receive import ReceiptUsed, SharesDoNotFit, receive_transfer, undo_transfer
from wasl.app.payments.refunds import NotRefundable, NotWaiting, approve_refund, refuse_refund, request_refund, sent_by_hand
from wasl.app.payments.refunds_out import send_refunds
from wasl.app.payments.standing import standing
from wasl.app.payments.sweep import sweep
from wasl.app.payments.webhook import apply_kept, receive
from wasl.app.payments.writeoff import NotSoMuchOpen, take_back_write_off, write_off
from wasl.app.tenancy.actor import Actor
from wasl.invoice.credit import CreditExceeds, NothingToCredit

INVARIANTS = ("journal", "receivable", "payments", "refunds", "balances", "receipts", "credit", "payouts")
TOTAL = 24200
ONE, OTHER = Actor.operator("one"), Actor.operator("other")
amounts = st.integers(1, TOTAL)


class Payments(RuleBasedStateMachine):
    """Two invoices of 242.00; above 150.00 a refund needs a second person."""

    world: ClassVar[dict[str, Any]] = {}
    pages, webhooks, disputes, receipts = Bundle("pages"), Bundle("webhooks"), Bundle("disputes"), Bundle("receipts")

    @initialize()
    def issue(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.gateway = self.world["gateway"](self.world["name"])
        self.placed = registry.placed(self.gateway)
        self.placed.__enter__()
        self.frozen = clock.frozen(self.starts())
        self.clock = self.frozen.__enter__()
        self.org, self.invoices, self.customer = self.world["issue"]()
        self.tabs = self.transfers = self.paid_out = self.fees = 0
        self.by_hand = self.received = 0

    def starts(self) -> datetime:
        return clock.now()

    def later(self, **step: float) -> None:
        self.clock.forward(**step)

    def teardown(self) -> None:
        if not hasattr(self, "savepoint"):
            return
        try:
            self.settle_everything()
        finally:
            self.give_up()

    def give_up(self) -> None:
        self.frozen.__exit__(None, None, None)
        self.placed.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        transaction.set_rollback(False)

    # -- the payer and the gateway ----------------------------------------------------------------------------------------

    @rule(target=pages, amount=st.none() | amounts, both=st.booleans(), same_tab=st.booleans(), loses=st.booleans(), back=st.booleans())
    def open_page(self, amount: int | None, both: bool, same_tab: bool, loses: bool, back: bool) -> Any:
        self.tabs += not same_tab
        self.gateway.fail_next = loses
        wanted = None if amount is None else {self.invoices[0].pk: amount}
        how = {"return_url": f"http://127.0.0.1/{self.tabs}", "amounts": wanted, "wants_back": back}
        try:
            started = start_payment(self.invoices if both else self.invoices[:1], self.gateway.name, **how)
        except (NothingToPay, TooMuch, GatewayDown, *self.world.get("refusals", ())):
            return multiple()
        finally:
            self.gateway.fail_next = False
        return started.intent.gateway_id

    @rule(target=webhooks, page=pages)
    def payer_pays(self, page: str) -> bytes:
        if self.gateway.payments[page].status == "pending":
            self.gateway.pay(page)
        return self.gateway.webhook(page)

    @rule(body=webhooks)
    def webhook_comes(self, body: bytes) -> None:
        self.hear(body)

    @rule(body=consumes(webhooks))
    def webhook_comes_while_the_gateway_is_silent(self, body: bytes) -> None:
        self.gateway.fail_next = True
        self.hear(body)
        self.gateway.fail_next = False

    def hear(self, body: bytes) -> None:
        receive(self.org.pk, self.gateway.name, {}, body)
        apply_kept()

    def free(self, page: str) -> int:
        """What of a payment is neither refunded nor contested at the gateway."""
        payment = self.gateway.payments[page]
        taken = sum(dispute.amount for dispute in payment.disputes if dispute.state != "won")
        return payment.amount - payment.refunded - taken if payment.status == "succeeded" else 0

    @rule(target=webhooks, page=pages, amount=amounts)
    def somebody_refunds_at_the_gateway(self, page: str, amount: int) -> Any:
        if amount > self.free(page):
            return multiple()
        self.gateway.refund_without_us(page, amount)
        return self.gateway.webhook(page)

    @rule(target=disputes, page=pages, part=st.integers(1, 4))
    def the_payers_bank_takes_it_back(self, page: str, part: int) -> Any:
        amount = self.free(page) // part if port.DISPUTES in self.gateway.features else 0
        return (page, self.gateway.contest(page, amount)) if amount else multiple()

    @rule(target=webhooks, dispute=disputes, won=st.booleans())
    def a_dispute_is_decided(self, dispute: tuple[str, str], won: bool) -> bytes:
        page, dispute_id = dispute
        (found,) = [each for each in self.gateway.payments[page].disputes if each.id == dispute_id]
        if found.state == "open" or (found.state == "lost" and won and found.amount <= self.gateway.payments[page].amount):
            self.gateway.decide(page, dispute_id, "won" if won else "lost")
        return self.gateway.webhook(page)

    # -- the seller -------------------------------------------------------------------------------------------------------

    @rule(which=st.integers(0, 1), amount=st.none() | amounts, to_credit=st.booleans())
    def seller_refunds(self, which: int, amount: int | None, to_credit: bool) -> None:
        try:
            request_refund(self.invoices[which], amount=amount, actor=ONE, to_credit=to_credit)
        except NotRefundable:
            return

    @rule(agrees=st.booleans())
    def a_second_person_decides(self, agrees: bool) -> None:
        for refund in Refund.objects.for_org(self.org).filter(status=Refund.WAITING)[:1]:
            try:
                (approve_refund if agrees else refuse_refund)(refund, actor=OTHER)
            except (NotRefundable, credit.NotSoMuchCredit):
                refuse_refund(refund, actor=OTHER)

    @rule(loses=st.booleans(), slow=st.booleans())
    def refunds_are_sent(self, loses: bool, slow: bool) -> None:
        self.later(hours=7)
        self.gateway.fail_next, self.gateway.slow_refunds = loses, slow
        send_refunds()
        self.gateway.fail_next = self.gateway.slow_refunds = False

    @rule()
    def seller_sends_by_hand(self) -> None:
        for refund in Refund.objects.for_org(self.org).filter(status__in=(Refund.QUEUED, Refund.REFUSED))[:1]:
            try:
                sent_by_hand(refund, actor=ONE)
                self.by_hand += refund.amount
            except NotWaiting:
                return

    @rule(which=st.integers(0, 1), amount=amounts)
    def seller_credits(self, which: int, amount: int) -> None:
        from wasl.app.invoicing.credit import credit as credit_note

        try:
            credit_note(self.org, self.invoices[which], amount=Decimal(amount).scaleb(-2), reason="test", actor=ONE)
        except (CreditExceeds, NothingToCredit):
            return

    @rule(which=st.integers(0, 1), amount=st.none() | amounts, back=st.booleans())
    def seller_writes_off(self, which: int, amount: int | None, back: bool) -> None:
        try:
            (take_back_write_off if back else write_off)(self.invoices[which], amount, reason="test", actor=ONE)
        except NotSoMuchOpen:
            return

    @rule(which=st.integers(0, 1), amount=st.none() | amounts)
    def credit_is_used(self, which: int, amount: int | None) -> None:
        try:
            credit.apply(self.invoices[which], amount=amount, actor=ONE)
        except credit.NotSoMuchCredit:
            return

    @rule(amount=st.none() | amounts)
    def credit_is_given_back(self, amount: int | None) -> None:
        try:
            credit.give_back(self.org, self.customer, "EUR", amount=amount, actor=ONE)
        except credit.NotSoMuchCredit:
            return

    @rule(target=receipts, amount=amounts, share=amounts, known=st.booleans(), again=st.booleans())
    def money_is_transferred(self, amount: int, share: int, known: bool, again: bool) -> Any:
        self.transfers += 1
        how = {"key": f"t{self.transfers}", "amount": amount, "currency": "EUR", "at": clock.now(), "customer": self.customer if known else None}
        how["shares"] = {self.invoices[1].pk: share} if share <= amount else {}
        receipt = receive_transfer(self.org, **how)
        if again:
            assert receive_transfer(self.org, **how).pk == receipt.pk
        self.received += amount
        return receipt

    @rule(receipt=receipts)
    def it_was_a_mistake(self, receipt: Receipt) -> None:
        was_undone = Receipt.objects.for_org(self.org).get(pk=receipt.pk).undone_at
        try:
            undo_transfer(receipt, actor=ONE, reason="test")
        except (ReceiptUsed, SharesDoNotFit):
            return
        self.received -= 0 if was_undone else receipt.amount

    @rule(page=pages, fee=st.integers(0, 90))
    def the_gateway_pays_out(self, page: str, fee: int) -> None:
        payment = self.gateway.payments[page]
        if payment.status == "succeeded":
            item = PayoutItem("payment", page, payment.amount, fee, payment.amount - fee)
            booked = post_payout(self.org, self.gateway.name, GatewayPayout(f"po_{page}", "EUR", item.net, clock.now(), (item,)))
            if booked.is_new and not booked.unknown:
                self.paid_out += payment.amount
            if booked.is_new:
                self.received += item.net
                self.fees += fee

    @rule()
    def worker_sweeps(self) -> None:
        self.later(minutes=30)
        sweep()

    # -- what must hold ---------------------------------------------------------------------------------------------------

    @invariant()
    def books_add_up(self) -> None:
        if not hasattr(self, "org"):
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        assert fsck.run(INVARIANTS) == []
        books = trial_balance(self.org)["EUR"]
        assert sum(books.values()) == 0
        assert books.get(BANK, 0) == self.received - self.by_hand and books.get(FEES, 0) == self.fees
        for invoice in self.invoices:
            figures = standing(self.org, invoice)
            assert figures.balance == balance(self.org, invoice) and figures.total == TOTAL
            assert figures.balance >= 0 or not balance(self.org, invoice, WRITE_OFF), "given up, and below zero"
            counted = Allocation.objects.for_org(self.org).filter(invoice_id=invoice.pk).values_list("amount", flat=True)
            assert sum(counted) == figures.received

    @invariant()
    def no_payment_counts_for_more_than_is_owed(self) -> None:
        for invoice in getattr(self, "invoices", ()):
            left = 0
            lines = JournalLine.objects.for_org(self.org).filter(account="receivable", entry__invoice_id=invoice.pk)
            for kind, amount in lines.order_by("entry_id").values_list("entry__kind", "amount"):
                assert kind != "payment" or amount > 0 or left + amount >= 0
                left += amount

    def settle_everything(self) -> None:
        """However it went, once everything is told and sent the books hold exactly what the gateway holds for us, and nothing was
        done twice there: one payment an attempt, one refund a key."""
        for page in self.gateway.payments:
            self.gateway.refunds_arrive(page)
            for dispute in self.gateway.payments[page].disputes:
                if dispute.state == "open":
                    self.gateway.decide(page, dispute.id, "lost")
            self.hear(self.gateway.webhook(page))
        for _ in range(30):
            self.later(hours=13)
            for page in self.gateway.payments:
                self.gateway.refunds_arrive(page)
            sweep()
        for page in self.gateway.payments:
            self.hear(self.gateway.webhook(page))
        self.books_add_up()
        assert trial_balance(self.org)["EUR"].get(CLEARING, 0) == self.gateway.held() - self.paid_out
        assert len(self.gateway.payments) == len(self.gateway.orders)
        stuck = Refund.objects.for_org(self.org).filter(status__in=(Refund.QUEUED, Refund.SENT), intent__isnull=False)
        assert not stuck.exists()
        keys = set(self.gateway.refund_keys)
        assert keys <= {str(pk) for pk in Refund.objects.for_org(self.org).values_list("pk", flat=True)}


@pytest.fixture
def two_invoices(make_org: Any, make_invoice: Any, actor: Any) -> Any:
    from wasl.app.invoicing.customers import add_customer
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    org = make_org()
    customer = add_customer(org, actor=actor, name="Leuven Lab", country="BE")
    PaymentSetting.objects.create(organisation_id=org.pk, id=org.pk, allows_part_payment=True, refund_approval_above=15000)

    def issued() -> Any:
        made = [issue(org, make_invoice(), actor=actor, customer_id=customer.pk).invoice_id for _ in range(2)]
        return org, [Invoice.objects.for_org(org).get(pk=pk) for pk in made], customer

    return issued


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["bank", "stripe", "moyasar", "tap", "paytabs"])
def test_t75_payments_in_any_order(name: str, two_invoices: Any, new_gateway: Any) -> None:
    Payments.world = {"gateway": new_gateway, "issue": two_invoices, "name": name}
    few = settings(max_examples=14 if name == "bank" else 3, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Payments, settings=few)
