"""One sequencer: gives each event of the outbox its place in the log, its document's and its organisation's order.

The advisory lock keeps a second sequencer idle; the head row, locked and compared, keeps it harmless. Leaves, tiles,
openings and head are one transaction with the emptying of the outbox, so a kill leaves either all of it or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from wasl.app.logs import log as log_line
from wasl.app.proofs import log
from wasl.app.proofs.waiting import Waiting, forget_logged, organisations, take
from wasl.app.sql import copy_packed, run
from wasl.errors import WaslError
from wasl.ledger import events, leaf
from wasl.ledger.canonical import canonical
from wasl.ledger.tiles import Frontier
from wasl.rules.quiet import quiet

BATCH = 4000  # a commit's fixed cost is spread; no business transaction waits for what a batch locks

# Rows in the binary form of COPY: the number of columns, then each value after its length.
_SALT_COLUMNS = ("organisation_id", "id", "salt", "key_id")
_SALT = Struct(">hi16si16si32si")
_ENTRY_COLUMNS = ("shard_id", "index", "leaf", "organisation_id", "event_id", "document_id", "seq", "tseq")
_ENTRY = Struct(">hi16siqi33si16si16si16siqiq")
_OPENING_COLUMNS = ("organisation_id", "id", "key_id", "canonical")
_OPENING = Struct(">hi16si16sii")  # its last value, of any length, follows

# A planner without statistics of the outbox would read and sort all of it for each batch; its index has the order already.
_ALONE = "SELECT pg_try_advisory_xact_lock(%s), set_config('enable_sort', 'off', true)"


def sequence_once(limit: int = BATCH) -> int:
    """Append up to `limit` waiting events; how many were appended. 0 also while another sequencer is at work."""
    shard = log.current_shard() or log.open_shard()
    try:
        with transaction.atomic():
            return _sequence(shard, limit)
    except IntegrityError:
        if not forget_logged():
            raise
    with transaction.atomic():
        return _sequence(shard, limit)


def sequence_all() -> int:
    """Append everything that waits."""
    done = 0
    while appended := sequence_once():
        done += appended
        if appended < BATCH:
            break
    return done


@quiet()  # thousands of rows live until the batch is written; looking among them for garbage costs a sixth of the time
def _sequence(shard: Any, limit: int) -> int:
    if not run(_ALONE, (log.APPEND_LOCK,))[0][0]:
        return 0
    _, encoded = run("SELECT size, frontier FROM proofs_head WHERE shard_id = %s FOR UPDATE", (shard.pk,))[0]
    frontier = Frontier.decode(bytes(encoded))
    rows = take(limit)
    if not rows:
        return 0
    try:
        batch = _Batch(shard, frontier.size, rows)
    except WaslError:
        rows = _park(rows)
        batch = _Batch(shard, frontier.size, rows)
    batch.write(frontier)
    return len(rows)


_PARK = "INSERT INTO events_outbox (organisation_id, id, parked) VALUES (%s, %s, %s)"


def _park(rows: Sequence[Waiting]) -> list[Waiting]:
    """T91: put events that have no canonical form aside, with the reason; the others."""
    good: list[Waiting] = []
    for row in rows:
        try:
            canonical(row.business())
            good.append(row)
        except WaslError as error:
            run(_PARK, (UUID(bytes=row.org), UUID(bytes=row.event), error.message("en")[:200]))
            log_line.error("log.parked", event_id=str(UUID(bytes=row.event)), type=row.type)
    return good


class _Batch:
    """The leaves of some waiting events and the rows that keep them; nothing is written before every leaf is made."""

    def __init__(self, shard: Any, size: int, rows: Sequence[Waiting]) -> None:
        self._shard = shard
        self._leaves: list[bytes] = []
        self._entries: list[bytes] = []
        self._openings: list[bytes] = []
        self._salts: list[bytes] = []
        last: dict[tuple[bytes, bytes], tuple[bytes, int, str]] = {}  # of each document: salt, seq, commitment in hex
        orgs = organisations(rows)
        shard_id, origin = shard.pk.bytes, shard.origin
        for index, row in enumerate(rows, size):
            org, document = row.org, row.document
            salt, seq, prev = last.get((org, document)) or self._before(row)
            pseudonym, tseq = orgs[org]
            seq, tseq = seq + 1, tseq + 1
            event = events.complete(row.business(), log=origin, org=pseudonym, doc=row.document_text, seq=seq, tseq=tseq, prev=prev)
            opening, data = leaf.entry(salt, event)
            orgs[org], last[org, document] = (pseudonym, tseq), (salt, seq, data[1:].hex())
            self._entries.append(_ENTRY.pack(8, 16, shard_id, 8, index, 33, data, 16, org, 16, row.event, 16, document, 8, seq, 8, tseq))
            self._openings.append(_OPENING.pack(4, 16, org, 16, row.event, 0, len(opening)) + opening)
            self._leaves.append(data)

    def _before(self, row: Waiting) -> tuple[bytes, int, str]:
        """Where a document stands in the log; its salt is made with its first event."""
        salt = row.salt
        if salt is None:
            salt = leaf.new_salt()
            self._salts.append(_SALT.pack(4, 16, row.org, 16, row.document, 32, salt, 0))
        if row.last_seq is None or row.last_leaf is None:
            return salt, -1, events.NO_PREVIOUS
        return salt, row.last_seq, row.last_leaf[1:].hex()

    def write(self, frontier: Frontier) -> None:
        tiles = log.DatabaseTiles(self._shard.pk, frontier)
        grown = frontier.append(self._leaves, tiles)
        tiles.save()
        copy_packed("proofs_salt", _SALT_COLUMNS, self._salts)
        copy_packed("proofs_entry", _ENTRY_COLUMNS, self._entries)
        copy_packed("proofs_opening", _OPENING_COLUMNS, self._openings)
        moved = run(
            "UPDATE proofs_head SET size = %s, frontier = %s WHERE shard_id = %s AND size = %s RETURNING size",
            (grown.size, grown.encode(), self._shard.pk, frontier.size),
        )
        if not moved:
            raise RuntimeError("the head of the log moved under its own lock")
