"""The journal and what is kept of it: entries, lines, each invoice's balance, conversions, payouts. Amounts are minor units."""

from __future__ import annotations

from django.db import models

from wasl.app import clock
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel

SETTLED = models.F("credited") + models.F("received") - models.F("returned") + models.F("forgiven")  # what of a bill is settled
OPEN_AMOUNT = models.F("total") - SETTLED


class JournalEntry(TenantModel):
    """Lines that balance, for one event. Never changed; its id is the event's."""

    ISSUE, CREDIT, PAYMENT, REFUND_DUE, REFUND = "issue", "credit", "payment", "refund_due", "refund"
    WRITE_OFF, DISCOUNT, DISPUTE, CHARGEBACK = "write_off", "discount", "dispute", "chargeback"
    PAYOUT, EXCHANGE, MOVE = "payout", "exchange", "move"

    payer_path = "invoice_id"

    event = TenantForeignKey("events.Event")
    kind = models.CharField(max_length=12)
    invoice = TenantForeignKey("invoicing.Invoice", null=True)  # whose balance it concerns
    customer = TenantForeignKey("invoicing.Customer", null=True)  # whose credit it moves
    intent = TenantForeignKey("payments.Intent", null=True)
    receipt = TenantForeignKey("payments.Receipt", null=True)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "event"], name="payments_journalentry_once")]
        indexes = [
            models.Index(fields=["organisation", "invoice"], name="payments_journalentry_invoice"),
            models.Index(fields=["organisation", "at"], name="payments_journalentry_day"),
            models.Index(fields=["organisation", "customer"], name="payments_journalentry_customer", condition=models.Q(customer__isnull=False)),
            models.Index(fields=["organisation", "intent"], name="payments_journalentry_intent", condition=models.Q(intent__isnull=False)),
        ]


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

    Written by the database itself in the statement that writes journal lines (0002_balance, 0004_whole, 0008_written_off), by nobody else.
    """

    payer_path = "id"

    currency = models.CharField(max_length=3)
    due_date = models.DateField(null=True)  # BT-9, or the later date that the seller granted (hold_until)
    total = models.BigIntegerField(default=0)  # what was billed
    received = models.BigIntegerField(default=0)  # payments counted towards it
    returned = models.BigIntegerField(default=0)  # of those, given back, on the way back, or lost to the payer's bank
    credited = models.BigIntegerField(default=0)  # credit notes
    forgiven = models.BigIntegerField(default=0)  # discounts for paying early, and what was written off
    written_off = models.BigIntegerField(default=0, db_default=0)  # of what was forgiven: given up on
    refunds_due = models.BigIntegerField(default=0)  # owed to the payer and not sent yet
    disputed = models.BigIntegerField(default=0)  # payments that the payer's bank took back and that are not decided yet
    moved_at = models.DateTimeField(null=True)  # when what is owed last changed: of a settled invoice, when it was settled
    open_amount = models.GeneratedField(expression=OPEN_AMOUNT, output_field=models.BigIntegerField(), db_persist=True)
    is_open = models.GeneratedField(expression=models.Q(total__gt=SETTLED), output_field=models.BooleanField(), db_persist=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "due_date"], name="payments_balance_open", condition=models.Q(is_open=True))]


class Conversion(TenantModel):
    """Money that came in one currency and counts in another: both amounts and the rate, kept for ever. Its id is the event's."""

    payer_path = "invoice_id"

    invoice = TenantForeignKey("invoicing.Invoice")
    receipt = TenantForeignKey("payments.Receipt", null=True)
    paid_amount = models.BigIntegerField()
    paid_currency = models.CharField(max_length=3)
    counted_amount = models.BigIntegerField()
    counted_currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)  # counted currency for one of the paid currency
    source = models.CharField(max_length=60, blank=True)  # whose rate it is
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(rate__gt=0), name="payments_conversion_positive")]
        indexes = [models.Index(fields=["organisation", "invoice"], name="payments_conversion_invoice")]


class Payout(TenantModel):
    """What a gateway paid out to the seller's account, once. `amount` is what the seller's bank receives; below zero, what it takes."""

    driver = models.CharField(max_length=20)
    gateway_id = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    booked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "driver", "gateway_id"], name="payments_payout_once")]
        indexes = [models.Index(fields=["organisation", "-at"], name="payments_payout_recent")]


class PayoutItem(TenantModel):
    """One line of a payout: gross - fee = net. `is_known` where the books have the payment, refund or dispute behind it.

    Explained later (`explain`), it moves from `unmatched` to where it belongs, and says when, by whom and as what.
    """

    AS_PAYMENT, AS_RECEIPT, AS_FEE = "payment", "receipt", "fee"

    payout = TenantForeignKey(Payout)
    kind = models.CharField(max_length=10)  # payment, refund, chargeback, fee
    gateway_id = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True, default="", db_default="")  # ours, where the gateway gives it back
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()
    net = models.BigIntegerField()
    intent = TenantForeignKey("payments.Intent", null=True)
    is_known = models.BooleanField(default=False)
    explained_as = models.CharField(max_length=10, blank=True, default="", db_default="")
    explained_at = models.DateTimeField(null=True)
    explained_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    receipt = TenantForeignKey("payments.Receipt", null=True)  # the money of a payment that was made outside of Wasl

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "payout"], name="payments_payoutitem_payout"),
            models.Index(fields=["organisation", "payout"], name="payments_payoutitem_unknown", condition=models.Q(is_known=False)),
            models.Index(fields=["organisation", "intent"], name="payments_payoutitem_intent", condition=models.Q(intent__isnull=False)),
        ]
