"""One mail that came in: to which conversation, whether a person wrote it, and the message that it becomes.

    not ours      no address of ours, or one that nobody made (T64): the mail changes nothing
    automatic     a machine wrote it: it changes nothing and is not answered
    expired, too large, unreadable, too many     not taken; the recipient is told kindly, once
    known         this very mail has joined before
    joined        one message, the original beside it; a reply to the invoice itself or a reminder opens its thread where it has none

A sender other than the address we wrote to is taken as somebody who has the mail: shown with their address, believed nothing,
told nothing further. It neither disputes nor opens a dispute again. The same holds for an address that the seller took the invoice
back from.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction

from wasl.app import clock
from wasl.app.delivery.reports import recipients
from wasl.app.invoicing.links import is_withdrawn
from wasl.app.invoicing.models import Invoice
from wasl.app.sql import run
from wasl.app.support.conversations import Payer, ask, reply
from wasl.app.support.errors import TooMuchSaid
from wasl.app.support.models import TEXT_CHARS_MAX, Conversation, MailIn, Message
from wasl.app.support.threads import address, invoices, kindly
from wasl.app.support.threads.files import taken
from wasl.app.support.threads.loops import why_automatic
from wasl.app.support.threads.parse import Read, headers, message_ref, read, senders
from wasl.app.tenancy.models import normalise_email
from wasl.errors import EnvironmentFault

log = structlog.get_logger(__name__)
AUTOMATIC, KNOWN, JOINED = "automatic", "known reply", "reply"
ADDRESSES_MAX = 3  # of ours in one mail
WINDOW = timedelta(hours=1)
SENDER_MAX = 20  # mails of one payer in WINDOW, over all conversations; or of all others together in one of them
CONVERSATION_BYTES_MAX = 80 * 1024 * 1024  # originals of one conversation in WINDOW
CUT = "…"


@dataclass(frozen=True)
class Place:
    """Where a mail to one of our addresses belongs. `pk`: the row behind the address; no conversation: the invoice's own, new or not."""

    pk: UUID
    organisation_id: UUID
    invoice_id: UUID
    recipient: str  # normalised: who alone is believed to be the payer
    conversation_id: UUID | None
    is_expired: bool


def _place_of(written: str) -> Place | None:
    row = address.row_of(written)
    if row is not None:
        return Place(row.pk, row.organisation_id, row.invoice_id, row.recipient, row.conversation_id, address.is_expired(row))
    sent = invoices.delivery_of(written)
    if sent is None:
        return None
    return Place(sent.pk, sent.organisation_id, sent.invoice_id, normalise_email(sent.recipient), None, invoices.is_expired(sent))


def receive(data: bytes, is_whole: bool = True) -> str:
    """What became of it, "" where it is not to an address of ours. With `is_whole` False, `data` is the head of a monstrous mail."""
    found = {place.pk: place for place in map(_place_of, recipients(data)[:50]) if place is not None}
    results = [_receive(place, data, is_whole) for place in list(found.values())[:ADDRESSES_MAX]]
    for result in results:
        log.info("mail to a conversation", result=result, size=len(data))
    return results[0] if results else ""


def _receive(place: Place, data: bytes, is_whole: bool) -> str:
    mail = headers(data)
    ref, who = message_ref(mail), senders(mail)
    if why_automatic(mail, ref):
        return AUTOMATIC
    why = kindly.TOO_LARGE if not is_whole else kindly.EXPIRED if place.is_expired else ""
    if not why:
        try:
            return _join(place, data, read(mail))
        except TooMuchSaid:
            why = kindly.TOO_MANY
        except (OperationalError, InterfaceError, EnvironmentFault):  # ours to mend: the mail is offered again
            raise
        except Exception:  # whatever a reader trips over in a stranger's bytes: the person is told, the next mail is read
            log.exception("reply not read")
            why = kindly.UNREADABLE
    kindly.tell(place, why, senders=who, message_ref=ref)
    return why


def _join(place: Place, data: bytes, found: Read) -> str:
    """The message and its original in one transaction."""
    key = f"m-{hashlib.sha256((found.message_ref or '').encode() or data).hexdigest()[:38]}"
    org_id, talk = place.organisation_id, _conversation(place)
    if talk is not None and Message.objects.for_org(org_id).filter(conversation_id=talk.pk, key=key).exists():
        return KNOWN
    is_stranger = found.senders != [place.recipient] or is_withdrawn(org_id, place.invoice_id, place.recipient)
    sender = found.senders[0] if len(found.senders) == 1 else ""
    _refuse_flood(org_id, talk, "" if is_stranger else sender, len(data))
    files, left = taken(found.files)
    text = found.text if len(found.text) <= TEXT_CHARS_MAX else found.text[: TEXT_CHARS_MAX - 1].rstrip() + CUT
    by = Payer("" if is_stranger else place.recipient, Message.MAIL, is_proven=not is_stranger)
    with transaction.atomic():
        if talk is None or (place.conversation_id is None and not talk.is_live):  # a new matter, whatever was settled before
            invoice = Invoice.objects.for_org(org_id).get(pk=place.invoice_id)
            talk = ask(invoice, reason=Conversation.QUESTION, text=text, photos=files, by=by, key=key, may_be_empty=True)
        else:
            reply(org_id, talk.pk, text=text, photos=files, by=by, key=key, may_be_empty=True)
        message = Message.objects.for_org(org_id).get(conversation_id=talk.pk, key=key)
        MailIn.objects.for_org(org_id).get_or_create(
            organisation_id=org_id, id=message.pk,
            defaults={
                "conversation_id": talk.pk, "invoice_id": place.invoice_id, "message_id": message.pk, "sender": sender,
                "is_stranger": is_stranger, "message_ref": found.message_ref, "files_left": min(found.files_left + left, 999), "size": len(data),
                "sha256": hashlib.sha256(data).digest(), "data": b"" if found.has_card else data,  # no card number is kept (T82)
                "received_at": clock.now(),
            },
        )  # fmt: skip
    return JOINED


def _conversation(place: Place) -> Conversation | None:
    """The one that the address names, or the invoice's own where there is one by now."""
    mine = Conversation.objects.for_org(place.organisation_id)
    if place.conversation_id is not None:
        return mine.get(pk=place.conversation_id)
    return mine.filter(invoice_id=place.invoice_id, line="").first()


# A sender that nobody has proven counts where it wrote alone: else whoever forges one silences its owner everywhere
_SENT = "SELECT count(*) FROM support_mailin WHERE sender = %s AND NOT is_stranger AND received_at > %s"
_STRANGE = "SELECT count(*) FROM support_mailin WHERE organisation_id = %s AND conversation_id = %s AND is_stranger AND received_at > %s"
_KEPT = "SELECT coalesce(sum(size), 0) FROM support_mailin WHERE organisation_id = %s AND conversation_id = %s AND received_at > %s"


def _refuse_flood(org_id: UUID, talk: Conversation | None, payer: str, size: int) -> None:
    """TooMuchSaid where the `payer`, or those who are none (""), write like a machine, or the originals would fill the disk."""
    since = clock.now() - WINDOW
    sent = run(_SENT, (payer, since)) if payer else run(_STRANGE, (org_id, talk.pk, since)) if talk is not None else [(0,)]
    if sent[0][0] >= SENDER_MAX:
        raise TooMuchSaid
    if talk is not None and run(_KEPT, (org_id, talk.pk, since))[0][0] + size > CONVERSATION_BYTES_MAX:
        raise TooMuchSaid
