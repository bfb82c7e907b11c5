"""How one organisation takes and returns money: its settings, read and changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.payments.models import PaymentSetting
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


def settings_of(org: Any) -> PaymentSetting:
    """The organisation's payment settings; the defaults where it chose nothing."""
    org_id: UUID = getattr(org, "pk", org)
    return PaymentSetting.objects.for_org(org_id).first() or PaymentSetting(organisation_id=org_id, id=org_id)


@transaction.atomic
def change_settings(org: Any, *, actor: Actor, **wanted: Any) -> PaymentSetting:
    """Change some of the settings by name (models_terms.PaymentSetting); owners only."""
    require(org.pk, actor, owner=True)
    row, _is_new = PaymentSetting.objects.for_org(org).select_for_update().get_or_create(organisation_id=org.pk, id=org.pk)
    for name, value in wanted.items():
        setattr(row, name, value)
    row.changed_at = clock.now()
    row.save()
    audit(org.pk, actor, "payment.settings", "organisation", org.pk, {name: str(value) for name, value in wanted.items()})
    return row
