"""Refunds on their way out: sent with back-off until the gateway answers, each under one key, so that it is made once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.payments.alarms import raise_alarm
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import FAILED, SUCCEEDED, Driver, GatewayDown, GatewayRefund, GatewayRefused, KeyRefused
from wasl.app.payments.models import Intent, Refund, invoice_row, invoice_rows
from wasl.app.payments.settle import apply_refund, invoices_of
from wasl.app.sql import run

log = structlog.get_logger(__name__)
FIRST_PAUSE_SECONDS, LAST_PAUSE_SECONDS = 30, 6 * 3600

_CLAIM = """
UPDATE payments_refund SET status = 'sent', attempts = attempts + 1,
       next_attempt_at = %(now)s + make_interval(secs => least(%(first)s::int * 2 ^ least(attempts, 20), %(last)s::int))
WHERE (organisation_id, id) IN (
    SELECT organisation_id, id FROM payments_refund WHERE status IN ('queued', 'sent') AND intent_id IS NOT NULL AND next_attempt_at <= %(now)s
    AND NOT EXISTS (SELECT FROM payments_dispute d WHERE d.organisation_id = payments_refund.organisation_id
                    AND d.intent_id = payments_refund.intent_id AND d.state = 'open')  -- contested money is not sent a second time
    ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING organisation_id, id
"""


def send_refunds(limit: int = 50) -> int:
    """Send what is due, of all organisations; how many went through. A lost answer is asked for again under the same key."""
    values = {"now": clock.now(), "first": FIRST_PAUSE_SECONDS, "last": LAST_PAUSE_SECONDS, "limit": limit}
    return sum(_send(org_id, refund_id) for org_id, refund_id in run(_CLAIM, values))


def _send(org_id: UUID, refund_id: UUID) -> bool:
    refund = Refund.objects.for_org(org_id).get(pk=refund_id)
    intent = Intent.objects.for_org(org_id).get(pk=refund.intent_id)
    try:
        done = _made(registry.driver(org_id, intent.driver), intent, refund)
    except (GatewayDown, KeyRefused) as error:  # a key can be mended: the refund waits for that
        Refund.objects.for_org(org_id).filter(pk=refund_id).update(last_error=str(error)[:200])
        return False
    except GatewayRefused as error:
        return _refused(refund, str(error))
    if done.status == FAILED:
        return _refused(refund, "failed")
    if done.status != SUCCEEDED:  # on its way: asked again at the next turn
        Refund.objects.for_org(org_id).filter(pk=refund_id, gateway_id="").update(gateway_id=done.id)
        return False
    with transaction.atomic():
        invoice_rows(org_id, invoices_of(intent), lock=True)
        locked = Intent.objects.for_org(org_id).select_for_update().get(pk=intent.pk)
        apply_refund(locked, done)
    return True


def _made(driver: Driver, intent: Intent, refund: Refund) -> GatewayRefund:
    """The gateway's own word about this refund: asked for where it has it already, made where not."""
    if refund.gateway_id:
        for known in driver.fetch(intent.gateway_id).refunds:
            if known.id == refund.gateway_id:
                return known
    return driver.refund(intent.gateway_id, amount=refund.amount, key=str(refund.pk))


@transaction.atomic
def _refused(refund: Refund, reason: str) -> bool:
    """The gateway will not: the money is still owed to the payer, so a person must send it another way."""
    intent = Intent.objects.for_org(refund.organisation_id).get(pk=refund.intent_id)
    invoice = invoice_row(refund.organisation_id, refund.invoice_id or intent.invoice_id, lock=True)
    left = Refund.objects.for_org(refund.organisation_id).filter(pk=refund.pk, status=Refund.SENT)
    if left.update(status=Refund.REFUSED, last_error=reason[:200]):
        raise_alarm(intent, invoice, "refund-refused", {"refund": str(refund.pk), "amount": refund.amount})
    return False


def retry_after(attempts: int) -> timedelta:
    """How long `send_refunds` waits after that many tries."""
    return timedelta(seconds=min(FIRST_PAUSE_SECONDS * 2**attempts, LAST_PAUSE_SECONDS))
