"""A proven address: whose it is, the person made at its first proof, and the inbox that it belongs to."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.tenancy.models import Person, normalise_email
from wasl.app.tenancy.models_payers import PayerAddress
from wasl.app.tenancy.organisations import end_sessions
from wasl.app.tenancy.payers import own_inbox
from wasl.app.tenancy.payers_acts import note
from wasl.app.tenancy.payers_grants import road

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@transaction.atomic
def person_of(email: str, language: str = "") -> tuple[Person, PayerAddress]:
    """Whoever has just proven `email` is this person; made now if nobody has it. Their own inbox takes its invoices.

    An account that somebody else opened on this address before it was proven loses its password, keys and sessions: only
    the one who reads the mail keeps it.
    """
    email = normalise_email(email)
    lock(email)
    person = _holder(email)
    if person is None:
        person = Person.objects.create_user(email, language=language)
    if _prove(person, email):
        person.refresh_from_db()
    return person, address_of(person, email)


def lock(email: str) -> None:
    """Two proofs of one address at once come one after the other."""
    run(_LOCK, (f"payer-address {email}",))


def _holder(email: str) -> Person | None:
    proven = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return proven.user if proven else Person.objects.filter(email=email).first()


def _prove(person: Person, email: str) -> bool:
    """Mark the address as proven; True when that was new."""
    row, made = EmailAddress.objects.get_or_create(user=person, email=email, defaults={"primary": person.email == email})
    EmailAddress.objects.filter(email=email).exclude(pk=row.pk).delete()  # others typed it and never proved it
    if row.verified:
        return False
    row.verified = True
    row.save(update_fields=["verified"])
    if not made and person.has_usable_password():
        person.set_unusable_password()
        person.save(update_fields=["password"])
        end_sessions(person.pk)
    return True


@transaction.atomic
def address_of(person: Person, email: str) -> PayerAddress:
    """The address among the inboxes, with all its invoices: where it lies already, or now in the person's own."""
    row = PayerAddress.objects.filter(email=email).first()
    if row is None or row.person_id != person.pk:
        payer = own_inbox(person).payer
        values = {"payer": payer, "person": person, "proven_at": clock.now(), "leaves_at": None}  # it may have been another's, who no longer reads it
        row, _made = PayerAddress.objects.update_or_create(email=email, defaults=values)
        note(payer.pk, person.pk, "address.prove", {"address": str(row.pk)})
    road().grant_address(row.payer_id, email)
    return row


_KNOWN = """
SELECT 1 FROM tenancy_payeraddress WHERE email = %(email)s
UNION ALL SELECT 1 FROM account_emailaddress WHERE email = %(email)s
UNION ALL SELECT 1 FROM tenancy_person WHERE email = %(email)s
UNION ALL SELECT 1 FROM tenancy_payerinvite WHERE email = %(email)s AND used_at IS NULL AND withdrawn_at IS NULL
LIMIT 1
"""


def is_known(email: str) -> bool:
    """Whether somebody here has this address, or was invited by it."""
    return bool(run(_KNOWN, {"email": normalise_email(email)}))
