"""PaymentIntents: with a page's session or without one, off-session charges, search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wasl.standins.gateways.dialect import Verb
from wasl.standins.gateways.store import Row, letters
from wasl.standins.gateways.stripe.params import INTENT, error, integer, missing, need, texts, truth
from wasl.standins.gateways.stripe.sessions import checked
from wasl.standins.gateways.stripe.shapes import charge_shape, intent_shape, last_error, listed, transaction_shape
from wasl.standins.web import Request, Response

if TYPE_CHECKING:
    from wasl.standins.gateways.stripe.api import Stripe

TEST_METHODS = {
    "pm_card_visa": "4242424242424242", "pm_card_mastercard": "5555555555554444", "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclined": "4000000000000002", "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069", "pm_card_threeDSecure2Required": "4000000000003220",
    "pm_card_authenticationRequired": "4000002500003155",
}  # fmt: skip


def routes(s: Stripe, one: str) -> list[tuple[str, str, Verb]]:
    return [
        ("POST", "/v1/payment_intents", lambda r, a: create(s, r, a)),
        ("GET", "/v1/payment_intents", lambda r, a: listing(s, r, a)),
        ("GET", "/v1/payment_intents/search", lambda r, a: search(s, r, a)),
        ("GET", f"/v1/payment_intents/{one}", lambda r, a: fetch(s, r, a)),
        ("POST", f"/v1/payment_intents/{one}/confirm", lambda r, a: confirm(s, r, a)),
        ("POST", f"/v1/payment_intents/{one}/cancel", lambda r, a: cancel(s, r, a)),
        ("GET", f"/v1/charges/{one}", lambda r, a: charge(s, r, a)),
    ]


def owned(s: Stripe, account: Row, intent_id: str) -> Row:
    found = [p for p in s.engine.find("stripe", account, intent_id) if p["more"]["intent"] == intent_id]
    if not found:
        raise missing("payment_intent", intent_id, "intent")
    return found[0]


def create(s: Stripe, request: Request, account: Row) -> Response:
    fields = s.fields(request, INTENT)
    amount = integer(need(fields, "amount"), "amount")
    currency = checked(amount, str(need(fields, "currency")), "amount")
    if fields.get("customer"):
        s.customer(account, fields["customer"])
    intent_id, metadata = f"pi_{letters(24)}", fields.get("metadata") or {}
    payment = s.engine.open(
        "stripe", account, id=intent_id, amount=amount, currency=currency, reference=metadata.get("reference", ""),
        names=[intent_id, *metadata.values()], description={"ar": fields.get("description") or "", "en": fields.get("description") or ""},
        customer=fields.get("customer"), hosted=False, save=fields.get("setup_future_usage") == "off_session",
        return_url=fields.get("return_url") or "",
        more={"intent": intent_id, "client_secret": letters(25), "metadata": metadata, "session_metadata": {}, "client_reference_id": None,
            "success_url": None, "cancel_url": None, "locale": None, "description": fields.get("description")},
    )  # fmt: skip
    if truth(fields.get("confirm")):
        return _pay(s, account, payment, fields)
    return Response.json(intent_shape(s, payment))


def confirm(s: Stripe, request: Request, account: Row) -> Response:
    payment = owned(s, account, request.matched["id"])
    if payment["state"] not in ("open", "failed"):
        status = intent_shape(s, payment)["status"]
        raise error(400, f"You cannot confirm this PaymentIntent because it has a status of {status}.", code="payment_intent_unexpected_state")
    payment["state"] = "open"
    return _pay(s, account, payment, s.fields(request, INTENT))


def _pay(s: Stripe, account: Row, payment: Row, fields: Row) -> Response:
    wanted = str(need(fields, "payment_method"))
    if wanted in TEST_METHODS:
        payment["hosted"] = TEST_METHODS[wanted] == "4000000000003220" and not truth(fields.get("off_session"))
        result = s.engine.use(payment, TEST_METHODS[wanted], asks=payment["hosted"])
        if result == "challenge" or payment["state"] == "paid":
            return Response.json(intent_shape(s, payment))
    else:
        token = s.method(account, wanted)
        if token["customer"] != payment["customer"]:
            raise error(
                400,
                "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment or belongs to another Customer.",
                param="payment_method",
            )
        if s.engine.charge(payment, token)["outcome"] == "ok":
            return Response.json(intent_shape(s, payment))
    return _declined(s, payment)


def _declined(s: Stripe, payment: Row) -> Response:
    """402 with the error in front and the intent inside; the key keeps this answer too."""
    attempt = payment["attempts"][-1]
    why = last_error(payment, attempt)
    shape = intent_shape(s, payment)
    order = ("code", "doc_url", "message", "charge", "decline_code", "type")
    return Response.json({"error": {name: why[name] for name in order if name in why} | {"payment_intent": shape}}, 402)


def fetch(s: Stripe, request: Request, account: Row) -> Response:
    payment = owned(s, account, request.matched["id"])
    names = texts(s.query(request).get("expand"))
    charge: Any = None
    if payment["attempts"] and any(name.startswith("latest_charge") for name in names):
        transaction = None
        lines = [line for line in s.engine.lines(payment) if line["kind"] == "payment"]
        if lines and "latest_charge.balance_transaction" in names:
            transaction = transaction_shape(lines[0], payment)
        charge = charge_shape(s, payment, payment["attempts"][-1], transaction=transaction)
    return Response.json(intent_shape(s, payment, charge=charge))


def cancel(s: Stripe, request: Request, account: Row) -> Response:
    payment = owned(s, account, request.matched["id"])
    fields = s.fields(request, {"cancellation_reason", "expand"})
    if payment["id"].startswith("cs_"):
        raise error(
            400,
            "You cannot cancel this PaymentIntent because it belongs to a Checkout Session; expire the session instead.",
            code="payment_intent_unexpected_state",
        )
    payment["more"]["cancelled_for"] = fields.get("cancellation_reason")
    payment["state"] = "open" if payment["state"] == "failed" else payment["state"]
    if not s.engine.close(payment, "cancelled"):
        raise error(
            400,
            f"You cannot cancel this PaymentIntent because it has a status of {intent_shape(s, payment)['status']}.",
            code="payment_intent_unexpected_state",
        )
    return Response.json(intent_shape(s, payment))


def listing(s: Stripe, request: Request, account: Row) -> Response:
    query = s.query(request)
    rows = [
        p
        for p in s.engine.of_account("stripe", account)
        if query.get("customer", p["customer"]) == p["customer"] and (p["attempts"] or not p["id"].startswith("cs_"))
    ]
    return Response.json(listed("/v1/payment_intents", [intent_shape(s, row) for row in rows], s.limit(request)))


def search(s: Stripe, request: Request, account: Row) -> Response:
    match = re.fullmatch(r"metadata\[['\"](\w+)['\"]\]:['\"]([^'\"]+)['\"]", request.query.get("query", "").strip())
    if match is None:
        raise error(400, "We were unable to parse your search query.", param="query")
    rows = [
        p
        for p in s.engine.find("stripe", account, match[2])
        if p["more"]["metadata"].get(match[1]) == match[2] and (p["attempts"] or not p["id"].startswith("cs_"))
    ]
    found = {p["more"]["intent"]: p for p in rows}
    return Response.json(
        {
            "object": "search_result",
            "data": [intent_shape(s, p) for p in found.values()],
            "has_more": False,
            "next_page": None,
            "url": "/v1/payment_intents/search",
        }
    )


def charge(s: Stripe, request: Request, account: Row) -> Response:
    wanted = request.matched["id"]
    for payment in s.engine.find("stripe", account, wanted):
        for attempt in payment["attempts"]:
            if f"ch_{attempt['serial']}" == wanted:
                return Response.json(charge_shape(s, payment, attempt))
    raise missing("charge", wanted, "id")
