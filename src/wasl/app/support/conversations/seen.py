"""Read markers: how far each side has seen a conversation. A marker moves forward only, and by a person's own visit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wasl.app.sql import run
from wasl.app.support.models import PAYER

_SEEN = {
    side: f"UPDATE support_conversation SET {column} = %(at)s WHERE organisation_id = %(org)s AND id = %(id)s"
    f" AND coalesce({column}, '-infinity') < %(at)s RETURNING id"
    for side, column in {PAYER: "payer_read_at", "seller": "seller_read_at"}.items()
}


def seen(org_id: UUID, conversation_id: UUID, *, side: str, upto: datetime) -> bool:
    """`side` has seen everything up to `upto`, the moment of the newest message shown; True where that is news."""
    return bool(run(_SEEN[side], {"org": org_id, "id": conversation_id, "at": upto}))
