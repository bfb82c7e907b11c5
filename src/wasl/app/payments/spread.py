"""Dividing what a gateway or a payer's bank took back among the invoices of a payment."""

from __future__ import annotations

from uuid import UUID

from wasl.app.payments.models import Allocation, Dispute, Intent, Refund


def spread(intent: Intent, amount: int) -> list[tuple[UUID, int]]:
    """(invoice, minor units) of each part: the last share first; what counts towards none of them any more falls to the first invoice."""
    org_id = intent.organisation_id
    left: dict[UUID, int] = {}
    for invoice_id, part in Allocation.objects.for_org(org_id).filter(intent_id=intent.pk).order_by("id").values_list("invoice_id", "amount"):
        left[invoice_id] = left.get(invoice_id, 0) + part
    gone = Refund.objects.for_org(org_id).filter(intent_id=intent.pk).exclude(status__in=Refund.UNBOOKED).exclude(reason__in=Refund.NEVER_COUNTED)
    for invoice_id, part in gone.values_list("invoice_id", "amount"):
        left[invoice_id] = left.get(invoice_id, 0) - part
    for dispute in Dispute.objects.for_org(org_id).filter(intent_id=intent.pk).exclude(state=Dispute.WON):
        for invoice_id, part in dispute.shares.items():
            left[UUID(invoice_id)] = left.get(UUID(invoice_id), 0) - part
    parts: dict[UUID, int] = {}
    for invoice_id in reversed(left):
        part = min(amount, max(left[invoice_id], 0))
        if part:
            parts[invoice_id] = part
            amount -= part
    if amount:
        parts[intent.invoice_id] = parts.get(intent.invoice_id, 0) + amount
    return list(parts.items())
