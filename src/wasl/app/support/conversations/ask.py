"""The payer asks about an invoice or one of its lines, or disputes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import read_issued
from wasl.app.support.conversations.payer import Payer
from wasl.app.support.conversations.store import held, is_repeated, refuse_flood, refuse_many, say, tell
from wasl.app.support.conversations.texts import spoken
from wasl.app.support.errors import LineUnknown, ReasonUnknown
from wasl.app.support.models import PAYER, Conversation, Message
from wasl.app.support.photos import Photo


def ask(
    invoice: Any, *, line: str | None = None, reason: str, text: str, photos: Sequence[Photo] = (), by: Payer, key: str, may_be_empty: bool = False
) -> Conversation:  # fmt: skip
    """Open the thread of the invoice (or of `line`, BT-126), or go on with it; the payer waits from now on.

    Every reason but "question" is a dispute: from then on no reminder is sent until it is settled or withdrawn. A question
    asked about a line in dispute stays part of the dispute. `may_be_empty`: what was said lies beside it, as a mail's original does.
    Raises ReasonUnknown, LineUnknown, NothingSaid, TooLong, ControlCharacter, TooManyPhotos, TooMuchSaid.
    """
    if reason not in Conversation.REASONS:
        raise ReasonUnknown
    said = spoken(text, may_be_empty=may_be_empty or bool(photos) or reason in ("not_received", "not_mine", "paid"))  # these say it all
    refuse_many(photos)
    refuse_stranger(invoice, line or "")
    with transaction.atomic():
        return _ask(invoice, line or "", reason, said, photos, by, key)


def _ask(invoice: Any, line: str, reason: str, said: str, photos: Sequence[Photo], by: Payer, key: str) -> Conversation:
    at = clock.now()
    conversation = _thread(invoice, line, reason, at)
    if is_repeated(conversation, key):
        return conversation
    refuse_flood(invoice.organisation_id, invoice.pk)
    is_dispute = reason != Conversation.QUESTION
    if not conversation.is_live:
        conversation.opened_at, conversation.first_answer_at, conversation.outcome, conversation.outcome_note_id = at, None, "", None
    if is_dispute or not (conversation.is_live and conversation.is_dispute):
        conversation.kind = Conversation.DISPUTE if is_dispute else Conversation.QUESTION
        conversation.reason = reason
    act = Message.DISPUTED if is_dispute else Message.ASKED
    say(conversation, side=PAYER, act=act, reason=reason, text=said, key=key, channel=by.channel, at=at, author=by.email, photos=photos)
    wait(conversation, at, has_read=by.is_proven)
    conversation.save()
    tell("disputed" if is_dispute else "asked", conversation, at=at, by=by.email)
    return conversation


def _thread(invoice: Any, line: str, reason: str, at: datetime) -> Conversation:
    """The one thread of this invoice and line, its row held; made where there is none yet."""
    place = {"organisation_id": invoice.organisation_id, "invoice_id": invoice.pk, "line": line}
    kind = Conversation.QUESTION if reason == Conversation.QUESTION else Conversation.DISPUTE
    started = {"kind": kind, "reason": reason, "opened_at": at, "waiting_since": at, "state_at": at, "last_at": at}
    found, is_new = Conversation.objects.for_org(invoice.organisation_id).get_or_create(**place, defaults=started)
    return found if is_new else held(invoice.organisation_id, found.pk)


def wait(conversation: Conversation, at: datetime, *, has_read: bool = True) -> None:
    """The payer waits: since now, or since the first message that nobody answered."""
    if conversation.state != Conversation.OPEN:
        conversation.state, conversation.state_at, conversation.state_side, conversation.state_person_id = Conversation.OPEN, at, PAYER, None
    conversation.waiting_since = conversation.waiting_since or at
    conversation.last_at = at
    if has_read:
        conversation.payer_read_at = at


def refuse_stranger(invoice: Any, line: str) -> None:
    """LineUnknown unless the sealed document has that line; without the document there are no lines to ask about."""
    if not line:
        return
    try:
        known = {each.identifier for each in read_issued(invoice).lines}
    except NotFound:
        known = set()
    if line not in known:
        raise LineUnknown(line=line[:20])
