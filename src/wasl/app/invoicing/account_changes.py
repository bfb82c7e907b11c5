"""Changing where a seller is paid, so that one thief cannot (T78): one owner asks, another one approves, three days pass, and
everybody whose address the organisation had when it was asked hears of each step, with a link that stops it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.events.record import record
from wasl.app.invoicing.accounts import change_account, normalise_iban
from wasl.app.invoicing.errors import ChangeOver, ChangePending, SameAccount, SamePerson
from wasl.app.invoicing.models import AccountChange, BankAccount, BankAccountVersion
from wasl.app.sql import run
from wasl.app.tenancy import keys
from wasl.app.tenancy.actor import Actor, checked, require
from wasl.app.tenancy.audit import audit

COOLING = timedelta(days=3)  # a stolen session is found out sooner; a real change of bank is known weeks before
ASKED, APPROVED, STOPPED, DONE = "account-change-asked", "account-change-approved", "account-change-stopped", "account-change-done"
STEPS = (ASKED, APPROVED, STOPPED, DONE)


def ask_change(org: Any, account_id: UUID, *, iban: str, holder: str = "", bic: str = "", actor: Actor) -> AccountChange:
    """Ask for another IBAN. Raises BadAccount, SameAccount, ChangePending, NotFound, NotAllowed."""
    require(org.pk, actor, owner=True)
    wanted = normalise_iban(iban)
    try:
        with transaction.atomic():
            return _ask(org, account_id, wanted, " ".join(holder.split())[:200], bic.replace(" ", "").upper()[:11], actor)
    except IntegrityError:  # somebody asked at the same moment
        raise ChangePending from None


def _ask(org: Any, account_id: UUID, iban: str, holder: str, bic: str, actor: Actor) -> AccountChange:
    account = BankAccount.objects.for_org(org).select_for_update().filter(pk=account_id, archived_at=None).first()
    if account is None or actor.person_id is None:
        raise NotFound(what="bank account")
    now = BankAccountVersion.objects.for_org(org).get(account=account, version=account.current_version)
    if now.iban == iban:
        raise SameAccount
    if AccountChange.objects.for_org(org).filter(account=account, state__in=AccountChange.OPEN).exists():
        raise ChangePending
    change = AccountChange(
        organisation=org, account=account, iban=iban, holder=holder or now.holder, bic=bic, asked_by_id=actor.person_id, told=contacts(org),
    )  # fmt: skip
    change.stop_hash = hashlib.sha256(stop_token(change).encode()).digest()
    change.save(force_insert=True)
    _step(change, ASKED, actor)
    return change


def contacts(org: Any) -> list[str]:
    """The organisation's address and those of its owners, as they are now."""
    rows = run(
        "SELECT p.email FROM tenancy_membership m JOIN tenancy_person p ON p.id = m.person_id WHERE m.organisation_id = %s AND m.role = 'owner'"
        " ORDER BY p.email",
        (org.pk,),
    )
    return list(dict.fromkeys(each.lower() for each in [org.email, *(row[0] for row in rows)] if each))


def stop_token(change: AccountChange) -> str:
    """The capability in the mails; computed, so that the database holds its hash alone."""
    digest = hmac.digest(keys.link_key(change.organisation_id), b"wasl/stop-account-change/v1\n" + change.pk.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@transaction.atomic
def approve_change(org: Any, change_id: UUID, *, actor: Actor) -> AccountChange:
    """Another owner's word; from then on the days count. Raises SamePerson, ChangeOver, NotFound, NotAllowed."""
    require(org.pk, actor, owner=True)
    change = _locked(org.pk, change_id)
    if actor.person_id is None or change.asked_by_id == actor.person_id:
        raise SamePerson
    if change.state != AccountChange.ASKED:
        raise ChangeOver
    now = clock.now()
    change.state, change.approved_by_id, change.approved_at, change.effective_at = AccountChange.APPROVED, actor.person_id, now, now + COOLING
    change.save(update_fields=["state", "approved_by", "approved_at", "effective_at"])
    _step(change, APPROVED, actor)
    return change


@transaction.atomic
def stop_change(org: Any, change_id: UUID, *, actor: Actor) -> AccountChange:
    """Any owner, or whoever holds the link of a mail, at any time before it counts. Raises ChangeOver."""
    checked(actor)
    if actor.person_id is not None:
        require(org.pk, actor, owner=True)
    change = _locked(org.pk, change_id)
    if change.state not in AccountChange.OPEN:
        raise ChangeOver
    change.state, change.ended_by_id, change.ended_at = AccountChange.STOPPED, actor.person_id, clock.now()
    change.save(update_fields=["state", "ended_by", "ended_at"])
    _step(change, STOPPED, actor)
    return change


def change_of_token(token: str) -> tuple[UUID, UUID] | None:
    """(organisation, change) that a mail's link stops; None for any other text."""
    digest = hashlib.sha256(token.encode("ascii", "replace")).digest()
    rows = run("SELECT organisation_id, id FROM invoicing_accountchange WHERE stop_hash = %s", (digest,))
    return (rows[0][0], rows[0][1]) if rows else None


def take_effect() -> int:
    """Put into force what was approved long enough ago; how many. The worker's beat."""
    due = run(
        "SELECT organisation_id, id FROM invoicing_accountchange WHERE state = 'approved' AND effective_at <= %s ORDER BY effective_at LIMIT 50",
        (clock.now(),),
    )
    return sum(_into_force(org_id, change_id) for org_id, change_id in due)


@transaction.atomic
def _into_force(org_id: UUID, change_id: UUID) -> bool:
    change = _locked(org_id, change_id)
    if change.state != AccountChange.APPROVED or change.effective_at is None or change.effective_at > clock.now():
        return False
    machine = Actor.system("account-change")
    change_account(change.organisation, change.account_id, iban=change.iban, holder=change.holder, bic=change.bic, actor=machine)
    change.state, change.ended_at = AccountChange.DONE, clock.now()
    change.save(update_fields=["state", "ended_at"])
    _step(change, DONE, machine)
    return True


def _locked(org_id: UUID, change_id: UUID) -> AccountChange:
    change = AccountChange.objects.for_org(org_id).select_for_update().filter(pk=change_id).first()
    if change is None:
        raise NotFound(what="bank account")
    return change


def _step(change: AccountChange, step: str, actor: Actor) -> None:
    data = {"change": str(change.pk), "account": str(change.account_id)}
    record(step, org=change.organisation_id, at=clock.now(), data=data, subject=change)
    act = step.replace("account-change-", "account.change.")
    audit(change.organisation_id, actor, act, "bank account", change.account_id, {"change": str(change.pk)})
