"""Signed reply addresses: `wasl+r<row><mark>@host`. The mark is over organisation, conversation and recipient.

Knowing one says that its mail was seen; who writes is told by the sender, which is compared with the recipient.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.support.models import Conversation, ReplyAddress
from wasl.app.tenancy import keys
from wasl.app.tenancy.models import normalise_email

LETTER = "r"  # one character more than a return path, so neither passes for the other
MARK_BYTES = 10  # 80 bits: nobody guesses one
LIFE = timedelta(days=180)  # since a mail last carried it: a thread that is taken up again half a year later gets a new one
_ID_CHARS, _MARK_CHARS = 26, 16  # base32 of 16 and 10 octets, without padding


def address_for(conversation: Conversation, recipient: str) -> str:
    """The address that a mail to `recipient` carries from now on; the same for every mail of the conversation."""
    place = {"organisation_id": conversation.organisation_id, "conversation_id": conversation.pk, "recipient": normalise_email(recipient)}
    row, is_new = ReplyAddress.objects.for_org(conversation.organisation_id).get_or_create(
        **place, defaults={"invoice_id": conversation.invoice_id}
    )
    if not is_new:
        row.used_at = clock.now()
        row.save(update_fields=["used_at"])
    return written(row)


def written(row: ReplyAddress) -> str:
    local, _, domain = settings.CONFIG.mail_from.rpartition("@")
    packed = b32encode(row.pk.bytes).decode().rstrip("=").lower()
    return f"{local}+{LETTER}{packed}{_mark(row.organisation_id, row.conversation_id, row.pk, row.recipient)}@{domain}"


def is_expired(row: ReplyAddress) -> bool:
    return row.used_at + LIFE < clock.now()


def row_of(address: str) -> ReplyAddress | None:
    """The row that an address names; None for any that we have not made. Letters in either case, as some servers fold them."""
    local, _, domain = address.strip().lower().rpartition("@")
    ours, _, our_domain = settings.CONFIG.mail_from.lower().rpartition("@")
    base, _, token = local.partition("+")
    if base != ours or domain != our_domain or len(token) != 1 + _ID_CHARS + _MARK_CHARS or token[0] != LETTER or not token.isascii():
        return None
    try:
        row_id = UUID(bytes=b32decode(token[1 : 1 + _ID_CHARS].upper() + "======"))
    except ValueError:
        return None
    found: Any = run("SELECT organisation_id FROM support_replyaddress WHERE id = %s", (row_id,))
    row = ReplyAddress.objects.for_org(found[0][0]).get(pk=row_id) if found else None
    place = (row.organisation_id, row.conversation_id, row.pk, row.recipient) if row else (row_id, row_id, row_id, "")
    is_genuine = hmac.compare_digest(token[1 + _ID_CHARS :].encode(), _mark(*place).encode())
    return row if row is not None and is_genuine else None


def _mark(org_id: UUID, conversation_id: UUID, row_id: UUID, recipient: str) -> str:
    said = b"wasl/reply-address/v1\n" + org_id.bytes + conversation_id.bytes + row_id.bytes + recipient.encode()
    return b32encode(hmac.digest(keys.master().derive("reply-address"), said, "sha256")[:MARK_BYTES]).decode().lower()
