"""Chargebacks: the payer's bank takes a payment back. Contested money still counts as paid until it is decided; lost, it is owed again.

    opened   disputed +, gateway_clearing -
    won      gateway_clearing +, disputed -
    lost     receivable +, disputed -      (or refunds_due, or customer_credit: whatever the money had become)
    won after it was lost: it counts towards its invoices anew, as a payment does

The fee of a chargeback comes with the payout, as every fee does (payouts.py).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.payments.alarms import raise_alarm
from wasl.app.payments.allocate import Money, count
from wasl.app.payments.credit import balance_of, hold
from wasl.app.payments.drivers.port import GatewayDispute
from wasl.app.payments.journal import CLEARING, CREDIT, DISPUTED, RECEIVABLE, REFUNDS_DUE, JLine, post
from wasl.app.payments.models import Dispute, Intent, JournalEntry, Refund, invoice_row
from wasl.app.payments.spread import spread

OPENED, WON, LOST = "chargeback-opened", "chargeback-won", "charged-back"


def apply_dispute(intent: Intent, told: GatewayDispute) -> bool:
    """Bring one dispute to what the gateway says of it; whether that changed anything.

    Caller holds the locks of the invoices and of the intent. Whatever order the news comes in, the books end the same.
    """
    row = Dispute.objects.for_org(intent.organisation_id).select_for_update().filter(intent_id=intent.pk, gateway_id=told.id).first()
    is_new = row is None
    row = row or _open(intent, told)
    if told.state in (row.state, Dispute.OPEN):
        return is_new
    if told.amount != row.amount or row.state == Dispute.WON:  # no rule says what that means: a person must look
        raise_alarm(intent, invoice_row(intent.organisation_id, intent.invoice_id), "dispute-unclear", {"dispute": told.id, "amount": told.amount})
        return is_new
    {Dispute.WON: _win, Dispute.LOST: _lose}[told.state](intent, row)
    row.state, row.closed_at = told.state, clock.now()
    row.save(update_fields=["state", "closed_at", "regained"])
    return True


def _open(intent: Intent, told: GatewayDispute) -> Dispute:
    parts, rest = spread(intent, told.amount)
    row = Dispute(organisation_id=intent.organisation_id, intent=intent, gateway_id=told.id, amount=told.amount, currency=intent.currency)
    row.reason = told.reason[:60]
    row.shares = {str(invoice_id): part for invoice_id, part in parts.items()} | ({"": rest} if rest else {})
    row.save(force_insert=True)
    for invoice_id, part in row.shares.items():
        _post(intent, row, invoice_id, part, OPENED, JournalEntry.DISPUTE, [JLine(DISPUTED, part), JLine(CLEARING, -part)])
    _contested(intent, row.amount)
    return row


def _contested(intent: Intent, amount: int) -> None:
    intent.contested += amount
    intent.save(update_fields=["contested"])


def _win(intent: Intent, row: Dispute) -> None:
    row.regained = row.state == Dispute.LOST
    for invoice_id, part in row.shares.items():
        if row.regained:
            invoice = invoice_row(intent.organisation_id, invoice_id or intent.invoice_id)
            count(invoice, part, Money(CLEARING, intent.driver, intent.reference, clock.now(), intent=intent))
        else:
            _post(intent, row, invoice_id, part, WON, JournalEntry.DISPUTE, [JLine(CLEARING, part), JLine(DISPUTED, -part)])
    _contested(intent, -row.amount)


def _lose(intent: Intent, row: Dispute) -> None:
    for invoice_id, part in row.shares.items():
        if invoice_id:
            _post(intent, row, invoice_id, part, LOST, JournalEntry.CHARGEBACK, [JLine(RECEIVABLE, part), JLine(DISPUTED, -part)])
        else:
            _lose_rest(intent, row, part)


def _lose_rest(intent: Intent, row: Dispute, left: int) -> None:
    """What counted towards no invoice: it was going back (then it need not any more), or it was the customer's credit (then it is
    gone, as far as it is still there); else it is owed."""
    org_id = intent.organisation_id
    waiting = Refund.objects.for_org(org_id).select_for_update().filter(intent_id=intent.pk, status__in=Refund.BOOKED, amount__lte=left)
    for refund in waiting.order_by("created_at", "id"):
        if refund.amount <= left:
            refund.status, refund.last_error = Refund.DROPPED, "charged back"
            refund.save(update_fields=["status", "last_error"])
            _undo_refund(intent, row, refund)
            left -= refund.amount
    customer_id = invoice_row(org_id, intent.invoice_id).customer_id
    if left and customer_id:
        hold(org_id, customer_id)
        kept = min(left, max(balance_of(org_id, customer_id, row.currency), 0))
        if kept:
            lines = [JLine(CREDIT, kept), JLine(DISPUTED, -kept)]
            _post(intent, row, "", kept, LOST, JournalEntry.CHARGEBACK, lines, customer=customer_id)
            left -= kept
    if left:
        _post(intent, row, "", left, LOST, JournalEntry.CHARGEBACK, [JLine(RECEIVABLE, left), JLine(DISPUTED, -left)])


def _undo_refund(intent: Intent, row: Dispute, refund: Refund) -> None:
    """It is not owed to the payer any more. Booked with another invoice than the dispute was, it passes through the gateway's account."""
    if refund.invoice_id == intent.invoice_id:
        _post(intent, row, "", refund.amount, LOST, JournalEntry.CHARGEBACK, [JLine(REFUNDS_DUE, refund.amount), JLine(DISPUTED, -refund.amount)])
        return
    _post(intent, row, "", refund.amount, LOST, JournalEntry.DISPUTE, [JLine(CLEARING, refund.amount), JLine(DISPUTED, -refund.amount)])
    lines = [JLine(REFUNDS_DUE, refund.amount), JLine(CLEARING, -refund.amount)]
    data = {"channel": intent.driver, "reference": intent.reference, "dispute": str(row.pk), "refund": str(refund.pk)}
    org_id, at = intent.organisation_id, clock.now()
    event = record("refund-dropped", org=org_id, invoice=refund.invoice_id, at=at, amount=refund.amount, currency=row.currency, data=data)
    post(event, JournalEntry.DISPUTE, lines, currency=row.currency, invoice=refund.invoice_id, customer=refund.customer_id, intent=intent)


def _post(
    intent: Intent, row: Dispute, invoice_id: str, amount: int, event_type: str, kind: str, lines: list[JLine], *, customer: UUID | None = None
) -> None:
    """One event and one entry; what belongs to no invoice stands with the first one of the payment."""
    invoice: Any = UUID(invoice_id) if invoice_id else intent.invoice_id
    data = {"channel": intent.driver, "reference": intent.reference, "dispute": str(row.pk), "reason": row.reason}
    event = record(event_type, org=intent.organisation_id, invoice=invoice, at=clock.now(), amount=amount, currency=row.currency, data=data)
    post(event, kind, lines, currency=row.currency, invoice=invoice, customer=customer, intent=intent)
