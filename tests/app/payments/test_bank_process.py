"""The whole road to the sandbox bank as a process of its own: hosted page, signed webhook to our server, refund, rotation."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Event, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from wasl.app import clock, fsck
from wasl.app.payments.drivers.port import GatewayDown
from wasl.app.payments.models import Alarm
from wasl.app.payments.pay import refresh, start_payment
from wasl.app.payments.refunds import request_refund
from wasl.app.payments.refunds_out import send_refunds
from wasl.app.payments.standing import AWAITING, PAID, standing
from wasl.app.payments.sweep import sweep
from wasl.app.payments.webhook import apply_kept
from wasl.app.tenancy.actor import Actor
from wasl.standins.process import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("wasl.app.payments.urls")]
SECRET, CARD = "first secret", {"card": "4111 1111 1111 1111", "expiry": "12/40", "cvc": "123"}


class BankProcess:
    """The bank's control, and the payer's browser."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, name: str, **wanted: Any) -> dict[str, Any]:
        return httpx.post(f"{self.url}/control/{name}", json=wanted).raise_for_status().json()

    def pay(self, started: Any, **change: str) -> None:
        assert httpx.post(started.url, data=CARD | change).status_code in (303, 422)

    def sends(self) -> list[dict[str, Any]]:
        return httpx.get(f"{self.url}/control/sends").json()

    def wait_for_sends(self, count: int) -> None:
        wait(lambda: sum(send["attempt"] > 0 for send in self.sends()) >= count)


def wait(happened: Callable[[], bool]) -> None:
    for _ in range(100):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within 5 s")


def work(stop: Event) -> None:
    """The worker's turn at webhooks that were stored."""
    while not stop.wait(0.05):
        apply_kept()
    connections.close_all()


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def our_server(transactional_db: None) -> Iterator[str]:
    """Our own web process, as far as the bank can tell; its threads let go of the database after each answer."""
    application = WSGIHandler()

    def answer(environ: Any, start_response: Any) -> Any:
        try:
            return [b"".join(application(environ, start_response))]
        finally:
            connections.close_all()

    server = make_server("127.0.0.1", 0, answer, server_class=Threads, handler_class=Quiet)
    stop = Event()
    Thread(target=server.serve_forever, daemon=True).start()
    worker = Thread(target=work, args=(stop,))
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}"
    stop.set()
    worker.join()
    server.shutdown()


@pytest.fixture
def bank(tmp_path: Path, settings: Any, our_server: str) -> Iterator[BankProcess]:
    arguments = ("--port", "0", "--retry", "0.1", "--slow", "0.2", "--dir", str(tmp_path / "bank"))
    with running("wasl.standins.bank", *arguments, BANK_KEY="key-1", BANK_WEBHOOK_SECRET=SECRET) as ports:
        url = f"http://127.0.0.1:{ports['http']}"
        settings.CONFIG = dataclasses.replace(settings.CONFIG, bank_url=url, bank_key="key-1", bank_webhook_secret=SECRET, origin=our_server)
        yield BankProcess(url)
        assert fsck.run(("journal", "receivable", "payments", "refunds", "balances", "receipts", "credit", "payouts", "autopay")) == []


def start(issued: Any) -> Any:
    return start_payment(issued, return_url="http://127.0.0.1:8000/i/token")


def test_card_webhook_paid_refund_webhook(org: Any, issued: Any, bank: BankProcess) -> None:
    bank.pay(start(issued))
    wait(lambda: standing(org, issued).state == PAID)

    request_refund(issued, amount=4200, actor=Actor.operator("test"))
    assert send_refunds() == 1
    bank.wait_for_sends(2)

    assert standing(org, issued).balance == 4200


@pytest.mark.parametrize("mode", ["altered", "unsigned", "wrong-secret", "old", "lost"])
def test_t69_t71_what_the_webhook_fails_to_say_the_gateway_is_asked(org: Any, issued: Any, bank: BankProcess, mode: str) -> None:
    """T69-T71, and a webhook that never comes."""
    bank.control("webhooks", mode=mode)
    bank.pay(start(issued))
    if mode != "lost":
        bank.wait_for_sends(1)
        assert bank.sends()[0]["code"] == 400
    assert standing(org, issued).state == AWAITING

    with clock.frozen(clock.now() + timedelta(minutes=5)):
        sweep()

    assert standing(org, issued).state == PAID


@pytest.mark.parametrize("mode", ["duplicate", "shuffle"])
def test_repeats_and_disorder_count_once(org: Any, issued: Any, bank: BankProcess, mode: str) -> None:
    bank.control("webhooks", mode=mode, times=-1, delay=0.3)
    started = start(issued)
    bank.pay(started, card="4000 0000 0000 0002")
    bank.pay(started, card="4000 0000 0000 9995")
    bank.pay(started)

    wait(lambda: standing(org, issued).state == PAID)
    wait(lambda: all(send["status"] == "sent" for send in bank.sends()))
    assert standing(org, issued).received == 24200


def test_t72_a_gateway_that_lies_about_the_amount_is_not_believed(org: Any, issued: Any, bank: BankProcess) -> None:
    """T72"""
    started = start(issued)
    bank.control("lie", payment=started.intent.gateway_id, fields={"amount": 1})
    bank.pay(started)

    wait(lambda: Alarm.objects.for_org(org).exists())
    assert standing(org, issued).state == AWAITING


def test_t71_both_secrets_of_a_rotation_are_good(org: Any, issued: Any, bank: BankProcess, settings: Any) -> None:
    """T71"""
    bank.control("rotate", secret="second secret")
    bank.control("retire")
    settings.CONFIG = dataclasses.replace(settings.CONFIG, bank_webhook_secret=f"second secret,{SECRET}")

    bank.pay(start(issued))

    wait(lambda: standing(org, issued).state == PAID)


def test_an_answer_lost_after_the_bank_did_it_is_asked_for_again(org: Any, issued: Any, bank: BankProcess) -> None:
    bank.control("outage", mode="silent", times=2)
    with pytest.raises(GatewayDown):
        start(issued)
    with pytest.raises(GatewayDown):
        start(issued)

    bank.pay(start(issued))
    refresh(issued)

    assert standing(org, issued).state == PAID


def test_a_slow_card_is_awaiting_until_its_bank_answers(org: Any, issued: Any, bank: BankProcess) -> None:
    bank.pay(start(issued), card="4000 0000 0000 0119")
    assert standing(org, issued).state == AWAITING

    wait(lambda: standing(org, issued).state == PAID)
