"""What the worker does for payments now and then: kept webhooks, lost webhooks, pages nobody needs any more, refunds."""

from __future__ import annotations

from datetime import timedelta
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
PAUSE_MINUTES, LAST_PAUSE_HOURS, DOUBLED_MAX = 2, 24, 10  # between two questions about one payment; it doubles, up to a day
CHARGED_DAYS = 4  # a charge whose answer was lost is asked for by charging under its key, which gateways forget: no longer than that
ASKED_DAYS = 60  # a bill, or a page without an end, may be paid weeks later, and its webhook be lost

_OPEN = """
UPDATE payments_intent SET checks = checks + 1,
       next_check_at = %(now)s + least(make_interval(mins => (%(pause)s * 2 ^ least(checks, %(doubled)s))::int), make_interval(hours => %(last)s))
WHERE (organisation_id, id) IN (
    SELECT organisation_id, id FROM payments_intent WHERE status IN ('created', 'pending') AND next_check_at <= %(now)s
    AND ((gateway_id <> '' AND created_at > %(since)s) OR (gateway_id = '' AND saved_id IS NOT NULL AND created_at > %(charged)s))
    ORDER BY next_check_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING organisation_id, id
"""


def sweep(limit: int = 100) -> dict[str, int]:
    """One round; safe beside others. Returns how many kept webhooks, lost webhooks and refunds it brought home."""
    now = clock.now()
    kept = apply_kept()
    values = {"now": now, "pause": PAUSE_MINUTES, "last": LAST_PAUSE_HOURS, "doubled": DOUBLED_MAX, "limit": limit}
    due = run(_OPEN, values | {"since": now - timedelta(days=ASKED_DAYS), "charged": now - timedelta(days=CHARGED_DAYS)})
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
