"""Those who receive invoices: inboxes, who may open them, and the addresses whose invoices lie in them.

Tables of the installation, not of one seller: an inbox spans all sellers. The grant alone belongs to a seller too; it is
the only road from an inbox to a seller's rows.
"""

from __future__ import annotations

from django.db import models

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.tenancy.scope import TenantModel


class Payer(models.Model):
    """An inbox: a person's own, or a company's that several people share. Its details are the reader's own words."""

    OWN, COMPANY = "own", "company"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=[(OWN, "own"), (COMPANY, "company")], default=OWN)
    name = models.CharField(max_length=200, blank=True)
    vat_identifier = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    line_1 = models.CharField(max_length=200, blank=True)
    line_2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    post_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField(default=clock.now)


class PayerSeat(models.Model):
    """A person may open an inbox: look, pay, or decide who else may."""

    VIEW, PAY, OWNER = "view", "pay", "owner"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer = models.ForeignKey(Payer, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey("tenancy.Person", on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=5, choices=[(VIEW, "view"), (PAY, "pay"), (OWNER, "owner")])
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["payer", "person"], name="tenancy_payerseat_once")]


class PayerAddress(models.Model):
    """A proven e-mail address: invoices sent to it lie in this inbox. `person` proved it and signs in with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer = models.ForeignKey(Payer, on_delete=models.CASCADE, related_name="addresses")
    person = models.ForeignKey("tenancy.Person", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(unique=True)
    proven_at = models.DateTimeField(default=clock.now)
    leaves_at = models.DateTimeField(null=True)  # removed by its owner: until then it still opens the door, so a thief cannot lock anybody out


class PayerGrant(TenantModel):
    """A payer may see this invoice. The only road from a payer to tenant rows."""

    payer = models.ForeignKey(Payer, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    invoice_id = models.UUIDField()  # a row of invoicing_invoice, by composite foreign key
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["payer", "organisation", "invoice_id"], name="tenancy_payergrant_once")]


class PayerInvite(models.Model):
    """An invitation into an inbox, for one address, once, for a few days. Only a hash of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer = models.ForeignKey(Payer, on_delete=models.CASCADE, related_name="invites")
    email = models.EmailField()
    role = models.CharField(max_length=5)
    token_hash = models.BinaryField()
    invited_by = models.ForeignKey("tenancy.Person", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["token_hash"], name="tenancy_payerinvite_token")]


class PayerCode(models.Model):
    """One code sent to an address. The code itself is computed, never stored; tries are counted here, for all processes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    purpose = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    person = models.ForeignKey("tenancy.Person", on_delete=models.CASCADE, related_name="+", null=True)  # who asked, where signed in
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    quiet = models.BooleanField(default=False)  # too many were asked for: nothing is mailed, and nobody is told

    class Meta:
        indexes = [models.Index(fields=["email", "-created_at"], name="tenancy_payercode_recent")]


class PayerAct(models.Model):
    """What was done in an inbox, and by whom: as the sellers' audit log, with a code that an editor of the disk cannot recompute.

    Never changed. It outlives the inbox and holds ids only, so that nothing in it names anybody once the person is erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=40)
    body = models.JSONField(default=dict)
    code = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["payer_id", "-at"], name="tenancy_payeract_inbox")]
