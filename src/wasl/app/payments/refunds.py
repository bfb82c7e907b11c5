"""Refunds: asked for by a person or queued by a payment that came twice, then sent with back-off until the gateway answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import GatewayDown, GatewayRefused
from wasl.app.payments.journal import RECEIVABLE, REFUNDS_DUE, JLine, post
from wasl.app.payments.models import Intent, JournalEntry, Refund, invoice_row
from wasl.app.payments.settle import apply_refund, raise_alarm
from wasl.app.sql import run

log = structlog.get_logger(__name__)
FIRST_PAUSE_SECONDS, LAST_PAUSE_SECONDS = 30, 6 * 3600


class NotRefundable(Refused):
    code, term = "WASL-PAY-04", "BT-113"
    en = "Only {left} (in minor units) of the payments of {number} can be given back."
    ar = "لا يمكن أن يُردّ من مدفوعات {number} أكثر من {left} بأصغر وحدة من العملة."


@transaction.atomic
def request_refund(invoice: Any, *, amount: int | None = None, actor: str, reason: str = "") -> list[Refund]:
    """Give back `amount` minor units, or all that was paid. What is given back is owed again, unless a credit note took it off.

    Newest payments first. The money leaves with `send_refunds`; the decision is booked now.
    """
    org_id = invoice.organisation_id
    locked = invoice_row(org_id, invoice, lock=True)
    room = _room(org_id, invoice)
    left = sum(free for _intent, free in room)
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise NotRefundable(number=locked.number, left=left)
    made: list[Refund] = []
    for intent, free in room:
        part = min(free, wanted - sum(refund.amount for refund in made))
        if part:
            made.append(_request(locked, intent, part, actor, reason))
    return made


def _room(org_id: UUID, invoice: Any) -> list[tuple[Intent, int]]:
    """Each captured payment with what of it is neither refunded nor promised yet, newest first."""
    intents = Intent.objects.for_org(org_id).filter(invoice_id=invoice.pk, status=Intent.SUCCEEDED)
    promised: dict[UUID, int] = {}
    for refund in Refund.objects.for_org(org_id).filter(invoice_id=invoice.pk):
        promised[refund.intent_id] = promised.get(refund.intent_id, 0) + refund.amount
    return [(i, i.captured - promised.get(i.pk, 0)) for i in intents.order_by("-settled_at", "-id") if i.captured > promised.get(i.pk, 0)]


def _request(invoice: Any, intent: Intent, amount: int, actor: str, reason: str) -> Refund:
    refund = Refund.objects.create(
        organisation_id=intent.organisation_id,
        intent_id=intent.pk,
        invoice_id=invoice.pk,
        amount=amount,
        currency=intent.currency,
        reason=Refund.REQUESTED,
    )
    data = {"reference": intent.reference, "refund": str(refund.pk), "actor": actor, "reason": reason}
    event = record(
        "refund-requested", org=intent.organisation_id, invoice=invoice, at=clock.now(), amount=amount, currency=intent.currency, data=data
    )
    lines = [JLine(RECEIVABLE, amount), JLine(REFUNDS_DUE, -amount)]
    post(event, JournalEntry.REFUND_DUE, lines, currency=intent.currency, invoice=invoice, intent=intent)
    return refund


_CLAIM = """
UPDATE payments_refund SET status = 'sent', attempts = attempts + 1,
       next_attempt_at = %(now)s + make_interval(secs => least(%(first)s * 2 ^ least(attempts, 20), %(last)s))
WHERE (organisation_id, id) IN (
    SELECT organisation_id, id FROM payments_refund WHERE status IN ('queued', 'sent') AND next_attempt_at <= %(now)s
    ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING organisation_id, id
"""


def send_refunds(limit: int = 50) -> int:
    """Send what is due, of all organisations; how many went through. A lost answer is asked for again under the same key."""
    values = {"now": clock.now(), "first": float(FIRST_PAUSE_SECONDS), "last": float(LAST_PAUSE_SECONDS), "limit": limit}
    return sum(_send(org_id, refund_id) for org_id, refund_id in run(_CLAIM, values))


def _send(org_id: UUID, refund_id: UUID) -> bool:
    refund = Refund.objects.for_org(org_id).get(pk=refund_id)
    intent = Intent.objects.for_org(org_id).get(pk=refund.intent_id)
    try:
        done = registry.driver(intent.driver).refund(intent.gateway_id, amount=refund.amount, key=str(refund.pk))
    except GatewayDown as error:
        Refund.objects.for_org(org_id).filter(pk=refund_id).update(last_error=str(error)[:200])
        return False
    except GatewayRefused as error:
        return _refused(refund, str(error))
    with transaction.atomic():
        invoice = invoice_row(org_id, refund.invoice_id, lock=True)
        locked = Intent.objects.for_org(org_id).select_for_update().get(pk=intent.pk)
        apply_refund(locked, invoice, done)
    return True


@transaction.atomic
def _refused(refund: Refund, reason: str) -> bool:
    """The gateway will not: the money is still owed to the payer, so a person must send it another way."""
    invoice = invoice_row(refund.organisation_id, refund.invoice_id, lock=True)
    intent = Intent.objects.for_org(refund.organisation_id).get(pk=refund.intent_id)
    left = Refund.objects.for_org(refund.organisation_id).filter(pk=refund.pk, status=Refund.SENT)
    if left.update(status=Refund.REFUSED, last_error=reason[:200]):
        raise_alarm(intent, invoice, "refund-refused", {"refund": str(refund.pk), "amount": refund.amount})
    return False


def retry_after(attempts: int) -> timedelta:
    """How long `send_refunds` waits after that many tries."""
    return timedelta(seconds=min(FIRST_PAUSE_SECONDS * 2**attempts, LAST_PAUSE_SECONDS))
