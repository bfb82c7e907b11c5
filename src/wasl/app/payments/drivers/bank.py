"""The driver of the sandbox bank: bearer key, integer minor units, `Bank-Signature: t=...,v1=...[,v1=...]`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import httpx
import orjson

from wasl.app.payments.drivers import port, wire
from wasl.app.payments.drivers.base import BaseDriver
from wasl.app.payments.drivers.port import (
    CANCELLED,
    FAILED,
    PENDING,
    SUCCEEDED,
    Account,
    Finding,
    GatewayPayment,
    GatewayRefund,
    Notice,
    Order,
    WebhookRefused,
)
from wasl.app.payments.drivers.units import whole
from wasl.errors import Words

TOLERANCE_SECONDS = 300  # a signature older than that may be a replay
STATUS = {"pending": PENDING, "code": PENDING, "processing": PENDING, "succeeded": SUCCEEDED, "failed": FAILED, "cancelled": CANCELLED}


class Bank(BaseDriver):
    """One account at the bank: `url`, the API key, and one or two live webhook secrets."""

    name = "bank"
    features = frozenset({port.PARTIAL_REFUND, port.CANCEL})
    families = ("card",)
    regions = MappingProxyType[str, str]({})  # the operator's configuration says where it is

    def __init__(self, url: str, key: str, secrets: Sequence[str], *, client: httpx.Client | None = None, merchant: str = "") -> None:
        super().__init__(Account(merchant, key, tuple(secrets), base=url), http=client)
        self._headers = {"Authorization": f"Bearer {key}"}

    def create(self, order: Order) -> GatewayPayment:
        body = {
            "merchant": order.merchant,
            "amount": order.amount,
            "currency": order.currency,
            "reference": order.reference,
            "description": {"ar": order.description_ar, "en": order.description_en},
            "return_url": order.return_url,
            "webhook_url": order.webhook_url,
        }
        names = {"name_ar": order.merchant_name_ar, "name_en": order.merchant_name_en}
        self._call("PUT", f"/v1/merchants/{wire.place(order.merchant)}", names)
        return self._payment(self._call("POST", "/v1/payments", body, key=order.key))

    def fetch(self, gateway_id: str) -> GatewayPayment:
        return self._payment(self._call("GET", f"/v1/payments/{wire.place(gateway_id)}"))

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        path = f"/v1/payments/{wire.place(gateway_id)}/refunds"
        return _refund(self._call("POST", path, {"amount": amount, "reference": key}, key=key))

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        return self._payment(self._call("POST", f"/v1/payments/{wire.place(gateway_id)}/cancel", {}, key=f"cancel-{key}"))

    def check(self) -> list[Finding]:
        """Ask for a payment that cannot be: a 404 says that the key opens the door."""
        try:
            self._call("GET", "/v1/payments/none")
        except port.KeyRefused:
            return [Finding("key", False, "The bank does not accept the key.", "لا يقبل البنك المفتاح.")]
        except port.GatewayRefused:
            pass
        return [Finding("key", True, "The bank accepts the key.", "يقبل البنك المفتاح.")]

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> dict[str, Any]:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        return wire.ask(self._http, method, self._base + path, headers=headers, body=body)

    def _payment(self, value: dict[str, Any]) -> GatewayPayment:
        try:
            return GatewayPayment(
                id=wire.identifier(value["id"]),
                status=STATUS[value["status"]],
                amount=whole(value["amount"]),
                currency=wire.text(value["currency"]),
                merchant=wire.text(value["merchant"]),
                reference=wire.text(value["reference"]),
                hosted_url=wire.text(value["hosted_url"]),
                refunds=tuple(_refund(refund) for refund in value["refunds"]),
            )
        except (KeyError, TypeError, ValueError):
            raise wire.nonsense() from None

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        verify(body, headers.get("Bank-Signature", ""), self.secrets, at=at)
        try:
            event = orjson.loads(body)
            notice = Notice(event["id"], event["data"]["id"], event["data"]["reference"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise WebhookRefused(reason=Words("its body is not an event", "محتواه ليس حدثًا")) from None
        if not all(isinstance(part, str) and 0 < len(part) <= 64 for part in (notice.event_id, notice.gateway_id, notice.reference)):
            raise WebhookRefused(reason=Words("its body is not an event", "محتواه ليس حدثًا"))
        return notice


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
    try:
        return GatewayRefund(wire.identifier(value["id"]), whole(value["amount"]), str(value["reference"] or ""))
    except (KeyError, TypeError, ValueError):
        raise wire.nonsense() from None
