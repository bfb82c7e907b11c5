"""The few statements of the payer's pages that no service has: where an invoice stands in the log, and its notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from wasl.app.sql import run

_ENTRY = """
SELECT e.index, s.number, s.origin, c.size, c.at FROM events_event v
JOIN proofs_entry e ON e.organisation_id = v.organisation_id AND e.event_id = v.id
JOIN proofs_shard s ON s.id = e.shard_id
JOIN LATERAL (
    SELECT size, at FROM proofs_checkpoint c WHERE c.shard_id = e.shard_id AND c.size > e.index ORDER BY c.size LIMIT 1
) c ON true
WHERE v.organisation_id = %s AND v.invoice_id = %s AND v.type = 'issued'
"""


@dataclass(frozen=True)
class PublishedEntry:
    """A leaf under a published checkpoint."""

    index: int
    shard: int
    origin: str
    size: int
    published_at: datetime


def published_entry(row: Any) -> PublishedEntry | None:
    """The place of the invoice's `issued` leaf in the published log; None while it waits."""
    rows = run(_ENTRY, (row.organisation_id, row.pk))
    return PublishedEntry(*rows[0]) if rows else None


_EVENTS = """
SELECT v.type, v.at, v.amount, v.currency, coalesce(d.data, '{}'::jsonb)::text FROM events_event v
LEFT JOIN events_eventdetail d ON d.organisation_id = v.organisation_id AND d.id = v.id
WHERE v.organisation_id = %s AND v.invoice_id = %s ORDER BY v.at, v.id
"""


@dataclass(frozen=True)
class Happening:
    """An event with its details, in one query for the whole story."""

    type: str
    at: datetime
    amount: int | None
    currency: str
    data: dict[str, Any]


def events_of(row: Any) -> list[Happening]:
    return [Happening(*fact, orjson.loads(data)) for *fact, data in run(_EVENTS, (row.organisation_id, row.pk))]


_NOTES = """
SELECT number, issue_date, payable_amount, id FROM invoicing_invoice WHERE organisation_id = %s AND original_id = %s ORDER BY issued_at
"""


@dataclass(frozen=True)
class NoteRow:
    number: str
    issue_date: date
    amount: int
    id: Any


def notes_of(row: Any) -> list[NoteRow]:
    return [NoteRow(*found) for found in run(_NOTES, (row.organisation_id, row.pk))]


_PAYMENTS = """
SELECT a.at, a.amount, i.reference FROM payments_allocation a
JOIN payments_intent i ON i.organisation_id = a.organisation_id AND i.id = a.intent_id
WHERE a.organisation_id = %s AND a.invoice_id = %s ORDER BY a.at
"""


def payments_of(row: Any) -> list[tuple[datetime, int, str]]:
    """(when, minor units, the reference that the bank shows) of each payment that counts towards the invoice."""
    return run(_PAYMENTS, (row.organisation_id, row.pk))  # type: ignore[return-value]
