"""What the worker does for payments now and then: kept webhooks, lost webhooks, pages nobody needs any more, refunds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from wasl.app import clock
from wasl.app.payments.attempts import charged
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import GatewayDown, GatewayRefused
from wasl.app.payments.journal import balance
from wasl.app.payments.models import Intent, invoice_rows
from wasl.app.payments.pay import withdraw
from wasl.app.payments.refunds_out import send_refunds
from wasl.app.payments.settle import invoices_of, settle
from wasl.app.payments.webhook import apply_kept
from wasl.app.sql import run

log = structlog.get_logger(__name__)
PAUSE_MINUTES, LAST_PAUSE_HOURS = 2, 12  # between two questions about one payment; it doubles
CHECKS_MAX = 16  # about four days: longer than gateways keep a page open

_OPEN = """
UPDATE payments_intent SET checks = checks + 1,
       next_check_at = %(now)s + least(make_interval(mins => (%(pause)s * 2 ^ checks)::int), make_interval(hours => %(last)s))
WHERE (organisation_id, id) IN (
    SELECT organisation_id, id FROM payments_intent WHERE status IN ('created', 'pending') AND (gateway_id <> '' OR saved_id IS NOT NULL)
    AND next_check_at <= %(now)s AND checks < %(most)s ORDER BY next_check_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING organisation_id, id
"""


def sweep(limit: int = 100) -> dict[str, int]:
    """One round; safe beside others. Returns how many kept webhooks, lost webhooks and refunds it brought home."""
    now = clock.now()
    kept = apply_kept()
    due = run(_OPEN, {"now": now, "pause": PAUSE_MINUTES, "last": LAST_PAUSE_HOURS, "most": CHECKS_MAX, "limit": limit})
    asked = sum(_ask(org_id, intent_id) for org_id, intent_id in due)
    return {"kept": kept, "asked": asked, "refunds": send_refunds(limit)}


def beat() -> int:
    """`sweep` for the worker's round: how much it did."""
    return sum(sweep().values())


def _ask(org_id: UUID, intent_id: UUID) -> bool:
    """One intent: settled with what the gateway says, or withdrawn where its invoice is paid already. Whether that ended it."""
    intent: Any = Intent.objects.for_org(org_id).get(pk=intent_id)
    try:
        if intent.gateway_id and all(balance(org_id, invoice_id) <= 0 for invoice_id in invoices_of(intent)):
            withdraw(intent)
        elif intent.gateway_id:
            settle(org_id, intent_id, registry.driver(org_id, intent.driver).fetch(intent.gateway_id))
        else:  # a saved method was charged and the answer was lost
            settle(org_id, intent_id, charged(intent, invoice_rows(org_id, invoices_of(intent)), is_new=False))
    except (GatewayDown, GatewayRefused) as error:
        log.warning("gateway not asked", reason=str(error))
    return Intent.objects.for_org(org_id).get(pk=intent_id).status not in Intent.OPEN
