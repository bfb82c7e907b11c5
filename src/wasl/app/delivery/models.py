"""A document on its way to one recipient, the exact bytes of its mail, and the reports that came back."""

from __future__ import annotations

from django.db import models

from wasl.app import clock
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel


class Delivery(TenantModel):
    """One mail to one recipient. The Message-ID is made before the first try and never changes."""

    QUEUED, DEFERRED, HANDED_OVER, UNKNOWN, DELIVERED, BOUNCED = "queued", "deferred", "handed_over", "unknown", "delivered", "bounced"
    DROPPED = "dropped"  # no longer wanted before it left: `reply` says why
    WAITING = (QUEUED, DEFERRED, UNKNOWN)

    payer_path = "invoice_id"

    invoice = TenantForeignKey("invoicing.Invoice")
    recipient = models.CharField(max_length=254)
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=12, default="invoice", db_default="invoice")  # which composer makes it (outgoing.py)
    is_bulk = models.BooleanField(default=False, db_default=False)  # waits while anything else is due
    key = models.CharField(max_length=100)  # the same key never makes a second mail
    message_id = models.CharField(max_length=120)
    return_path = models.CharField(max_length=254)
    state = models.CharField(max_length=12, default=QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(default=clock.now)
    next_attempt_at = models.DateTimeField(default=clock.now)
    in_flight = models.BooleanField(default=False)  # a try began and its end was not written: the process died, or works on it
    state_at = models.DateTimeField(default=clock.now)
    reply = models.CharField(max_length=200, blank=True)  # the next hop's last words

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="delivery_delivery_once")]
        indexes = [
            models.Index(fields=["organisation", "invoice"], name="delivery_delivery_invoice"),
            models.Index(fields=["id"], name="delivery_delivery_id"),  # a return address names the delivery alone
            models.Index(
                fields=["is_bulk", "next_attempt_at"], name="delivery_delivery_next", condition=models.Q(state__in=("queued", "deferred", "unknown"))
            ),
        ]


class Message(TenantModel):
    """The bytes that were first tried, for every retry. Its id is the delivery's; it can be erased, never altered."""

    delivery = TenantForeignKey(Delivery)
    data = models.BinaryField()
    sha256 = models.BinaryField()
    key_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=clock.now)


class Report(TenantModel):
    """A delivery report that came back (RFC 3464), once per Message-ID."""

    delivery = TenantForeignKey(Delivery)
    message_id = models.CharField(max_length=255)
    action = models.CharField(max_length=12)
    status = models.CharField(max_length=20, blank=True)
    diagnostic = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "delivery", "message_id"], name="delivery_report_once")]
