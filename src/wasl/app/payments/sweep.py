"""What the worker does for payments now and then: kept webhooks, lost webhooks, pages nobody needs any more, refunds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from wasl.app import clock
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import GatewayDown, GatewayRefused
from wasl.app.payments.journal import balance
from wasl.app.payments.models import Intent
from wasl.app.payments.pay import withdraw
from wasl.app.payments.refunds import send_refunds
from wasl.app.payments.settle import settle
from wasl.app.payments.webhook import apply_kept
from wasl.app.sql import run

log = structlog.get_logger(__name__)
ASK_AFTER_MINUTES = 2  # by then the webhook should have come
ASK_UNTIL_DAYS = 4  # gateways retry for three days

_WAITING = "SELECT DISTINCT organisation_id FROM payments_hook WHERE applied_at IS NULL AND NOT parked"
_OPEN = """
SELECT organisation_id, id FROM payments_intent WHERE status IN ('created', 'pending') AND gateway_id <> ''
AND created_at BETWEEN %(since)s AND %(until)s ORDER BY created_at LIMIT %(limit)s
"""


def sweep(limit: int = 100) -> dict[str, int]:
    """One round; safe beside others. Returns what it did, by name."""
    kept = sum(apply_kept(org_id) for (org_id,) in run(_WAITING))
    now = clock.now()
    window = {"since": now - timedelta(days=ASK_UNTIL_DAYS), "until": now - timedelta(minutes=ASK_AFTER_MINUTES), "limit": limit}
    asked = sum(_ask(org_id, intent_id) for org_id, intent_id in run(_OPEN, window))
    return {"kept": kept, "asked": asked, "refunds": send_refunds(limit)}


def _ask(org_id: UUID, intent_id: UUID) -> bool:
    """One intent: settled with what the gateway says; withdrawn where its invoice is paid already."""
    intent: Any = Intent.objects.for_org(org_id).get(pk=intent_id)
    try:
        if balance(org_id, intent.invoice_id) <= 0:
            withdraw(intent)
        else:
            settle(org_id, intent_id, registry.driver(intent.driver).fetch(intent.gateway_id))
    except (GatewayDown, GatewayRefused) as error:
        log.warning("gateway not asked", reason=str(error))
        return False
    return True
