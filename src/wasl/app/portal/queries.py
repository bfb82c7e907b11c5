"""The few statements of the payer's pages that no service has: where an invoice stands in the log, and its notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from wasl.app import clock
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


_BESIDE = """
SELECT v.first_used_on, v.iban, e.index, e.number, e.origin, e.size, e.at FROM invoicing_invoice i
LEFT JOIN invoicing_bankaccountversion v ON v.organisation_id = i.organisation_id AND v.id = i.account_version_id
LEFT JOIN LATERAL (
    SELECT e.index, s.number, s.origin, c.size, c.at FROM events_event v
    JOIN proofs_entry e ON e.organisation_id = v.organisation_id AND e.event_id = v.id
    JOIN proofs_shard s ON s.id = e.shard_id
    JOIN LATERAL (SELECT size, at FROM proofs_checkpoint c WHERE c.shard_id = e.shard_id AND c.size > e.index ORDER BY c.size LIMIT 1) c ON true
    WHERE v.organisation_id = i.organisation_id AND v.invoice_id = i.id AND v.type = 'issued' LIMIT 1
) e ON true
WHERE i.organisation_id = %s AND i.id = %s
"""


@dataclass(frozen=True)
class Beside:
    """What stands beside the issued row: its account, pinned at issue, and the place of its `issued` leaf in the published log."""

    first_used_on: date | None
    iban: str
    entry: PublishedEntry | None  # None while it waits for a checkpoint


def beside(row: Any) -> Beside:
    first_used_on, iban, *entry = run(_BESIDE, (row.organisation_id, row.pk))[0]
    return Beside(first_used_on, iban or "", PublishedEntry(*entry) if entry[0] is not None else None)


_RELATED = """
SELECT i.number, i.issue_date, i.payable_amount, i.id, l.id FROM invoicing_invoice i
LEFT JOIN invoicing_link l ON l.organisation_id = i.organisation_id AND l.invoice_id = i.id AND l.purpose = 'mail' AND l.recipient = %(recipient)s
    AND %(recipient)s <> '' AND l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > %(now)s)
WHERE i.organisation_id = %(org)s AND (i.original_id = %(id)s OR i.id = %(original)s) ORDER BY i.issued_at
"""


@dataclass(frozen=True)
class RelatedRow:
    """Another document of the same deal. `link_id`: the reader's own link to it, where it was sent to the same address."""

    number: str
    issue_date: date
    amount: int
    id: Any
    link_id: Any = None


def related_of(row: Any, recipient: str = "") -> list[RelatedRow]:
    """The credit notes on an invoice, or the invoice that a note corrects."""
    values = {"org": row.organisation_id, "id": row.pk, "original": row.original_id, "recipient": recipient, "now": clock.now()}
    return [RelatedRow(*found) for found in run(_RELATED, values)]


def notes_of(row: Any) -> list[RelatedRow]:
    """The credit notes on an invoice, as its seller sees them."""
    return [found for found in related_of(row) if found.id != row.original_id]


_PAYMENTS = """
SELECT a.at, a.amount, coalesce(i.reference, r.reference, '') FROM payments_allocation a
LEFT JOIN payments_intent i ON i.organisation_id = a.organisation_id AND i.id = a.intent_id
LEFT JOIN payments_receipt r ON r.organisation_id = a.organisation_id AND r.id = a.receipt_id
WHERE a.organisation_id = %s AND a.invoice_id = %s AND r.undone_at IS NULL ORDER BY a.at
"""


def payments_of(row: Any) -> list[tuple[datetime, int, str]]:
    """(when, minor units, the reference that the bank shows) of each payment that counts towards the invoice."""
    return run(_PAYMENTS, (row.organisation_id, row.pk))  # type: ignore[return-value]
