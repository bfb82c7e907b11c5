"""Organisations, people and their roles, payers and their grants, and the audit log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.tenancy.models_payers import Payer, PayerAct, PayerAddress, PayerCode, PayerGrant, PayerInvite, PayerSeat
from wasl.app.tenancy.scope import TenantModel
from wasl.invoice.model import Address, Contact, Identifier, Party

PAYERS = (Payer, PayerAct, PayerAddress, PayerCode, PayerGrant, PayerInvite, PayerSeat)  # Django finds models in this module alone


class Organisation(models.Model):
    """A seller: who it is on its invoices, and the rules and keys it issues under."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name_ar = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    legal_name_language = models.CharField(max_length=2, default="ar")  # which of both is BT-27; the other is BT-28
    vat_identifier = models.CharField(max_length=40, blank=True)  # BT-31
    tax_registration = models.CharField(max_length=40, blank=True)  # BT-32
    legal_registration = models.CharField(max_length=60, blank=True)  # BT-30
    legal_registration_scheme = models.CharField(max_length=10, blank=True)
    electronic_address = models.CharField(max_length=100, blank=True)  # BT-34
    electronic_address_scheme = models.CharField(max_length=10, blank=True)
    line_1 = models.CharField(max_length=200, blank=True)
    line_2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    post_code = models.CharField(max_length=20, blank=True)
    subdivision = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)
    email = models.EmailField(blank=True)  # where replies and notices go
    phone = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    currency = models.CharField(max_length=3)
    profile = models.CharField(max_length=40, default="en16931")
    default_language = models.CharField(max_length=2, default="ar")
    accent = models.CharField(max_length=7, blank=True)
    logo = models.BinaryField(null=True)
    link_key_wrapped = models.BinaryField()
    pseudonym = models.UUIDField(default=uuid7, editable=False)  # how the log names it
    created_at = models.DateTimeField(default=clock.now)

    @property
    def name(self) -> str:
        return self.name_in(self.legal_name_language)

    def name_in(self, lang: str) -> str:
        first, second = (self.name_ar, self.name_en) if lang == "ar" else (self.name_en, self.name_ar)
        return first or second

    def party(self) -> Party:
        """BG-4 of every invoice it issues."""
        other = self.name_in("en" if self.legal_name_language == "ar" else "ar")
        contact = Contact(name=self.name or None, telephone=self.phone or None, email=self.email or None)
        return Party(
            name=self.name or None,
            trading_name=other if other != self.name else None,
            legal_registration=_identifier(self.legal_registration, self.legal_registration_scheme),
            vat_identifier=self.vat_identifier or None,
            tax_registration=self.tax_registration or None,
            electronic_address=_identifier(self.electronic_address, self.electronic_address_scheme),
            address=Address(
                line_1=self.line_1 or None, line_2=self.line_2 or None, city=self.city or None, post_code=self.post_code or None,
                subdivision=self.subdivision or None, country=self.country or None,
            ),
            contact=contact if self.email or self.phone else None,
        )  # fmt: skip


def _identifier(value: str, scheme: str) -> Identifier | None:
    return Identifier(value=value, scheme=scheme or None) if value else None


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> Person:
        """No password means none can be used: the person signs in by e-mail code and may choose one later (T2)."""
        from allauth.account.models import EmailAddress

        person = self.model(email=normalise_email(email), **extra)
        person.set_password(password)
        person.save(using=self._db)
        EmailAddress.objects.using(self._db).create(user=person, email=person.email, primary=True)  # the first code that arrives proves it
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=normalise_email(username or ""))


def normalise_email(email: str) -> str:
    return email.strip().lower()


class Person(AbstractBaseUser):
    """Somebody who signs in. Rights come from memberships alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)  # raised to end every session of the person (T61)
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = is_superuser = False

    def get_session_auth_hash(self) -> str:
        return self._epoch_hash()

    def get_session_auth_fallback_hash(self) -> Any:
        return iter(())

    def _epoch_hash(self) -> str:
        return salted_hmac("wasl.session", f"{self.password}|{self.session_epoch}|{self.is_active}", algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.name or self.email


class Membership(TenantModel):
    """A person's role in an organisation: an owner decides, a clerk works."""

    OWNER, CLERK = "owner", "clerk"
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, related_name="+")
    role = models.CharField(max_length=10, choices=[(OWNER, "owner"), (CLERK, "clerk")])
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person"], name="tenancy_membership_once")]


class SealKey(TenantModel):
    """A seller's sealing key: its name in the keystore and its certificate. The newest that is not retired seals."""

    name = models.CharField(max_length=100)
    certificate = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True)


class AuditEntry(TenantModel):
    """One act, who did it, and a code that an editor of the disk cannot recompute (T3, T5). Never changed."""

    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    actor = models.CharField(max_length=100)  # "person", or the named process that acted, such as "system:worker"
    act = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField(null=True)
    body = models.JSONField(default=dict)
    code = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "object_type", "object_id"], name="tenancy_audit_object")]


class Hold(models.Model):
    """While one stands, nothing can be issued here: a restored database lies behind its published log."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reason = models.CharField(max_length=40)
    body = models.JSONField(default=dict)
    since = models.DateTimeField(default=clock.now)
