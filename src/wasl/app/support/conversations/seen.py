"""How far each side has got and has seen a conversation. Markers move forward only: `got` by an open page that took the message in,
`seen` by a person who had it before them. The other side hears of both."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wasl.app import live
from wasl.app.sql import run
from wasl.app.support.models import PAYER, SELLER


def _forward(column: str, also: str = "") -> str:
    more = f", {also} = greatest({also}, %(at)s)" if also else ""
    return (
        f"UPDATE support_conversation SET {column} = %(at)s{more} WHERE organisation_id = %(org)s AND id = %(id)s"
        f" AND coalesce({column}, '-infinity') < %(at)s RETURNING id"
    )


_SEEN = {PAYER: _forward("payer_read_at", "payer_got_at"), SELLER: _forward("seller_read_at", "seller_got_at")}
_GOT = {PAYER: _forward("payer_got_at"), SELLER: _forward("seller_got_at")}


def seen(org_id: UUID, conversation_id: UUID, *, side: str, upto: datetime) -> bool:
    """`side` has seen everything up to `upto`, the moment of the newest message shown; True where that is news."""
    return _move(_SEEN, "read", org_id, conversation_id, side, upto)


def got(org_id: UUID, conversation_id: UUID, *, side: str, upto: datetime) -> bool:
    """An open page of `side` has everything up to `upto`, though nobody may be looking; True where that is news."""
    return _move(_GOT, "got", org_id, conversation_id, side, upto)


def _move(statements: dict[str, str], kind: str, org_id: UUID, conversation_id: UUID, side: str, upto: datetime) -> bool:
    if not run(statements[side], {"org": org_id, "id": conversation_id, "at": upto}):
        return False
    live.tell(live.topics.thread(org_id, conversation_id), kind, {"side": side})
    return True
