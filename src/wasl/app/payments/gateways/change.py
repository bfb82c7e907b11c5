"""Small changes of a connected gateway: turn its webhook secret, let the old one go, offer it to payers or not."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.payments.accounts import GatewayAccount
from wasl.app.payments.gateways.errors import NotConnected, SameSecret
from wasl.app.payments.gateways.given import TITLES, secret_of
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


def account_of(org: Any, driver: str, *, lock: bool = False) -> GatewayAccount:
    """The organisation's account; NotConnected where there is none."""
    rows = GatewayAccount.objects.for_org(org.pk).filter(driver=driver)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotConnected(name=TITLES.get(driver, driver[:40]))
    return found


@transaction.atomic
def rotate(org: Any, driver: str, secret: str, *, actor: Actor) -> GatewayAccount:
    """Take a new webhook secret; the one of before stays good beside it until `retire`."""
    require(org.pk, actor, owner=True)
    account = account_of(org, driver, lock=True)
    new, before = secret_of(secret), account.opened().secrets
    if new in before:
        raise SameSecret
    account.put_secrets([new, *before][:2])
    account.rotated_at = clock.now() if before else None
    return _kept(account, "gateway.rotate", actor)


@transaction.atomic
def retire(org: Any, driver: str, *, actor: Actor) -> GatewayAccount:
    """Let the older webhook secret go: from now on only the newest one is good."""
    require(org.pk, actor, owner=True)
    account = account_of(org, driver, lock=True)
    account.put_secrets(list(account.opened().secrets[:1]))
    account.rotated_at = None
    return _kept(account, "gateway.retire", actor)


@transaction.atomic
def switch(org: Any, driver: str, *, on: bool, actor: Actor) -> GatewayAccount:
    """Offer it to payers, or no longer. One that is off still answers for its old payments and their refunds."""
    require(org.pk, actor, owner=True)
    account = account_of(org, driver, lock=True)
    account.is_active = on
    return _kept(account, "gateway.on" if on else "gateway.off", actor)


def _kept(account: GatewayAccount, act: str, actor: Actor) -> GatewayAccount:
    account.changed_at = clock.now()
    account.save()
    audit(account.organisation_id, actor, act, "gateway", account.pk, {"driver": account.driver})
    return account
