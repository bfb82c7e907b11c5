"""The API: strict about keys, bodies, amounts, currencies and repeated requests."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any
from urllib.parse import urlsplit

from wasl.standins.bank.store import Bank
from wasl.standins.web import Request, Response, Site

# ISO 4217 minor units of the currencies this bank handles.
MINOR_UNITS = {
    **dict.fromkeys(("SAR", "AED", "QAR", "EGP", "USD", "EUR", "GBP", "MAD"), 2),
    **dict.fromkeys(("JOD", "KWD", "BHD", "OMR", "TND", "IQD"), 3),
    "JPY": 0,
}
AMOUNT_MAX = 10**13
KEY = re.compile(r"[\x21-\x7e]{8,255}")
MERCHANT = re.compile(r"[A-Za-z0-9_-]{1,64}")
CREATE = {"merchant", "amount", "currency", "reference", "description", "return_url", "webhook_url"}
BILL = "bill"  # the one method that has no card: the bank presents a bill, and the payer finds it by biller and number


class Refused(Exception):
    """An answer that refuses: status, stable code, words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = Response.json({"error": {"code": code, "message": message}}, status)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request: no duplicate keys, no floats, no NaN."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Refused(415, "content_type", "send application/json")
    try:
        value = json.loads(request.body, object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "bad_json", str(error)) from None
    if not isinstance(value, dict):
        raise Refused(400, "bad_json", "an object is wanted")
    return value


def _amount(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= AMOUNT_MAX:
        raise Refused(422, "amount", "amount must be a positive integer in minor units")
    return value


def _text(fields: dict[str, Any], name: str, limit: int = 255) -> str:
    value = fields[name]
    if not isinstance(value, str) or not 0 < len(value) <= limit or any(ord(c) < 32 for c in value):
        raise Refused(422, name, f"{name} must be a text of 1 to {limit} characters")
    return value


def _url(fields: dict[str, Any], name: str) -> str:
    value = _text(fields, name, 2048)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Refused(422, name, f"{name} must be an http(s) address")
    return value


class Api:
    """Routes under /v1."""

    def __init__(self, bank: Bank, key: str) -> None:
        self.bank, self.key = bank, key
        self.outage = {"mode": "none", "left": 0}

    def mount(self, site: Site) -> None:
        for method, pattern, verb in (
            ("PUT", r"/v1/merchants/(?P<id>[^/]+)", self.merchant),
            ("POST", r"/v1/payments", self.create),
            ("GET", r"/v1/payments/(?P<id>[^/]+)", self.fetch),
            ("POST", r"/v1/payments/(?P<id>[^/]+)/refunds", self.refund),
            ("POST", r"/v1/payments/(?P<id>[^/]+)/cancel", self.cancel),
            ("GET", r"/v1/settlements", self.settlements),
        ):
            site.add(method, pattern, lambda request, verb=verb: self._guarded(request, verb))

    def _guarded(self, request: Request, verb: Any) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.key}".encode()):
            return Refused(401, "key", "wrong or missing API key").response
        strikes = self.outage["left"] != 0
        if strikes:
            self.outage["left"] = int(self.outage["left"]) - 1
            if self.outage["mode"] == "500":
                return Refused(500, "outage", "the bank is down").response
        try:
            response = self._once(request, verb) if request.method == "POST" else verb(request)
        except Refused as refused:
            response = refused.response
        response.abort = strikes and self.outage["mode"] == "silent"
        return response

    def _once(self, request: Request, verb: Any) -> Response:
        """Same key and body: the same answer, byte for byte. Same key, other body: 409."""
        key = request.headers.get("idempotency-key", "")
        if not KEY.fullmatch(key):
            raise Refused(400, "idempotency_key", "an Idempotency-Key of 8 to 255 visible characters is needed")
        digest = hashlib.sha256(request.path.encode() + b"\0" + request.body).hexdigest()
        with self.bank.books.change() as db:
            old = self.bank.books.row("SELECT * FROM answer WHERE key = ?", key)
            if old and old["request"] != digest:
                raise Refused(409, "key_reused", "this Idempotency-Key was used with another request")
            if old:
                return Response(old["body"], old["status"], "application/json")
            response: Response = verb(request)
            db.execute("INSERT INTO answer (key, request, status, body) VALUES (?,?,?,?)", (key, digest, response.status, response.body))
        return response

    def merchant(self, request: Request) -> Response:
        fields, name = body_of(request), request.matched["id"]
        if not MERCHANT.fullmatch(name) or set(fields) != {"name_ar", "name_en"}:
            raise Refused(422, "merchant", "name_ar and name_en are needed")
        with self.bank.books.change() as db:
            values = (name, _text(fields, "name_ar"), _text(fields, "name_en"))
            db.execute("INSERT INTO merchant (id, name_ar, name_en) VALUES (?,?,?) ON CONFLICT (id) DO UPDATE SET name_ar=?2, name_en=?3", values)
        return Response.json({"object": "merchant", "id": name})

    def create(self, request: Request) -> Response:
        fields = body_of(request)
        if set(fields) - {"method"} != CREATE:
            raise Refused(422, "fields", f"exactly these fields are wanted: {', '.join(sorted(CREATE))}, and method if you like")
        if fields.get("method", BILL) != BILL:
            raise Refused(422, "method", f"method can only be {BILL}")
        _amount(fields["amount"])
        if fields["currency"] not in MINOR_UNITS:
            raise Refused(422, "currency", "this bank does not handle that currency")
        if not isinstance(fields["merchant"], str) or not self.bank.books.row("SELECT 1 FROM merchant WHERE id = ?", fields["merchant"]):
            raise Refused(422, "merchant", "unknown merchant")
        _text(fields, "reference", 64)
        _url(fields, "return_url")
        _url(fields, "webhook_url")
        description = fields["description"]
        if not isinstance(description, dict) or set(description) != {"ar", "en"}:
            raise Refused(422, "description", "description needs ar and en")
        _text(description, "ar")
        _text(description, "en")
        return Response.json(self.bank.shown(self.bank.create(fields)), 201)

    def _payment(self, request: Request) -> dict[str, Any]:
        payment = self.bank.books.payment(request.matched["id"])
        if payment is None:
            raise Refused(404, "not_found", "no such payment")
        return payment

    def fetch(self, request: Request) -> Response:
        return Response.json(self.bank.shown(self._payment(request)))

    def refund(self, request: Request) -> Response:
        fields, payment = body_of(request), self._payment(request)
        if set(fields) - {"reference"} != {"amount"}:
            raise Refused(422, "fields", "these fields are wanted: amount, and reference if you like")
        reference = _text(fields, "reference", 64) if "reference" in fields else None
        if payment["status"] != "succeeded":
            raise Refused(422, "status", "only a succeeded payment can be refunded")
        if _amount(fields["amount"]) > payment["amount"] - payment["refunded"]:
            raise Refused(422, "amount", "more than what is left of the payment")
        return Response.json(self.bank.refund(payment["id"], fields["amount"], reference), 201)

    def cancel(self, request: Request) -> Response:
        payment = self._payment(request)
        self.bank.set_status(payment["id"], "cancelled")
        now = self._payment(request)
        if now["status"] != "cancelled":
            raise Refused(409, "status", f"the payment is {now['status']}")
        return Response.json(self.bank.shown(now))

    def settlements(self, request: Request) -> Response:
        merchant = request.query.get("merchant", "")
        rows = self.bank.books.rows("SELECT id, kind, payment, amount, currency, at FROM settlement WHERE merchant = ? ORDER BY id", merchant)
        return Response.json({"object": "list", "data": rows})
