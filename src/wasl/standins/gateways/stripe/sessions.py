"""Checkout Sessions: create, retrieve, list, expire."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wasl.standins.gateways.bank import http_url
from wasl.standins.gateways.cards import MINOR_UNITS
from wasl.standins.gateways.dialect import Verb
from wasl.standins.gateways.store import Row, letters
from wasl.standins.gateways.stripe.params import LOCALES, SESSION, error, integer, known, missing, need, texts
from wasl.standins.gateways.stripe.shapes import charge_shape, intent_shape, listed, session_shape
from wasl.standins.web import Request, Response

if TYPE_CHECKING:
    from wasl.standins.gateways.stripe.api import Stripe

LEAST = {"USD": 50, "EUR": 50, "GBP": 30, "AED": 200, "SAR": 200, "JPY": 50, "EGP": 2500, "QAR": 200, "MAD": 500}
DAY, HALF_HOUR = 86400, 1800
LINE = {"quantity", "price_data", "price", "adjustable_quantity", "tax_rates", "dynamic_tax_rates", "metadata"}


def routes(s: Stripe, one: str) -> list[tuple[str, str, Verb]]:
    return [
        ("POST", "/v1/checkout/sessions", lambda r, a: create(s, r, a)),
        ("GET", "/v1/checkout/sessions", lambda r, a: listing(s, r, a)),
        ("GET", f"/v1/checkout/sessions/{one}", lambda r, a: fetch(s, r, a)),
        ("POST", f"/v1/checkout/sessions/{one}/expire", lambda r, a: expire(s, r, a)),
    ]


def checked(amount: int, currency: str, param: str) -> str:
    """The currency in capitals; refused where Stripe could not charge that amount."""
    code = currency.upper()
    if code not in MINOR_UNITS:
        raise error(
            400,
            f"Invalid currency: {currency}. Stripe currently supports these currencies: {', '.join(sorted(c.lower() for c in MINOR_UNITS))}",
            code="parameter_invalid_string",
            param=param,
        )
    if amount < 1:
        raise error(400, "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param=param)
    if amount > 99_999_999:
        raise error(400, "Amount must be no more than 999,999.99", code="amount_too_large", param=param)
    if MINOR_UNITS[code] == 3 and amount % 10:
        raise error(400, f"Invalid integer: amounts in {currency.lower()} must be divisible by 10.", code="parameter_invalid_integer", param=param)
    return code


def _lines(fields: Row) -> tuple[int, str, str]:
    """(amount, currency, name) of the line items, which must agree in their currency."""
    amount, found, name = 0, "", ""
    items = need(fields, "line_items")
    for n, item in items.items() if isinstance(items, dict) else []:
        at = f"line_items[{n}]"
        known({f"{at}[{key}]": 1 for key in item}, {f"{at}[{key}]" for key in LINE})
        data = item.get("price_data")
        if not isinstance(data, dict):
            raise error(400, "No such price", code="resource_missing", param=f"{at}[price]")
        unit = integer(data.get("unit_amount"), f"{at}[price_data][unit_amount]")
        currency = checked(unit, str(data.get("currency", "")), f"{at}[price_data][unit_amount]")
        product = data.get("product_data") or {}
        if not product.get("name"):
            raise error(
                400,
                "Missing required param: line_items[0][price_data][product_data][name].",
                code="parameter_missing",
                param=f"{at}[price_data][product_data][name]",
            )
        if found and found != currency:
            raise error(400, "All line items must use the same currency.", param="line_items")
        amount, found, name = amount + unit * integer(item.get("quantity", "1"), f"{at}[quantity]"), currency, name or product["name"]
    if not found:
        raise error(400, "Missing required param: line_items.", code="parameter_missing", param="line_items")
    if amount < LEAST.get(found, 0):
        raise error(
            400,
            f"The Checkout Session's total amount due must add up to at least {LEAST[found] // 100}.{LEAST[found] % 100:02} {found}",
            code="amount_too_small",
        )
    return amount, found, name


def create(s: Stripe, request: Request, account: Row) -> Response:
    fields = s.fields(request, SESSION)
    if fields.get("mode") != "payment":
        raise error(400, "Invalid mode: this simulator knows payment", param="mode")
    if fields.get("locale") and fields["locale"] not in LOCALES:
        raise error(400, f"Invalid locale: must be one of {', '.join(LOCALES[:-1])}, or {LOCALES[-1]}", param="locale")
    amount, currency, name = _lines(fields)
    success, cancel = str(need(fields, "success_url")), fields.get("cancel_url")
    for param, url in (("success_url", success), ("cancel_url", cancel)):
        if url is not None and not http_url(url):
            raise error(400, "Not a valid URL", code="url_invalid", param=param)
    now = s.store.now()
    expires = integer(fields["expires_at"], "expires_at") if "expires_at" in fields else int(now) + DAY
    if not int(now) + HALF_HOUR - 60 <= expires <= int(now) + DAY + 60:
        raise error(400, "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.", param="expires_at")
    customer = fields.get("customer")
    if customer:
        s.customer(account, customer)
    data: Any = fields.get("payment_intent_data") or {}
    saves = data.get("setup_future_usage")
    if saves not in (None, "off_session", "on_session"):
        raise error(
            400,
            "Invalid payment_intent_data[setup_future_usage]: must be one of off_session or on_session",
            param="payment_intent_data[setup_future_usage]",
        )
    session_id, intent_id = f"cs_test_{letters(58)}", f"pi_{letters(24)}"
    metadata = data.get("metadata") or {}
    reference = fields.get("client_reference_id") or metadata.get("reference") or (fields.get("metadata") or {}).get("reference") or ""
    number = re.search(r"[A-Z]{1,6}[-/0-9]*\d", name)
    payment = s.engine.open(
        "stripe", account, id=session_id, amount=amount, currency=currency, reference=reference, names=[intent_id, *metadata.values()],
        number=number[0] if number else "", description={"ar": name, "en": name},
        return_url=success.replace("{CHECKOUT_SESSION_ID}", session_id), back_url=cancel or success.split("?")[0], save=bool(saves),
        customer=customer, expires_at=float(expires), methods=["card", "apple_pay"],
        more={"intent": intent_id, "client_secret": letters(25), "metadata": metadata, "session_metadata": fields.get("metadata") or {},
            "client_reference_id": fields.get("client_reference_id"), "success_url": success, "cancel_url": cancel,
              "locale": fields.get("locale"), "description": data.get("description")},
    )  # fmt: skip
    return Response.json(session_shape(s, payment))


def owned(s: Stripe, account: Row, session_id: str) -> Row:
    payment = s.engine.payment(session_id)
    if payment is None or payment["gateway"] != "stripe" or payment["account"] != account["id"] or not session_id.startswith("cs_"):
        raise missing("checkout.session", session_id, "session")
    return payment


def expanded(s: Stripe, payment: Row, shape: Row, names: list[str]) -> Row:
    """`payment_intent` and what is below it in place of its id."""
    if shape.get("payment_intent") and any(name.split(".")[0] == "payment_intent" for name in names):
        charge = None
        if any(name.startswith("payment_intent.latest_charge") for name in names) and payment["attempts"]:
            charge = charge_shape(s, payment, payment["attempts"][-1])
        shape["payment_intent"] = intent_shape(s, payment, charge=charge)
    return shape


def fetch(s: Stripe, request: Request, account: Row) -> Response:
    payment = owned(s, account, request.matched["id"])
    return Response.json(expanded(s, payment, session_shape(s, payment), texts(s.query(request).get("expand"))))


def listing(s: Stripe, request: Request, account: Row) -> Response:
    query = s.query(request)
    rows = s.engine.find("stripe", account, query["payment_intent"]) if query.get("payment_intent") else s.engine.of_account("stripe", account)
    shapes = [session_shape(s, row) for row in rows if row["id"].startswith("cs_")]
    shapes = [
        shape
        for shape in shapes
        if query.get("customer", shape["customer"]) == shape["customer"] and query.get("status", shape["status"]) == shape["status"]
    ]
    return Response.json(listed("/v1/checkout/sessions", shapes, s.limit(request)))


def expire(s: Stripe, request: Request, account: Row) -> Response:
    payment = owned(s, account, request.matched["id"])
    shape = session_shape(s, payment)
    if shape["status"] != "open" or not s.engine.close(payment, "expired"):
        raise error(
            400, f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `{shape["status"]}`.'
        )
    return Response.json(session_shape(s, payment))
