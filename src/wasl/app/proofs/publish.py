"""Publishing: sign the committed head, compare-and-swap it into the second store, then serve it.

Order: the sequencer's commit, the second store, the served row. A kill in between leaves a checkpoint that is signed but
not yet served; the next round finds it in the store and serves it.
"""

from __future__ import annotations

from wasl.app import clock
from wasl.app.proofs import log
from wasl.app.proofs.models import Shard
from wasl.app.proofs.recovery import check_checkpoint_store
from wasl.app.sql import run
from wasl.ledger import checkpoint as checkpoints
from wasl.ledger import store
from wasl.ledger.errors import WouldFork
from wasl.ledger.tiles import TileTree

_SERVE = """
INSERT INTO proofs_checkpoint (shard_id, size, root, note, at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT (shard_id, size) DO NOTHING
"""
_SERVED = "SELECT max(size) FROM proofs_checkpoint WHERE shard_id = %s"


def publish_once() -> int | None:
    """Publish the head of the current log; its size if something new is served. Raises WouldFork on a rewritten log."""
    shard = log.current_shard()
    return None if shard is None else publish_shard(shard)


def publish_shard(shard: Shard) -> int | None:
    frontier = log.head(shard.pk)
    served = run(_SERVED, (shard.pk,))[0][0]
    if frontier.size == 0 or served == frontier.size:
        return None
    tree = TileTree(frontier.size, log.DatabaseTiles(shard.pk, frontier))
    try:
        note = store.publish(tree, log.signer_of(shard), log.checkpoint_store())
    except WouldFork:
        check_checkpoint_store()  # issuing goes off at once, not at the next comparison
        raise
    signed = checkpoints.parse(note)
    run(_SERVE, (shard.pk, signed.size, signed.root, note, clock.now()))
    return signed.size
