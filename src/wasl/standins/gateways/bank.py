"""The sandbox bank: our own gateway, strict about keys, bodies, amounts, currencies and repeated requests.

Amounts are integers in minor units; `Authorization: Bearer KEY`; `Idempotency-Key` on every write; webhooks carry
`Bank-Signature: t=<unix>,v1=<hex HMAC-SHA256 of "t.body">`, one v1 for each live secret.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from wasl.standins.gateways.cards import MINOR_UNITS
from wasl.standins.gateways.dialect import Dialect, Exact, Notice, Refused, Verb, compact
from wasl.standins.gateways.store import Row
from wasl.standins.web import Request, Response, Site

AMOUNT_MAX = 10**13
BILLER = "901"  # this bank's number among billers
METHODS = ("card", "mada", "apple_pay", "bill")  # bill: presented, and paid at any bank by biller and number
KEY = re.compile(r"[\x21-\x7e]{8,255}")
MERCHANT = re.compile(r"[A-Za-z0-9_-]{1,64}")
CREATE = {"merchant", "amount", "currency", "reference", "description", "return_url", "webhook_url"}
OPTIONAL = {"save", "customer", "token", "expires_at", "method"}
STATES = {
    "open": "pending",
    "challenge": "code",
    "processing": "processing",
    "paid": "succeeded",
    "failed": "failed",
    "cancelled": "cancelled",
    "expired": "expired",
}
EVENTS = {
    "paid": "payment.succeeded", "declined": "payment.attempt_failed", "cancelled": "payment.cancelled", "expired": "payment.expired",
    "refunded": "payment.refunded", "dispute_opened": "payment.disputed", "dispute_closed": "payment.dispute_closed",
}  # fmt: skip


def new_id(kind: str) -> str:
    """`kind` and 128 random bits: the address of a hosted page is a capability."""
    return f"{kind}_{secrets.token_hex(16)}"


def refuse(status: int, code: str, message: str) -> Refused:
    return Refused(status, {"error": {"code": code, "message": message}})


def http_url(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > 2048:
        return False
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username


class Bank(Dialect):
    name = "bank"
    dispute_fee = "none"
    percent_bp, fixed_major_cents = 250, 100
    waits = tuple(2.0**n for n in range(11))

    def mount(self, site: Site) -> None:
        for method, pattern, verb in (
            ("PUT", r"/v1/merchants/(?P<id>[^/]+)", self.merchant), ("POST", r"/v1/payments", self.create), ("GET", r"/v1/payments", self.listed),
            ("GET", r"/v1/payments/(?P<id>[^/]+)", self.fetch),
            ("POST", r"/v1/payments/(?P<id>[^/]+)/refunds", self.refund), ("POST", r"/v1/payments/(?P<id>[^/]+)/cancel", self.cancel),
            ("DELETE", r"/v1/tokens/(?P<id>[^/]+)", self.forget),
            ("GET", r"/v1/settlements", self.settlements), ("GET", r"/v1/payouts", self.paid_out),
        ):  # fmt: skip
            self.route(site, method, pattern, verb if method in ("GET", "PUT") else self._once(verb))

    def caller(self, request: Request) -> Row:
        given = request.headers.get("authorization", "")
        account = self.engine.by_key("bank", given.removeprefix("Bearer ")) if given.startswith("Bearer ") else None
        if account is None:
            raise refuse(401, "key", "wrong or missing API key")
        return account

    def malformed(self) -> Any:
        return {"error": {"code": "fields", "message": "a field has another type"}}

    def broken(self) -> Any:
        return {"error": {"code": "outage", "message": "the bank is down"}}

    def _once(self, verb: Verb) -> Verb:
        """Same key and body: the same answer, byte for byte. Same key, other body: 409."""

        def guarded(request: Request, account: Row) -> Response:
            key = request.headers.get("idempotency-key", "")
            if not KEY.fullmatch(key):
                raise refuse(400, "idempotency_key", "an Idempotency-Key of 8 to 255 visible characters is needed")
            text = f"{request.method} {request.path}\n{request.body.decode('utf-8', 'replace')}"
            clash = refuse(409, "key_reused", "this Idempotency-Key was used with another request")
            return self.once(account, key, text, 10**9, lambda: verb(request, account), lambda: clash)[0]

        return guarded

    def _body(self, request: Request) -> Row:
        media = request.headers.get("content-type", "").partition(";")[0].strip()
        fields = self.json_body(
            request,
            lambda why: refuse(415 if media != "application/json" else 400, "content_type" if media != "application/json" else "bad_json", why),
        )
        if any(isinstance(value, Exact) for value in fields.values()):
            raise refuse(400, "bad_json", "numbers are integers")
        return fields

    def merchant(self, request: Request, account: Row) -> Response:
        fields, name = self._body(request), request.matched["id"]
        if not MERCHANT.fullmatch(name) or set(fields) != {"name_ar", "name_en"}:
            raise refuse(422, "merchant", "name_ar and name_en are needed")
        row = {"id": f"{account['id']}:{name}", "name_ar": text(fields, "name_ar"), "name_en": text(fields, "name_en")}
        self.store.put("merchant", row["id"], row)
        return Response.json({"object": "merchant", "id": name})

    def create(self, request: Request, account: Row) -> Response:
        fields = self._body(request)
        unknown = set(fields) - CREATE - OPTIONAL
        if unknown:
            raise refuse(422, "fields", f"unknown: {', '.join(sorted(unknown))}")
        if not set(fields) >= CREATE:
            raise refuse(422, "fields", f"missing: {', '.join(sorted(CREATE - set(fields)))}")
        self._check(fields, account)
        save = fields.get("save", False)
        payment_id = new_id("pay")
        description = fields["description"]
        methods = ["card", *(["mada"] if fields["currency"] == "SAR" else []), "apple_pay"]
        wanted = fields.get("method") or ""
        payment = {
            "id": payment_id, "amount": fields["amount"], "currency": fields["currency"], "reference": fields["reference"],
            "merchant": fields["merchant"], "description": description, "return_url": fields["return_url"],
            "notify_url": fields["webhook_url"], "save": save, "customer": fields.get("customer"), "expires_at": expiry(fields),
            "methods": [wanted] if wanted in methods else methods,
        }  # fmt: skip
        token = self._token(fields, account)
        if wanted == "bill":
            payment |= {"names": [f"bill {(number := str(10**9 + secrets.randbelow(9 * 10**9)))}"], "more": {"bill": number}}
        row = self.engine.open("bank", account, **payment)
        if token:
            self.engine.charge(row, token)
        return Response.json(self.shown(row), 201)

    def _check(self, fields: Row, account: Row) -> None:
        amount_of(fields["amount"])
        if fields["currency"] not in MINOR_UNITS:
            raise refuse(422, "currency", "this bank does not handle that currency")
        if not isinstance(fields["merchant"], str) or not self.store.get("merchant", f"{account['id']}:{fields['merchant']}"):
            raise refuse(422, "merchant", "unknown merchant")
        text(fields, "reference", 64)
        for name in ("return_url", "webhook_url"):
            if not http_url(fields[name]):
                raise refuse(422, name, f"{name} must be an http(s) address")
        if not isinstance(fields["description"], dict) or set(fields["description"]) != {"ar", "en"}:
            raise refuse(422, "description", "description needs ar and en")
        text(fields["description"], "ar")
        text(fields["description"], "en")
        if fields.get("method") is not None and fields["method"] not in METHODS:
            raise refuse(422, "method", f"method is one of {', '.join(METHODS)}")
        if not isinstance(fields.get("save", False), bool):
            raise refuse(422, "save", "save is true or false")
        if fields.get("customer") is not None:
            text(fields, "customer", 128)

    def _token(self, fields: Row, account: Row) -> Row | None:
        if fields.get("token") is None:
            return None
        token = self.engine.token("bank", account, str(fields["token"]))
        if token is None or token["customer"] != fields.get("customer"):
            raise refuse(422, "token", "no such token")
        return token

    def _payment(self, request: Request, account: Row) -> Row:
        payment = self.engine.payment(request.matched["id"])
        if payment is None or payment["gateway"] != "bank" or payment["account"] != account["id"]:
            raise refuse(404, "not_found", "no such payment")
        return payment

    def fetch(self, request: Request, account: Row) -> Response:
        return Response.json(self.shown(self._payment(request, account)))

    def listed(self, request: Request, account: Row) -> Response:
        found = [
            p
            for p in self.engine.find("bank", account, request.query.get("reference", ""))
            if p["merchant"] == request.query.get("merchant", p["merchant"])
        ]
        return Response.json({"data": [self.shown(p) for p in found]})

    def refund(self, request: Request, account: Row) -> Response:
        fields, payment = self._body(request), self._payment(request, account)
        if set(fields) - {"reference"} != {"amount"}:
            raise refuse(422, "fields", "these fields are wanted: amount, and reference if you like")
        reference = text(fields, "reference", 64) if fields.get("reference") is not None else None
        if payment["state"] != "paid":
            raise refuse(422, "status", "only a succeeded payment can be refunded")
        if amount_of(fields["amount"]) > payment["amount"] - self.engine.refunded(payment):
            raise refuse(422, "amount", "more than what is left of the payment")
        row = self.engine.refund(payment, fields["amount"], refund_id=new_id("ref"), reference=reference)
        return Response.json(
            {"object": "refund", "id": row["id"], "payment": payment["id"], "amount": row["amount"], "reference": reference, "status": "succeeded"},
            201,
        )

    def cancel(self, request: Request, account: Row) -> Response:
        payment = self._payment(request, account)
        if not self.engine.close(payment, "cancelled") and payment["state"] != "cancelled":
            raise refuse(409, "status", f"the payment is {STATES[payment['state']]}")
        return Response.json(self.shown(payment))

    def forget(self, request: Request, account: Row) -> Response:
        token = self.engine.token("bank", account, request.matched["id"])
        if token is None:
            raise refuse(404, "not_found", "no such token")
        self.engine.forget(token)
        return Response.json({"object": "token", "id": token["id"], "deleted": True})

    def settlements(self, request: Request, account: Row) -> Response:
        merchant = request.query.get("merchant", "")
        mine = {p["id"] for p in self.engine.of_account("bank", account) if p["merchant"] == merchant}
        rows = [
            {"id": n, "kind": line["kind"], "payment": line["payment"], "amount": line["gross"], "currency": line["currency"], "at": line["at"]}
            for n, line in enumerate(self.store.all("line"), 1)
            if line["payment"] in mine
        ]
        return Response.json({"object": "list", "data": rows})

    def paid_out(self, request: Request, account: Row) -> Response:
        since = request.query.get("since", "0")
        rows = self.engine.payouts("bank", account, float(since) if since.isdigit() else 0.0)
        shown = [
            {
                "object": "payout", "id": row["id"], "currency": row["currency"], "amount": row["amount"], "at": int(row["at"]),
                "items": [item_shape(line) for line in self.engine.payout_lines(row)],
            }
            for row in rows if row["merchant"] == request.query.get("merchant", row["merchant"])
        ]  # fmt: skip
        return Response.json({"data": shown})

    def billed(self, biller: str, number: str) -> Row | None:
        """The payment behind a presented bill, whoever presented it."""
        accounts = self.store.all("account") if biller == BILLER and number.isdigit() else []
        return next((found[0] for account in accounts if (found := self.engine.find("bank", account, f"bill {number}"))), None)

    # Shapes

    def shown(self, payment: Row) -> Row:
        """What the API and the webhooks say of a payment, with the lie told about it where a test asked for one."""
        last = payment["attempts"][-1] if payment["attempts"] else None
        method = None
        if last and (payment["state"] == "paid" or last["token"]):
            family = last["method"]
            method = {
                "family": family,
                "brand": last["brand"],
                "last4": last["last4"],
                "expires": f"{last['year']}-{last['month']:02}",
                "token": last["token"],
            }
        paid = payment["state"] == "paid"
        number = payment["more"].get("bill")
        bill = {"bill": {"biller": BILLER, "number": number}} if number else {}
        return {
            "object": "payment", "id": payment["id"], "status": STATES[payment["state"]], "amount": payment["amount"],
            "currency": payment["currency"], "merchant": payment["merchant"], "reference": payment["reference"],
            "refunded": self.engine.refunded(payment),
            "refunds": [{"id": r["id"], "amount": r["amount"], "reference": r["reference"]} for r in payment["refunds"]],
            "failure": payment["failure"],
            "card_last4": last["last4"] or None if last and (paid or payment["state"] == "failed") else None,
            "hosted_url": self.engine.origin + self.page_path(payment), "created": int(payment["created"]),
            "paid": int(payment["paid_at"]) if payment["paid_at"] else None, "method": method, "fee": payment.get("fee"),
            "disputes": [{"id": d["id"], "amount": d["amount"], "state": d["state"], "reason": d["reason"]} for d in payment["disputes"]],
        } | bill | payment["lie"]  # fmt: skip

    def notices(self, kind: str, payment: Row | None, **context: Any) -> list[Notice]:
        if payment is None or kind not in EVENTS:
            return []
        name = "payment.failed" if kind == "declined" and payment["state"] == "failed" else EVENTS[kind]
        refund = context.get("refund")
        body = {
            "id": new_id("evt"),
            "type": name,
            "created": int(self.store.now()),
            "data": self.shown(payment),
            "refund": refund["id"] if refund else None,
        }
        return [Notice(payment["notify_url"], compact(body), name)]

    def signed(self, notice: Notice, account: Row, at: int, live: list[str]) -> tuple[str, dict[str, str]]:
        message = f"{at}.{notice.body}".encode()
        marks = [f"v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}" for secret in live]
        return notice.body, {"Bank-Signature": ",".join([f"t={at}", *marks]), "User-Agent": "sandbox-bank"}

    def page_path(self, payment: Row) -> str:
        return f"{self.prefix}/pay/{payment['page']}"

    def way_back(self, payment: Row) -> str:
        """The seller's page. It carries the payment's id and no result: who trusts a redirect pays for it."""
        joint = "&" if urlsplit(payment["return_url"]).query else "?"
        return f"{payment['return_url']}{joint}payment={payment['id']}"

    def payer_leaves(self, payment: Row) -> None:
        self.engine.close(payment, "cancelled")

    def token_id(self) -> str:
        return new_id("tok")

    def dispute_id(self) -> str:
        return new_id("dsp")

    def payout_id(self) -> str:
        return new_id("po")


def item_shape(line: Row) -> Row:
    kind = "chargeback" if line["kind"].startswith("chargeback") else line["kind"]
    return {"kind": kind, "payment": line["payment"], "gross": line["gross"], "fee": line["fee"], "net": line["net"]}


def amount_of(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= AMOUNT_MAX:
        raise refuse(422, "amount", "amount must be a positive integer in minor units")
    return value


def text(fields: Row, name: str, limit: int = 255) -> str:
    value = fields[name]
    if not isinstance(value, str) or not 0 < len(value) <= limit or any(ord(c) < 32 for c in value):
        raise refuse(422, name, f"{name} must be a text of 1 to {limit} characters")
    return value


def expiry(fields: Row) -> float | None:
    """`expires_at`: unix seconds or ISO 8601 with its zone."""
    value = fields.get("expires_at")
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise refuse(422, "expires_at", "expires_at is a moment") from None
    if moment.tzinfo is None:
        raise refuse(422, "expires_at", "expires_at needs its zone")
    return moment.timestamp()
