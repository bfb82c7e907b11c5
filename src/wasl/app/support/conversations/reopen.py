"""The seller takes a closing back: the conversation stands where it stood, and says so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.support.conversations.store import held, is_repeated, say, tell
from wasl.app.support.errors import NotClosed
from wasl.app.support.models import SELLER, Conversation, Message
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


@transaction.atomic
def reopen(org_id: UUID, conversation_id: UUID, *, waiting_since: datetime | None, actor: Actor, key: str) -> Conversation:
    """Open a conversation that the seller closed: waiting since then, or answered where nobody waited.

    Not after a credit note, which stands. A dispute stops reminders again. Raises NotFound, NotClosed.
    """
    require(org_id, actor)
    conversation = held(org_id, conversation_id)
    if is_repeated(conversation, key):
        return conversation
    if conversation.state != Conversation.RESOLVED or conversation.state_side != SELLER or conversation.outcome == Conversation.CREDITED:
        raise NotClosed
    at = clock.now()
    state = Conversation.OPEN if waiting_since else Conversation.ANSWERED
    say(
        conversation, side=SELLER, act=Message.REOPENED, reason=state, text="", key=key, channel=Message.CONSOLE, at=at, person_id=actor.person_id
    )
    conversation.state, conversation.state_at, conversation.state_side, conversation.state_person_id = state, at, SELLER, actor.person_id
    conversation.waiting_since, conversation.outcome = waiting_since, ""
    conversation.last_at = conversation.seller_read_at = at
    conversation.save()
    again = {"again": True, "undone": True}
    tell("disputed" if conversation.is_dispute else "asked", conversation, at=at, by=f"person:{actor.person_id}", more=again)
    audit(org_id, actor, "conversation.reopen", "conversation", conversation.pk)
    return conversation
