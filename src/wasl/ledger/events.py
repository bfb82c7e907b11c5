"""The logged events: which there are, which fields they have, and how the sequencer completes one.

The business transaction writes type, time, hash, amounts and account; the sequencer adds log, seq, tseq and prev in append
order, so no business transaction waits for a counter. A log shard opens with an event that names the checkpoint before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, get_args

from wasl.errors import Words
from wasl.ledger.canonical import Value
from wasl.ledger.checkpoint import Checkpoint
from wasl.ledger.errors import EventNotCanonical

VERSION = 1
EventType = Literal[
    "issued",
    "sealed",
    "reported",
    "cleared",
    "rejected",
    "delivered",
    "acknowledged",
    "paid",
    "refunded",
    "charged-back",
    "credited",
    "cancelled",
    "account-changed",
    "erased",
    "key-rotated",
    "shard-opened",
    "shard-closed",
]
EVENT_TYPES: frozenset[str] = frozenset(get_args(EventType))
NO_PREVIOUS = ""  # `prev` of a document's first event
# Field -> what it must be. Those of the sequencer come first; "sha256" is of the exact document bytes, amounts are in
# minor units of `currency`, "account" has the hash of the normalised IBAN and the version of its record.
_SEQUENCED = frozenset(("v", "log", "org", "doc", "seq", "tseq", "prev"))
_BUSINESS = frozenset(
    ("type", "time", "sha256", "amount", "tax", "due", "currency", "authority", "account", "role", "channel", "reference", "shard")
)
_HEX = re.compile(r"[0-9a-f]{64}")


def time_text(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


def business_part(type_: EventType, *, at: datetime, **fields: Value) -> dict[str, Value]:
    """What the business transaction knows. Fields: sha256, amount, tax, due, currency, authority, account, role, channel, reference."""
    if type_ not in EVENT_TYPES:
        raise EventNotCanonical(field="type", reason=Words(f"{type_!r} is not a logged event", f"{type_!r} ليس حدثًا يُسجَّل"))
    if not _BUSINESS.issuperset(fields):
        raise EventNotCanonical(field=min(fields.keys() - _BUSINESS), reason=Words("there is no such field", "لا حقل بهذا الاسم"))
    digest = fields.get("sha256")
    if digest is not None and not (isinstance(digest, str) and _HEX.fullmatch(digest)):
        raise EventNotCanonical(field="sha256", reason=Words("it is not 64 lower-case hex digits", "ليس 64 خانة ست عشرية بأحرف صغيرة"))
    return {"type": type_, "time": time_text(at), **fields}


def complete(part: Mapping[str, Value], *, log: str, org: str, doc: str, seq: int, tseq: int, prev: str) -> dict[str, Value]:
    """The event as it is logged. `seq` counts the document's events, `tseq` the organisation's, both from 0 and without gaps;
    `prev` is the hex commitment of the document's previous event, or NO_PREVIOUS."""
    if not _SEQUENCED.isdisjoint(part):
        raise EventNotCanonical(field=min(part.keys() & _SEQUENCED), reason=Words("only the sequencer sets it", "لا يضعه إلا مرتّب السجل"))
    if (seq == 0) != (prev == NO_PREVIOUS):
        why = Words(
            "the first event has none, every later one names the one before",
            "لا يكون في الحدث الأول، وكل حدث بعده يسمّي ما قبله",
        )
        raise EventNotCanonical(field="prev", reason=why)
    return {**part, "v": VERSION, "log": log, "org": org, "doc": doc, "seq": seq, "tseq": tseq, "prev": prev}


def shard_opened(previous: Checkpoint, *, at: datetime) -> dict[str, Value]:
    """The first event of a new log: it names the last checkpoint of the old one, so nobody can pretend there was none."""
    named: dict[str, Value] = {"origin": previous.origin, "size": previous.size, "root": previous.root.hex()}
    return business_part("shard-opened", at=at, shard=named)


def shard_closed(successor: str, *, at: datetime) -> dict[str, Value]:
    """The last event of a log that a new one follows."""
    return business_part("shard-closed", at=at, shard={"origin": successor})
