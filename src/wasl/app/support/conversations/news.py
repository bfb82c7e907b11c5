"""Telling the payers of a conversation that the seller has written or settled it, by the ways that each of them chose."""

from __future__ import annotations

from uuid import UUID

from wasl.app.invoicing.links import is_withdrawn
from wasl.app.notices import kinds
from wasl.app.notices.notify import notify
from wasl.app.sql import run
from wasl.app.support.models import Conversation

# Everybody who wrote in it; with an erasure their addresses are gone, and nobody is told
_AUTHORS = """
SELECT DISTINCT lower(b.author) FROM support_message m
JOIN support_messagebody b ON b.organisation_id = m.organisation_id AND b.id = m.id
WHERE m.organisation_id = %s AND m.invoice_id = %s AND m.conversation_id = %s AND m.side = 'payer' AND b.author <> ''
"""


def news(conversation: Conversation, message_id: UUID) -> None:
    """In the transaction of the message it tells of. Whoever said that the invoice is not theirs, or had it taken
    back, hears no more of it."""
    if conversation.reason == "not_mine":
        return
    kind = kinds.DISPUTED if conversation.is_dispute and not conversation.is_live else kinds.QUESTION
    place = (conversation.organisation_id, conversation.invoice_id)
    for (address,) in run(_AUTHORS, (*place, conversation.pk)):
        if not is_withdrawn(*place, address):
            notify(kind, org=place[0], invoice=place[1], recipient=address, key=str(message_id), path="/questions")
