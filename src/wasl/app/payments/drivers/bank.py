"""The driver of the sandbox bank: bearer key, integer minor units, `Bank-Signature: t=...,v1=...[,v1=...]`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson

from wasl.app.payments.drivers.port import (
    CANCELLED,
    FAILED,
    PENDING,
    SUCCEEDED,
    GatewayDown,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    Notice,
    Order,
    WebhookRefused,
)
from wasl.errors import Words

ANSWER_SECONDS_MAX = 10.0
TOLERANCE_SECONDS = 300  # a signature older than that may be a replay
SECRETS_MAX = 2  # the new one and the one before it, while a rotation lasts
STATUS = {"pending": PENDING, "code": PENDING, "processing": PENDING, "succeeded": SUCCEEDED, "failed": FAILED, "cancelled": CANCELLED}


class Bank:
    """One account at the bank: `url`, the API key, and one or two live webhook secrets."""

    name = "bank"

    def __init__(self, url: str, key: str, secrets: Sequence[str], *, client: httpx.Client | None = None) -> None:
        self.secrets = tuple(secret for secret in secrets if secret)[:SECRETS_MAX]
        self._client = client or httpx.Client(timeout=ANSWER_SECONDS_MAX)
        self._url, self._headers = url.rstrip("/"), {"Authorization": f"Bearer {key}"}

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
        self._call("PUT", f"/v1/merchants/{order.merchant}", names)
        return _payment(self._call("POST", "/v1/payments", body, key=order.key))

    def fetch(self, gateway_id: str) -> GatewayPayment:
        return _payment(self._call("GET", f"/v1/payments/{gateway_id}"))

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        return _refund(self._call("POST", f"/v1/payments/{gateway_id}/refunds", {"amount": amount, "reference": key}, key=key))

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        return _payment(self._call("POST", f"/v1/payments/{gateway_id}/cancel", {}, key=f"cancel-{key}"))

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> dict[str, Any]:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        try:
            answer = self._client.request(method, self._url + path, headers=headers, json=body)
            value = orjson.loads(answer.content)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise GatewayDown(reason=Words(type(error).__name__, "تعذّر الاتصال بها")) from error
        if answer.status_code >= 500 or not isinstance(value, dict):
            raise GatewayDown(reason=Words(f"HTTP {answer.status_code}", f"جوابها HTTP {answer.status_code}"))
        if answer.status_code >= 400:
            problem = value.get("error")
            raise GatewayRefused(reason=problem.get("code", "?") if isinstance(problem, dict) else f"HTTP {answer.status_code}")
        return value

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


def _payment(value: dict[str, Any]) -> GatewayPayment:
    try:
        return GatewayPayment(
            id=_text(value["id"]),
            status=STATUS[value["status"]],
            amount=_integer(value["amount"]),
            currency=_text(value["currency"]),
            merchant=_text(value["merchant"]),
            reference=_text(value["reference"]),
            hosted_url=_text(value["hosted_url"]),
            refunds=tuple(_refund(refund) for refund in value["refunds"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GatewayDown(reason=Words("an answer that makes no sense", "جوابها غير مفهوم")) from error


def _refund(value: dict[str, Any]) -> GatewayRefund:
    try:
        return GatewayRefund(_text(value["id"]), _integer(value["amount"]), str(value["reference"] or ""))
    except (KeyError, TypeError, ValueError) as error:
        raise GatewayDown(reason=Words("an answer that makes no sense", "جوابها غير مفهوم")) from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(value)
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ValueError(value)
    return value
