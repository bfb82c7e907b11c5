"""The driver of Moyasar: its hosted invoices for a payer who is there, its payments API for a saved card.

A payment's id is that of its invoice, or of the payment where a saved card was charged. Invoices have no idempotency, so
`create` looks for one of our reference first and takes back its own where two were made at once. Refunds have neither
key nor list: what we are about to give back is written into the payment's metadata first, so a lost answer is understood.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from wasl.app.payments.drivers import hooks, port, wire
from wasl.app.payments.drivers import moyasar_marks as marks
from wasl.app.payments.drivers.base import BaseDriver, reading
from wasl.app.payments.drivers.moyasar_marks import DONE, OUTSIDE, UNDER_WAY
from wasl.app.payments.drivers.port import (
    CANCELLED,
    EXPIRED,
    FAILED,
    PENDING,
    SUCCEEDED,
    Failure,
    Finding,
    GatewayDown,
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

PAGES_MAX = 100
INVOICE = MappingProxyType(
    {
        "initiated": PENDING,
        "paid": SUCCEEDED,
        "failed": PENDING,
        "refunded": SUCCEEDED,
        "canceled": CANCELLED,
        "on_hold": PENDING,
        "expired": EXPIRED,
        "voided": CANCELLED,
    }
)
PAYMENT = MappingProxyType(
    {
        "initiated": PENDING,
        "paid": SUCCEEDED,
        "authorized": PENDING,
        "failed": FAILED,
        "refunded": SUCCEEDED,
        "captured": SUCCEEDED,
        "voided": CANCELLED,
        "verified": SUCCEEDED,
    }
)
FAMILY = MappingProxyType({"applepay": "apple_pay", "stcpay": "stc_pay"})
FAILURE = MappingProxyType({"51": port.INSUFFICIENT_FUNDS, "54": port.EXPIRED_CARD, "99": port.OTHER})
MINIMUM = 100
BUSY = Words("another refund of this payment is under way", "استرداد آخر من هذه الدفعة قيد التنفيذ")
TOO_LITTLE = Words("Moyasar takes no less than 100 of the smallest unit", "لا تقبل ميسر أقل من 100 من أصغر وحدة")


class Moyasar(BaseDriver):
    name = "moyasar"
    features = frozenset({port.SAVE, port.CHARGE_SAVED, port.PARTIAL_REFUND, port.CANCEL, port.PAYOUTS, port.EXPIRES, port.FIND})
    families = ("mada", "card", "apple_pay", "stc_pay")
    regions = MappingProxyType({"": "https://api.moyasar.com"})
    test_prefixes, live_prefixes = ("sk_test_",), ("sk_live_",)

    def create(self, order: Order) -> GatewayPayment:
        if order.amount < MINIMUM:
            raise GatewayRefused(reason=TOO_LITTLE)
        found = self._invoices(order.reference)
        if not found:
            body: dict[str, Any] = {
                "amount": order.amount,
                "currency": order.currency,
                "description": f"{order.description_ar} · {order.description_en}",
                "success_url": order.return_url,
                "back_url": order.return_url,
                "metadata": {"reference": order.reference, "merchant": order.merchant},
            }
            if order.expires_at is not None:
                body["expired_at"] = order.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            made = self._of_invoice(self._call("POST", "/v1/invoices", body))
            found = self._invoices(order.reference)  # two tabs at the same moment: the older one stays
            if not found or found[0].get("id") == made.id:
                return made
            self.cancel(made.id, key=order.key)
        return self._of_invoice(found[0])

    def fetch(self, gateway_id: str) -> GatewayPayment:
        place = wire.place(gateway_id)
        try:
            return self._of_invoice(self._counted(self._call("GET", f"/v1/invoices/{place}")))
        except KeyRefused:
            raise
        except GatewayRefused:  # not an invoice's id: a payment's
            payment = self._call("GET", f"/v1/payments/{place}")
        invoice = payment.get("invoice_id")
        with reading():
            if invoice:
                return self._of_invoice(self._counted(self._call("GET", f"/v1/invoices/{wire.identifier(invoice)}")))
            return self._of_payment(self._counted({"payments": [payment]})["payments"][0])

    def find(self, reference: str) -> GatewayPayment | None:
        invoices = self._invoices(reference)
        if invoices:
            return self._of_invoice(invoices[0])
        payments = self._list("payments", reference)
        return self._of_payment(payments[0]) if payments else None

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        payment = self._paid(gateway_id)
        with reading():
            place, before = wire.identifier(payment["id"]), whole(payment.get("refunded") or 0, least=0)
            metadata = wire.obj(payment.get("metadata"))
            done, under_way = marks.done(metadata), marks.under_way(metadata)
        if key in done:
            return GatewayRefund(f"{place}-{key}", done[key], key)
        if under_way is not None:
            other, wanted, then = under_way
            if before >= then + wanted:  # it went through, and only its answer was lost
                done[other] = wanted
                under_way = None
            elif other != key:
                raise GatewayDown(reason=BUSY)
        if key not in done:
            marks.listed(DONE, marks.said({**done, key: amount}))  # must have its place before the money goes
            self._mark(place, metadata, done, (key, amount, before))
            try:
                answer = self._call("POST", f"/v1/payments/{place}/refund", {"amount": amount})
            except KeyRefused:
                raise
            except GatewayRefused:
                self._mark(place, metadata, done, None)
                raise
            with reading():
                if whole(answer["refunded"]) < before + amount:
                    raise ValueError("a refund that did not count")
            done[key] = amount
        self._mark(place, metadata, done, None)
        return GatewayRefund(f"{place}-{key}", done[key], key)

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        return self._of_invoice(self._call("PUT", f"/v1/invoices/{wire.place(gateway_id)}/cancel"))

    def charge(self, order: Order, token: str) -> GatewayPayment:
        given = str(UUID(order.key)) if len(order.key) == 32 and order.key.isalnum() and _is_hex(order.key) else str(uuid5(NAMESPACE_OID, order.key))
        body = {
            "given_id": given,
            "amount": order.amount,
            "currency": order.currency,
            "description": f"{order.description_ar} · {order.description_en}",
            "callback_url": order.return_url,
            "metadata": {"reference": order.reference, "merchant": order.merchant},
            "source": {"type": "token", "token": wire.place(token), "3ds": False, "manual": False},
        }
        try:
            return self._of_payment(self._call("POST", "/v1/payments", body))
        except KeyRefused:
            raise
        except GatewayRefused as refusal:  # perhaps because that id is taken: then the first answer is what we want
            try:
                return self._of_payment(self._call("GET", f"/v1/payments/{given}"))
            except GatewayRefused:
                raise refusal from None

    def forget(self, token: str) -> None:
        place = wire.place(token)
        try:
            self._call("DELETE", f"/v1/tokens/{place}")
        except KeyRefused:
            raise
        except GatewayRefused:  # gone already
            return

    def payouts(self, since: datetime) -> list[Payout]:
        query = {"created[gt]": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        with reading():
            return [self._payout(row) for row in self._pages("/v1/settlements", "settlements", query)]

    def check(self) -> list[Finding]:
        return [*self.check_key(lambda: self._call("GET", "/v1/invoices", query={"page": "1"})), self.check_mode(), self.check_secret()]

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        """Moyasar signs nothing: a shared word stands in the body. What it says is only ever a reason to ask."""
        event = hooks.event(body)
        given = event.get("secret_token")
        if not isinstance(given, str) or not given or not self.secrets:
            raise WebhookRefused(reason=hooks.UNSIGNED)
        if not sum(hmac.compare_digest(secret.encode(), given.encode()) for secret in self.secrets):
            raise WebhookRefused(reason=hooks.WRONG)
        if not str(event.get("type", "")).startswith("payment_"):
            return hooks.notice(event.get("id"), None, None)
        try:
            payment = wire.obj(event.get("data"))
            reference = wire.obj(payment.get("metadata")).get("reference")
        except ValueError:
            raise WebhookRefused(reason=hooks.NO_EVENT) from None
        return hooks.notice(event.get("id"), payment.get("invoice_id") or payment.get("id"), reference)

    # -- the wire ------------------------------------------------------------------------------------------------------

    def _call(self, method: str, path: str, body: Any = None, *, query: Mapping[str, str] | None = None) -> wire.Answer:
        key = base64.b64encode(f"{self.account.key}:".encode()).decode()
        return wire.ask(self._http, method, self._base + path, headers={"Authorization": f"Basic {key}"}, body=body, query=query)

    def _pages(self, path: str, name: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        for page in range(1, PAGES_MAX + 1):
            found = self._call("GET", path, query={"page": str(page), **query})
            rows = wire.rows(found.get(name))
            yield from rows
            if not rows or page >= whole(wire.obj(found.get("meta")).get("total_pages") or 1):
                return

    def _list(self, name: str, reference: str) -> list[dict[str, Any]]:
        """The objects of our reference, the oldest first."""
        found = self._call("GET", f"/v1/{name}", query={"metadata[reference]": reference})
        with reading():
            ours = [row for row in wire.rows(found.get(name)) if wire.obj(row.get("metadata")).get("reference") == reference]
            return sorted(ours, key=lambda row: (str(row.get("created_at")), str(row.get("id"))))

    def _invoices(self, reference: str) -> list[dict[str, Any]]:
        return [row for row in self._list("invoices", reference) if row.get("status") != "canceled"]

    def _paid(self, gateway_id: str) -> dict[str, Any]:
        """The payment with the money, of an invoice or by itself."""
        place = wire.place(gateway_id)
        try:
            invoice = self._call("GET", f"/v1/invoices/{place}")
        except KeyRefused:
            raise
        except GatewayRefused:
            return self._call("GET", f"/v1/payments/{place}")
        with reading():
            paid = [row for row in wire.rows(invoice.get("payments") or []) if PAYMENT.get(row["status"]) == SUCCEEDED]
        if not paid:
            raise GatewayRefused(reason=Words("nothing was paid yet", "لم يُدفع شيء بعد"))
        with reading():
            return self._call("GET", f"/v1/payments/{wire.identifier(paid[0]['id'])}")

    def _counted(self, invoice: dict[str, Any]) -> dict[str, Any]:
        """Give each refund that was made without us a place in a list, so that the next one does not count it again."""
        with reading():
            for row in wire.rows(invoice.get("payments") or []):
                metadata = wire.obj(row.get("metadata"))
                rest = whole(row.get("refunded") or 0, least=0) - sum(refund.amount for refund in _refunds("", row, metadata))
                if rest > 0:
                    row["metadata"] = {**metadata, **marks.listed(OUTSIDE, ",".join(filter(None, [marks.held(metadata, OUTSIDE), str(rest)])))}
                    self._call("PUT", f"/v1/payments/{wire.identifier(row['id'])}", {"metadata": row["metadata"]})
        return invoice

    def _mark(self, place: str, metadata: Mapping[str, Any], done: Mapping[str, int], under_way: tuple[str, int, int] | None) -> None:
        """Write what we know of a payment's refunds where it cannot be lost: beside them."""
        said = marks.listed(DONE, marks.said(done))
        said[UNDER_WAY] = ":".join(map(str, under_way)) if under_way else ""
        self._call("PUT", f"/v1/payments/{place}", {"metadata": {**metadata, **said}})

    # -- what the answers say ------------------------------------------------------------------------------------------

    def _of_invoice(self, value: Mapping[str, Any]) -> GatewayPayment:
        with reading():
            status = INVOICE[value["status"]]
            tries = [self._of_payment(row) for row in wire.rows(value.get("payments") or [])]
            paid = [one for one in tries if one.status == SUCCEEDED]
            if status == SUCCEEDED and not paid:
                raise ValueError("paid, and no payment in it")
            metadata = wire.obj(value.get("metadata"))
            currency = wire.text(value["currency"], most=3)
            if any(one.currency != currency for one in tries):
                raise ValueError("two currencies in one invoice")
            failed = [one for one in tries if one.status == FAILED]
            return GatewayPayment(
                id=wire.identifier(value["id"]),
                status=status,
                amount=sum(one.amount for one in paid) if status == SUCCEEDED else whole(value["amount"]),
                currency=currency,
                merchant=self._merchant(metadata),
                reference=str(metadata.get("reference") or ""),
                hosted_url=wire.web_address(value["url"], base=self._base),
                refunds=tuple(refund for one in paid for refund in one.refunds),
                method=paid[0].method if paid else None,
                failure=failed[-1].failure if failed and not paid else None,
                fee=sum(one.fee or 0 for one in paid) if paid else None,
            )

    def _of_payment(self, value: Mapping[str, Any]) -> GatewayPayment:
        with reading():
            status, metadata = PAYMENT[value["status"]], wire.obj(value.get("metadata"))
            source, place = wire.obj(value.get("source")), wire.identifier(value["id"])
            return GatewayPayment(
                id=place,
                status=status,
                amount=whole(value["amount"]),
                currency=wire.text(value["currency"], most=3),
                merchant=self._merchant(metadata),
                reference=str(metadata.get("reference") or ""),
                hosted_url="",
                refunds=_refunds(place, value, metadata),
                method=_method(source) if status == SUCCEEDED else None,
                failure=_failure(source) if status == FAILED else None,
                fee=whole(value.get("fee") or 0, least=0) if status == SUCCEEDED else None,
            )

    def _merchant(self, metadata: Mapping[str, Any]) -> str:
        named = metadata.get("merchant")
        return self.named(named, self.account.merchant) if named else self.account.merchant

    def _payout(self, row: Mapping[str, Any]) -> Payout:
        place, currency = wire.identifier(row["id"]), wire.text(row["currency"], most=3)
        items = [_item(line) for line in self._pages(f"/v1/settlements/{place}/lines", "lines", {})]
        fee = whole(row.get("fee") or 0, least=0)
        if fee:  # of the transfer itself
            items.append(PayoutItem("fee", place, 0, fee, -fee))
        at = datetime.fromisoformat(wire.text(row["created_at"]).replace("Z", "+00:00"))
        return Payout(place, currency, whole(row["amount"], least=-(10**15)) - fee, at, tuple(items))


def _is_hex(text: str) -> bool:
    return all(c in "0123456789abcdefABCDEF" for c in text)


def _refunds(place: str, payment: Mapping[str, Any], metadata: Mapping[str, Any]) -> tuple[GatewayRefund, ...]:
    """Each refund that we made, by its key, and those made at the gateway without us, by their order."""
    done, under_way = marks.done(metadata), marks.under_way(metadata)
    if under_way is not None and whole(payment.get("refunded") or 0, least=0) >= under_way[1] + under_way[2]:
        done.setdefault(under_way[0], under_way[1])
    ours = [GatewayRefund(f"{place}-{key}", amount, key) for key, amount in done.items()]
    outside = [whole(int(amount)) for amount in marks.held(metadata, OUTSIDE).split(",") if amount]
    return (*ours, *(GatewayRefund(f"{place}-outside-{number}", amount, "") for number, amount in enumerate(outside, 1)))


def _method(source: Mapping[str, Any]) -> SavedMethod:
    kind, company = str(source.get("type") or ""), str(source.get("company") or "")[:20]
    family = FAMILY.get(kind) or ("mada" if company == "mada" else "card")
    return SavedMethod(str(source.get("token") or ""), family, company, "".join(c for c in str(source.get("number") or "")[-4:] if c.isdigit()))


def _failure(source: Mapping[str, Any]) -> Failure:
    code, words = str(source.get("response_code") or "")[:20], str(source.get("message") or "")
    if "3-D Secure" in words:
        return Failure(port.AUTHENTICATION, code)
    if "time frame" in words:
        return Failure(port.TIMEOUT, code)
    return Failure(FAILURE.get(code, port.DECLINED), code)


def _item(line: Mapping[str, Any]) -> PayoutItem:
    kind = line["type"] if line["type"] in ("payment", "refund", "chargeback") else "fee"
    net, fee = whole(line["amount"], least=-(10**15)), whole(line.get("fee") or 0, least=0)
    gross = net + fee
    if kind == "fee":
        gross, fee = 0, -net
    reference = str(wire.obj(line.get("metadata")).get("reference") or "")
    return PayoutItem(kind, wire.identifier(line["payment_id"]), gross, fee, net, reference)
