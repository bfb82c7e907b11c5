"""How one organisation takes and returns money: its settings, read and changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.payments.models import PaymentSetting
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import Organisation
from wasl.invoice.money import from_minor, round_to, to_minor


def settings_of(org: Any) -> PaymentSetting:
    """The organisation's payment settings; the defaults where it chose nothing."""
    org_id: UUID = getattr(org, "pk", org)
    return PaymentSetting.objects.for_org(org_id).first() or PaymentSetting(organisation_id=org_id, id=org_id)


def approval_limit(org: Any, currency: str) -> int | None:
    """Above how much a refund needs a second person, in minor units of `currency`; None: never. The figure that the seller wrote counts
    in every currency: 500.00 is 500.000 dinars."""
    row = settings_of(org)
    if row.refund_approval_above is None:
        return None
    house = Organisation.objects.values_list("currency", flat=True).get(pk=row.organisation_id)
    return to_minor(round_to(from_minor(row.refund_approval_above, house), currency), currency)


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
