"""What a test or a demonstration may ask of the bank: faults, lies, a payer's act, a change of secrets."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from wasl.standins.bank.api import Api
from wasl.standins.bank.pages import charge
from wasl.standins.bank.store import Bank
from wasl.standins.web import Request, Response, Site

WEBHOOK_MODES = ("normal", "duplicate", "shuffle", "delay", "lost", "altered", "unsigned", "old", "wrong-secret")
OUTAGES = ("none", "500", "silent")
LIES = {"amount", "currency", "merchant", "reference", "status", "refunded", "refunds"}


class Control:
    """Routes under /control; the process listens on the loopback interface only."""

    def __init__(self, bank: Bank, api: Api) -> None:
        self.bank, self.api = bank, api

    def mount(self, site: Site) -> None:
        for name in ("webhooks", "outage", "pay", "resend", "lie", "rotate", "retire"):
            site.add("POST", f"/control/{name}", lambda request, verb=getattr(self, name): self._run(request, verb))
        site.add("GET", r"/control/sends", lambda r: Response.json(self.bank.books.rows("SELECT * FROM send ORDER BY id")))
        site.add("GET", r"/control/events", lambda r: Response.json(self.bank.books.rows("SELECT * FROM event ORDER BY created")))

    def _run(self, request: Request, verb: Any) -> Response:
        try:
            return Response.json(verb(json.loads(request.body or b"{}")) or {"ok": True})
        except (ValueError, KeyError, TypeError) as error:
            return Response.json({"error": repr(error)}, 422)

    def webhooks(self, wanted: dict[str, Any]) -> None:
        """`{"mode", "times"?, "delay"?}`: how the next events are sent; times -1 is for ever."""
        if wanted["mode"] not in WEBHOOK_MODES:
            raise ValueError(wanted["mode"])
        self.bank.webhook_mode = {"mode": wanted["mode"], "left": int(wanted.get("times", 1)), "delay": float(wanted.get("delay", 0))}

    def outage(self, wanted: dict[str, Any]) -> None:
        """`{"mode": "500"|"silent", "times"?}`: the API fails, or does the work and cuts the connection instead of answering."""
        if wanted["mode"] not in OUTAGES:
            raise ValueError(wanted["mode"])
        self.api.outage = {"mode": wanted["mode"], "left": int(wanted.get("times", 1))}

    def pay(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """`{"payment", "card"}`: what the payer would do on the hosted page."""
        if self.bank.books.payment(wanted["payment"]) is None:
            raise ValueError("no such payment")
        return {"result": charge(self.bank, wanted["payment"], wanted.get("card", "4111111111111111"))}

    def resend(self, wanted: dict[str, Any]) -> None:
        """`{"event", "times"?}`: the same event again."""
        with self.bank.books.change() as db:
            for _ in range(int(wanted.get("times", 1))):
                db.execute("INSERT INTO send (event, next, mode) VALUES (?,?,?)", (wanted["event"], time.time(), wanted.get("mode", "normal")))

    def lie(self, wanted: dict[str, Any]) -> None:
        """`{"payment", "fields"}`: what the API says of a payment from now on, whatever the books say."""
        if not set(wanted["fields"]) <= LIES:
            raise ValueError("unknown field")
        with self.bank.books.change() as db:
            db.execute("INSERT OR REPLACE INTO lie (payment, fields) VALUES (?,?)", (wanted["payment"], json.dumps(wanted["fields"])))

    def rotate(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """A new webhook secret; the last one stays live until `retire`."""
        value = wanted.get("secret") or secrets.token_urlsafe(32)
        self.bank.books.add_secret(value)
        return {"secret": value}

    def retire(self, wanted: dict[str, Any]) -> None:
        self.bank.books.retire_secrets()
