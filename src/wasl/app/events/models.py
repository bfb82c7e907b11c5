"""What happened to a document, written in the transaction in which it happened."""

from __future__ import annotations

from typing import Any

from django.db import models

from wasl.app.tenancy.scope import TenantForeignKey, TenantModel


class Event(TenantModel):
    """One fact. Immutable; what in it is personal stands in `EventDetail`, which the law may erase."""

    payer_path = "invoice_id"

    invoice_id = models.UUIDField(null=True)  # a row of invoicing_invoice, by composite foreign key
    type = models.CharField(max_length=30)
    at = models.DateTimeField()
    document_sha256 = models.BinaryField(null=True)
    amount = models.BigIntegerField(null=True)  # minor units
    currency = models.CharField(max_length=3, blank=True)
    account_sha256 = models.BinaryField(null=True)
    account_version = models.PositiveIntegerField(null=True)
    logged = models.BooleanField()  # True: the sequencer gives it a leaf in the log

    class Meta:
        indexes = [models.Index(fields=["organisation", "invoice_id", "at"], name="events_event_invoice")]

    @property
    def data(self) -> dict[str, Any]:
        """The event's details, or {} once they were erased."""
        detail = EventDetail.objects.for_org(self.organisation_id).filter(event_id=self.pk).first()
        return detail.data if detail else {}


class EventDetail(TenantModel):
    """The part of an event that can be erased. Its id is the event's."""

    event = TenantForeignKey(Event)
    data = models.JSONField(default=dict)
    key_id = models.CharField(max_length=40, blank=True)


class Outbox(TenantModel):
    """An event that the sequencer has not yet put into the log. Its id is the event's.

    One that cannot be logged is parked with the reason, so that the rest flows (T91); fsck and the worker's log name it.
    """

    parked = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["id"], name="events_outbox_order", condition=models.Q(parked=""))]
