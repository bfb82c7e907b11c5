"""Chargebacks: the payer's bank takes a payment back. Contested money still counts as paid until it is decided; lost, it is owed again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.payments.journal import CLEARING, DISPUTED, RECEIVABLE, JLine, post
from wasl.app.payments.models import Dispute, Intent, JournalEntry
from wasl.app.payments.spread import spread

OPENED, WON, LOST = "chargeback-opened", "chargeback-won", "charged-back"


def apply_dispute(intent: Intent, told: Any) -> int:
    """Bring one dispute to what the gateway says of it (drivers.port.GatewayDispute); how many entries that wrote.

    Caller holds the locks of the invoices and of the intent. Whatever order the news came in, the books end the same.
    """
    row = Dispute.objects.for_org(intent.organisation_id).select_for_update().filter(intent_id=intent.pk, gateway_id=told.id).first()
    moved = 0
    if row is None:
        row = _open(intent, told)
        moved += 1
    if told.state != row.state and told.state != Dispute.OPEN:
        _decide(intent, row, told.state)
        moved += 1
    return moved


def _open(intent: Intent, told: Any) -> Dispute:
    shares = spread(intent, told.amount)
    row = Dispute(organisation_id=intent.organisation_id, intent=intent, gateway_id=told.id, amount=told.amount, currency=intent.currency)
    row.reason, row.shares = (told.reason or "")[:60], {str(invoice_id): part for invoice_id, part in shares}
    row.save(force_insert=True)
    _post(intent, row, OPENED, JournalEntry.DISPUTE, DISPUTED, CLEARING)
    intent.contested += row.amount
    intent.save(update_fields=["contested"])
    return row


def _decide(intent: Intent, row: Dispute, state: str) -> None:
    """Open -> won: the money is back. Open -> lost: it is owed again. Lost -> won: the bank thought again, it is paid after all."""
    was_lost = row.state == Dispute.LOST
    if state == Dispute.WON:
        kind = JournalEntry.CHARGEBACK if was_lost else JournalEntry.DISPUTE
        _post(intent, row, WON, kind, CLEARING, RECEIVABLE if was_lost else DISPUTED)
        intent.contested -= row.amount
    elif row.state == Dispute.WON:  # given back, then taken again
        _post(intent, row, LOST, JournalEntry.CHARGEBACK, RECEIVABLE, CLEARING)
        intent.contested += row.amount
    else:
        _post(intent, row, LOST, JournalEntry.CHARGEBACK, RECEIVABLE, DISPUTED)
    intent.save(update_fields=["contested"])
    row.state, row.closed_at = state, clock.now()
    row.save(update_fields=["state", "closed_at"])


def _post(intent: Intent, row: Dispute, event_type: str, kind: str, debit: str, credit: str) -> None:
    """One event and one entry for each invoice that the contested payment counts towards."""
    data = {"channel": intent.driver, "reference": intent.reference, "dispute": str(row.pk), "reason": row.reason}
    for invoice_id, part in row.shares.items():
        event = record(
            event_type, org=intent.organisation_id, invoice=UUID(invoice_id), at=clock.now(), amount=part, currency=row.currency, data=data
        )
        post(event, kind, [JLine(debit, part), JLine(credit, -part)], currency=row.currency, invoice=UUID(invoice_id), intent=intent)
