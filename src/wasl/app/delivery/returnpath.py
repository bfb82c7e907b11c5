"""Signed return addresses: `wasl+<delivery><mark>@host`. Only who saw the mail can report about it, and only about that mail."""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from uuid import UUID

from django.conf import settings

from wasl.app.tenancy import keys

MARK_BYTES = 10  # 80 bits: nobody guesses one
_ID_CHARS, _MARK_CHARS = 26, 16  # base32 of 16 and 10 bytes, without padding


def _key() -> bytes:
    return keys.master().derive("return-path")


def _mark(delivery_id: UUID) -> str:
    digest = hmac.digest(_key(), b"wasl/return-path/v1\n" + delivery_id.bytes, "sha256")[:MARK_BYTES]
    return b32encode(digest).decode().lower()


def return_path(delivery_id: UUID) -> str:
    """The envelope sender of one delivery: at most 64 characters before the @, letters in one case as some servers fold it."""
    local, _, domain = settings.CONFIG.mail_from.rpartition("@")
    packed = b32encode(delivery_id.bytes).decode().rstrip("=").lower()
    return f"{local}+{packed}{_mark(delivery_id)}@{domain}"


def delivery_of(address: str) -> UUID | None:
    """The delivery that a return address belongs to; None for any that we have not made."""
    local, _, domain = address.strip().lower().rpartition("@")
    ours, _, our_domain = settings.CONFIG.mail_from.lower().rpartition("@")
    base, plus, token = local.partition("+")
    if not plus or base != ours or domain != our_domain or len(token) != _ID_CHARS + _MARK_CHARS or not token.isascii():
        return None
    try:
        delivery_id = UUID(bytes=b32decode(token[:_ID_CHARS].upper() + "======"))
    except ValueError:
        return None
    return delivery_id if hmac.compare_digest(token[_ID_CHARS:].encode(), _mark(delivery_id).encode()) else None
