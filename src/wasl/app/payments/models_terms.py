"""What seller and payer agreed about paying: the seller's settings, instalments, a discount for paying early."""

from __future__ import annotations

from django.db import models

from wasl.app import clock
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel


class PaymentSetting(TenantModel):
    """How one organisation takes and returns money. Without a row, the values here count. Its id is the organisation's."""

    allows_part_payment = models.BooleanField(default=False)
    allows_autopay = models.BooleanField(default=True)
    refund_approval_above = models.BigIntegerField(null=True)  # minor units; a larger refund needs a second person. None: never
    limit_wanted = models.BigIntegerField(null=True)  # a higher limit (None: none at all) that does not count yet
    limit_asked_by = models.CharField(max_length=60, blank=True, default="", db_default="")  # who wants it; "" = nothing is asked for
    limit_counts_at = models.DateTimeField(null=True)  # when it counts by itself; None: when another owner approves it
    early_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)  # off for paying early; 0 = none
    early_days = models.PositiveSmallIntegerField(default=0)  # within so many days of the issue date
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(early_percent__gte=0, early_percent__lt=100), name="payments_setting_percent"),
            models.CheckConstraint(
                condition=models.Q(refund_approval_above__isnull=True) | models.Q(refund_approval_above__gte=0), name="payments_setting_limit"
            ),
        ]

    @property
    def approval_above(self) -> int | None:
        """The limit that counts now, in minor units: a raised one from its time on."""
        return self.limit_wanted if self.limit_asked_by and not self.is_limit_waiting else self.refund_approval_above

    @property
    def is_limit_waiting(self) -> bool:
        return bool(self.limit_asked_by) and (self.limit_counts_at is None or self.limit_counts_at > clock.now())


class EarlyTerm(TenantModel):
    """A discount on one invoice for who pays by a day; it takes the place of the seller's general one. Its id is the invoice's."""

    payer_path = "id"

    amount = models.BigIntegerField()  # off, in minor units; 0 = none on this invoice
    until = models.DateField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="payments_earlyterm_positive")]


class Plan(TenantModel):
    """An invoice paid in parts: what falls due when. At most one that has not ended an invoice."""

    payer_path = "invoice_id"

    invoice = TenantForeignKey("invoicing.Invoice")
    made_by = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "invoice"], name="payments_plan_live", condition=models.Q(ended_at__isnull=True))
        ]


class PlanPart(TenantModel):
    """One instalment. Never changed: another agreement is another plan. A deposit is the part that is due before the work."""

    plan = TenantForeignKey(Plan)
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()
    is_deposit = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "plan", "position"], name="payments_planpart_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_planpart_positive"),
        ]
