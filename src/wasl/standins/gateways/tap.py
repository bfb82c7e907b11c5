"""Tap: charges on a hosted page, tokens of saved cards, refunds; Bearer key, JSON numbers in major units, `hashstring` over seven fields."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

from wasl.standins.gateways.bank import http_url
from wasl.standins.gateways.cards import MINOR_UNITS
from wasl.standins.gateways.dialect import Dialect, Exact, Notice, Refused
from wasl.standins.gateways.numbers import dumps, minor
from wasl.standins.gateways.store import Row, letters
from wasl.standins.gateways.tap_shapes import charge_shape, paid_out, payout_shape, refund_shape, token_shape
from wasl.standins.web import Request, Response, Site

CHARGE = r"(?P<id>chg_[A-Za-z0-9_]+)"
DAY = 24 * 3600
SOURCES = {
    "src_card": ["card"],
    "src_sa.mada": ["mada"],
    "src_sa.stcpay": ["stc_pay"],
    "src_kw.knet": ["knet"],
    "src_bh.benefit": ["benefit"],
    "src_apple_pay": ["apple_pay"],
}
ONLY = {"stc_pay": "SAR", "knet": "KWD", "benefit": "BHD", "mada": "SAR"}
DECIMALS = {"BHD": 3, "KWD": 3, "OMR": 3, "JOD": 3, "TND": 3, "IQD": 3, "JPY": 0}


def refuse(code: str, text: str, status: int = 400, **more: str) -> Refused:
    return Refused(status, {"errors": [{"code": code, "description": text}]} | more)


def answer(value: Any, status: int = 200) -> Response:
    return Response(dumps(value), status, "application/json")


class Tap(Dialect):
    name = "tap"
    tries_again = False
    percent_bp, fixed_major_cents = 210, 100
    waits = (1.0, 2.0)

    def mount(self, site: Site) -> None:
        for method, pattern, verb in (
            ("POST", "/v2/charges", self.create), ("POST", "/v2/charges/", self.create), ("POST", "/v2/charges/list", self.listed),
            ("GET", f"/v2/charges/{CHARGE}", self.fetch), ("POST", "/v2/refunds", self.refund), ("POST", "/v2/refunds/", self.refund),
            ("POST", "/v2/refunds/list", self.list_refunds), ("POST", "/v2/refunds/list/", self.list_refunds),
            ("GET", "/v2/refunds/(?P<id>re_[A-Za-z0-9]+)", self.fetch_refund), ("POST", "/v2/tokens", self.token),
            ("POST", "/v2/tokens/", self.token), ("DELETE", "/v2/card/(?P<customer>cus_[A-Za-z0-9]+)/(?P<id>card_[A-Za-z0-9]+)", self.forget),
            ("POST", "/v2/payouts/list", self.list_payouts), ("POST", "/v2/payouts/list/", self.list_payouts),
        ):  # fmt: skip
            self.route(site, method, pattern, verb)

    def caller(self, request: Request) -> Row:
        given = request.headers.get("authorization", "")
        if not given:
            raise refuse("2107", "Authorization Required", 401)
        account = self.engine.by_key("tap", given.removeprefix("Bearer ")) if given.startswith("Bearer ") else None
        if account is None:
            raise refuse("2104", "Invalid API Key", 401)
        return account

    def malformed(self) -> Any:
        return {"errors": [{"code": "1103", "description": "Required inputs are invalid"}]}

    def broken(self) -> Any:
        return {"errors": [{"code": "9999", "description": "Internal server error"}]}

    def _fields(self, request: Request) -> Row:
        return self.json_body(request, lambda why: refuse("2100", "Invalid JSON request"))

    # Charges

    def create(self, request: Request, account: Row) -> Response:
        fields = self._fields(request)
        key = (fields.get("reference") or {}).get("idempotent")
        if not key:
            return self._create(fields, account)
        return self.once(account, f"charge:{key}", "", DAY, lambda: self._create(fields, account), None)[0]

    def _create(self, fields: Row, account: Row) -> Response:
        amount, currency = self._money(fields)
        source = fields.get("source")
        if not isinstance(source, dict) or not source.get("id"):
            raise refuse("1124", "Source id is missing")
        reference = fields.get("reference") or {}
        for name, code in (("order", "1122"), ("transaction", "1123")):
            if len(str(reference.get(name, ""))) >= 100:
                raise refuse(code, f"Merchant {name} reference length should be less than 100 characters")
        if len(str(fields.get("description", ""))) >= 1000:
            raise refuse("1121", "The 'description' should be less than 1000 characters")
        customer = self._customer(fields, account)
        redirect, post = (fields.get("redirect") or {}).get("url"), (fields.get("post") or {}).get("url")
        if not redirect:
            raise refuse("1110", "Redirect URL is missing")
        if not http_url(redirect) or (post and not http_url(post)):
            raise refuse("1111", "Redirect URL is invalid")
        token = self._source(fields, account, str(source["id"]), currency)
        period = self._period(fields)
        now = self.store.now()
        more = {
            "customer": customer, "customer_id": customer.get("id") or f"cus_TS{letters(22)}",
            "customer_initiated": fields.get("customer_initiated") not in (False, "false"),
            "three_d": fields.get("threeDSecure") not in (False, "false"), "period": period,
            "agreement": (fields.get("payment_agreement") or {}).get("id"), "token": source["id"] if token else None,
        }  # fmt: skip
        names = [str(value) for value in (reference.get("order"),) if value]
        text = str(fields.get("description", ""))
        payment = self.engine.open(
            "tap", account, id=f"chg_TS{letters(26)}", page=letters(43), amount=amount, currency=currency,
            reference=str(reference.get("transaction", "")), names=names, number=str(reference.get("order", "")),
            description={"ar": text, "en": text},
            return_url=redirect, back_url=redirect, notify_url=post or "", save=fields.get("save_card") is True, customer=more["customer_id"],
            expires_at=now + period * 60, methods=self._methods(str(source["id"]), currency), request=fields, more=more,
        )  # fmt: skip
        if token:
            self._charge_token(payment, token, account)
        return answer(charge_shape(self, payment, "CREATE"))

    def _money(self, fields: Row) -> tuple[int, str]:
        currency = fields.get("currency")
        if not isinstance(currency, str) or currency not in MINOR_UNITS:
            raise refuse("1118", "Currency code is invalid")
        amount = minor(fields.get("amount"), currency)
        if amount is None:
            raise refuse("1117", "Amount is invalid")
        return amount, currency

    def _customer(self, fields: Row, account: Row) -> Row:
        given = fields.get("customer")
        if not isinstance(given, dict) or not (given.get("id") or given.get("first_name")):
            raise refuse("1129", "Customer id or Customer information is required")
        if given.get("id"):
            row = self.store.get("tap.customer", str(given["id"]))
            if row is None or row["account"] != account["id"]:
                raise refuse("1106", "Customer not found")
            return {name: value for name, value in row.items() if name != "account"}
        if not given.get("email") and not given.get("phone"):
            raise refuse("1139", "Customer phone number or email address is required")
        return dict(given)

    def _period(self, fields: Row) -> int:
        period = ((fields.get("transaction") or {}).get("expiry") or {}).get("period", 30)
        if isinstance(period, bool) or not isinstance(period, int) or not 5 <= period <= 60:
            raise refuse("1103", "Required inputs are invalid")
        return period

    def _methods(self, source: str, currency: str) -> list[str]:
        if source in SOURCES:
            return SOURCES[source]
        return ["card", "apple_pay", *(method for method, only in ONLY.items() if only == currency)]

    def _source(self, fields: Row, account: Row, source: str, currency: str) -> Row | None:
        """The token's saved card, or None for a page; refused where it is neither."""
        if source == "src_all" or source in SOURCES:
            for method in SOURCES.get(source, []):
                if ONLY.get(method, currency) != currency:
                    raise refuse("1119", "Currency code not supported")
            return None
        token = self.store.get("tap.token", source)
        if token is None or token["account"] != account["id"]:
            raise refuse("1125", "Source id is invalid")
        if token["used"]:
            raise refuse("1126", "Source already used, Please create the new source")
        if fields.get("customer_initiated") in (False, "false"):
            agreement = self.store.get("tap.agreement", str((fields.get("payment_agreement") or {}).get("id", "")))
            if agreement is None or agreement["card"] != token["card"]:
                raise refuse("1216", "Agreement id is missing", http_code="400")
        card = self.engine.token("tap", account, token["card"])
        if card is None or card["customer"] != (fields.get("customer") or {}).get("id"):
            raise refuse("1107", "Customer id is not matching with existing customer")
        token["used"] = True
        self.store.touch("tap.token", source)
        return card

    def _charge_token(self, payment: Row, card: Row, account: Row) -> None:
        agreement = self.store.get("tap.agreement", payment["more"]["agreement"] or "")
        count = (agreement or {"count": 0})["count"]
        payment["more"]["count"] = count
        planned = self.engine.next_charges.get("tap")
        will_pay = (planned[0] if planned else card["behaviour"] or "ok") == "ok"
        if agreement and will_pay:
            agreement["count"] = payment["more"]["count"] = count + 1
            self.store.touch("tap.agreement", agreement["id"])
        self.engine.charge(payment, card)

    def _owned(self, account: Row, charge_id: str) -> Row:
        payment = self.engine.payment(charge_id)
        if payment is None or payment["gateway"] != "tap" or payment["account"] != account["id"]:
            raise refuse("1144", "Charge not found", 404)
        return payment

    def fetch(self, request: Request, account: Row) -> Response:
        return answer(charge_shape(self, self._owned(account, request.matched["id"]), "GET"))

    def listed(self, request: Request, account: Row) -> Response:
        fields = self._fields(request)
        limit = self._limit(fields)
        wanted, payout_ids = fields.get("reference") or {}, (fields.get("payouts") or {}).get("payout_id") or []
        shapes = []
        if payout_ids:
            for payout in (row for row in self.engine.payouts("tap", account) if row["id"] in payout_ids):
                ids = dict.fromkeys(line["payment"] for line in self.engine.payout_lines(payout))
                shapes += [paid_out(self, p, payout, charge_shape(self, p, "GET")) for pid in ids if (p := self.engine.payment(pid))]
        else:
            first = next(iter(wanted.values()), None)
            rows = self.engine.find("tap", account, str(first)) if first is not None else self.engine.of_account("tap", account)
            rows = [p for p in rows if all((p["request"].get("reference") or {}).get(k) == v for k, v in wanted.items())]
            shapes = [charge_shape(self, p, "GET") for p in rows]
            shapes = [shape for shape in shapes if fields.get("status", shape["status"]) == shape["status"]]
        return self._list("charges", shapes, limit)

    def _limit(self, fields: Row) -> int:
        limit = str(fields.get("limit", "25"))
        if not limit.isdigit() or not 1 <= int(limit) <= 50:
            raise refuse("1162", "Invalid row count should be less than or equal to 50")
        return int(limit)

    def _list(self, name: str, shapes: list[Row], limit: int) -> Response:
        shown = shapes[:limit]
        more = len(shapes) > len(shown)
        return answer({"object": "list", "live_mode": False, "count": len(shown), "has_more": more, "api_version": "V2", name: shown})

    # Refunds, tokens, payouts

    def refund(self, request: Request, account: Row) -> Response:
        fields = self._fields(request)
        key = (fields.get("reference") or {}).get("idempotent")
        if not key:
            return self._refund(fields, account)
        return self.once(account, f"refund:{key}", "", DAY, lambda: self._refund(fields, account), None)[0]

    def _refund(self, fields: Row, account: Row) -> Response:
        if not fields.get("charge_id"):
            raise refuse("1142", "Charge id is missing")
        payment = self._owned(account, str(fields["charge_id"]))
        amount, currency = self._money(fields)
        if not str(fields.get("reason") or "").strip():
            raise refuse("1156", "Refund reason is missing")
        if currency != payment["currency"]:
            raise refuse("1149", "Currency code is not matching with existing currency code")
        if payment["state"] != "paid":
            raise refuse("1114", "Please check the Authorize status")
        if amount > payment["amount"] - self.engine.refunded(payment):
            raise refuse("1161", "Requested refund amount exceeds")
        refund_id = f"re_TS{letters(24)}"
        self.engine.index.setdefault(("tap", account["id"], refund_id), []).append(payment["id"])
        row = self.engine.refund(
            payment, amount, refund_id=refund_id, reference=str((fields.get("reference") or {}).get("merchant", "")), state="pending", asked=fields
        )
        return answer(refund_shape(payment, row))

    def fetch_refund(self, request: Request, account: Row) -> Response:
        for payment in [*self.engine.find("tap", account, request.matched["id"]), *self.engine.of_account("tap", account)]:
            for refund in payment["refunds"]:
                if refund["id"] == request.matched["id"]:
                    return answer(refund_shape(payment, refund))
        raise refuse("1160", "Refund not found", 404)

    def list_refunds(self, request: Request, account: Row) -> Response:
        """Newest first; of some charges only, of a period, a page at a time."""
        fields = self._fields(request)
        limit, charges, after = self._limit(fields), fields.get("charges"), fields.get("starting_after")
        if charges is not None and not isinstance(charges, list):
            raise refuse("1143", "Charge id is invalid")
        found = [p for charge in charges if (p := self.engine.payment(str(charge)))] if charges else self.engine.of_account("tap", account)
        pairs = [(p, refund) for p in found if p["gateway"] == "tap" and p["account"] == account["id"] for refund in reversed(p["refunds"])]
        shapes = [refund_shape(*pair) for pair in sorted(pairs, key=lambda pair: pair[1]["at"], reverse=True)]
        dates = (fields.get("period") or {}).get("date") or {}
        since, until = int(dates.get("from") or 0), int(dates.get("to") or 10**15)
        shapes = [s for s in shapes if since <= int(s["created"]) <= until and fields.get("status", s["status"]) == s["status"]]
        if after:
            ids = [shape["id"] for shape in shapes]
            if after not in ids:
                raise refuse("1159", "Refund id is invalid")
            shapes = shapes[ids.index(after) + 1 :]
        return self._list("refunds", shapes, limit)

    def token(self, request: Request, account: Row) -> Response:
        saved = self._fields(request).get("saved_card") or {}
        card = self.engine.token("tap", account, str(saved.get("card_id", "")))
        if card is None or card["customer"] != saved.get("customer_id"):
            raise refuse("1125", "Source id is invalid")
        row = {"id": f"tok_{letters(24)}", "account": account["id"], "card": card["id"], "created": self.store.now(), "used": False}
        self.store.put("tap.token", row["id"], row)
        return answer(token_shape(row, card))

    def forget(self, request: Request, account: Row) -> Response:
        card = self.engine.token("tap", account, request.matched["id"])
        if card is None or card["customer"] != request.matched["customer"]:
            raise refuse("1125", "Source id is invalid", 404)
        self.engine.forget(card)
        return answer({"delete": True, "id": card["id"]})

    def list_payouts(self, request: Request, account: Row) -> Response:
        since = str((((self._fields(request).get("period") or {}).get("date")) or {}).get("from", "0"))
        rows = self.engine.payouts("tap", account, int(since) / 1000 if re.fullmatch(r"[0-9]{1,16}", since) else 0.0)
        return answer(
            {
                "object": "list",
                "live_mode": False,
                "api_version": "V2",
                "count": len(rows),
                "has_more": False,
                "payouts": [payout_shape(account, row) for row in rows],
            }
        )

    # Notices

    def notices(self, kind: str, payment: Row | None, **context: Any) -> list[Notice]:
        """For what ended; never for a charge that waits or was left alone."""
        if payment is None:
            return []
        if kind == "paid":
            self._keep(payment)
        if kind in ("paid", "declined", "cancelled"):
            return [Notice(payment["notify_url"], dumps(charge_shape(self, payment, "POST")), f"charge.{kind}")]
        if kind == "refund_settled":
            shape = refund_shape(payment, context["refund"])
            return [Notice(shape.get("post", {}).get("url", ""), dumps(shape), "refund")]
        return []

    def _keep(self, payment: Row) -> None:
        """A successful charge makes the customer known, and the agreement for a card that was saved."""
        more = payment["more"]
        account = self.engine.account_of(payment)
        if not self.store.get("tap.customer", more["customer_id"]):
            self.store.put("tap.customer", more["customer_id"], more["customer"] | {"id": more["customer_id"], "account": account["id"]})
        card = payment["attempts"][-1]["token"]
        if card and payment["hosted"]:
            row = {"id": f"payment_agreement_{letters(22)}", "card": card, "count": 1, "customer": more["customer_id"]}
            self.store.put("tap.agreement", row["id"], row)
            more["agreement"] = row["id"]

    def post_status(self, payment: Row) -> str:
        return str(payment["more"].get("post_status", "PENDING"))

    def signed(self, notice: Notice, account: Row, at: int, live: list[str]) -> tuple[str, dict[str, str]]:
        return notice.body, {"hashstring": hmac.new(account["key"].encode(), hashed(notice.body).encode(), hashlib.sha256).hexdigest()}

    def page_path(self, payment: Row) -> str:
        return f"{self.prefix}/pay/{payment['page']}"

    def way_back(self, payment: Row) -> str:
        joint = "&" if "?" in payment["return_url"] else "?"
        return f"{payment['return_url']}{joint}tap_id={payment['id']}"

    def payer_leaves(self, payment: Row) -> None:
        self.engine.close(payment, "cancelled")

    def token_id(self) -> str:
        return f"card_{letters(24)}"

    def dispute_id(self) -> str:
        return f"dis_{letters(24)}"

    def payout_id(self) -> str:
        return f"payout_{letters(24)}"


def hashed(body: str) -> str:
    """The text that is signed: seven fields, the amount with the currency's decimals."""
    value = json.loads(body, parse_float=Exact)
    whole, _, part = str(value["amount"]).partition(".")
    decimals = DECIMALS.get(value["currency"], 2)
    amount = f"{whole}.{part[:decimals].ljust(decimals, '0')}" if decimals else whole
    created = value["transaction"]["created"] if value["object"] == "charge" else value["created"]
    reference = value["reference"]
    return (
        f"x_id{value['id']}x_amount{amount}x_currency{value['currency']}x_gateway_reference{reference.get('gateway', '')}"
        f"x_payment_reference{reference.get('payment', '')}x_status{value['status']}x_created{created}"
    )
