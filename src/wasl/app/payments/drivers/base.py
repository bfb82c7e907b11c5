"""What every driver shares: its account, its way out, and a refusal for each verb that its gateway lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, NoReturn

import httpx

from wasl.app.payments.drivers import wire
from wasl.app.payments.drivers.port import (
    LIVE,
    Account,
    Finding,
    GatewayDown,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    KeyRefused,
    Notice,
    Order,
    Payout,
)
from wasl.errors import Words

SECRETS_MAX = 2  # the new one and the one before it, while a rotation lasts


def lacking(what: str) -> NoReturn:
    raise GatewayRefused(reason=Words(f"it cannot do this ({what})", f"لا تتيح هذا الإجراء ({what})"))


@contextmanager
def reading() -> Iterator[None]:
    """Around what takes an answer apart: whatever does not fit makes the answer one that makes no sense."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, IndexError):
        raise wire.nonsense() from None


class BaseDriver:
    """One account at one gateway."""

    name: ClassVar[str]
    features: ClassVar[frozenset[str]] = frozenset()
    families: tuple[str, ...] = ("card",)
    currencies: ClassVar[frozenset[str]] = frozenset()  # empty: any
    test_prefixes: ClassVar[tuple[str, ...]] = ()  # of keys that move no money; empty: a key does not tell
    live_prefixes: ClassVar[tuple[str, ...]] = ()
    needs_profile: ClassVar[bool] = False  # the gateway's own name of the seller must be given
    signs_with_key: ClassVar[bool] = False  # webhooks are signed with the API key: there is no secret of their own
    regions: ClassVar[Mapping[str, str]]  # region -> address; the only places this driver ever asks

    def __init__(self, account: Account, *, http: httpx.Client | None = None) -> None:
        self.account = account
        self.families = tuple(f for f in type(self).families if f in account.families) if account.families else type(self).families
        self.secrets = tuple(secret for secret in account.secrets if secret)[:SECRETS_MAX]
        self._http = http or wire.client()
        self._base = (account.base or self.regions[account.region or next(iter(self.regions))]).rstrip("/")

    @property
    def address(self) -> str:
        """Where the gateway is: its payment page is there too, or at a neighbour of the same name."""
        return self._base

    def create(self, order: Order) -> GatewayPayment:
        raise NotImplementedError

    def fetch(self, gateway_id: str) -> GatewayPayment:
        raise NotImplementedError

    def find(self, reference: str) -> GatewayPayment | None:
        lacking("find")

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        lacking("refund")

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        lacking("cancel")

    def charge(self, order: Order, token: str) -> GatewayPayment:
        lacking("charge_saved")

    def forget(self, token: str) -> None:
        lacking("save")

    def payouts(self, since: datetime) -> list[Payout]:
        lacking("payouts")

    def check(self) -> list[Finding]:
        raise NotImplementedError

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        raise NotImplementedError

    # -- parts of `check` ----------------------------------------------------------------------------------------------

    def check_key(self, ask: Callable[[], Any]) -> list[Finding]:
        """Whether the gateway answers and takes the key."""
        try:
            ask()
        except KeyRefused as error:
            return [Finding("key", False, f"It does not accept the key: {error.params['reason']}.", f"لا تقبل المفتاح: {error.params['reason']}.")]
        except GatewayDown as error:
            return [Finding("answer", False, error.message("en"), error.message("ar"))]
        except GatewayRefused:
            pass  # it knew who asked, and that is all we wanted
        return [Finding("key", True, "It answers and accepts the key.", "تجيب وتقبل المفتاح.")]

    def check_mode(self) -> Finding:
        """Whether a key that says what it is for is used for that."""
        wrong = self.test_prefixes if self.account.mode == LIVE else self.live_prefixes
        if self.account.key.startswith(wrong or ("\0",)):
            if self.account.mode == LIVE:
                return Finding("mode", False, "This is a test key, but the account is live.", "هذا مفتاح تجريبي، لكن الحساب فعلي.")
            return Finding("mode", False, "This is a live key, but the account is for tests.", "هذا مفتاح فعلي، لكن الحساب تجريبي.")
        if self.account.mode == LIVE:
            return Finding("mode", True, "Live: payers are charged real money.", "فعلي: يُخصم من الدافعين مال حقيقي.")
        return Finding("mode", True, "Test: no real money moves.", "تجريبي: لا يتحرك مال حقيقي.")

    def check_secret(self) -> Finding:
        """Whether webhooks can be told from forgeries."""
        if self.secrets:
            return Finding("webhook", True, "A webhook secret is set.", "سرّ الإشعارات مضبوط.")
        return Finding(
            "webhook", False, "No webhook secret is set: every webhook is refused, and payments show only when we ask.",
            "سرّ الإشعارات غير مضبوط: يُرفض كل إشعار، ولا تظهر الدفعات إلا حين نسأل عنها.",
        )  # fmt: skip

    def named(self, theirs: Any, wanted: str) -> str:
        """Our organisation where the gateway's account is the one configured; else the foreign account's own name."""
        return self.account.merchant if str(theirs) == wanted else f"foreign:{theirs}"[:64]
