"""The bank's webhooks at our address: only what is signed, fresh and whole gets in (T69-T71)."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from django.test import Client

from wasl.app.live.doors import Knock, joined
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.bank import TOLERANCE_SECONDS, Bank, verify
from wasl.app.payments.drivers.port import GatewayDown, GatewayRefused, WebhookRefused
from wasl.app.payments.models import Hook
from wasl.app.payments.pay import start_payment
from wasl.app.payments.standing import AWAITING, PAID, standing
from wasl.app.payments.views import at_the_door
from wasl.app.payments.webhook import apply_kept, receive

pytestmark = pytest.mark.urls("wasl.app.payments.urls")
OLD, NEW = "the first secret", "the second secret"
AT = 1_800_000_000


def sign(body: bytes, secret: str, at: float) -> str:
    stamp = str(int(at))
    return f"t={stamp},v1={hmac.new(secret.encode(), stamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("", b"{}"),
        ("t=1800000000", b"{}"),
        ("v1=00", b"{}"),
        (sign(b"{}", "a guess", AT), b"{}"),
        (sign(b"{}", OLD, AT), b"{} "),
        (sign(b"{}", OLD, AT).replace("v1=", "v0="), b"{}"),
        (sign(b"{}", OLD, AT).replace("t=1800000000", "t=1800000001"), b"{}"),
        (sign(b"{}", OLD, AT) + ",t=1800000000", b"{}"),
        (sign(b"{}", OLD, AT).replace("t=1", "t=\u0661"), b"{}"),
        (sign(b"{}", OLD, AT - TOLERANCE_SECONDS - 1), b"{}"),
        (sign(b"{}", OLD, AT + TOLERANCE_SECONDS + 1), b"{}"),
    ],
    ids=["none", "no-mac", "no-time", "guess", "body", "scheme", "time", "two-times", "arabic-digit", "301s-old", "301s-ahead"],
)
def test_t69_t70_t71_what_is_not_genuine_is_refused(header: str, body: bytes) -> None:
    with pytest.raises(WebhookRefused):
        verify(body, header, (OLD, NEW), at=AT)


@pytest.mark.parametrize("secret", [OLD, NEW])
@pytest.mark.parametrize("age", [0, 300, -300])
def test_t71_both_live_secrets_count_within_300_seconds(secret: str, age: int) -> None:
    verify(b"{}", sign(b"{}", secret, AT - age), (OLD, NEW), at=AT)

    with pytest.raises(WebhookRefused):
        verify(b"{}", sign(b"{}", secret, AT - age), ("a third one",), at=AT)


def test_t69_without_a_configured_secret_nothing_gets_in() -> None:
    with pytest.raises(WebhookRefused):
        verify(b"{}", sign(b"{}", "", AT), (), at=AT)


class Answers:
    """A transport that answers as told: the bank's API seen from the driver."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)

    def bank(self) -> Bank:
        def handle(request: httpx.Request) -> httpx.Response:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return Bank("http://bank.example", "key", (OLD,), client=httpx.Client(transport=httpx.MockTransport(handle)))


PAYMENT = {
    "id": "p",
    "status": "succeeded",
    "amount": 100,
    "currency": "EUR",
    "merchant": "m",
    "reference": "r",
    "hosted_url": "u",
    "refunds": [],
}


@pytest.mark.parametrize(
    "change",
    [{"amount": 100.0}, {"amount": "100"}, {"amount": True}, {"amount": -1}, {"status": "great"}, {"id": ""}, {"refunds": [{"id": "x"}]}],
)
def test_an_answer_that_makes_no_sense_settles_nothing(change: dict[str, Any]) -> None:
    with pytest.raises(GatewayDown):
        Answers(httpx.Response(200, json=PAYMENT | change)).bank().fetch("p")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.ConnectError("x"), GatewayDown),
        (httpx.ReadTimeout("x"), GatewayDown),
        (httpx.Response(200, text="<html>"), GatewayDown),
        (httpx.Response(503, json={}), GatewayDown),
        (httpx.Response(422, json={"error": {"code": "amount"}}), GatewayRefused),
        (httpx.Response(401, json={"error": {"code": "key"}}), GatewayRefused),
    ],
)
def test_no_answer_and_a_clear_no_are_told_apart(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Answers(answer).bank().fetch("p")


class SignedGateway:
    """The gateway in memory, its webhooks signed and read as the bank's are."""

    def __init__(self, memory: Any) -> None:
        self.memory, self.name = memory, memory.name
        self.reader = Bank("http://bank.example", "key", (NEW, OLD))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.memory, name)

    def read_webhook(self, headers: Any, body: bytes, *, at: float) -> Any:
        return self.reader.read_webhook(headers, body, at=at)


@pytest.fixture
def signed(gateway: Any) -> Iterator[Any]:
    with registry.placed(SignedGateway(gateway)) as driver:
        yield driver


def event(gateway: Any, gateway_id: str, event_id: str = "evt-1") -> bytes:
    payment = gateway.payments[gateway_id]
    return orjson.dumps({"id": event_id, "type": "payment.succeeded", "data": {"id": gateway_id, "reference": payment.reference, "amount": 1}})


def call(org_id: Any, body: bytes, header: str) -> Any:
    return Client().post(f"/hooks/bank/{org_id}", body, content_type="application/json", headers={"Bank-Signature": header})


@pytest.mark.django_db
@pytest.mark.parametrize("secret", [OLD, NEW])
def test_a_genuine_webhook_is_applied_and_its_own_amount_ignored(issued: Any, signed: Any, secret: str) -> None:
    started = start_payment(issued, return_url="http://127.0.0.1:8000/i/t")
    signed.pay(started.intent.gateway_id)
    body = event(signed, started.intent.gateway_id)

    answer = call(issued.organisation_id, body, sign(body, secret, time.time()))

    assert answer.status_code == 200 and answer.json() == {"result": "kept"}
    assert apply_kept() == 1
    assert standing(issued.organisation_id, issued).received == 24200


@pytest.mark.django_db
@pytest.mark.parametrize("break_it", ["unsigned", "wrong", "body", "old", "shape", "organisation"])
def test_t69_t70_t71_a_bad_webhook_leaves_no_trace(issued: Any, signed: Any, break_it: str) -> None:
    started = start_payment(issued, return_url="http://127.0.0.1:8000/i/t")
    signed.pay(started.intent.gateway_id)
    body = event(signed, started.intent.gateway_id) if break_it != "shape" else b'{"id": 5}'
    header = sign(body, "guess" if break_it == "wrong" else OLD, time.time() - (301 if break_it == "old" else 0))
    sent = body.replace(b'"amount":1', b'"amount":2') if break_it == "body" else body
    org_id = uuid4() if break_it == "organisation" else issued.organisation_id

    answer = call(org_id, sent, "" if break_it == "unsigned" else header)

    assert answer.status_code == 400 and answer.json() == {"error": "refused"}
    assert standing(issued.organisation_id, issued).state == AWAITING
    assert not Hook.objects.for_org(issued.organisation_id).exists()


@pytest.mark.django_db
def test_a_huge_body_or_a_get_is_turned_away(issued: Any, signed: Any) -> None:
    assert call(issued.organisation_id, b"x" * 200_000, "t=1,v1=0").status_code == 413
    assert Client().get(f"/hooks/bank/{issued.organisation_id}").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_t70_the_same_event_a_hundred_times_at_once_counts_once(issued: Any, signed: Any) -> None:
    """T70"""
    started = start_payment(issued, return_url="http://127.0.0.1:8000/i/t")
    signed.pay(started.intent.gateway_id)
    body = event(signed, started.intent.gateway_id)
    header = sign(body, OLD, time.time())

    def deliver(_number: int) -> str:
        from django.db import connection

        try:
            return call(issued.organisation_id, body, header).json()["result"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(deliver, range(100)))

    assert results.count("kept") == 1 and results.count("known") == 99
    assert apply_kept() == 1 and apply_kept() == 0
    assert standing(issued.organisation_id, issued).state == PAID and standing(issued.organisation_id, issued).received == 24200


@pytest.mark.django_db(transaction=True)
def test_t74_two_payments_settled_at_the_same_moment_one_counts(org: Any, issued: Any, gateway: Any) -> None:
    """T74"""
    from wasl.app.payments.journal import REFUNDS_DUE, balance

    started = [start_payment(issued, return_url=f"http://127.0.0.1:8000/i/{n}") for n in range(4)]
    for one in started:
        gateway.pay(one.intent.gateway_id)

    for one in started:
        receive(org.pk, "bank", {}, gateway.webhook(one.intent.gateway_id))

    def settle(_one: Any) -> int:
        from django.db import connection

        try:
            return apply_kept(limit=1)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(settle, started))

    assert results == [1] * 4
    assert balance(org, issued) == 0 and balance(org, issued, REFUNDS_DUE) == -3 * 24200


@pytest.mark.django_db(transaction=True)
def test_webhooks_of_many_payments_are_applied_together_and_the_odd_one_alone(
    org: Any, issued: Any, gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T70, T72, T74: of five payments of one invoice one counts; the sixth is of another amount; each is asked about once."""
    from wasl.app.payments import webhook
    from wasl.app.payments.journal import REFUNDS_DUE, balance
    from wasl.app.payments.models import Alarm, Intent
    from wasl.app.payments.settle import settle

    alone: list[Any] = []
    monkeypatch.setattr(webhook, "settle", lambda *values: (alone.append(values[1]), settle(*values)))
    started = [start_payment(issued, return_url=f"http://127.0.0.1:8000/i/{n}") for n in range(6)]
    for one in started:
        gateway.pay(one.intent.gateway_id)
    odd = started[5].intent.gateway_id
    gateway.payments[odd] = replace(gateway.payments[odd], amount=1)

    for part, by_themselves in ((started[:4], 0), (started[4:], 2)):
        for one in part:
            for _turn in range(2):
                receive(org.pk, "bank", {}, gateway.webhook(one.intent.gateway_id))
        assert apply_kept(limit=8) == 2 * len(part) and len(alone) == by_themselves

    assert gateway.fetches == 6
    assert balance(org, issued) == 0 and balance(org, issued, REFUNDS_DUE) == -4 * 24200
    assert Intent.objects.for_org(org).filter(status=Intent.SUCCEEDED).count() == 5
    assert Alarm.objects.for_org(org).get().kind == "mismatch-amount"


@pytest.mark.django_db(transaction=True)
def test_t69_a_crowd_at_the_door_is_told_one_by_one_what_each_would_hear_alone(issued: Any, signed: Any) -> None:
    """T69, T70: forged, of another seller, without a driver and doubled among genuine ones; each answer is the one that a view gives."""
    started = start_payment(issued, return_url="http://127.0.0.1:8000/i/t")
    signed.pay(started.intent.gateway_id)
    org_id = issued.organisation_id
    genuine, other = (event(signed, started.intent.gateway_id, name) for name in ("evt-1", "evt-2"))

    def knock(body: bytes, *, org: Any = org_id, secret: str = OLD, driver: str = "bank") -> Knock:
        return Knock({"org": str(org), "driver": driver}, joined([("bank-signature", sign(body, secret, time.time()))]), body)

    knocks = [
        knock(genuine), knock(genuine, secret="guess"), knock(genuine), knock(other, org=uuid4()), knock(other, driver="none"),
        knock(event(signed, started.intent.gateway_id, "nul \0")), knock(other),
    ]  # fmt: skip
    answers = at_the_door(knocks)

    assert [status for status, _body in answers] == [200, 400, 200, 400, 400, 500, 200]
    assert [orjson.loads(answers[place][1])["result"] for place in (0, 2, 6)] == ["kept", "known", "kept"]
    assert Hook.objects.for_org(org_id).count() == 2
    alone = call(org_id, genuine, sign(genuine, OLD, time.time()))
    assert (alone.status_code, alone.content) == answers[2] and call(org_id, genuine, "t=1,v1=0").status_code == 400
