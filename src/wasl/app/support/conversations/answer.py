"""The seller answers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.support.conversations.news import news
from wasl.app.support.conversations.store import held, is_repeated, refuse_many, say, tell
from wasl.app.support.conversations.texts import spoken
from wasl.app.support.models import SELLER, Conversation, Message
from wasl.app.support.photos import Photo
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


def answer(org_id: UUID, conversation_id: UUID, *, text: str, photos: Sequence[Photo] = (), actor: Actor, key: str) -> Conversation:
    """A message of the seller: nobody waits any more. In a closed conversation it is an afterword and opens nothing.

    Raises NotFound, NothingSaid, TooLong, ControlCharacter, TooManyPhotos.
    """
    require(org_id, actor)
    said = spoken(text, may_be_empty=bool(photos))
    refuse_many(photos)
    with transaction.atomic():
        conversation = held(org_id, conversation_id)
        if is_repeated(conversation, key):
            return conversation
        at = clock.now()
        said_now = say(
            conversation, side=SELLER, act=Message.SAID, text=said, key=key, channel=Message.CONSOLE, at=at, person_id=actor.person_id, photos=photos
        )  # fmt: skip
        answered(conversation, actor, at)
        conversation.save()
        tell("answered", conversation, at=at, by=f"person:{actor.person_id}")
        news(conversation, said_now.pk)
        audit(org_id, actor, "conversation.answer", "conversation", conversation.pk)
    return conversation


def answered(conversation: Conversation, actor: Actor, at: object) -> None:
    if conversation.is_live:
        conversation.state, conversation.state_at, conversation.state_side = Conversation.ANSWERED, at, SELLER
        conversation.state_person_id, conversation.waiting_since = actor.person_id, None
        conversation.first_answer_at = conversation.first_answer_at or at
        conversation.assignee_id = conversation.assignee_id or actor.person_id  # who answers first, goes on with it
    conversation.last_at = conversation.seller_read_at = at
