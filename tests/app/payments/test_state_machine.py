"""Any order of paying, telling, repeating, refunding and crediting leaves books that add up to what the gateway holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule, run_state_machine_as_test

from wasl.app import clock, fsck
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import GatewayDown
from wasl.app.payments.journal import CLEARING, REFUNDS_DUE, balance, trial_balance
from wasl.app.payments.models import Allocation, JournalLine, PaymentSetting, Refund
from wasl.app.payments.pay import NothingToPay, TooMuch, start_payment
from wasl.app.payments.refunds import NotRefundable, request_refund, send_refunds
from wasl.app.payments.standing import standing
from wasl.app.payments.sweep import sweep
from wasl.app.payments.webhook import receive
from wasl.invoice.credit import CreditExceeds, NothingToCredit

INVARIANTS = ("journal", "receivable", "payments", "refunds", "balances")
TOTAL = 24200


class Payments(RuleBasedStateMachine):
    """One invoice of 242.00, a gateway that loses answers, webhooks in any order and number."""

    world: ClassVar[dict[str, Any]] = {}
    pages, webhooks = Bundle("pages"), Bundle("webhooks")

    @initialize()
    def issue(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.gateway = self.world["gateway"]()
        self.placed = registry.placed(self.gateway)
        self.placed.__enter__()
        self.frozen = clock.frozen(clock.now())
        self.clock = self.frozen.__enter__()
        self.org, self.invoice = self.world["issue"]()
        self.tabs = 0

    def teardown(self) -> None:
        if not hasattr(self, "savepoint"):
            return
        try:
            self.settle_everything()
        finally:
            self.frozen.__exit__(None, None, None)
            self.placed.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            transaction.set_rollback(False)

    @rule(target=pages, amount=st.none() | st.integers(1, TOTAL), same_tab=st.booleans(), loses=st.booleans())
    def open_page(self, amount: int | None, same_tab: bool, loses: bool) -> Any:
        self.tabs += not same_tab
        self.gateway.fail_next = loses
        try:
            started = start_payment(
                self.invoice, return_url=f"http://127.0.0.1/{self.tabs}", amounts=None if amount is None else {self.invoice.pk: amount}
            )
        except (NothingToPay, TooMuch, GatewayDown):
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
        receive(self.org.pk, "bank", {}, body)

    @rule(body=consumes(webhooks))
    def webhook_comes_while_the_gateway_is_silent(self, body: bytes) -> None:
        self.gateway.fail_next = True
        receive(self.org.pk, "bank", {}, body)
        self.gateway.fail_next = False

    @rule(target=webhooks, page=pages, amount=st.integers(1, TOTAL))
    def somebody_refunds_at_the_gateway(self, page: str, amount: int) -> Any:
        payment = self.gateway.payments[page]
        if payment.status != "succeeded" or amount > payment.amount - payment.refunded:
            return multiple()
        self.gateway.refund_without_us(page, amount)
        return self.gateway.webhook(page)

    @rule(amount=st.none() | st.integers(1, TOTAL))
    def seller_refunds(self, amount: int | None) -> None:
        try:
            request_refund(self.invoice, amount=amount, actor=self.world["actor"])
        except NotRefundable:
            return

    @rule(loses=st.booleans())
    def refunds_are_sent(self, loses: bool) -> None:
        self.clock.forward(hours=7)
        self.gateway.fail_next = loses
        send_refunds()
        self.gateway.fail_next = False

    @rule(amount=st.integers(1, TOTAL))
    def seller_credits(self, amount: int) -> None:
        from wasl.app.invoicing.credit import credit

        try:
            credit(self.org, self.invoice, amount=Decimal(amount).scaleb(-2), reason="test", actor=self.world["actor"])
        except (CreditExceeds, NothingToCredit):
            return

    @rule()
    def worker_sweeps(self) -> None:
        self.clock.forward(minutes=30)
        sweep()

    @invariant()
    def books_add_up(self) -> None:
        if not hasattr(self, "org"):
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        assert fsck.run(INVARIANTS) == []
        assert sum(trial_balance(self.org)["EUR"].values()) == 0
        figures = standing(self.org, self.invoice)
        assert figures.balance == balance(self.org, self.invoice) and figures.total == TOTAL
        assert sum(Allocation.objects.for_org(self.org).values_list("amount", flat=True)) == figures.received

    @invariant()
    def no_payment_counts_for_more_than_is_owed(self) -> None:
        if not hasattr(self, "org"):
            return
        left = 0
        for kind, amount in self.receivable_lines():
            assert kind != "payment" or left + amount >= 0
            left += amount

    def receivable_lines(self) -> list[tuple[str, int]]:
        lines = JournalLine.objects.for_org(self.org).filter(account="receivable", entry__invoice_id=self.invoice.pk)
        return list(lines.order_by("entry_id").values_list("entry__kind", "amount"))

    def settle_everything(self) -> None:
        """However it went, once everything is told and sent the books hold exactly what the gateway holds for us."""
        for _ in range(30):
            self.clock.forward(hours=13)
            sweep()
        for page in self.gateway.payments:
            receive(self.org.pk, "bank", {}, self.gateway.webhook(page))
        self.books_add_up()
        held = sum(p.amount - p.refunded for p in self.gateway.payments.values() if p.status == "succeeded")
        owed = -balance(self.org, self.invoice, REFUNDS_DUE)
        assert balance(self.org, self.invoice, CLEARING) == held
        assert owed == 0 or any(refund.status == "refused" for refund in self.refunds())

    def refunds(self) -> list[Any]:
        return list(Refund.objects.for_org(self.org))


@pytest.mark.django_db
def test_t75_payments_in_any_order(org: Any, make_invoice: Any, actor: Any, new_gateway: Any) -> None:
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    def issued() -> Any:
        PaymentSetting.objects.for_org(org).get_or_create(organisation_id=org.pk, id=org.pk, defaults={"allows_part_payment": True})
        answer = issue(org, make_invoice(), actor=actor)
        return org, Invoice.objects.for_org(org).get(pk=answer.invoice_id)

    Payments.world = {"gateway": new_gateway, "issue": issued, "actor": actor}
    few = settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Payments, settings=few)
