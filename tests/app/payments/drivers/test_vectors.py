"""Every driver against the requests, answers and signatures pinned from its vendor's public documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.app.payments.drivers.vectors import (
    MERCHANT,
    NAMES,
    answer,
    first,
    made,
    order,
    paid,
    problems,
    step,
    steps,
)

from wasl.app.payments.drivers import port
from wasl.app.payments.drivers.bank import Bank
from wasl.app.payments.drivers.moyasar import Moyasar
from wasl.app.payments.drivers.paytabs import PayTabs
from wasl.app.payments.drivers.port import GatewayDown, GatewayPayment, GatewayRefused, KeyRefused, Notice
from wasl.app.payments.drivers.stripe import Stripe
from wasl.app.payments.drivers.tap import Tap

KINDS: dict[str, Any] = {"stripe": Stripe, "moyasar": Moyasar, "tap": Tap, "paytabs": PayTabs, "bank": Bank}


@pytest.mark.parametrize("name", NAMES)
def test_a_driver_reads_its_gateways_vectors_as_they_are(name: str) -> None:
    assert problems(name, KINDS[name]) == []


class TakesAnyStripeAge(Stripe):
    """T70: a replay of an hour ago is as good as new."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        stamp = headers.get("Stripe-Signature", "").partition("t=")[2].partition(",")[0]
        return super().read_webhook(headers, body, at=float(stamp or 0))


class TakesStripesOldScheme(Stripe):
    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        return super().read_webhook({"Stripe-Signature": headers.get("Stripe-Signature", "").replace("v0=", "v1=")}, body, at=at)


class CallsACompleteSessionPaid(Stripe):
    """Never looks into the intent: an amount that was received in part counts whole."""

    def fetch(self, gateway_id: str) -> GatewayPayment:
        return replace(super().fetch(gateway_id), failure=None)


class BelievesMoyasarUnsigned(Moyasar):
    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        return Notice("x", "x", "x")


class ThinksRefundedMeansGone(Moyasar):
    """`refunded` also stands on a payment of which a part was given back."""

    def fetch(self, gateway_id: str) -> GatewayPayment:
        payment = super().fetch(gateway_id)
        return replace(payment, status=port.CANCELLED) if payment.status == port.SUCCEEDED and payment.fee is None else replace(payment, amount=1)


class HashesDinarsWithTwoDecimals(Tap):
    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        from wasl.app.payments.drivers import tap

        kept = tap.major
        tap.major = lambda amount, currency: kept(amount, currency).quantize(Decimal("0.01"))
        try:
            return super().read_webhook(headers, body, at=at)
        finally:
            tap.major = kept


class TakesUnknownForFailed(Tap):
    """UNKNOWN at Tap may still become money."""

    def fetch(self, gateway_id: str) -> GatewayPayment:
        payment = super().fetch(gateway_id)
        return replace(payment, status=port.FAILED) if payment.status == port.PENDING else payment


class TakesHeldForPaid(PayTabs):
    """H is authorised and held: nothing was captured."""

    def fetch(self, gateway_id: str) -> GatewayPayment:
        payment = super().fetch(gateway_id)
        return replace(payment, status=port.SUCCEEDED) if payment.status == port.PENDING else payment


class SendsHalalas(PayTabs):
    """Minor units where major ones are wanted: a hundred times too much."""

    def _sale(self, order: port.Order, kind: str) -> dict[str, Any]:
        return super()._sale(order, kind) | {"cart_amount": order.amount}


PLANTED = [
    ("stripe", TakesAnyStripeAge),
    ("stripe", TakesStripesOldScheme),
    ("stripe", CallsACompleteSessionPaid),
    ("moyasar", BelievesMoyasarUnsigned),
    ("moyasar", ThinksRefundedMeansGone),
    ("tap", HashesDinarsWithTwoDecimals),
    ("tap", TakesUnknownForFailed),
    ("paytabs", TakesHeldForPaid),
    ("paytabs", SendsHalalas),
]


@pytest.mark.parametrize(("name", "kind"), PLANTED, ids=[kind.__name__ for _, kind in PLANTED])
def test_a_planted_driver_that_misreads_a_vector_is_caught(name: str, kind: Any) -> None:
    assert problems(name, kind)


# -- what we ask -----------------------------------------------------------------------------------------------------------

CREATES = {
    "stripe": ("a card pays a Checkout Session", "create a session"),
    "moyasar": ("mada pays an invoice", "create the invoice"),
    "tap": ("mada pays a charge", "create"),
    "paytabs": ("mada pays a page", "create"),
    "bank": ("pay, refund, settle", "create"),
}
OURS = {  # what stands otherwise in our own requests, and why
    "success_url": "the address that the caller gave",
    "callback": "the address that the caller gave",
    "post": "the address that the caller gave",
    "webhook_url": "the address that the caller gave",
    "customer": "a payer whom we do not name",
    "customer_details": "the payer fills it in at PayTabs",
    "metadata": "our merchant goes along",
    "callback_url": "Moyasar posts to it unsigned; its signed webhooks are set up once",
    "reference": "compared apart",
    "profile_id": "the account's",
    "merchant": "the caller's",
    "source": "compared apart",
}


def created(name: str, **change: Any) -> tuple[GatewayPayment, Any]:
    made_answer = answer(step(name, *CREATES[name]))
    path = {"stripe": "/v1/checkout/sessions", "moyasar": "/v1/invoices", "tap": "/v2/charges", "paytabs": "/payment/request", "bank": "/v1/payments"}
    answers: list[Any] = [(f"POST {path[name]}", 200, made_answer)]
    if name == "moyasar":
        answers = [("GET /v1/invoices", 200, {"invoices": []}), *answers, ("GET /v1/invoices", 200, {"invoices": [made_answer]})]
    if name == "bank":
        answers.insert(0, ("PUT /v1/merchants", 200, {"object": "merchant"}))
    driver, wire = made(name, *answers)
    return driver.create(order(**change)), wire


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_asked_for_as_the_vendor_documents_it(name: str) -> None:
    payment, wire = created(name)

    request = step(name, *CREATES[name])["request"]
    wanted = request.get("form") or request["json"]
    post = next(number for number, one in enumerate(wire.asked) if one.method == "POST")
    sent = wire.sent(post)
    for key, value in wanted.items():
        assert key in sent or key in OURS, key
        assert key in OURS or sent[key] == value, key
    assert set(sent) - set(wanted) <= {"metadata[merchant]", "payment_intent_data[metadata][merchant]"}
    assert wire.asked[post].method == request["method"] and wire.asked[post].url.path == request["path"]
    assert (payment.status, payment.amount, payment.currency) == ("pending", 11500, "SAR")
    assert payment.hosted_url.startswith("https://")


def test_the_key_makes_each_creation_repeatable_where_the_vendor_has_one() -> None:
    assert created("stripe")[1].asked[-1].headers["Idempotency-Key"] == order().key
    assert created("tap")[1].sent()["reference"] == {"transaction": "pay-0042", "order": "pay-0042", "idempotent": order().key}
    assert created("bank")[1].asked[-1].headers["Idempotency-Key"] == order().key


def test_a_lost_creation_at_moyasar_is_found_again_and_not_made_twice() -> None:
    first_made = answer(step("moyasar", *CREATES["moyasar"]))
    driver, wire = made("moyasar", ("GET /v1/invoices", 200, {"invoices": [first_made]}))

    assert driver.create(order()).id == first_made["id"]
    assert [request.method for request in wire.asked] == ["GET"]


def test_two_tabs_at_moyasar_at_once_leave_one_page() -> None:
    older = answer(step("moyasar", *CREATES["moyasar"]))
    ours = older | {"id": "a0000000-5f95-4f59-87d3-3fe3615c54bc", "created_at": "2026-11-27T18:27:05.000Z"}
    driver, wire = made(
        "moyasar",
        ("GET /v1/invoices", 200, {"invoices": []}),
        ("POST /v1/invoices", 201, ours),
        ("GET /v1/invoices", 200, {"invoices": [ours, older]}),
        ("PUT /v1/invoices/a0000000", 200, ours | {"status": "canceled"}),
    )

    assert driver.create(order()).id == older["id"]
    assert wire.answers == []


@pytest.mark.parametrize(("rows", "error"), [([], GatewayDown), (None, None)], ids=["an unused page is not known yet", "a used one is found"])
def test_the_same_cart_at_paytabs_within_two_minutes_is_no_second_page(rows: Any, error: Any) -> None:
    again = step("paytabs", "mada pays a page", "the same cart within two minutes")["answer"]["json"]
    known = answer(step("paytabs", "mada pays a page", "query by cart")) if rows is None else rows
    driver, _wire = made("paytabs", ("POST /payment/request", 200, again), ("POST /payment/query", 200, known))

    if error:
        with pytest.raises(error):
            driver.create(order())
    else:
        assert driver.create(order()).status == "succeeded"


def test_a_page_at_paytabs_that_nobody_used_is_pending_with_what_we_asked_for() -> None:
    asked, _wire = created("paytabs")
    unknown = step("paytabs", "mada pays a page", "query by reference before payment")["answer"]["json"]
    driver, _wire = made("paytabs", ("POST /payment/query", 200, unknown))

    payment = driver.fetch(asked.id)

    assert (payment.id, payment.status, payment.amount, payment.reference) == (asked.id, "pending", 11500, "pay-0042")
    used, _wire = made("paytabs", *paid("paytabs"))
    assert used.fetch("TST2623802990085").id == asked.id


# -- what they say ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_key_and_a_refusal_are_told_apart(name: str) -> None:
    """Each refusal of the vectors, as the answer to one question."""
    for one in steps(name):
        status = one["answer"]["status"]
        if status < 400 or status == 402 or ("verbatim" not in one["how"] and "refusals" not in str(one)):
            pass
        if status < 400 or status == 402:
            continue
        driver, _wire = made(name, ("", status, one["answer"]["json"]), ("", status, one["answer"]["json"]))
        wanted = KeyRefused if status == 401 else GatewayRefused
        with pytest.raises(wanted) as caught:
            driver.fetch(first(name))
        assert status == 401 or not isinstance(caught.value, KeyRefused)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [500, 502, 503, 504, 301, 302, 307, 308, 408, 425, 429])
def test_t90_an_unclear_answer_means_ask_again(name: str, status: int) -> None:
    driver, _wire = made(name, ("", status, {}), ("", status, {}))

    with pytest.raises(GatewayDown):
        driver.fetch(first(name))


def test_t90_at_stripe_a_conflict_means_that_the_first_one_is_still_at_work() -> None:
    driver, _wire = made("stripe", ("", 409, {"error": {"type": "idempotency_error"}}))
    with pytest.raises(GatewayDown):
        driver.fetch(first("stripe"))


def test_a_method_is_shown_by_its_brand_and_last_four_and_no_more() -> None:
    wanted = {
        "stripe": ("card", "4242", "2034-12"),
        "moyasar": ("mada", "1010", ""),
        "tap": ("mada", "0007", ""),
        "paytabs": ("mada", "1010", "2034-12"),
    }
    for name, parts in wanted.items():
        driver, _wire = made(name, *paid(name))
        method = driver.fetch(first(name)).method
        assert (method.family, method.last4, method.expires) == parts, name
        assert method.token == ""


def test_fees_are_told_where_the_gateway_tells_them() -> None:
    fees = {name: made(name, *paid(name))[0].fetch(first(name)).fee for name in NAMES}
    assert fees == {"stripe": 434, "moyasar": 247, "tap": None, "paytabs": None, "bank": 388}


def test_a_merchant_that_is_not_the_account_is_named_as_foreign() -> None:
    """T72"""
    tap, _wire = made("tap", *paid("tap"), profile="999")
    paytabs, _wire = made("paytabs", *paid("paytabs"), profile="999")
    live, _wire = made("stripe", *paid("stripe"), mode="live")
    other = paid("stripe")
    other[0][2]["metadata"]["merchant"] = "f" * 32
    stripe, _wire = made("stripe", *other)

    assert all(driver.fetch(first(driver.name)).merchant.startswith("foreign:") for driver in (tap, paytabs, live, stripe))


@pytest.mark.parametrize("name", NAMES)
def test_ours_is_named_by_our_organisation(name: str) -> None:
    change = {"profile": "25145693"} if name == "tap" else {}
    driver, _wire = made(name, *paid(name), **change)
    assert driver.fetch(first(name)).merchant == ("m1" if name == "bank" else MERCHANT)
