"""The log of this installation: its shards, its signer, its tiles in the database, its second store."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.proofs.models import Shard
from wasl.app.sql import copy, run
from wasl.app.tenancy import keys
from wasl.ledger import events, leaf
from wasl.ledger.checkpoint import Checkpoint, LogSigner, origin_for
from wasl.ledger.store import DirectoryCheckpointStore
from wasl.ledger.tiles import TILE_WIDTH, Frontier, MemoryTiles, TileId

ENTRY_BYTES = 2 + leaf.LEAF_BYTES  # in a bundle: its length and itself
HASH_BYTES = 32


class DatabaseTiles:
    """A TileStore in proofs_tile: full tiles only; partial ones are cut from the full tile or from the head's right edge."""

    def __init__(self, shard: UUID, frontier: Frontier) -> None:
        self._shard = shard
        self._frontier = frontier
        self._full: list[tuple[UUID, int, int, bytes]] = []  # put, not saved

    def get(self, tile: TileId) -> bytes | None:
        row = run("SELECT data FROM proofs_tile WHERE shard_id = %s AND level = %s AND number = %s", (self._shard, tile.level, tile.index))
        whole = bytes(row[0][0]) if row else self._from_edge(tile)
        each = HASH_BYTES if tile.level >= 0 else ENTRY_BYTES
        if whole is None or len(whole) < tile.width * each:
            return None
        return whole[: tile.width * each]

    def _from_edge(self, tile: TileId) -> bytes | None:
        return next((data for held, data in self._frontier.partial_tiles() if (held.level, held.index) == (tile.level, tile.index)), None)

    def put(self, tile: TileId, data: bytes) -> None:
        assert tile.width == TILE_WIDTH, "an appending log only completes tiles"
        self._full.append((self._shard, tile.level, tile.index, data))

    def save(self) -> None:
        """Write what was put, all at once."""
        copy("proofs_tile", {"shard_id": "uuid", "level": "int2", "number": "int8", "data": "bytea"}, self._full)
        self._full.clear()


def current_shard() -> Shard | None:
    """The log that is being appended to."""
    return Shard.objects.filter(closed_at__isnull=True).order_by("-number").first()


def open_shard(previous: Checkpoint | None = None, previous_note: str = "") -> Shard:
    """A new log. After a loss it names, in its first leaf, the last checkpoint of the log that it follows."""
    with transaction.atomic():
        run("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
        existing = current_shard()
        if existing is not None and previous is None:
            return existing
        number = (Shard.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        origin, now = origin_for(settings.CONFIG.origin, number), clock.now()
        if existing is not None:
            existing.closed_at = now
            existing.save(update_fields=["closed_at"])
        key_name = f"log-{number}-{uuid7()}"
        salt, first = leaf.new_salt(), b""
        entries: list[bytes] = []
        if previous is not None:
            event = events.complete(
                events.shard_opened(previous, at=now), log=origin, org="", doc=f"log/{number}", seq=0, tseq=0, prev=events.NO_PREVIOUS
            )
            first, data = leaf.entry(salt, event)
            entries.append(data)
        shard = Shard.objects.create(
            number=number, origin=origin, key_name=key_name, opened_at=now, previous_checkpoint=previous_note, opening=first, opening_salt=salt,
            public_key=keys.keystore().log_key(key_name).public_key().public_bytes_raw(),
        )  # fmt: skip
        frontier = Frontier().append(entries, MemoryTiles())  # one entry fills no tile
        run("INSERT INTO proofs_head (shard_id, size, frontier) VALUES (%s, %s, %s)", (shard.pk, frontier.size, frontier.encode()))
        for index, data in enumerate(entries):
            run("INSERT INTO proofs_entry (shard_id, index, leaf) VALUES (%s, %s, %s)", (shard.pk, index, data))
        return shard


# "wasl log" in ASCII: the advisory lock of whoever appends
APPEND_LOCK = 0x7761736C6C6F67


def head(shard: UUID) -> Frontier:
    """The log's right edge as last committed."""
    return Frontier.decode(bytes(run("SELECT frontier FROM proofs_head WHERE shard_id = %s", (shard,))[0][0]))


@lru_cache(maxsize=16)
def log_signer(origin: str, key_name: str) -> LogSigner:
    return LogSigner(origin, keys.keystore().log_key(key_name))


def signer_of(shard: Shard) -> LogSigner:
    return log_signer(shard.origin, shard.key_name)


def checkpoint_store() -> DirectoryCheckpointStore:
    """The second store, outside the database and outside backups."""
    return DirectoryCheckpointStore(settings.CONFIG.checkpoint_path)
