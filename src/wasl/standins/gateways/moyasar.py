"""Moyasar: hosted invoices, payments, tokens, settlements; Basic auth, integers in the smallest unit, a secret token inside the webhook's body."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any

from wasl.standins.gateways.bank import http_url
from wasl.standins.gateways.cards import MINOR_UNITS
from wasl.standins.gateways.dialect import Dialect, Notice, Refused, compact
from wasl.standins.gateways.moyasar_shapes import EVENTS, invoice_shape, iso, line_shape, payment_shape, settlement_shape, token_shape, told_of
from wasl.standins.gateways.store import Row, letters, new_uuid
from wasl.standins.web import Request, Response, Site

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
AMOUNT_MIN, AMOUNT_MAX = 100, 10**12
PER_PAGE = 40
METADATA_KEYS, METADATA_NAME, METADATA_VALUE = 30, 40, 500  # how many keys, how long a name and a value


def refuse(status: int, message: str, errors: Any = None, kind: str = "invalid_request_error") -> Refused:
    return Refused(status, {"type": kind, "message": message, "errors": errors})


def invalid(**errors: str) -> Refused:
    return refuse(400, "Validation Failed", {name: [text] for name, text in errors.items()})


class Moyasar(Dialect):
    name = "moyasar"
    dispute_fee = "when lost"
    percent_bp, fixed_major_cents, vat_bp = 275, 100, 1500
    waits = (1.0, 5.0, 10.0, 30.0, 60.0)

    def mount(self, site: Site) -> None:
        for method, pattern, verb in (
            ("POST", "/v1/invoices", self.create_invoice), ("GET", "/v1/invoices", self.list_invoices),
            ("GET", f"/v1/invoices/(?P<id>{UUID})", self.fetch_invoice), ("PUT", f"/v1/invoices/(?P<id>{UUID})/cancel", self.cancel_invoice),
            ("POST", "/v1/payments", self.create_payment), ("GET", "/v1/payments", self.list_payments),
            ("GET", f"/v1/payments/(?P<id>{UUID})", self.fetch_payment), ("PUT", f"/v1/payments/(?P<id>{UUID})", self.update_payment),
            ("POST", f"/v1/payments/(?P<id>{UUID})/refund", self.refund),
            ("POST", f"/v1/payments/(?P<id>{UUID})/void", self.void), ("GET", "/v1/tokens/(?P<id>[A-Za-z0-9_]+)", self.fetch_token),
            ("DELETE", "/v1/tokens/(?P<id>[A-Za-z0-9_]+)", self.delete_token),
            ("GET", "/v1/settlements", self.settlements), ("GET", f"/v1/settlements/(?P<id>{UUID})/lines", self.settlement_lines),
            ("POST", "/v1/webhooks", self.add_webhook), ("GET", "/v1/webhooks", self.list_webhooks),
            ("DELETE", f"/v1/webhooks/(?P<id>{UUID})", self.drop_webhook), ("GET", f"/v1/webhooks/(?P<id>{UUID})/attempts", self.attempts),
        ):  # fmt: skip
            self.route(site, method, pattern, verb)

    def caller(self, request: Request) -> Row:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            key, _, password = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            key, password = "", "x"
        account = self.engine.by_key("moyasar", key) if scheme == "Basic" and not password else None
        if account is None:
            raise refuse(401, "Invalid authorization credentials", kind="authentication_error")
        return account

    def malformed(self) -> Any:
        return {"type": "invalid_request_error", "message": "Validation Failed", "errors": None}

    def broken(self) -> Any:
        return {"type": "api_error", "message": "Internal Server Error", "errors": None}

    def _fields(self, request: Request) -> Row:
        return self.json_body(request, lambda why: refuse(400, why))

    # Invoices

    def create_invoice(self, request: Request, account: Row) -> Response:
        fields = self._fields(request)
        amount = self._money(fields)
        if not str(fields.get("description") or "").strip():
            raise invalid(description="can't be blank")
        for name in ("callback_url", "success_url", "back_url"):
            if fields.get(name) is not None and not http_url(fields[name]):
                raise invalid(**{name: "is not a valid URL"})
        expires = self._expiry(fields.get("expired_at"))
        number = re.search(r"[A-Z]{1,6}[-/0-9]*\d", str(fields["description"]))
        back = fields.get("back_url") or fields.get("success_url") or fields.get("callback_url") or "https://moyasar.com"
        payment = self.engine.open(
            "moyasar", account, id=new_uuid(), amount=amount, currency=fields.get("currency", "SAR"),
            reference=str((fields.get("metadata") or {}).get("reference", "")), number=number[0] if number else "",
            names=[str(v) for k, v in (fields.get("metadata") or {}).items() if k != "reference"],
            description={"ar": fields["description"], "en": fields["description"]}, return_url=fields.get("success_url") or back, back_url=back,
            notify_url=fields.get("callback_url") or "",
            expires_at=expires,
            methods=["card", "mada", "apple_pay", "stc_pay"] if fields.get("currency", "SAR") == "SAR" else ["card", "apple_pay"],
            request=fields, lang=None,
        )  # fmt: skip
        if expires and expires <= self.store.now():
            self.engine.close(payment, "expired")
        return Response.json(invoice_shape(self, payment), 201)

    def _money(self, fields: Row) -> int:
        amount, currency = fields.get("amount"), fields.get("currency", "SAR")
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise invalid(amount="must be an integer")
        if amount < AMOUNT_MIN:
            raise invalid(amount=f"must be greater than or equal to {AMOUNT_MIN}")
        if amount > AMOUNT_MAX:
            raise invalid(amount=f"must be less than or equal to {AMOUNT_MAX}")
        if currency not in MINOR_UNITS:
            raise invalid(currency="is not supported")
        return amount

    def _expiry(self, value: Any) -> float | None:
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        except ValueError:
            raise invalid(expired_at="is not a valid date") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

    def _owned(self, account: Row, payment_id: str, *, invoice: bool) -> Row:
        payment = self.engine.payment(payment_id)
        if (
            payment is None
            or payment["gateway"] != "moyasar"
            or payment["account"] != account["id"]
            or (payment["hosted"] is not invoice and invoice)
        ):
            raise refuse(404, "Object not found")
        return payment

    def fetch_invoice(self, request: Request, account: Row) -> Response:
        return Response.json(invoice_shape(self, self._owned(account, request.matched["id"], invoice=True)))

    def cancel_invoice(self, request: Request, account: Row) -> Response:
        payment = self._owned(account, request.matched["id"], invoice=True)
        if not self.engine.close(payment, "cancelled"):
            raise refuse(400, "Invoice cannot be canceled")
        return Response.json(invoice_shape(self, payment))

    def _found(self, request: Request, account: Row) -> list[Row]:
        wanted = {name[9:-1]: value for name, value in request.query.items() if name.startswith("metadata[") and name.endswith("]")}
        first = next(iter(wanted.values()), None)
        rows = self.engine.find("moyasar", account, first) if first is not None else self.engine.of_account("moyasar", account)
        return [p for p in rows if all(str((p["request"].get("metadata") or {}).get(k)) == v for k, v in wanted.items())]

    def _page(self, name: str, rows: list[Any], request: Request) -> Response:
        text = request.query.get("page", "1")
        number = max(int(text) if text.isdigit() else 1, 1)
        pages = max(-(-len(rows) // PER_PAGE), 1)
        meta = {
            "current_page": number,
            "next_page": number + 1 if number < pages else None,
            "prev_page": number - 1 if number > 1 else None,
            "total_pages": pages,
            "total_count": len(rows),
        }
        return Response.json({name: rows[(number - 1) * PER_PAGE : number * PER_PAGE], "meta": meta})

    def list_invoices(self, request: Request, account: Row) -> Response:
        return self._page("invoices", [invoice_shape(self, p) for p in self._found(request, account) if p["hosted"]], request)

    # Payments

    def _attempt(self, account: Row, payment_id: str) -> tuple[Row, Row]:
        """The payment (of an invoice or of a token) with that id, and its owner."""
        for owner in [*([p] if (p := self.engine.payment(payment_id)) else []), *self.engine.find("moyasar", account, payment_id)]:
            if owner["gateway"] == "moyasar" and owner["account"] == account["id"]:
                for attempt in owner["attempts"]:
                    if (attempt["id"] if owner["hosted"] else owner["id"]) == payment_id:
                        return owner, attempt
        raise refuse(404, "Object not found")

    def create_payment(self, request: Request, account: Row) -> Response:
        fields = self._fields(request)
        amount, source = self._money(fields), fields.get("source")
        if not isinstance(source, dict) or source.get("type") != "token":
            raise invalid(source="this simulator takes tokens here; cards are typed on the hosted page")
        token = self.engine.token("moyasar", account, str(source.get("token")))
        if token is None:
            raise invalid(source="token is invalid")
        if not http_url(fields.get("callback_url")):
            raise invalid(callback_url="can't be blank")
        given = fields.get("given_id") or new_uuid()
        if not isinstance(given, str) or not re.fullmatch(UUID, given):
            raise invalid(given_id="must be a UUID")
        if self.engine.payment(given) is not None:
            raise invalid(given_id="has already been taken")
        metadata = fields.get("metadata") or {}
        payment = self.engine.open(
            "moyasar", account, id=given, page=f"no page {given}", amount=amount, currency=fields.get("currency", "SAR"),
            reference=str(metadata.get("reference", "")), names=[str(v) for k, v in metadata.items() if k != "reference"],
            description={"ar": fields.get("description") or "", "en": fields.get("description") or ""}, notify_url=fields["callback_url"],
            request=fields, hosted=False,
        )  # fmt: skip
        return Response.json(payment_shape(self, payment, self.engine.charge(payment, token)), 201)

    def fetch_payment(self, request: Request, account: Row) -> Response:
        return Response.json(payment_shape(self, *self._attempt(account, request.matched["id"])))

    def update_payment(self, request: Request, account: Row) -> Response:
        """Its description and its metadata, not its money. A key given nothing goes, the others stay."""
        owner, attempt = self._attempt(account, request.matched["id"])
        fields = self._fields(request)
        if "description" in fields:
            if not str(fields["description"] or "").strip():
                raise invalid(description="can't be blank")
            attempt["description"] = str(fields["description"])
        if "metadata" in fields:
            attempt["metadata"] = self._metadata(told_of(owner, attempt, "metadata") or {}, fields["metadata"])
        self.engine._save(owner)
        return Response.json(payment_shape(self, owner, attempt))

    def _metadata(self, before: Row, given: Any) -> Row | None:
        if not given:
            return None
        if not isinstance(given, dict):
            raise invalid(metadata="must be an object")
        after = {name: value for name, value in {**before, **given}.items() if value not in (None, "")}
        if len(after) > METADATA_KEYS or any(len(name) > METADATA_NAME or len(str(value)) > METADATA_VALUE for name, value in after.items()):
            raise invalid(metadata="is too long")
        return after

    def list_payments(self, request: Request, account: Row) -> Response:
        rows = [(owner, attempt) for owner in self._found(request, account) for attempt in reversed(owner["attempts"])]
        shapes = [payment_shape(self, *row) for row in rows]
        return self._page("payments", [s for s in shapes if s["status"] == request.query.get("status", s["status"])], request)

    def refund(self, request: Request, account: Row) -> Response:
        owner, attempt = self._attempt(account, request.matched["id"])
        fields = self._fields(request) if request.body else {}
        left = owner["amount"] - self.engine.refunded(owner)
        if attempt["outcome"] != "ok" or left <= 0:
            raise refuse(400, "Payment cannot be refunded")
        amount = fields.get("amount", left)
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise invalid(amount="must be an integer")
        if not 0 < amount <= left:
            raise invalid(amount=f"must be less than or equal to {left}" if amount > 0 else "must be greater than 0")
        self.engine.refund(owner, amount, refund_id=new_uuid())
        return Response.json(payment_shape(self, owner, attempt))

    def void(self, request: Request, account: Row) -> Response:
        """Until the money is settled a payment can be taken back whole, without a fee."""
        owner, attempt = self._attempt(account, request.matched["id"])
        lines = self.engine.lines(owner)
        if attempt["outcome"] != "ok" or owner["refunds"] or any(line["payout"] for line in lines) or owner["more"].get("voided_at"):
            raise refuse(400, "Payment cannot be voided")
        owner["more"]["voided_at"] = self.store.now()
        self.engine.post(owner, "void", -owner["amount"], -owner["fee"], -owner["fee_tax"], owner["id"])
        self.engine._tell("voided", owner, attempt=attempt)
        return Response.json(payment_shape(self, owner, attempt))

    # Tokens, settlements, webhooks

    def fetch_token(self, request: Request, account: Row) -> Response:
        token = self.engine.token("moyasar", account, request.matched["id"])
        if token is None:
            raise refuse(404, "Object not found")
        return Response.json(token_shape(token))

    def delete_token(self, request: Request, account: Row) -> Response:
        token = self.engine.token("moyasar", account, request.matched["id"])
        if token is None:
            raise refuse(404, "Object not found")
        self.engine.forget(token)
        return Response(b"", 204)

    def settlements(self, request: Request, account: Row) -> Response:
        since = self._expiry(request.query.get("created[gt]")) or 0.0
        return self._page("settlements", [settlement_shape(self, account, row) for row in self.engine.payouts("moyasar", account, since)], request)

    def settlement_lines(self, request: Request, account: Row) -> Response:
        row = self.store.get("payout", request.matched["id"])
        if row is None or row["account"] != account["id"]:
            raise refuse(404, "Object not found")
        return self._page("lines", [line_shape(self, line) for line in self.engine.payout_lines(row)], request)

    def add_webhook(self, request: Request, account: Row) -> Response:
        fields = self._fields(request)
        if not http_url(fields.get("url")):
            raise invalid(url="is not a valid URL")
        hook = {
            "id": new_uuid(),
            "url": fields["url"],
            "secret": fields.get("shared_secret"),
            "events": fields.get("events") or list(EVENTS.values()),
            "created": self.store.now(),
            "method": fields.get("http_method", "post"),
        }
        account["endpoints"].append(hook)
        self.store.touch("account", account["id"])
        return Response.json(self._hook(hook), 201)

    def _hook(self, hook: Row) -> Row:
        return {
            "id": hook["id"],
            "http_method": hook["method"],
            "url": hook["url"],
            "created_at": iso(hook["created"]),
            "updated_at": iso(hook["created"]),
            "events": hook["events"],
        }

    def list_webhooks(self, request: Request, account: Row) -> Response:
        return Response.json({"webhooks": [self._hook(hook) for hook in account["endpoints"] if "method" in hook]})

    def drop_webhook(self, request: Request, account: Row) -> Response:
        account["endpoints"] = [hook for hook in account["endpoints"] if hook["id"] != request.matched["id"]]
        self.store.touch("account", account["id"])
        return Response(b"", 204)

    def attempts(self, request: Request, account: Row) -> Response:
        hook = next((hook for hook in account["endpoints"] if hook["id"] == request.matched["id"]), None)
        if hook is None:
            raise refuse(404, "Object not found")
        events = {e["id"]: e for e in self.store.all("event") if e["gateway"] == "moyasar" and e["url"] == hook["url"]}
        rows = [
            {
                "id": s["id"],
                "webhook_id": hook["id"],
                "event_type": events[s["event"]]["kind"],
                "response_code": s["code"],
                "retry_number": s["attempt"],
                "result": s["status"],
            }
            for s in self.store.all("send")
            if s["event"] in events
        ]
        return self._page("webhook_attempts", rows, request)

    # Notices

    def notices(self, kind: str, payment: Row | None, **context: Any) -> list[Notice]:
        payout = context.get("payout")
        account = self.store.get("account", payout["account"] if payout else payment["account"] if payment else "")
        event = EVENTS.get(kind)
        if account is None or event is None:
            return []
        if payout:
            shape = settlement_shape(self, account, payout)
            data = {name: shape[name] for name in ("id", "recipient_type", "recipient_id", "currency", "amount", "fee", "tax", "reference")} | {
                "transaction_count": len(payout["lines"]),
                "created_at": shape["created_at"],
            }
        else:
            assert payment is not None
            data = payment_shape(self, payment, context.get("attempt") or payment["attempts"][-1])
        body = {
            "id": new_uuid(),
            "type": event,
            "created_at": iso(self.store.now())[:-5] + "+00:00",
            "secret_token": None,
            "account_name": account["name_en"],
            "live": False,
            "data": data,
        }
        notices = [
            Notice(hook["url"], compact(body), event, {"secret": hook["secret"]} if hook["secret"] else {})
            for hook in account["endpoints"]
            if "*" in hook["events"] or event in hook["events"]
        ]
        if payment and payment["hosted"] and kind == "paid" and payment["notify_url"]:
            notices.append(Notice(payment["notify_url"], compact(invoice_shape(self, payment)), "invoice_paid", {"plain": "1"}))
        return notices

    def signed(self, notice: Notice, account: Row, at: int, live: list[str]) -> tuple[str, dict[str, str]]:
        """Nothing is signed: the secret stands in the body. An invoice's own callback carries not even that."""
        if notice.headers.get("plain"):
            return notice.body, {}
        secret = notice.headers.get("secret") or (live or [""])[0]
        return notice.body.replace('"secret_token":null', f'"secret_token":{compact(secret)}', 1), {}

    def page_path(self, payment: Row) -> str:
        return f"{self.prefix}/invoices/{payment['page']}"

    def percent_of(self, attempt: Row) -> int:
        return {"mada": 100, "stc_pay": 189}.get(attempt["method"], self.percent_bp)

    def token_id(self) -> str:
        return f"token_{letters(32)}"

    def dispute_id(self) -> str:
        return new_uuid()

    def payout_id(self) -> str:
        return new_uuid()
