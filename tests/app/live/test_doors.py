"""Doors beside the pages: a crowd is answered many at a time, each gets its own answer, and nothing of them reaches a page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from wasl.app.live import doors as doors_module
from wasl.app.live.doors import AT_ONCE, Doors, Knock, joined, open_door


class Headers:
    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return list(self.pairs)


class Scope:
    def __init__(self, path: str, *headers: tuple[str, str], method: str = "POST") -> None:
        self.headers, self.method, self.path = Headers(*headers), method, path


class Proto:
    def __init__(self, body: bytes = b"") -> None:
        self.body, self.status, self.headers, self.answer = body, 0, dict[str, str](), b""

    async def __aiter__(self) -> Any:
        yield self.body

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.answer = status, dict(headers), body


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A door that says what was brought, slowly; how many it was asked for each time."""
    monkeypatch.setattr(doors_module, "_doors", {})
    seen: list[int] = []

    def answers(knocks: Sequence[Knock]) -> list[tuple[int, bytes]]:
        seen.append(len(knocks))
        time.sleep(0.02)
        if any(knock.body == b"fault" for knock in knocks):
            raise RuntimeError
        return [(200, knock.matched["name"].encode() + knock.body) for knock in knocks]

    open_door("/try/", r"/try/(?P<name>[a-z]+)", answers, octets_max=10)
    yield seen


async def knock(doors: Doors, body: bytes, *headers: tuple[str, str]) -> Proto:
    proto = Proto(body)
    scope = Scope("/try/a", *(headers or (("content-length", str(len(body))),)))
    crowd, matched = doors.at(scope) or pytest.fail("no door")
    await crowd.answer(scope, proto, matched)
    return proto


async def crowd(*bodies: bytes) -> list[Proto]:
    doors = Doors()
    try:
        return await asyncio.gather(*(knock(doors, body) for body in bodies))
    finally:
        doors.close()


def test_who_waits_meanwhile_is_the_next_group_and_each_gets_its_own_answer(groups: list[int]) -> None:
    bodies = [b"%d" % n for n in range(AT_ONCE + 20)]
    answers = asyncio.run(crowd(*bodies))

    assert [proto.answer for proto in answers] == [b"a" + body for body in bodies]
    assert groups[0] <= AT_ONCE and sum(groups) == len(bodies) and len(groups) <= 3
    assert len({proto.headers["x-request-id"] for proto in answers}) == len(bodies)


def test_a_fault_leaves_nobody_without_an_answer_and_the_next_group_is_served(groups: list[int]) -> None:
    async def twice() -> tuple[list[Proto], Proto]:
        doors = Doors()
        first = await asyncio.gather(*(knock(doors, body) for body in (b"fault", b"b")))
        last = await knock(doors, b"c")
        doors.close()
        return first, last

    first, last = asyncio.run(twice())
    assert {proto.status for proto in first} == {500} and last.answer == b"ac"


@pytest.mark.parametrize(
    ("headers", "status"),
    [((("content-length", "11"),), 413), ((("content-length", "x"),), 400), ((("content-length", "1"), ("content-length", "2")), 400)],
    ids=["too-long", "no-number", "two-lengths"],
)
def test_what_is_too_much_is_refused_before_it_is_read(groups: list[int], headers: Any, status: int) -> None:
    async def one() -> Proto:
        return await knock(Doors(), b"x" * 11, *headers)

    assert asyncio.run(one()).status == status and groups == []


def test_who_drips_or_comes_when_it_is_full_is_sent_away_and_leaves_no_trace(groups: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    class Dripping(Proto):
        async def __aiter__(self) -> Any:
            await asyncio.sleep(5)
            yield b"x"

    monkeypatch.setattr(doors_module, "BODY_SECONDS_MAX", 0.05)
    monkeypatch.setattr(doors_module, "OCTETS_MAX", 12)

    async def three() -> list[int]:
        doors, scope, drips = Doors(), Scope("/try/a", ("content-length", "8")), Dripping()
        crowd, matched = doors.at(scope) or pytest.fail("no door")
        dripping = asyncio.create_task(crowd.answer(scope, drips, matched))
        await asyncio.sleep(0)
        full = await knock(doors, b"12345678")
        await dripping
        after = await knock(doors, b"12345678")
        doors.close()
        return [drips.status, full.status, after.status]

    assert asyncio.run(three()) == [408, 503, 200]


@pytest.mark.parametrize("scope", [Scope("/try/a", method="GET"), Scope("/try/a/b"), Scope("/try/"), Scope("/other/a"), Scope("/try")])
def test_everything_else_goes_the_way_of_pages(groups: list[int], scope: Scope) -> None:
    assert Doors().at(scope) is None


def test_headers_are_what_a_page_would_see() -> None:
    headers = joined([("bank-signature", "a"), ("Bank-Signature", "b"), ("bank_signature", "c")])

    assert headers.get("Bank-Signature") == "a,b" and list(headers) == ["bank-signature"]
