"""The payer takes a question or dispute back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.support.conversations.payer import Payer
from wasl.app.support.conversations.resolve import close
from wasl.app.support.conversations.store import held, is_repeated, say, tell
from wasl.app.support.errors import NotLive
from wasl.app.support.models import PAYER, Conversation, Message


@transaction.atomic
def withdraw(org_id: UUID, conversation_id: UUID, *, by: Payer, key: str) -> Conversation:
    """Close a live conversation as if it had not been meant. What was said stays. Raises NotFound, NotLive."""
    conversation = held(org_id, conversation_id)
    if is_repeated(conversation, key):
        return conversation
    if not conversation.is_live:
        raise NotLive
    at = clock.now()
    say(conversation, side=PAYER, act=Message.WITHDRAWN, text="", key=key, channel=by.channel, at=at, author=by.email)
    close(conversation, Conversation.WITHDRAWN, PAYER, None, at)
    conversation.save()
    tell("withdrawn", conversation, at=at, by=by.email)
    return conversation
