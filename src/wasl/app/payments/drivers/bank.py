"""The driver of the sandbox bank: bearer key, integer minor units, `Bank-Signature: t=...,v1=...[,v1=...]`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import httpx
import orjson

from wasl.app.payments.drivers import hooks, port, wire
from wasl.app.payments.drivers.base import BaseDriver, reading
from wasl.app.payments.drivers.port import (
    CANCELLED,
    EXPIRED,
    FAILED,
    PENDING,
    SUCCEEDED,
    Account,
    Bill,
    Failure,
    Finding,
    GatewayDispute,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    KeyRefused,
    Notice,
    Order,
    Payout,
    PayoutItem,
    SavedMethod,
    WebhookRefused,
)
from wasl.app.payments.drivers.units import whole
from wasl.errors import Words

BILL = "bill"
TOLERANCE_SECONDS = 300  # a signature older than that may be a replay
STATUS = MappingProxyType(
    {
        "pending": PENDING,
        "code": PENDING,
        "processing": PENDING,
        "succeeded": SUCCEEDED,
        "failed": FAILED,
        "cancelled": CANCELLED,
        "expired": EXPIRED,
    }
)
REFUND = MappingProxyType({"succeeded": SUCCEEDED, "failed": FAILED})
FAILURE = MappingProxyType(
    {
        "no_funds": port.INSUFFICIENT_FUNDS,
        "expired_card": port.EXPIRED_CARD,
        "authentication": port.AUTHENTICATION,
        "timeout": port.TIMEOUT,
    }
)


class Bank(BaseDriver):
    """One account at the bank: `url`, the API key, and one or two live webhook secrets."""

    name = "bank"
    features = frozenset({port.SAVE, port.CHARGE_SAVED, port.PARTIAL_REFUND, port.CANCEL, port.PAYOUTS, port.DISPUTES, port.FIND})
    families: tuple[str, ...] = ("card", BILL)
    regions = MappingProxyType[str, str]({})  # the operator's configuration says where it is

    def __init__(self, url: str, key: str, secrets: Sequence[str], *, client: httpx.Client | None = None, merchant: str = "") -> None:
        super().__init__(Account(merchant, key, tuple(secrets), base=url), http=client)
        self._headers = {"Authorization": f"Bearer {key}"}

    def create(self, order: Order) -> GatewayPayment:
        names = {"name_ar": order.merchant_name_ar, "name_en": order.merchant_name_en}
        self._call("PUT", f"/v1/merchants/{wire.place(order.merchant)}", names)
        kept: dict[str, Any] = {"save": True, "customer": order.customer} if order.save and order.customer else {}
        if order.method == BILL:
            kept["method"] = BILL
        return self._payment(self._call("POST", "/v1/payments", self._order(order) | kept, key=order.key))

    def _order(self, order: Order) -> dict[str, Any]:
        return {
            "merchant": order.merchant,
            "amount": order.amount,
            "currency": order.currency,
            "reference": order.reference,
            "description": {"ar": order.description_ar, "en": order.description_en},
            "return_url": order.return_url,
            "webhook_url": order.webhook_url,
        }

    def fetch(self, gateway_id: str) -> GatewayPayment:
        return self._payment(self._call("GET", f"/v1/payments/{wire.place(gateway_id)}"))

    def find(self, reference: str) -> GatewayPayment | None:
        found = self._call("GET", "/v1/payments", query={"merchant": self.account.merchant, "reference": reference})
        with reading():
            rows = wire.rows(found["data"])
        return self._payment(rows[0]) if rows else None

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        path = f"/v1/payments/{wire.place(gateway_id)}/refunds"
        return _refund(self._call("POST", path, {"amount": amount, "reference": key}, key=key))

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        return self._payment(self._call("POST", f"/v1/payments/{wire.place(gateway_id)}/cancel", {}, key=f"cancel-{key}"))

    def charge(self, order: Order, token: str) -> GatewayPayment:
        body = self._order(order) | {"token": wire.place(token), "customer": order.customer}
        return self._payment(self._call("POST", "/v1/payments", body, key=order.key))

    def forget(self, token: str) -> None:
        place = wire.place(token)
        try:
            self._call("DELETE", f"/v1/tokens/{place}", key=f"forget-{place}"[:60])
        except KeyRefused:
            raise
        except GatewayRefused:  # gone already
            return

    def payouts(self, since: datetime) -> list[Payout]:
        found = self._call("GET", "/v1/payouts", query={"merchant": self.account.merchant})
        with reading():
            made = [_payout(row) for row in wire.rows(found["data"])]
        return [payout for payout in made if payout.at >= since]

    def check(self) -> list[Finding]:
        """Asks for a payment that cannot be: an answer that there is none says that the key opens the door."""
        return [*self.check_key(lambda: self._call("GET", "/v1/payments/none")), self.check_secret()]

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, query: Mapping[str, str] | None = None, key: str = ""
    ) -> dict[str, Any]:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        return wire.ask(self._http, method, self._base + path, headers=headers, body=body, query=query)

    def _payment(self, value: dict[str, Any]) -> GatewayPayment:
        with reading():
            return GatewayPayment(
                id=wire.identifier(value["id"]),
                status=STATUS[value["status"]],
                amount=whole(value["amount"]),
                currency=wire.text(value["currency"]),
                merchant=wire.text(value["merchant"]),
                reference=wire.text(value["reference"]),
                hosted_url=wire.text(value["hosted_url"]),
                refunds=tuple(_refund(refund) for refund in value["refunds"]),
                method=_method(wire.obj(value.get("method"))),
                failure=Failure(FAILURE.get(str(value["failure"]), port.DECLINED), str(value["failure"])[:40]) if value.get("failure") else None,
                disputes=tuple(_dispute(row) for row in wire.rows(value.get("disputes") or [])),
                fee=whole(value["fee"], least=0) if value.get("fee") is not None else None,
                bill=_bill(wire.obj(value.get("bill"))),
            )

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        verify(body, headers.get("Bank-Signature", ""), self.secrets, at=at)
        try:
            event = orjson.loads(body)
            notice = Notice(event["id"], event["data"]["id"], event["data"]["reference"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise WebhookRefused(reason=Words("its body is not an event", "محتواه ليس حدثًا")) from None
        return hooks.notice(notice.event_id, notice.gateway_id, notice.reference)


def verify(body: bytes, header: str, secrets: Sequence[str], *, at: float) -> None:
    """The signature must fit the raw bytes under a live secret, and be no further than 300 s from now, either way."""
    fields = [part.partition("=")[::2] for part in header.split(",")]
    stamps = [value for name, value in fields if name == "t"]
    given = [value for name, value in fields if name == "v1"]
    if len(stamps) != 1 or not stamps[0].isascii() or not stamps[0].isdigit() or not given or len(given) > 4 or not secrets:
        raise WebhookRefused(reason=Words("it is not signed", "ليس موقّعًا"))
    message = stamps[0].encode() + b"." + body
    wanted = [hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode() for secret in secrets]
    if not sum(hmac.compare_digest(w, g.encode()) for w in wanted for g in given):  # a sum: every pair is compared
        raise WebhookRefused(reason=Words("its signature does not fit", "توقيعه لا يطابق محتواه"))
    if abs(at - int(stamps[0])) > TOLERANCE_SECONDS:
        raise WebhookRefused(reason=Words("it is too old", "وقته أبعد مما يُقبل"))


def _refund(value: dict[str, Any]) -> GatewayRefund:
    with reading():
        status = REFUND.get(str(value.get("status") or SUCCEEDED), PENDING)
        return GatewayRefund(wire.identifier(value["id"]), whole(value["amount"]), str(value["reference"] or ""), status)


def _dispute(value: Mapping[str, Any]) -> GatewayDispute:
    state = str(value["state"])
    return GatewayDispute(
        wire.identifier(value["id"]), whole(value["amount"]), state if state in ("won", "lost") else "open", str(value.get("reason") or "")
    )


def _bill(value: dict[str, Any]) -> Bill | None:
    return Bill(wire.text(value["biller"], most=20), wire.text(value["number"], most=40)) if value else None


def _method(value: Mapping[str, Any]) -> SavedMethod | None:
    if not value:
        return None
    parts = (str(value.get(name) or "")[:100] for name in ("token", "family", "brand", "last4", "expires"))
    return SavedMethod(*parts)


def _payout(row: Mapping[str, Any]) -> Payout:
    low = -(10**15)
    items = tuple(
        PayoutItem(
            str(item["kind"]), str(item.get("payment") or row["id"]), *(whole(item.get(n) or 0, least=low) for n in ("gross", "fee", "net")),
            reference=str(item.get("reference") or ""),
        )
        for item in wire.rows(row["items"])
    )  # fmt: skip
    at = datetime.fromtimestamp(whole(row["at"]), UTC)
    return Payout(wire.identifier(row["id"]), wire.text(row["currency"], most=3), whole(row["amount"], least=low), at, items)
