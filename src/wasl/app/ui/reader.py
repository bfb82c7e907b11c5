"""How this reader wants values shown: digits, Hijri, theme, time zone. Kept in one cookie, held in a context variable.

Formats and macros ask `current()`, so pages, mails and tests obey alike: `with use(Reader(digits="arab")): ...`. The
language is not here but in `language`. The cookie holds these four choices and nothing about the person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from wasl.app.ui import i18n

COOKIE = "wasl_view"
COOKIE_SECONDS = 365 * 24 * 3600
COOKIE_CHARS_MAX = 120  # four short choices; anything longer was not written by us
DIGITS = ("latn", "arab")
THEMES = ("auto", "light", "dark")
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}\Z")  # IANA names; a path with dots is none


@dataclass(frozen=True)
class Reader:
    """`digits`: "latn" or "arab" (٣٫٥, on Arabic pages only: English has no other digits). `hijri`: the Hijri date beside
    each Gregorian one. `theme`: "auto" follows the device. `time_zone`: an IANA name for moments, "" for the seller's."""

    digits: Literal["latn", "arab"] = "latn"
    hijri: bool = False
    theme: Literal["auto", "light", "dark"] = "auto"
    time_zone: str = ""


_reader: ContextVar[Reader] = ContextVar("wasl_reader", default=Reader())  # noqa: B039  frozen


def current() -> Reader:
    """The reader of this request, mail or job; everybody's defaults where nobody said anything."""
    return _reader.get()


@contextmanager
def use(reader: Reader) -> Iterator[Reader]:
    """Show values as `reader` wants them inside the block."""
    token = _reader.set(reader)
    try:
        yield reader
    finally:
        _reader.reset(token)


def digits() -> str:
    """"latn" or "arab": the digits of figures on this page. Arabic-Indic ones are for Arabic: English has no other digits."""
    return current().digits if i18n.current() == "ar" else "latn"


def is_zone(name: str) -> bool:
    """An IANA time zone that this machine knows."""
    if not _ZONE.match(name):
        return False
    try:
        ZoneInfo(name)
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError on no data at all
        return False
    except KeyError:
        return False
    return True


def packed(reader: Reader) -> str:
    """The cookie's text: only what differs from the defaults, so that "" is everybody's default."""
    fields = {"d": reader.digits, "h": "1" if reader.hijri else "", "t": reader.theme, "z": reader.time_zone}
    return urlencode({key: value for key, value in fields.items() if value not in ("", "latn", "auto")}, safe="/")


def unpacked(text: str) -> Reader:
    """The reader that a cookie names; what cannot be read is a default. Never raises."""
    if len(text) > COOKIE_CHARS_MAX:
        return Reader()
    found = dict(parse_qsl(text))
    return made(digits=found.get("d", ""), hijri=found.get("h") == "1", theme=found.get("t", ""), time_zone=found.get("z", ""))


def made(*, digits: str = "", hijri: bool = False, theme: str = "", time_zone: str = "") -> Reader:
    """A reader from typed or stored text; each value that is none of ours becomes its default."""
    return Reader(
        digits="arab" if digits == "arab" else "latn",
        hijri=hijri,
        theme="light" if theme == "light" else "dark" if theme == "dark" else "auto",
        time_zone=time_zone if is_zone(time_zone) else "",
    )


def remember(response: HttpResponse, reader: Reader) -> None:
    """Write the reader's choices into the cookie of this browser, for a year."""
    from django.conf import settings

    response.set_cookie(
        COOKIE, packed(reader), max_age=COOKIE_SECONDS, samesite="Lax", httponly=True, secure=getattr(settings, "SESSION_COOKIE_SECURE", False)
    )


class ReaderMiddleware:
    """The reader of the cookie, for the length of one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with use(unpacked(request.COOKIES.get(COOKIE, ""))):
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        return response
