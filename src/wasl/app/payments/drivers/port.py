"""What a payment gateway is to us: four verbs and a way to read its webhooks. Everything else stays in its driver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from wasl.app.errors import Refused
from wasl.errors import EnvironmentFault

PENDING, SUCCEEDED, FAILED, CANCELLED = "pending", "succeeded", "failed", "cancelled"


class GatewayDown(EnvironmentFault):
    """No answer, or none we can use: the request may have had its effect, so ask again with the same key."""

    code = "WASL-PAY-10"
    en = "The payment gateway does not answer ({reason}). Nothing was charged twice; try again in a minute."
    ar = "لا تجيب بوابة الدفع ({reason}). لم يُخصم شيء مرتين؛ أعد المحاولة بعد دقيقة."


class GatewayRefused(Refused):
    """A clear no: the request had no effect, and the same one will be refused again."""

    code = "WASL-PAY-11"
    en = "The payment gateway refused the request: {reason}."
    ar = "رفضت بوابة الدفع الطلب: {reason}."


class WebhookRefused(Refused):
    """Unsigned, wrongly signed, too old, or not readable: it is dropped and nothing is believed of it."""

    code = "WASL-PAY-12"
    en = "This webhook is refused: {reason}."
    ar = "رُفض هذا الإشعار من بوابة الدفع: {reason}."


@dataclass(frozen=True)
class Order:
    """A payment we ask for. `key` makes the request repeatable; `merchant` is the seller's account at the gateway."""

    key: str
    merchant: str
    merchant_name_ar: str
    merchant_name_en: str
    amount: int
    currency: str
    reference: str
    description_ar: str
    description_en: str
    return_url: str
    webhook_url: str


@dataclass(frozen=True)
class GatewayRefund:
    """A refund as the gateway knows it; `reference` is our refund's id, empty when it was made without us."""

    id: str
    amount: int
    reference: str


@dataclass(frozen=True)
class GatewayPayment:
    """A payment as the gateway knows it now: the only thing that decides whether money came."""

    id: str
    status: str
    amount: int
    currency: str
    merchant: str
    reference: str
    hosted_url: str
    refunds: tuple[GatewayRefund, ...] = ()

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds)


@dataclass(frozen=True)
class Notice:
    """What a verified webhook is about. It names a payment; it never says anything we act on."""

    event_id: str
    gateway_id: str
    reference: str


class Driver(Protocol):
    """A gateway. Raises GatewayDown where the outcome is unknown, GatewayRefused where there was no effect."""

    name: str

    def create(self, order: Order) -> GatewayPayment: ...

    def fetch(self, gateway_id: str) -> GatewayPayment: ...

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund: ...

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment: ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        """Verify and read; raises WebhookRefused. `at` is the present moment in unix seconds."""
        ...
