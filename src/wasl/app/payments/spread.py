"""Dividing what a gateway or a payer's bank took back among the invoices of a payment."""

from __future__ import annotations

from uuid import UUID

from wasl.app.payments.models import Allocation, Dispute, Intent, Refund


def spread(intent: Intent, amount: int) -> tuple[dict[UUID, int], int]:
    """({invoice: minor units of it}, the rest that counts towards none of them): the last share first."""
    org_id = intent.organisation_id
    left: dict[UUID, int] = {}
    for invoice_id, part in Allocation.objects.for_org(org_id).filter(intent_id=intent.pk).order_by("id").values_list("invoice_id", "amount"):
        left[invoice_id] = left.get(invoice_id, 0) + part
    gone = Refund.objects.for_org(org_id).filter(intent_id=intent.pk).exclude(status__in=Refund.UNBOOKED).exclude(reason__in=Refund.NEVER_COUNTED)
    taken = list(gone.values_list("invoice_id", "amount"))
    for dispute in Dispute.objects.for_org(org_id).filter(intent_id=intent.pk):
        if dispute.state != Dispute.WON or dispute.regained:
            taken += [(UUID(invoice_id), part) for invoice_id, part in dispute.shares.items() if invoice_id]
    for invoice_id, part in taken:
        left[invoice_id] = left.get(invoice_id, 0) - part
    parts: dict[UUID, int] = {}
    for invoice_id in reversed(left):
        part = min(amount, max(left[invoice_id], 0))
        if part:
            parts[invoice_id] = part
            amount -= part
    return parts, amount
