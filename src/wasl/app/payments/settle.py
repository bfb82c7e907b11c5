"""Bringing our books to what the gateway says of a payment: safe to repeat, in any order, from any number of workers.

Webhook, the payer's return, the sweep: all end here with a state that was asked of the gateway itself. A success is
posted once, each refund of the gateway once; what does not fit its invoice is never counted as paid and raises an alarm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.payments.drivers.port import CANCELLED, FAILED, PENDING, SUCCEEDED, GatewayPayment, GatewayRefund
from wasl.app.payments.journal import CLEARING, RECEIVABLE, REFUNDS_DUE, JLine, balance, post
from wasl.app.payments.models import Alarm, Allocation, Intent, JournalEntry, Refund, invoice_row

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a settlement changed: `applied` to the invoice, `excess` to be sent back, `refunded` at last; or a mismatch."""

    applied: int = 0
    excess: int = 0
    refunded: int = 0
    mismatch: str = ""


def merchant_of(org: Any) -> str:
    """The seller's account at the gateway."""
    pk = getattr(org, "pk", org)
    return pk.hex if isinstance(pk, UUID) else UUID(str(pk)).hex


@transaction.atomic
def settle(org: Any, intent_id: UUID, state: GatewayPayment) -> Outcome:
    """Apply `state` to one intent. Locks the invoice first, then the intent: every payment of an invoice takes that order."""
    org_id = getattr(org, "pk", org)
    intent = Intent.objects.for_org(org_id).get(pk=intent_id)
    invoice = invoice_row(org_id, intent.invoice_id, lock=True)
    intent = Intent.objects.for_org(org_id).select_for_update().get(pk=intent_id)
    wrong = _mismatch(intent, state)
    if wrong:
        _alarm(intent, invoice, wrong, state)
        return Outcome(mismatch=wrong)
    applied = excess = 0
    if state.status == SUCCEEDED and intent.status != Intent.SUCCEEDED:
        applied, excess = _capture(intent, invoice)
    elif state.status in (FAILED, CANCELLED) and intent.status in Intent.OPEN:
        intent.status = Intent.FAILED if state.status == FAILED else Intent.CANCELLED
    if not intent.gateway_id:
        intent.gateway_id, intent.hosted_url = state.id, state.hosted_url
        if state.status == PENDING:
            intent.status = Intent.PENDING
    intent.save()
    refunded = sum(apply_refund(intent, invoice, refund) for refund in state.refunds) if intent.captured else 0
    return Outcome(applied, excess, refunded)


def _mismatch(intent: Intent, state: GatewayPayment) -> str:
    """The first thing in which the gateway's payment is not the one we asked for; "" if it is (T72)."""
    wanted = {
        "id": (intent.gateway_id or state.id, state.id),
        "reference": (intent.reference, state.reference),
        "merchant": (merchant_of(intent.organisation_id), state.merchant),
        "currency": (intent.currency, state.currency),
        "amount": (intent.amount, state.amount),
    }
    return next((name for name, (ours, theirs) in wanted.items() if ours != theirs), "")


def _alarm(intent: Intent, invoice: Any, wrong: str, state: GatewayPayment) -> None:
    """Not paid, and a person must look; the event is written once for each cause."""
    if intent.status in Intent.OPEN and state.status == SUCCEEDED:
        intent.status = Intent.MISMATCH
        intent.save(update_fields=["status"])
    raise_alarm(intent, invoice, f"mismatch-{wrong}", {"gateway_id": state.id, "amount": state.amount, "currency": state.currency})


def raise_alarm(intent: Intent, invoice: Any, kind: str, body: dict[str, Any]) -> None:
    """One alarm and one event for a cause, however often it shows."""
    _row, is_new = Alarm.objects.for_org(intent.organisation_id).get_or_create(
        organisation_id=intent.organisation_id, intent_id=intent.pk, kind=kind, defaults={"body": body}
    )
    if is_new:
        data = {"kind": kind, "reference": intent.reference}
        record("payment-alarm", org=intent.organisation_id, invoice=invoice, at=clock.now(), data=data)
        log.error("payment alarm", kind=kind, intent=str(intent.pk))


def _capture(intent: Intent, invoice: Any) -> tuple[int, int]:
    """The money came: as much as is owed counts towards the invoice, the rest goes back by itself (T74, T75)."""
    now = clock.now()
    owed = max(balance(intent.organisation_id, invoice), 0)
    applied = min(owed, intent.amount)
    excess = intent.amount - applied
    details = {"channel": intent.driver, "reference": intent.reference, "intent": str(intent.pk), "excess": excess}
    event = record(
        "paid" if applied else "paid-twice",
        org=intent.organisation_id,
        invoice=invoice,
        at=now,
        amount=applied or excess,
        currency=intent.currency,
        data=details,
    )
    lines = [JLine(CLEARING, intent.amount), JLine(RECEIVABLE, -applied), JLine(REFUNDS_DUE, -excess)]
    post(event, JournalEntry.PAYMENT, lines, currency=intent.currency, invoice=invoice, intent=intent)
    owner = {"organisation_id": intent.organisation_id, "intent_id": intent.pk, "invoice_id": invoice.pk, "currency": intent.currency}
    if applied:
        Allocation.objects.create(id=event.id, amount=applied, at=now, **owner)
    intent.status, intent.captured, intent.settled_at = Intent.SUCCEEDED, intent.amount, now
    if excess:
        Refund.objects.create(amount=excess, reason=Refund.EXCESS, **owner)
    return applied, excess


def apply_refund(intent: Intent, invoice: Any, done: GatewayRefund) -> int:
    """Post one refund that the gateway has made, unless it is posted already; the amount posted now. Caller holds the locks."""
    rows = Refund.objects.for_org(intent.organisation_id).select_for_update()
    if rows.filter(gateway_id=done.id).exists():
        return 0
    row = _ours(rows, intent, done)
    lines = [JLine(REFUNDS_DUE, done.amount), JLine(CLEARING, -done.amount)]
    if row is None:  # made at the gateway without us: what it gave back is owed again
        row = Refund(reason=Refund.EXTERNAL, amount=done.amount, currency=intent.currency)
        row.organisation_id, row.intent_id, row.invoice_id = intent.organisation_id, intent.pk, invoice.pk
        lines[0] = JLine(RECEIVABLE, done.amount)
    now = clock.now()
    row.status, row.gateway_id, row.done_at, row.last_error = Refund.SUCCEEDED, done.id, now, ""
    row.save()
    data = {"channel": intent.driver, "reference": intent.reference, "refund": str(row.pk), "reason": row.reason}
    event = record("refunded", org=intent.organisation_id, invoice=invoice, at=now, amount=done.amount, currency=intent.currency, data=data)
    post(event, JournalEntry.REFUND, lines, currency=intent.currency, invoice=invoice, intent=intent)
    intent.refunded += done.amount
    intent.save(update_fields=["refunded"])
    return done.amount


def _ours(rows: Any, intent: Intent, done: GatewayRefund) -> Refund | None:
    """Our row behind a gateway's refund: by its reference; else one not yet sent that it makes needless."""
    mine = rows.filter(intent_id=intent.pk, amount=done.amount)
    if done.reference:
        try:
            named = mine.filter(pk=UUID(done.reference)).first()
        except ValueError:
            named = None
        if named is not None:
            return named
    return mine.filter(status=Refund.QUEUED, attempts=0).order_by("created_at", "id").first()
