"""Writing an event: the fact, its erasable details and its place in the outbox, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from wasl.app.ids import uuid7
from wasl.app.sql import send

# Types that get a leaf in the log. Views by a person, reminders and queueing are events too, but nobody's proof.
LOGGED = frozenset(
    {"issued", "sealed", "reported", "cleared", "rejected", "delivered", "acknowledged", "paid", "refunded", "charged-back", "credited", "cancelled"}
    | {"account-changed", "erased", "key-rotated"}
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event that has just been written."""

    id: UUID
    organisation_id: UUID
    invoice_id: UUID | None
    type: str
    at: datetime
    amount: int | None
    currency: str
    data: Mapping[str, Any]
    subject: Any = None  # what it is about, for subscribers; written nowhere


Subscriber = Callable[[Recorded], None]
_subscribers: dict[str, list[Subscriber]] = {}

_LOGGED = """
WITH e AS (
    INSERT INTO events_event (organisation_id, id, invoice_id, type, at, document_sha256, amount, currency, account_sha256, account_version, logged)
    VALUES (%(org)s, %(id)s, %(invoice)s, %(type)s, %(at)s,
            coalesce(%(sha)s::bytea, (SELECT document_sha256 FROM invoicing_invoice WHERE organisation_id = %(org)s AND id = %(invoice)s)),
            %(amount)s, %(currency)s, %(account)s, %(version)s, true)
), d AS (
    INSERT INTO events_eventdetail (organisation_id, id, event_id, data, key_id) VALUES (%(org)s, %(id)s, %(id)s, %(data)s::jsonb, '')
)
INSERT INTO events_outbox (organisation_id, id) VALUES (%(org)s, %(id)s)
"""
_PLAIN = """
WITH e AS (
    INSERT INTO events_event (organisation_id, id, invoice_id, type, at, document_sha256, amount, currency, account_sha256, account_version, logged)
    VALUES (%(org)s, %(id)s, %(invoice)s, %(type)s, %(at)s, %(sha)s, %(amount)s, %(currency)s, %(account)s, %(version)s, false)
)
INSERT INTO events_eventdetail (organisation_id, id, event_id, data, key_id) VALUES (%(org)s, %(id)s, %(id)s, %(data)s::jsonb, '')
"""


def subscribe(event_type: str, subscriber: Subscriber) -> None:
    """Call `subscriber` in the same transaction whenever such an event is written: what it writes stands or falls with it.

    It may run inside `sql.pipelined()`, so it writes with `sql.send` or `sql.run`, not with the ORM.
    """
    listeners = _subscribers.setdefault(event_type, [])
    if subscriber not in listeners:
        listeners.append(subscriber)


def record(
    event_type: str,
    *,
    org: Any,
    invoice: Any = None,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    amount: int | None = None,
    currency: str = "",
    document_sha256: bytes | None = None,
    account_sha256: bytes | None = None,
    account_version: int | None = None,
    subject: Any = None,
) -> Recorded:
    """Insert an event. `org` and `invoice` are rows or ids; `amount` is in minor units of `currency`.

    `subject` is handed to subscribers, which then need not read it again: the model of an issued document.

    Must run inside a transaction: an event without its effect, or an effect without its event, is what this product
    exists to prevent.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of its effect")
    event = Recorded(uuid7(), getattr(org, "pk", org), getattr(invoice, "pk", invoice), event_type, at, amount, currency, dict(data or {}), subject)
    send(
        _LOGGED if event_type in LOGGED else _PLAIN,
        {
            "org": event.organisation_id, "id": event.id, "invoice": event.invoice_id, "type": event_type, "at": at, "sha": document_sha256,
            "amount": amount, "currency": currency, "account": account_sha256, "version": account_version,
            "data": orjson.dumps(event.data).decode(),
        },
    )  # fmt: skip
    for subscriber in _subscribers.get(event_type, ()):
        subscriber(event)
    return event
