"""What every dialect shares: who calls, what breaks on demand, what was answered before, and how a notice is signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wasl.standins.gateways.cards import MINOR_UNITS
from wasl.standins.gateways.engine import Engine
from wasl.standins.gateways.store import Row
from wasl.standins.web import Request, Response, Site

Verb = Callable[[Request, Row], Response]


class Refused(Exception):
    """An answer that refuses, in the dialect's own shape."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.response = Response.json(body, status)


@dataclass
class Notice:
    """A webhook to be sent: the body as it stands, signed when it goes out."""

    url: str
    body: str
    kind: str
    headers: dict[str, str] = field(default_factory=dict)


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Dialect:
    """One gateway: its paths, its shapes, its rules."""

    name = ""
    tries_again = True  # a declined card leaves the page open for another
    dispute_fee = "at once"  # or "when lost", or "none"
    outcomes: dict[str, str] = {}  # cards that do something else here than elsewhere
    percent_bp, fixed_major_cents, vat_bp = 290, 100, 0
    waits: tuple[float, ...] = ()  # pauses before a webhook is tried again, in units of the base pause

    def __init__(self, engine: Engine, prefix: str) -> None:
        self.engine, self.prefix, self.store = engine, prefix, engine.store
        engine.dialects[self.name] = self

    # To be said by each dialect

    def mount(self, site: Site) -> None:
        raise NotImplementedError

    def caller(self, request: Request) -> Row:
        """The account of the request, or Refused."""
        raise NotImplementedError

    def notices(self, kind: str, payment: Row | None, **context: Any) -> list[Notice]:
        raise NotImplementedError

    def signed(self, notice: Notice, account: Row, at: int, secrets: list[str]) -> tuple[str, dict[str, str]]:
        """The body and headers as they go over the wire."""
        raise NotImplementedError

    def unsigned(self, notice: Notice) -> tuple[str, dict[str, str]]:
        """The same with nothing that proves where it comes from."""
        return notice.body, {}

    def page_path(self, payment: Row) -> str:
        raise NotImplementedError

    def token_id(self) -> str:
        raise NotImplementedError

    def dispute_id(self) -> str:
        raise NotImplementedError

    def payout_id(self) -> str:
        raise NotImplementedError

    def broken(self) -> Any:
        """The body of a 500."""
        return {"error": "internal"}

    def malformed(self) -> Any:
        """The body of a 400 for a field of another type."""
        return {"error": "invalid"}

    def names_of(self, attempt: Row) -> list[str]:
        """Under what else a payment is found, once somebody tried to pay it."""
        return [attempt["id"]]

    def way_back(self, payment: Row) -> str:
        """Where the payer goes after the page."""
        return str(payment["return_url"] if payment["state"] == "paid" else payment["back_url"] or payment["return_url"])

    def post_back(self, payment: Row) -> dict[str, str] | None:
        """The fields that the payer's browser posts to the way back; None where it simply goes there."""
        return None

    def payer_leaves(self, payment: Row) -> None:
        """Cancel was pressed: with most gateways nothing happens but the way back."""

    # Shared

    def route(self, site: Site, method: str, pattern: str, verb: Verb) -> None:
        site.add(method, self.prefix + pattern, lambda request: self._answer(request, verb))

    def url(self, path: str) -> str:
        return f"{self.engine.origin}{self.prefix}{path}"

    def _answer(self, request: Request, verb: Verb) -> Response:
        strike = self.engine.outages.get(self.name)
        if strike and strike["left"] == 0:
            strike = None
        if strike:
            strike["left"] -= 1
            if strike["mode"] in ("500", "429"):
                return Response.json(self.broken(), int(strike["mode"]))
            if strike["mode"] == "garbage":
                return Response("<html><h1>502 Bad Gateway</h1></html>", 502)
        try:
            response = verb(request, self.caller(request))
        except Refused as refused:
            response = refused.response
        except (TypeError, AttributeError):
            response = Response.json(self.malformed(), 400)  # a text where an object belongs, and the like
        if strike:
            response.abort = strike["mode"] == "silent"
            response.delay = float(strike["delay"]) if strike["mode"] == "slow" else 0.0
        return response

    def json_body(self, request: Request, refuse: Callable[[str], Refused]) -> Row:
        """The JSON object of a request; numbers with a point stay text until somebody knows their currency."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise refuse("send application/json")
        try:
            value = json.loads(request.body or b"{}", object_pairs_hook=unique, parse_float=Exact, parse_constant=Exact)
        except (ValueError, RecursionError):
            raise refuse("invalid JSON") from None
        if not isinstance(value, dict):
            raise refuse("invalid JSON")
        return value

    def once(
        self, account: Row, key: str, request: str, seconds: float, verb: Callable[[], Response], clash: Callable[[], Refused] | None
    ) -> tuple[Response, bool]:
        """The first answer again within `seconds`; `clash` answers the same key with another request (None: it does not matter)."""
        name = f"{self.name}:{account['id']}:{key}"
        digest = hashlib.sha256(request.encode()).hexdigest()
        old = self.store.get("answer", name)
        if old and self.store.now() - old["at"] < seconds:
            if old["request"] != digest and clash:
                raise clash()
            return Response(old["body"], old["status"], old["type"]), True
        try:
            response = verb()
        except Refused as refused:
            return refused.response, False  # what failed validation is not kept
        body = response.body if isinstance(response.body, str) else response.body.decode()
        self.store.put("answer", name, {"at": self.store.now(), "request": digest, "status": response.status, "body": body, "type": response.type})
        return response, False

    def fee(self, payment: Row, attempt: Row) -> tuple[int, int]:
        """(fee with its tax, the tax in it), half up, integers only."""
        units = MINOR_UNITS[payment["currency"]]
        fixed = self.fixed_major_cents * 10**units // 100 if units != 3 else self.fixed_major_cents
        bare = payment["amount"] * self.percent_of(attempt) + fixed * 10000
        whole = (bare * (10000 + self.vat_bp) + 50_000_000) // 100_000_000
        return whole, whole - (bare + 5000) // 10000

    def percent_of(self, attempt: Row) -> int:
        return self.percent_bp


class Exact(str):
    """A JSON number with a point or an exponent, as it was written."""
