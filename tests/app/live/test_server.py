"""The stream as a process of its own: granian before it, PostgreSQL behind it, a thousand readers, and an end in time."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from wasl.app.live import topics
from wasl.app.live.tell import CHANNEL, packed
from wasl.app.live.ticket import stream_url
from wasl.cli.processes import web_arguments

READERS = 1000
MINE, OTHER = topics.thread(UUID(int=1), UUID(int=2)), topics.thread(UUID(int=1), UUID(int=3))
START = """
import sys
from wasl.app.live import server
def slow(environ, start):
    class Streamed:
        streaming = True
        def __iter__(self):
            for _ in range(4000):
                yield b"x" * 65536
                print("made", flush=True)
    start("200 OK", [])
    return Streamed()
server.application.pages.application = slow
application = server.application
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def port(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The front on an empty database, with a page that never ends."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("live")
    (folder / "front.py").write_text(START)
    number = free_port()
    environment = os.environ | {
        "DATABASE_URL": database_url, "WASL_SECRET_KEY": settings.SECRET_KEY, "WASL_DATA_DIR": str(folder), "PYTHONPATH": f"{folder}:{':'.join(sys.path)}",
    }  # fmt: skip
    arguments = [*web_arguments("127.0.0.1", number, 1)[:-1], "front:application"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", *arguments], env=environment, stdout=log, stderr=log)
    try:
        wait_until_listening(number, process)
        yield number
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) is not None
    log_text = (folder / "log").read_text()
    assert "Traceback" not in log_text and "/events/e" not in log_text and "/events/." not in log_text, log_text[-3000:]


def wait_until_listening(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and (process is None or process.poll() is None):
        try:
            if get(port, "/health/stream").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError(port)


def get(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    return connection.getresponse()


def tell(url: str, *notes: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for note in notes:
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, note))


async def listen(port: int, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert b"200 OK" in await reader.readuntil(b"\r\n")
    await reader.readuntil(b"event: hello")
    return reader, writer


async def next_kind(reader: asyncio.StreamReader) -> str:
    return (await next_event(reader))[0]


async def next_note(reader: asyncio.StreamReader) -> str:
    """The topic of the next notice; a process that has just begun says `missed` first."""
    while (found := await next_event(reader))[0] == "missed":
        pass
    return found[1]


async def next_event(reader: asyncio.StreamReader) -> tuple[str, str]:
    """(kind, topic)"""
    await reader.readuntil(b"event: ")
    name = (await reader.readuntil(b"\n")).decode().strip()
    data = json.loads((await reader.readuntil(b"\n\n")).removeprefix(b"data: "))
    return (data["kind"], data["topic"]) if name == "note" else (name, "")


def test_a_thousand_pages_hear_what_is_theirs_and_nothing_else(port: int, database_url: str) -> None:
    theirs = [topics.thread(UUID(int=1), UUID(int=100 + number % 4)) for number in range(READERS)]

    async def play() -> list[str]:
        room = asyncio.Semaphore(50)

        async def come(topic: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            async with room:
                return await listen(port, stream_url([topic], 600))

        readers = await asyncio.gather(*(come(topic) for topic in theirs))
        await asyncio.to_thread(tell, database_url, packed(OTHER, "message"), *(packed(topic, "message") for topic in dict.fromkeys(theirs)))
        heard = await asyncio.gather(*(asyncio.wait_for(next_note(reader), 20) for reader, _ in readers))
        for _, each in readers:
            each.close()
        return heard

    assert asyncio.run(play()) == theirs, "T64: each its own conversation, first of all and only"


def test_when_the_database_drops_the_connection_readers_are_told_and_served_again(port: int, database_url: str) -> None:
    async def play() -> None:
        reader, writer = await listen(port, stream_url([MINE], 600))
        await asyncio.to_thread(tell, database_url, packed(MINE, "read"))
        assert await asyncio.wait_for(next_note(reader), 15) == MINE
        with psycopg.connect(database_url, autocommit=True) as connection:
            gone = connection.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'wasl live'").fetchone()
        assert gone is not None and gone[0] >= 1
        assert await asyncio.wait_for(next_kind(reader), 15) == "missed"
        await asyncio.to_thread(tell, database_url, packed(MINE, "message"))
        assert await asyncio.wait_for(next_kind(reader), 15) == "message"
        writer.close()

    asyncio.run(play())


@pytest.mark.parametrize("path", ["/events/x", "/events/", "/events/x/typing", "/events/" + "x" * 3000, "/events/../health/live"])
def test_t64_no_ticket_no_stream(port: int, path: str) -> None:
    answer = get(port, path)

    assert answer.status in (403, 405)
    assert answer.read() == b"{}\n"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_download_waits_for_its_reader_instead_of_filling_the_memory(port: int, tmp_path: Path) -> None:
    """granian's own stream takes everything at once; 260 MB here."""
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", port))
        slow.sendall(b"GET /all HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert slow.recv(12) == b"HTTP/1.1 200"
        time.sleep(0.5)
        before = resident()
        time.sleep(0.5)
        assert resident() - before < 60_000_000
    assert get(port, "/health/stream").status == 200


def resident() -> int:
    """Octets of memory of all our children."""
    total = 0
    for child in Path("/proc").glob("[0-9]*"):
        try:
            if b"front:application" in (child / "cmdline").read_bytes():
                total += int((child / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total


