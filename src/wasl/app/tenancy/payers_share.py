"""An inbox that several people share: who comes in, what they may do there, and how they leave.

Taking a seat away, or making it smaller, ends the person's sessions as well (T61). An address goes where the one who proved it
goes: whoever leaves takes the future invoices of their addresses home; what is in the inbox already stays in it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.ids import uuid7
from wasl.app.tenancy import keys
from wasl.app.tenancy.models import normalise_email
from wasl.app.tenancy.models_payers import Payer, PayerAddress, PayerInvite, PayerSeat
from wasl.app.tenancy.organisations import end_sessions
from wasl.app.tenancy.payers import ROLES, Inbox, own_inbox
from wasl.app.tenancy.payers_acts import note
from wasl.app.tenancy.payers_errors import (
    AlreadyInside,
    BadRole,
    InviteForAnother,
    InviteGone,
    LastInboxOwner,
    NameWanted,
    TooManyInboxes,
    TooManyInvites,
)
from wasl.app.tenancy.payers_grants import road
from wasl.app.tenancy.payers_text import clean

INVITE_LIFE = timedelta(days=7)
OPEN_INVITES_MAX = 20
INBOXES_MAX = 20
TOKEN_CHARS = 43


@transaction.atomic
def create_company(person: Any, name: str) -> Inbox:
    """A shared inbox with `person` as its owner, still empty."""
    shown = clean(name)
    if not shown:
        raise NameWanted
    if PayerSeat.objects.filter(person=person, payer__kind=Payer.COMPANY).count() >= INBOXES_MAX:
        raise TooManyInboxes(limit=INBOXES_MAX)
    payer = Payer.objects.create(kind=Payer.COMPANY, name=shown, language=person.language)
    PayerSeat.objects.create(payer=payer, person=person, role=PayerSeat.OWNER)
    note(payer.pk, person.pk, "inbox.open")
    return Inbox(payer, person, PayerSeat.OWNER)


@transaction.atomic
def invite(inbox: Inbox, email: str, role: str) -> PayerInvite:
    """An invitation for one address (checked by the caller); the caller mails `token_of` it. An earlier one for it ends."""
    _wanted(role)
    Payer.objects.select_for_update().get(pk=inbox.payer.pk)
    email = normalise_email(email)
    if PayerSeat.objects.filter(payer=inbox.payer, person__emailaddress__email=email, person__emailaddress__verified=True).exists():
        raise AlreadyInside
    now = clock.now()
    _open(inbox.payer).filter(email=email).update(withdrawn_at=now)
    if _open(inbox.payer).count() >= OPEN_INVITES_MAX:
        raise TooManyInvites(limit=OPEN_INVITES_MAX)
    made = PayerInvite(payer=inbox.payer, email=email, role=role, invited_by=inbox.person, expires_at=now + INVITE_LIFE, id=uuid7())
    made.token_hash = _hash(token_of(made.pk))
    made.save(force_insert=True)
    note(inbox.payer.pk, inbox.person.pk, "person.invite", {"invite": str(made.pk), "role": role})
    return made


def _open(payer: Payer) -> Any:
    return PayerInvite.objects.filter(payer=payer, used_at=None, withdrawn_at=None, expires_at__gt=clock.now())


def open_invites(inbox: Inbox) -> list[PayerInvite]:
    return list(_open(inbox.payer).order_by("created_at"))


def token_of(invite_id: UUID) -> str:
    """The secret part of an invitation's address: 256 bits, computed, so the database holds nothing that opens anything (T60)."""
    digest = hmac.digest(keys.master().derive("payer-invite"), invite_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("ascii", "replace")).digest()


def find_invite(token: str) -> PayerInvite:
    """The invitation of an address that somebody opened; InviteGone for any other text, without saying why."""
    found = PayerInvite.objects.filter(token_hash=_hash(token)).select_related("payer", "invited_by").first() if len(token) == TOKEN_CHARS else None
    if found is None or found.used_at or found.withdrawn_at or found.expires_at <= clock.now():
        raise InviteGone
    return found


@transaction.atomic
def accept(token: str, person: Any) -> Inbox:
    """Take a seat by an invitation, once, for whoever has proven the address that it was sent to."""
    found = PayerInvite.objects.select_for_update().get(pk=find_invite(token).pk)
    if found.used_at or found.withdrawn_at:  # taken in another tab a moment ago
        raise InviteGone
    if not person.emailaddress_set.filter(email=found.email, verified=True).exists():
        raise InviteForAnother(address=masked(found.email))
    if not PayerSeat.objects.filter(payer_id=found.payer_id, person_id=found.invited_by_id, role=PayerSeat.OWNER).exists():
        raise InviteGone  # whoever invited may no longer invite
    found.used_at = clock.now()
    found.save(update_fields=["used_at"])
    seat, made = PayerSeat.objects.get_or_create(payer_id=found.payer_id, person=person, defaults={"role": found.role})
    if made:
        note(found.payer_id, person.pk, "person.join", {"role": found.role})
    return Inbox(seat.payer, person, seat.role)


def masked(email: str) -> str:
    """Enough of an address for its owner to know it: l•••@example.com."""
    local, _at, domain = email.partition("@")
    return f"{local[:1]}•••@{domain}"


@transaction.atomic
def withdraw(inbox: Inbox, invite_id: UUID) -> None:
    if not _open(inbox.payer).filter(pk=invite_id).update(withdrawn_at=clock.now()):
        raise NotFound(what="invitation")
    note(inbox.payer.pk, inbox.person.pk, "person.withdraw", {"invite": str(invite_id)})


@transaction.atomic
def change_role(inbox: Inbox, person_id: UUID, role: str) -> None:
    """Another role for somebody; their sessions end, so no page keeps the old rights."""
    _wanted(role)
    seat = _seat(inbox, person_id)
    if seat.role == PayerSeat.OWNER and role != PayerSeat.OWNER:
        _keep_an_owner(inbox, person_id)
    if seat.role == role:
        return
    seat.role = role
    seat.save(update_fields=["role"])
    end_sessions(person_id)
    note(inbox.payer.pk, inbox.person.pk, "person.role", {"person": str(person_id), "role": role})


@transaction.atomic
def remove(inbox: Inbox, person_id: UUID) -> None:
    """Take somebody's seat; what they proved goes home with them."""
    seat = _seat(inbox, person_id)
    if seat.role == PayerSeat.OWNER:
        _keep_an_owner(inbox, person_id)
    _go_home(seat)
    end_sessions(person_id)
    note(inbox.payer.pk, inbox.person.pk, "person.remove", {"person": str(person_id)})


@transaction.atomic
def leave(inbox: Inbox) -> None:
    """Leave a shared inbox. The last person in it takes everything home, and it ends."""
    seat = _seat(inbox, inbox.person.pk)
    alone = not PayerSeat.objects.filter(payer=inbox.payer).exclude(person=inbox.person).exists()
    if seat.role == PayerSeat.OWNER and not alone:
        _keep_an_owner(inbox, inbox.person.pk)
    if alone:
        road().grant_all_of(inbox.payer.pk, own_inbox(inbox.person).payer.pk)
    _go_home(seat)
    note(inbox.payer.pk, inbox.person.pk, "person.leave")
    if alone:
        road().forget(inbox.payer.pk)
        inbox.payer.delete()


def _seat(inbox: Inbox, person_id: UUID) -> PayerSeat:
    """Somebody's seat in a shared inbox, under the inbox's lock: two owners cannot make each other the last at once."""
    Payer.objects.select_for_update().get(pk=inbox.payer.pk)
    found = PayerSeat.objects.filter(payer=inbox.payer, person_id=person_id, payer__kind=Payer.COMPANY).select_related("person", "payer").first()
    if found is None:
        raise NotFound(what="member")
    return found


def _keep_an_owner(inbox: Inbox, person_id: UUID) -> None:
    if not PayerSeat.objects.filter(payer=inbox.payer, role=PayerSeat.OWNER).exclude(person_id=person_id).exists():
        raise LastInboxOwner


def _go_home(seat: PayerSeat) -> None:
    for address in PayerAddress.objects.filter(payer=seat.payer, person=seat.person):
        address.payer = own_inbox(seat.person).payer
        address.save(update_fields=["payer"])
        road().grant_address(address.payer.pk, address.email)
    PayerInvite.objects.filter(payer=seat.payer, invited_by=seat.person, used_at=None, withdrawn_at=None).update(withdrawn_at=clock.now())
    seat.delete()


def _wanted(role: str) -> None:
    if role not in ROLES:
        raise BadRole
