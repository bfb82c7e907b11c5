"""Refunds, disputes, payouts and the transactions inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wasl.standins.gateways.cards import decimal_text
from wasl.standins.gateways.dialect import Verb
from wasl.standins.gateways.store import Row, letters
from wasl.standins.gateways.stripe import intents
from wasl.standins.gateways.stripe.params import REFUND, error, integer, missing, texts
from wasl.standins.gateways.stripe.shapes import (
    charge_shape,
    dispute_shape,
    listed,
    payout_shape,
    payout_transaction,
    refund_shape,
    transaction_shape,
)
from wasl.standins.web import Request, Response

if TYPE_CHECKING:
    from wasl.standins.gateways.stripe.api import Stripe

REASONS = (None, "duplicate", "fraudulent", "requested_by_customer")


def routes(s: Stripe, one: str) -> list[tuple[str, str, Verb]]:
    return [
        ("POST", "/v1/refunds", lambda r, a: create_refund(s, r, a)),
        ("GET", "/v1/refunds", lambda r, a: refunds(s, r, a)),
        ("GET", f"/v1/refunds/{one}", lambda r, a: fetch_refund(s, r, a)),
        ("GET", "/v1/disputes", lambda r, a: disputes(s, r, a)),
        ("GET", f"/v1/disputes/{one}", lambda r, a: fetch_dispute(s, r, a)),
        ("GET", "/v1/payouts", lambda r, a: payouts(s, r, a)),
        ("GET", f"/v1/payouts/{one}", lambda r, a: fetch_payout(s, r, a)),
        ("GET", "/v1/balance_transactions", lambda r, a: transactions(s, r, a)),
    ]


def _paid_for(s: Stripe, account: Row, fields: Row) -> tuple[Row, Row]:
    """The payment to give back of, and its successful attempt."""
    if fields.get("payment_intent"):
        payment = intents.owned(s, account, fields["payment_intent"])
    elif fields.get("charge"):
        found = s.engine.find("stripe", account, fields["charge"])
        if not found:
            raise missing("charge", fields["charge"], "charge")
        payment = found[0]
    else:
        raise error(400, "One of the following params should be provided for this request: payment_intent or charge.", code="parameter_missing")
    attempt = next((a for a in reversed(payment["attempts"]) if a["outcome"] == "ok"), None)
    if attempt is None:
        raise error(
            400,
            f"This PaymentIntent ({payment['more']['intent']}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
            param="payment_intent",
        )
    return payment, attempt


def create_refund(s: Stripe, request: Request, account: Row) -> Response:
    fields = s.fields(request, REFUND)
    payment, attempt = _paid_for(s, account, fields)
    left = payment["amount"] - s.engine.refunded(payment)
    if left <= 0:
        raise error(400, f"Charge ch_{attempt['serial']} has already been refunded.", code="charge_already_refunded")
    if any(d["state"] == "open" for d in payment["disputes"]):
        raise error(400, f"Charge ch_{attempt['serial']} has been charged back; cannot issue a refund.", code="charge_disputed")
    amount = integer(fields["amount"], "amount") if "amount" in fields else left
    if amount < 1:
        raise error(400, "Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        words = [f"{payment['currency']} {decimal_text(value, payment['currency'])}" for value in (amount, left)]
        raise error(400, f"Refund amount ({words[0]}) is greater than unrefunded amount on charge ({words[1]})", param="amount")
    reason = fields.get("reason")
    if reason not in REASONS:
        raise error(400, "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer", param="reason")
    refund = s.engine.refund(
        payment,
        amount,
        refund_id=f"re_{letters(24)}",
        reference=(fields.get("metadata") or {}).get("reference"),
        metadata=fields.get("metadata") or {},
        reason=reason,
    )
    return Response.json(refund_shape(s, payment, refund))


def _all(s: Stripe, request: Request, account: Row, what: str) -> list[tuple[Row, Row]]:
    query = s.query(request)
    if query.get("payment_intent"):
        rows = [intents.owned(s, account, query["payment_intent"])]
    elif query.get("charge"):
        rows = s.engine.find("stripe", account, query["charge"])
    else:
        rows = s.engine.of_account("stripe", account)
    return [(payment, row) for payment in rows for row in reversed(payment[what])]


def refunds(s: Stripe, request: Request, account: Row) -> Response:
    return Response.json(listed("/v1/refunds", [refund_shape(s, *pair) for pair in _all(s, request, account, "refunds")], s.limit(request)))


def disputes(s: Stripe, request: Request, account: Row) -> Response:
    return Response.json(listed("/v1/disputes", [dispute_shape(s, *pair) for pair in _all(s, request, account, "disputes")], s.limit(request)))


def fetch_refund(s: Stripe, request: Request, account: Row) -> Response:
    for payment in s.engine.of_account("stripe", account):
        for refund in payment["refunds"]:
            if refund["id"] == request.matched["id"]:
                return Response.json(refund_shape(s, payment, refund))
    raise missing("refund", request.matched["id"], "id")


def fetch_dispute(s: Stripe, request: Request, account: Row) -> Response:
    for payment in s.engine.of_account("stripe", account):
        for dispute in payment["disputes"]:
            if dispute["id"] == request.matched["id"]:
                return Response.json(dispute_shape(s, payment, dispute))
    raise missing("dispute", request.matched["id"], "dispute")


def payouts(s: Stripe, request: Request, account: Row) -> Response:
    created = s.query(request).get("created")
    since = created.get("gte") or created.get("gt") if isinstance(created, dict) else None
    rows = s.engine.payouts("stripe", account, float(integer(since, "created[gte]")) if since else 0.0)
    return Response.json(listed("/v1/payouts", [payout_shape(row) for row in rows], s.limit(request)))


def _payout(s: Stripe, account: Row, payout_id: str) -> Row:
    row = s.store.get("payout", payout_id)
    if row is None or row["account"] != account["id"]:
        raise missing("payout", payout_id, "payout")
    return row


def fetch_payout(s: Stripe, request: Request, account: Row) -> Response:
    return Response.json(payout_shape(_payout(s, account, request.matched["id"])))


def _source(s: Stripe, line: Row, payment: Row) -> Row:
    """The object behind a transaction where `expand[]=data.source` asks for it; nothing where it has none of its own."""
    refund = next((each for each in payment["refunds"] if each["id"] == line["source"]), None)
    dispute = next((each for each in payment["disputes"] if each["id"] == line["source"]), None)
    if refund is not None:
        return {"source": refund_shape(s, payment, refund)}
    if dispute is not None:
        return {"source": dispute_shape(s, payment, dispute)}
    attempt = next((each for each in reversed(payment["attempts"]) if each["outcome"] == "ok"), None)
    return {"source": charge_shape(s, payment, attempt)} if attempt and line["kind"] == "payment" else {}


def transactions(s: Stripe, request: Request, account: Row) -> Response:
    query = s.query(request)
    if query.get("payout"):
        payout = _payout(s, account, query["payout"])
        lines, first = s.engine.payout_lines(payout), [payout_transaction(payout)]
    else:
        lines, first = [line for line in s.store.all("line") if line["account"] == account["id"]], []
    whole = "data.source" in texts(query.get("expand"))
    found = ((line, payment) for line in reversed(lines) if (payment := s.engine.payment(line["payment"])))
    shapes = [*first, *(transaction_shape(line, payment) | (_source(s, line, payment) if whole else {}) for line, payment in found)]
    if query.get("starting_after"):
        at = next((n for n, shape in enumerate(shapes) if shape["id"] == query["starting_after"]), len(shapes))
        shapes = shapes[at + 1 :]
    return Response.json(listed("/v1/balance_transactions", shapes, s.limit(request)))
