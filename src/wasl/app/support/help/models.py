"""Marks of help and training, and practice invoices. None of it belongs to a seller, so none of it can mix with a seller's figures."""

from __future__ import annotations

from django.db import models

from wasl.app import clock
from wasl.app.ids import uuid7


class Vote(models.Model):
    """How often an article helped, by language and day: two counters and nothing about whoever pressed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60)
    language = models.CharField(max_length=2)
    day = models.DateField()
    helped = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "language", "day"], name="help_vote_once")]


class Progress(models.Model):
    """What a signed-in person has finished and seen, packed as in the cookie (marks.py). It goes with the person."""

    person = models.OneToOneField("tenancy.Person", on_delete=models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False)
    marks = models.CharField(max_length=400, blank=True)
    updated_at = models.DateTimeField(default=clock.now)


class Practice(models.Model):
    """One practice invoice: its own sealed document under keys that were thrown away, its own log, and play money only.

    It has no organisation, no series, no event, no journal line and no link row; deleting the row deletes all of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token_sha256 = models.BinaryField(unique=True, max_length=32)
    number = models.CharField(max_length=40)
    document = models.BinaryField()
    seal = models.BinaryField()
    proof = models.BinaryField()
    trust = models.BinaryField()  # the trust file of its own throw-away installation
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(db_index=True)
    paid_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=40, blank=True)
    story = models.JSONField(default=list)  # [kind, moment, text]: what was done with it, in order
