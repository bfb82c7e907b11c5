"""Signed reply addresses of mails that tell of no conversation yet, the invoice itself and its reminders: `wasl+i<delivery><mark>@host`.

The delivery is named, so nothing is stored for the many mails that nobody answers; it says which invoice, and to whom the mail went.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from typing import Any
from uuid import UUID

from django.conf import settings

from wasl.app import clock
from wasl.app.delivery.models import Delivery
from wasl.app.sql import run
from wasl.app.support.threads.address import LIFE, MARK_BYTES
from wasl.app.tenancy import keys

LETTER = "i"  # neither a return path nor the address of a conversation passes for it
_ID_CHARS, _MARK_CHARS = 26, 16  # base32 of 16 and 10 octets, without padding


def takes_mail() -> bool:
    """Whether this installation hears what is written to it."""
    return bool(settings.CONFIG.imap_url or settings.CONFIG.mail_hook_secret)


def answers_to(delivery: Any) -> str:
    """The address that a mail about an invoice carries for replies; "" where nobody here would hear them."""
    if not takes_mail():
        return ""
    local, _, domain = settings.CONFIG.mail_from.rpartition("@")
    packed = b32encode(delivery.pk.bytes).decode().rstrip("=").lower()
    return f"{local}+{LETTER}{packed}{_mark(delivery.organisation_id, delivery.pk)}@{domain}"


def delivery_of(address: str) -> Delivery | None:
    """The mail that an address belongs to; None for any that we have not made, and for one whose recipient was erased."""
    local, _, domain = address.strip().lower().rpartition("@")
    ours, _, our_domain = settings.CONFIG.mail_from.lower().rpartition("@")
    base, _, token = local.partition("+")
    if base != ours or domain != our_domain or len(token) != 1 + _ID_CHARS + _MARK_CHARS or token[0] != LETTER or not token.isascii():
        return None
    try:
        delivery_id = UUID(bytes=b32decode(token[1 : 1 + _ID_CHARS].upper() + "======"))
    except ValueError:
        return None
    found: Any = run("SELECT organisation_id FROM delivery_delivery WHERE id = %s AND recipient <> ''", (delivery_id,))
    org_id = found[0][0] if found else delivery_id
    is_genuine = hmac.compare_digest(token[1 + _ID_CHARS :].encode(), _mark(org_id, delivery_id).encode())
    return Delivery.objects.for_org(org_id).get(pk=delivery_id) if found and is_genuine else None


def is_expired(delivery: Delivery) -> bool:
    return delivery.queued_at + LIFE < clock.now()


def _mark(org_id: UUID, delivery_id: UUID) -> str:
    said = b"wasl/invoice-reply/v1\n" + org_id.bytes + delivery_id.bytes
    return b32encode(hmac.digest(keys.master().derive("reply-address"), said, "sha256")[:MARK_BYTES]).decode().lower()
