"""What the gateways remember: rows in memory, written behind to SQLite so that a restart finds them; a clock that tests can move."""

from __future__ import annotations

import json
import secrets
import sqlite3
import string
import time
import uuid
from pathlib import Path
from typing import Any

Row = dict[str, Any]
ALPHABET = string.ascii_letters + string.digits


def letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def digits(count: int) -> str:
    return "".join(secrets.choice(string.digits) for _ in range(count))


def new_uuid() -> str:
    return str(uuid.uuid4())


class Store:
    """Rows by kind and id. A change is on the disk within a quarter of a second, or at the end of the process."""

    def __init__(self, path: Path | None) -> None:
        self.rows: dict[str, dict[str, Row]] = {}
        self.offset = 0.0
        self._dirty: set[tuple[str, str]] = set()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False) if path else None
        if self._db:
            self._db.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "CREATE TABLE IF NOT EXISTS row (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id));"
            )
            for kind, row_id, body in self._db.execute("SELECT kind, id, body FROM row ORDER BY rowid"):
                self.rows.setdefault(kind, {})[row_id] = json.loads(body)

    def now(self) -> float:
        return time.time() + self.offset

    def put(self, kind: str, row_id: str, row: Row) -> Row:
        self.rows.setdefault(kind, {})[row_id] = row
        self._dirty.add((kind, row_id))
        return row

    def touch(self, kind: str, row_id: str) -> None:
        """The row was changed in place."""
        self._dirty.add((kind, row_id))

    def get(self, kind: str, row_id: str) -> Row | None:
        return self.rows.get(kind, {}).get(row_id)

    def all(self, kind: str) -> list[Row]:
        return list(self.rows.get(kind, {}).values())

    def drop(self, kind: str, row_id: str) -> None:
        self.rows.get(kind, {}).pop(row_id, None)
        self._dirty.add((kind, row_id))

    def flush(self) -> None:
        dirty, self._dirty = self._dirty, set()
        if not self._db or not dirty:
            return
        self._db.execute("BEGIN")
        for kind, row_id in dirty:
            row = self.get(kind, row_id)
            if row is None:
                self._db.execute("DELETE FROM row WHERE kind = ? AND id = ?", (kind, row_id))
            else:
                self._db.execute(
                    "INSERT INTO row (kind, id, body) VALUES (?,?,?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                    (kind, row_id, json.dumps(row, ensure_ascii=False)),
                )
        self._db.execute("COMMIT")
