"""The validator over HTTP, as an RSGI application (granian): a body is read without a thread, checked in one, and forgotten.

A slow or endless body costs memory within bounds and no thread (T102); two lengths are refused (T101); a bomb is unpacked only as
far as the limit (T96). No cookie, no session, no log of what was sent; every page forbids scripts.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

from wasl.errors import WaslError
from wasl.rules import profiles
from wasl.rules.report.shown import Both
from wasl.service import answer, home
from wasl.service.answer import HTML, JSON, Answer
from wasl.service.body import Upload, form, plain_name, unpacked
from wasl.service.limits import (
    AmbiguousLength,
    BodyTooLarge,
    BodyTooSlow,
    Busy,
    Fault,
    Limits,
    NoFile,
    NotThere,
    ServiceRefusal,
    UnknownChoice,
    WrongMethod,
)

AT_ONCE_BYTES = 64_000  # checked in about 2 ms: handing it to a thread would take longer than waiting for it
LANGUAGES = ("ar", "en", "both")
HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("content-security-policy", home.POLICY),
)
KEPT = ("cache-control", "public, max-age=86400")
NOT_KEPT = ("cache-control", "no-store")
RETRY = (("retry-after", "2"),)


class App:
    """One worker's application. `check` may be replaced by a bench that measures a peer under the same roof."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.threads = ThreadPoolExecutor(limits.at_once, thread_name_prefix="check")
        self.waiting = 0
        self.held = 0
        self.gets = {
            "/": self._home, "/health": self._health, "/openapi.json": self._openapi, "/mark.svg": self._mark,
            "/font-400.ttf": self._font, "/font-600.ttf": self._font,
        }  # fmt: skip
        self.check = answer.check
        self.profiles = profiles.names()  # once: it searches the installed packages, and nothing else may be named by a caller

    async def __call__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            return
        try:
            found = await self._answer(scope, protocol)
        except WaslError as error:
            found = self._refused(error, scope)
        except Exception:  # noqa: BLE001  the last fence: no traceback and nothing of the document leaves
            found = self._refused(Fault(), scope)
        cache = () if any(name == "cache-control" for name, _ in found.headers) else (NOT_KEPT,)
        headers = [("content-type", found.kind), *HEADERS, *cache, *found.headers]
        if scope.method == "HEAD":
            protocol.response_empty(found.status, [*headers, ("content-length", str(len(found.body)))])
        else:
            protocol.response_bytes(found.status, headers, found.body)

    async def _answer(self, scope: Any, protocol: Any) -> Answer:
        if scope.headers.get("transfer-encoding") is not None and scope.headers.get("content-length") is not None:
            raise AmbiguousLength
        if scope.method == "POST" and scope.path == "/":
            return await self._post(scope, protocol)
        get = self.gets.get(scope.path)
        if get is None:
            raise NotThere
        if scope.method not in ("GET", "HEAD"):
            raise WrongMethod(allowed="GET, HEAD, POST" if scope.path == "/" else "GET, HEAD")
        return get(scope)

    # -- POST / ------------------------------------------------------------------------------------------------------------------------

    async def _post(self, scope: Any, protocol: Any) -> Answer:
        query = _query(scope)
        kind, lang = self._shape(scope, query)
        if self.waiting >= self.limits.waiting_max:
            raise Busy
        self.waiting += 1
        held = 0
        try:
            body, held = await self._body(scope, protocol)
            uploads, fields = self._uploads(scope, body, query)
            profile = self._profile(query.get("profile") or fields.get("profile") or "auto")
            if sum(len(each.data) for each in uploads) <= AT_ONCE_BYTES and not any(each.data.startswith(b"PK") for each in uploads):
                return self._work(uploads, profile, kind, lang)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.threads, self._work, uploads, profile, kind, lang)
        finally:
            self.waiting -= 1
            self.held -= held

    def _work(self, uploads: list[Upload], profile: str, kind: str, lang: str) -> Answer:
        return answer.report(self.check(uploads, profile, self.limits), kind, lang)

    async def _body(self, scope: Any, protocol: Any) -> tuple[bytes, int]:
        """(the body, bytes that it holds of the common budget). Raises BodyTooLarge, BodyTooSlow, Busy."""
        limit = self.limits.bytes_max
        stated = scope.headers.get("content-length") or ""
        if stated.isascii() and stated.isdigit() and int(stated[:20]) > limit:
            raise BodyTooLarge(limit=limit // 1_000_000)
        pieces = bytearray()
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                async for piece in protocol:
                    pieces += piece
                    self.held += len(piece)
                    if len(pieces) > limit:
                        raise BodyTooLarge(limit=limit // 1_000_000)
                    if self.held > self.limits.held_bytes_max:
                        raise Busy
        except TimeoutError:
            self.held -= len(pieces)
            raise BodyTooSlow(seconds=self.limits.body_seconds) from None
        except BaseException:
            self.held -= len(pieces)
            raise
        return bytes(pieces), len(pieces)

    def _uploads(self, scope: Any, body: bytes, query: dict[str, str]) -> tuple[list[Upload], dict[str, str]]:
        body = unpacked(body, scope.headers.get("content-encoding") or "", self.limits.bytes_max)
        content_type = scope.headers.get("content-type") or ""
        if content_type.lower().startswith("multipart/form-data"):
            files, fields = form(body, content_type)
        else:
            files, fields = [Upload(plain_name(query.get("file", "document")), body)] if body else [], {}
        if not files:
            raise NoFile
        return files, fields

    def _shape(self, scope: Any, query: dict[str, str]) -> tuple[str, str]:
        """(media type, language) of the answer, from the query, else from the headers."""
        wanted = query.get("format")
        if wanted is not None and wanted not in answer.FORMATS:
            raise UnknownChoice(name="format", value=wanted[:40], known=", ".join(answer.FORMATS))
        kind = answer.FORMATS[wanted] if wanted else answer.wanted(scope.headers.get("accept") or "")
        lang = query.get("lang")
        if lang is not None and lang not in LANGUAGES:
            raise UnknownChoice(name="lang", value=lang[:40], known=", ".join(LANGUAGES))
        if lang is None:
            lang = answer.preferred_language(scope.headers.get("accept-language") or "") if kind == HTML else "en"
        return kind, lang

    def _profile(self, name: str) -> str:
        if name not in self.profiles:
            raise UnknownChoice(name="profile", value=name[:40], known=", ".join(self.profiles))
        return name

    # -- the rest ----------------------------------------------------------------------------------------------------------------------

    def _home(self, scope: Any) -> Answer:
        query = _query(scope)
        lang = query.get("lang", "")
        if lang not in ("ar", "en"):
            lang = answer.preferred_language(scope.headers.get("accept-language") or "")
        origin = f"http://{plain_name(scope.authority or scope.headers.get('host') or 'localhost')}"
        return Answer(200, "text/html; charset=utf-8", home.home(lang, _named(self.profiles), self.limits.bytes_max, origin))

    def _health(self, _scope: Any) -> Answer:
        return Answer(200, JSON, b'{"status":"ready"}')

    def _openapi(self, _scope: Any) -> Answer:
        from importlib.metadata import version

        import orjson

        from wasl.service.openapi import description

        return Answer(200, JSON, orjson.dumps(description(self.limits, self.profiles, version("wasl"))), (KEPT,))

    def _mark(self, _scope: Any) -> Answer:
        from wasl.rules.report.style import MARK

        return Answer(200, "image/svg+xml", MARK.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').encode(), (KEPT,))

    def _font(self, scope: Any) -> Answer:
        from fontpkg_ibm_plex_sans_arabic import ROOT

        weight = "Regular" if "400" in scope.path else "SemiBold"
        return Answer(200, "font/ttf", (ROOT / "files" / f"IBMPlexSansArabic-{weight}.ttf").read_bytes(), (KEPT,))

    def _refused(self, error: WaslError, scope: Any) -> Answer:
        status = error.status if isinstance(error, ServiceRefusal) else 503 if error.exit_code == 5 else 422
        headers = RETRY if status == 503 else (("allow", str(error.params["allowed"])),) if isinstance(error, WrongMethod) else ()
        try:
            kind, lang = self._shape(scope, _query(scope))
        except WaslError:
            kind, lang = JSON, "en"
        return answer.refusal(error, status, kind, lang, headers)


def _query(scope: Any) -> dict[str, str]:
    """The first value of each parameter."""
    try:
        found = parse_qs(scope.query_string[:2000], keep_blank_values=False, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def _named(ids: list[str]) -> list[tuple[str, Both]]:
    """`auto` first, then the others by their ids."""
    found: list[tuple[str, Both]] = []
    for name in sorted(ids, key=lambda each: (each != "auto", each)):
        profile = profiles.get(name)
        found.append((name, Both(profile.name_ar or name, profile.name_en or name)))
    return found


def application() -> App:
    """The factory that granian calls in each worker; the rules are loaded before the first request."""
    app = App(Limits.from_environment())
    warm()
    return app


def warm() -> None:
    """Load what the first document needs: the engine of the plain rules."""
    from wasl.errors import WaslError
    from wasl.rules import validate

    nothing = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    try:
        validate(nothing, profile="auto")
    except WaslError:
        return  # a missing set is said with the first document that needs it
