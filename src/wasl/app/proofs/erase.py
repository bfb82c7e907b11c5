"""The log's part of an erasure: the salt and the openings of a document. Its leaves stay, and nothing opens them any more."""

from __future__ import annotations

from uuid import UUID

from wasl.app.proofs import log
from wasl.app.proofs.sequencer import sequence_all
from wasl.app.sql import run

_OPENINGS = """
DELETE FROM proofs_opening o USING events_event e
WHERE e.organisation_id = o.organisation_id AND e.id = o.id AND e.organisation_id = %s AND e.invoice_id = %s
"""


def erase_openings(org_id: UUID, invoice_id: UUID) -> None:
    """Under the sequencer's lock, and after what waits has its leaf: no event is opened with the old salt afterwards."""
    run("SELECT pg_advisory_xact_lock(%s)", (log.APPEND_LOCK,))
    sequence_all()
    run(_OPENINGS, (org_id, invoice_id))
    run("DELETE FROM proofs_salt WHERE organisation_id = %s AND id = %s", (org_id, invoice_id))
