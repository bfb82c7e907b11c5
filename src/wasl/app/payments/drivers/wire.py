"""The way out to a gateway: one request, read only so far and so long, no redirect followed, nothing kept between tenants (T49, T51).

The address comes from a driver's fixed list or from the operator's configuration, never from a tenant, a payer or an
answer. What comes back is read strictly: one JSON object, no name twice, no NaN, no float (a fraction is a Decimal).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, NoReturn

import httpx
import orjson

from wasl.app.payments.drivers.port import GatewayDown, GatewayRefused, KeyRefused
from wasl.errors import Words

ANSWER_SECONDS_MAX = 10.0  # for one read
WHOLE_SECONDS_MAX = 20.0  # for the whole answer, so that one that drips does not hold a worker
ANSWER_BYTES_MAX = 1_000_000
NUMBER_CHARS_MAX = 30
AGAIN = frozenset({408, 425, 429})  # nothing is wrong with the request: the same one succeeds later
_ID = re.compile(r"[A-Za-z0-9_\-]{1,100}\Z", re.ASCII)
NONSENSE = Words("an answer that makes no sense", "جوابها غير مفهوم")


@lru_cache(maxsize=1)
def client() -> httpx.Client:
    """One pool of connections for every account: no cookies, no proxy and no .netrc of the environment, no redirects."""
    none = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return httpx.Client(timeout=ANSWER_SECONDS_MAX, follow_redirects=False, trust_env=False, cookies=none)


class Answer(dict[str, Any]):
    """An answer's object; `status` is the HTTP status."""

    status: int = 200


def ask(
    http: httpx.Client, method: str, url: str, *, headers: Mapping[str, str], body: Any = None, form: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None, reads: frozenset[int] = frozenset(), again: frozenset[int] = AGAIN,
) -> Answer:  # fmt: skip
    """One request and its object; a list comes as {"rows": [...]}. `reads` are statuses from 400 whose object the driver reads itself,
    `again` those that say nothing against the request: later it succeeds.

    Raises GatewayDown where the outcome is unknown, KeyRefused for 401 and 403, GatewayRefused for every other clear no.
    """
    sent: dict[str, Any] = {"params": dict(query)} if query else {}
    if body is not None:
        sent["content"] = orjson.dumps(body)
        headers = {**headers, "Content-Type": "application/json"}
    elif form is not None:
        sent["data"] = dict(form)
    status, content = _exchange(http, method, url, {**headers, "Accept": "application/json", "Accept-Encoding": "identity"}, sent)
    if status >= 500 or 300 <= status < 400 or status in again:
        raise GatewayDown(reason=Words(f"HTTP {status}", f"جوابها HTTP {status}"))
    if status in reads or status < 300:
        answer = Answer({} if status == 204 else parsed(content))
        answer.status = status
        return answer
    try:
        problem = _problem(parsed(content))
    except GatewayDown:
        problem = ""
    reason = f"HTTP {status} {problem}".strip()
    raise (KeyRefused if status in (401, 403) else GatewayRefused)(reason=reason)


def _exchange(http: httpx.Client, method: str, url: str, headers: Mapping[str, str], sent: dict[str, Any]) -> tuple[int, bytes]:
    until = time.monotonic() + WHOLE_SECONDS_MAX
    content = b""
    try:
        with http.stream(method, url, headers=dict(headers), follow_redirects=False, **sent) as answer:
            if answer.headers.get("Content-Encoding", "identity") not in ("identity", ""):
                raise GatewayDown(reason=NONSENSE)  # asked for plain bytes; packed ones could unpack without end (T96)
            for part in answer.iter_bytes():
                content += part
                if len(content) > ANSWER_BYTES_MAX or time.monotonic() > until:
                    raise GatewayDown(reason=Words("an answer without end", "جوابها لا ينتهي"))
            return answer.status_code, content
    except httpx.HTTPError as error:
        raise GatewayDown(reason=Words(type(error).__name__, "تعذّر الاتصال بها")) from None  # the chain would carry the key's headers


def parsed(content: bytes) -> dict[str, Any]:
    """The one JSON object in `content`, a list as its `rows`; GatewayDown for anything else (T46)."""
    try:
        value = json.loads(
            content.decode("utf-8"), parse_float=_decimal, parse_int=_integer, parse_constant=_refused, object_pairs_hook=_without_doubles
        )
    except (ValueError, RecursionError):
        raise GatewayDown(reason=NONSENSE) from None
    if isinstance(value, list):
        value = {"rows": value}
    if not isinstance(value, dict):
        raise GatewayDown(reason=NONSENSE)
    return value


def _decimal(text: str) -> Decimal:
    if len(text) > NUMBER_CHARS_MAX or "e" in text.lower():
        raise ValueError("a number out of measure")
    return Decimal(text)


def _integer(text: str) -> int:
    if len(text) > NUMBER_CHARS_MAX:
        raise ValueError("a number out of measure")
    return int(text)


def _refused(_text: str) -> NoReturn:
    raise ValueError("not a number")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name given twice")
    return found


def _problem(value: Mapping[str, Any]) -> str:
    """The gateway's own short code of what it refuses; never its words, which may quote what a payer typed."""
    for place in (value.get("error"), value, (value.get("errors") or [None])[0] if isinstance(value.get("errors"), list) else None):
        if isinstance(place, dict):
            for name in ("decline_code", "code", "type"):
                if isinstance(place.get(name), str | int) and re.fullmatch(r"[\w.\-]{1,60}", str(place[name]), re.ASCII):
                    return str(place[name])
    return ""


def nonsense() -> GatewayDown:
    return GatewayDown(reason=NONSENSE)


def identifier(value: Any) -> str:
    """An id that may stand in an address; ValueError for one that could lead elsewhere (`../refunds`, `?a=b`)."""
    if not isinstance(value, str) or not _ID.match(value):
        raise ValueError("not an id")
    return value


def place(gateway_id: str) -> str:
    """An id as a part of a path; GatewayRefused for what cannot be one, so that no id leads to another address of the API."""
    try:
        return identifier(gateway_id)
    except ValueError:
        raise GatewayRefused(reason=Words("there is no such payment", "لا توجد دفعة بهذا المعرّف")) from None


def text(value: Any, *, most: int = 2048) -> str:
    """A string that is not empty; ValueError else."""
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise ValueError("not a text")
    return value


def rows(value: Any) -> list[dict[str, Any]]:
    """A list of objects; ValueError for anything else."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError("not a list")
    return value


def obj(value: Any) -> dict[str, Any]:
    """An object, empty where there is none; ValueError for anything else."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def web_address(value: Any, *, base: str) -> str:
    """The gateway's own page, where the payer is sent: https with a name, or under the operator's own `base`. ValueError else."""
    url = text(value)
    try:
        parsed_url = httpx.URL(url)
        own = httpx.URL(base)
    except httpx.InvalidURL:
        raise ValueError("not an address") from None
    is_own = (parsed_url.scheme, parsed_url.netloc) == (own.scheme, own.netloc)
    last = parsed_url.host.rpartition(".")[2]
    is_plain = url.isascii() and not any(c <= " " or c in "\\\x7f" for c in url) and not parsed_url.userinfo
    if is_plain and (is_own or (parsed_url.scheme == "https" and "." in parsed_url.host and last.isalpha())):
        return url
    raise ValueError("not an address")
