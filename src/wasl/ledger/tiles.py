"""C2SP tlog-tiles: tile paths, entry bundles, the growing right edge, and proofs read from tiles.

A tile holds up to 256 hashes of one height (levels 0, 8, 16, ...). Appending touches only the right edge, kept as a
`Frontier`; what it writes are tiles that never change, and partial tiles that a fuller one replaces.
"""

from __future__ import annotations

import re
import struct
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from wasl.ledger import merkle
from wasl.ledger.errors import TileMissing
from wasl.ledger.merkle import HASH_BYTES, node_hash

TILE_WIDTH = 256
TILE_HEIGHT = 8
ENTRIES = -1  # the "level" of entry bundles
LEVEL_MAX = 63
ENTRY_BYTES_MAX = 65_535  # tlog-tiles: 16-bit length
_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class TileId:
    """Which tile: level (or ENTRIES), number within the level, and how many of its 256 places are filled."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The address of tlog-tiles, such as `tile/0/x001/067` or `tile/entries/000.p/7`."""
        groups = f"{self.index % 1000:03d}"
        rest = self.index // 1000
        while rest:
            groups = f"x{rest % 1000:03d}/{groups}"
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{groups}" + (f".p/{self.width}" if self.width < TILE_WIDTH else "")


def parse_path(path: str) -> TileId | None:
    """The tile of an address in its one form, else None."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    level = ENTRIES if found[1] == "entries" else int(found[1])
    tile = TileId(level, int(found[2].replace("x", "").replace("/", "")), int(found[3] or TILE_WIDTH))
    return tile if level <= LEVEL_MAX and tile.path == path else None


class TileStore(Protocol):
    """Where tiles are kept: a table, a folder, a dictionary."""

    def get(self, tile: TileId) -> bytes | None:
        """The bytes of exactly this tile and width, or None. A store may cut a partial tile from a fuller one."""
        ...

    def put(self, tile: TileId, data: bytes) -> None:
        """Keep a tile; a full tile is final, a partial one may be dropped once a fuller one is there."""
        ...


@dataclass
class MemoryTiles:
    """A TileStore in a dictionary."""

    tiles: dict[TileId, bytes] = field(default_factory=lambda: dict[TileId, bytes]())

    def get(self, tile: TileId) -> bytes | None:
        return self.tiles.get(tile)

    def put(self, tile: TileId, data: bytes) -> None:
        self.tiles[tile] = data


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as a tlog-tiles bundle: each with its length in two bytes."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > ENTRY_BYTES_MAX:
            raise ValueError(f"an entry of {len(entry)} bytes does not fit in a bundle")
        parts += (struct.pack(">H", len(entry)), entry)
    return b"".join(parts)


def unbundle(data: bytes) -> Iterator[bytes]:
    """The entries of a bundle; ValueError if it is cut."""
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2])
        if at + 2 > len(data) or end > len(data):
            raise ValueError("the bundle is cut")
        yield data[at + 2 : end]
        at = end


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: its size, the hashes of the partial tile of each level, and the partial entry bundle.

    At most 255 hashes a level, so a head row of a few kilobytes is all that appending reads and writes back.
    """

    size: int = 0
    edge: tuple[bytes, ...] = ()
    entries: bytes = b""

    def root(self) -> bytes:
        """The tree head: complete subtrees joined from the right."""
        at: bytes | None = None
        for hashes in self.edge:
            for peak in reversed(_peaks(hashes)):
                at = peak if at is None else node_hash(peak, at)
        return merkle.EMPTY_ROOT if at is None else at

    def append(self, entries: Sequence[bytes], store: TileStore) -> Frontier:
        """Append entries in order, write the tiles that became full, and return the new edge.

        The store's transaction and the caller's head row must commit together; until then nothing has happened.
        """
        data, edge, size = self.entries, list(self.edge), self.size
        at = 0
        while at < len(entries):
            room = TILE_WIDTH - size % TILE_WIDTH
            chunk = entries[at : at + room]
            data += bundle(chunk)
            hashes = b"".join([sha256(b"\x00" + entry).digest() for entry in chunk])
            if len(chunk) == room:
                store.put(TileId(ENTRIES, size // TILE_WIDTH), data)
                data = b""
            size += len(chunk)
            _push(edge, hashes, size, store)
            at += len(chunk)
        return Frontier(size, tuple(edge), data)

    def partial_tiles(self) -> Iterator[tuple[TileId, bytes]]:
        """The partial tiles that must be published with a checkpoint of this size."""
        for level, hashes in enumerate(self.edge):
            if hashes:
                width = len(hashes) // HASH_BYTES
                yield TileId(level, self.size >> (TILE_HEIGHT * (level + 1)), width), hashes
        if self.entries:
            yield TileId(ENTRIES, self.size // TILE_WIDTH, self.size % TILE_WIDTH), self.entries

    def encode(self) -> bytes:
        """For a head row: size, then each part with its length."""
        parts = [struct.pack(">QB", self.size, len(self.edge))]
        for part in (*self.edge, self.entries):
            parts += (struct.pack(">I", len(part)), part)
        return b"".join(parts)

    @classmethod
    def decode(cls, data: bytes) -> Frontier:
        """Back from `encode`; ValueError for anything else."""
        try:
            size, levels = struct.unpack_from(">QB", data)
            at, parts = 9, list[bytes]()
            for _ in range(levels + 1):
                (length,) = struct.unpack_from(">I", data, at)
                parts.append(data[at + 4 : at + 4 + length])
                at += 4 + length
        except struct.error:
            raise ValueError("the frontier is cut") from None
        frontier = cls(size, tuple(parts[:-1]), parts[-1])
        if at != len(data) or not frontier._plausible():
            raise ValueError("the frontier does not fit its size")
        return frontier

    def _plausible(self) -> bool:
        widths = [(self.size >> (TILE_HEIGHT * level)) % TILE_WIDTH for level in range(len(self.edge))]
        return widths == [len(part) / HASH_BYTES for part in self.edge] and self.size >> (TILE_HEIGHT * len(self.edge)) == 0


def _push(edge: list[bytes], hashes: bytes, size: int, store: TileStore) -> None:
    """Add level-0 hashes up to `size` (never across a tile's end); a full tile moves its root one level up."""
    level = 0
    while hashes:
        if level == len(edge):
            edge.append(b"")
        edge[level] += hashes
        if len(edge[level]) < TILE_WIDTH * HASH_BYTES:
            return
        full, edge[level] = edge[level], b""
        store.put(TileId(level, (size >> (TILE_HEIGHT * (level + 1))) - 1), full)
        hashes, level = expand(full)[-1], level + 1


def _peaks(hashes: bytes) -> list[bytes]:
    """The complete subtrees of a partial tile, largest first."""
    peaks: list[bytes] = []
    at, width = 0, len(hashes) // HASH_BYTES
    while width:
        take = 1 << (width.bit_length() - 1)
        peaks.append(expand(hashes[at * HASH_BYTES : (at + take) * HASH_BYTES])[-1])
        at, width = at + take, width - take
    return peaks


def expand(hashes: bytes) -> list[bytes]:
    """All complete levels above a row of hashes, the row itself first, each as one byte string."""
    rows = [hashes]
    while len(rows[-1]) > HASH_BYTES:
        row = rows[-1]
        pairs = range(0, len(row) - 2 * HASH_BYTES + 1, 2 * HASH_BYTES)
        rows.append(b"".join([sha256(b"\x01" + row[i : i + 2 * HASH_BYTES]).digest() for i in pairs]))
    return rows


class TileTree:
    """A tree of `size` read through its tiles: `nodes` for the proofs of merkle.py. Keeps the tiles it used last."""

    def __init__(self, size: int, store: TileStore, *, keep: int = 64) -> None:
        self.size = size
        self._store = store
        self._keep = keep
        self._rows: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def nodes(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        row = self._tile(tile_level, first // TILE_WIDTH)[height]
        at = (first % TILE_WIDTH) >> height
        return row[at * HASH_BYTES : (at + 1) * HASH_BYTES]

    def root(self) -> bytes:
        return merkle.root(self.size, self.nodes)

    def inclusion_proof(self, index: int) -> list[bytes]:
        return merkle.inclusion_proof(index, self.size, self.nodes)

    def consistency_proof(self, first: int) -> list[bytes]:
        return merkle.consistency_proof(first, self.size, self.nodes)

    def _tile(self, level: int, index: int) -> list[bytes]:
        key = (level, index)
        rows = self._rows.get(key)
        if rows is None:
            rows = self._rows[key] = expand(self._read(level, index))
            if len(self._rows) > self._keep:
                self._rows.popitem(last=False)
        else:
            self._rows.move_to_end(key)
        return rows

    def _read(self, level: int, index: int) -> bytes:
        held = (self.size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH
        tile = TileId(level, index, min(held, TILE_WIDTH))
        data = self._store.get(tile)
        if data is None and tile.width < TILE_WIDTH:  # the log may have dropped it for the full one
            full = self._store.get(TileId(level, index))
            data = full[: tile.width * HASH_BYTES] if full else None
        if data is None or len(data) != tile.width * HASH_BYTES:
            raise TileMissing(path=tile.path)
        return data
