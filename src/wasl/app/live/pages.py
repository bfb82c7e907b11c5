"""Pages behind the stream's front: each request as WSGI (PEP 3333), in a few threads that keep their database connections.

What comes in is read by the event loop, not by those threads: somebody who uploads by a slow network holds none of them up.
A body beyond the largest form we take is refused by its announced length, before a byte of it is read; a few forms may bring
more, through a file (large.py).
"""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import sys
import termios
import time
from array import array
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from wasl.app.live import large
from wasl.app.ui.uploads import FORM_OCTETS_MAX

THREADS = 4  # a process; more only wait for each other
WAITING_MAX = 400  # requests; at 10 ms each the last one waits a second, more is better refused at once
BODY_OCTETS_MAX = FORM_OCTETS_MAX + 8 * 1024 * 1024  # a form whose files are too large comes back with its text, up to here
BODIES_OCTETS_MAX = 192 * 1024 * 1024  # of all requests in one process together
BODY_SECONDS_MAX = 120.0
PIPE_OCTETS = 16_384
OPEN_SECONDS_MAX = 10.0
_TOO_LARGE = (
    "<!doctype html><html lang='ar' dir='rtl'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    "<title>413</title><p>الملف أكبر مما نستقبل هنا، والحد {limit} ميغابايت. ارجع وأرسل ملفًا أصغر.</p>"
    "<p lang='en' dir='ltr'>That file is larger than the {limit} MB that we take here. Go back and send a smaller one.</p>"
)
_HTML = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), ("referrer-policy", "no-referrer"), ("connection", "close")]

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Unwanted(Exception):
    """A body that is not read (to its end); `status` says why, `limit` how many octets would have been taken."""

    def __init__(self, status: int, limit: int = BODY_OCTETS_MAX) -> None:
        super().__init__(status)
        self.status, self.limit = status, limit

    @property
    def body(self) -> bytes:
        if self.status != 413:
            return b"%d\n" % self.status
        return _TOO_LARGE.format(limit=self.limit // 1_000_000).encode()


class Pages:
    """The WSGI application and its threads."""

    def __init__(self, application: Application, *, threads: int = THREADS, admit: large.Admit = large.nobody) -> None:
        self.application, self._admit = application, admit
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="wasl-page")
        self._waiting = 0
        self._held = 0  # octets of bodies in memory
        self._large = 0  # bodies that come through a file
        self._common = os.environ | {
            "SCRIPT_NAME": "", "SERVER_SOFTWARE": "wasl", "wsgi.errors": sys.stderr, "wsgi.multiprocess": True, "wsgi.multithread": True,
            "wsgi.run_once": False, "wsgi.version": (1, 0), "wsgi.input_terminated": True,
        }  # fmt: skip

    async def answer(self, scope: Any, proto: Any) -> None:
        if self._waiting >= WAITING_MAX:
            return proto.response_bytes(503, [*_HTML, ("retry-after", "5")], b"503\n")
        headers = list(scope.headers.items())
        self._waiting += 1
        try:
            length = announced(headers)
            if length > BODY_OCTETS_MAX:
                return await self._answer_large(scope, proto, headers, length)
            if self._held + length > BODIES_OCTETS_MAX:
                raise Unwanted(503)
            self._held += length
            try:
                body = await received(proto, length) if length else io.BytesIO()
                await self._in_thread(self._run, self._environ(scope, headers, length, body), proto)
            finally:
                self._held -= length
        except Unwanted as unwanted:
            proto.response_bytes(unwanted.status, _HTML, unwanted.body)
        finally:
            self._waiting -= 1
        return None

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    async def _answer_large(self, scope: Any, proto: Any, headers: list[tuple[str, str]], length: int) -> None:
        """Through a file, where the form and its sender are ones that may. Raises Unwanted."""
        cookies = "; ".join(value for name, value in headers if name == "cookie")
        allowed = await self._in_thread(self._admit, scope.path, cookies) if scope.method == "POST" else 0
        if not allowed or length > large.DRAINED * (allowed + large.MARGIN_OCTETS):
            raise Unwanted(413, allowed or BODY_OCTETS_MAX)
        if self._large >= large.AT_ONCE:
            raise Unwanted(503)
        self._large += 1
        try:
            if length > allowed + large.MARGIN_OCTETS:
                await large.poured(proto, length, None, seconds=BODY_SECONDS_MAX)
                raise Unwanted(413, allowed)
            with large.opened() as body:
                await large.poured(proto, length, body, seconds=BODY_SECONDS_MAX)
                await self._in_thread(self._run, self._environ(scope, headers, length, body), proto)
        except large.TooSlow:
            raise Unwanted(408) from None
        except large.NotAsSaid:
            raise Unwanted(400) from None
        finally:
            self._large -= 1

    def _environ(self, scope: Any, headers: list[tuple[str, str]], length: int, body: IO[bytes]) -> dict[str, Any]:
        host, _, port = scope.server.rpartition(":")
        environ = self._common | {
            "REQUEST_METHOD": scope.method,
            "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
            "QUERY_STRING": scope.query_string,
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "SERVER_NAME": host,
            "SERVER_PORT": port,
            "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
            "wsgi.url_scheme": scope.scheme,
            "wsgi.input": body,
        }
        for name, value in headers:
            key = name.upper().replace("-", "_")
            if "_" in name:
                continue  # X_Forwarded_Proto must not pass for X-Forwarded-Proto
            if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
                key = f"HTTP_{key}"
                if key in environ:
                    value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
            environ[key] = value
        if scope.authority and "HTTP_HOST" not in environ:
            environ["HTTP_HOST"] = scope.authority
        if "CONTENT_LENGTH" in environ:
            environ["CONTENT_LENGTH"] = str(length)
        return environ

    def _run(self, environ: dict[str, Any], proto: Any) -> None:
        """In one of the threads: the whole request, so that its database connection begins and ends with it."""
        started: list[Any] = [500, []]

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
            started[0], started[1] = int(status[:3]), [(name.lower(), value) for name, value in headers]

        body = self.application(environ, start_response)
        try:
            if getattr(body, "streaming", False):
                streamed(proto, started, body)
            else:
                proto.response_bytes(*started, b"".join(body))
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def streamed(proto: Any, started: list[Any], pieces: Iterable[bytes]) -> None:
    """An answer made piece by piece, no faster than its reader takes it; a reader that goes away ends the making.

    granian's own response_stream takes everything at once into memory, however slowly it is read (1.3 GB tried), so the
    pieces go through a pipe that it reads like a file: the system holds 64 KB and lets us wait.
    """
    reading, writing = os.pipe()
    try:
        proto.response_file(*started, f"/dev/fd/{reading}")
        is_open = False
        for piece in pieces:
            with memoryview(piece) as left:
                done = 0
                while done < len(left):
                    done += os.write(writing, left[done : done + PIPE_OCTETS])
            if piece and not is_open:
                is_open = True
                _await_reader(reading)
                os.close(reading)  # from now on granian's is the only one: when it closes, writing ends
                reading = -1
    except BrokenPipeError:
        return
    finally:
        os.close(writing)
        if reading >= 0:
            _await_reader(reading)
            os.close(reading)


def _await_reader(reading: int) -> None:
    """Until granian has opened the pipe, seen by its being empty, or has not within some seconds."""
    unread = array("i", [1])
    end = time.monotonic() + OPEN_SECONDS_MAX
    while unread[0] and time.monotonic() < end:
        fcntl.ioctl(reading, termios.FIONREAD, unread)
        if unread[0]:
            time.sleep(0.001)


def announced(headers: list[tuple[str, str]]) -> int:
    """The length of the body as its sender says it; 0 without one. Raises Unwanted where it is no number, or beyond all bounds."""
    told = [value for name, value in headers if name == "content-length"]
    if not told:
        return 0
    if len(set(told)) > 1 or not (told[0].isascii() and told[0].isdigit()):
        raise Unwanted(400)
    if len(told[0]) > 18:
        raise Unwanted(413)
    return int(told[0])


async def received(proto: Any, length: int) -> io.BytesIO:
    """The body, read to its end within BODY_SECONDS_MAX. Raises Unwanted where it does not come."""
    body = io.BytesIO()
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            async for piece in proto:
                if body.tell() + len(piece) > length:
                    raise Unwanted(400)
                body.write(piece)
    except (TimeoutError, RuntimeError):
        raise Unwanted(408) from None
    body.seek(0)
    return body
