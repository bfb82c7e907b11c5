"""What granian serves (RSGI): `/events` here in the event loop, webhooks by the crowd, every page in a few threads. One origin.

docs/decisions/0036 has the figures. Each process has its own connection that LISTENs; more processes, more readers.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wasl.app.settings")

import asyncio
from functools import partial
from typing import Any, cast

from django.conf import settings

from wasl.app.live import large
from wasl.app.live.doors import Doors
from wasl.app.live.hub import Hub, connect
from wasl.app.live.pages import Application, Pages
from wasl.app.live.stream import JSON, Streams
from wasl.app.wsgi import application as wsgi

EVENTS, TYPING = "/events/", "/typing"


class Front:
    """The application object."""

    def __init__(self) -> None:
        self.pages = Pages(cast(Application, wsgi), admit=large.admitted)
        self.doors = Doors()
        self.hub: Hub | None = None
        self.streams: Streams | None = None
        self._listening: asyncio.Task[None] | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        async def begin() -> None:
            self.hub = Hub(partial(connect, settings.CONFIG.resolved_database_url()))
            self.streams = Streams(self.hub)
            self._listening = asyncio.create_task(self.hub.listen())

        loop.run_until_complete(begin())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._listening is not None:
            self._listening.cancel()
        if self.streams is not None:
            self.streams.close()
        self.doors.close()
        self.pages.close()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        path = scope.path
        if path.startswith(EVENTS) and self.streams is not None:
            text = path[len(EVENTS) :]
            if text.endswith(TYPING):
                return await self.streams.typing(scope, proto, text[: -len(TYPING)])
            return await self.streams.answer(scope, proto, text)
        if path == "/health/stream":
            return self.health(proto)
        if at_door := self.doors.at(scope):
            crowd, matched = at_door
            return await crowd.answer(scope, proto, matched)
        return await self.pages.answer(scope, proto)

    def health(self, proto: Any) -> None:
        """200 while the stream hears the database. Pages are served either way."""
        good = self.hub is not None and self.hub.is_listening
        body = b'{"status": "ok", "checks": {"stream": true}}' if good else b'{"status": "unready", "checks": {"stream": false}}'
        proto.response_bytes(200 if good else 503, JSON, body)


application = Front()
