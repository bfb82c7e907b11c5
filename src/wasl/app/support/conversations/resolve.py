"""A conversation is settled: by the seller with an outcome, or by the payer, who has what they wanted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.invoicing.models import Invoice
from wasl.app.support.conversations.news import news
from wasl.app.support.conversations.payer import Payer
from wasl.app.support.conversations.store import held, is_repeated, say, tell
from wasl.app.support.conversations.texts import spoken
from wasl.app.support.errors import NotLive, OutcomeUnknown
from wasl.app.support.models import PAYER, SELLER, Conversation, Message
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


@transaction.atomic
def resolve(
    org_id: UUID, conversation_id: UUID, *, by: Actor | Payer, outcome: str = "", note_id: UUID | None = None, text: str = "", key: str
) -> Conversation:
    """Close a live conversation. The seller says how: explained, corrected, or by a credit note on this very invoice.

    Raises NotFound, NotLive, OutcomeUnknown, TooLong, ControlCharacter.
    """
    is_seller = isinstance(by, Actor)
    if is_seller:
        require(org_id, by)
    conversation = held(org_id, conversation_id)
    if is_repeated(conversation, key):
        return conversation
    if not conversation.is_live:
        raise NotLive
    number = _number(conversation, outcome, note_id) if is_seller else ""
    outcome, note_id = (outcome, note_id) if is_seller else ("", None)
    at, side = clock.now(), SELLER if is_seller else PAYER
    person_id = by.person_id if isinstance(by, Actor) else None
    last = say(
        conversation, side=side, act=Message.RESOLVED, outcome=outcome, note_id=note_id, text=spoken(text, may_be_empty=True), key=key, at=at,
        channel=Message.CONSOLE if isinstance(by, Actor) else by.channel, author="" if isinstance(by, Actor) else by.email, person_id=person_id,
    )  # fmt: skip
    close(conversation, Conversation.RESOLVED, side, person_id, at)
    conversation.outcome, conversation.outcome_note_id = outcome, note_id
    if is_seller:
        conversation.first_answer_at = conversation.first_answer_at or at
        conversation.assignee_id = conversation.assignee_id or person_id
    conversation.save()
    tell(
        "resolved", conversation, at=at, by=f"person:{person_id}" if isinstance(by, Actor) else by.email, more={"outcome": outcome, "number": number}
    )
    if isinstance(by, Actor):
        if outcome != Conversation.CREDITED:  # the credit note tells of itself
            news(conversation, last.pk)
        audit(org_id, by, "conversation.resolve", "conversation", conversation.pk, {"outcome": outcome})
    return conversation


def _number(conversation: Conversation, outcome: str, note_id: UUID | None) -> str:
    """The number of the credit note that settles it; empty for the other outcomes."""
    if outcome not in Conversation.OUTCOMES or (outcome == Conversation.CREDITED) != (note_id is not None):
        raise OutcomeUnknown
    if note_id is None:
        return ""
    note: Any = Invoice.objects.for_org(conversation.organisation_id).filter(pk=note_id, original_id=conversation.invoice_id).first()
    if note is None:
        raise OutcomeUnknown
    return note.number


def close(conversation: Conversation, state: str, side: str, person_id: UUID | None, at: Any) -> None:
    conversation.state, conversation.state_at, conversation.state_side, conversation.state_person_id = state, at, side, person_id
    conversation.waiting_since, conversation.last_at = None, at
    if side == PAYER:
        conversation.payer_read_at = at
    else:
        conversation.seller_read_at = at
