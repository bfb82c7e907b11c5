"""The proof file of an event: its opening, its path in the log and the checkpoint that signs the log's head."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wasl.app.errors import NotFound, Refused
from wasl.app.proofs import log
from wasl.app.sql import run
from wasl.ledger import leaf
from wasl.ledger import proof as proofs
from wasl.ledger.tiles import TileTree


class ProofPending(Refused):
    """The event is safe in the database; the log's next checkpoint, seconds away, will cover it."""

    code, status = "WASL-PRF-01", 425
    en = "The proof is being made; it is ready within seconds. Ask again."
    ar = "يجري إعداد الإثبات وسيكون جاهزًا خلال ثوانٍ. أعد الطلب."


_ENTRY = """
SELECT p.shard_id, p.index, p.seq, o.canonical, s.salt, c.size, c.note
FROM events_event e
LEFT JOIN proofs_entry p ON p.organisation_id = e.organisation_id AND p.event_id = e.id
LEFT JOIN proofs_opening o ON o.organisation_id = e.organisation_id AND o.id = e.id
LEFT JOIN proofs_salt s ON s.organisation_id = e.organisation_id AND s.id = p.document_id
LEFT JOIN LATERAL (SELECT size, note FROM proofs_checkpoint c WHERE c.shard_id = p.shard_id AND c.size > p.index ORDER BY size DESC LIMIT 1) c ON true
WHERE e.organisation_id = %s AND e.logged AND (e.id = %s OR (%s::uuid IS NULL AND e.invoice_id = %s AND e.type = 'issued'))
"""


def proof_for(invoice: Any, event_id: UUID | None = None) -> bytes:
    """The `.tlog-proof` of an invoice's `issued` event, or of another of its events. ProofPending until it is published."""
    return event_proof(invoice.organisation_id, invoice.pk, event_id)


def event_proof(org_id: UUID, invoice_id: UUID, event_id: UUID | None = None) -> bytes:
    rows = run(_ENTRY, (org_id, event_id, event_id, invoice_id))
    if not rows:
        raise NotFound(what="event")
    shard, index, seq, canonical, salt, size, note = rows[0]
    if index is None or size is None:
        raise ProofPending
    if canonical is None or salt is None:
        raise NotFound(what="proof")  # erased: the leaf stays, nothing opens it any more
    tree = TileTree(size, log.DatabaseTiles(shard, log.head(shard)))
    return proofs.write(
        index=index, hashes=tree.inclusion_proof(index), checkpoint=bytes(note), salt=leaf.event_salt(bytes(salt), seq), event=bytes(canonical)
    )


def is_proven(org_id: UUID, invoice_id: UUID) -> bool:
    """Whether a published checkpoint covers the invoice's `issued` event."""
    rows = run(_ENTRY, (org_id, None, None, invoice_id))
    return bool(rows) and rows[0][1] is not None and rows[0][5] is not None
