"""Customers, items and drafts; series; the issued row and, apart from it, everything that can be erased."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower

from wasl.app import clock
from wasl.app.folding import FROM, TO
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel
from wasl.invoice.model import Address, Contact, Identifier, Party


class Customer(TenantModel):
    """Somebody an organisation bills: BG-7 of the drafts made for it."""

    name = models.CharField(max_length=200)  # BT-44
    trading_name = models.CharField(max_length=200, blank=True)  # BT-45
    vat_identifier = models.CharField(max_length=40, blank=True)  # BT-48
    legal_registration = models.CharField(max_length=60, blank=True)  # BT-47
    legal_registration_scheme = models.CharField(max_length=10, blank=True)
    electronic_address = models.CharField(max_length=100, blank=True)  # BT-49
    electronic_address_scheme = models.CharField(max_length=10, blank=True)
    contact_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    line_1 = models.CharField(max_length=200, blank=True)
    line_2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    post_code = models.CharField(max_length=20, blank=True)
    subdivision = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=2, default="ar")
    payment_days = models.PositiveSmallIntegerField(default=30)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    key_id = models.CharField(max_length=40, blank=True)
    name_folded = models.GeneratedField(  # as it is searched: to fold four thousand names at each question took 20 ms
        expression=Func(Lower("name"), Value(FROM), Value(TO), function="translate"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        indexes = [models.Index(fields=["organisation", "name"], name="invoicing_customer_name")]

    def party(self) -> Party:
        contact = Contact(name=self.contact_name or None, telephone=self.phone or None, email=self.email or None)
        return Party(
            name=self.name,
            trading_name=self.trading_name or None,
            vat_identifier=self.vat_identifier or None,
            legal_registration=_identifier(self.legal_registration, self.legal_registration_scheme),
            electronic_address=_identifier(self.electronic_address, self.electronic_address_scheme),
            address=Address(
                line_1=self.line_1 or None, line_2=self.line_2 or None, city=self.city or None, post_code=self.post_code or None,
                subdivision=self.subdivision or None, country=self.country or None,
            ),
            contact=contact if self.contact_name or self.phone or self.email else None,
        )  # fmt: skip


def _identifier(value: str, scheme: str) -> Identifier | None:
    return Identifier(value=value, scheme=scheme or None) if value else None


class CustomerRequest(TenantModel):
    """What a payer asks of the seller: to correct its record, or to let an invoice into its inbox. Changes nothing until accepted."""

    CORRECTION, ACCESS = "correction", "access"
    OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
    payer = models.ForeignKey("tenancy.Payer", on_delete=models.DO_NOTHING, related_name="+")
    person = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    customer = TenantForeignKey(Customer, null=True)
    invoice = TenantForeignKey("invoicing.Invoice", null=True)
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=OPEN)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state", "at"], name="invoicing_request_open")]


class Item(TenantModel):
    """Something an organisation sells: fills a line of the composer."""

    name_ar = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    seller_identifier = models.CharField(max_length=60, blank=True)  # BT-155
    unit = models.CharField(max_length=10, default="C62")  # BT-130
    price = models.DecimalField(max_digits=24, decimal_places=6, default=Decimal(0))  # BT-146
    currency = models.CharField(max_length=3)
    tax_category = models.CharField(max_length=2, default="S")  # BT-151
    tax_rate = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)  # BT-152
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)


class Series(TenantModel):
    """A counter without gaps: the row is locked while a number is given, so a rolled-back issue gives it back."""

    INVOICE, CREDIT_NOTE = "invoice", "credit_note"
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=[(INVOICE, "invoice"), (CREDIT_NOTE, "credit note")])
    pattern = models.CharField(max_length=60)  # INV-{YYYY}-{000000}
    next_number = models.BigIntegerField(default=1)
    last_issue_date = models.DateField(null=True)
    last_issued_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "code"], name="invoicing_series_code")]


class Draft(TenantModel):
    """An invoice in the making: Wasl JSON as text, saved as it is typed. `version` refuses a stale save."""

    kind = models.CharField(max_length=12, default=Series.INVOICE)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    customer = TenantForeignKey(Customer, null=True)
    original = TenantForeignKey("invoicing.Invoice", null=True)  # of a credit note
    series_code = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, blank=True)
    created_by = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    issued_invoice = TenantForeignKey("invoicing.Invoice", null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-updated_at"], name="invoicing_draft_recent")]


class Invoice(TenantModel):
    """The issued row, for ever as it was issued. Amounts are minor units of `currency`."""

    payer_path = "id"

    series = TenantForeignKey(Series)
    counter = models.BigIntegerField()
    number = models.CharField(max_length=80)  # BT-1
    kind = models.CharField(max_length=12)
    type_code = models.CharField(max_length=4)  # BT-3
    issue_date = models.DateField()  # BT-2
    due_date = models.DateField(null=True)  # BT-9
    currency = models.CharField(max_length=3)  # BT-5
    tax_exclusive_amount = models.BigIntegerField()  # BT-109
    tax_amount = models.BigIntegerField()  # BT-110
    tax_inclusive_amount = models.BigIntegerField()  # BT-112
    payable_amount = models.BigIntegerField()  # BT-115
    document_sha256 = models.BinaryField()
    seal_sha256 = models.BinaryField()
    profile = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    customer = TenantForeignKey(Customer, null=True)
    original = TenantForeignKey("self", null=True)
    account_version = TenantForeignKey("invoicing.BankAccountVersion", null=True)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "series", "counter"], name="invoicing_invoice_counter"),
            models.UniqueConstraint(fields=["organisation", "kind", "number"], name="invoicing_invoice_number"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-issued_at"], name="invoicing_invoice_recent"),
            models.Index(fields=["organisation", "customer"], name="invoicing_invoice_customer"),
            models.Index(fields=["organisation", "original"], name="invoicing_invoice_original", condition=models.Q(original__isnull=False)),
        ]

    @property
    def is_credit_note(self) -> bool:
        return self.kind == Series.CREDIT_NOTE


class InvoiceText(TenantModel):
    """What lists and search show of the buyer. Its id is the invoice's; it can be erased."""

    payer_path = "id"

    invoice = TenantForeignKey(Invoice)
    buyer_name = models.CharField(max_length=400, blank=True)
    buyer_email = models.CharField(max_length=254, blank=True)
    buyer_reference = models.CharField(max_length=200, blank=True)
    key_id = models.CharField(max_length=40, blank=True)


class Document(TenantModel):
    """The bytes of an invoice: sealed XML, its .xades, the first PDF. Never altered; removable by erasure alone."""

    payer_path = "invoice_id"
    XML, XADES, PDF = "xml", "xades", "pdf"

    invoice = TenantForeignKey(Invoice)
    kind = models.CharField(max_length=10)
    sha256 = models.BinaryField()
    data = models.BinaryField()
    key_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "invoice", "kind"], name="invoicing_document_once")]


class Link(TenantModel):
    """A capability: the token is computed from the organisation's link key and this id; only hashes are kept (T60)."""

    payer_path = "invoice_id"
    MAIL, PDF, VERIFY = "mail", "pdf", "verify"

    invoice = TenantForeignKey(Invoice)
    purpose = models.CharField(max_length=10)
    recipient = models.CharField(max_length=254, blank=True)
    token_hash = models.BinaryField()
    claim_hash = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "invoice", "purpose", "recipient"], condition=models.Q(revoked_at__isnull=True), name="invoicing_link_once"
            )
        ]
        indexes = [
            models.Index(fields=["token_hash"], name="invoicing_link_token"),
            models.Index(fields=["claim_hash"], name="invoicing_link_claim"),
        ]


class BankAccount(TenantModel):
    """Where an organisation is paid. What its IBAN was, when, stands in the versions."""

    label = models.CharField(max_length=100, blank=True)
    currency = models.CharField(max_length=3)
    current_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)


class BankAccountVersion(TenantModel):
    """One IBAN of an account. Never changed: a new IBAN is a new version; `first_used_on` is set once."""

    account = TenantForeignKey(BankAccount)
    version = models.PositiveIntegerField()
    iban = models.CharField(max_length=34)  # BT-84, normalised
    holder = models.CharField(max_length=200, blank=True)  # BT-85
    bic = models.CharField(max_length=11, blank=True)  # BT-86
    sha256 = models.BinaryField()  # of the normalised IBAN: what the log shows
    first_used_on = models.DateField(null=True)
    created_by = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "account", "version"], name="invoicing_accountversion_once")]


class AccountChange(TenantModel):
    """Another IBAN that somebody wants for an account: two people, some days, and a word to the old contact stand before it."""

    ASKED, APPROVED, DONE, STOPPED = "asked", "approved", "done", "stopped"
    OPEN = (ASKED, APPROVED)

    account = TenantForeignKey(BankAccount)
    iban = models.CharField(max_length=34)
    holder = models.CharField(max_length=200, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    state = models.CharField(max_length=10, default=ASKED)
    asked_by = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=clock.now)
    told = models.JSONField(default=list)  # the addresses that were the organisation's when it was asked: they hear of every step
    approved_by = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    approved_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)
    stop_hash = models.BinaryField()  # SHA-256 of the token in the mails: whoever has one can stop the change, and nothing else

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account"], condition=models.Q(state__in=("asked", "approved")), name="invoicing_accountchange_open"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")), name="invoicing_accountchange_two_people"
            ),
        ]
        indexes = [
            models.Index(fields=["effective_at"], condition=models.Q(state="approved"), name="invoicing_accountchange_due"),
            models.Index(fields=["stop_hash"], name="invoicing_accountchange_stop"),
        ]


class IdempotencyKey(TenantModel):
    """A caller's key with its first answer, kept for ever in the transaction of the effect."""

    scope = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    body_sha256 = models.BinaryField()
    answer = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "scope", "key"], name="invoicing_idempotencykey_once")]
