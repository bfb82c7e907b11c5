"""What a payment gateway is to us: a few verbs and a way to read its webhooks. Everything else stays in its driver.

Amounts are minor units of our side (ISO 4217); a driver converts to its gateway's own. A verb that a gateway lacks is
not in `Driver.features`, and calling it all the same raises GatewayRefused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from wasl.app.errors import Refused
from wasl.errors import EnvironmentFault

PENDING, SUCCEEDED, FAILED, CANCELLED, EXPIRED = "pending", "succeeded", "failed", "cancelled", "expired"
TEST, LIVE = "test", "live"

# What a gateway can do beyond taking one payment
SAVE, CHARGE_SAVED, PARTIAL_REFUND, CANCEL = "save", "charge_saved", "partial_refund", "cancel"
PAYOUTS, DISPUTES, EXPIRES, FIND = "payouts", "disputes", "expires", "find"


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


class KeyRefused(GatewayRefused):
    """The gateway does not accept our key: no effect; the same request succeeds once the key is mended, so a refund waits."""

    code = "WASL-PAY-14"
    en = "The payment gateway does not accept our key ({reason}). An owner gives a valid one under Settings, Payment gateways."
    ar = "لا تقبل بوابة الدفع مفتاحنا ({reason}). يضع مالك المنشأة مفتاحًا صالحًا في الإعدادات، بوابات الدفع."


class WebhookRefused(Refused):
    """Unsigned, wrongly signed, too old, or not readable: it is dropped and nothing is believed of it."""

    code = "WASL-PAY-12"
    en = "This webhook is refused: {reason}."
    ar = "رُفض هذا الإشعار من بوابة الدفع: {reason}."


@dataclass(frozen=True)
class Account:
    """What a driver is made from. `merchant` is our organisation's id in hex; `profile` is the gateway's name for the seller."""

    merchant: str
    key: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)  # of webhooks; two are good while a rotation lasts
    profile: str = ""
    region: str = ""
    mode: str = TEST
    families: tuple[str, ...] = ()  # what the seller's contract with the gateway covers; empty: all that the driver knows
    base: str = ""  # from the operator's configuration alone; empty: the driver's own fixed list


@dataclass(frozen=True)
class Order:
    """A payment we ask for. `key` makes the request repeatable; `merchant` is our organisation's id in hex."""

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
    method: str = ""  # the family wanted (card, mada, apple_pay, stc_pay, knet, benefit, bank); "" is all
    save: bool = False  # keep the method for later charges; needs `customer`
    customer: str = ""  # our opaque id of the payer
    language: str = "ar"
    expires_at: datetime | None = None
    payer_name: str = ""  # some gateways want to know who pays; empty: they get a neutral stand-in
    payer_email: str = ""


@dataclass(frozen=True)
class SavedMethod:
    """A means of payment that the gateway keeps. `token` is good at this gateway and for this seller alone; no card number."""

    token: str = field(repr=False)
    family: str = "card"
    brand: str = ""
    last4: str = ""
    expires: str = ""  # YYYY-MM


@dataclass(frozen=True)
class Failure:
    """Why no money came. `kind` is one of the constants below; `code` is the gateway's own, for the seller's support."""

    kind: str
    code: str = ""


DECLINED, INSUFFICIENT_FUNDS, EXPIRED_CARD, AUTHENTICATION = "declined", "insufficient_funds", "expired_card", "authentication"
TIMEOUT, GIVEN_UP, UNAVAILABLE, OTHER = "timeout", "cancelled", "unavailable", "other"


@dataclass(frozen=True)
class Bill:
    """A bill that the gateway presents through the banks: who pays it types both numbers at their own bank, as with SADAD."""

    biller: str
    number: str


@dataclass(frozen=True)
class GatewayDispute:
    """A chargeback: the payer's bank takes `amount` back; `state` is open, won (by the seller) or lost."""

    id: str
    amount: int
    state: str
    reason: str = ""


@dataclass(frozen=True)
class GatewayRefund:
    """A refund as the gateway knows it; `reference` is our refund's id, empty when it was made without us."""

    id: str
    amount: int
    reference: str
    status: str = SUCCEEDED  # pending, succeeded or failed


@dataclass(frozen=True)
class GatewayPayment:
    """A payment as the gateway knows it now: the only thing that decides whether money came."""

    id: str
    status: str
    amount: int
    currency: str
    merchant: str  # our organisation's id in hex where the gateway's own account is the one configured, else the foreign name
    reference: str
    hosted_url: str
    refunds: tuple[GatewayRefund, ...] = ()
    method: SavedMethod | None = None  # what was paid with; its token is empty where nothing was saved
    failure: Failure | None = None
    disputes: tuple[GatewayDispute, ...] = ()
    fee: int | None = None  # what the gateway kept, where it says so
    bill: Bill | None = None  # of an order of the family "bill": shown by us, paid at any bank

    @property
    def captured(self) -> int:
        return self.amount if self.status == SUCCEEDED else 0

    @property
    def refunded(self) -> int:
        """Refunds that have left or are on their way."""
        return sum(refund.amount for refund in self.refunds if refund.status != FAILED)


@dataclass(frozen=True)
class PayoutItem:
    """One line of a payout: kind payment, refund, chargeback or fee; `net` is `gross` less `fee`; money out is below zero."""

    kind: str
    gateway_id: str
    gross: int
    fee: int
    net: int
    reference: str = ""  # ours, where the gateway gives it back: of the payment, or of the refund


@dataclass(frozen=True)
class Payout:
    """What the gateway sent to the seller's bank at `at`; its items add up to `amount`."""

    id: str
    currency: str
    amount: int
    at: datetime
    items: tuple[PayoutItem, ...] = ()


@dataclass(frozen=True)
class Notice:
    """What a verified webhook is about. It names a payment; it never says anything we act on.

    `gateway_id` may be another of the gateway's ids of the payment (Stripe's charge of a session): `fetch` takes any of
    them and answers under the payment's own. Both empty: the event is genuine and concerns no payment of ours.
    """

    event_id: str
    gateway_id: str
    reference: str

    @property
    def concerns_us(self) -> bool:
        return bool(self.gateway_id or self.reference)


@dataclass(frozen=True)
class Finding:
    """One thing that `check` tried: what, whether it works, and what to do where it does not, in both languages."""

    name: str
    is_good: bool
    en: str
    ar: str


class Driver(Protocol):
    """A gateway. Raises GatewayDown where the outcome is unknown, GatewayRefused where there was no effect."""

    name: str
    features: frozenset[str]
    families: tuple[str, ...]
    currencies: frozenset[str]  # empty: any

    @property
    def address(self) -> str:
        """Where its API is: the gateway's own pages are there, or on a neighbour of that host."""
        ...

    def create(self, order: Order) -> GatewayPayment:
        """Ask for a payment page. The same order again (same `key`) never makes a second payment."""
        ...

    def fetch(self, gateway_id: str) -> GatewayPayment: ...

    def find(self, reference: str) -> GatewayPayment | None:
        """The payment behind our reference, or None: what to ask after a lost `create`, before creating again."""
        ...

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund: ...

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment: ...

    def charge(self, order: Order, token: str) -> GatewayPayment:
        """Charge a saved method without its owner present; once for each `order.key`. A decline is an answer, not an error."""
        ...

    def forget(self, token: str) -> None:
        """Have the gateway drop a saved method; one that is gone already is no error."""
        ...

    def payouts(self, since: datetime) -> list[Payout]: ...

    def check(self) -> list[Finding]:
        """Try the account without moving money."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        """Verify and read; raises WebhookRefused. `at` is the present moment in unix seconds."""
        ...
