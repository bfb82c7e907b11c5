"""Webhooks of every gateway: signed in its scheme, tried again, and broken on purpose; and what a strict gateway refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.gateway_vectors import GATEWAYS
from tests.standins.gateway_clients import PAID, Receiver, Seller
from tests.standins.test_gateway_vectors import VERIFY

BROKEN = ("altered", "unsigned", "old", "wrong-secret")


@pytest.fixture
def http(gateways: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateways) as client:
        yield client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()


@pytest.fixture(params=GATEWAYS)
def seller(http: httpx.Client, receiver: Receiver, request: pytest.FixtureRequest) -> Seller:
    return Seller(request.param, http, hooks=receiver.url)


def genuine(seller: Seller, got: tuple[dict[str, str], str]) -> bool:
    """Verified by the code that verifies the vectors."""
    headers, body = got
    named = {name.title() if name.lower() != "hashstring" else "hashstring": value for name, value in headers.items()}
    at = int(seller.act("clock", forward=0)["now"])
    secret = seller.key if seller.gateway in ("tap", "paytabs") else seller.secret
    return VERIFY[seller.gateway]({"headers": named, "body": body, "secret": secret, "at": at})


def count(gateway: str) -> int:
    """How many notices a paid page is worth."""
    return {"stripe": 3, "moyasar": 1}.get(gateway, 1)


def test_notice_of_a_paid_page_is_genuine(seller: Seller, receiver: Receiver) -> None:
    payment, _ = seller.payment()
    seller.act("pay", payment=payment, card="4111111111111111")

    got = receiver.wait(count(seller.gateway))

    assert all(genuine(seller, one) for one in got)
    assert any(payment in body for _, body in got)


@pytest.mark.parametrize("mode", BROKEN)
def test_broken_notice_is_not_genuine(seller: Seller, receiver: Receiver, mode: str) -> None:
    """Altered, unsigned, of another secret: provable everywhere but where the vendor signs no body (Moyasar) or no time."""
    payment, _ = seller.payment()
    seller.act("webhooks", mode=mode, times=-1)
    seller.act("pay", payment=payment, card="4111111111111111")

    got = receiver.wait(count(seller.gateway))

    blind = {"moyasar": ("altered", "old"), "tap": ("old",), "paytabs": ("old",)}.get(seller.gateway, ())
    assert [genuine(seller, one) for one in got] == [mode in blind] * len(got)


def test_notice_is_tried_again_until_it_is_taken(seller: Seller, receiver: Receiver) -> None:
    receiver.answers = [500] * count(seller.gateway)
    payment, _ = seller.payment()
    seller.act("pay", payment=payment, card="4111111111111111")

    got = receiver.wait(2 * count(seller.gateway))

    assert all(genuine(seller, one) for one in got)


def test_doubled_lost_late_and_replayed(seller: Seller, receiver: Receiver, http: httpx.Client) -> None:
    worth = count(seller.gateway)
    seller.act("webhooks", mode="lost", times=-1)
    first, _ = seller.payment()
    seller.act("pay", payment=first, card="4111111111111111")
    seller.act("webhooks", mode="duplicate", times=-1)
    second, _ = seller.payment()
    seller.act("pay", payment=second, card="4111111111111111")
    bodies = [body for _, body in receiver.wait(3 * worth)]
    assert len(set(bodies)) == worth and not any(first in body for body in bodies)

    seller.act("webhooks", mode="delay", times=-1, delay=0.2)
    third, _ = seller.payment()
    seller.act("pay", payment=third, card="4111111111111111")
    assert seller.state(third) == PAID[seller.gateway]
    assert len(receiver.wait(4 * worth)) == 4 * worth

    seller.act("resend", payment=first)
    receiver.wait(5 * worth)
    sent = [row for row in http.get("/control/sends", params={"gateway": seller.gateway, "about": third}).json() if row["status"] == "sent"]
    seller.act("replay", send=sent[0]["id"])
    assert receiver.wait(5 * worth + 1)[-1][1] in [body for _, body in receiver.got[:-1]]


def test_refund_stops_at_what_is_left_even_by_ten_at_once(seller: Seller) -> None:
    payment, _ = seller.payment(amount=10000)
    seller.act("pay", payment=payment, card="4111111111111111")

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: seller.refund(payment, 1500), range(10)))

    def granted(answer: httpx.Response) -> bool:
        return answer.status_code < 300 and answer.json().get("payment_result", {}).get("response_status", "A") == "A"

    book = seller.http.get("/control/payments", params={"id": payment}).json()[0]
    assert sum(refund["amount"] for refund in book["refunds"]) <= 10000
    assert sum(map(granted, answers)) == 6


def test_unpaid_payment_is_not_refunded_and_a_paid_one_not_paid_again(seller: Seller) -> None:
    payment, _ = seller.payment()
    if seller.gateway not in ("stripe", "moyasar"):
        answer = seller.refund(payment, 100)
        assert answer.status_code >= 400
    seller.act("pay", payment=payment, card="4111111111111111")

    assert seller.act("pay", payment=payment, card="4111111111111111")["result"] == "closed"


def test_another_sellers_payment_is_not_there(seller: Seller, http: httpx.Client) -> None:
    payment, _ = seller.payment()
    seller.act("pay", payment=payment, card="4111111111111111")
    stranger = Seller(seller.gateway, http)

    with pytest.raises((httpx.HTTPStatusError, AssertionError)):
        assert stranger.state(payment) == PAID[seller.gateway]
    if seller.gateway not in ("stripe", "moyasar"):
        assert stranger.refund(payment, 100).status_code >= 400


@pytest.mark.parametrize(("mode", "status"), [("500", 500), ("429", 429), ("garbage", 502)])
def test_outage_on_demand(seller: Seller, mode: str, status: int) -> None:
    seller.act("outage", mode=mode, gateway=seller.gateway, times=1)

    assert seller.ask().status_code == status
    assert seller.ask().status_code < 300


def test_answer_lost_on_the_way_leaves_one_payment(seller: Seller, http: httpx.Client) -> None:
    """The second try with the same key finds the first payment; where a gateway knows no keys, the list by reference does."""
    seller.act("outage", mode="silent", gateway=seller.gateway, times=1)
    with pytest.raises(httpx.HTTPError):
        seller.ask(reference="lost-1", repeat="key-lost-1")

    again = seller.ask(reference="lost-1", repeat="key-lost-1")

    mine = http.get("/control/payments", params={"gateway": seller.gateway, "reference": "lost-1"}).json()
    assert len(mine) == (2 if seller.gateway == "moyasar" else 1)  # an invoice takes no key: look before you try again
    assert again.status_code < 300


def test_payout_pays_out_each_line_once(seller: Seller) -> None:
    payment, _ = seller.payment()
    seller.act("pay", payment=payment, card="4111111111111111")

    assert len(seller.act("payout", gateway=seller.gateway, only=payment)["payouts"]) == 1
    assert seller.act("payout", gateway=seller.gateway, only=payment)["payouts"] == []


def test_window_of_a_cart_is_two_minutes(http: httpx.Client) -> None:
    seller = Seller("paytabs", http)
    assert "redirect_url" in seller.ask(reference="cart-1").json()
    assert seller.ask(reference="cart-1").json()["code"] == 4

    seller.act("clock", forward=121)

    assert "redirect_url" in seller.ask(reference="cart-1").json()


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"amount":NaN}', b'{"amount":1,"amount":2}', b"\xff", b'{"a":' * 2000, b""])
def test_broken_body_is_refused(seller: Seller, body: bytes) -> None:
    path = {"stripe": "/v1/refunds", "moyasar": "/v1/invoices", "tap": "/v2/charges", "paytabs": "/payment/request"}.get(
        seller.gateway, "/v1/payments"
    )
    headers: dict[str, Any] = {"Content-Type": "application/json"}

    answer = httpx.Client(base_url=seller.http.base_url, headers=headers).request(
        "POST", f"/{seller.gateway}{path}", content=body, headers={"Authorization": seller.call("GET", "/nothing").request.headers["Authorization"]}
    )

    assert 400 <= answer.status_code < 500 and json.loads(answer.text)


def test_restart_forgets_nothing(tmp_path: Any) -> None:
    from wasl.standins.process import running

    directory = ("--port", "0", "--dir", str(tmp_path))
    with running("wasl.standins.gateways", *directory) as ports, httpx.Client(base_url=f"http://127.0.0.1:{ports['http']}") as http:
        sellers = [Seller(gateway, http) for gateway in GATEWAYS]
        payments = [seller.payment()[0] for seller in sellers]
        for seller, payment in zip(sellers, payments, strict=True):
            seller.act("pay", payment=payment, card="4111111111111111")
    with running("wasl.standins.gateways", *directory) as ports, httpx.Client(base_url=f"http://127.0.0.1:{ports['http']}") as http:
        for seller, payment in zip(sellers, payments, strict=True):
            seller.http = http
            assert seller.state(payment) == PAID[seller.gateway]
            assert seller.refund(payment, 100).status_code < 300


TYPES = {
    "stripe": ("payment_intent_data", "line_items[0]", "metadata", "line_items[x][quantity]"),
    "moyasar": ("currency", "metadata", "expired_at", "success_url"),
    "tap": ("post", "redirect", "transaction", "payment_agreement", "reference", "customer", "source"),
    "paytabs": ("payment_methods", "cart_currency", "customer_details", "token"),
    "bank": ("currency", "merchant", "description", "customer", "method", "expires_at"),
}


def test_field_of_another_type_is_refused_or_ignored_and_never_a_fault(seller: Seller) -> None:
    for name in TYPES[seller.gateway]:
        values: tuple[Any, ...] = ("", "x", "9" * 30) if seller.gateway == "stripe" else (True, -1, "x", [], {}, 10**30)
        for value in values:
            assert seller.ask(**{name: value}).status_code < 500, (name, value)
