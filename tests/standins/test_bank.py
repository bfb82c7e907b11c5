"""The sandbox bank: a gateway that is strict about requests and honest, or not, about webhooks."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

PAYS, DECLINED, CODE, SLOW = "4111111111111111", "4000000000000002", "4000000000003220", "4000000000000119"
CARD_FORM = {"card": "٤١١١ 1111 1111 1111", "expiry": "12/40", "cvc": "123"}


class Receiver:
    """A seller's webhook address that remembers what came; `answers` are used up before 200."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.headers.get("Bank-Signature", ""), body))
                self.send_response(outer.answers.pop(0) if outer.answers else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks"

    def wait(self, count: int) -> list[tuple[str, bytes]]:
        for _ in range(100):
            if len(self.got) >= count:
                return self.got
            time.sleep(0.05)
        raise AssertionError(f"{len(self.got)} of {count} webhooks came")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()


@pytest.fixture
def api(bank: str) -> httpx.Client:
    client = httpx.Client(base_url=bank, headers={"Authorization": "Bearer key-1"})
    client.put("/v1/merchants/m1", json={"name_ar": "شركة سند", "name_en": "Sanad"}).raise_for_status()
    return client


def wanted(**change: Any) -> dict[str, Any]:
    fields = {
        "merchant": "m1",
        "amount": 3158393,
        "currency": "SAR",
        "reference": "ref-1",
        "description": {"ar": "فاتورة INV-1", "en": "Invoice INV-1"},
        "return_url": "http://127.0.0.1:1/i/token",
        "webhook_url": "http://127.0.0.1:1/hooks",
    }
    return fields | change


def create(api: httpx.Client, key: str = "key-0001", **change: Any) -> httpx.Response:
    return api.post("/v1/payments", json=wanted(**change), headers={"Idempotency-Key": key})


def signed(body: bytes, header: str, secret: str) -> bool:
    fields = [part.split("=", 1) for part in header.split(",") if part]
    at = next((v for k, v in fields if k == "t"), "")
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest() in [v for k, v in fields if k == "v1"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"amount": 0}, 422),
        ({"amount": -5}, 422),
        ({"amount": 10.5}, 400),
        ({"amount": True}, 422),
        ({"amount": 10**18}, 422),
        ({"currency": "XXX"}, 422),
        ({"merchant": "nobody"}, 422),
        ({"webhook_url": "file:///etc/passwd"}, 422),
        ({"surprise": 1}, 422),
    ],
)
def test_bad_request_is_refused(api: httpx.Client, change: dict[str, Any], status: int) -> None:
    assert create(api, **change).status_code == status


def test_key_is_needed(api: httpx.Client, bank: str) -> None:
    assert httpx.post(f"{bank}/v1/payments", json=wanted()).status_code == 401
    assert api.post("/v1/payments", json=wanted()).status_code == 400


def test_same_key_same_answer_and_other_body_409(api: httpx.Client) -> None:
    first, again, other = create(api), create(api), create(api, amount=1)

    assert first.status_code == 201 and again.content == first.content
    assert other.status_code == 409


def test_answer_lost_on_the_way_is_the_same_at_the_second_try(api: httpx.Client, bank: str) -> None:
    httpx.post(f"{bank}/control/outage", json={"mode": "silent"})
    with pytest.raises(httpx.RemoteProtocolError):
        create(api)

    payment = create(api).json()

    assert api.get(f"/v1/payments/{payment['id']}").json()["status"] == "pending"


def test_payer_pays_on_the_hosted_page(api: httpx.Client, bank: str, receiver: Receiver) -> None:
    payment = create(api, webhook_url=receiver.url).json()
    page = httpx.get(payment["hosted_url"])
    assert "شركة سند" in page.text and "31,583.93" in page.text and 'dir="rtl"' in page.text

    done = httpx.post(payment["hosted_url"], data=CARD_FORM)

    assert done.status_code == 303 and urlsplit(done.headers["Location"]).path == urlsplit(payment["hosted_url"]).path
    assert api.get(f"/v1/payments/{payment['id']}").json()["status"] == "succeeded"
    header, body = receiver.wait(1)[0]
    assert signed(body, header, "first secret") and b"payment.succeeded" in body


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"card": DECLINED}, "declined"),
        ({"card": "4111111111111112"}, "mistyped"),
        ({"expiry": "13/40"}, "expiry"),
        ({"cvc": "x"}, "digits"),
    ],
)
def test_bad_card_is_explained_and_the_payment_stays_open(api: httpx.Client, change: dict[str, str], word: str) -> None:
    payment = create(api).json()

    answer = httpx.post(payment["hosted_url"] + "?lang=en", data=CARD_FORM | change)

    assert answer.status_code == 422 and word in answer.text
    assert api.get(f"/v1/payments/{payment['id']}").json()["status"] == "pending"


def test_card_with_a_code_pays_only_with_the_code(api: httpx.Client) -> None:
    payment = create(api).json()
    httpx.post(payment["hosted_url"], data=CARD_FORM | {"card": CODE})
    assert httpx.post(payment["hosted_url"] + "/code", data={"code": "000000"}).status_code == 422

    httpx.post(payment["hosted_url"] + "/code", data={"code": "123456"})

    assert api.get(f"/v1/payments/{payment['id']}").json()["status"] == "succeeded"


def test_slow_card_succeeds_later(api: httpx.Client, receiver: Receiver) -> None:
    payment = create(api, webhook_url=receiver.url).json()
    httpx.post(payment["hosted_url"], data=CARD_FORM | {"card": SLOW})
    assert api.get(f"/v1/payments/{payment['id']}").json()["status"] == "processing"

    receiver.wait(1)

    assert api.get(f"/v1/payments/{payment['id']}").json()["status"] == "succeeded"


def paid(api: httpx.Client, bank: str, **change: Any) -> dict[str, Any]:
    payment = create(api, **change).json()
    httpx.post(f"{bank}/control/pay", json={"payment": payment["id"], "card": PAYS}).raise_for_status()
    return payment


def test_refunds_stop_at_what_is_left(api: httpx.Client, bank: str) -> None:
    payment = paid(api, bank, amount=1000)

    def refund(amount: int, key: str) -> int:
        return api.post(f"/v1/payments/{payment['id']}/refunds", json={"amount": amount}, headers={"Idempotency-Key": key}).status_code

    assert [refund(400, "refund-1"), refund(400, "refund-1"), refund(700, "refund-2"), refund(600, "refund-3")] == [201, 201, 422, 201]
    assert api.get(f"/v1/payments/{payment['id']}").json()["refunded"] == 1000
    rows = api.get("/v1/settlements?merchant=m1").json()["data"]
    assert [row["amount"] for row in rows] == [1000, -400, -600]


def test_webhook_is_tried_again_until_2xx(api: httpx.Client, bank: str, receiver: Receiver) -> None:
    receiver.answers = [500, 503]

    paid(api, bank, webhook_url=receiver.url)

    bodies = {body for _, body in receiver.wait(3)}
    assert len(bodies) == 1


@pytest.mark.parametrize("mode", ["altered", "unsigned", "wrong-secret"])
def test_broken_webhooks_on_demand_do_not_verify(api: httpx.Client, bank: str, receiver: Receiver, mode: str) -> None:
    httpx.post(f"{bank}/control/webhooks", json={"mode": mode})

    paid(api, bank, webhook_url=receiver.url)

    header, body = receiver.wait(1)[0]
    assert not signed(body, header, "first secret")


def test_duplicates_and_old_ones_on_demand(api: httpx.Client, bank: str, receiver: Receiver) -> None:
    httpx.post(f"{bank}/control/webhooks", json={"mode": "duplicate"})
    paid(api, bank, webhook_url=receiver.url)
    assert len({body for _, body in receiver.wait(3)}) == 1

    httpx.post(f"{bank}/control/webhooks", json={"mode": "old"})
    paid(api, bank, webhook_url=receiver.url, key="key-0002")
    header, body = receiver.wait(4)[3]

    assert signed(body, header, "first secret") and int(header.split(",")[0][2:]) < time.time() - 300


def test_two_secrets_sign_until_the_old_one_retires(api: httpx.Client, bank: str, receiver: Receiver) -> None:
    httpx.post(f"{bank}/control/rotate", json={"secret": "second secret"})
    paid(api, bank, webhook_url=receiver.url)
    header, body = receiver.wait(1)[0]
    assert signed(body, header, "first secret") and signed(body, header, "second secret")

    httpx.post(f"{bank}/control/retire", json={})
    paid(api, bank, webhook_url=receiver.url, key="key-0002")
    header, body = receiver.wait(2)[1]

    assert not signed(body, header, "first secret") and signed(body, header, "second secret")


def test_lie_changes_what_the_api_says(api: httpx.Client, bank: str) -> None:
    payment = create(api).json()

    httpx.post(f"{bank}/control/lie", json={"payment": payment["id"], "fields": {"amount": 1}})

    assert api.get(f"/v1/payments/{payment['id']}").json()["amount"] == 1
