"""What the books keep of a reader's own means to pay: given out without anything that could be charged. Erasing it is `saved.erase_methods`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F

from wasl.app.payments.models import Mandate, PlannedCharge, SavedMethod

_METHOD = ("organisation_id", "driver", "family", "brand", "last4", "expires", "is_preferred", "created_at", "used_at", "removed_at", "forgotten_at")
_MANDATE = ("organisation_id", "notice_days", "limit", "currency", "agreed_at", "ended_at", "ended_because")
_CHARGE = ("organisation_id", "invoice_id", "amount", "currency", "notice_on", "charge_on", "state", "failure", "noticed_at", "ended_at")


def export(_emails: list[str], payers: list[UUID]) -> dict[str, Any]:
    """Saved methods without the gateways' tokens, automatic payments that were agreed, and what was planned by them. Minor units."""
    mandates = Mandate._base_manager.filter(payer_id__in=payers).order_by("agreed_at")
    return {
        "saved_methods": list(SavedMethod._base_manager.filter(payer_id__in=payers).order_by("created_at").values(*_METHOD)),
        "automatic_payments": list(mandates.values(*_MANDATE, last4=F("method__last4"))),
        "planned_payments": list(PlannedCharge._base_manager.filter(mandate__payer_id__in=payers).order_by("created_at").values(*_CHARGE)),
    }
