"""From the bank's word to the payer's eyes: how long from a webhook's request to the status page that says "received", 1,000 pages open.

    python bench/status.py [--pages 1000] [--seconds 30] [--rate 5] [--json]

Every page is one that waits after coming back from the bank: its event stream is open, as live.js opens it, and when it hears of
money it asks for the part that changes, as pay.js does; the clock stops when that part is final. Real processes: the web with two
workers, the worker, PostgreSQL, the sandbox bank, which is asked what became of each payment. The load comes from a process on the
same cores. Peer in the same run, by arithmetic: a page that asks every two seconds without a stream.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TARGET_MS = 1000.0  # p95
POLL_SECONDS = 2.0
PORT, BANK_PORT = 8233, 8234
KEY, SECRET = "bench-key-" + "k" * 30, "bench-secret-" + "s" * 30
BUSY = 1.5  # load a core: then the clock measures other work too, and it is said
PATIENCE_SECONDS = 20.0

_ROWS = """
WITH made AS (SELECT g AS n, gen_random_uuid() AS id, gen_random_uuid() AS event FROM generate_series(1, %(count)s) g),
invoices AS (INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency,
    tax_exclusive_amount, tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language, issued_at)
    SELECT %(org)s, id, (SELECT s.id FROM invoicing_series s WHERE s.organisation_id = %(org)s), n,
    'INV-' || n, 'invoice', '380', '2026-11-01', '2026-12-01', 'SAR', 10000, 1500, 11500, 11500, '\\x00', '\\x00', 'sa',
    'ar', now() FROM made),
events AS (INSERT INTO events_event (organisation_id, id, invoice_id, type, at, amount, currency, logged)
    SELECT %(org)s, event, id, 'issued', now(), 11500, 'SAR', false FROM made),
entries AS (INSERT INTO payments_journalentry (organisation_id, id, event_id, kind, invoice_id, currency, at)
    SELECT %(org)s, event, event, 'issue', id, 'SAR', now() FROM made)
SELECT id, event FROM made
"""
_LINES = """
INSERT INTO payments_journalline (organisation_id, id, entry_id, account, amount)
SELECT %(org)s, gen_random_uuid(), e.event, a.account, a.amount FROM unnest(%(events)s::uuid[]) AS e(event)
CROSS JOIN (VALUES ('receivable', 11500), ('sales', -11500)) a (account, amount)
"""


@dataclass
class Waiting:
    """One page that waits: where it asks, what it listens to, and the payment behind it."""

    part: str
    stream: str
    gateway_id: str
    reference: str
    seen: asyncio.Future[float] | None = None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=5.0, help="webhooks a second")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    for name in ("DATABASE_URL", "WASL_MASTER_KEY", "WASL_MASTER_KEY_FILE", "WASL_SECRET_KEY"):
        os.environ.pop(name, None)
    os.environ |= {
        "WASL_ORIGIN": f"http://127.0.0.1:{PORT}", "WASL_LOG_LEVEL": "warning", "WASL_BANK_URL": f"http://127.0.0.1:{BANK_PORT}",
        "WASL_BANK_KEY": KEY, "WASL_BANK_WEBHOOK_SECRET": SECRET,
    }  # fmt: skip
    from wasl.cli import installation
    from wasl.cli.processes import Processes, web_arguments

    with tempfile.TemporaryDirectory(prefix="wasl-status-") as folder, installation.opened(Path(folder), own=True) as directory:
        bank = start_bank(Path(folder) / "bank")
        processes = Processes(os.environ | {}, directory / "logs")
        try:
            org_id, pages = prepare(arguments.pages)
            processes.start("web", *web_arguments("127.0.0.1", PORT, 2))
            processes.start("worker", "wasl.cli.main", "worker", "--dir", str(directory))
            processes.wait_for("web", f"http://127.0.0.1:{PORT}/health/stream")
            took, lost = asyncio.run(play(org_id, pages, int(arguments.rate * arguments.seconds), arguments.rate))
        finally:
            processes.stop()
            bank.terminate()
            bank.wait(timeout=10)
    return report(arguments, took, lost)


def start_bank(folder: Path) -> subprocess.Popen[bytes]:
    env = os.environ | {"BANK_KEY": KEY, "BANK_WEBHOOK_SECRET": SECRET}
    command = [sys.executable, "-m", "wasl.standins.bank", "--port", str(BANK_PORT), "--dir", str(folder)]
    bank = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{BANK_PORT}/health", timeout=1).close()
            return bank
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the bank")


def prepare(count: int) -> tuple[str, list[Waiting]]:
    """Invoices, a payment begun on each at the bank, and the page that waits for it."""
    from django.db import transaction

    from wasl.app import live
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Invoice, Link, Series
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.live import topics
    from wasl.app.payments.pay import start_payment
    from wasl.app.sql import run
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    org = open_organisation(
        actor=Actor.operator("bench"), slug="bench", name_en="Bench", name_ar="قياس", legal_name_language="en", vat_identifier="310122393500003",
        line_1="King Road 1", city="Riyadh", post_code="11564", country="SA", currency="SAR", time_zone="Asia/Riyadh", email="b@example.com",
        default_language="ar",
    )  # fmt: skip
    open_series(org, kind=Series.INVOICE, code="main", actor=Actor.operator("bench"))
    with transaction.atomic():  # an entry and its lines
        made = run(_ROWS, {"org": org.pk, "count": count})
        run(_LINES, {"org": org.pk, "events": [event for _id, event in made]})
    pages = []
    for row in Invoice.objects.for_org(org).select_related("organisation").all():
        place = f"/i/{make_link(row, Link.MAIL, 'payer@example.com')}/pay/status"
        intent = start_payment([row], "bank", return_url=f"http://127.0.0.1:{PORT}{place}?back=1").intent
        stream = live.stream_url([topics.invoice(org.pk, row.pk)], 3600)
        pages.append(Waiting(f"{place}?part=1&a={intent.pk}", stream, intent.gateway_id, intent.reference))
    return str(org.pk), pages


class Room:
    """A few connections that all pages share, as browsers would have theirs."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, method: str, path: str, body: bytes = b"", headers: str = "") -> tuple[int, str]:
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection("127.0.0.1", self.port)
        length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
        writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{length}{headers}\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        found = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        answer = await reader.readexactly(int(found[1])) if found else b""
        if "connection: close" in head.lower():
            writer.close()
        else:
            self.idle.append((reader, writer))
        return int(head.split(" ", 2)[1]), answer.decode()


async def listen(page: Waiting, room: Room) -> asyncio.Task[None]:
    """Open the page's stream, and ask for the part that changes whenever money moved."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(f"GET {page.stream} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n\r\n".encode())
    await reader.readuntil(b"event: hello")

    async def hear() -> None:
        while not writer.is_closing():  # it is held here: a writer that nobody holds closes its connection
            piece = await reader.readuntil(b"\n\n")
            if b'"kind":"money"' in piece and page.seen is not None and not page.seen.done():
                _status, html = await room.ask("GET", page.part)
                if "data-final" in html and not page.seen.done():
                    page.seen.set_result(time.perf_counter())

    return asyncio.create_task(hear())


def webhook(page: Waiting) -> tuple[bytes, str]:
    """What the bank would send, signed as it signs."""
    data = {"id": page.gateway_id, "reference": page.reference}
    body = json.dumps({"id": f"evt_{secrets.token_hex(16)}", "type": "payment.succeeded", "data": data}).encode()
    stamp = str(int(time.time()))
    mark = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return body, f"Bank-Signature: t={stamp},v1={mark}\r\nContent-Type: application/json\r\n"


async def play(org_id: str, pages: list[Waiting], count: int, rate: float) -> tuple[list[float], int]:
    """Milliseconds of every payment, and how many pages never said so."""
    room, bank = Room(PORT), Room(BANK_PORT)
    at_once = asyncio.Semaphore(40)

    async def come(page: Waiting) -> asyncio.Task[None]:
        async with at_once:
            return await listen(page, room)

    tasks = await asyncio.gather(*(come(page) for page in pages))
    form, kind = b"card=4111111111111111&expiry=12%2F30&cvc=123", "Content-Type: application/x-www-form-urlencoded\r\n"
    await bank.ask("POST", "/control/webhooks", json.dumps({"mode": "lost", "times": -1}).encode(), "Content-Type: application/json\r\n")
    took: list[float] = []
    lost = 0

    async def pay(page: Waiting) -> None:
        nonlocal lost
        await bank.ask("POST", f"/pay/{page.gateway_id}", form, kind)
        page.seen = asyncio.get_running_loop().create_future()
        body, headers = webhook(page)
        began = time.perf_counter()
        status, said = await room.ask("POST", f"/hooks/bank/{org_id}", body, headers)
        if status >= 300:
            raise RuntimeError(f"webhook {status} {said[:200]}")
        try:
            took.append((await asyncio.wait_for(page.seen, PATIENCE_SECONDS) - began) * 1000)
        except TimeoutError:
            lost += 1

    running, began = [], time.perf_counter()
    for number, page in enumerate(pages[:count]):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        running.append(asyncio.create_task(pay(page)))
    await asyncio.gather(*running)
    for task in tasks:
        task.cancel()
    return took, lost


def report(arguments: argparse.Namespace, took: list[float], lost: int) -> int:
    cuts = statistics.quantiles(took, n=100)
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    peer = POLL_SECONDS * 1000 / 2 + cuts[49]
    met = cuts[94] <= TARGET_MS and not lost
    figures: dict[str, Any] = {
        "name": "status.visible", "value": round(cuts[94], 1), "unit": "ms", "p50": round(cuts[49], 1), "p95": round(cuts[94], 1),
        "max": round(max(took), 1), "pages": arguments.pages, "payments": len(took), "lost": lost, "rate": arguments.rate, "target": TARGET_MS,
        "met": met, "load": round(load, 1), "peer": f"asking every {POLL_SECONDS:.0f} s", "peer_value": round(peer, 1),
        "ratio": round(peer / cuts[49], 1),
    }  # fmt: skip
    if arguments.json:
        print(json.dumps(figures))
        return 0 if met else 1
    busy = f"; the machine was busy with other work, load {load:.1f} a core" if load > BUSY else ""
    print(
        f"status  {arguments.pages} open pages, {len(took)} webhooks at {arguments.rate:.0f}/s: to the words on the page"
        f" p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, max {max(took):.0f} ms, lost {lost}; a page that asks every"
        f" {POLL_SECONDS:.0f} s about {peer:.0f} ms{busy}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
