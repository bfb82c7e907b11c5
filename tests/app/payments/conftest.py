"""A gateway in memory, as strict as the real one about keys and states; and the sandbox bank as a real process."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from wasl.app import fsck
from wasl.app.payments.drivers import port, registry
from wasl.app.payments.drivers.port import (
    CANCELLED,
    PENDING,
    SUCCEEDED,
    GatewayDown,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    Notice,
    Order,
)


class MemoryGateway:
    """Payments in a dictionary. `fail_next` makes the next call do its work and then lose the answer.

    `declines` says why the next saved method that is charged is refused, "" not at all; `slow_refunds` leaves refunds pending.
    """

    features = frozenset({port.SAVE, port.CHARGE_SAVED, port.PARTIAL_REFUND, port.CANCEL, port.PAYOUTS, port.DISPUTES, port.FIND})
    families: tuple[str, ...] = ("card",)
    currencies: frozenset[str] = frozenset()

    def __init__(self, name: str = "bank") -> None:
        self.name = name
        self.declines, self.slow_refunds = "", False
        self.charges: dict[str, int] = {}
        self.forgotten: list[str] = []
        self.payments: dict[str, GatewayPayment] = {}
        self.orders: dict[str, str] = {}
        self.refund_keys: dict[str, GatewayRefund] = {}
        self.fail_next = False
        self.fetches = 0

    def _answer(self, value: Any) -> Any:
        if self.fail_next:
            self.fail_next = False
            raise GatewayDown(reason="test")
        return value

    def create(self, order: Order) -> GatewayPayment:
        if order.key not in self.orders:
            payment_id = f"pay_{secrets.token_hex(8)}"
            self.orders[order.key] = payment_id
            url = f"https://bank.example/pay/{payment_id}"
            self.payments[payment_id] = GatewayPayment(payment_id, PENDING, order.amount, order.currency, order.merchant, order.reference, url)
        return self._answer(self.payments[self.orders[order.key]])

    def fetch(self, gateway_id: str) -> GatewayPayment:
        self.fetches += 1
        if gateway_id not in self.payments:
            raise GatewayRefused(reason="not_found")
        return self._answer(self.payments[gateway_id])

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        payment = self.payments[gateway_id]
        if key not in self.refund_keys:
            contested = sum(dispute.amount for dispute in payment.disputes if dispute.state != "won")
            if payment.status != SUCCEEDED or amount > payment.amount - payment.refunded - contested:
                raise GatewayRefused(reason="amount")
            self.refund_keys[key] = self._refund(gateway_id, amount, key, PENDING if self.slow_refunds else SUCCEEDED)
        return self._answer(self.refund_keys[key])

    def _refund(self, gateway_id: str, amount: int, reference: str, status: str = SUCCEEDED) -> GatewayRefund:
        refund = GatewayRefund(f"ref_{secrets.token_hex(8)}", amount, reference, status)
        payment = self.payments[gateway_id]
        self.payments[gateway_id] = replace(payment, refunds=(*payment.refunds, refund))
        return refund

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        if self.payments[gateway_id].status == SUCCEEDED:
            raise GatewayRefused(reason="status")
        self.payments[gateway_id] = replace(self.payments[gateway_id], status=CANCELLED)
        return self.payments[gateway_id]

    def find(self, reference: str) -> GatewayPayment | None:
        return self._answer(next((payment for payment in self.payments.values() if payment.reference == reference), None))

    def charge(self, order: Order, token: str) -> GatewayPayment:
        if order.key not in self.orders:
            self.charges[token] = self.charges.get(token, 0) + 1
            payment_id = self.orders[order.key] = f"pay_{secrets.token_hex(8)}"
            failure = port.Failure(self.declines) if self.declines else None
            status = port.FAILED if self.declines else SUCCEEDED
            self.payments[payment_id] = GatewayPayment(
                payment_id, status, order.amount, order.currency, order.merchant, order.reference, "", failure=failure
            )
        return self._answer(self.payments[self.orders[order.key]])

    def forget(self, token: str) -> None:
        self.forgotten.append(token)

    def payouts(self, since: datetime) -> list[port.Payout]:
        return []

    def check(self) -> list[port.Finding]:
        return []

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        event_id, gateway_id, reference = body.decode().split("|")
        return Notice(event_id, gateway_id, reference)

    # -- what the payer and the gateway's own people do ----------------------------------------------------------------

    def pay(self, gateway_id: str) -> None:
        self.payments[gateway_id] = replace(self.payments[gateway_id], status=SUCCEEDED)

    def refund_without_us(self, gateway_id: str, amount: int) -> None:
        self._refund(gateway_id, amount, "")

    def refunds_arrive(self, gateway_id: str) -> None:
        payment = self.payments[gateway_id]
        self.payments[gateway_id] = replace(payment, refunds=tuple(replace(refund, status=SUCCEEDED) for refund in payment.refunds))

    def contest(self, gateway_id: str, amount: int, dispute_id: str = "") -> str:
        dispute = port.GatewayDispute(dispute_id or f"dp_{secrets.token_hex(6)}", amount, "open", "not_received")
        payment = self.payments[gateway_id]
        self.payments[gateway_id] = replace(payment, disputes=(*payment.disputes, dispute))
        return dispute.id

    def decide(self, gateway_id: str, dispute_id: str, state: str) -> None:
        payment = self.payments[gateway_id]
        decided = tuple(replace(each, state=state) if each.id == dispute_id else each for each in payment.disputes)
        self.payments[gateway_id] = replace(payment, disputes=decided)

    def save(self, gateway_id: str, token: str = "tok_1") -> None:
        method = port.SavedMethod(token, "card", "visa", "4242", "2030-12")
        self.payments[gateway_id] = replace(self.payments[gateway_id], method=method)

    def held(self) -> int:
        """What this gateway holds for the seller now."""
        return sum(
            p.amount - p.refunded - sum(d.amount for d in p.disputes if d.state != "won") for p in self.payments.values() if p.status == SUCCEEDED
        )

    def lie(self, gateway_id: str, **fields: Any) -> None:
        self.payments[gateway_id] = replace(self.payments[gateway_id], **fields)

    def webhook(self, gateway_id: str, event_id: str = "") -> bytes:
        return f"{event_id or secrets.token_hex(8)}|{gateway_id}|{self.payments[gateway_id].reference}".encode()


INVARIANTS = ("journal", "receivable", "payments", "refunds", "balances", "receipts", "credit", "payouts", "payout-lines", "days", "autopay")


@pytest.fixture
def gateway(db: None) -> Iterator[MemoryGateway]:
    """The gateway of one test. Whatever the test did, the books must add up afterwards."""
    memory = MemoryGateway()
    with registry.placed(memory):
        yield memory
    assert fsck.run(INVARIANTS) == []


@pytest.fixture
def parts_allowed(org: Any) -> Any:
    """The seller takes part payments."""
    from wasl.app.payments.models import PaymentSetting

    return PaymentSetting.objects.create(organisation_id=org.pk, id=org.pk, allows_part_payment=True)


@pytest.fixture
def new_gateway() -> type[MemoryGateway]:
    """For a test that needs a fresh gateway for each of its examples."""
    return MemoryGateway
