"""The payer goes on with a conversation; one that was closed is opened by it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.support.conversations.ask import wait
from wasl.app.support.conversations.payer import Payer
from wasl.app.support.conversations.store import held, is_repeated, refuse_flood, refuse_many, say, tell
from wasl.app.support.conversations.texts import spoken
from wasl.app.support.models import PAYER, Conversation, Message
from wasl.app.support.photos import Photo


def reply(
    org_id: UUID, conversation_id: UUID, *, text: str, photos: Sequence[Photo] = (), by: Payer, key: str, may_be_empty: bool = False
) -> Conversation:
    """One more message of the payer. `may_be_empty`: what was said lies beside it, as a mail's original does.

    Raises NotFound, NothingSaid, TooLong, ControlCharacter, TooManyPhotos, TooMuchSaid.
    """
    said = spoken(text, may_be_empty=bool(photos) or may_be_empty)
    refuse_many(photos)
    with transaction.atomic():
        conversation = held(org_id, conversation_id)
        if is_repeated(conversation, key):
            return conversation
        refuse_flood(org_id, conversation.invoice_id)
        at, was_live = clock.now(), conversation.is_live
        if not was_live:
            conversation.opened_at, conversation.first_answer_at, conversation.outcome, conversation.outcome_note_id = at, None, "", None
            if not by.is_proven:  # a stranger asks; only who received the invoice disputes it
                conversation.kind = conversation.reason = Conversation.QUESTION
        say(conversation, side=PAYER, act=Message.SAID, text=said, key=key, channel=by.channel, at=at, author=by.email, photos=photos)
        wait(conversation, at, has_read=by.is_proven)
        conversation.save()
        again = "disputed" if conversation.is_dispute else "asked"  # a dispute that lives again stops reminders again
        tell("replied" if was_live else again, conversation, at=at, by=by.email, more={} if was_live else {"again": True})
    return conversation
