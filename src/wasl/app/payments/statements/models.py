"""Statement files, the movements in them, what each may pay, and the names that payers pay under. Amounts are minor units."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wasl.app import clock
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel


class StatementFile(TenantModel):
    """One uploaded file and how far it has come. Its bytes are kept, compressed, until its movements stand in their own table."""

    PREVIEW, CHECKING, STORING, MATCHING, APPLYING, DONE, REFUSED, DISCARDED = (
        "preview", "checking", "storing", "matching", "applying", "done", "refused", "discarded",
    )  # fmt: skip
    MOVING = (CHECKING, STORING, MATCHING, APPLYING)

    name = models.CharField(max_length=200)
    sha256 = models.BinaryField()  # of the bytes as unpacked
    kind = models.CharField(max_length=10)  # camt.053, mt940, ofx, table
    data = models.BinaryField(null=True)  # squeezed
    columns = models.JSONField(null=True)  # of a table: what each column is
    state = models.CharField(max_length=10, default=PREVIEW)
    account = models.CharField(max_length=64, blank=True)  # of its first statement
    currency = models.CharField(max_length=3, blank=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    total = models.IntegerField(null=True)  # movements in the file, known once it was checked
    is_proven = models.BooleanField(default=False)  # opening + movements = closing, in every statement of it
    position = models.IntegerField(default=0)  # movements already looked at
    fresh = models.IntegerField(default=0)  # of those, not known before
    trouble = models.JSONField(null=True)  # why it was refused: code, en, ar
    uploaded_by = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    created_at = models.DateTimeField(default=clock.now)
    moved_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"], condition=~models.Q(state__in=("refused", "discarded")), name="statements_file_once"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="statements_file_recent"),
            models.Index(
                fields=["moved_at"], condition=models.Q(state__in=("checking", "storing", "matching", "applying")), name="statements_file_moving"
            ),
        ]


class StatementLine(TenantModel):
    """One movement on a seller's account, once, however many files hold it."""

    NEW, SUGGESTED, UNMATCHED, MATCHED, IGNORED, OUTGOING, TWIN = "new", "suggested", "unmatched", "matched", "ignored", "outgoing", "twin"
    RETURN, REVERSED = "return", "reversed"  # the bank took a payment back: to be decided; decided, and the payment it took
    WAITING = (SUGGESTED, UNMATCHED, TWIN)

    file = TenantForeignKey(StatementFile)
    account = models.CharField(max_length=64, blank=True)
    currency = models.CharField(max_length=3)
    identity = models.BinaryField()  # 16 bytes: see formats.statements.identity
    kind = models.CharField(max_length=10)  # of the file it first came in
    place = models.IntegerField()  # in that file
    booked = models.DateField()
    value = models.DateField(null=True)
    amount = models.BigIntegerField()  # above zero: it came in
    is_reversal = models.BooleanField(default=False, db_default=False)  # the bank's mark: an earlier movement is taken back by it
    name = models.CharField(max_length=200, blank=True)
    name_key = models.CharField(max_length=200, blank=True)  # folded: see matching.names
    payer_account = models.CharField(max_length=64, blank=True)
    reference = models.TextField(blank=True)
    text = models.TextField(blank=True)
    numbers = ArrayField(models.TextField(), default=list)  # of invoices that its texts may name: see matching.numbers
    state = models.CharField(max_length=10, default=NEW)
    by_machine = models.BooleanField(default=False)  # matched without a person
    undone = models.IntegerField(default=0)  # how often an acceptance was taken back; the receipt's key counts it
    receipt = TenantForeignKey("payments.Receipt", null=True)
    note = models.CharField(max_length=200, blank=True)  # why it is not ours
    payout = TenantForeignKey("payments.Payout", null=True)  # a gateway's payout that arrived with it: set aside, for the payout is booked already
    decided_by = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "account", "currency", "identity"], name="statements_line_once")]
        indexes = [
            models.Index(fields=["organisation", "state", "-booked", "-id"], name="statements_line_state"),
            models.Index(fields=["organisation", "file", "place"], name="statements_line_file"),
            models.Index(fields=["organisation", "account", "booked", "amount"], name="statements_line_day"),
            models.Index(fields=["organisation", "payout"], name="statements_line_payout", condition=models.Q(payout__isnull=False)),
            models.Index(fields=["organisation", "currency", "amount", "booked"], name="statements_line_taken", condition=models.Q(state="matched")),
        ]


class Suggestion(TenantModel):
    """What a movement may pay: rows of one rank belong together. Rank 1 is the best; `score` is out of 100."""

    line = TenantForeignKey(StatementLine)
    invoice = TenantForeignKey("invoicing.Invoice")
    rank = models.SmallIntegerField()
    amount = models.BigIntegerField()
    score = models.SmallIntegerField()
    reason = models.CharField(max_length=20)  # matching.reasons says it in words
    difference = models.BigIntegerField(default=0)  # what is owed on the invoice, less what came

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "line", "rank", "invoice"], name="statements_suggestion_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="statements_suggestion_positive"),
        ]


class PayerName(TenantModel):
    """A name or an account that a customer has paid under, learned from what people accepted."""

    name_key = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=64, blank=True)
    customer = TenantForeignKey("invoicing.Customer")
    uses = models.IntegerField(default=1)
    last_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name_key", "payer_account", "customer"], name="statements_payername_once")]
        indexes = [models.Index(fields=["organisation", "payer_account"], condition=~models.Q(payer_account=""), name="statements_payername_acct")]
