"""One open page: what it may hear is sent as it happens; a sign of life in between; whoever reads too slowly is let go.

    GET  /events/<ticket>          text/event-stream; `Last-Event-ID` goes on where the last one broke off
    POST /events/<ticket>/typing   "I am writing", for tickets with a speaker; kept nowhere

403 for what is no ticket of ours, 410 for one that is over, 429 and 503 with Retry-After where there is no room.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from functools import partial
from typing import Any

import orjson

from wasl.app.live.hub import Full, Hub, Reader
from wasl.app.live.tell import packed
from wasl.app.live.ticket import Ticket, TicketRefused, opened
from wasl.app.ui.limits import Limit

BEAT_SECONDS = 20.0  # proxies and phones' networks cut what is silent for a minute or two
# granian takes whatever it is given into memory, and nothing tells how much of it a reader has taken: so a stream ends after so
# much, and whoever is still there comes back within RETRY_MILLISECONDS and goes on
STREAM_OCTETS_MAX = 96 * 1024
TICKET_STREAMS_MAX = 6  # a browser opens one; a second device that shares the link's page has its own ticket
RETRY_MILLISECONDS = 2000

TYPING = Limit(count=1, seconds=2)  # a ticket: more often tells nobody more
TYPING_ALL = Limit(count=300, seconds=1)  # a process

HEADERS = [
    ("cache-control", "no-store"), ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff"),
    ("x-robots-tag", "noindex, nofollow, noarchive"),
]  # fmt: skip
STREAM = [("content-type", "text/event-stream; charset=utf-8"), ("x-accel-buffering", "no"), *HEADERS]
JSON = [("content-type", "application/json"), *HEADERS]
_ALIVE = b": \n\n"
_OVER = b"event: over\ndata: {}\n\n"


class Streams:
    """The streams of this process."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._by_ticket: Counter[str] = Counter()
        self._open: set[Reader] = set()
        self._is_closing = False

    async def answer(self, scope: Any, proto: Any, text: str) -> None:
        """`/events/<text>`: the stream itself, or why not."""
        ticket = _admitted(scope, proto, "GET", text)
        if ticket is None:
            return None
        if self._by_ticket[ticket.id] >= TICKET_STREAMS_MAX:
            return refuse(proto, 429, 30)
        try:
            reader = self.hub.join(ticket.topics, since=ticket.since, last_id=scope.headers.get("last-event-id") or "")
        except Full:
            return refuse(proto, 503, 30)
        self._by_ticket[ticket.id] += 1
        self._open.add(reader)
        try:
            await self._serve(proto, reader, ticket)
        finally:
            self._open.discard(reader)
            self.hub.leave(reader)
            self._by_ticket[ticket.id] -= 1
            if not self._by_ticket[ticket.id]:
                del self._by_ticket[ticket.id]
        return None

    async def _serve(self, proto: Any, reader: Reader, ticket: Ticket) -> None:
        transport = proto.response_stream(200, STREAM)
        gone = asyncio.ensure_future(proto.client_disconnect())
        gone.add_done_callback(partial(_wake, reader))
        try:
            hello = b"retry: %d\nevent: hello\ndata: %s\n\n" % (RETRY_MILLISECONDS, orjson.dumps({"you": ticket.id}))
            await transport.send_bytes(hello)
            sent = len(hello)
            while sent < STREAM_OCTETS_MAX and not (gone.done() or reader.is_slow or self._is_closing):
                left = ticket.until - time.time()
                if left <= 0:
                    await transport.send_bytes(_OVER)
                    return
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(BEAT_SECONDS, left)):
                        await reader.wake.wait()
                if not gone.done():
                    frames = reader.take() or _ALIVE
                    sent += len(frames)
                    await transport.send_bytes(frames)
        except RuntimeError:  # granian's word for a reader that has gone
            return
        finally:
            gone.cancel()

    def close(self) -> None:
        """Let everybody go: they come back to the process that follows."""
        self._is_closing = True
        for reader in self._open:
            reader.wake.set()

    async def typing(self, scope: Any, proto: Any, text: str) -> None:
        """Tell the thread that the holder of this ticket is writing."""
        ticket = _admitted(scope, proto, "POST", text)
        if ticket is None:
            return None
        speaker = ticket.speaker
        if speaker is None:
            return refuse(proto, 403)
        if not TYPING.spend(ticket.id) or not TYPING_ALL.spend(""):
            return refuse(proto, 429, 2)
        await self.hub.say(packed(speaker.topic, "typing", {"from": ticket.id, "side": speaker.side, "name": speaker.name}))
        return proto.response_empty(204, HEADERS)


def _admitted(scope: Any, proto: Any, method: str, text: str) -> Ticket | None:
    """The ticket; None where the request has been refused for its method or for what it brought."""
    if scope.method != method:
        return refuse(proto, 405)
    try:
        return opened(text)
    except TicketRefused as refused:
        return refuse(proto, 410 if refused.is_over else 403)


def _wake(reader: Reader, _gone: object) -> None:
    reader.wake.set()


def refuse(proto: Any, status: int, after: int = 0) -> None:
    proto.response_bytes(status, [*JSON, ("retry-after", str(after))] if after else JSON, b"{}\n")
