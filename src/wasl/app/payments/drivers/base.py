"""What every driver shares: its account, its way out, and a refusal for each verb that its gateway lacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, NoReturn

import httpx

from wasl.app.payments.drivers import wire
from wasl.app.payments.drivers.port import Account, Finding, GatewayPayment, GatewayRefund, GatewayRefused, Notice, Order, Payout
from wasl.errors import Words

SECRETS_MAX = 2  # the new one and the one before it, while a rotation lasts


def lacking(what: str) -> NoReturn:
    raise GatewayRefused(reason=Words(f"it cannot do this ({what})", f"لا تتيح هذا الإجراء ({what})"))


class BaseDriver:
    """One account at one gateway."""

    name: ClassVar[str]
    features: ClassVar[frozenset[str]] = frozenset()
    families: tuple[str, ...] = ("card",)
    currencies: ClassVar[frozenset[str]] = frozenset()  # empty: any
    regions: ClassVar[Mapping[str, str]]  # region -> address; the only places this driver ever asks

    def __init__(self, account: Account, *, http: httpx.Client | None = None) -> None:
        self.account = account
        self.families = tuple(f for f in type(self).families if f in account.families) if account.families else type(self).families
        self.secrets = tuple(secret for secret in account.secrets if secret)[:SECRETS_MAX]
        self._http = http or wire.client()
        self._base = (account.base or self.regions[account.region or next(iter(self.regions))]).rstrip("/")

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

    def named(self, theirs: Any, wanted: str) -> str:
        """Our organisation where the gateway's account is the one configured; else the foreign account's own name."""
        return self.account.merchant if str(theirs) == wanted else f"foreign:{theirs}"[:64]
