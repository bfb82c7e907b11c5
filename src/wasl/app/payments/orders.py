"""What a gateway is asked for: the order of one attempt, with the names and numbers that its page shows."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from wasl.app.payments.drivers.port import Order
from wasl.app.payments.models import Intent

PAGE_HOURS = 24  # how long the gateway's page may be used
DESCRIPTION_MAX = 120  # gateways cut what is longer


def merchant_of(org: Any) -> str:
    """The seller's account at the gateway."""
    pk = getattr(org, "pk", org)
    return pk.hex if isinstance(pk, UUID) else UUID(str(pk)).hex


def order_for(intent: Intent, invoices: list[Any], *, return_url: str, language: str = "ar") -> Order:
    """The order of `intent` for issued rows; the same each time it is asked, so that a repeated request is the same request."""
    org = invoices[0].organisation
    numbers = [row.number for row in invoices]
    return Order(
        key=intent.pk.hex,
        merchant=merchant_of(org),
        merchant_name_ar=org.name_in("ar"),
        merchant_name_en=org.name_in("en"),
        amount=intent.amount,
        currency=intent.currency,
        reference=intent.reference,
        description_ar=(f"فاتورة {numbers[0]}" if len(numbers) == 1 else f"فواتير {'، '.join(numbers)}")[:DESCRIPTION_MAX],
        description_en=(f"Invoice {numbers[0]}" if len(numbers) == 1 else f"Invoices {', '.join(numbers)}")[:DESCRIPTION_MAX],
        return_url=return_url,
        webhook_url=f"{settings.CONFIG.origin.rstrip('/')}/hooks/{intent.driver}/{org.pk}",
        method=intent.method,
        save=intent.saves,
        customer=_customer(intent),
        language=language,
        expires_at=intent.created_at + timedelta(hours=PAGE_HOURS),
    )


def _customer(intent: Intent) -> str:
    """Our opaque name for a payer at this seller's gateway: another one for each seller, so that two sellers cannot compare."""
    if intent.payer_id is None:
        return ""
    return hashlib.sha256(f"wasl-payer|{intent.organisation_id}|{intent.payer_id}".encode()).hexdigest()[:32]
