"""Erasure: the one function that takes what is personal in an issued document out of this installation.

The issued row, its number, dates, totals and hashes, the journal and the leaves of the log stay: the law keeps them. What
opens them goes: bytes, buyer's text, links to persons, drafts, details of events, and, by the higher floors that register
here, mails and the salts and openings of the log. Without its salt a leaf says nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.events.record import record
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

Ground = Literal["request", "retention"]  # the person asked, or the time to keep it is over
Eraser = Callable[[UUID, UUID], None]  # of organisation and invoice, in the erasing transaction

_erasers: dict[str, Eraser] = {}
_LOCK = "SELECT number FROM invoicing_invoice WHERE organisation_id = %s AND id = %s FOR NO KEY UPDATE"
_OWN = {
    "documents": "DELETE FROM invoicing_document WHERE organisation_id = %s AND invoice_id = %s RETURNING id",
    "texts": "DELETE FROM invoicing_invoicetext WHERE organisation_id = %s AND invoice_id = %s RETURNING id",
    "links": "DELETE FROM invoicing_link WHERE organisation_id = %s AND invoice_id = %s AND recipient <> '' RETURNING id",
    "grants": "DELETE FROM tenancy_payergrant WHERE organisation_id = %s AND invoice_id = %s RETURNING id",
    "requests": "DELETE FROM invoicing_customerrequest WHERE organisation_id = %s AND invoice_id = %s RETURNING id",
    "drafts": "DELETE FROM invoicing_draft d WHERE organisation_id = %s AND %s IN (issued_invoice_id, original_id) RETURNING id",
    "details": (
        "DELETE FROM events_eventdetail d USING events_event e WHERE e.organisation_id = d.organisation_id AND e.id = d.event_id"
        " AND e.organisation_id = %s AND e.invoice_id = %s RETURNING d.id"
    ),
}


def eraser(name: str, erase: Eraser) -> None:
    """Let a higher floor remove its part; it runs before this floor's own."""
    _erasers[name] = erase


@transaction.atomic
def erase(org: Any, invoice_id: UUID, *, ground: Ground, actor: Actor) -> dict[str, int]:
    """Erase what is personal in one issued document; how much of each kind was removed. Only owners may.

    Repeating it is safe and takes what came since, such as a late delivery report. Credit notes are documents of their
    own. Copies outside the database (backups, files somebody downloaded) are not reached from here.
    """
    require(org.pk, actor, owner=True)
    place = (org.pk, invoice_id)
    locked = run(_LOCK, place)
    if not locked:
        raise NotFound(what="invoice")
    for remove in _erasers.values():
        remove(*place)
    removed = {what: len(run(statement, place)) for what, statement in _OWN.items()}
    record("erased", org=org, invoice=invoice_id, at=clock.now())
    audit(org.pk, actor, "invoice.erase", "invoice", invoice_id, {"number": locked[0][0], "ground": ground, **removed})
    return removed
