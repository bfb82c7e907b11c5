"""The second store: what was signed last, kept apart from the database, and the rule that guards every signature.

A database restored from an old backup is a shorter or different tree; signing it would fork the log. So the last
checkpoint lives where no backup overwrites it, and `publish` signs only what provably extends it.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Protocol

from wasl.errors import WaslError, Words
from wasl.ledger import checkpoint as checkpoints
from wasl.ledger.checkpoint import Checkpoint, LogSigner
from wasl.ledger.errors import CheckpointRaced, CheckpointStoreDamaged, WouldFork
from wasl.ledger.merkle import verify_consistency
from wasl.ledger.tiles import TileTree
from wasl.seal import atomic


class CheckpointStore(Protocol):
    """One cell a log, changed by compare-and-swap only."""

    def latest(self, origin: str) -> bytes | None:
        """The last signed checkpoint file, or None if nothing was ever signed."""
        ...

    def swap(self, origin: str, *, expected: bytes | None, new: bytes) -> None:
        """Put `new` in place of `expected`, durably; CheckpointRaced if something else is there."""
        ...


class DirectoryCheckpointStore:
    """Checkpoints as files in a folder of its own (another disk or host in earnest use)."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = atomic.private_folder(Path(folder))

    def latest(self, origin: str) -> bytes | None:
        try:
            return self._path(origin).read_bytes()
        except FileNotFoundError:
            return None

    def swap(self, origin: str, *, expected: bytes | None, new: bytes) -> None:
        with atomic.locked(self.folder):
            if self.latest(origin) != expected:
                raise CheckpointRaced
            atomic.write(self._path(origin), new)

    def _path(self, origin: str) -> Path:
        return self.folder / f"{sha256(origin.encode()).hexdigest()[:32]}.checkpoint"


def signed_so_far(signer: LogSigner, store: CheckpointStore) -> Checkpoint | None:
    """The last checkpoint under this key; CheckpointStoreDamaged if the cell holds anything else."""
    data = store.latest(signer.origin)
    if data is None:
        return None
    try:
        checkpoint = checkpoints.verify(data, [signer.verifier])
    except WaslError as error:
        raise CheckpointStoreDamaged(path=signer.origin, reason=Words(error.message("en"), error.message("ar"))) from None
    if checkpoint is None:
        why = Words(
            "the checkpoint there is not signed by this log's key",
            "نقطة التحقق فيه ليست موقّعة بمفتاح هذا السجل",
        )
        raise CheckpointStoreDamaged(path=signer.origin, reason=why)
    return checkpoint


def publish(tree: TileTree, signer: LogSigner, store: CheckpointStore) -> bytes:
    """Sign the tree's head if it extends what was signed before; the checkpoint file. Nothing new: the last one again.

    Call after the commit that made the tree durable, and publish tiles before the returned checkpoint.
    """
    last_file = store.latest(signer.origin)
    last = signed_so_far(signer, store)
    root = tree.root()
    if last is not None:
        _require_extension(tree, root, last)
        if last.size == tree.size and last_file is not None:
            return last_file
    new = signer.sign(tree.size, root)
    store.swap(signer.origin, expected=last_file, new=new)
    return new


def _require_extension(tree: TileTree, root: bytes, last: Checkpoint) -> None:
    if last.size > tree.size:
        raise WouldFork(size=tree.size, signed=last.size)
    if last.size == 0:
        return
    proof = tree.consistency_proof(last.size)
    if not verify_consistency(last.size, tree.size, proof, last.root, root):
        raise WouldFork(size=tree.size, signed=last.size)
