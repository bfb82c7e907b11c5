"""Methods that a payer keeps with a seller: the gateway's token and what a person recognises it by, never a number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import GatewayDown
from wasl.app.payments.models import Intent, Mandate, SavedMethod
from wasl.app.sql import run
from wasl.errors import WaslError

log = structlog.get_logger(__name__)


def methods_of(payer: Any, org: Any = None) -> list[SavedMethod]:
    """What an inbox keeps with one seller, the preferred first; without `org`, with all sellers."""
    rows = SavedMethod._base_manager.filter(payer_id=getattr(payer, "pk", payer), removed_at=None).select_related("organisation")
    if org is not None:
        rows = rows.filter(organisation_id=getattr(org, "pk", org))
    return list(rows.order_by("-is_preferred", "-created_at"))


def keep(intent: Intent, method: Any) -> SavedMethod | None:
    """Keep the method of a payment (drivers.port.SavedMethod), if its payer asked for that. The same one again is not doubled."""
    if not intent.saves or intent.payer_id is None or method is None or not method.token:
        return None
    values = {"family": method.family, "brand": method.brand[:30], "last4": method.last4[-4:], "expires": method.expires[:7]}
    mine = SavedMethod.objects.for_org(intent.organisation_id)
    row, _is_new = mine.update_or_create(
        organisation_id=intent.organisation_id, payer_id=intent.payer_id, driver=intent.driver, token=method.token, removed_at=None, defaults=values
    )
    return row


def method_of(payer: Any, method_id: UUID) -> SavedMethod:
    """One of the payer's own methods; NotFound for anybody else's."""
    found = SavedMethod._base_manager.filter(pk=method_id, payer_id=getattr(payer, "pk", payer), removed_at=None).first()
    if found is None:
        raise NotFound(what="payment method")
    return found


@transaction.atomic
def prefer(payer: Any, method_id: UUID) -> SavedMethod:
    """It is offered first by its seller from now on."""
    chosen = method_of(payer, method_id)
    mine = SavedMethod.objects.for_org(chosen.organisation_id).filter(payer_id=chosen.payer_id, removed_at=None)
    mine.update(is_preferred=False)
    mine.filter(pk=chosen.pk).update(is_preferred=True)
    chosen.is_preferred = True
    return chosen


@transaction.atomic
def remove(payer: Any, method_id: UUID) -> SavedMethod:
    """Forget a method: at once here, and by the worker at the gateway. Automatic payment with it ends."""
    from wasl.app.payments.autopay import end

    chosen = method_of(payer, method_id)
    for mandate in Mandate.objects.for_org(chosen.organisation_id).filter(method_id=chosen.pk, ended_at=None):
        end(mandate, because=Mandate.REMOVED)
    SavedMethod.objects.for_org(chosen.organisation_id).filter(pk=chosen.pk).update(removed_at=clock.now(), is_preferred=False)
    chosen.removed_at = clock.now()
    return chosen


_REMOVED = """
SELECT organisation_id, id FROM payments_savedmethod WHERE removed_at IS NOT NULL AND forgotten_at IS NULL ORDER BY removed_at LIMIT 50
"""


def forget_removed() -> int:
    """Have the gateways forget what payers removed; how many did. A gateway that is down is told later."""
    done = 0
    for org_id, method_id in run(_REMOVED):
        row = SavedMethod.objects.for_org(org_id).get(pk=method_id)
        try:
            registry.driver(org_id, row.driver).forget(row.token)
        except GatewayDown:
            continue
        except WaslError as error:  # it never knew it, cannot forget, or the account is gone: nothing more to do from here
            log.warning("saved method not forgotten", reason=str(error))
        rows = SavedMethod.objects.for_org(org_id).filter(pk=method_id, forgotten_at=None)
        done += rows.update(forgotten_at=clock.now(), token=f"forgotten:{method_id}")
    return done


def erase_methods(_emails: list[str], payers: list[UUID]) -> None:
    """An erased reader keeps no method anywhere: each is removed now and forgotten by its gateway; what is left names nobody."""
    for payer_id in payers:
        for method in methods_of(payer_id):
            remove(payer_id, method.pk)
        run("UPDATE payments_savedmethod SET brand = '', last4 = '', expires = '' WHERE payer_id = %s", (payer_id,))
