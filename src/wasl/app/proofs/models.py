"""The log of the installation: its shards, head, tiles and leaves; and, per organisation, the salts and openings that can be erased."""

from __future__ import annotations

from typing import Any

from django.db import models

from wasl.app.ids import uuid7
from wasl.app.tenancy.scope import TenantModel


class Shard(models.Model):
    """One append-only log. A new one follows only where an old one was lost (`recovery.accept_loss`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    origin = models.CharField(max_length=200, unique=True)  # first line of every checkpoint
    public_key = models.BinaryField()
    key_name = models.CharField(max_length=100)  # in the keystore, closed with the master key
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    previous_checkpoint = models.TextField(blank=True)  # the last one of the shard it follows
    opening = models.BinaryField()  # canonical JSON of its first leaf, `shard-opened`, and that leaf's salt
    opening_salt = models.BinaryField()


class Head(models.Model):
    """The one row that the sequencer locks: how long the log is, and its right edge (`ledger.tiles.Frontier`)."""

    shard = models.OneToOneField(Shard, on_delete=models.DO_NOTHING, primary_key=True, related_name="+")
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField()


class Tile(models.Model):
    """A full tile (tlog-tiles); level -1 holds entry bundles. Partial tiles are cut from the head's frontier."""

    id = models.BigAutoField(primary_key=True)
    shard = models.ForeignKey(Shard, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shard", "level", "number"], name="proofs_tile_place")]


class Entry(models.Model):
    """One leaf: its place in the log, and in its document's and its organisation's own order."""

    pk = models.CompositePrimaryKey("shard", "index")
    shard = models.ForeignKey(Shard, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)  # `belongs` checks it
    index = models.BigIntegerField()
    leaf = models.BinaryField()  # 33 bytes
    organisation_id = models.UUIDField(null=True)
    event_id = models.UUIDField(null=True)
    document_id = models.UUIDField(null=True)
    seq = models.BigIntegerField(null=True)
    tseq = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "event_id"], name="proofs_entry_event"),
            models.UniqueConstraint(fields=["organisation_id", "document_id", "seq"], name="proofs_entry_seq"),
            models.UniqueConstraint(fields=["organisation_id", "tseq"], name="proofs_entry_tseq"),
        ]


class Checkpoint(models.Model):
    """A signed head that was put into the second store and served."""

    id = models.BigAutoField(primary_key=True)
    shard = models.ForeignKey(Shard, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shard", "size"], name="proofs_checkpoint_size")]


def _organisation() -> Any:
    """Without a constraint of its own: rows come by the thousand, and the migration checks them once a statement (`belongs`)."""
    return models.ForeignKey("tenancy.Organisation", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)


class Salt(TenantModel):
    """32 random bytes a document; its id is the document's. Erasing it makes the document's leaves meaningless."""

    organisation = _organisation()
    salt = models.BinaryField()
    key_id = models.CharField(max_length=40, blank=True)


class Opening(TenantModel):
    """The canonical JSON behind a leaf; its id is the event's. Erasable."""

    organisation = _organisation()
    canonical = models.BinaryField()
    key_id = models.CharField(max_length=40, blank=True)
