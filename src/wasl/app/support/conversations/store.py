"""What every act of a conversation shares: the row held, one message with its body and files, one event."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from wasl.app import clock, live
from wasl.app.errors import NotFound
from wasl.app.events.record import record
from wasl.app.payments.pan import masked
from wasl.app.support.errors import TooManyPhotos, TooMuchSaid
from wasl.app.support.models import PAYER, Attachment, AttachmentBody, Conversation, Message, MessageBody
from wasl.app.support.photos import Photo

PHOTOS_MAX = 4  # a message
HOURLY_MAX = 60  # messages of payers about one invoice: one a minute, for an hour
WINDOW = timedelta(hours=1)


def held(org_id: UUID, conversation_id: UUID) -> Conversation:
    """The row, locked until this transaction ends. NotFound for any id of another organisation."""
    found = Conversation.objects.for_org(org_id).select_for_update().filter(pk=conversation_id).first()
    if found is None:
        raise NotFound(what="conversation")
    return found


def is_repeated(conversation: Conversation, key: str) -> bool:
    """Whether the form with this key has done its work before."""
    return Message.objects.for_org(conversation.organisation_id).filter(conversation_id=conversation.pk, key=key).exists()


def refuse_flood(org_id: UUID, invoice_id: UUID) -> None:
    """TooMuchSaid where payers have written about this invoice as much as anybody can read. Counted in the database, so in all processes."""
    since = clock.now() - WINDOW
    said = Message.objects.for_org(org_id).filter(invoice_id=invoice_id, side=PAYER, at__gt=since).count()
    if said >= HOURLY_MAX:
        raise TooMuchSaid


def refuse_many(photos: Sequence[Photo]) -> None:
    if len(photos) > PHOTOS_MAX:
        raise TooManyPhotos(limit=PHOTOS_MAX)


def say(
    conversation: Conversation, *, side: str, act: str, text: str, key: str, channel: str, at: datetime, author: str = "",
    person_id: UUID | None = None, reason: str = "", outcome: str = "", note_id: UUID | None = None, photos: Sequence[Photo] = (),
) -> Message:  # fmt: skip
    """Insert one message of the thread, with what was said and shown in it."""
    where = {"organisation_id": conversation.organisation_id, "invoice_id": conversation.invoice_id}
    message = Message.objects.create(
        **where, conversation_id=conversation.pk, side=side, act=act, reason=reason, outcome=outcome, outcome_note_id=note_id,
        person_id=person_id, channel=channel, key=key, at=at,
    )  # fmt: skip
    MessageBody.objects.create(**where, id=message.pk, message_id=message.pk, text=masked(text), author=author)  # T82
    for photo in photos:
        file = Attachment.objects.create(
            **where, message_id=message.pk, media_type=photo.media_type, size=len(photo.data), sha256=hashlib.sha256(photo.data).digest(),
            width=photo.width, height=photo.height, scan=Attachment.CLEAN if photo.is_scanned else Attachment.UNSCANNED,
        )  # fmt: skip
        AttachmentBody.objects.create(**where, id=file.pk, attachment_id=file.pk, name=photo.name, data=photo.data)
    return message


def tell(event_type: str, conversation: Conversation, *, at: datetime, by: str, more: Mapping[str, Any] | None = None) -> None:
    """The event of an act. `by` is the payer's address or `person:<id>`: it can be erased with the event's details."""
    data = {"conversation": str(conversation.pk), "line": conversation.line, "kind": conversation.kind, "reason": conversation.reason, "by": by}
    if "@" in by:
        data["recipient"] = by  # how the story tells whose act it was
    record(event_type, org=conversation.organisation_id, invoice=conversation.invoice_id, at=at, data=data | dict(more or {}))
    hear(conversation, "message", {"at": at.astimezone(UTC).isoformat(timespec="microseconds")})


def hear(conversation: Conversation, kind: str, data: Mapping[str, Any] | None = None) -> None:
    """Open pages hear of it at COMMIT: both sides' threads, the desk, and the invoice's page for its badge. Only that it happened,
    never what was said; what payers must not know (notes, who takes care of it) is told to the desk alone."""
    org = conversation.organisation_id
    live.tell(live.topics.thread(org, conversation.pk), kind, data)
    if kind == "message":
        live.tell(live.topics.desk(org), "thread", {"id": str(conversation.pk)})
        live.tell(live.topics.invoice(org, conversation.invoice_id), "thread", {"id": str(conversation.pk)})
