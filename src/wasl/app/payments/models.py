"""Payment attempts, money received, refunds, disputes, and what gateways told us. Amounts are minor units of their currency.

The journal stands in `models_books`, agreements about paying (settings, instalments, early payment) in `models_terms`, saved
methods and automatic payment in `models_saved`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.functions import Coalesce

from wasl.app import clock
from wasl.app.payments.accounts import GatewayAccount
from wasl.app.payments.models_books import OPEN_AMOUNT, SETTLED, Balance, Conversion, JournalEntry, JournalLine, Payout, PayoutItem
from wasl.app.payments.models_days import DayClosing, DaySum, Unsummed
from wasl.app.payments.models_saved import Mandate, PlannedCharge, SavedMethod
from wasl.app.payments.models_terms import EarlyTerm, PaymentSetting, Plan, PlanPart
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel

# Django finds models in this module alone
BOOKS = (Balance, Conversion, DayClosing, DaySum, JournalEntry, JournalLine, Payout, PayoutItem, Unsummed, OPEN_AMOUNT, SETTLED)
TERMS = (GatewayAccount, EarlyTerm, PaymentSetting, Plan, PlanPart, Mandate, PlannedCharge, SavedMethod)


class Intent(TenantModel):
    """One attempt to pay one or more invoices at a gateway. Its id is the idempotency key, so a lost answer is asked for again.

    `invoice` is the first of them; how much is meant for each stands in its shares (IntentShare).
    """

    CREATED, PENDING, SUCCEEDED, FAILED, CANCELLED, MISMATCH = "created", "pending", "succeeded", "failed", "cancelled", "mismatch"
    OPEN = (CREATED, PENDING)

    payer_path = "invoice_id"

    invoice = TenantForeignKey("invoicing.Invoice")
    driver = models.CharField(max_length=20)
    method = models.CharField(max_length=20, blank=True)  # the family that the payer chose; "" = the gateway's page offers all
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=64)  # what the gateway shows and gives back
    return_url = models.CharField(max_length=2048)  # its SHA-256 only: it says which payer's page the payment began on
    payer = models.ForeignKey("tenancy.Payer", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False, null=True)
    saves = models.BooleanField(default=False)  # the payer asked to keep the method for next time
    wants_back = models.BooleanField(default=False)  # what is too much goes back instead of being kept as credit
    saved = TenantForeignKey(SavedMethod, null=True)  # charged without the payer at hand
    gateway_id = models.CharField(max_length=100, blank=True)
    hosted_url = models.CharField(max_length=2048, blank=True)
    status = models.CharField(max_length=10, default=CREATED)
    failure = models.CharField(max_length=20, blank=True)  # drivers.port.Failure.kind of the last attempt
    captured = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    contested = models.BigIntegerField(default=0)  # taken back by the payer's bank: disputes that are open or lost
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)
    checks = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField()  # when the gateway is asked if no webhook came
    is_old = False  # of a row just read: the gateway may have heard of it before

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
            models.Index(models.F("organisation"), Coalesce("settled_at", "created_at").desc(), models.F("id").desc(), name="payments_intent_recent"),
        ]


class IntentShare(TenantModel):
    """How much of an intent is meant for one invoice, and its turn. Never changed; the shares add up to the intent."""

    payer_path = "invoice_id"

    intent = TenantForeignKey(Intent)
    invoice = TenantForeignKey("invoicing.Invoice")
    amount = models.BigIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "intent", "invoice"], name="payments_intentshare_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_intentshare_positive"),
        ]
        indexes = [models.Index(fields=["organisation", "invoice"], name="payments_intentshare_invoice")]


class Receipt(TenantModel):
    """Money that reached the seller's own account, drawer or hand: no gateway stands behind it. `key` makes it repeatable."""

    TRANSFER, CASH, CHEQUE, GATEWAY = "transfer", "cash", "cheque", "gateway"  # the last: a line of a payout that no payment of ours explains

    key = models.CharField(max_length=120)
    source = models.CharField(max_length=10, default=TRANSFER)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    payer_name = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=200, blank=True)  # as the bank or the payer wrote it
    customer = TenantForeignKey("invoicing.Customer", null=True)  # whose money it is, where that is known
    received_by = models.CharField(max_length=60, blank=True)  # "person:<id>" or the process that booked it
    created_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=60, blank=True)
    undone_because = models.CharField(max_length=200, blank=True)
    unmatched = models.BigIntegerField(default=0, db_default=0)  # of it, still nobody's: kept by the database, as the journal has it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="payments_receipt_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_receipt_positive"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-at"], name="payments_receipt_recent"),
            models.Index(fields=["organisation", "at"], name="payments_receipt_unmatched", condition=~models.Q(unmatched=0)),
        ]


class Allocation(TenantModel):
    """How much of a payment counts towards an invoice. Its id is that of the event `paid`. Never changed.

    From a gateway (`intent`), from money received (`receipt`), or from the customer's credit (neither). Below zero where a
    receipt that was booked by mistake is undone.
    """

    payer_path = "invoice_id"

    intent = TenantForeignKey(Intent, null=True)
    receipt = TenantForeignKey(Receipt, null=True)
    invoice = TenantForeignKey("invoicing.Invoice")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0) | models.Q(receipt__isnull=False, amount__lt=0), name="payments_allocation_positive"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "invoice"], name="payments_allocation_invoice"),
            models.Index(fields=["organisation", "intent"], name="payments_allocation_intent"),
            models.Index(fields=["organisation", "receipt"], name="payments_allocation_receipt", condition=models.Q(receipt__isnull=False)),
            models.Index(
                fields=["organisation", "-at", "-id"], name="payments_allocation_credit",
                condition=models.Q(receipt__isnull=True, intent__isnull=True),
            ),
        ]


class Refund(TenantModel):
    """Money on its way back. Its id is the idempotency key and the reference at the gateway.

    By the gateway it came through (`intent`), or by the seller's own bank where there is none; a person then says that it was sent.
    """

    WAITING, QUEUED, SENT, SUCCEEDED, REFUSED, DROPPED = "waiting", "queued", "sent", "succeeded", "refused", "dropped"
    UNBOOKED = (WAITING, DROPPED)  # nothing was decided yet, or it was decided against
    BOOKED = (QUEUED, SENT, REFUSED)  # owed to the payer and not gone yet
    EXCESS, REQUESTED, EXTERNAL, CREDIT, UNMATCHED = "excess", "requested", "external", "credit", "unmatched"
    NEVER_COUNTED = (EXCESS, CREDIT, UNMATCHED)  # what they return did not count towards an invoice

    payer_path = "invoice_id"

    intent = TenantForeignKey(Intent, null=True)
    receipt = TenantForeignKey(Receipt, null=True)  # money that came too much by transfer
    invoice = TenantForeignKey("invoicing.Invoice", null=True)
    customer = TenantForeignKey("invoicing.Customer", null=True)  # of credit that is given back
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=10)
    status = models.CharField(max_length=10, default=QUEUED)
    gateway_id = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    last_error = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)  # why, as the person who asked wrote it
    asked_by = models.CharField(max_length=60, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)  # who approved or refused it
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)  # sent from the seller's own bank
    to_credit = models.BooleanField(default=False)  # nothing left: the customer has it as credit

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "gateway_id", "invoice"], name="payments_refund_gateway", condition=~models.Q(gateway_id="")
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_refund_positive"),
        ]
        indexes = [
            models.Index(fields=["organisation", "intent"], name="payments_refund_intent"),
            models.Index(fields=["next_attempt_at"], name="payments_refund_due", condition=models.Q(status__in=("queued", "sent"))),
            models.Index(fields=["organisation", "invoice"], name="payments_refund_invoice"),
            models.Index(fields=["organisation", "created_at"], name="payments_refund_waiting", condition=models.Q(status="waiting")),
            models.Index(fields=["organisation", "-created_at", "-id"], name="payments_refund_recent"),
            models.Index(fields=["organisation", "receipt"], name="payments_refund_receipt", condition=models.Q(receipt__isnull=False)),
        ]


class Dispute(TenantModel):
    """The payer's bank took a payment back, and who is right is not decided yet (`open`), or is (`won` by the seller, `lost`)."""

    OPEN, WON, LOST = "open", "won", "lost"

    intent = TenantForeignKey(Intent)
    gateway_id = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60, blank=True)  # in the gateway's own words
    state = models.CharField(max_length=4, default=OPEN)
    shares = models.JSONField(default=dict)  # invoice id -> minor units; under "" what counts towards none of them
    regained = models.BooleanField(default=False)  # lost first, won later: it counts anew
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "intent", "gateway_id"], name="payments_dispute_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_dispute_positive"),
        ]
        indexes = [models.Index(fields=["organisation", "opened_at"], name="payments_dispute_open", condition=models.Q(state="open"))]


WAITING = models.Q(applied_at=None, parked=False)


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
        indexes = [
            models.Index(fields=["next_attempt_at"], name="payments_hook_waiting", condition=WAITING),
            models.Index(fields=["organisation", "driver", "gateway_id"], name="payments_hook_alike", condition=WAITING),
        ]


class Alarm(TenantModel):
    """Something a person must look at: money that does not fit its invoice. One for each cause."""

    intent = TenantForeignKey(Intent, null=True)
    kind = models.CharField(max_length=20)
    body = models.JSONField(default=dict)
    raised_at = models.DateTimeField(default=clock.now)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "intent", "kind"], name="payments_alarm_once")]


def invoice_row(org: Any, invoice_id: Any, *, lock: bool = False) -> Any:
    """The issued row. Locked, payments of one invoice take turns; rows that refer to it may still be written."""
    (found,) = invoice_rows(org, [invoice_id], lock=lock)
    return found


def invoice_rows(org: Any, invoices: Iterable[Any], *, lock: bool = False) -> list[Any]:
    """Issued rows in the order asked for. Locks are taken in the order of ids: who pays several never waits in a circle."""
    from wasl.app.invoicing.models import Invoice

    ids: list[UUID] = [getattr(invoice, "pk", invoice) for invoice in invoices]
    rows = Invoice.objects.for_org(org).filter(pk__in=set(ids)).order_by("pk")
    found = {row.pk: row for row in (rows.select_for_update(no_key=True) if lock else rows)}
    if len(found) < len(set(ids)):
        raise Invoice.DoesNotExist("an invoice of this organisation")
    return [found[UUID(str(pk))] for pk in ids]
