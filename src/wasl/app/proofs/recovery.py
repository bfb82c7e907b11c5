"""After a restore: is the database behind its own published log, and how to go on when the rest is lost for good (T8, T92)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from wasl.app import clock
from wasl.app.invoicing.models import Series
from wasl.app.proofs import log
from wasl.app.proofs.models import Shard
from wasl.app.tenancy.actor import Actor
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import Hold
from wasl.ledger import store
from wasl.ledger.checkpoint import Checkpoint
from wasl.ledger.merkle import EMPTY_ROOT
from wasl.ledger.tiles import TileTree

BEHIND = "behind-log"


@dataclass(frozen=True, slots=True)
class Gap:
    """The second store signed more than this database holds, or something else."""

    shard: int
    origin: str
    signed: int  # leaves that a checkpoint covers
    held: int  # leaves that this database holds
    lost: int  # at least so many entries are gone; 0 where the log was rewritten at the same length


def check_checkpoint_store() -> Gap | None:
    """Compare with the second store. Where it is ahead, a hold turns issuing off until `accept_loss`."""
    shard = log.current_shard()
    gap = _gap(shard) if shard is not None else None
    with transaction.atomic():
        if gap is None:
            Hold.objects.filter(reason=BEHIND).delete()
        elif not Hold.objects.filter(reason=BEHIND).exists():
            Hold.objects.create(reason=BEHIND, body={"signed": gap.signed, "held": gap.held, "origin": gap.origin})
    return gap


def compare() -> None:
    """The worker's regular comparison."""
    check_checkpoint_store()


_compared = False


def check_at_first_issue() -> None:
    """Once a process: a database that was put back behind our back is found before it gives a number (T92)."""
    global _compared
    if not _compared:
        check_checkpoint_store()
        _compared = True


def _gap(shard: Shard) -> Gap | None:
    signed = store.signed_so_far(log.signer_of(shard), log.checkpoint_store())
    if signed is None:
        return None
    frontier = log.head(shard.pk)
    if signed.size <= frontier.size and _root_at(shard, signed.size) == signed.root:
        return None
    return Gap(shard.number, shard.origin, signed.size, frontier.size, max(signed.size - frontier.size, 0))


def _root_at(shard: Shard, size: int) -> bytes:
    return TileTree(size, log.DatabaseTiles(shard.pk, log.head(shard.pk))).root() if size else EMPTY_ROOT


@transaction.atomic
def accept_loss(actor: Actor | None = None) -> Shard | None:
    """Go on without the lost entries: new series, so no lost number is given again; a new log that names the old checkpoint."""
    shard = log.current_shard()
    gap = _gap(shard) if shard is not None else None
    if shard is None or gap is None:
        Hold.objects.filter(reason=BEHIND).delete()
        return None
    note = log.checkpoint_store().latest(shard.origin) or b""
    signed: Checkpoint | None = store.signed_so_far(log.signer_of(shard), log.checkpoint_store())
    assert signed is not None, "a gap was found against it"
    successor = log.open_shard(signed, note.decode())
    for series in Series._base_manager.filter(closed_at__isnull=True).order_by("organisation_id", "id"):
        _replace(series, successor.number, actor or Actor.operator("restore"))
    Hold.objects.filter(reason=BEHIND).delete()
    return successor


def _replace(old: Series, shard_number: int, actor: Actor) -> None:
    """Close a series; its successor carries the number of the log, which no lost document can have borne."""
    old.closed_at = clock.now()
    old.save(update_fields=["closed_at"])
    suffix = f"R{shard_number}"
    new = Series.objects.create(
        organisation_id=old.organisation_id, kind=old.kind, code=f"{old.code[:16]}-{suffix}", pattern=f"{suffix}-{old.pattern}",
        last_issue_date=old.last_issue_date, last_issued_at=old.last_issued_at,
    )  # fmt: skip
    audit(old.organisation_id, actor, "series.replace", "series", new.pk, {"old": str(old.pk), "log": shard_number})
