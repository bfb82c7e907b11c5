"""What search keeps: a row for each document, apart from it and removable; and the words that typing errors are compared with."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from wasl.app import clock
from wasl.app.tenancy.scope import TenantModel


def _organisation() -> Any:
    """Without a constraint of its own: the row's key names an issued document, and with it the organisation."""
    return models.ForeignKey("tenancy.Organisation", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)


class SearchRow(TenantModel):
    """The words of one issued document. Its id is the invoice's; erased with it, and without a text where search is off."""

    payer_path = "id"

    organisation = _organisation()
    issue_date = models.DateField()
    due_date = models.DateField(null=True)
    words = SearchVectorField()  # see lexemes
    lines = models.TextField(blank=True)  # what was written, a line a row: highlights come from here
    notes = models.TextField(blank=True)
    refs = models.TextField(blank=True)
    said = models.TextField(blank=True)  # questions and answers: both sides find them
    asides = models.TextField(blank=True, default="", db_default="")  # internal notes: found by and shown to the seller's people alone
    version = models.SmallIntegerField()
    key_id = models.CharField(max_length=40, blank=True)

    class Meta:
        # The worker's writing only appends to the list of what is to be merged, and merges it at the end of its beat (0026)
        indexes = [GinIndex(fields=["words"], name="archive_searchrow_words", fastupdate=True, gin_pending_list_limit=16 * 1024)]


class Waiting(TenantModel):
    """A document that the worker still has to see to: it was just issued, or its payers changed in bulk.

    `rebuild`: its row is missing or old and is made from the sealed document. `ready_at`: not before then, so that a lively
    conversation makes one row of many messages; null: at once.
    """

    organisation = _organisation()
    rebuild = models.BooleanField(default=False, db_default=False)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="archive_waiting_newest")]  # ids grow with time


class Off(TenantModel):
    """While it stands, the organisation's texts are not kept for search. Its id is the organisation's."""

    since = models.DateTimeField(default=clock.now)


class Word(models.Model):
    """A folded word that occurs somewhere in this installation. Only words that occur in what the asker may see are ever used.

    `key` is the word in Latin letters: pg_trgm asks the C library what a letter is, and in the locale "C" an Arabic one is none.
    """

    word = models.CharField(max_length=60, primary_key=True)
    key = models.CharField(max_length=60)

    class Meta:
        indexes = [GinIndex(fields=["key"], opclasses=["gin_trgm_ops"], name="archive_word_trigrams")]
