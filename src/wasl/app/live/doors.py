"""Doors beside the pages: small requests that come in crowds and carry their own authority are answered many at a time.

A higher floor opens one (`open_door`). What waits at a door while the last group is being answered is the next group, so that a
crowd shares one transaction and one wait for the disk; who comes alone waits for nobody. The answer is given after the work,
never before. Everything else, and every other method, goes the way of pages.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.utils.datastructures import CaseInsensitiveMapping

from wasl.app.ids import uuid7
from wasl.app.live.pages import Unwanted, announced, received
from wasl.app.logs import log

AT_ONCE = 64  # in one group
WAITING_MAX = 2_000  # at one door of one process; more is better refused at once than answered late
OCTETS_MAX = 32 * 1024 * 1024  # of all who wait there
BODY_SECONDS_MAX = 10.0  # who drips holds a place of somebody who does not
REFUSED = b'{"error": "refused"}'
JSON = [
    ("content-type", "application/json"), ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Knock:
    """One request: `matched` are the named parts of its path; headers are found in any case."""

    matched: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


Reply = tuple[int, bytes]  # status and JSON
Answers = Callable[[Sequence[Knock]], Sequence[Reply]]


@dataclass(frozen=True, slots=True)
class Door:
    """POST to a path that matches wholly; `answers` runs in a thread of its own with a database connection of its own."""

    pattern: re.Pattern[str]
    answers: Answers
    octets_max: int


_doors: dict[str, Door] = {}


def open_door(prefix: str, pattern: str, answers: Answers, *, octets_max: int) -> None:
    """Answer POST to paths under `prefix` ("/hooks/") that match `pattern` wholly."""
    _doors[prefix] = Door(re.compile(pattern, re.ASCII), answers, octets_max)


class Doors:
    """The open doors of one process."""

    def __init__(self) -> None:
        self._crowds: dict[str, Crowd] = {}

    def at(self, scope: Any) -> tuple[Crowd, Mapping[str, str]] | None:
        """The door that a request stands at, and the named parts of its path; None for a page's request."""
        path = scope.path
        prefix = path[: path.find("/", 1) + 1]
        door = _doors.get(prefix)
        if door is None or scope.method != "POST" or (found := door.pattern.fullmatch(path)) is None:
            return None
        crowd = self._crowds.get(prefix)
        if crowd is None:
            crowd = self._crowds[prefix] = Crowd(door)
        return crowd, found.groupdict()

    def close(self) -> None:
        for crowd in self._crowds.values():
            crowd.close()


class Crowd:
    """Who waits at one door."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="wasl-door")
        self._waiting: list[tuple[Knock, asyncio.Future[Reply]]] = []
        self._working: asyncio.Task[None] | None = None
        self._inside = 0  # requests, and the octets that they announced
        self._octets = 0

    async def answer(self, scope: Any, proto: Any, matched: Mapping[str, str]) -> None:
        request_id, began = str(uuid7()), time.perf_counter()
        status, content = await self._reply(scope, proto, matched)
        extra = [("x-request-id", request_id), *([("connection", "close")] if status in (408, 413) else [])]
        proto.response_bytes(status, [*JSON, *extra, *([("retry-after", "30")] if status == 503 else [])], content)
        milliseconds = round((time.perf_counter() - began) * 1000, 1)
        log.info("request", request=request_id, method="POST", path=scope.path, status=status, ms=milliseconds)

    async def _reply(self, scope: Any, proto: Any, matched: Mapping[str, str]) -> Reply:
        headers = list(scope.headers.items())
        try:
            length = announced(headers)
        except Unwanted as unwanted:
            return unwanted.status, REFUSED
        if length > self._door.octets_max:
            return 413, REFUSED
        if self._inside >= WAITING_MAX or self._octets + length > OCTETS_MAX:
            return 503, b'{"error": "busy"}'
        self._inside += 1
        self._octets += length
        try:
            async with asyncio.timeout(BODY_SECONDS_MAX):
                body = (await received(proto, length)).getvalue() if length else b""
            return await self._together(Knock(matched, joined(headers), body))
        except Unwanted as unwanted:
            return unwanted.status, REFUSED
        except TimeoutError:
            return 408, REFUSED
        finally:
            self._inside -= 1
            self._octets -= length

    async def _together(self, knock: Knock) -> Reply:
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[Reply] = loop.create_future()
        self._waiting.append((knock, reply))
        if self._working is None:
            self._working = loop.create_task(self._work())
        return await reply

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                try:
                    replies = await loop.run_in_executor(self._thread, self._door.answers, [knock for knock, _reply in group])
                except Exception:  # noqa: BLE001 - `answers` has logged it; nobody is left without an answer
                    replies = [(500, b'{"error": "fault"}')] * len(group)
                for (_knock, waits), reply in zip(group, replies, strict=True):
                    if not waits.done():
                        waits.set_result(reply)
        finally:
            self._working = None

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def joined(headers: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Headers as WSGI gives them: one value for each name, doubled ones joined by a comma, none whose name could pass for another's."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        if "_" not in key:
            found[key] = f"{found[key]},{value}" if key in found else value
    return CaseInsensitiveMapping(found)
