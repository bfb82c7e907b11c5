"""The second store: nothing is signed that does not extend what was signed before (T8, T92)."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from wasl.ledger import checkpoint, store
from wasl.ledger.checkpoint import LogSigner
from wasl.ledger.errors import CheckpointRaced, CheckpointStoreDamaged, WouldFork
from wasl.ledger.store import DirectoryCheckpointStore
from wasl.ledger.tiles import Frontier, MemoryTiles, TileTree
from wasl.seal.errors import SecretFileMode

LOG = LogSigner("wasl.example/log", ed25519.Ed25519PrivateKey.generate())


def tree(size, *, salt=b""):
    tiles = MemoryTiles()
    frontier = Frontier().append([salt + b"%d" % i for i in range(size)], tiles)
    for tile, data in frontier.partial_tiles():
        tiles.put(tile, data)
    return TileTree(size, tiles)


@pytest.fixture
def cell(tmp_path):
    return DirectoryCheckpointStore(tmp_path / "checkpoints")


def test_a_growing_log_is_signed_and_kept(cell):
    for size in (0, 1, 300, 301, 700):
        signed = store.publish(tree(size), LOG, cell)
        assert checkpoint.verify(signed, [LOG.verifier]).size == size
        assert cell.latest(LOG.origin) == signed


def test_an_unchanged_tree_is_not_signed_again(cell):
    assert store.publish(tree(9), LOG, cell) is not None
    assert store.publish(tree(9), LOG, cell) == cell.latest(LOG.origin)


def test_t8_a_restored_older_tree_is_never_signed(cell):
    """The database came back from an old backup."""
    store.publish(tree(300), LOG, cell)
    with pytest.raises(WouldFork, match="size 200 does not extend the checkpoint signed at size 300"):
        store.publish(tree(200), LOG, cell)
    assert checkpoint.parse(cell.latest(LOG.origin)).size == 300


@pytest.mark.parametrize("size", [300, 500])
def test_t92_a_changed_tree_is_never_signed(cell, size):
    """An old backup that went on with other entries is as long or longer, but another tree."""
    store.publish(tree(300), LOG, cell)
    with pytest.raises(WouldFork):
        store.publish(tree(size, salt=b"other "), LOG, cell)


def test_only_one_of_two_signers_moves_the_cell(cell):
    cell.swap(LOG.origin, expected=None, new=LOG.sign(1, bytes(32)))
    with pytest.raises(CheckpointRaced):
        cell.swap(LOG.origin, expected=None, new=LOG.sign(2, bytes(32)))


@pytest.mark.parametrize("content", [b"", b"garbage", b"x\n1\n\n"])
def test_a_damaged_cell_stops_signing(cell, content):
    store.publish(tree(3), LOG, cell)
    path = next(cell.folder.glob("*.checkpoint"))
    path.write_bytes(content)
    with pytest.raises(CheckpointStoreDamaged):
        store.publish(tree(4), LOG, cell)


def test_a_cell_signed_by_another_key_stops_signing(cell):
    other = LogSigner(LOG.origin, ed25519.Ed25519PrivateKey.generate())
    store.publish(tree(3), other, cell)
    with pytest.raises(CheckpointStoreDamaged, match="not signed by this log's key"):
        store.publish(tree(4), LOG, cell)


def test_a_folder_open_to_others_is_refused(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    os.chmod(folder, 0o755)
    with pytest.raises(SecretFileMode, match="0755"):
        DirectoryCheckpointStore(folder)


def test_a_crash_between_writing_and_renaming_leaves_the_old_checkpoint(cell, monkeypatch):
    """The swap is a rename: killed before it, the old cell stands and no temporary file is left."""
    signed = store.publish(tree(3), LOG, cell)
    monkeypatch.setattr("pathlib.Path.replace", lambda *a: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        store.publish(tree(4), LOG, cell)
    assert cell.latest(LOG.origin) == signed
    assert [path.name for path in cell.folder.iterdir() if path.name.startswith(".")] == [".lock"]
