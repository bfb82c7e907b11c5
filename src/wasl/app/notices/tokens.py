"""Capabilities in mails: what a link to unsubscribe opens. The token names a mail and proves that we made it; nothing is stored.

It says whose mail it was only to us, works as long as that mail's row knows its recipient, and can do no more than switch notices off.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from uuid import UUID

from wasl.app.sql import run
from wasl.app.tenancy import keys
from wasl.app.tenancy.models import normalise_email

MAIL, DIGEST = b"m", b"d"
MARK_BYTES = 18  # 144 bits
TOKEN_BYTES = 1 + 16 + MARK_BYTES
TOKEN_CHARS = 47  # base64url without padding


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever got the mail: the address, the kind of notice ("" for a digest), and which mail it was."""

    email: str
    kind: str
    id: UUID
    org_id: UUID | None = None
    invoice_id: UUID | None = None


def _mark(body: bytes) -> bytes:
    return hmac.digest(keys.master().derive("unsubscribe"), b"wasl/unsubscribe/v1\n" + body, "sha256")[:MARK_BYTES]


def token_for(row_id: UUID, *, is_digest: bool = False) -> str:
    body = (DIGEST if is_digest else MAIL) + row_id.bytes
    return _written(body + _mark(body))


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


_MAIL = "SELECT recipient, kind, id, organisation_id, invoice_id FROM delivery_delivery WHERE id = %s AND recipient <> ''"
_DIGEST = "SELECT email, '', id, NULL::uuid, NULL::uuid FROM notices_digest WHERE id = %s"


def holder_of(token: str) -> Holder | None:
    """Who holds the token; None for any text that we have not made, or whose mail was erased."""
    if len(token) != TOKEN_CHARS or not token.isascii():
        return None
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, mark = data[:17], data[17:]
    if _written(data) != token:  # base64 reads the same octets from four spellings of its last letter
        return None
    if len(data) != TOKEN_BYTES or not hmac.compare_digest(mark, _mark(body)) or body[:1] not in (MAIL, DIGEST):
        return None
    rows = run(_DIGEST if body[:1] == DIGEST else _MAIL, (UUID(bytes=body[1:]),))
    return Holder(normalise_email(rows[0][0]), *rows[0][1:]) if rows else None
