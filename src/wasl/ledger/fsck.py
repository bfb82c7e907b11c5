"""Check every tile of a log against its entries and its signed root: says which tile is wrong, not only that one is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from wasl.ledger.merkle import HASH_BYTES
from wasl.ledger.tiles import ENTRIES, TILE_HEIGHT, TILE_WIDTH, Frontier, TileId, TileStore, expand, unbundle

Kind = Literal["missing", "entries-damaged", "hashes-differ", "root-differs", "entry-length"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong place: the tile's address and what is wrong with it; `index` is the first log entry concerned, if known."""

    kind: Kind
    path: str
    index: int | None = None


def check(size: int, store: TileStore, root: bytes, *, entry_bytes: int | None = None) -> Iterator[Fault]:
    """Every fault of a log of `size` with the signed `root`; `entry_bytes` is the one length of its entries, where it has one.

    Recomputes everything from the entries; the stored hash tiles are only compared, never believed.
    """
    edge: list[bytes] = []
    level, hashes = 0, bytearray()
    for tile in range((size + TILE_WIDTH - 1) // TILE_WIDTH):
        width = min(TILE_WIDTH, size - tile * TILE_WIDTH)
        row, faults = _entries(TileId(ENTRIES, tile, width), store, entry_bytes)
        yield from faults
        hashes += row
    row = bytes(hashes)
    while row or level == 0:
        above: list[bytes] = []
        for index in range((len(row) // HASH_BYTES + TILE_WIDTH - 1) // TILE_WIDTH):
            part = row[index * TILE_WIDTH * HASH_BYTES : (index + 1) * TILE_WIDTH * HASH_BYTES]
            yield from _compare(TileId(level, index, len(part) // HASH_BYTES), part, store)
            if len(part) == TILE_WIDTH * HASH_BYTES:
                above.append(expand(part)[-1])
        full = len(row) // HASH_BYTES // TILE_WIDTH * TILE_WIDTH * HASH_BYTES
        edge.append(row[full:])
        row, level = b"".join(above), level + 1
    if Frontier(size, tuple(edge)).root() != root:
        yield Fault("root-differs", "checkpoint")


def _entries(tile: TileId, store: TileStore, entry_bytes: int | None) -> tuple[bytes, list[Fault]]:
    """The leaf hashes of a bundle. A missing or damaged one counts as zeros, so that the rest is still compared."""
    data = store.get(tile)
    if data is None:
        return bytes(tile.width * HASH_BYTES), [Fault("missing", tile.path, tile.index * TILE_WIDTH)]
    try:
        entries = list(unbundle(data))
    except ValueError:
        entries = []
    if len(entries) != tile.width:
        return bytes(tile.width * HASH_BYTES), [Fault("entries-damaged", tile.path, tile.index * TILE_WIDTH)]
    wrong = [at for at, entry in enumerate(entries) if entry_bytes is not None and len(entry) != entry_bytes]
    faults = [Fault("entry-length", tile.path, tile.index * TILE_WIDTH + at) for at in wrong]
    return b"".join([sha256(b"\x00" + entry).digest() for entry in entries]), faults


def _compare(tile: TileId, wanted: bytes, store: TileStore) -> Iterator[Fault]:
    stored = store.get(tile)
    if stored is None:
        yield Fault("missing", tile.path)
    elif stored != wanted:
        same = (stored[i : i + HASH_BYTES] == wanted[i : i + HASH_BYTES] for i in range(0, len(wanted), HASH_BYTES))
        at = next((place for place, equal in enumerate(same) if not equal), 0)
        yield Fault("hashes-differ", tile.path, (tile.index * TILE_WIDTH + at) << (TILE_HEIGHT * tile.level))
