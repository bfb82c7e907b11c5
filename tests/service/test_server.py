"""The validator as a process: granian before it, raw sockets against it (T101, T102), and an end that leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = (ROOT / "bench" / "data" / "rich-10.xml").read_bytes()
HASTY = """
import sys
from wasl.cli import validate_service as command
from wasl.service.limits import Limits
command.HEADER_MILLISECONDS = 500
command.serve("127.0.0.1", int(sys.argv[1]), 1, Limits(body_seconds=1))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(port)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that loses patience quickly."""
    number = free_port()
    process = subprocess.Popen([sys.executable, "-c", HASTY, str(number)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for(number, process)
        yield number
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    assert b"Traceback" not in out and b"BENCH-2026" not in out, out


def raw(port: int, data: bytes, seconds: float = 10) -> bytes:
    """Everything the server answers until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(data)
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: +4\r\n\r\nabcd",
    ],
)
def test_t101_nothing_can_be_smuggled_behind_a_body(port: int, head: bytes) -> None:
    answer = raw(port, b"POST / HTTP/1.1\r\nHost: x\r\n" + head + SMUGGLED)

    assert answer.startswith(b"HTTP/1.1 400") and answer.count(b"HTTP/1.1") == 1


def test_t102_a_head_that_never_ends_is_cut(port: int) -> None:
    started = time.monotonic()

    assert raw(port, b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: ") == b""
    assert time.monotonic() - started < 5


def test_t102_a_body_that_never_ends_is_given_up(port: int) -> None:
    started = time.monotonic()
    answer = raw(port, b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 9999\r\n\r\n<Invoice")

    assert answer.startswith(b"HTTP/1.1 408") and time.monotonic() - started < 5


def test_t102_a_hundred_slow_callers_hinder_nobody(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(100)]
    try:
        for connection in slow:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("POST", "/", GOOD)
        assert json.loads(connection.getresponse().read())[0]["valid"] is True
    finally:
        for each in slow:
            each.close()


def test_one_connection_serves_many_documents(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for number in range(20):
        data = GOOD if number % 2 else GOOD.replace(b"EUR</cbc:Doc", b"eur</cbc:Doc")
        connection.request("POST", "/", data, {"Content-Type": "application/xml"})
        assert json.loads(connection.getresponse().read())[0]["valid"] is bool(number % 2)


def test_the_command_starts_says_where_and_ends_on_ctrl_c() -> None:
    number = free_port()
    command = [sys.executable, "-m", "wasl.cli.main", "validate-service", "--port", str(number), "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        wait_for(number, process)
        taken = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert taken.returncode == 5 and f"Port {number}" in taken.stderr and len(taken.stderr.strip().splitlines()) == 1
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    assert process.returncode == 0 and f"http://127.0.0.1:{number}/" in out.decode() and b"Traceback" not in err
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", number), timeout=1)


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "99999"], ["--port", "x"], ["--workers", "0"], ["--max-mb", "1000"]])
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from wasl.cli.main import run

    assert run(["validate-service", *arguments]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
