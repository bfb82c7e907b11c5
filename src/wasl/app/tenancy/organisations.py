"""Opening an organisation and deciding who works in it."""

from __future__ import annotations

import secrets
import zoneinfo
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound, Refused
from wasl.app.ids import uuid7
from wasl.app.tenancy import keys
from wasl.app.tenancy.actor import Actor, checked, require
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import Membership, Organisation, Person, SealKey
from wasl.seal.ca import SellerSubject


class BadTimeZone(Refused):
    code = "WASL-ORG-01"
    en = "{zone} is not a time zone. Give one such as Asia/Riyadh or Europe/Brussels."
    ar = "{zone} ليست منطقة زمنية معروفة. اكتب مثلًا Asia/Riyadh أو Europe/Brussels."


class LastOwner(Refused):
    code, status = "WASL-ORG-02", 409
    en = "An organisation keeps at least one owner. Make somebody else an owner first."
    ar = "لا بد للمنشأة من مالك واحد على الأقل. عيّن مالكًا آخر أولًا."


@transaction.atomic
def open_organisation(*, actor: Actor, owner: Person | None = None, **fields: Any) -> Organisation:
    """A new seller with its link key, its seal key and its first certificate; `owner` becomes its owner."""
    checked(actor)
    org = Organisation(id=uuid7(), **fields)
    if org.time_zone not in zoneinfo.available_timezones():
        raise BadTimeZone(zone=org.time_zone)
    org.link_key_wrapped = keys.new_link_key(org.pk, secrets.token_bytes(32))
    org.save(force_insert=True)
    certify(org)
    audit(org.pk, actor, "organisation.open", "organisation", org.pk, {"slug": org.slug, "profile": org.profile})
    if owner is not None:
        _join(org, owner, Membership.OWNER, actor)
    return org


def certify(org: Organisation) -> SealKey:
    """A sealing key of the organisation with a certificate from the installation's own CA."""
    name = f"seal-{org.pk}-{secrets.token_hex(4)}"
    public_key = keys.keystore().create_seal_key(name)
    subject = SellerSubject(name=org.name, vat=org.vat_identifier or None, country=org.country or None)
    certificate = keys.authority().issue(subject, public_key, now=clock.now())
    return SealKey.objects.create(organisation=org, name=name, certificate=certificate)


def _join(org: Organisation, person: Person, role: str, actor: Actor) -> Membership:
    membership = Membership.objects.create(organisation=org, person=person, role=role)
    audit(org.pk, actor, "member.add", "person", person.pk, {"role": role})
    return membership


@transaction.atomic
def add_member(org: Organisation, person: Person, role: str, *, actor: Actor) -> Membership:
    require(org.pk, actor, owner=True)
    return _join(org, person, role, actor)


@transaction.atomic
def change_role(org: Organisation, person_id: UUID, role: str, *, actor: Actor) -> None:
    """Give a member another role; their sessions end, so no page keeps the old rights (T61)."""
    require(org.pk, actor, owner=True)
    membership = _member(org, person_id)
    if membership.role == Membership.OWNER and role != Membership.OWNER:
        _keep_an_owner(org, person_id)
    membership.role = role
    membership.save(update_fields=["role"])
    end_sessions(person_id)
    audit(org.pk, actor, "member.role", "person", person_id, {"role": role})


@transaction.atomic
def remove_member(org: Organisation, person_id: UUID, *, actor: Actor) -> None:
    require(org.pk, actor, owner=True)
    membership = _member(org, person_id)
    if membership.role == Membership.OWNER:
        _keep_an_owner(org, person_id)
    Membership.objects.for_org(org).filter(pk=membership.pk).delete()
    end_sessions(person_id)
    audit(org.pk, actor, "member.remove", "person", person_id)


def _member(org: Organisation, person_id: UUID) -> Membership:
    found = Membership.objects.for_org(org).select_for_update().filter(person_id=person_id).first()
    if found is None:
        raise NotFound(what="member")
    return found


def _keep_an_owner(org: Organisation, person_id: UUID) -> None:
    others = Membership.objects.for_org(org).select_for_update().filter(role=Membership.OWNER).exclude(person_id=person_id)
    if not list(others):
        raise LastOwner


def end_sessions(person_id: UUID) -> None:
    """Every session of the person dies: its hash no longer matches."""
    from django.db.models import F

    Person.objects.filter(pk=person_id).update(session_epoch=F("session_epoch") + 1)


def organisations_of(person: Person) -> list[Organisation]:
    """Where a person works, by name."""
    ids = Membership._base_manager.filter(person=person).values("organisation_id")
    return sorted(Organisation.objects.filter(pk__in=ids), key=lambda org: org.name)


def organisation_for(person: Person, slug: str) -> Organisation:
    """The organisation of a console address, if the person works there; else NotFound, as for one that does not exist."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None or not Membership.objects.for_org(found).filter(person=person).exists():
        raise NotFound(what="organisation")
    return found
