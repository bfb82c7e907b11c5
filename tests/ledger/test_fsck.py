"""fsck of the log: every planted fault is found and named by its tile."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasl.ledger import fsck
from wasl.ledger.fsck import Fault
from wasl.ledger.tiles import ENTRIES, Frontier, MemoryTiles, TileId

SIZE = 70_000


def grown(size):
    store = MemoryTiles()
    frontier = Frontier().append([b"\x01" + i.to_bytes(32) for i in range(size)], store)
    for tile, data in frontier.partial_tiles():
        store.put(tile, data)
    return frontier, store


@pytest.fixture(scope="module")
def log():
    return grown(SIZE)


def found(store, root, size=SIZE):
    return list(fsck.check(size, store, root, entry_bytes=33))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 1000])
def test_a_sound_log_has_no_fault(size):
    frontier, store = grown(size)
    assert found(store, frontier.root(), size) == []


def test_a_large_sound_log_has_no_fault(log):
    frontier, store = log
    assert found(store, frontier.root()) == []


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_one_changed_bit_anywhere_in_the_hash_tiles_is_named(log, data):
    frontier, store = log
    tile = data.draw(st.sampled_from(sorted(tile for tile in store.tiles if tile.level != ENTRIES)))
    at = data.draw(st.integers(0, len(store.tiles[tile]) - 1))
    changed = MemoryTiles(dict(store.tiles))
    changed.tiles[tile] = flip(store.tiles[tile], at)
    assert found(changed, frontier.root()) == [Fault("hashes-differ", tile.path, (tile.index * 256 + at // 32) << (8 * tile.level))]


def test_a_changed_entry_differs_from_its_hash_and_from_the_root(log):
    frontier, store = log
    tile = TileId(ENTRIES, 3)
    changed = MemoryTiles({**store.tiles, tile: flip(store.tiles[tile], 10 * 35 + 20)})
    faults = found(changed, frontier.root())
    assert faults[0] == Fault("hashes-differ", "tile/0/003", 3 * 256 + 10)
    assert faults[-1].kind == "root-differs"


def test_t7_two_swapped_entries_are_found(log):
    frontier, store = log
    tile = TileId(ENTRIES, 0)
    data = store.tiles[tile]
    changed = MemoryTiles({**store.tiles, tile: data[35:70] + data[:35] + data[70:]})
    assert {fault.kind for fault in found(changed, frontier.root())} == {"hashes-differ", "root-differs"}


@pytest.mark.parametrize(
    ("tile", "kind"), [(TileId(ENTRIES, 7), "missing"), (TileId(0, 7), "missing"), (TileId(1, 1, 17), "missing")], ids=str
)
def test_a_missing_tile_is_named(log, tile, kind):
    frontier, store = log
    left = MemoryTiles({key: data for key, data in store.tiles.items() if key != tile})
    assert (kind, tile.path) in {(fault.kind, fault.path) for fault in found(left, frontier.root())}


def test_a_cut_bundle_is_named(log):
    frontier, store = log
    tile = TileId(ENTRIES, 5)
    changed = MemoryTiles({**store.tiles, tile: store.tiles[tile][:-1]})
    assert found(changed, frontier.root())[0] == Fault("entries-damaged", "tile/entries/005", 5 * 256)


def test_another_root_is_reported(log):
    _, store = log
    assert found(store, bytes(32)) == [Fault("root-differs", "checkpoint")]


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
