"""The stand-ins' small web side on the standard library: routes, languages, templates, and a strict content policy."""

from __future__ import annotations

import json
import mimetypes
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

BODY_BYTES_MAX = 1_000_000
LANGUAGES = ("ar", "en")
FONTS = {"400": "IBMPlexSansArabic-Regular.ttf", "600": "IBMPlexSansArabic-SemiBold.ttf"}
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

TEMPLATES = Environment(
    loader=PackageLoader("wasl.standins", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    lang: str
    matched: dict[str, str] = field(default_factory=dict)
    raw_query: str = ""

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass
class Response:
    body: bytes | str = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    abort: bool = False
    delay: float = 0.0  # seconds until it is sent; only the loop knows how to wait

    @classmethod
    def json(cls, value: Any, status: int = 200) -> Response:
        return cls(json.dumps(value, ensure_ascii=False), status, "application/json")

    @classmethod
    def see(cls, location: str) -> Response:
        return cls(b"", 303, headers={"Location": location})


def page(name: str, request: Request, **values: Any) -> Response:
    """A template with `t(arabic, english)` and the page's direction bound to the reader's language."""
    arabic = request.lang == "ar"

    def t(ar: str, en: str) -> str:
        return ar if arabic else en

    other = "en" if arabic else "ar"
    return Response(
        TEMPLATES.get_template(name).render(
            t=t, lang=request.lang, dir="rtl" if arabic else "ltr", other=other, path=request.path, query=request.query, **values
        )
    )


Route = Callable[[Request], Response]


class Site:
    """Routes as (method, pattern): patterns are regular expressions over the whole path with named groups."""

    def __init__(self, default_lang: str = "ar") -> None:
        self.routes: list[tuple[str, re.Pattern[str], Route]] = []
        self.plain: dict[tuple[str, str], Route] = {}
        self.default_lang = default_lang
        self.add("GET", r"/static/style\.css", lambda r: Response(_resource("style.css"), type="text/css"))
        self.add("GET", r"/static/font-(?P<weight>400|600)\.ttf", _font)

    def add(self, method: str, pattern: str, route: Route) -> None:
        if re.escape(pattern).replace(r"\-", "-") == pattern:
            self.plain[method, pattern] = route
        self.routes.append((method, re.compile(pattern), route))

    def answer(self, request: Request) -> Response:
        request.lang = request.lang or self.default_lang
        plain = self.plain.get((request.method, request.path))
        if plain is not None:
            return plain(request)
        methods = set()
        for method, pattern, route in self.routes:
            match = pattern.fullmatch(request.path)
            if match is None:
                continue
            methods.add(method)
            if method == request.method:
                request.matched = match.groupdict()
                return route(request)
        return Response.json({"error": "method_not_allowed" if methods else "not_found"}, 405 if methods else 404)


def _resource(name: str) -> bytes:
    return (files("wasl.standins") / "templates" / name).read_bytes()


def _font(request: Request) -> Response:
    data = (files("fontpkg_ibm_plex_sans_arabic") / "files" / FONTS[request.matched["weight"]]).read_bytes()
    return Response(data, type="font/ttf", headers={"Cache-Control": "max-age=86400"})


def headers_of(request: Request | None, response: Response) -> dict[str, str]:
    """The headers of an answer: a strict content policy, no sniffing, no referrer, and the language that was chosen."""
    headers = {
        "Content-Type": response.type,
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    if request and request.query.get("lang") in LANGUAGES:
        headers["Set-Cookie"] = f"lang={request.query['lang']}; Path=/; SameSite=Lax"
    return headers | response.headers


class _Handler(BaseHTTPRequestHandler):
    site: Site
    server_version = "wasl-standin"
    sys_version = ""
    timeout = 30

    def _request(self) -> Request | None:
        try:
            length = int(self.headers.get("Content-Length", "0"))
        except ValueError:
            return None
        if not 0 <= length <= BODY_BYTES_MAX or "Transfer-Encoding" in self.headers:
            return None
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        cookie = SimpleCookie(self.headers.get("Cookie", ""))
        lang = query.get("lang") or (cookie["lang"].value if "lang" in cookie else self.site.default_lang)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, parts.path, query, headers, self.rfile.read(length), lang if lang in ("ar", "en") else "ar")

    def _serve(self) -> None:
        request = self._request()
        response = self.site.answer(request) if request else Response.json({"error": "bad_request"}, 400)
        if response.abort:
            self.close_connection = True
            self.connection.close()
            return
        body = response.body.encode() if isinstance(response.body, str) else response.body
        self.send_response(response.status)
        for name, value in headers_of(request, response).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: addresses and links are nobody's business in a log."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours."""


def serve(site: Site, host: str, port: int) -> ThreadingHTTPServer:
    """Listens in a thread of its own and returns the server; `server_address` has the port that was taken."""
    handler = type("Handler", (_Handler,), {"site": site})
    server = _Server((host, port), handler)
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    return server


def content_type(name: str) -> str:
    """A type that a browser saves instead of showing, except for PDF."""
    guessed = mimetypes.guess_type(name)[0]
    return guessed if guessed == "application/pdf" else "application/octet-stream"
