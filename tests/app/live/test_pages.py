"""Pages behind the stream's front: each request reaches Django as any WSGI server would hand it over; too much is refused early."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import Any

import pytest

from wasl.app.live import large
from wasl.app.live import pages as pages_module
from wasl.app.live.pages import BODY_OCTETS_MAX, Pages


class Headers:
    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return list(self.pairs)


class Scope:
    scheme, http_version, server, client, authority, query_string = "http", "1.1", "127.0.0.1:8000", "192.0.2.7:5555", None, "a=%20b"

    def __init__(self, *headers: tuple[str, str], method: str = "POST", path: str = "/x") -> None:
        self.headers, self.method, self.path = Headers(*headers), method, path


class Proto:
    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.read, self.status, self.body = pieces, 0, 0, b""
        self.headers: list[tuple[str, str]] = []

    async def __aiter__(self) -> Any:
        for piece in self.pieces:
            self.read += 1
            yield piece

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


def ask(scope: Scope, proto: Proto, admit: Any = large.nobody) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start("201 Created", [("Content-Type", "text/plain")])
        return [b"a", b"b"]

    pages = Pages(application, threads=1, admit=admit)
    asyncio.run(pages.answer(scope, proto))
    pages.close()
    return seen


def test_a_request_reaches_the_application_whole() -> None:
    proto = Proto(b"abc", b"de")
    seen = ask(
        Scope(
            ("host", "wasl.example"), ("content-length", "5"), ("content-type", "text/plain"), ("cookie", "a=1"), ("cookie", "b=2"),
            ("x-forwarded-proto", "https"), ("x_forwarded_proto", "http"), path="/%D8%A3/b%2Fc",
        ), proto,
    )  # fmt: skip

    assert (proto.status, proto.body, proto.headers) == (201, b"ab", [("content-type", "text/plain")])
    assert seen["body"] == b"abcde"
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/أ/b/c"
    assert (seen["QUERY_STRING"], seen["REMOTE_ADDR"], seen["CONTENT_LENGTH"], seen["CONTENT_TYPE"]) == ("a=%20b", "192.0.2.7", "5", "text/plain")
    assert (seen["HTTP_HOST"], seen["HTTP_COOKIE"], seen["HTTP_X_FORWARDED_PROTO"]) == ("wasl.example", "a=1; b=2", "https")


@pytest.mark.parametrize(
    ("lengths", "status"),
    [([str(50 * 1024 * 1024)], 413), ([str(BODY_OCTETS_MAX + 1)], 413), (["9" * 40], 413), (["-1"], 400), (["٣"], 400), (["3", "4"], 400)],
)
def test_t101_t64_fifty_megabytes_are_refused_before_a_byte_of_them_is_read(lengths: list[str], status: int) -> None:
    proto = Proto(b"x" * 100)
    seen = ask(Scope(*[("content-length", length) for length in lengths]), proto)

    assert (proto.status, proto.read, seen) == (status, 0, {})


def test_a_body_longer_than_it_said_is_refused() -> None:
    proto = Proto(b"x" * 10)
    assert ask(Scope(("content-length", "5")), proto) == {}
    assert proto.status == 400


def test_a_body_that_does_not_come_holds_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_module, "BODY_SECONDS_MAX", 0.01)

    class Slow(Proto):
        async def __aiter__(self) -> Any:
            await asyncio.sleep(5)
            yield b"x"

    proto = Slow()
    assert ask(Scope(("content-length", "5")), proto) == {}
    assert proto.status == 408


def test_bodies_in_memory_have_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_module, "BODIES_OCTETS_MAX", 4)
    proto = Proto(b"abcde")

    assert ask(Scope(("content-length", "5")), proto) == {}
    assert proto.status == 503


class Flood(Proto):
    """So many megabytes, made while they are asked for."""

    def __init__(self, megabytes: int) -> None:
        super().__init__()
        self.megabytes = megabytes

    async def __aiter__(self) -> Any:
        for number in range(self.megabytes):
            self.read += 1
            yield number.to_bytes(4, "big") * 250_000


def test_a_large_statement_reaches_the_application_whole_and_never_lies_in_memory() -> None:
    sizes: list[int] = []

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        while piece := environ["wsgi.input"].read(65_536):
            sizes.append(len(piece))
        start("200 OK", [])
        return [b"taken"]

    proto, pages = Flood(180), Pages(application, threads=1, admit=lambda path, cookies: 200_000_000 if (path, cookies) == ("/x", "s=1") else 0)
    tracemalloc.start()
    asyncio.run(pages.answer(Scope(("content-length", "180000000"), ("cookie", "s=1")), proto))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    pages.close()

    assert (proto.status, proto.body, sum(sizes)) == (200, b"taken", 180_000_000)
    assert peak < 8_000_000, peak


def test_t101_a_large_body_is_read_for_nobody_else_and_nowhere_else() -> None:
    allowed = {"/x": 60_000_000}
    for scope in (Scope(("content-length", "59000000"), path="/y"), Scope(("content-length", "59000000"), method="PUT")):
        proto = Flood(59)
        assert ask(scope, proto, lambda path, _cookies: allowed.get(path, 0)) == {}
        assert (proto.status, proto.read) == (413, 0)


def test_a_file_a_little_too_large_is_read_away_so_that_the_browser_shows_the_limit_in_both_languages() -> None:
    proto = Flood(62)
    assert ask(Scope(("content-length", "62000000")), proto, lambda _path, _cookies: 60_000_000) == {}
    assert (proto.status, proto.read) == (413, 62)
    assert "والحد 60 ميغابايت" in proto.body.decode() and "larger than the 60 MB" in proto.body.decode()

    proto = Flood(400)
    assert ask(Scope(("content-length", "400000000")), proto, lambda _path, _cookies: 60_000_000) == {}
    assert (proto.status, proto.read) == (413, 0)


@pytest.mark.parametrize("megabytes", [59, 61])
def test_a_large_body_that_is_not_as_long_as_it_said_is_refused(megabytes: int) -> None:
    proto = Flood(megabytes)
    assert ask(Scope(("content-length", "60000000")), proto, lambda _path, _cookies: 90_000_000) == {}
    assert proto.status == 400


def test_large_bodies_at_once_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "AT_ONCE", 0)
    proto = Flood(60)
    assert ask(Scope(("content-length", "60000000")), proto, lambda _path, _cookies: 90_000_000) == {}
    assert (proto.status, proto.read) == (503, 0)
