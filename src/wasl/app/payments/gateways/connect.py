"""Connecting a gateway, or giving it another key. Both are written down without what was given."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.payments.accounts import GatewayAccount
from wasl.app.payments.gateways.given import Given, kind_of
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


@transaction.atomic
def connect(org: Any, given: Given, *, actor: Actor) -> GatewayAccount:
    """The organisation's account at `given.driver`, new or given anew. Owners only.

    The webhook secret of before stays good beside the new one, and so does a key that signs webhooks, until `retire`.
    """
    require(org.pk, actor, owner=True)
    given = given.checked()
    rows = GatewayAccount.objects.for_org(org.pk).select_for_update().filter(driver=given.driver)
    account = rows.first() or GatewayAccount(organisation_id=org.pk, driver=given.driver)
    is_new = account._state.adding
    before = () if is_new else account.opened().secrets
    is_other = not is_new and (account.mode, account.profile, account.region) != (given.mode, given.profile, given.region)
    now = clock.now()
    account.mode, account.profile, account.region, account.families = given.mode, given.profile, given.region, list(given.families)
    account.put_key(given.key)
    newest = given.key if kind_of(given.driver).signs_with_key else given.secret
    secrets = list(dict.fromkeys(secret for secret in (newest, *before) if secret))[:2]
    if is_other and newest:  # another account altogether: the secret of the old one proves nothing about it
        secrets = [newest]
    account.put_secrets(secrets)
    account.rotated_at = now if len(secrets) == 2 else None
    account.is_active, account.checked_at, account.findings, account.changed_at = True, None, [], now
    account.save(force_insert=is_new)
    body = {"driver": given.driver, "mode": given.mode, "region": given.region, "profile": given.profile}
    audit(org.pk, actor, "gateway.connect" if is_new else "gateway.change", "gateway", account.pk, body)
    return account
