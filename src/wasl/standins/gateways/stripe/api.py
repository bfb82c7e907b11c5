"""Stripe's calls: who asks, what is refused, what is answered."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

from wasl.standins.gateways.dialect import Dialect, Notice, Refused, Verb
from wasl.standins.gateways.store import Row, letters
from wasl.standins.gateways.stripe import intents, money, sessions
from wasl.standins.gateways.stripe.params import CUSTOMER, ENDPOINT, error, form, known, missing, need, texts
from wasl.standins.gateways.stripe.shapes import (
    charge_shape,
    customer_shape,
    dispute_shape,
    intent_shape,
    method_shape,
    payout_shape,
    refund_shape,
    session_shape,
)
from wasl.standins.web import Request, Response, Site

API_VERSION = "2026-10-28.endive"
KEPT_SECONDS = 24 * 3600
EVENTS: dict[str, list[tuple[str, str]]] = {
    "paid": [("payment_intent.succeeded", "intent"), ("charge.succeeded", "charge"), ("checkout.session.completed", "session")],
    "declined": [("payment_intent.payment_failed", "intent"), ("charge.failed", "charge")],
    "cancelled": [("payment_intent.canceled", "intent")],
    "expired": [("checkout.session.expired", "session")],
    "refunded": [("charge.refunded", "charge"), ("refund.created", "refund")],
    "refund_settled": [("refund.updated", "refund")],
    "dispute_opened": [("charge.dispute.created", "dispute"), ("charge.dispute.funds_withdrawn", "dispute")],
    "dispute_closed": [("charge.dispute.closed", "dispute")],
    "payout": [("payout.paid", "payout")],
}


class Stripe(Dialect):
    name = "stripe"
    outcomes = {"4000000000000119": "unavailable", "4000000000000408": "timeout"}
    waits = tuple(min(2.0**n, 3600.0) for n in range(15))

    def mount(self, site: Site) -> None:
        one = r"(?P<id>[A-Za-z0-9_]+)"
        for method, pattern, verb in (
            *sessions.routes(self, one), *intents.routes(self, one), *money.routes(self, one),
            ("POST", "/v1/customers", self.create_customer), ("GET", f"/v1/customers/{one}", self.fetch_customer),
            ("GET", f"/v1/customers/{one}/payment_methods", self.methods_of), ("GET", f"/v1/payment_methods/{one}", self.fetch_method),
            ("POST", f"/v1/payment_methods/{one}/detach", self.detach), ("POST", "/v1/webhook_endpoints", self.add_endpoint),
            ("GET", "/v1/webhook_endpoints", self.endpoints), ("DELETE", f"/v1/webhook_endpoints/{one}", self.drop_endpoint),
            ("GET", "/v1/account", self.own_account), ("GET", "/v1/balance", self.balance),
        ):  # fmt: skip
            self.route(site, method, pattern, self._repeatable(verb) if method == "POST" else verb)

    def caller(self, request: Request) -> Row:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            try:
                given = base64.b64decode(given, validate=True).decode().partition(":")[0]
            except (binascii.Error, ValueError):
                given = "broken"
        if not given:
            raise error(
                401,
                "You did not provide an API key. You need to provide your API key in the Authorization "
                "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). "
                "See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
            )
        account = self.engine.by_key("stripe", given)
        if account is None:
            raise error(401, f"Invalid API Key provided: {given[:3]}*****{given[-4:] if len(given) > 8 else ''}")
        return account

    def malformed(self) -> Any:
        return {"error": {"type": "invalid_request_error", "message": "Invalid object"}}

    def broken(self) -> Any:
        return {"error": {"type": "api_error", "message": "An unknown error occurred"}}

    def _repeatable(self, verb: Verb) -> Verb:
        def guarded(request: Request, account: Row) -> Response:
            key = request.headers.get("idempotency-key", "")
            if not key:
                return verb(request, account)
            if len(key) > 255:
                raise error(400, "Idempotency keys must be at most 255 characters.", kind="idempotency_error")
            clash = error(
                400,
                f"Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error",
            )
            response, again = self.once(
                account,
                key,
                f"{request.path}\n{request.body.decode('utf-8', 'replace')}",
                KEPT_SECONDS,
                lambda: verb(request, account),
                lambda: clash,
            )
            if again:
                response.headers["Idempotent-Replayed"] = "true"
            return response

        return guarded

    def fields(self, request: Request, names: set[str]) -> Row:
        return known(form(request.body.decode("utf-8", "replace")), names)

    def query(self, request: Request) -> Row:
        return form(request.raw_query)

    def limit(self, request: Request) -> int:
        text = request.query.get("limit", "10")
        if not text.isdigit() or not 1 <= int(text) <= 100:
            raise error(400, "Invalid integer: limit must be between 1 and 100", code="parameter_invalid_integer", param="limit")
        return int(text)

    # Customers, methods, endpoints

    def create_customer(self, request: Request, account: Row) -> Response:
        fields = self.fields(request, CUSTOMER)
        row = {
            "id": f"cus_{letters(14)}",
            "account": account["id"],
            "created": self.store.now(),
            "prefix": letters(8).upper(),
            "metadata": fields.get("metadata") or {},
        } | {name: fields.get(name) for name in ("description", "email", "name", "phone")}
        self.store.put("stripe.customer", row["id"], row)
        return Response.json(customer_shape(row))

    def customer(self, account: Row, customer_id: str, param: str = "customer") -> Row:
        row = self.store.get("stripe.customer", customer_id)
        if row is None or row["account"] != account["id"]:
            raise missing("customer", customer_id, param)
        return row

    def fetch_customer(self, request: Request, account: Row) -> Response:
        return Response.json(customer_shape(self.customer(account, request.matched["id"], "id")))

    def methods_of(self, request: Request, account: Row) -> Response:
        row = self.customer(account, request.matched["id"])
        mine = [method_shape(t) for t in reversed(self.store.all("token")) if t["customer"] == row["id"] and t["active"]]
        return Response.json({"object": "list", "data": mine, "has_more": False, "url": request.path.removeprefix(self.prefix)})

    def method(self, account: Row, method_id: str) -> Row:
        token = self.engine.token("stripe", account, method_id)
        if token is None:
            raise missing("PaymentMethod", method_id, "payment_method")
        return token

    def fetch_method(self, request: Request, account: Row) -> Response:
        return Response.json(method_shape(self.method(account, request.matched["id"])))

    def detach(self, request: Request, account: Row) -> Response:
        token = self.method(account, request.matched["id"])
        self.engine.forget(token)
        return Response.json(method_shape(token))

    def add_endpoint(self, request: Request, account: Row) -> Response:
        fields = self.fields(request, ENDPOINT)
        url, events = str(need(fields, "url")), texts(need(fields, "enabled_events"))
        if not re.match(r"https?://[^/\s]+", url):
            raise error(400, "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param="url")
        row = {"id": f"we_{letters(24)}", "url": url, "secret": f"whsec_{letters(32)}", "events": events, "created": self.store.now(), "stripe": True}
        account["endpoints"].append(row)
        self.store.touch("account", account["id"])
        return Response.json(self._endpoint(row) | {"secret": row["secret"]})

    def _endpoint(self, row: Row) -> Row:
        return {
            "id": row["id"],
            "object": "webhook_endpoint",
            "api_version": None,
            "application": None,
            "created": int(row["created"]),
            "description": None,
            "enabled_events": row["events"],
            "livemode": False,
            "metadata": {},
            "status": "enabled",
            "url": row["url"],
        }

    def endpoints(self, request: Request, account: Row) -> Response:
        return Response.json(
            {
                "object": "list",
                "data": [self._endpoint(row) for row in account["endpoints"] if row.get("stripe")],
                "has_more": False,
                "url": "/v1/webhook_endpoints",
            }
        )

    def drop_endpoint(self, request: Request, account: Row) -> Response:
        wanted = request.matched["id"]
        if wanted not in [row["id"] for row in account["endpoints"]]:
            raise missing("webhook endpoint", wanted, "id")
        account["endpoints"] = [row for row in account["endpoints"] if row["id"] != wanted]
        self.store.touch("account", account["id"])
        return Response.json({"id": wanted, "object": "webhook_endpoint", "deleted": True})

    def own_account(self, request: Request, account: Row) -> Response:
        return Response.json(
            {
                "id": f"acct_{account['id']}",
                "object": "account",
                "business_profile": {"name": account["name_en"]},
                "charges_enabled": True,
                "country": account["country"],
                "default_currency": account["currency"].lower(),
                "payouts_enabled": True,
                "settings": {"dashboard": {"display_name": account["name_en"]}},
                "type": "standard",
            }
        )

    def balance(self, request: Request, account: Row) -> Response:
        waiting: dict[str, int] = {}
        for line in self.store.all("line"):
            if line["account"] == account["id"] and line["payout"] is None:
                waiting[line["currency"].lower()] = waiting.get(line["currency"].lower(), 0) + line["net"]
        rows = [{"amount": amount, "currency": currency, "source_types": {"card": amount}} for currency, amount in waiting.items()]
        return Response.json({"object": "balance", "available": rows, "livemode": False, "pending": []})

    # Notices

    def notices(self, kind: str, payment: Row | None, **context: Any) -> list[Notice]:
        payout = context.get("payout")
        account = self.store.get("account", payout["account"] if payout else payment["account"] if payment else "")
        if account is None:
            return []
        made = []
        wanted = EVENTS.get(kind, [])
        if kind == "dispute_closed" and context["dispute"]["state"] == "won":
            wanted = [*wanted, ("charge.dispute.funds_reinstated", "dispute")]
        for name, what in wanted:
            if what == "session" and payment and not payment["id"].startswith("cs_"):
                continue
            shape = self._object(what, payment, context)
            body = {
                "id": f"evt_{letters(24)}",
                "object": "event",
                "api_version": API_VERSION,
                "created": int(self.store.now()),
                "data": {"object": shape},
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": None},
                "type": name,
            }
            text = json.dumps(body, ensure_ascii=False, indent=2)
            made += [
                Notice(row["url"], text, name, {"secret": row["secret"]} if row["secret"] else {})
                for row in account["endpoints"]
                if "*" in row["events"] or name in row["events"]
            ]
        return made

    def _object(self, what: str, payment: Row | None, context: Row) -> Row:
        if what == "payout":
            return payout_shape(context["payout"])
        assert payment is not None
        made: dict[str, Callable[[], Row]] = {
            "session": lambda: session_shape(self, payment), "intent": lambda: intent_shape(self, payment),
            "charge": lambda: charge_shape(self, payment, context.get("attempt") or payment["attempts"][-1]),
            "refund": lambda: refund_shape(self, payment, context["refund"]), "dispute": lambda: dispute_shape(self, payment, context["dispute"]),
        }  # fmt: skip
        return made[what]()

    def signed(self, notice: Notice, account: Row, at: int, live: list[str]) -> tuple[str, dict[str, str]]:
        own = notice.headers.get("secret")
        message = f"{at}.{notice.body}".encode()
        marks = [f"v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}" for secret in ([own] if own else live)]
        return notice.body, {"Stripe-Signature": ",".join([f"t={at}", *marks]), "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)"}

    def page_path(self, payment: Row) -> str:
        return f"{self.prefix}/c/pay/{payment['page']}"

    def names_of(self, attempt: Row) -> list[str]:
        return [f"ch_{attempt['serial']}"]

    def token_id(self) -> str:
        return f"pm_{letters(24)}"

    def dispute_id(self) -> str:
        return f"du_{letters(24)}"

    def payout_id(self) -> str:
        return f"po_{letters(24)}"


__all__ = ["Refused", "Stripe"]
