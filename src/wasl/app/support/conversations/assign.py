"""Who of the seller's people takes care of a conversation."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wasl.app import live
from wasl.app.errors import NotFound
from wasl.app.support.conversations.store import held
from wasl.app.support.models import Conversation
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import Membership


@transaction.atomic
def assign(org_id: UUID, conversation_id: UUID, *, person_id: UUID | None, actor: Actor) -> Conversation:
    """Give it to a member, or to nobody. Raises NotFound."""
    require(org_id, actor)
    conversation = held(org_id, conversation_id)
    if person_id is not None and not Membership.objects.for_org(org_id).filter(person_id=person_id).exists():
        raise NotFound(what="member")
    if conversation.assignee_id != person_id:
        conversation.assignee_id = person_id
        conversation.save(update_fields=["assignee"])
        live.tell(live.topics.desk(org_id), "desk", {"id": str(conversation.pk)})
        audit(org_id, actor, "conversation.assign", "conversation", conversation.pk, {"to": str(person_id or "")})
    return conversation
