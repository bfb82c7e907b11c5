"""Methods that a payer keeps with a seller, and payments made on the due date without the payer at hand."""

from __future__ import annotations

from django.db import models

from wasl.app import clock
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel


class SavedMethod(TenantModel):
    """A card or wallet as the gateway knows it: its token and what a person recognises it by. No number ever comes here."""

    payer = models.ForeignKey("tenancy.Payer", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    driver = models.CharField(max_length=20)
    token = models.CharField(max_length=200)
    family = models.CharField(max_length=20)
    brand = models.CharField(max_length=30, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires = models.CharField(max_length=7, blank=True)  # YYYY-MM
    is_preferred = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # when the gateway was told to forget it too

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "payer", "driver", "token"], name="payments_savedmethod_once", condition=models.Q(removed_at__isnull=True)
            )
        ]
        indexes = [models.Index(fields=["payer"], name="payments_savedmethod_payer", condition=models.Q(removed_at__isnull=True))]


class Mandate(TenantModel):
    """A payer lets a seller charge a saved method on due dates, until it ends it. One that is live a payer and seller."""

    PAYER, REMOVED, FAILED, SELLER = "payer", "removed", "failed", "seller"  # who or what ended it

    payer = models.ForeignKey("tenancy.Payer", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    method = TenantForeignKey(SavedMethod)
    notice_days = models.PositiveSmallIntegerField(default=3)
    limit = models.BigIntegerField(null=True)  # minor units of `currency` for one invoice; more than that is never charged by itself
    currency = models.CharField(max_length=3)
    agreed_at = models.DateTimeField(default=clock.now)
    agreed_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "payer"], name="payments_mandate_live", condition=models.Q(ended_at__isnull=True)),
            models.CheckConstraint(condition=models.Q(limit__isnull=True) | models.Q(limit__gt=0), name="payments_mandate_limit"),
        ]


class PlannedCharge(TenantModel):
    """One invoice that will be, was or was not paid by itself. One for each invoice and mandate; its id is the gateway's key."""

    PLANNED, NOTICED, CHARGING, DONE, CANCELLED, FAILED, VOID = "planned", "noticed", "charging", "done", "cancelled", "failed", "void"
    LIVE = (PLANNED, NOTICED, CHARGING)

    payer_path = "invoice_id"

    mandate = TenantForeignKey(Mandate)
    invoice = TenantForeignKey("invoicing.Invoice")
    amount = models.BigIntegerField()  # as announced; never more than that is charged
    currency = models.CharField(max_length=3)
    notice_on = models.DateField()
    charge_on = models.DateField()
    state = models.CharField(max_length=10, default=PLANNED)
    failure = models.CharField(max_length=20, blank=True)  # drivers.port.Failure.kind
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()  # when the engine looks at it again
    noticed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    intent = TenantForeignKey("payments.Intent", null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "mandate", "invoice"], name="payments_plannedcharge_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_plannedcharge_positive"),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="payments_plannedcharge_due", condition=models.Q(state__in=("planned", "noticed", "charging"))),
            models.Index(fields=["organisation", "invoice"], name="payments_plannedcharge_invoice"),
        ]
