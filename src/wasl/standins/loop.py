"""The stand-ins' fast web side: HTTP/1.1 on one asyncio loop (h11 reads and writes the wire), the routes of `web.Site` behind it.

A route is a plain function that must not block; who has to wait says so in its response (`delay`).
"""

from __future__ import annotations

import asyncio
import sys
import traceback
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlsplit

import h11

from wasl.standins.web import BODY_BYTES_MAX, LANGUAGES, Request, Response, Site, headers_of

IDLE_SECONDS_MAX = 30


class Connection(asyncio.Protocol):
    """One client: its requests one after another, kept alive."""

    def __init__(self, site: Site) -> None:
        self.site, self.wire, self.body = site, h11.Connection(h11.SERVER, max_incomplete_event_size=65536), bytearray()
        self.head: h11.Request | None = None
        self.too_big = False
        self.waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._rest()

    def connection_lost(self, error: Exception | None) -> None:
        if self.waiting:
            self.waiting.cancel()

    def _rest(self) -> None:
        if self.waiting:
            self.waiting.cancel()
        self.waiting = asyncio.get_running_loop().call_later(IDLE_SECONDS_MAX, self.transport.close)

    def data_received(self, data: bytes) -> None:
        self._rest()
        try:
            self.wire.receive_data(data)
            self._read()
        except h11.RemoteProtocolError:
            self.transport.close()

    def _read(self) -> None:
        while True:
            event = self.wire.next_event()
            if isinstance(event, h11.Request):
                self.head, self.body, self.too_big = event, bytearray(), False
                if any(name == b"expect" for name, _ in event.headers):
                    self.transport.write(self.wire.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            elif isinstance(event, h11.Data):
                self.too_big = self.too_big or len(self.body) + len(event.data) > BODY_BYTES_MAX
                if not self.too_big:
                    self.body += event.data
            elif isinstance(event, h11.EndOfMessage):
                self._answer()
                return
            else:
                if isinstance(event, h11.ConnectionClosed):
                    self.transport.close()
                return

    def _request(self) -> Request | None:
        assert self.head is not None
        parts = urlsplit(self.head.target.decode("ascii", "replace"))
        headers: dict[str, str] = {}
        for name, value in self.head.headers:
            if headers.setdefault(name.decode("ascii"), value.decode("latin-1")) != value.decode("latin-1"):
                return None
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        lang = query.get("lang", "")
        if lang not in LANGUAGES and "cookie" in headers:
            try:
                cookie = SimpleCookie(headers["cookie"])
                lang = cookie["lang"].value if "lang" in cookie else ""
            except CookieError:
                lang = ""
        return Request(
            self.head.method.decode("ascii"), parts.path, query, headers, bytes(self.body), lang if lang in LANGUAGES else "", raw_query=parts.query
        )

    def _answer(self) -> None:
        request = None
        try:
            request = None if self.too_big else self._request()
            response = self.site.answer(request) if request else Response.json({"error": "bad_request"}, 400)
        except ValueError:
            response = Response.json({"error": "bad_request"}, 400)
        except (
            LookupError,
            TypeError,
            AttributeError,
            AssertionError,
            ArithmeticError,
        ):  # a fault of ours: seen by who runs it, and an answer all the same
            sys.stderr.write(traceback.format_exc())
            response = Response.json({"error": "internal"}, 500)
        if response.delay > 0:
            asyncio.get_running_loop().call_later(response.delay, self._write, request, response)
        else:
            self._write(request, response)

    def _write(self, request: Request | None, response: Response) -> None:
        if self.transport.is_closing():
            return
        if response.abort:
            self.transport.abort()
            return
        body = response.body.encode() if isinstance(response.body, str) else response.body
        headers = [*headers_of(request, response).items(), ("Content-Length", str(len(body)))]
        head = h11.Response(
            status_code=response.status, headers=[(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in headers]
        )
        out = self.wire.send(head) or b""
        if request is None or request.method != "HEAD":
            out += self.wire.send(h11.Data(data=body)) or b""
        self.transport.write(out + (self.wire.send(h11.EndOfMessage()) or b""))
        if self.wire.our_state is h11.MUST_CLOSE:
            self.transport.close()
            return
        self.wire.start_next_cycle()
        self._read()


async def listen(site: Site, host: str, port: int) -> asyncio.Server:
    """Listens; `server.sockets[0].getsockname()[1]` is the port that was taken."""
    return await asyncio.get_running_loop().create_server(lambda: Connection(site), host, port, backlog=1024)
