"""Idempotency keys: the first answer to a key is the only one, kept in the transaction of the effect, for ever."""

from __future__ import annotations

import hashlib
from uuid import UUID

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.invoicing import queries
from wasl.app.invoicing.errors import KeyReused, KeyRunning


def body_sha256(*parts: bytes | str | None) -> bytes:
    """What "the same body" means: every part, with its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = b"" if part is None else part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8) + data)
    return digest.digest()


def replay(org_id: UUID, scope: str, key: str, body: bytes) -> bytes | None:
    """The first answer to this key, if it has one; KeyReused if it was given with another body."""
    found = queries.answer_of(org_id, scope, key)
    if found is None:
        return None
    if found[0] != body:
        raise KeyReused(key=key)
    return found[1]


def claim(org_id: UUID, scope: str, key: str, body: bytes) -> bytes | None:
    """In a transaction: hold the key until it ends, or raise KeyRunning; then as `replay`."""
    if not queries.lock_key(org_id, scope, key):
        raise KeyRunning(key=key)
    return replay(org_id, scope, key, body)


def keep(org_id: UUID, scope: str, key: str, body: bytes, answer: bytes) -> None:
    queries.keep_answer(org_id, uuid7(), scope, key, body, answer, clock.now())
