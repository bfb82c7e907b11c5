"""Days of the books: sums of journal lines by day and account, ready to be read; and who closed a day. Amounts are minor units."""

from __future__ import annotations

from django.db import models

from wasl.app import clock
from wasl.app.tenancy.scope import TenantModel


class Unsummed(TenantModel):
    """A journal entry that no day's sums hold yet. Its id is the entry's. Written by the database with the entry; `days.fold` takes it out.

    Sums are not moved by who posts: two payments of one seller would wait for each other's row until both are on disk.
    """


class DaySum(TenantModel):
    """What one kind of entry did to one account on one day of the seller's calendar: how many lines, debits and credits above zero."""

    day = models.DateField()
    currency = models.CharField(max_length=3)
    account = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)  # of the entries
    number = models.IntegerField()
    debit = models.BigIntegerField()
    credit = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "day", "currency", "account", "kind"], name="payments_daysum_once")]


class DayClosing(TenantModel):
    """A person looked at a day and closed it. Never changed: a day that moved afterwards is closed once more, and both stay."""

    day = models.DateField()
    closed_at = models.DateTimeField(default=clock.now)
    closed_by = models.CharField(max_length=60)  # "person:<id>"
    figures = models.JSONField()  # {currency: {account: closing balance}} as that person saw it
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-day", "-closed_at"], name="payments_dayclosing_recent")]
