"""What the inbox reads: a row for each invoice that lies in it, sums by day, and what its readers keep (views, feed addresses).

Items and sums are written by the database itself (migration 0001), in the statement that changes what they come from: a
grant, a balance. Nobody else writes them, apart from the marks that a reader sets (star, archive, question).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.tenancy.scope import TenantModel

OPEN, PAID, CREDITED, NOTE = range(4)  # Item.state


class Item(TenantModel):
    """One invoice in one inbox. Its id is the grant's, and it goes with the grant. Amounts are minor units."""

    payer_path = "invoice_id"

    payer_id = models.UUIDField()
    invoice_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=80)
    issue_date = models.DateField()
    due_date = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField()  # what the document asks for; of a credit note, what it takes off
    paid = models.BigIntegerField(default=0)  # payments, less what was given back
    credited = models.BigIntegerField(default=0)
    open_amount = models.BigIntegerField(default=0)
    state = models.SmallIntegerField()
    closed_on = models.DateField(null=True)  # the day, at the seller, on which nothing was owed any more
    has_question = models.BooleanField(db_default=False)
    is_starred = models.BooleanField(db_default=False)
    archived_at = models.DateTimeField(null=True)
    rank = models.IntegerField()  # the order "what is due first" as one number: see rank.py

    class Meta:
        indexes = [
            models.Index(fields=["payer_id", "rank", "id"], name="inbox_item_rank"),
            models.Index(fields=["payer_id", "organisation", "rank", "id"], name="inbox_item_seller"),
            models.Index(fields=["payer_id", "issue_date", "id"], name="inbox_item_issued"),
            models.Index(fields=["payer_id", "currency", "total", "id"], name="inbox_item_amount"),
            models.Index(fields=["payer_id", "rank", "id"], name="inbox_item_marked", condition=Q(has_question=True) | Q(is_starred=True)),
            models.Index(fields=["payer_id", "rank", "id"], name="inbox_item_rare", condition=Q(state__gte=CREDITED)),
            models.Index(fields=["payer_id", "rank", "id"], name="inbox_item_archived", condition=Q(archived_at__isnull=False)),
            models.Index(fields=["organisation", "invoice_id"], name="inbox_item_invoice"),
        ]


class Sum(models.Model):
    """What the items of an inbox add up to, by day: several rows of one key count together, and the worker folds them.

    Rows are only added, so sellers who issue at the same time never wait for each other over one inbox's sum.
    """

    OPEN, PAID = "open", "paid"  # still to pay, by due date; paid in full, by the day of it

    payer_id = models.UUIDField()  # by a foreign key that takes the sums with the payer
    currency = models.CharField(max_length=3)
    part = models.CharField(max_length=4)
    day = models.DateField(null=True)
    amount = models.BigIntegerField()
    number = models.BigIntegerField()  # how many items
    is_folded = models.BooleanField(db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["payer_id"], include=["currency", "part", "day", "amount", "number"], name="inbox_sum_payer"),
            models.Index(fields=["payer_id"], name="inbox_sum_loose", condition=Q(is_folded=False)),
        ]


class View(models.Model):
    """A set of filters that a reader gave a name. Removed ones stay for a while, so that they can be brought back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer = models.ForeignKey("tenancy.Payer", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("tenancy.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)


class Feed(models.Model):
    """A private calendar address. The token is computed from the id; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer = models.ForeignKey("tenancy.Payer", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("tenancy.Person", on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField()
    language = models.CharField(max_length=2)
    created_at = models.DateTimeField(default=clock.now)
    fetched_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["token_hash"], name="inbox_feed_token")]
