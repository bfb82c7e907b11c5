"""Reading conversations: those of an invoice, and one whole thread in two statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wasl.app.sql import run
from wasl.app.support.models import Conversation


@dataclass(frozen=True, slots=True)
class File:
    id: UUID
    media_type: str
    size: int
    width: int
    height: int
    name: str = ""  # as its sender called it


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a thread. `text` is "" once it was erased; `is_note` marks what only the seller's people see."""

    id: UUID
    side: str
    act: str
    reason: str
    outcome: str
    note_id: UUID | None
    note_number: str
    note_amount: int  # minor units of the invoice's currency
    person: str  # the name of the seller's person; never an address, for payers read it
    author: str
    text: str
    at: datetime
    is_erased: bool
    channel: str = ""
    sender: str = ""  # of a mail that joined the conversation: for the seller's eyes
    is_stranger: bool = False  # it came from another address than the one that was written to
    files_left: int = 0  # attachments that are only in its original
    has_original: bool = False
    files: tuple[File, ...] = ()
    is_note: bool = False


def conversation_of(invoice: Any, line: str = "") -> Conversation | None:
    """The thread of the whole invoice, or of one of its lines; None where nobody has asked yet."""
    return Conversation.objects.for_org(invoice.organisation_id).filter(invoice_id=invoice.pk, line=line).first()


def conversations_of(invoice: Any) -> list[Conversation]:
    """Every thread of an invoice: those that wait first, then the newest."""
    found = Conversation.objects.for_org(invoice.organisation_id).filter(invoice_id=invoice.pk)
    return sorted(found, key=lambda each: (each.state != Conversation.OPEN, not each.is_live, -each.last_at.timestamp()))


_MESSAGES = """
SELECT m.id, m.side, m.act, m.reason, m.outcome, m.outcome_note_id, coalesce(n.number, ''), coalesce(n.payable_amount, 0),
       coalesce(p.name, ''), coalesce(b.author, ''), coalesce(b.text, ''), m.at, b.id IS NULL, m.channel,
       coalesce(x.sender, ''), coalesce(x.is_stranger, false), coalesce(x.files_left, 0), coalesce(octet_length(x.data) > 0, false)
FROM support_message m
LEFT JOIN support_messagebody b ON b.organisation_id = m.organisation_id AND b.id = m.id
LEFT JOIN support_mailin x ON x.organisation_id = m.organisation_id AND x.id = m.id
LEFT JOIN invoicing_invoice n ON n.organisation_id = m.organisation_id AND n.id = m.outcome_note_id
LEFT JOIN tenancy_person p ON p.id = m.person_id
WHERE m.organisation_id = %(org)s AND m.conversation_id = %(id)s ORDER BY m.at, m.id
"""
_FILES = """
SELECT a.message_id, a.id, a.media_type, a.size, a.width, a.height, b.name FROM support_attachment a
JOIN support_message m ON m.organisation_id = a.organisation_id AND m.id = a.message_id
JOIN support_attachmentbody b ON b.organisation_id = a.organisation_id AND b.id = a.id
WHERE a.organisation_id = %(org)s AND a.invoice_id = %(invoice)s AND m.conversation_id = %(id)s ORDER BY a.id
"""
_NOTES = """
SELECT n.id, coalesce(p.name, ''), n.text, n.at FROM support_note n LEFT JOIN tenancy_person p ON p.id = n.person_id
WHERE n.organisation_id = %(org)s AND n.conversation_id = %(id)s ORDER BY n.at, n.id
"""


def thread(conversation: Conversation, *, with_notes: bool = False) -> list[Said]:
    """Everything said, oldest first. Internal notes come only when asked for: the payer's pages never ask."""
    place = {"org": conversation.organisation_id, "id": conversation.pk, "invoice": conversation.invoice_id}
    files: dict[UUID, list[File]] = {}
    for message_id, *file in run(_FILES, place):
        files.setdefault(message_id, []).append(File(*file))
    said = [Said(*row, files=tuple(files.get(row[0], ()))) for row in run(_MESSAGES, place)]
    if with_notes:
        said += [
            Said(id_, "seller", "said", "", "", None, "", 0, person, "", text, at, False, is_note=True)
            for id_, person, text, at in run(_NOTES, place)
        ]
        said.sort(key=lambda each: (each.at, each.id))
    return said
