"""The driver of Tap: one charge is one try on its hosted page; amounts are JSON numbers in major units.

`reference.idempotent` makes a charge and a refund repeatable for a day; beyond that we look for our reference first. A page
cannot be taken back: it ends by its own clock. A webhook's `hashstring` covers seven fields only, with the currency's decimals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import httpx

from wasl.app import clock
from wasl.app.payments.drivers import hooks, port, wire
from wasl.app.payments.drivers.base import BaseDriver, reading
from wasl.app.payments.drivers.port import (
    CANCELLED,
    EXPIRED,
    FAILED,
    LIVE,
    PENDING,
    SUCCEEDED,
    Account,
    Failure,
    Finding,
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
from wasl.app.payments.drivers.units import from_major, major, number, whole
from wasl.errors import Words

PAGE = 50
PAGES_MAX = 100
MINUTES_LEAST, MINUTES_MOST = 5, 60
CHARGE = MappingProxyType(
    {
        "INITIATED": PENDING,
        "IN_PROGRESS": PENDING,
        "CAPTURED": SUCCEEDED,
        "ABANDONED": EXPIRED,
        "CANCELLED": CANCELLED,
        "FAILED": FAILED,
        "DECLINED": FAILED,
        "RESTRICTED": FAILED,
        "VOID": CANCELLED,
        "TIMEDOUT": FAILED,
        "UNKNOWN": PENDING,
    }
)
REFUND = MappingProxyType({"REFUNDED": SUCCEEDED, "CANCELLED": FAILED, "FAILED": FAILED, "DECLINED": FAILED, "RESTRICTED": FAILED})
SOURCE = MappingProxyType(
    {
        "": "src_all",
        "card": "src_card",
        "mada": "src_sa.mada",
        "apple_pay": "src_apple_pay",
        "stc_pay": "src_sa.stcpay",
        "knet": "src_kw.knet",
        "benefit": "src_bh.benefit",
    }
)
FAMILY = MappingProxyType({"MADA": "mada", "KNET": "knet", "BENEFIT": "benefit", "STC_PAY": "stc_pay", "STCPAY": "stc_pay", "APPLE_PAY": "apple_pay"})
FAILURE = MappingProxyType(
    {
        "301": port.GIVEN_UP,
        "302": port.GIVEN_UP,
        "304": port.TIMEOUT,
        "407": port.EXPIRED_CARD,
        "503": port.AUTHENTICATION,
        "504": port.AUTHENTICATION,
        "505": port.INSUFFICIENT_FUNDS,
        "508": port.UNAVAILABLE,
        "512": port.AUTHENTICATION,
        "513": port.UNAVAILABLE,
        "516": port.AUTHENTICATION,
        "801": port.TIMEOUT,
        "901": port.OTHER,
    }
)
NOTHING_FOUND = frozenset(f"HTTP {status}{code}" for status in (400, 404) for code in ("", " 1144", " 1160"))  # charge, refund; or words alone
NO_CANCEL = Words("a Tap page cannot be taken back; it ends by itself", "لا تُلغى صفحة Tap بعد إنشائها؛ تنتهي من نفسها")


class Tap(BaseDriver):
    name = "tap"
    features = frozenset({port.SAVE, port.CHARGE_SAVED, port.PARTIAL_REFUND, port.PAYOUTS, port.EXPIRES, port.FIND})
    families = ("card", "mada", "knet", "benefit", "apple_pay", "stc_pay")
    currencies = frozenset({"AED", "BHD", "EGP", "EUR", "GBP", "JOD", "KWD", "OMR", "QAR", "SAR", "USD"})
    regions = MappingProxyType({"": "https://api.tap.company"})
    test_prefixes, live_prefixes = ("sk_test_",), ("sk_live_",)
    signs_with_key = True

    def __init__(self, account: Account, *, http: httpx.Client | None = None) -> None:
        super().__init__(account, http=http)
        self.secrets = self.secrets or (account.key,)  # the API key is what webhooks are signed with

    def create(self, order: Order) -> GatewayPayment:
        body = self._body(order) | {
            "customer_initiated": True,
            "threeDSecure": True,
            "save_card": order.save,
            "source": {"id": SOURCE[order.method if order.method in SOURCE else ""]},
            "customer": _customer(order),
        }
        if order.expires_at is not None:
            minutes = int((order.expires_at - clock.now()).total_seconds() // 60)
            period = min(max(minutes, MINUTES_LEAST), MINUTES_MOST)
            body["transaction"] = {"expiry": {"period": period, "type": "MINUTE"}}
        return self._charge(self._call("POST", "/v2/charges", body, language=order.language))

    def fetch(self, gateway_id: str) -> GatewayPayment:
        payment = self._charge(self._call("GET", f"/v2/charges/{wire.place(gateway_id)}"))
        return payment if payment.status != SUCCEEDED else self._with_refunds(payment)

    def find(self, reference: str) -> GatewayPayment | None:
        found = self._found("/v2/charges/list", {"reference": {"transaction": reference}, "limit": str(PAGE)}, "charges")
        with reading():
            ours = [self._charge(row) for row in found if wire.obj(row.get("reference")).get("transaction") == reference]
        paid = [one for one in ours if one.status == SUCCEEDED]
        return self._with_refunds(paid[0]) if paid else (ours[0] if ours else None)

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        payment = self.fetch(gateway_id)
        known = next((refund for refund in payment.refunds if refund.reference == key and refund.status != FAILED), None)
        if known is not None:  # beyond the day in which the idempotent string holds
            return known
        body = {
            "charge_id": payment.id,
            "amount": number(amount, payment.currency),
            "currency": payment.currency,
            "reason": "requested_by_customer",
            "reference": {"merchant": key, "idempotent": key},
        }
        answer = self._call("POST", "/v2/refunds", body)
        with reading():
            made = _refund(answer, payment)
            if made.status == PENDING:  # asked again, it is the first answer that is repeated: what became of it stands with the refund
                made = _refund(self._call("GET", f"/v2/refunds/{made.id}"), payment)
            return made

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        raise GatewayRefused(reason=NO_CANCEL)

    def charge(self, order: Order, token: str) -> GatewayPayment:
        earlier = self.find(order.reference)
        if earlier is not None:
            return earlier
        card, customer, agreement = (wire.place(part) for part in [*token.split("/"), "", ""][:3])
        once = self._call("POST", "/v2/tokens", {"saved_card": {"card_id": card, "customer_id": customer}})
        with reading():
            source = wire.identifier(once["id"])
        body = self._body(order) | {
            "customer_initiated": False,
            "threeDSecure": False,
            "save_card": False,
            "payment_agreement": {"id": agreement},
            "source": {"id": source},
            "customer": {"id": customer},
        }
        return self._charge(self._call("POST", "/v2/charges", body))

    def forget(self, token: str) -> None:
        card, customer = (wire.place(part) for part in [*token.split("/"), ""][:2])
        try:
            self._call("DELETE", f"/v2/card/{customer}/{card}")
        except KeyRefused:
            raise
        except GatewayRefused:  # gone already
            return

    def payouts(self, since: datetime) -> list[Payout]:
        until = clock.now().timestamp()
        period = {"date": {"from": str(int(since.timestamp() * 1000)), "to": str(int(until * 1000))}, "type": "1"}
        with reading():
            rows = self._pages("/v2/payouts/list", {"period": period}, "payouts")
            return [self._payout(row) for row in rows if row.get("status") == "PAID_OUT"]

    def check(self) -> list[Finding]:
        """Asks for a charge that cannot be: an answer that there is none says that the key opens the door."""
        return [*self.check_key(lambda: self._call("GET", "/v2/charges/chg_none")), self.check_mode(), self.check_secret()]

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        given = hooks.header(headers, "hashstring").strip().lower()
        if not given or not given.isascii():
            raise WebhookRefused(reason=hooks.UNSIGNED)
        event = hooks.event(body)
        try:
            signed = _signed(event)
            reference = wire.obj(event.get("reference"))
        except (ValueError, KeyError, TypeError):
            raise WebhookRefused(reason=hooks.NO_EVENT) from None
        hooks.require_one([given.encode()], [hooks.mac(secret, signed) for secret in self.secrets])
        event_id = f"{event['id']}:{event['status']}"  # Tap numbers no events: a charge ends once, a refund ends once
        if event.get("object") == "refund":
            return hooks.notice(event_id, event.get("charge_id"), None)
        return hooks.notice(event_id, event["id"], reference.get("transaction"))

    # -- the wire ------------------------------------------------------------------------------------------------------

    def _call(self, method: str, path: str, body: Any = None, *, language: str = "") -> wire.Answer:
        headers = {"Authorization": f"Bearer {self.account.key}"} | ({"lang_code": language} if language else {})
        return wire.ask(self._http, method, self._base + path, headers=headers, body=body)

    def _found(self, path: str, body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        """A list's rows. Where nothing fits, Tap may refuse the question ("not found"); another refusal is one."""
        try:
            answer = self._call("POST", path, body)
        except KeyRefused:
            raise
        except GatewayRefused as refusal:
            if refusal.params["reason"] not in NOTHING_FOUND:
                raise
            return []
        with reading():
            return wire.rows(answer.get(name) or [])

    def _pages(self, path: str, body: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        for _ in range(PAGES_MAX):
            rows = self._found(path, {**body, "limit": str(PAGE), **after}, name)
            yield from rows
            if len(rows) < PAGE:
                return
            after = {"starting_after": wire.identifier(rows[-1]["id"])}

    def _body(self, order: Order) -> dict[str, Any]:
        return {
            "amount": number(order.amount, order.currency),
            "currency": order.currency,
            "description": f"{order.description_ar} · {order.description_en}",
            "metadata": {"udf1": order.merchant},
            "reference": {"transaction": order.reference, "order": order.reference, "idempotent": order.key},
            "receipt": {"email": False, "sms": False},
            "post": {"url": order.webhook_url},
            "redirect": {"url": order.return_url},
        }

    # -- what the answers say ------------------------------------------------------------------------------------------

    def _charge(self, value: Mapping[str, Any]) -> GatewayPayment:
        with reading():
            status, currency = CHARGE[value["status"]], wire.text(value["currency"], most=3)
            transaction = wire.obj(value.get("transaction"))
            url = transaction.get("url") if status == PENDING else ""
            return GatewayPayment(
                id=wire.identifier(value["id"]),
                status=status,
                amount=from_major(value["amount"], currency),
                currency=currency,
                merchant=self._merchant(value),
                reference=str(wire.obj(value.get("reference")).get("transaction") or ""),
                hosted_url=wire.web_address(url, base=self._base) if url else "",
                method=_method(value) if status == SUCCEEDED else None,
                failure=_failure(wire.obj(value.get("response"))) if status in (FAILED, CANCELLED, EXPIRED) else None,
            )

    def _merchant(self, value: Mapping[str, Any]) -> str:
        if value.get("live_mode") is not (self.account.mode == LIVE):
            return "foreign:mode"
        theirs = wire.obj(value.get("merchant")).get("id")
        if self.account.profile and theirs is not None:
            return self.named(theirs, self.account.profile)
        return self.account.merchant

    def _with_refunds(self, payment: GatewayPayment) -> GatewayPayment:
        rows = self._pages("/v2/refunds/list", {"charges": [payment.id]}, "refunds")
        with reading():
            return replace(payment, refunds=tuple(_refund(row, payment) for row in rows if row.get("charge_id") == payment.id))

    def _payout(self, row: Mapping[str, Any]) -> Payout:
        """Its charges are known, its fees are not: what is missing to the amount is the fee."""
        place, currency = wire.identifier(row["id"]), wire.text(row["currency"], most=3)
        amount = from_major(row["amount"], currency, least=-(10**15))
        charges = [self._charge(one) for one in self._pages("/v2/charges/list", {"payouts": {"payout_id": [place]}}, "charges")]
        items = [PayoutItem("payment", one.id, one.amount, 0, one.amount, one.reference) for one in charges if one.currency == currency]
        rest = amount - sum(item.net for item in items)
        if rest:
            items.append(PayoutItem("fee", place, 0, -rest, rest))
        at = datetime.fromtimestamp(whole(int(row.get("date") or 0), least=0) // 1000, UTC)  # milliseconds, as number or as text
        return Payout(place, currency, amount, at, tuple(items))


def _customer(order: Order) -> dict[str, str]:
    host = httpx.URL(order.return_url).host
    email = order.payer_email or f"payer@{host if '.' in host and not host.rpartition('.')[2].isdigit() else 'example.com'}"
    return {"first_name": order.payer_name or "Payer", "email": email}


def _signed(event: Mapping[str, Any]) -> bytes:
    """The seven signed fields of a charge or a refund as Tap strings them together."""
    reference, currency = wire.obj(event.get("reference")), wire.text(event["currency"], most=3)
    amount = major(from_major(event["amount"], currency), currency)
    created = wire.obj(event.get("transaction")).get("created") or event.get("created") or ""
    fields = {
        "id": wire.text(event["id"], most=100),
        "amount": f"{amount:f}",
        "currency": currency,
        "gateway_reference": str(reference.get("gateway") or ""),
        "payment_reference": str(reference.get("payment") or ""),
        "status": wire.text(event["status"], most=40),
        "created": str(created),
    }
    return "".join(f"x_{name}{value}" for name, value in fields.items()).encode()


def _refund(value: Mapping[str, Any], payment: GatewayPayment) -> GatewayRefund:
    if value["currency"] != payment.currency or value["charge_id"] != payment.id:
        raise ValueError("a refund of something else")
    reference = str(wire.obj(value.get("reference")).get("merchant") or "")
    amount = from_major(value["amount"], payment.currency)
    return GatewayRefund(wire.identifier(value["id"]), amount, reference, REFUND.get(value["status"], PENDING))


def _method(value: Mapping[str, Any]) -> SavedMethod:
    card, source = wire.obj(value.get("card")), wire.obj(value.get("source"))
    kind = str(source.get("payment_method") or "")
    token = ""
    agreement = wire.obj(value.get("payment_agreement")).get("id")
    if value.get("save_card") and card.get("id") and agreement:
        customer = wire.identifier(wire.obj(value.get("customer")).get("id"))
        token = "/".join((wire.identifier(card["id"]), customer, wire.identifier(agreement)))
    brand = str(card.get("brand") or kind).lower()[:20]
    return SavedMethod(token, FAMILY.get(kind.upper(), "card"), brand, str(card.get("last_four") or "")[-4:])


def _failure(response: Mapping[str, Any]) -> Failure:
    code = str(response.get("code") or "")[:20]
    return Failure(FAILURE.get(code, port.DECLINED), code)
