"""Erasing a reader's account: everything that names the person goes, here and on every higher floor that registers.

What stays, because the law asks the sellers to keep it: the invoices themselves, in the sellers' own records. The row of the person
stays as a number without a name, for the audit log points to it; so does what was done in inboxes, which holds ids only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction

from wasl.app.sql import run
from wasl.app.tenancy.models import Person
from wasl.app.tenancy.models_payers import Payer, PayerAddress, PayerCode, PayerInvite, PayerSeat
from wasl.app.tenancy.organisations import end_sessions
from wasl.app.tenancy.payers import Inbox
from wasl.app.tenancy.payers_acts import note
from wasl.app.tenancy.payers_errors import LastInboxOwner
from wasl.app.tenancy.payers_grants import road
from wasl.app.tenancy.payers_share import leave

Eraser = Callable[[list[str], list[UUID]], None]  # of the person's addresses and of the inboxes that end, in the erasing transaction
_erasers: dict[str, Eraser] = {}


def eraser(name: str, erase: Eraser) -> None:
    """Let a higher floor remove what it keeps of a reader (preferences, push endpoints, saved views)."""
    _erasers[name] = erase


def orphaned(person: Person) -> list[Payer]:
    """Shared inboxes that others use and that would be left without an owner: they need one first."""
    owned = PayerSeat.objects.filter(person=person, role=PayerSeat.OWNER, payer__kind=Payer.COMPANY).select_related("payer")
    return [seat.payer for seat in owned if _others(seat) and not _others(seat).filter(role=PayerSeat.OWNER).exists()]


def _others(seat: PayerSeat) -> Any:
    return PayerSeat.objects.filter(payer=seat.payer).exclude(person=seat.person)


@transaction.atomic
def erase_account(person: Person) -> None:
    """Take the reader out of this installation. Raises LastInboxOwner while others depend on one of their shared inboxes.

    Somebody who also works at a seller's desk keeps that account: only the inbox side goes.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if orphaned(person):
        raise LastInboxOwner
    for seat in PayerSeat.objects.filter(person=person, payer__kind=Payer.COMPANY).select_related("payer"):
        leave(Inbox(seat.payer, person, seat.role))
    emails = sorted({person.email, *person.emailaddress_set.values_list("email", flat=True)})
    payers = list(PayerSeat.objects.filter(person=person).values_list("payer_id", flat=True))
    for remove in _erasers.values():
        remove(emails, payers)
    for payer_id in payers:
        road().forget(payer_id)
        Payer.objects.filter(pk=payer_id).delete()
    PayerAddress.objects.filter(person=person).delete()
    PayerCode.objects.filter(email__in=emails).delete()
    PayerInvite.objects.filter(email__in=emails).delete()
    for attempts in (AccessAttempt, AccessFailureLog, AccessLog):  # django-axes remembers whom somebody tried to be
        attempts.objects.filter(username__in=emails).delete()
    person.authenticator_set.all().delete()
    end_sessions(person.pk)
    person.usersession_set.all().delete()
    if not run("SELECT 1 FROM tenancy_membership WHERE person_id = %s LIMIT 1", (person.pk,)):
        _without_name(person)
    note(None, person.pk, "account.erase")


def _without_name(person: Person) -> None:
    person.emailaddress_set.all().delete()
    person.refresh_from_db()
    person.email, person.name, person.language, person.is_active = f"{person.pk}@erased.invalid", "", "", False
    person.set_unusable_password()
    person.save()
