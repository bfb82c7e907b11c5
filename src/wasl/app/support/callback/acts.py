"""How a call ended: the payer cancels it; the desk reached them, or nobody picked up."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.support.callback.ask import told
from wasl.app.support.conversations import Payer
from wasl.app.support.errors import CallOver
from wasl.app.support.models import CallBack
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import normalise_email


def _held(org_id: UUID, call_id: UUID) -> CallBack:
    found = CallBack.objects.for_org(org_id).select_for_update().filter(pk=call_id).first()
    if found is None:
        raise NotFound(what="call")
    if found.state not in CallBack.LIVE:
        raise CallOver
    return found


def _ended(row: CallBack, state: str, event: str, by: str, person_id: UUID | None = None) -> CallBack:
    row.state, row.state_at, row.person_id = state, clock.now(), person_id
    row.save()
    told(row, event, by=by)
    return row


@transaction.atomic
def cancel(org_id: UUID, invoice_id: UUID, call_id: UUID, *, by: Payer) -> CallBack:
    """Only whoever asked for the call takes it back. Raises NotFound, CallOver."""
    mine = CallBack.objects.for_org(org_id).filter(pk=call_id, invoice_id=invoice_id, email=normalise_email(by.email))
    if not by.email or not mine.exists():
        raise NotFound(what="call")
    row = _held(org_id, call_id)
    return _ended(row, CallBack.CANCELLED, "call-cancelled", row.email)


@transaction.atomic
def done(org_id: UUID, call_id: UUID, *, actor: Actor) -> CallBack:
    """Somebody spoke with them. Raises NotFound, CallOver."""
    require(org_id, actor)
    row = _held(org_id, call_id)
    row.tries += 1
    _ended(row, CallBack.DONE, "call-done", f"person:{actor.person_id}", actor.person_id)
    audit(org_id, actor, "call.done", "call", row.pk)
    return row


@transaction.atomic
def unanswered(org_id: UUID, call_id: UUID, *, actor: Actor) -> CallBack:
    """Nobody picked up: the call stays in the queue, and the payer reads that it was tried. Raises NotFound, CallOver."""
    require(org_id, actor)
    row = _held(org_id, call_id)
    row.tries += 1
    _ended(row, CallBack.UNANSWERED, "call-tried", f"person:{actor.person_id}", actor.person_id)
    audit(org_id, actor, "call.unanswered", "call", row.pk, {"tries": row.tries})
    return row


@transaction.atomic
def undo(org_id: UUID, call_id: UUID, *, actor: Actor) -> CallBack:
    """ "Done" was a slip: the call waits again. Raises NotFound, CallOver where it was not done."""
    require(org_id, actor)
    row = CallBack.objects.for_org(org_id).select_for_update().filter(pk=call_id).first()
    if row is None:
        raise NotFound(what="call")
    if row.state != CallBack.DONE or not row.phone:
        raise CallOver
    row.tries -= 1
    _ended(row, CallBack.OPEN if row.tries == 0 else CallBack.UNANSWERED, "call-asked", f"person:{actor.person_id}", actor.person_id)
    audit(org_id, actor, "call.undo", "call", row.pk)
    return row
