"""Queueing many mails in one statement: what `send.deliver` does for one, for whoever has hundreds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.delivery import quota
from wasl.app.delivery.address import checked_address
from wasl.app.delivery.returnpath import return_path
from wasl.app.delivery.send import message_id_of
from wasl.app.ids import uuid7
from wasl.app.sql import run


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One mail to be queued; its Message-ID and return address are fixed here."""

    org_id: UUID
    id: UUID
    invoice_id: UUID
    recipient: str
    language: str
    kind: str
    key: str
    earliest: datetime
    is_bulk: bool


def outgoing(org_id: UUID, invoice_id: UUID, recipient: str, language: str, kind: str, key: str, share: quota.Share, *, is_bulk: bool) -> Outgoing:
    """One mail out of the seller's share. Raises BadAddress, MailQuota."""
    address = checked_address(recipient)
    digest = hashlib.sha256(f"{invoice_id}|{key}".encode()).hexdigest()
    return Outgoing(org_id, uuid7(), invoice_id, address, language, kind, digest, share.take(), is_bulk)


_INSERT = """
INSERT INTO delivery_delivery (organisation_id, id, invoice_id, recipient, language, kind, is_bulk, key, message_id, return_path, state, attempts,
    queued_at, next_attempt_at, in_flight, state_at, reply)
SELECT d.org, d.id, d.invoice, d.recipient, d.language, d.kind, d.bulk, d.key, d.message, d.path, 'queued', 0, %(now)s, d.earliest, false, %(now)s, ''
FROM unnest(%(org)s::uuid[], %(id)s::uuid[], %(invoice)s::uuid[], %(recipient)s::text[], %(language)s::text[], %(kind)s::text[], %(bulk)s::bool[],
            %(key)s::text[], %(message)s::text[], %(path)s::text[], %(earliest)s::timestamptz[])
     AS d(org, id, invoice, recipient, language, kind, bulk, key, message, path, earliest)
"""


def insert(rows: Sequence[Outgoing]) -> None:
    """Queue them in the caller's transaction. A key that is there already is a fault: the caller's own key should have kept it out."""
    if not rows:
        return
    columns: dict[str, Any] = {
        "org": [row.org_id for row in rows], "id": [row.id for row in rows], "invoice": [row.invoice_id for row in rows],
        "recipient": [row.recipient for row in rows], "language": [row.language for row in rows], "kind": [row.kind for row in rows],
        "bulk": [row.is_bulk for row in rows], "key": [row.key for row in rows], "message": [message_id_of(row.id) for row in rows],
        "path": [return_path(row.id) for row in rows], "earliest": [row.earliest for row in rows], "now": clock.now(),
    }  # fmt: skip
    run(_INSERT, columns)


_WAITING = """
SELECT count(*) FROM (SELECT FROM delivery_delivery
    WHERE is_bulk AND state IN ('queued', 'deferred', 'unknown') AND next_attempt_at <= %s LIMIT %s) w
"""


def waiting_bulk(limit: int) -> int:
    """How many mails of the second rank are due and have not left; counted up to `limit`."""
    return int(run(_WAITING, (clock.now(), limit))[0][0])
