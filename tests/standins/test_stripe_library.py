"""Stripe's own Python library works against our Stripe dialect, and agrees with it about every signature; localstripe as a second opinion."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

stripe = pytest.importorskip("stripe")
PAYLOADS = 1000


@pytest.fixture
def key(gateways: str) -> str:
    key = f"sk_test_{secrets.token_hex(12)}"
    httpx.post(f"{gateways}/control/accounts", json={"gateway": "stripe", "key": key, "secret": "whsec_library"}).raise_for_status()
    httpx.post(f"{gateways}/control/webhooks", json={"mode": "normal"}).raise_for_status()
    return key


@pytest.fixture
def client(gateways: str, key: str) -> Any:
    return stripe.StripeClient(key, base_addresses={"api": f"{gateways}/stripe"}, max_network_retries=0)


def session(client: Any, **change: Any) -> Any:
    data = {"currency": "sar", "unit_amount": 11500, "product_data": {"name": "فاتورة INV-1"}}
    params = {
        "mode": "payment", "success_url": "https://seller.example/i/abc", "cancel_url": "https://seller.example/i/abc", "client_reference_id": "pay-1",
        "line_items": [{"quantity": 1, "price_data": data}],
    }  # fmt: skip
    return client.v1.checkout.sessions.create(params | change)


def test_a_session_is_made_paid_refunded(client: Any, gateways: str) -> None:
    made = session(client)
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "unpaid"

    httpx.post(f"{gateways}/control/pay", json={"payment": made.id, "card": "4242424242424242"}).raise_for_status()
    paid = client.v1.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent.latest_charge"]})
    refund = client.v1.refunds.create({"payment_intent": paid.payment_intent.id, "amount": 1500})

    assert (paid.payment_status, paid.amount_total, paid.payment_intent.latest_charge.paid) == ("paid", 11500, True)
    assert (refund.status, refund.amount) == ("succeeded", 1500)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        client.v1.refunds.create({"payment_intent": paid.payment_intent.id, "amount": 10001})


def test_a_card_pays_an_intent_and_a_bad_one_does_not(client: Any) -> None:
    method = {"payment_method": "pm_card_visa", "payment_method_types": ["card"], "confirm": True}
    intent = client.v1.payment_intents.create({"amount": 11500, "currency": "sar"} | method)
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"

    with pytest.raises(stripe.CardError) as refused:
        client.v1.payment_intents.create({"amount": 11500, "currency": "sar"} | method | {"payment_method": "pm_card_chargeDeclined"})
    assert refused.value.code == "card_declined"


def test_a_repeated_key_is_the_same_answer_and_another_request_is_refused(client: Any) -> None:
    options = {"idempotency_key": f"pay-{secrets.token_hex(6)}"}
    data = {"amount": 11500, "currency": "sar", "payment_method_types": ["card"]}
    first = client.v1.payment_intents.create(data, options)

    assert client.v1.payment_intents.create(data, options).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create(data | {"amount": 1}, options)


def test_a_wrong_key_is_refused(gateways: str) -> None:
    stranger = stripe.StripeClient("sk_test_wrong", base_addresses={"api": f"{gateways}/stripe"}, max_network_retries=0)

    with pytest.raises(stripe.AuthenticationError):
        session(stranger)


def signed(payload: str, secret: str, at: int) -> str:
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.{payload}'.encode(), hashlib.sha256).hexdigest()}"


def genuine(payload: str, header: str, secret: str, now: int) -> bool:
    """The rule of the vectors, without the library."""
    parts = [part.partition("=")[::2] for part in header.split(",")]
    at = dict(parts).get("t", "")
    if not at.isdigit() or abs(now - int(at)) > 300:
        return False
    wanted = signed(payload, secret, int(at)).partition("v1=")[2]
    return any(hmac.compare_digest(wanted, value) for name, value in parts if name == "v1")


def invented(chance: random.Random) -> str:
    words = ["فاتورة", "Invoice", "\u200f", "é", "\\", '"', "\n", "𝟙", "0" * 40]
    data = {
        chance.choice(words) + str(i): chance.choice([chance.randrange(10**12), None, True, chance.choice(words)]) for i in range(chance.randrange(6))
    }
    return json.dumps({"id": "evt_1", "object": "event", "data": {"object": data}}, ensure_ascii=chance.random() < 0.5)


def test_the_library_and_the_rule_agree_on_a_thousand_payloads() -> None:
    """Genuine, altered, of another secret, old, with two signatures, broken: both say the same."""
    chance, now, secret = random.Random(6), int(time.time()), "whsec_abc"
    agreed = dict.fromkeys((True, False), 0)
    for number in range(PAYLOADS):
        payload = invented(chance)
        headers = (
            signed(payload, secret, now),
            signed(payload + " ", secret, now),
            signed(payload, "whsec_other", now),
            signed(payload, secret, now - 305),
            f"{signed(payload, 'whsec_other', now)},{signed(payload, secret, now).partition(',')[2]}",
            signed(payload, secret, now).replace("v1=", "v0="),
            signed(payload, secret, now - chance.randrange(290)),
        )
        header = headers[number % len(headers)]
        try:
            stripe.WebhookSignature.verify_header(payload, header, secret, 300)
            theirs = True
        except stripe.SignatureVerificationError:
            theirs = False
        assert theirs is genuine(payload, header, secret, now), (payload, header)
        agreed[theirs] += 1
    assert min(agreed.values()) > PAYLOADS // 3


def test_the_library_accepts_what_the_simulator_signs_and_nothing_altered(gateways: str) -> None:
    """A thousand bodies signed by the simulator's own code: accepted as they are, refused with one byte changed or 301 seconds later."""
    from wasl.standins.gateways.dialect import Notice
    from wasl.standins.gateways.stripe.api import Stripe

    chance, now = random.Random(7), int(time.time())
    for _ in range(PAYLOADS):
        payload = invented(chance)
        body, headers = Stripe.signed(Stripe.__new__(Stripe), Notice("", payload, ""), {}, now, ["whsec_abc"])
        header = headers["Stripe-Signature"]
        assert stripe.Webhook.construct_event(body, header, "whsec_abc").id == "evt_1"
        for changed, at in ((body.replace("evt_1", "evt_2"), header), (body, header.replace(f"t={now}", f"t={now - 301}"))):
            with pytest.raises(stripe.SignatureVerificationError):
                stripe.WebhookSignature.verify_header(changed, at, "whsec_abc", 300)


# localstripe, GPL: a process of its own in the development environment, never a part of ours.


@pytest.fixture
def localstripe() -> Iterator[Any]:
    pytest.importorskip("localstripe")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=1)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield stripe.StripeClient("sk_test_local", base_addresses={"api": f"http://127.0.0.1:{port}"}, max_network_retries=0)
    finally:
        child.terminate()
        child.wait(10)


def test_both_say_the_same_of_an_intent(localstripe: Any, client: Any) -> None:
    """Created, then confirmed with a card that pays, then refunded in part: status and amounts are the same in both."""

    def path(one: Any) -> list[Any]:
        data = {"amount": 11500, "currency": "sar", "payment_method_types": ["card"], "payment_method": "pm_card_visa", "confirm": True}
        intent = one.v1.payment_intents.create(data)
        refund = one.v1.refunds.create({"payment_intent": intent.id, "amount": 1500})
        found = one.v1.payment_intents.retrieve(intent.id)
        return [intent.object, intent.status, intent.amount, intent.currency, found.status, refund.object, refund.amount, refund.status]

    assert path(client) == path(localstripe)
