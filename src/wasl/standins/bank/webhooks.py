"""Webhooks out: signed, retried with back-off, and broken on purpose when a test asks for it."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from wasl.standins.bank.store import Bank

ATTEMPTS_MAX = 12
ANSWER_SECONDS_MAX = 10
OLD_SECONDS = 301  # one second past the tolerance that receivers grant


def sign(body: bytes, live: list[str], at: int) -> str:
    """`t=...,v1=...[,v1=...]`: one signature for each live secret, so that a receiver may rotate at leisure."""
    message = f"{at}.".encode() + body
    return ",".join([f"t={at}", *(f"v1={hmac.new(s.encode(), message, hashlib.sha256).hexdigest()}" for s in live)])


class Sender(threading.Thread):
    """Sends what is due; a 2xx ends it, anything else is tried again after `base` times a power of two."""

    def __init__(self, bank: Bank, *, base_seconds: float) -> None:
        super().__init__(name="webhooks", daemon=True)
        self.bank, self.base_seconds = bank, base_seconds

    def run(self) -> None:
        while True:
            self.bank.finish_slow()
            self.send_due()
            time.sleep(0.05)

    def send_due(self) -> None:
        due = self.bank.books.rows(
            "SELECT send.id, attempt, mode, url, body FROM send JOIN event ON event.id = send.event"
            " WHERE send.status = 'waiting' AND next <= ? ORDER BY next",
            time.time(),
        )
        for row in due:
            code = self._post(row)
            attempt = row["attempt"] + 1
            done = "sent" if 200 <= code < 300 else "given up" if attempt >= ATTEMPTS_MAX else "waiting"
            with self.bank.books.change() as db:
                pause = self.base_seconds * 2 ** (attempt - 1)
                sql = "UPDATE send SET attempt = ?, code = ?, status = ?, next = ? WHERE id = ?"
                db.execute(sql, (attempt, code, done, time.time() + pause, row["id"]))

    def _post(self, row: dict[str, Any]) -> int:
        body, at, mode = row["body"].encode(), int(time.time()), row["mode"]
        headers = {"Content-Type": "application/json", "User-Agent": "sandbox-bank"}
        if mode == "old":
            at -= OLD_SECONDS
        if mode != "unsigned":
            live = ["not the secret"] if mode == "wrong-secret" else self.bank.books.secrets()
            headers["Bank-Signature"] = sign(body, live, at)
        if mode == "altered":
            body = body.replace(b'"amount":', b'"amount":1', 1)
        return post(row["url"], body, headers)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of one POST; 0 when there was no answer."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS_MAX)
    try:
        connection.request("POST", parts.path or "/", body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
