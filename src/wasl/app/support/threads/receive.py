"""One mail that came in: to which conversation, whether a person wrote it, and the message that it becomes.

    not ours      no address of ours, or one that nobody made (T64): the mail changes nothing
    automatic     a machine wrote it: it changes nothing and is not answered
    expired, too large, unreadable, too many     not taken; the recipient is told kindly, once
    known         this very mail has joined before
    joined        one message, the original beside it

A sender other than the address we wrote to is taken as somebody who has the mail: shown with their address, believed nothing,
told nothing further. It neither disputes nor opens a dispute again.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction

from wasl.app import clock
from wasl.app.delivery.reports import recipients
from wasl.app.sql import run
from wasl.app.support.conversations import Payer, reply
from wasl.app.support.errors import TooMuchSaid
from wasl.app.support.models import TEXT_CHARS_MAX, MailIn, Message, ReplyAddress
from wasl.app.support.threads import kindly
from wasl.app.support.threads.address import is_expired, row_of
from wasl.app.support.threads.files import taken
from wasl.app.support.threads.loops import why_automatic
from wasl.app.support.threads.parse import Read, headers, message_ref, read, senders
from wasl.errors import EnvironmentFault

log = structlog.get_logger(__name__)
AUTOMATIC, KNOWN, JOINED = "automatic", "known reply", "reply"
ADDRESSES_MAX = 3  # of ours in one mail
WINDOW = timedelta(hours=1)
SENDER_MAX = 20  # mails of one sender in WINDOW, over all conversations
CONVERSATION_BYTES_MAX = 80 * 1024 * 1024  # originals of one conversation in WINDOW
CUT = "…"


def receive(data: bytes, is_whole: bool = True) -> str:
    """What became of it, "" where it is not to an address of ours. With `is_whole` False, `data` is the head of a monstrous mail."""
    rows = {row.pk: row for row in map(row_of, recipients(data)[:50]) if row is not None}
    results = [_receive(row, data, is_whole) for row in list(rows.values())[:ADDRESSES_MAX]]
    for result in results:
        log.info("mail to a conversation", result=result, size=len(data))
    return results[0] if results else ""


def _receive(row: ReplyAddress, data: bytes, is_whole: bool) -> str:
    mail = headers(data)
    ref, who = message_ref(mail), senders(mail)
    if why_automatic(mail, ref):
        return AUTOMATIC
    why = kindly.TOO_LARGE if not is_whole else kindly.EXPIRED if is_expired(row) else ""
    if not why:
        try:
            return _join(row, data, read(mail))
        except TooMuchSaid:
            why = kindly.TOO_MANY
        except (OperationalError, InterfaceError, EnvironmentFault):  # ours to mend: the mail is offered again
            raise
        except Exception:  # whatever a reader trips over in a stranger's bytes: the person is told, the next mail is read
            log.exception("reply not read")
            why = kindly.UNREADABLE
    kindly.tell(row, why, senders=who, message_ref=ref)
    return why


def _join(row: ReplyAddress, data: bytes, found: Read) -> str:
    """The message and its original in one transaction."""
    key = f"m-{hashlib.sha256((found.message_ref or '').encode() or data).hexdigest()[:38]}"
    place = {"organisation_id": row.organisation_id, "conversation_id": row.conversation_id}
    if Message.objects.for_org(row.organisation_id).filter(conversation_id=row.conversation_id, key=key).exists():
        return KNOWN
    is_stranger = found.senders != [row.recipient]
    sender = found.senders[0] if len(found.senders) == 1 else ""
    _refuse_flood(row, sender, len(data))
    files, left = taken(found.files)
    text = found.text if len(found.text) <= TEXT_CHARS_MAX else found.text[: TEXT_CHARS_MAX - 1].rstrip() + CUT
    by = Payer("" if is_stranger else row.recipient, Message.MAIL, is_proven=not is_stranger)
    with transaction.atomic():
        reply(row.organisation_id, row.conversation_id, text=text, photos=files, by=by, key=key, may_be_empty=True)
        message = Message.objects.for_org(row.organisation_id).get(conversation_id=row.conversation_id, key=key)
        MailIn.objects.for_org(row.organisation_id).get_or_create(
            organisation_id=row.organisation_id, id=message.pk,
            defaults={
                **place, "invoice_id": row.invoice_id, "message_id": message.pk, "sender": sender, "is_stranger": is_stranger,
                "message_ref": found.message_ref, "files_left": min(found.files_left + left, 999), "size": len(data),
                "sha256": hashlib.sha256(data).digest(), "data": b"" if found.has_card else data,  # no card number is kept (T82)
                "received_at": clock.now(),
            },
        )  # fmt: skip
    return JOINED


_SENT = "SELECT count(*) FROM support_mailin WHERE sender = %s AND received_at > %s"
_KEPT = "SELECT coalesce(sum(size), 0) FROM support_mailin WHERE organisation_id = %s AND conversation_id = %s AND received_at > %s"


def _refuse_flood(row: ReplyAddress, sender: str, size: int) -> None:
    """TooMuchSaid where one sender writes like a machine, or the originals would fill the disk."""
    since = clock.now() - WINDOW
    if run(_SENT, (sender, since))[0][0] >= SENDER_MAX:
        raise TooMuchSaid
    if run(_KEPT, (row.organisation_id, row.conversation_id, since))[0][0] + size > CONVERSATION_BYTES_MAX:
        raise TooMuchSaid
