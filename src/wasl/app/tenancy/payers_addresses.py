"""The addresses of one person: another is added once proven, one is the main one, and a removed one keeps the door open a while.

An address that was here for longer than a week opens the door for another week after its removal, and its owner is told there:
a thief with a stolen session cannot lock anybody out. One that came within the last week leaves at once, so what the thief added
can be thrown out at once as well.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.sql import run
from wasl.app.tenancy.models import Person, normalise_email
from wasl.app.tenancy.models_payers import Payer, PayerAddress, PayerSeat
from wasl.app.tenancy.organisations import end_sessions
from wasl.app.tenancy.payers_acts import note
from wasl.app.tenancy.payers_errors import AddressInUse, LastAddress
from wasl.app.tenancy.payers_grants import road
from wasl.app.tenancy.payers_prove import address_of, lock

COOLING = timedelta(days=7)


@transaction.atomic
def add(person: Person, email: str) -> PayerAddress:
    """One more address of `person`, who has just proven it. If another account of theirs had it, the address moves here, and
    that account with it where nothing else is left of it."""
    email = normalise_email(email)
    lock(email)
    held = EmailAddress.objects.filter(email=email, verified=True).exclude(user=person).select_related("user").first()
    other = held.user if held else Person.objects.filter(email=email).exclude(pk=person.pk).first()
    if other is not None:
        _take_over(person, other, email)
    EmailAddress.objects.filter(email=email).exclude(user=person).delete()
    row, _made = EmailAddress.objects.get_or_create(user=person, email=email, defaults={"primary": False})
    if not row.verified:
        row.verified = True
        row.save(update_fields=["verified"])
    return address_of(person, email)


def _take_over(person: Person, other: Person, email: str) -> None:
    """The same human under another account: proven by reading both mailboxes."""
    left = EmailAddress.objects.filter(user=other, verified=True).exclude(email=email).order_by("pk").first()
    if run("SELECT 1 FROM tenancy_membership WHERE person_id = %s LIMIT 1", (other.pk,)) and other.email == email:
        raise AddressInUse(address=email)
    if left is not None:
        if other.email == email:
            _set_primary(other, left)
        PayerAddress.objects.filter(email=email).delete()  # `address_of` lays it anew
        return
    for seat in PayerSeat.objects.filter(person=other).select_related("payer"):
        _inherit(seat, person)
    end_sessions(other.pk)
    other.email, other.is_active, other.name = f"{other.pk}@merged.invalid", False, ""
    other.save(update_fields=["email", "is_active", "name"])
    other.emailaddress_set.all().delete()
    other.authenticator_set.all().delete()
    note(None, person.pk, "account.merge", {"person": str(other.pk)})


def _inherit(seat: PayerSeat, person: Person) -> None:
    from wasl.app.tenancy.payers import ROLES, own_inbox

    PayerAddress.objects.filter(payer=seat.payer, person=seat.person).update(person=person)
    if seat.payer.kind == Payer.OWN:
        mine = own_inbox(person).payer
        PayerAddress.objects.filter(payer=seat.payer).update(payer=mine)
        road().grant_all_of(seat.payer.pk, mine.pk)
        road().forget(seat.payer.pk)
        seat.payer.delete()
        return
    known = PayerSeat.objects.filter(payer=seat.payer, person=person).first()
    if known is None:
        seat.person = person
        seat.save(update_fields=["person"])
        return
    known.role = max(known.role, seat.role, key=ROLES.index)
    known.save(update_fields=["role"])
    seat.delete()


def _set_primary(person: Person, row: EmailAddress) -> None:
    EmailAddress.objects.filter(user=person).update(primary=False)
    row.primary = True
    row.save(update_fields=["primary"])
    person.email = row.email
    person.save(update_fields=["email"])


@transaction.atomic
def make_primary(person: Person, address_id: UUID) -> tuple[str, str]:
    """The address to sign in with and to be written to from now on; (old, new). The caller tells the old one."""
    row = _mine(person, address_id)
    old = person.email
    _set_primary(person, EmailAddress.objects.get(user=person, email=row.email))
    if row.leaves_at is not None:
        row.leaves_at = None
        row.save(update_fields=["leaves_at"])
    note(row.payer_id, person.pk, "address.primary", {"address": str(row.pk)})
    return old, row.email


@transaction.atomic
def remove(person: Person, address_id: UUID) -> PayerAddress:
    """Take an address away: now, or after the cooling time (`leaves_at` of the answer). The caller tells it."""
    row = _mine(person, address_id)
    if row.email == person.email:
        raise LastAddress
    now = clock.now()
    note(row.payer_id, person.pk, "address.remove", {"address": str(row.pk)})
    if now - row.proven_at < COOLING:
        _drop(row)
    else:
        row.leaves_at = now + COOLING
        row.save(update_fields=["leaves_at"])
    return row


@transaction.atomic
def keep(person: Person, address_id: UUID) -> None:
    """Undo a removal while it waits."""
    row = _mine(person, address_id)
    row.leaves_at = None
    row.save(update_fields=["leaves_at"])
    note(row.payer_id, person.pk, "address.keep", {"address": str(row.pk)})


@transaction.atomic
def move(person: Person, address_id: UUID, payer_id: UUID) -> PayerAddress:
    """Let the invoices of an address come into another inbox of the person. Out of one's own they leave; a shared one keeps what it has."""
    row = _mine(person, address_id)
    if not PayerSeat.objects.filter(person=person, payer_id=payer_id).exclude(role=PayerSeat.VIEW).exists():
        raise NotFound(what="inbox")
    if row.payer_id == payer_id:
        return row
    before, row.payer_id = row.payer, payer_id
    row.save(update_fields=["payer"])
    if before.kind == Payer.OWN:
        road().take_back(before.pk, row.email)
    road().grant_address(payer_id, row.email)
    note(payer_id, person.pk, "address.move", {"address": str(row.pk), "from": str(before.pk)})
    return row


def addresses_of(person: Person) -> list[PayerAddress]:
    """Every proven address of a person with its inbox, the main one first."""
    rows = PayerAddress.objects.filter(person=person).select_related("payer").order_by("proven_at", "id")
    return sorted(rows, key=lambda row: row.email != person.email)


def drop_due() -> int:
    """Addresses whose cooling time is over; how many left."""
    due = list(PayerAddress.objects.filter(leaves_at__lte=clock.now()).select_related("person"))
    for row in due:
        with transaction.atomic():
            if row.person.email != row.email:
                _drop(row)
    return len(due)


def _drop(row: PayerAddress) -> None:
    EmailAddress.objects.filter(user_id=row.person_id, email=row.email).delete()
    PayerAddress.objects.filter(pk=row.pk).delete()


def _mine(person: Any, address_id: UUID) -> PayerAddress:
    found = PayerAddress.objects.select_for_update().filter(pk=address_id, person=person).first()
    if found is None:
        raise NotFound(what="address")
    return found
