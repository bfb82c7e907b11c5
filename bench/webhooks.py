"""Webhooks: verified and stored durably, applied with the question back to the gateway, each once, under kill -9; and how soon a page
that waits hears of it.

    python bench/webhooks.py [--json] [--payments 5000] [--steady 200]

The real processes: granian with two workers, `wasl worker`, PostgreSQL with fsync on, the sandbox bank, all on the cores of the load
generator. Each payment is announced twice, shuffled. First the web alone takes them as fast as the generator sends; then the worker
applies them, killed with SIGKILL at a third and at two thirds and started again, the web once while it takes them in. At the end every
payment counts once and fsck finds nothing. Last, one webhook at a time at a steady pace: from the request to the notice that open
pages listen to. A wall clock: run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

STORED_PER_SECOND, APPLIED_PER_SECOND, VISIBLE_P95_MS = 500, 150, 1000.0
SECRET, KEY = "bench secret", "bench-key"
CONNECTIONS, WARM, PACE_SECONDS = 16, 50, 0.05
WARM_SECONDS = 5  # a new process makes its templates and fonts meanwhile

_FILL = """
CREATE TEMP TABLE world AS SELECT g AS n, gen_random_uuid() AS id, gen_random_uuid() AS event, gen_random_uuid() AS intent
FROM generate_series(1, {count}) g;
INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency, tax_exclusive_amount,
    tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language, issued_at)
SELECT '{org}', w.id, s.id, n, 'B-' || n, 'invoice', '380', '2026-11-01', '2026-12-01', 'EUR', 20000, 4200, 24200, 24200, '\\x00', '\\x00', 'en16931',
    'en', now() FROM world w CROSS JOIN (SELECT id FROM invoicing_series WHERE kind = 'invoice') s;
INSERT INTO events_event (organisation_id, id, invoice_id, type, at, amount, currency, logged)
SELECT '{org}', event, id, 'issued', now(), 24200, 'EUR', false FROM world;
INSERT INTO payments_journalentry (organisation_id, id, event_id, kind, invoice_id, currency, at)
SELECT '{org}', event, event, 'issue', id, 'EUR', now() FROM world;
INSERT INTO payments_journalline (organisation_id, id, entry_id, account, amount)
SELECT '{org}', gen_random_uuid(), event, a.account, a.amount FROM world
CROSS JOIN (VALUES ('receivable', 24200), ('sales', -24200)) a (account, amount);
INSERT INTO payments_intent (organisation_id, id, invoice_id, driver, amount, currency, reference, return_url, gateway_id, hosted_url, status,
    captured, refunded, created_at, checks, next_check_at)
SELECT '{org}', intent, id, 'bank', 24200, 'EUR', 'W' || n, '', 'pay_' || n, '', 'pending', 0, 0, now(), 0, now() + interval '1 day' FROM world;
INSERT INTO payments_intentshare (organisation_id, id, intent_id, invoice_id, amount, position)
SELECT '{org}', gen_random_uuid(), intent, id, 24200, 0 FROM world;
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--payments", type=int, default=5000)
    parser.add_argument("--steady", type=int, default=200)
    arguments = parser.parse_args()
    from wasl.pg.supervisor import Cluster
    from wasl.seal import masterkey

    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder, Cluster(folder) as cluster:
        masterkey.generate(Path(folder) / "master.key")
        os.environ |= {
            "DATABASE_URL": cluster.url, "WASL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wasl.app.settings", "WASL_BANK_KEY": KEY,
            "WASL_BANK_WEBHOOK_SECRET": SECRET, "WASL_LOG_LEVEL": "error",
        }  # fmt: skip
        results = _measure(Path(folder), arguments.payments, arguments.steady)
    for result in results:
        line = f"{result['name']:<18}wasl {result['value']:,} {result['unit']}  {result['note']}  cores={os.cpu_count()}"
        print(json.dumps(result) if arguments.json else line)
    return 0 if all(result["met"] for result in results) else 1


def _measure(folder: Path, payments: int, steady: int) -> list[dict[str, Any]]:
    from wasl.standins.process import running

    bank_dir = folder / "bank"
    org = _prepare(payments + steady)
    _fill_bank(bank_dir, org, payments + steady)
    with running("wasl.standins.bank", "--port", "0", "--dir", str(bank_dir), BANK_KEY=KEY, BANK_WEBHOOK_SECRET=SECRET) as ports:
        os.environ["WASL_BANK_URL"] = f"http://127.0.0.1:{ports['http']}"
        web, worker = Web(), Worker()
        try:
            return _run(org, web, worker, payments, steady)
        finally:
            web.kill()
            worker.kill()


def _prepare(count: int) -> Any:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from wasl.app.invoicing.numbers import open_series
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    call_command("migrate", verbosity=0)
    actor = Actor.operator("bench")
    org = open_organisation(actor=actor, slug="bench", name_en="Brussels Books", country="BE", currency="EUR", time_zone="Europe/Brussels")
    open_series(org, kind="invoice", code="main", actor=actor)
    with connection.cursor() as cursor:
        cursor.execute(_FILL.format(org=org.pk, count=count))
        cursor.execute("ANALYZE")
    return org


def _fill_bank(folder: Path, org: Any, count: int) -> None:
    """Payments that have succeeded at the bank, put into its books before it starts."""
    from wasl.standins.gateways.bank import Bank
    from wasl.standins.gateways.engine import Engine
    from wasl.standins.gateways.store import Store

    folder.mkdir()
    store = Store(folder / "gateways.sqlite3")
    engine = Engine(store)
    engine.notify = lambda *_notice: None  # the generator below announces them
    Bank(engine, "")
    account = engine.account("bank", key=KEY, secret=SECRET)
    store.put("merchant", f"{account['id']}:{org.pk.hex}", {"id": f"{account['id']}:{org.pk.hex}", "name_ar": "", "name_en": ""})
    for n in range(1, count + 1):
        payment = engine.open("bank", account, id=f"pay_{n}", amount=24200, currency="EUR", reference=f"W{n}", merchant=org.pk.hex)
        assert engine.use(payment, "4242424242424242") == "ok"
    store.flush()


class Process:
    """One of our processes; killed as the power kills."""

    arguments: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._child = subprocess.Popen([sys.executable, "-m", *self.arguments], start_new_session=True, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._child is not None:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
            self._child = None


class Worker(Process):
    def __init__(self) -> None:
        super().__init__()
        self.arguments = ("wasl.cli.main", "worker", "--dir", os.environ["WASL_DATA_DIR"])


class Web(Process):
    def __init__(self) -> None:
        super().__init__()
        import socket

        from wasl.cli.processes import web_arguments

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.arguments = web_arguments("127.0.0.1", self.port, 2)

    def start(self) -> None:
        import socket

        super().start()
        for _ in range(300):
            time.sleep(0.2)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
        raise RuntimeError("the web did not start within a minute")


def _request(org: Any, number: int, event: str) -> bytes:
    body = json.dumps({"id": event, "type": "payment.succeeded", "data": {"id": f"pay_{number}", "reference": f"W{number}"}}).encode()
    at = int(time.time())
    digest = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    head = (
        f"POST /hooks/bank/{org.pk} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Bank-Signature: t={at},v1={digest}\r\n\r\n"
    )
    return head.encode() + body


async def _send(port: int, waiting: list[tuple[int, str]], org: Any, *, die: Any = None) -> dict[str, float]:
    """Send all of them over a few connections; seconds at which each was answered with 200. What got no answer is sent again."""
    answered: dict[str, float] = {}

    async def connection() -> None:
        while waiting:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                while waiting:
                    number, event = waiting.pop()
                    try:
                        writer.write(_request(org, number, event))
                        status = await reader.readuntil(b"\r\n\r\n")
                        length = int(status.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
                        await reader.readexactly(length)
                    except BaseException:
                        waiting.append((number, event))
                        raise
                    if b" 200 " in status[:20]:
                        answered[event] = time.perf_counter()
                    else:
                        waiting.append((number, event))
                        await asyncio.sleep(0.05)
                    if die is not None:
                        await die(len(answered))
                writer.close()
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.2)

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return answered


def _count(sql: str) -> int:
    from wasl.app.sql import run

    return int(run(sql)[0][0])


def _run(org: Any, web: Web, worker: Worker, payments: int, steady: int) -> list[dict[str, Any]]:
    both = [(n, f"evt_{n}_{turn}") for n in range(1, payments + 1) for turn in (1, 2)]
    random.Random(1).shuffle(both)
    web.start()
    time.sleep(WARM_SECONDS)
    asyncio.run(_send(web.port, [(1, f"warm_{n}") for n in range(WARM)], org))
    half = len(both) // 2
    began = time.perf_counter()
    answered = asyncio.run(_send(web.port, both[:half], org))
    stored_seconds = time.perf_counter() - began
    answered |= asyncio.run(_with_a_kill(web, both[half:], org))
    assert len(answered) == 2 * payments, "a webhook was never taken"
    assert _count("SELECT count(*) FROM payments_hook") == 2 * payments + WARM, "an answered webhook is not on disk"
    worker.start()
    applied_seconds, kills = _apply(worker, payments)
    once = _once(payments)
    times = _visible(org, web, payments, steady)
    stored = f"{half} on disk before the answer; {half} more with the web killed once, none lost"
    applied = f"{payments} payments told of twice, the bank asked for each, the worker killed {kills} times; {once}"
    visible = f"{steady} one at a time, p50 {times[len(times) // 2]:.0f} ms, from the request to the notice that open pages hear"
    return [
        _result("webhooks.stored", half / stored_seconds, "/s", STORED_PER_SECOND, stored),
        _result("webhooks.applied", payments / applied_seconds, "/s", APPLIED_PER_SECOND, applied),
        _result("webhooks.visible", times[len(times) * 95 // 100], "ms", VISIBLE_P95_MS, visible),
    ]


async def _with_a_kill(web: Web, waiting: list[tuple[int, str]], org: Any) -> dict[str, float]:
    """The web dies in the middle of it and comes back."""
    at, state = len(waiting) // 2, {"is_done": False}

    async def die(count: int) -> None:
        if count >= at and not state["is_done"]:
            state["is_done"] = True
            web.kill()
            await asyncio.to_thread(web.start)

    return await _send(web.port, waiting, org, die=die)


def _apply(worker: Worker, payments: int) -> tuple[float, int]:
    """From the first payment that counts to the last; restarts are not counted off, only the first start is."""
    settled = "SELECT count(*) FROM payments_intent WHERE status = 'succeeded'"
    while not (first := _count(settled)):
        time.sleep(0.01)
    began, kills = time.perf_counter(), 0
    while (done := _count(settled)) < payments:
        if kills < 2 and done >= payments * (kills + 1) / 3:
            worker.kill()
            worker.start()
            kills += 1
        time.sleep(0.02)
    return (time.perf_counter() - began) * payments / (payments - first), kills


def _once(payments: int) -> str:
    from wasl.app import fsck

    assert _count("SELECT count(*) FROM payments_allocation") == payments
    assert _count("SELECT sum(amount) FROM payments_journalline WHERE account = 'gateway_clearing'") == payments * 24200
    time.sleep(1)
    problems = fsck.run(("journal", "payments", "balances"))
    assert problems == [], problems
    return "each counted once, fsck clean"


def _visible(org: Any, web: Web, first: int, count: int) -> list[float]:
    """Milliseconds from sending each webhook to the notice that open pages hear."""
    import psycopg

    from wasl.app.sql import run

    invoices = {str(pk): n for n, pk in run("SELECT counter, id FROM invoicing_invoice WHERE counter > %s", (first,))}
    heard: dict[int, float] = {}

    def listen() -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as listener:
            listener.execute("LISTEN wasl_live")
            ready.set()
            for notice in listener.notifies(timeout=PACE_SECONDS * count + 20):
                topic = json.loads(notice.payload)["t"].split(":")
                if topic[0] == "invoice" and topic[2] in invoices:
                    heard.setdefault(invoices[topic[2]], time.perf_counter())
                if len(heard) == count:
                    return

    ready = threading.Event()
    ears = threading.Thread(target=listen)
    ears.start()
    ready.wait()
    sent: dict[int, float] = {}
    for number in invoices.values():
        sent[number] = time.perf_counter()
        asyncio.run(_send(web.port, [(number, f"steady_{number}")], org))
        time.sleep(max(sent[number] + PACE_SECONDS - time.perf_counter(), 0))
    ears.join()
    assert len(heard) == count, f"{count - len(heard)} payments never became visible"
    return sorted((heard[number] - sent[number]) * 1000 for number in sent)


def _result(name: str, value: float, unit: str, target: float, note: str) -> dict[str, Any]:
    met = value >= target if unit == "/s" else value <= target
    sign = ">=" if unit == "/s" else "p95 <="
    return {"name": name, "value": round(value, 1), "unit": unit, "met": met, "note": f"target {sign} {target:g} {unit}; {note}"}


if __name__ == "__main__":
    sys.exit(main())
