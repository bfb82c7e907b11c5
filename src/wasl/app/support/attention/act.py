"""What a person does with something that needs attention: it is done, it can wait until a day, it is brought back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.sql import run
from wasl.app.support.models import Attention
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


def _held(org_id: UUID, row_id: UUID, actor: Actor) -> Attention:
    require(org_id, actor)
    found = Attention.objects.for_org(org_id).select_for_update().filter(pk=row_id).first()
    if found is None:
        raise NotFound(what="event")
    return found


@transaction.atomic
def done(org_id: UUID, row_id: UUID, *, actor: Actor) -> Attention:
    """It needs nothing more. An alarm of a payment counts as looked at. Where the cause ended meanwhile, nothing changes."""
    row = _held(org_id, row_id, actor)
    if row.closed_at is None:
        row.closed_at, row.closed_by, row.person_id = clock.now(), Attention.PERSON, actor.person_id
        row.save(update_fields=["closed_at", "closed_by", "person"])
        if row.kind == Attention.ALARM:
            run(
                "UPDATE payments_alarm SET resolved_at = %s WHERE organisation_id = %s AND id = %s AND resolved_at IS NULL",
                (row.closed_at, org_id, row.subject),
            )
        audit(org_id, actor, "attention.done", "attention", row.pk, {"kind": row.kind})
    return row


@transaction.atomic
def hide(org_id: UUID, row_id: UUID, *, until: datetime, actor: Actor) -> Attention:
    """Show it again at `until`, a moment to come."""
    row = _held(org_id, row_id, actor)
    if row.closed_at is None and until > clock.now():
        row.due_at, row.is_hidden = until, True
        row.save(update_fields=["due_at", "is_hidden"])
        audit(org_id, actor, "attention.hide", "attention", row.pk, {"kind": row.kind, "until": until.isoformat()})
    return row


@transaction.atomic
def bring_back(org_id: UUID, row_id: UUID, *, actor: Actor) -> Attention:
    """Undo `done` or `hide`. What its own cause has ended stays ended."""
    row = _held(org_id, row_id, actor)
    if row.closed_by == Attention.PERSON or (row.closed_at is None and row.is_hidden):
        if row.kind == Attention.ALARM:
            run("UPDATE payments_alarm SET resolved_at = NULL WHERE organisation_id = %s AND id = %s", (org_id, row.subject))
        row.closed_at, row.closed_by, row.person_id, row.is_hidden, row.due_at = None, "", None, False, clock.now()
        row.save()
        audit(org_id, actor, "attention.back", "attention", row.pk, {"kind": row.kind})
    return row


_NOW = """
UPDATE delivery_delivery SET next_attempt_at = %(now)s
WHERE organisation_id = %(org)s AND id = %(id)s AND state IN ('queued', 'deferred', 'unknown') AND NOT in_flight AND next_attempt_at > %(now)s
"""


@transaction.atomic
def try_now(org_id: UUID, row_id: UUID, *, actor: Actor) -> Attention:
    """Let the worker try a waiting mail at once instead of after its pause."""
    row = _held(org_id, row_id, actor)
    if row.kind in (Attention.STUCK, Attention.DEFERRED):
        run(_NOW, {"org": org_id, "id": row.subject, "now": clock.now()})
        audit(org_id, actor, "attention.try", "attention", row.pk, {"kind": row.kind})
    return row
