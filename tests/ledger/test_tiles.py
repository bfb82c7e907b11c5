"""tlog-tiles: addresses, bundles, the growing edge, and proofs read back from tiles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasl.ledger import merkle, tiles
from wasl.ledger.errors import TileMissing
from wasl.ledger.tiles import ENTRIES, Frontier, MemoryTiles, TileId, TileTree

ENTRY = [b"\x01" + i.to_bytes(32) for i in range(70_000)]


def grown(size, batches=(1000,)):
    store, frontier, at, turn = MemoryTiles(), Frontier(), 0, 0
    while at < size:
        step = min(batches[turn % len(batches)], size - at)
        frontier = frontier.append(ENTRY[at : at + step], store)
        at, turn = at + step, turn + 1
    for tile, data in frontier.partial_tiles():
        store.put(tile, data)
    return frontier, store


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (TileId(0, 0), "tile/0/000"),
        (TileId(0, 1067), "tile/0/x001/067"),
        (TileId(3, 1234067), "tile/3/x001/x234/067"),
        (TileId(1, 1, 17), "tile/1/001.p/17"),
        (TileId(ENTRIES, 273, 112), "tile/entries/273.p/112"),
    ],
)
def test_addresses_are_those_of_the_specification(tile, path):
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    ["tile/0/67", "tile/0/x000/067", "tile/00/067", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/../000", "tile/0/٠٠٠", ""],
)
def test_other_addresses_are_refused(path):
    assert tiles.parse_path(path) is None


@given(st.builds(TileId, st.integers(-1, 63), st.integers(0, 10**12), st.integers(1, 256)))
def test_every_address_has_one_form(tile):
    assert tiles.parse_path(tile.path) == tile


def test_a_tree_of_70000_has_the_tiles_that_the_specification_names():
    frontier, store = grown(70_000)
    level_0 = [tile for tile in store.tiles if tile.level == 0]
    assert sum(tile.width == 256 for tile in level_0) == 273
    partial = {tile.path for tile in store.tiles if tile.width < 256}
    assert partial == {"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"}
    assert frontier.root() == merkle.root(70_000, merkle.nodes_of([merkle.leaf_hash(entry) for entry in ENTRY]))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1500), st.lists(st.integers(1, 700), min_size=1, max_size=4))
def test_any_batching_gives_the_same_tree(size, batches):
    frontier, store = grown(size, batches)
    hashes = [merkle.leaf_hash(entry) for entry in ENTRY[:size]]
    assert frontier.root() == merkle.root(size, merkle.nodes_of(hashes))
    assert TileTree(size, store).root() == frontier.root()
    assert Frontier.decode(frontier.encode()) == frontier


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 1500), st.data())
def test_proofs_from_tiles_equal_proofs_from_the_list(size, data):
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    frontier, store = grown(size)
    hashes = [merkle.leaf_hash(entry) for entry in ENTRY[:size]]
    tree, nodes = TileTree(size, store), merkle.nodes_of(hashes)
    assert tree.inclusion_proof(index) == merkle.inclusion_proof(index, size, nodes)
    assert tree.consistency_proof(first) == merkle.consistency_proof(first, size, nodes)
    assert merkle.verify_inclusion(index, size, hashes[index], tree.inclusion_proof(index), frontier.root())


def test_an_old_checkpoint_is_read_from_the_full_tile_that_replaced_its_partial_one():
    old, _ = grown(300)
    _, store = grown(1024)
    for tile in [tile for tile in store.tiles if tile.width < 256 and tile.level == 0]:
        del store.tiles[tile]
    assert TileTree(300, CutFromFuller(store)).root() == old.root()


class CutFromFuller:
    """A store that keeps only the widest tile of a place, as the protocol allows."""

    def __init__(self, store):
        self.tiles = store.tiles

    def get(self, tile):
        held = [(other.width, data) for other, data in self.tiles.items() if (other.level, other.index) == (tile.level, tile.index)]
        return max(held)[1][: tile.width * 32] if held and max(held)[0] >= tile.width else None

    def put(self, tile, data):
        raise AssertionError("read only")


@pytest.mark.parametrize("damage", [None, b"", b"x" * 31], ids=["missing", "empty", "cut"])
def test_a_missing_or_cut_tile_is_named(damage):
    _, store = grown(300)
    place = TileId(0, 1, 44)
    if damage is None:
        del store.tiles[place]
    else:
        store.tiles[place] = damage
    with pytest.raises(TileMissing, match=r"tile/0/001\.p/44"):
        TileTree(300, store).root()


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_bundles_round_trip(entries):
    assert list(tiles.unbundle(tiles.bundle(entries))) == entries


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x05abcd", b"\x00\x01a\x00"])
def test_a_cut_bundle_is_refused(data):
    with pytest.raises(ValueError, match="cut"):
        list(tiles.unbundle(data))


def test_an_entry_over_the_16_bit_limit_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        tiles.bundle([b"x" * 65_536])


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"\x00", lambda d: b"\x00" * 7 + b"\x09" + d[8:], lambda d: b""])
def test_a_damaged_frontier_is_refused(change):
    frontier, _ = grown(300)
    with pytest.raises(ValueError, match="frontier"):
        Frontier.decode(change(frontier.encode()))
