"""Payment attempts, refunds, what gateways told us, and the journal. Amounts are minor units of their currency."""

from __future__ import annotations

from typing import Any

from django.db import models

from wasl.app import clock
from wasl.app.payments.accounts import GatewayAccount
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel

ACCOUNTS = (GatewayAccount,)  # Django finds models in this module alone
SETTLED = models.F("credited") + models.F("received") - models.F("returned")  # what of a bill is settled
OPEN_AMOUNT = models.F("total") - SETTLED


class Intent(TenantModel):
    """One attempt to pay an invoice at a gateway. Its id is the idempotency key, so a lost answer is asked for again."""

    CREATED, PENDING, SUCCEEDED, FAILED, CANCELLED, MISMATCH = "created", "pending", "succeeded", "failed", "cancelled", "mismatch"
    OPEN = (CREATED, PENDING)

    payer_path = "invoice_id"

    invoice = TenantForeignKey("invoicing.Invoice")
    driver = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=64)  # what the gateway shows and gives back
    return_url = models.CharField(max_length=2048)  # its SHA-256 only: it says which payer's page the payment began on
    gateway_id = models.CharField(max_length=100, blank=True)
    hosted_url = models.CharField(max_length=2048, blank=True)
    status = models.CharField(max_length=10, default=CREATED)
    captured = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)
    checks = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField()  # when the gateway is asked if no webhook came

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="payments_intent_reference"),
            models.UniqueConstraint(
                fields=["organisation", "driver", "gateway_id"], name="payments_intent_gateway", condition=~models.Q(gateway_id="")
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_intent_positive"),
            models.CheckConstraint(condition=models.Q(refunded__gte=0, refunded__lte=models.F("captured")), name="payments_intent_refunded"),
        ]
        indexes = [
            models.Index(fields=["organisation", "invoice"], name="payments_intent_invoice"),
            models.Index(fields=["next_check_at"], name="payments_intent_check", condition=models.Q(status__in=("created", "pending"))),
        ]


class Allocation(TenantModel):
    """How much of a payment counts towards an invoice. Its id is that of the event `paid`. Never changed."""

    payer_path = "invoice_id"

    intent = TenantForeignKey(Intent)
    invoice = TenantForeignKey("invoicing.Invoice")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_allocation_positive")]
        indexes = [models.Index(fields=["organisation", "invoice"], name="payments_allocation_invoice")]


class Refund(TenantModel):
    """Money on its way back. Its id is the idempotency key and the reference at the gateway."""

    QUEUED, SENT, SUCCEEDED, REFUSED = "queued", "sent", "succeeded", "refused"
    EXCESS, REQUESTED, EXTERNAL = "excess", "requested", "external"

    payer_path = "invoice_id"

    intent = TenantForeignKey(Intent)
    invoice = TenantForeignKey("invoicing.Invoice")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=10)
    status = models.CharField(max_length=10, default=QUEUED)
    gateway_id = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "gateway_id"], name="payments_refund_gateway", condition=~models.Q(gateway_id="")),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_refund_positive"),
        ]
        indexes = [
            models.Index(fields=["organisation", "intent"], name="payments_refund_intent"),
            models.Index(fields=["next_attempt_at"], name="payments_refund_due", condition=models.Q(status__in=("queued", "sent"))),
        ]


class Hook(TenantModel):
    """A verified webhook, once per event id; kept until it is applied, also when its payment is not known yet."""

    driver = models.CharField(max_length=20)
    event_id = models.CharField(max_length=100)
    gateway_id = models.CharField(max_length=100)
    reference = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    parked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "driver", "event_id"], name="payments_hook_once")]
        indexes = [models.Index(fields=["next_attempt_at"], name="payments_hook_waiting", condition=models.Q(applied_at=None, parked=False))]


class Alarm(TenantModel):
    """Something a person must look at: money that does not fit its invoice. One for each cause."""

    intent = TenantForeignKey(Intent, null=True)
    kind = models.CharField(max_length=20)
    body = models.JSONField(default=dict)
    raised_at = models.DateTimeField(default=clock.now)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "intent", "kind"], name="payments_alarm_once")]


class JournalEntry(TenantModel):
    """Lines that balance, for one event. Never changed; its id is the event's."""

    ISSUE, CREDIT, PAYMENT, REFUND_DUE, REFUND = "issue", "credit", "payment", "refund_due", "refund"

    payer_path = "invoice_id"

    event = TenantForeignKey("events.Event")
    kind = models.CharField(max_length=12)
    invoice = TenantForeignKey("invoicing.Invoice")  # whose balance it concerns
    intent = TenantForeignKey(Intent, null=True)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "event"], name="payments_journalentry_once")]
        indexes = [models.Index(fields=["organisation", "invoice"], name="payments_journalentry_invoice")]


class JournalLine(TenantModel):
    """One side of an entry: debit above zero, credit below. Never changed."""

    entry = TenantForeignKey(JournalEntry)
    account = models.CharField(max_length=20)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "entry", "account"], name="payments_journalline_account"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="payments_journalline_nonzero"),
        ]


class Balance(TenantModel):
    """Where one invoice stands, ready to be read and sorted: the fold of its journal lines. Its id is the invoice's.

    Written by the database itself in the statement that writes journal lines (0002_balance), by nobody else.
    """

    payer_path = "id"

    currency = models.CharField(max_length=3)
    due_date = models.DateField(null=True)  # BT-9, as issued
    total = models.BigIntegerField(default=0)  # what was billed
    received = models.BigIntegerField(default=0)  # payments counted towards it
    returned = models.BigIntegerField(default=0)  # of those, given back or on the way back
    credited = models.BigIntegerField(default=0)  # credit notes
    refunds_due = models.BigIntegerField(default=0)  # owed to the payer and not sent yet
    moved_at = models.DateTimeField(null=True)  # when what is owed last changed: of a settled invoice, when it was settled
    open_amount = models.GeneratedField(expression=OPEN_AMOUNT, output_field=models.BigIntegerField(), db_persist=True)
    is_open = models.GeneratedField(expression=models.Q(total__gt=SETTLED), output_field=models.BooleanField(), db_persist=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "due_date"], name="payments_balance_open", condition=models.Q(is_open=True))]


def invoice_row(org: Any, invoice_id: Any, *, lock: bool = False) -> Any:
    """The issued row. Locked, payments of one invoice take turns; rows that refer to it may still be written."""
    from wasl.app.invoicing.models import Invoice

    rows = Invoice.objects.for_org(org)
    return (rows.select_for_update(no_key=True) if lock else rows).get(pk=getattr(invoice_id, "pk", invoice_id))
