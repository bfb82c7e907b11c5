"""The bank's books in SQLite: merchants, payments, refunds, settlements, events, and answers kept per idempotency key."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS merchant (id TEXT PRIMARY KEY, name_ar TEXT NOT NULL, name_en TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS payment (
  id TEXT PRIMARY KEY,
  merchant TEXT NOT NULL REFERENCES merchant,
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  reference TEXT NOT NULL,
  description TEXT NOT NULL,
  return_url TEXT NOT NULL,
  webhook_url TEXT NOT NULL,
  status TEXT NOT NULL,
  refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
  last4 TEXT, failure TEXT, created REAL NOT NULL, paid REAL, due REAL);
CREATE TABLE IF NOT EXISTS bill (payment TEXT PRIMARY KEY REFERENCES payment, number TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS refund (
  id TEXT PRIMARY KEY, payment TEXT NOT NULL REFERENCES payment, amount INTEGER NOT NULL,
  reference TEXT, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS settlement (
  id INTEGER PRIMARY KEY,
  merchant TEXT NOT NULL, currency TEXT NOT NULL, kind TEXT NOT NULL, payment TEXT NOT NULL, amount INTEGER NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, url TEXT NOT NULL, body TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS send (
  id INTEGER PRIMARY KEY, event TEXT NOT NULL REFERENCES event, attempt INTEGER NOT NULL DEFAULT 0, next REAL NOT NULL,
  mode TEXT NOT NULL DEFAULT 'normal', status TEXT NOT NULL DEFAULT 'waiting', code INTEGER);
CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS lie (payment TEXT PRIMARY KEY, fields TEXT NOT NULL);
"""


BILLER = "901"  # this bank's number among billers


class Books:
    """One connection, one lock: a sandbox is not busy, and its books must add up."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;" + SCHEMA)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else sees half of."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(row) for row in self._db.execute(sql, values)]

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def payment(self, payment_id: str) -> dict[str, Any] | None:
        return self.row("SELECT * FROM payment WHERE id = ?", payment_id)

    def secrets(self) -> list[str]:
        """The live webhook secrets, newest first; never more than two."""
        return [row["value"] for row in self.rows("SELECT value FROM secret ORDER BY id DESC LIMIT 2")]

    def add_secret(self, value: str) -> None:
        with self.change() as db:
            db.execute("INSERT OR IGNORE INTO secret (value) VALUES (?)", (value,))

    def retire_secrets(self) -> None:
        with self.change() as db:
            db.execute("DELETE FROM secret WHERE id < (SELECT max(id) FROM secret)")


def new_id(kind: str) -> str:
    """`kind` and 128 random bits: the address of a hosted page is a capability."""
    return f"{kind}_{secrets.token_hex(16)}"


def public(payment: dict[str, Any], origin: str, refunds: list[dict[str, Any]]) -> dict[str, Any]:
    """What the API and the webhooks say of a payment."""
    return {
        "object": "payment",
        "id": payment["id"],
        "status": payment["status"],
        "amount": payment["amount"],
        "currency": payment["currency"],
        "merchant": payment["merchant"],
        "reference": payment["reference"],
        "refunded": payment["refunded"],
        "refunds": refunds,
        "failure": payment["failure"],
        "card_last4": payment["last4"],
        "hosted_url": f"{origin}/pay/{payment['id']}",
        "created": int(payment["created"]),
        "paid": int(payment["paid"]) if payment["paid"] else None,
    }


class Bank:
    """The verbs; each one changes the books and writes its event in one transaction."""

    def __init__(self, books: Books, *, slow_seconds: float = 5.0) -> None:
        self.books = books
        self.origin = ""
        self.slow_seconds = slow_seconds
        self.webhook_mode = {"mode": "normal", "left": 0, "delay": 0.0}

    def create(self, fields: dict[str, Any]) -> dict[str, Any]:
        payment_id = new_id("pay")
        with self.books.change() as db:
            db.execute(
                "INSERT INTO payment (id, merchant, amount, currency, reference, description, return_url, webhook_url, status, created)"
                " VALUES (?,?,?,?,?,?,?,?,'pending',?)",
                (
                    payment_id,
                    fields["merchant"],
                    fields["amount"],
                    fields["currency"],
                    fields["reference"],
                    json.dumps(fields["description"], ensure_ascii=False),
                    fields["return_url"],
                    fields["webhook_url"],
                    time.time(),
                ),
            )
            if fields.get("method") == "bill":
                db.execute("INSERT INTO bill (payment, number) VALUES (?,?)", (payment_id, str(10**9 + secrets.randbelow(9 * 10**9))))
        return self._get(payment_id)

    def _get(self, payment_id: str) -> dict[str, Any]:
        payment = self.books.payment(payment_id)
        assert payment is not None
        return payment

    def set_status(self, payment_id: str, status: str, **columns: Any) -> None:
        """Moves an unfinished payment; what is final stays."""
        names = "".join(f", {name} = ?" for name in columns)
        with self.books.change() as db:
            moved = db.execute(
                f"UPDATE payment SET status = ?{names} WHERE id = ? AND status IN ('pending', 'code', 'processing')",
                (status, *columns.values(), payment_id),
            ).rowcount
            if moved and status in ("succeeded", "failed", "cancelled"):
                if status == "succeeded":
                    self._settle(payment_id, "payment", self._get(payment_id)["amount"])
                self.emit(f"payment.{status}", payment_id)

    def succeed(self, payment_id: str, last4: str) -> None:
        self.set_status(payment_id, "succeeded", last4=last4, paid=time.time(), failure=None)

    def decline(self, payment_id: str, reason: str) -> None:
        """A declined card: the payer may try another one, so the payment stays open."""
        with self.books.change() as db:
            db.execute("UPDATE payment SET failure = ?, status = 'pending' WHERE id = ? AND status IN ('pending', 'code')", (reason, payment_id))
            self.emit("payment.attempt_failed", payment_id)

    def finish_slow(self) -> None:
        """What the card's bank answers late: those payments succeed when their time has come."""
        for row in self.books.rows("SELECT id, last4 FROM payment WHERE status = 'processing' AND due <= ?", time.time()):
            self.succeed(row["id"], row["last4"])

    def refund(self, payment_id: str, amount: int, reference: str | None) -> dict[str, Any]:
        refund_id = new_id("ref")
        with self.books.change() as db:
            db.execute("UPDATE payment SET refunded = refunded + ? WHERE id = ?", (amount, payment_id))
            db.execute(
                "INSERT INTO refund (id, payment, amount, reference, created) VALUES (?,?,?,?,?)",
                (refund_id, payment_id, amount, reference, time.time()),
            )
            self._settle(payment_id, "refund", -amount)
            self.emit("payment.refunded", payment_id, refund_id)
        return {"object": "refund", "id": refund_id, "payment": payment_id, "amount": amount, "reference": reference, "status": "succeeded"}

    def _settle(self, payment_id: str, kind: str, amount: int) -> None:
        payment = self._get(payment_id)
        with self.books.change() as db:
            db.execute(
                "INSERT INTO settlement (merchant, currency, kind, payment, amount, at) VALUES (?,?,?,?,?,?)",
                (payment["merchant"], payment["currency"], kind, payment_id, amount, time.time()),
            )

    def shown(self, payment: dict[str, Any]) -> dict[str, Any]:
        """The public form, with the lie told about it where a test asked for one."""
        lie = self.books.row("SELECT fields FROM lie WHERE payment = ?", payment["id"])
        refunds = self.books.rows("SELECT id, amount, reference FROM refund WHERE payment = ? ORDER BY created", payment["id"])
        bill = self.books.row("SELECT number FROM bill WHERE payment = ?", payment["id"])
        presented = {"bill": {"biller": BILLER, "number": bill["number"]}} if bill else {}
        return public(payment, self.origin, refunds) | presented | (json.loads(lie["fields"]) if lie else {})

    def billed(self, biller: str, number: str) -> dict[str, Any] | None:
        """The payment behind a presented bill."""
        found = self.books.row("SELECT payment FROM bill WHERE number = ?", number) if biller == BILLER else None
        return self._get(found["payment"]) if found else None

    def emit(self, kind: str, payment_id: str, refund_id: str | None = None) -> str:
        """Writes the event and its first sending, as the current webhook mode wants it."""
        payment, event_id = self._get(payment_id), new_id("evt")
        body = {"id": event_id, "type": kind, "created": int(time.time()), "data": self.shown(payment), "refund": refund_id}
        with self.books.change() as db:
            raw = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            db.execute("INSERT INTO event (id, url, body, created) VALUES (?,?,?,?)", (event_id, payment["webhook_url"], raw, time.time()))
            for delay, mode in self._sendings():
                db.execute("INSERT INTO send (event, next, mode) VALUES (?,?,?)", (event_id, time.time() + delay, mode))
        return event_id

    def _sendings(self) -> list[tuple[float, str]]:
        plan = self.webhook_mode
        if plan["left"] == 0:
            return [(0.0, "normal")]
        plan["left"] = int(plan["left"]) - 1
        mode, delay = str(plan["mode"]), float(plan["delay"])
        if mode == "duplicate":
            return [(0.0, "normal"), (0.0, "normal"), (delay, "normal")]
        if mode == "shuffle":
            return [(secrets.randbelow(1000) / 1000 * (delay or 1.0), "normal")]
        if mode == "lost":
            return []
        if mode in ("altered", "unsigned", "old", "wrong-secret"):
            return [(delay, mode)]
        return [(delay, "normal")]
