"""1,000 concurrent chats: how long from a message being sent to its standing on the other screen, on two cores.

    python bench/chat.py [--chats 1000] [--seconds 30] [--rate 25] [--json]

Every chat is two open pages (2,000 event streams) on one server of two processes. Messages are sent as chat.js sends them, by the
form's own address with all of Django's middleware; the other page hears of it on its stream and asks for what is new, as chat.js
does; the clock stops when the new entry has arrived there. The load comes from a process on the same two cores. Peer in the same
run: the same pages asking every 5 seconds, as a page without the stream would (by arithmetic: half the pause plus one answer).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

TARGET_MS = 200.0  # p99
POLL_SECONDS = 5.0
PORT = 8231
WARM = 100
BUSY = 1.5  # load a core: then the clock measures other work too, and it is said
SECRET = "b" * 32  # both cookie and field of the CSRF check

_ROWS = """
WITH made AS (SELECT g AS n, gen_random_uuid() AS id, gen_random_uuid() AS talk FROM generate_series(1, %(count)s) g),
invoices AS (INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency,
    tax_exclusive_amount, tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language, issued_at)
    SELECT %(org)s, id, (SELECT s.id FROM invoicing_series s WHERE s.organisation_id = %(org)s), n, 'INV-' || n, 'invoice', '380', '2026-11-01',
    '2026-12-01', 'SAR', 100, 15, 115, 115, '\\x00', '\\x00', 'sa', 'ar', now() FROM made)
INSERT INTO support_conversation (organisation_id, id, invoice_id, line, kind, reason, state, state_at, state_side, outcome, opened_at, waiting_since,
    last_at)
SELECT %(org)s, talk, id, '', 'question', 'question', 'open', now(), 'payer', '', now(), now(), now() FROM made
RETURNING id, invoice_id
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=25.0, help="messages a second in all: 25 is one every 40 seconds in each chat")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    os.environ["WASL_ORIGIN"] = f"http://127.0.0.1:{PORT}"
    os.environ["WASL_LOG_LEVEL"] = "warning"
    for name in ("DATABASE_URL", "WASL_MASTER_KEY", "WASL_MASTER_KEY_FILE", "WASL_SECRET_KEY"):
        os.environ.pop(name, None)
    from wasl.cli import installation
    from wasl.cli.processes import Processes, web_arguments

    with tempfile.TemporaryDirectory(prefix="wasl-chat-") as folder, installation.opened(Path(folder), own=True) as directory:
        chats = prepare(arguments.chats)
        processes = Processes(os.environ | {}, directory / "logs")
        try:
            processes.start("web", *web_arguments("127.0.0.1", PORT, 2))
            processes.wait_for("web", f"http://127.0.0.1:{PORT}/health/stream")
            took, lost, cpu = asyncio.run(play(chats, arguments.rate, arguments.seconds, processes.children["web"].pid))
        finally:
            processes.stop()
    return report(arguments, took, lost, cpu)


def prepare(count: int) -> list[tuple[str, str]]:
    """(path of the conversation, address of its stream) of each chat."""
    from wasl.app import live
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Invoice, Link, Series
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.sql import run
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    org = open_organisation(
        actor=Actor.operator("bench"), slug="bench", name_en="Bench", name_ar="قياس", legal_name_language="en", vat_identifier="310122393500003",
        line_1="King Road 1", city="Riyadh", post_code="11564", country="SA", currency="SAR", time_zone="Asia/Riyadh", email="b@example.com",
        default_language="ar",
    )  # fmt: skip
    open_series(org, kind=Series.INVOICE, code="main", actor=Actor.operator("bench"))
    made = run(_ROWS, {"org": org.pk, "count": count})
    rows = {row.pk: row for row in Invoice.objects.for_org(org).all()}
    return [
        (f"/i/{make_link(rows[invoice], Link.MAIL, 'payer@example.com')}/questions/{talk}", live.stream_url([live.topics.thread(org.pk, talk)], 3600))
        for talk, invoice in made
    ]


class Page:
    """One open page of a chat: its stream, and the connection on which it asks."""

    def __init__(self, path: str, stream: str, room: Room) -> None:
        self.path, self.stream, self.room, self.last = path, stream, room, ""
        self.seen: dict[str, asyncio.Future[float]] = {}

    async def listen(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(f"GET {self.stream} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n\r\n".encode())
        await reader.readuntil(b"event: hello")
        self.task = asyncio.create_task(self._hear(reader))
        self.writer = writer

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            piece = await reader.readuntil(b"\n\n")
            if b'"kind":"message"' in piece and self.seen:
                html = await self.room.post(f"{self.path}/chat", {"after": self.last, "visible": "1"}, {})
                self.took_in(html, time.perf_counter())

    def took_in(self, html: str, now: float) -> None:
        for entry in re.findall(r'data-entry="([^"]+)"', html):
            self.last = entry
        for text in re.findall(r"said ([0-9a-f-]{36})", html):
            if (waiting := self.seen.pop(text, None)) and not waiting.done():
                waiting.set_result(now)


class Room:
    """A few connections that all pages share, as browsers would have theirs."""

    def __init__(self) -> None:
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, path: str, form: dict[str, str], headers: dict[str, str]) -> str:
        kept = self.idle.pop() if self.idle else None
        body = urlencode(form | {"csrfmiddlewaretoken": SECRET}).encode()
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: wasl_csrf={SECRET}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"{more}Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            reader, writer = kept or await asyncio.open_connection("127.0.0.1", PORT)
            writer.write(head.encode() + body)
            head_in = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (asyncio.IncompleteReadError, ConnectionError):
            if kept is None:
                raise
            return await self.post(path, form, headers)  # as browsers do where a kept connection turns out to be closed
        length = re.search(r"content-length: (\d+)", head_in, re.IGNORECASE)
        answer = await reader.readexactly(int(length[1])) if length else b""
        self.idle.append((reader, writer))
        if " 200 " not in head_in.split("\r\n")[0]:
            raise RuntimeError(head_in.split("\r\n")[0] + " " + answer[:300].decode(errors="replace"))
        return answer.decode()


async def play(chats: list[tuple[str, str]], rate: float, seconds: float, server: int) -> tuple[list[float], int, float]:
    """Milliseconds of every message, how many never came, and what the server spent of a core, by the kernel's count."""
    room = Room()
    pairs = [(Page(path, stream, room), Page(path, stream, room)) for path, stream in chats]
    at_once = asyncio.Semaphore(40)

    async def come(page: Page) -> None:
        async with at_once:
            await page.listen()

    await asyncio.gather(*(come(page) for pair in pairs for page in pair))
    took: list[float] = []
    lost = 0

    async def say(number: int) -> None:
        nonlocal lost
        sender, other = pairs[number % len(pairs)]
        text = str(uuid4())
        waiting = asyncio.get_running_loop().create_future()
        other.seen[text] = waiting
        began = time.perf_counter()
        form = {"text": f"said {text}", "key": str(uuid4()), "after": sender.last}
        sender.took_in(await room.post(sender.path, form, {"X-Wasl-Chat": "1"}), time.perf_counter())
        try:
            took.append((await asyncio.wait_for(waiting, 20) - began) * 1000)
        except TimeoutError:
            lost += 1

    for number in range(WARM):
        await say(number)  # warm: templates made, statements prepared, catalogues read, in every thread of either process
    took.clear()
    before, began, running = cpu_seconds(server), time.perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        running.append(asyncio.create_task(say(WARM + number)))
    await asyncio.gather(*running)
    cpu = (cpu_seconds(server) - before) / (time.perf_counter() - began)
    for pair in pairs:
        for page in pair:
            page.task.cancel()
            page.writer.close()
    return took, lost, cpu


def cpu_seconds(pid: int) -> float:
    """Of a process and its children."""
    total, todo = 0, [pid]
    while todo:
        each = todo.pop()
        fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
        for task in Path(f"/proc/{each}/task").iterdir():
            todo += [int(child) for child in (task / "children").read_text().split()]
    return total / os.sysconf("SC_CLK_TCK")


def report(arguments: argparse.Namespace, took: list[float], lost: int, cpu: float) -> int:
    cuts = statistics.quantiles(took, n=100)
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    peer = POLL_SECONDS * 1000 / 2 + cuts[49] / 2
    met = cuts[98] <= TARGET_MS and not lost
    figures: dict[str, Any] = {
        "name": "chat.screen", "value": round(cuts[98], 1), "unit": "ms", "p50": round(cuts[49], 1), "p95": round(cuts[94], 1),
        "p99": round(cuts[98], 1), "max": round(max(took), 1), "chats": arguments.chats, "streams": 2 * arguments.chats,
        "messages": len(took), "lost": lost,
        "rate": arguments.rate, "server_cores": round(cpu, 2), "target": TARGET_MS, "met": met, "load": round(load, 1),
        "peer": f"asking every {POLL_SECONDS:.0f} s", "peer_value": round(peer, 1), "ratio": round(peer / cuts[49], 1),
    }  # fmt: skip
    if arguments.json:
        print(json.dumps(figures))
    else:
        busy = f"; the machine was busy with other work, load {load:.1f} a core" if load > BUSY else ""
        print(
            f"chat  {arguments.chats} chats, {2 * arguments.chats} streams, {len(took)} messages at {arguments.rate:.0f}/s: to the other screen"
            f" p50 {cuts[49]:.0f} p95 {cuts[94]:.0f} p99 {cuts[98]:.0f} ms (target {TARGET_MS:.0f}), lost {lost}, server {cpu:.2f} cores,"
            f" {figures['ratio']}x sooner than {figures['peer']}{busy}"
        )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
