"""The driver of Stripe: Checkout sessions for a payer who is there, payment intents for one who is not.

A payment's id is that of its session (`cs_...`), or of its intent (`pi_...`) where a saved card was charged. Requests are
forms; `Idempotency-Key` makes them repeatable for a day. Checkout has no Arabic and no Gulf rail; Apple Pay shows by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from wasl.app.payments.drivers import hooks, port, wire
from wasl.app.payments.drivers.base import BaseDriver, reading
from wasl.app.payments.drivers.port import (
    CANCELLED,
    EXPIRED,
    FAILED,
    LIVE,
    PENDING,
    SUCCEEDED,
    Failure,
    Finding,
    GatewayDispute,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    Notice,
    Order,
    Payout,
    PayoutItem,
    SavedMethod,
    WebhookRefused,
)
from wasl.app.payments.drivers.units import from_stripe, to_stripe, whole
from wasl.errors import Words

TOLERANCE_SECONDS = 300
AGAIN = wire.AGAIN | {409}  # the first request under this key is still being worked on
PAGE = 100
INTENT = MappingProxyType({"succeeded": SUCCEEDED, "canceled": CANCELLED})
REFUND = MappingProxyType({"succeeded": SUCCEEDED, "failed": FAILED, "canceled": FAILED})  # anything else is on its way
DISPUTE = MappingProxyType({"won": "won", "lost": "lost", "warning_closed": "won"})
KIND = MappingProxyType({"charge": "payment", "payment": "payment", "refund": "refund", "payment_refund": "refund"})
FAILURE = MappingProxyType(
    {
        "insufficient_funds": port.INSUFFICIENT_FUNDS,
        "expired_card": port.EXPIRED_CARD,
        "authentication_required": port.AUTHENTICATION,
        "payment_intent_authentication_failure": port.AUTHENTICATION,
        "processing_error": port.UNAVAILABLE,
        "issuer_not_available": port.UNAVAILABLE,
        "try_again_later": port.UNAVAILABLE,
    }
)
STEPS = Words(
    "Stripe charges this currency only in steps of ten of its smallest unit", "لا تحصّل Stripe بهذه العملة إلا بمضاعفات عشرة من أصغر وحداتها"
)


class Stripe(BaseDriver):
    name = "stripe"
    features = frozenset({port.SAVE, port.CHARGE_SAVED, port.PARTIAL_REFUND, port.CANCEL, port.PAYOUTS, port.DISPUTES, port.EXPIRES, port.FIND})
    families = ("card", "apple_pay")
    regions = MappingProxyType({"": "https://api.stripe.com"})
    test_prefixes, live_prefixes = ("sk_test_", "rk_test_"), ("sk_live_", "rk_live_")

    def create(self, order: Order) -> GatewayPayment:
        form = {
            "mode": "payment",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": order.currency.lower(),
            "line_items[0][price_data][unit_amount]": self._units(order),
            "line_items[0][price_data][product_data][name]": f"{order.description_ar} · {order.description_en}",
            "client_reference_id": order.reference,
            "success_url": order.return_url,
            "cancel_url": order.return_url,
        }
        for place in ("metadata", "payment_intent_data[metadata]"):
            form |= {f"{place}[reference]": order.reference, f"{place}[merchant]": order.merchant}
        if order.method in ("card", "apple_pay"):
            form["payment_method_types[0]"] = "card"
        if order.expires_at is not None:
            form["expires_at"] = str(int(order.expires_at.timestamp()))
        if order.save and order.customer:
            owner = self._call("POST", "/v1/customers", {"metadata[payer]": order.customer}, key=f"{order.key}-customer")
            form |= {"customer": self._id(owner), "payment_intent_data[setup_future_usage]": "off_session"}
        return self._session(self._call("POST", "/v1/checkout/sessions", form, key=order.key))

    def fetch(self, gateway_id: str) -> GatewayPayment:
        if not gateway_id.startswith("cs_"):
            intent = self._intent_id(gateway_id)
            found = self._call("GET", "/v1/checkout/sessions", query={"payment_intent": intent})
            with reading():
                rows = wire.rows(found.get("data"))
                sessions = [wire.identifier(row["id"]) for row in rows if row.get("payment_intent") == intent]
            if not sessions:
                return self._of_intent(self._intent(intent))
            gateway_id = sessions[0]
        query = {"expand[]": "payment_intent"}
        return self._session(self._call("GET", f"/v1/checkout/sessions/{wire.place(gateway_id)}", query=query))

    def find(self, reference: str) -> GatewayPayment | None:
        """Paid ones only, and up to a minute late: the key of `create` is what keeps a payment single."""
        query = {"query": f"metadata['reference']:'{wire.place(reference)}'"}
        found = self._call("GET", "/v1/payment_intents/search", query=query)
        with reading():
            ids = [wire.identifier(row["id"]) for row in wire.rows(found.get("data"))]
        return self.fetch(ids[0]) if ids else None

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        intent = self._intent_of(gateway_id)
        with reading():
            currency = wire.text(self._intent(intent)["currency"], most=3).upper()
        form = {"payment_intent": intent, "amount": str(self._checked(amount, currency)), "metadata[reference]": key}
        answer = self._call("POST", "/v1/refunds", form, key=f"refund-{key}")
        with reading():
            return _refund(answer, currency)

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        place = wire.place(gateway_id)
        if gateway_id.startswith("cs_"):
            return self._session(self._call("POST", f"/v1/checkout/sessions/{place}/expire", {}, key=f"cancel-{key}"))
        form = {"cancellation_reason": "abandoned"}
        return self._of_intent(self._call("POST", f"/v1/payment_intents/{place}/cancel", form, key=f"cancel-{key}"))

    def charge(self, order: Order, token: str) -> GatewayPayment:
        customer, _, method = token.partition("/")
        form = {
            "amount": self._units(order),
            "currency": order.currency.lower(),
            "customer": wire.place(customer),
            "payment_method": wire.place(method),
            "off_session": "true",
            "confirm": "true",
            "metadata[reference]": order.reference,
            "metadata[merchant]": order.merchant,
        }
        answer = self._call("POST", "/v1/payment_intents", form, key=order.key, reads=frozenset({402}))
        if answer.status == 402:  # a decline; the intent in it says why
            with reading():
                return self._of_intent(wire.obj(wire.obj(answer.get("error")).get("payment_intent")))
        return self._of_intent(answer)

    def forget(self, token: str) -> None:
        method = wire.place(token.partition("/")[2])
        try:
            self._call("POST", f"/v1/payment_methods/{method}/detach", {})
        except port.KeyRefused:
            raise
        except GatewayRefused:  # not attached to anybody any more
            return

    def payouts(self, since: datetime) -> list[Payout]:
        query = {"created[gte]": str(int(since.timestamp()))}
        with reading():
            return [self._payout(row) for row in self._pages("/v1/payouts", query) if row.get("status") == "paid"]

    def check(self) -> list[Finding]:
        return [*self.check_key(lambda: self._call("GET", "/v1/checkout/sessions", query={"limit": "1"})), self.check_mode(), self.check_secret()]

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        fields = [part.strip().partition("=")[::2] for part in hooks.header(headers, "Stripe-Signature").split(",")]
        stamps = [value for name, value in fields if name == "t"]
        given = [value.encode() for name, value in fields if name == "v1"]
        if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit()) or not given or len(given) > 5 or not self.secrets:
            raise WebhookRefused(reason=hooks.UNSIGNED)
        hooks.require_one(given, [hooks.mac(secret, stamps[0].encode() + b"." + body) for secret in self.secrets])
        if abs(int(at) - int(stamps[0])) > TOLERANCE_SECONDS:
            raise WebhookRefused(reason=hooks.OLD)
        event = hooks.event(body)
        try:
            thing = wire.obj(wire.obj(event.get("data")).get("object"))
            reference = wire.obj(thing.get("metadata")).get("reference") or thing.get("client_reference_id")
        except ValueError:
            raise WebhookRefused(reason=hooks.NO_EVENT) from None
        kind = thing.get("object")
        if kind in ("checkout.session", "payment_intent"):
            gateway_id = thing.get("id")
        else:  # a charge, a refund, a dispute: what they belong to
            gateway_id, reference = thing.get("payment_intent"), reference if kind == "charge" else None
        return hooks.notice(event.get("id"), gateway_id, reference if gateway_id else None)

    # -- the wire ------------------------------------------------------------------------------------------------------

    def _call(
        self, method: str, path: str, form: Mapping[str, str] | None = None, *, query: Mapping[str, str] | None = None, key: str = "",
        reads: frozenset[int] = frozenset(),
    ) -> wire.Answer:  # fmt: skip
        headers = {"Authorization": f"Bearer {self.account.key}"} | ({"Idempotency-Key": key} if key else {})
        return wire.ask(self._http, method, self._base + path, headers=headers, form=form, query=query, reads=reads, again=AGAIN)

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        for _ in range(PAGE):
            found = self._call("GET", path, query={**query, "limit": str(PAGE), **after})
            rows = wire.rows(found.get("data"))
            yield from rows
            if not found.get("has_more") or not rows:
                return
            after = {"starting_after": wire.identifier(rows[-1]["id"])}

    def _units(self, order: Order) -> str:
        return str(self._checked(order.amount, order.currency))

    def _checked(self, amount: int, currency: str) -> int:
        try:
            return to_stripe(amount, currency)
        except ValueError:
            raise GatewayRefused(reason=STEPS) from None

    def _id(self, answer: Mapping[str, Any]) -> str:
        with reading():
            return wire.identifier(answer.get("id"))

    def _intent(self, intent: str) -> wire.Answer:
        return self._call("GET", f"/v1/payment_intents/{wire.place(intent)}", query={"expand[]": "latest_charge.balance_transaction"})

    def _intent_id(self, gateway_id: str) -> str:
        """Also a charge's or a refund's id leads to its intent."""
        place = {"ch_": "charges", "py_": "charges", "re_": "refunds"}.get(gateway_id[:3])
        if place is None:
            return wire.place(gateway_id)
        return self._intent_field(self._call("GET", f"/v1/{place}/{wire.place(gateway_id)}"))

    def _intent_of(self, gateway_id: str) -> str:
        if not gateway_id.startswith("cs_"):
            return self._intent_id(gateway_id)
        return self._intent_field(self._call("GET", f"/v1/checkout/sessions/{wire.place(gateway_id)}"))

    def _intent_field(self, answer: Mapping[str, Any]) -> str:
        with reading():
            return wire.identifier(answer.get("payment_intent"))

    # -- what the answers say ------------------------------------------------------------------------------------------

    def _session(self, value: Mapping[str, Any]) -> GatewayPayment:
        with reading():
            metadata = wire.obj(value.get("metadata"))
            base = GatewayPayment(
                id=wire.identifier(value["id"]),
                status={"open": PENDING, "complete": PENDING, "expired": EXPIRED}[value["status"]],
                currency=(currency := wire.text(value["currency"], most=3).upper()),
                amount=from_stripe(value["amount_total"], currency),
                merchant=self._merchant(value),
                reference=wire.text(value.get("client_reference_id") or metadata.get("reference"), most=200),
                hosted_url=wire.web_address(value["url"], base=self._base) if value["status"] == "open" else "",
            )
            intent = value.get("payment_intent")
            if isinstance(intent, dict) and (value["status"] == "open" or not intent.get("latest_charge")):
                return replace(base, failure=_failure(intent))
            if not intent or value["status"] == "open":
                return base
            full = self._intent(intent["id"] if isinstance(intent, dict) else wire.text(intent))
            paid = self._of_intent(full)
            if value["payment_status"] not in ("paid", "no_payment_required") and paid.status == SUCCEEDED:
                raise ValueError("a session that is not paid with an intent that is")
            status = EXPIRED if base.status == EXPIRED and paid.status != SUCCEEDED else paid.status
            merchant = base.merchant if base.merchant != self.account.merchant else paid.merchant
            return replace(paid, id=base.id, status=status, merchant=merchant, reference=base.reference)

    def _of_intent(self, value: Mapping[str, Any]) -> GatewayPayment:
        with reading():
            currency = wire.text(value["currency"], most=3).upper()
            status = INTENT.get(value["status"], PENDING)
            if value["status"] == "requires_payment_method" and value.get("last_payment_error"):
                status = FAILED
            done = status == SUCCEEDED
            intent, charge = wire.identifier(value["id"]), value.get("latest_charge")
            if done and not isinstance(charge, dict):
                charge = self._intent(intent).get("latest_charge")
            charge = charge if isinstance(charge, dict) else {}
            return GatewayPayment(
                id=intent,
                status=status,
                amount=from_stripe(value["amount_received"] if done else value["amount"], currency),
                currency=currency,
                merchant=self._merchant(value),
                reference=str(wire.obj(value.get("metadata")).get("reference") or ""),
                hosted_url="",
                refunds=self._refunds(intent, currency) if done else (),
                method=_method(value, charge) if done else None,
                failure=None if done else _failure(value),
                disputes=self._disputes(intent, currency) if charge.get("disputed") else (),
                fee=_fee(charge, currency),
            )

    def _merchant(self, value: Mapping[str, Any]) -> str:
        if value.get("livemode") is not (self.account.mode == LIVE):
            return "foreign:mode"
        named = wire.obj(value.get("metadata")).get("merchant")
        return self.named(named, self.account.merchant) if named else self.account.merchant

    def _refunds(self, intent: str, currency: str) -> tuple[GatewayRefund, ...]:
        return tuple(_refund(row, currency) for row in self._pages("/v1/refunds", {"payment_intent": intent}))

    def _disputes(self, intent: str, currency: str) -> tuple[GatewayDispute, ...]:
        rows = self._pages("/v1/disputes", {"payment_intent": intent})
        return tuple(
            GatewayDispute(wire.identifier(r["id"]), from_stripe(r["amount"], currency), DISPUTE.get(r["status"], "open"), str(r.get("reason") or ""))
            for r in rows
        )

    def _payout(self, row: Mapping[str, Any]) -> Payout:
        payout, currency = wire.identifier(row["id"]), wire.text(row["currency"], most=3).upper()
        lines = self._pages("/v1/balance_transactions", {"payout": payout, "expand[]": "data.source"})
        items = tuple(_item(line, currency) for line in lines if line.get("type") != "payout")
        at = datetime.fromtimestamp(whole(row["arrival_date"]), UTC)
        return Payout(payout, currency, from_stripe(row["amount"], currency, least=-(10**15)), at, items)


def _refund(value: Mapping[str, Any], currency: str) -> GatewayRefund:
    if wire.text(value["currency"], most=3).upper() != currency:
        raise ValueError("a refund in another currency")
    reference = str(wire.obj(value.get("metadata")).get("reference") or "")
    return GatewayRefund(wire.identifier(value["id"]), from_stripe(value["amount"], currency), reference, REFUND.get(value["status"], PENDING))


def _failure(intent: Mapping[str, Any]) -> Failure | None:
    error = wire.obj(intent.get("last_payment_error"))
    codes = [str(error[name])[:60] for name in ("decline_code", "code") if error.get(name)]
    if not codes:
        return None
    return Failure(next((FAILURE[code] for code in codes if code in FAILURE), port.DECLINED), codes[0])


def _method(intent: Mapping[str, Any], charge: Mapping[str, Any]) -> SavedMethod | None:
    """What was paid with; with a token only where the payer's consent to later charges went along."""
    details = wire.obj(charge.get("payment_method_details"))
    card = wire.obj(details.get("card"))
    if not card:
        return None
    wallet = wire.obj(card.get("wallet")).get("type")
    token = ""
    if intent.get("setup_future_usage") == "off_session" and intent.get("customer") and isinstance(intent.get("payment_method"), str):
        token = f"{wire.identifier(intent['customer'])}/{wire.identifier(intent['payment_method'])}"
    expires = f"{whole(card['exp_year']):04d}-{whole(card['exp_month']):02d}"
    family = "apple_pay" if wallet == "apple_pay" else "card"
    return SavedMethod(token, family, str(card.get("brand") or "")[:20], str(card.get("last4") or "")[-4:], expires)


def _fee(charge: Mapping[str, Any], currency: str) -> int | None:
    moved = charge.get("balance_transaction")
    if not isinstance(moved, dict) or str(moved.get("currency")).upper() != currency:
        return None  # not booked yet, or in the currency of the seller's bank
    return from_stripe(moved["fee"], currency, least=0)


def _item(line: Mapping[str, Any], currency: str) -> PayoutItem:
    source = line.get("source")
    thing = source if isinstance(source, dict) else {}
    kind = "chargeback" if str(line.get("reporting_category")).startswith("dispute") else KIND.get(str(line.get("type")), "fee")
    own, intent = thing.get("id") or source or line["id"], thing.get("payment_intent")
    gateway_id = (intent or own) if kind == "payment" else own  # a refund and a dispute are known by their own ids
    amounts = (from_stripe(line[name], currency, least=-(10**15)) for name in ("amount", "fee", "net"))
    return PayoutItem(kind, wire.identifier(gateway_id), *amounts, reference=str(wire.obj(thing.get("metadata")).get("reference") or ""))
