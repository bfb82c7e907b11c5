"""Methods that a payer keeps with a seller: the gateway's token and what a person recognises it by, never a number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.payments.models import Intent, Mandate, SavedMethod


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
