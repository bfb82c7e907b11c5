"""An internal note: the seller's people among themselves. No event of the invoice's story: it is nobody else's business."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wasl.app import live
from wasl.app.archive.index import queue_said
from wasl.app.support.conversations.store import held
from wasl.app.support.conversations.texts import spoken
from wasl.app.support.models import Note
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


@transaction.atomic
def note(org_id: UUID, conversation_id: UUID, *, text: str, actor: Actor, key: str) -> Note:
    """Write a note beside a conversation. Raises NotFound, NothingSaid, TooLong, ControlCharacter."""
    require(org_id, actor)
    said = spoken(text)
    conversation = held(org_id, conversation_id)
    place = {"organisation_id": org_id, "conversation_id": conversation.pk, "key": key}
    written, is_new = Note.objects.for_org(org_id).get_or_create(**place, defaults={"person_id": actor.person_id, "text": said})
    if is_new:
        queue_said(org_id, conversation.invoice_id)
        live.tell(live.topics.desk(org_id), "note", {"id": str(conversation.pk)})
        audit(org_id, actor, "conversation.note", "conversation", conversation.pk)
    return written
