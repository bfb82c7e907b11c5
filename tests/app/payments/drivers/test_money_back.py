"""Refunds, saved cards, disputes and payouts of every driver, against the vectors: nothing twice, nothing lost."""

from __future__ import annotations

import json

import httpx
import pytest
from tests.app.payments.drivers.vectors import (
    ANY,
    FILL,
    NOW,
    account,
    answer,
    first,
    made,
    order,
    paid,
    read,
    step,
    steps,
)

from wasl.app.payments.drivers.moyasar import Moyasar
from wasl.app.payments.drivers.port import GatewayDown, GatewayRefused, Notice

# -- refunds ---------------------------------------------------------------------------------------------------------------


def test_refunds_at_tap_and_paytabs_are_found_by_our_key_before_they_are_made_again() -> None:
    pending = answer(step("tap", "mada pays a charge", "refund a part")) | {"charge_id": first("tap")}
    tap, wire = made("tap", paid("tap")[0], ("POST /v2/refunds/list", 200, {"refunds": [pending]}))
    assert tap.refund(first("tap"), amount=3000, key="ref-7").status == "pending"
    assert "POST /v2/refunds" not in [f"{one.method} {one.url.path}" for one in wire.asked]

    follow_ups = answer(step("paytabs", "mada pays a page", "query by cart shows the follow-ups"))
    paytabs, wire = made("paytabs", paid("paytabs")[0], ("POST /payment/query", 200, follow_ups))
    assert paytabs.refund(first("paytabs"), amount=3000, key="ref-7").amount == 3000
    assert all(one.url.path == "/payment/query" for one in wire.asked)


def test_a_refused_refund_at_paytabs_is_a_refusal_though_http_says_200() -> None:
    too_much = answer(step("paytabs", "mada pays a page", "refund more than is left"))
    driver, _wire = made("paytabs", *paid("paytabs"), ("POST /payment/request", 200, too_much))

    with pytest.raises(GatewayRefused):
        driver.refund(first("paytabs"), amount=9000, key="ref-8")


class MoyasarWithMemory:
    """One paid invoice at Moyasar that counts its refunds and keeps metadata; it may lose an answer."""

    def __init__(self) -> None:
        self.invoice = paid("moyasar")[0][2]
        self.payment = self.invoice["payments"][0]
        self.refunds = 0
        self.lose = False

    def driver(self) -> Moyasar:
        def handle(request: httpx.Request) -> httpx.Response:
            body = json.loads(request.content or b"{}")
            if request.method == "PUT":
                self.payment["metadata"] = {k: v for k, v in body["metadata"].items() if v != ""}
            elif request.method == "POST":
                self.refunds += 1
                self.payment["refunded"] = (self.payment.get("refunded") or 0) + body["amount"]
                self.payment["status"] = self.invoice["status"] = "refunded"
                if self.lose:
                    self.lose = False
                    raise httpx.ReadTimeout("lost")
            return httpx.Response(200, json=self.invoice if "/invoices" in request.url.path else self.payment)

        return Moyasar(account("moyasar"), http=httpx.Client(transport=httpx.MockTransport(handle)))


def test_a_refund_at_moyasar_whose_answer_was_lost_is_not_made_twice() -> None:
    gateway = MoyasarWithMemory()
    driver, place = gateway.driver(), gateway.invoice["id"]
    gateway.lose = True
    with pytest.raises(GatewayDown):
        driver.refund(place, amount=3000, key="ref-7")

    again = driver.refund(place, amount=3000, key="ref-7")
    driver.refund(place, amount=3000, key="ref-7")
    other = driver.refund(place, amount=1000, key="ref-8")

    assert gateway.refunds == 2 and gateway.payment["refunded"] == 4000
    state = driver.fetch(place)
    assert state.refunds == (again, other) and state.status == "succeeded" and state.amount == 11500


def test_refunds_that_moyasars_dashboard_made_count_once_each() -> None:
    gateway = MoyasarWithMemory()
    driver, place = gateway.driver(), gateway.invoice["id"]
    driver.refund(place, amount=1000, key="ref-7")
    gateway.payment["refunded"] = 1500
    driver.fetch(place)
    gateway.payment["refunded"] = 4000

    refunds = driver.fetch(place).refunds

    assert [(one.amount, one.reference) for one in refunds] == [(1000, "ref-7"), (500, ""), (2500, "")]
    assert len({one.id for one in refunds}) == 3 and driver.fetch(place).refunds == refunds


# -- saved methods, disputes, payouts --------------------------------------------------------------------------------------


def test_a_saved_card_has_a_token_that_charges_it_once() -> None:
    scene = "a saved card is charged later"
    intent = answer(step("stripe", scene, "charge it, nobody present"))
    charge = answer(step("stripe", "a card pays a Checkout Session", "the intent with its charge and fee"))
    empty = ("GET /v1/refunds", 200, {"data": [], "has_more": False})
    driver, wire = made("stripe", ("POST /v1/payment_intents", 200, intent), ("GET /v1/payment_intents", 200, charge), empty)
    paid_now = driver.charge(order(amount=7500, reference="auto-1"), f"cus_{ANY}/pm_{ANY}")
    assert (paid_now.status, paid_now.amount, paid_now.reference) == ("succeeded", 7500, "auto-1")
    assert wire.asked[0].headers["Idempotency-Key"] == order().key and wire.sent(0)["off_session"] == "true"

    declined = step("stripe", scene, "the bank wants the payer")
    driver, _wire = made("stripe", ("POST /v1/payment_intents", 402, answer(declined)))
    failed = driver.charge(order(amount=7500, reference="auto-2"), f"cus_{ANY}/pm_{ANY}")
    assert failed.status == "failed" and failed.failure and failed.failure.kind == "authentication"


def test_moyasar_charges_a_token_under_an_id_of_ours_and_takes_a_taken_one_for_the_answer() -> None:
    scene = "a saved card is charged later"
    done = answer(step("moyasar", scene, "charge it, nobody present"))
    taken = step("moyasar", scene, "the same given_id again")["answer"]["json"]
    driver, wire = made("moyasar", ("POST /v1/payments", 400, taken), ("GET /v1/payments", 200, done))

    payment = driver.charge(order(amount=7500, reference="auto-1"), f"token_{ANY}")

    assert payment.status == "succeeded" and payment.amount == 7500
    assert wire.asked[1].url.path.endswith(wire.sent(0)["given_id"])


@pytest.mark.parametrize(("name", "lists"), [("tap", "POST /v2/charges/list"), ("paytabs", "POST /payment/query")])
def test_where_a_charge_has_no_lasting_key_an_earlier_one_is_looked_for(name: str, lists: str) -> None:
    found = step(name, "mada pays a charge", "find by our reference") if name == "tap" else step(name, "mada pays a page", "query by cart")
    more = [("POST /v2/refunds/list", 200, {"refunds": []})] if name == "tap" else []
    driver, wire = made(name, (lists, 200, answer(found)), *more)

    assert driver.charge(order(), f"card_{ANY}/cus_{ANY}/payment_agreement_{ANY}").status == "succeeded"
    assert {one.url.path for one in wire.asked} <= {"/v2/charges/list", "/v2/refunds/list", "/payment/query"}


@pytest.mark.parametrize("name", ["stripe", "moyasar", "tap", "paytabs", "bank"])
def test_a_card_that_is_gone_is_forgotten_without_complaint(name: str) -> None:
    driver, _wire = made(name, ("", 404, {"code": 2}))
    driver.forget(f"card_{ANY}/cus_{ANY}" if name != "bank" and name != "moyasar" else f"token_{ANY}")


def test_a_dispute_is_seen_with_its_state() -> None:
    answers = list(paid("stripe"))
    answers[1][2]["latest_charge"]["disputed"] = True
    answers.append(("GET /v1/disputes", 200, answer(step("stripe", "dispute, then payout", "won"))))
    driver, _wire = made("stripe", *answers)

    (dispute,) = driver.fetch(first("stripe")).disputes

    assert (dispute.amount, dispute.state, dispute.reason) == (11500, "won", "fraudulent")


@pytest.mark.parametrize("name", ["stripe", "moyasar", "tap", "bank"])
def test_the_items_of_a_payout_add_up_to_it(name: str) -> None:
    listed = {
        "stripe": [("GET /v1/payouts", "payouts since"), ("GET /v1/balance_transactions", "what is in it")],
        "moyasar": [("GET /v1/settlements", "settlements"), ("GET /v1/settlements", "its lines")],
        "tap": [("POST /v2/payouts", "list payouts"), ("POST /v2/charges/list", "its charges")],
        "bank": [("GET /v1/payouts", "payouts")],
    }
    answers = [(what, 200, answer(next(s for s in steps(name) if s["name"] == title))) for what, title in listed[name]]
    driver, _wire = made(name, *answers)

    (payout,) = driver.payouts(NOW.replace(year=2020))

    assert sum(item.net for item in payout.items) == payout.amount
    assert all(item.gross - item.fee == item.net for item in payout.items)
    assert "payment" in {item.kind for item in payout.items}


def test_a_webhook_about_a_charge_a_refund_or_a_dispute_leads_to_its_payment() -> None:
    by_name = {vector["name"]: vector for vector in read("stripe")["webhooks"]}
    driver, _wire = made("stripe", secrets=("whsec_vectors_only",))

    def notice(name: str) -> Notice:
        vector = by_name[name]
        return driver.read_webhook(vector["headers"], vector["body"].encode(), at=vector["at"])

    assert notice("charge.refunded").gateway_id == notice("charge.dispute.created").gateway_id == "pi_3MockIntentForVectors0001"
    assert notice("checkout.session.completed").gateway_id.startswith("cs_test_")
    assert not notice("payout.paid").concerns_us
    session = answer(step("stripe", "a card pays a Checkout Session", "sessions of an intent"))
    session["data"][0]["payment_intent"] = "pi_3MockIntentForVectors0001"
    driver, _wire = made("stripe", ("GET /v1/checkout/sessions", 200, session), *paid("stripe"))
    assert driver.fetch("pi_3MockIntentForVectors0001").id == FILL["^cs_test_"]
