"""One connection to PostgreSQL that LISTENs, and everybody in this process who wants to hear: single-threaded, in one event loop.

Each process hears every notice in the order of their commits, so a notice has one id in all of them and a reader may come
back to another process. The newest notices are kept for some minutes; whoever was away longer, or while we were cut off from
the database, hears `missed` and asks its own page anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import orjson
import psycopg

from wasl.app.live.tell import CHANNEL
from wasl.app.logs import log

KEPT_MAX = 20_000  # notices, some 5 MB
KEPT_SECONDS = 300.0
WAITING_MAX = 64  # notices that wait for one reader; more, and it is too slow to be worth keeping
READERS_MAX = 5_000  # in one process
TOPIC_READERS_MAX = 500  # of one topic: a link that was posted somewhere must not fill the house
CLOCK_SECONDS = 2.0  # how far the clocks of two machines may be apart
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
# a database that vanished is noticed
KEEPALIVES: dict[str, Any] = {"keepalives": 1, "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3}

Connect = Callable[[], Coroutine[Any, Any, psycopg.AsyncConnection[Any]]]


@dataclass(frozen=True, slots=True)
class Note:
    """One notice as a reader gets it."""

    id: str
    heard: float  # seconds since 1970, at COMMIT: what the page of a reader made later knows already
    topic: str
    kind: str
    data: dict[str, Any]

    @property
    def frame(self) -> bytes:
        body = orjson.dumps({"kind": self.kind, "topic": self.topic, "data": self.data})
        return b"id: %s\nevent: note\ndata: %s\n\n" % (self.id.encode(), body)


MISSED = b"event: missed\ndata: {}\n\n"


@dataclass(eq=False, slots=True)
class Reader:
    """One open page. `frames` wait to be sent; once `is_slow`, it is let go and comes back by itself."""

    topics: tuple[str, ...]
    frames: list[bytes] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    is_slow: bool = False

    def give(self, frame: bytes) -> None:
        if len(self.frames) >= WAITING_MAX:
            self.is_slow = True
        else:
            self.frames.append(frame)
        self.wake.set()

    def take(self) -> bytes:
        """Everything that waits, as one piece."""
        self.wake.clear()
        waiting, self.frames = self.frames, []
        return b"".join(waiting)


class Full(Exception):
    """No room for another reader here just now."""


class Hub:
    """Who listens to what, and the notices of the last minutes."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._readers: defaultdict[str, set[Reader]] = defaultdict(set)
        self._kept: OrderedDict[str, Note] = OrderedDict()
        self._heard_since = float("inf")  # from when on we have heard everything
        self._speaking: psycopg.AsyncConnection[Any] | None = None
        self._speaking_lock = asyncio.Lock()
        self.count = 0
        self.is_listening = False

    # -- readers -------------------------------------------------------------------------------------------------------

    def join(self, topics: tuple[str, ...], *, since: float, last_id: str = "") -> Reader:
        """A new reader, with what it has missed since `last_id`, or since its page was made. Raises Full."""
        if self.count >= READERS_MAX or any(len(self._readers.get(topic, ())) >= TOPIC_READERS_MAX for topic in topics):
            raise Full
        reader = Reader(topics)
        for frame in self._missed_by(topics, since, last_id):
            reader.give(frame)
        for topic in topics:
            self._readers[topic].add(reader)
        self.count += 1
        return reader

    def leave(self, reader: Reader) -> None:
        self.count -= 1
        for topic in reader.topics:
            self._readers[topic].discard(reader)
            if not self._readers[topic]:
                del self._readers[topic]

    def _missed_by(self, topics: tuple[str, ...], since: float, last_id: str) -> list[bytes]:
        self._forget()
        if last_id and last_id in self._kept:
            known = list(self._kept.values())
            later = known[next(place for place, note in enumerate(known) if note.id == last_id) + 1 :]
        elif last_id or since - CLOCK_SECONDS < self._heard_since:
            return [MISSED]
        else:
            later = [note for note in self._kept.values() if note.heard >= since - CLOCK_SECONDS]
        frames = [note.frame for note in later if note.topic in topics]
        return frames if len(frames) <= WAITING_MAX // 2 else [MISSED]

    def _forget(self) -> None:
        oldest = time.time() - KEPT_SECONDS
        while self._kept and (len(self._kept) > KEPT_MAX or next(iter(self._kept.values())).heard < oldest):
            _id, note = self._kept.popitem(last=False)
            self._heard_since = max(self._heard_since, note.heard)

    # -- notices -------------------------------------------------------------------------------------------------------

    def hear(self, payload: str) -> None:
        """One notice of the database; what is no notice of ours is passed over."""
        try:
            raw = orjson.loads(payload)
            note = Note(raw["i"], time.time(), raw["t"], raw["k"], raw["d"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            log.warning("live.unreadable", octets=len(payload))
            return
        self._kept[note.id] = note
        if len(self._kept) > KEPT_MAX:
            self._forget()
        frame = note.frame
        for reader in self._readers.get(note.topic, ()):
            reader.give(frame)

    async def listen(self) -> None:
        """For ever: hear what is told; where the database goes away, come back to it and tell everybody to ask anew."""
        tries = 0
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._restart()
                    tries = 0
                    async for notice in connection.notifies():
                        self.hear(notice.payload)
            except (psycopg.Error, OSError) as error:
                log.warning("live.cut_off", fault=type(error).__name__)
            self.is_listening = False
            await asyncio.sleep(RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)])
            tries += 1

    def _restart(self) -> None:
        was_cut_off = self._heard_since != float("inf")
        self._kept.clear()
        self._heard_since = time.time()
        self.is_listening = True
        for reader in {each for readers in self._readers.values() for each in readers} if was_cut_off else ():
            reader.give(MISSED)

    async def say(self, payload: str) -> None:
        """A notice that belongs to no transaction (somebody is typing). Lost where the database is away: it would be stale."""
        async with self._speaking_lock:
            try:
                if self._speaking is None or self._speaking.closed:
                    self._speaking = await self._connect()
                await self._speaking.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            except (psycopg.Error, OSError):
                if self._speaking is not None:
                    with contextlib.suppress(psycopg.Error):
                        await self._speaking.close()
                self._speaking = None


async def connect(url: str) -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(url, autocommit=True, application_name="wasl live", connect_timeout=5, **KEEPALIVES)
