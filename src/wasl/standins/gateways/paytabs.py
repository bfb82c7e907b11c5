"""PayTabs: a page for a cart, queries, refunds as transactions of their own, tokens; the bare server key, text amounts, HMAC over the raw body."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from wasl.standins.gateways.bank import http_url
from wasl.standins.gateways.cards import MINOR_UNITS
from wasl.standins.gateways.dialect import Dialect, Notice, Refused, compact
from wasl.standins.gateways.numbers import minor
from wasl.standins.gateways.paytabs_shapes import (
    amount_text,
    follow_shape,
    listed,
    notice_shape,
    outcome,
    page_shape,
    paid_with,
    sale_shape,
    trace,
)
from wasl.standins.gateways.store import Row, digits
from wasl.standins.web import Request, Response, Site

WINDOW = 120.0
CURRENCIES = {"AED", "BHD", "EGP", "EUR", "GBP", "HKD", "IDR", "INR", "IQD", "JOD", "JPY", "KWD", "MAD", "OMR", "PKR", "QAR", "SAR", "USD"}
METHODS = {"creditcard": "card", "mada": "mada", "stcpay": "stc_pay", "applepay": "apple_pay", "knet": "knet", "benefit": "benefit"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DENIED = "Authentication failed. Check authentication header."


def refuse(code: int, message: str, status: int = 400) -> Refused:
    return Refused(status, {"code": code, "message": message, "trace": trace()})


def invalid(name: str) -> Refused:
    return refuse(2, f"Invalid request: {name}")


class PayTabs(Dialect):
    name = "paytabs"
    tries_again = False
    dispute_fee = "none"
    percent_bp, fixed_major_cents = 285, 100
    waits = (1.0, 2.0, 4.0, 8.0, 16.0)

    def mount(self, site: Site) -> None:
        for pattern, verb in (
            ("/payment/request", self.request), ("/payment/query", self.query), ("/payment/token", self.token),
            ("/payment/token/delete", self.forget),
        ):  # fmt: skip
            self.route(site, "POST", pattern, verb)

    def caller(self, request: Request) -> Row:
        account = self.engine.by_key("paytabs", request.headers.get("authorization", ""))
        if account is None:
            raise refuse(1, DENIED, 401)
        return account

    def malformed(self) -> Any:
        return {"code": 2, "message": "Invalid request", "trace": trace()}

    def broken(self) -> Any:
        return {"code": 500, "message": "Server error", "trace": trace()}

    def _fields(self, request: Request, account: Row) -> Row:
        fields = self.json_body(request, lambda why: refuse(2, "Invalid request: JSON"))
        if fields.get("profile_id") != account["profile"] or isinstance(fields.get("profile_id"), bool):
            raise refuse(1, DENIED, 401)
        return fields

    # Requests

    def request(self, request: Request, account: Row) -> Response:
        fields = self._fields(request, account)
        kind = fields.get("tran_type")
        if kind not in ("sale", "refund"):
            raise invalid("tran_type")
        currency = fields.get("cart_currency")
        if not isinstance(currency, str) or currency not in CURRENCIES:
            raise invalid("cart_currency")
        amount = minor(fields.get("cart_amount"), currency)
        if amount is None:
            raise invalid("cart_amount")
        for name, limit in (("cart_id", 64), ("cart_description", 128)):
            value = fields.get(name)
            if not isinstance(value, str) or not 0 < len(value) <= limit:
                raise invalid(name)
        if fields.get("tran_class") not in ("ecom", "recurring", "moto", "cont"):
            raise invalid("tran_class")
        verb = self._refund if kind == "refund" else self._charge if fields.get("token") else self._page
        key = f"sale:{fields['cart_id']}" if kind == "sale" else f"refund:{fields.get('tran_ref')}:{fields['cart_id']}:{amount}"
        answer, again = self.once(account, key, "", WINDOW, lambda: verb(fields, account, amount, currency), None)
        return Response.json({"code": 4, "message": "Duplicate Request", "trace": trace()}) if again else answer

    def _page(self, fields: Row, account: Row, amount: int, currency: str) -> Response:
        if fields["tran_class"] != "ecom":
            raise invalid("token")
        if not isinstance(fields.get("customer_details") or {}, dict):
            raise invalid("customer_details")
        for name in ("callback", "return"):
            if fields.get(name) and not http_url(fields[name]):
                raise invalid(name)
        payment = self.engine.open("paytabs", account, page=secrets.token_hex(32).upper(), **self._row(fields, amount, currency))
        return Response.json(page_shape(self, account, payment))

    def _row(self, fields: Row, amount: int, currency: str) -> Row:
        words, back = fields["cart_description"], fields.get("return") or ""
        local = ("mada", "stc_pay") if currency == "SAR" else ("knet",) if currency == "KWD" else ("benefit",) if currency == "BHD" else ()
        wanted = [METHODS[name] for name in fields.get("payment_methods") or [] if name in METHODS]
        save = fields.get("tokenise") in (2, "2", True)
        return {
            "id": f"TST{digits(13)}", "amount": amount, "currency": currency, "reference": fields["cart_id"], "return_url": back, "back_url": back,
            "description": {"ar": words, "en": words}, "notify_url": fields.get("callback") or "", "methods": wanted or ["card", *local, "apple_pay"],
            "save": save, "request": fields, "lang": {"ar": "ar", "en": "en"}.get(str(fields.get("paypage_lang"))),
            "more": {"customer": fields.get("customer_details") or {}, "follow": []},
        }  # fmt: skip

    def _charge(self, fields: Row, account: Row, amount: int, currency: str) -> Response:
        """A token, nobody present."""
        token = self.engine.token("paytabs", account, str(fields["token"]))
        if token is None:
            raise invalid("token")
        if fields["tran_class"] not in ("recurring", "cont") or fields.get("tran_ref") != token["payment"]:
            raise invalid("tran_ref")
        row = self._row(fields, amount, currency)
        first = self.engine.payment(token["payment"])
        row["more"] |= {"previous": token["payment"], "customer": first["more"]["customer"] if first else {}}
        payment = self.engine.open("paytabs", account, **row | {"save": False, "hosted": False})
        self.engine.charge(payment, token)
        return Response.json(sale_shape(account, payment))

    def _refund(self, fields: Row, account: Row, amount: int, currency: str) -> Response:
        payment = self.engine.payment(str(fields.get("tran_ref")))
        if payment is None or payment["gateway"] != "paytabs" or payment["account"] != account["id"] or payment["state"] != "paid":
            raise refuse(2, "Invalid transaction reference")
        follow = {
            "id": f"TST{digits(13)}", "cart": fields["cart_id"], "description": fields["cart_description"], "currency": currency,
            "amount": amount_text(amount, currency), "at": self.store.now(), "result": ("A", f"G{digits(5)}", "Authorised"), "payment": payment["id"],
            "account": account["id"],
        }  # fmt: skip
        if currency != payment["currency"]:
            follow["result"] = ("D", "206", "Currency mismatch")
        elif amount > payment["amount"] - self.engine.refunded(payment):
            follow["result"] = ("E", "225", "Refund amount exceeds the available balance")
        self.store.put("paytabs.follow", follow["id"], follow)
        payment["more"]["follow"].append(follow["id"])
        if follow["result"][0] == "A":
            url = str(fields.get("callback") or payment["notify_url"])
            self.engine.refund(payment, amount, refund_id=follow["id"], reference=fields["cart_description"], url=url)
        self.store.touch("payment", payment["id"])
        return Response.json(follow_shape(account, payment, follow))

    # Queries and tokens

    def query(self, request: Request, account: Row) -> Response:
        """A page that nobody has used is no transaction yet."""
        fields = self._fields(request, account)
        if fields.get("tran_ref"):
            wanted = str(fields["tran_ref"])
            follow = self.store.get("paytabs.follow", wanted)
            payment = self.engine.payment(follow["payment"] if follow else wanted)
            mine = payment and payment["gateway"] == "paytabs" and payment["account"] == account["id"]
            if payment is None or not mine or payment["state"] in ("open", "challenge"):
                raise Refused(200, {"code": 2, "message": "Invalid transaction reference", "trace": trace()})
            return Response.json(follow_shape(account, payment, follow) if follow else sale_shape(account, payment))
        if not fields.get("cart_id"):
            raise invalid("tran_ref")
        found: list[tuple[float, int, Row]] = []
        for payment in reversed(self.engine.find("paytabs", account, str(fields["cart_id"]))):
            if payment["state"] not in ("open", "challenge"):
                found.append((payment["created"], len(found), listed(sale_shape(account, payment))))
            for follow in (self.store.get("paytabs.follow", name) for name in payment["more"]["follow"]):
                if follow:
                    found.append((follow["at"], len(found), listed(follow_shape(account, payment, follow))))
        return Response.json([shape for _, _, shape in sorted(found, key=lambda one: one[:2], reverse=True)])

    def _token(self, fields: Row, account: Row) -> Row:
        token = self.engine.token("paytabs", account, str(fields.get("token")))
        if token is None:
            raise refuse(2, "Invalid request: token")
        return token

    def token(self, request: Request, account: Row) -> Response:
        token = self._token(self._fields(request, account), account)
        payment = self.engine.payment(token["payment"]) or {"attempts": [], "pending": None, "more": {"customer": {}}}
        about = {name: value for name, value in paid_with(payment).items() if name in ("card_type", "card_scheme", "payment_description")}
        return Response.json({"tran_ref": token["payment"], "payment_info": about, "customer_details": payment["more"]["customer"]})

    def forget(self, request: Request, account: Row) -> Response:
        self.engine.forget(self._token(self._fields(request, account), account))
        return Response.json({"code": 0, "message": "Token deleted"})

    # Notices

    def notices(self, kind: str, payment: Row | None, **context: Any) -> list[Notice]:
        if payment is None or kind not in ("paid", "declined", "cancelled", "expired", "refunded"):
            return []
        account, url = self.engine.account_of(payment), payment["notify_url"]
        shape = sale_shape(account, payment)
        if kind == "refunded":
            follow = self.store.get("paytabs.follow", context["refund"]["id"])
            if follow is None:
                return []
            shape, url = follow_shape(account, payment, follow), context["refund"]["more"]["url"]
        parts = urlsplit(url)
        private = parts.scheme == "https" or parts.hostname in LOOPBACK
        return [Notice(url, compact(notice_shape(shape, payment)) if private else "", f"{shape['tran_type'].lower()}.{kind}")]

    def signed(self, notice: Notice, account: Row, at: int, live: list[str]) -> tuple[str, dict[str, str]]:
        return notice.body, {"Signature": hmac.new(account["key"].encode(), notice.body.encode(), hashlib.sha256).hexdigest()}

    def _signed_fields(self, payment: Row) -> dict[str, str]:
        result, account = outcome(payment), self.engine.account_of(payment)
        last = payment["attempts"][-1] if payment["attempts"] else {}
        fields = {
            "acquirerMessage": "", "acquirerRRN": last.get("rrn", ""), "cartId": payment["reference"],
            "customerEmail": str(payment["more"]["customer"].get("email", "")), "respCode": result["response_code"],
            "respMessage": result["response_message"], "respStatus": result["response_status"], "token": last.get("token") or "",
            "tranRef": payment["id"],
        }  # fmt: skip
        base = urlencode({name: value for name, value in sorted(fields.items()) if value})
        return fields | {"signature": hmac.new(account["key"].encode(), base.encode(), hashlib.sha256).hexdigest()}

    def page_path(self, payment: Row) -> str:
        return f"{self.prefix}/payment/wr/{payment['page']}"

    def way_back(self, payment: Row) -> str:
        url = str(payment["return_url"])
        if payment["request"].get("return_using_get") is not True:
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(self._signed_fields(payment))}"

    def post_back(self, payment: Row) -> dict[str, str] | None:
        return None if payment["request"].get("return_using_get") is True else self._signed_fields(payment)

    def payer_leaves(self, payment: Row) -> None:
        self.engine.close(payment, "cancelled")

    def token_id(self) -> str:
        return secrets.token_hex(16).upper()

    def dispute_id(self) -> str:
        return f"CB{digits(13)}"

    def payout_id(self) -> str:
        return f"PO{digits(13)}"


assert set(MINOR_UNITS) >= CURRENCIES
