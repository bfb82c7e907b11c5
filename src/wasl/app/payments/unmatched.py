"""Money that came and belongs nowhere yet: counted towards open invoices, or given back; keeping it as credit is `receive.match_receipt`."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from wasl.app.errors import Refused
from wasl.app.payments.models import Receipt, Refund, invoice_row
from wasl.app.payments.receive import match_receipt, unmatched_of
from wasl.app.payments.refunds import book_refund, needs_approval
from wasl.app.payments.standing import standing
from wasl.app.payments.statements.errors import PartTooLarge
from wasl.app.payments.writeoff import ReasonMissing
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.formats.statements.amounts import shown


class NotSoMuchUnmatched(Refused):
    code, status = "WASL-PAY-81", 409
    en = "Only {left} of this money is still unmatched. Load the page again to see where it stands."
    ar = "لم يبقَ بلا مطابقة من هذا المال سوى {left}. أعد تحميل الصفحة لترى أين وصل."


@transaction.atomic
def give_back(receipt: Receipt, *, amount: int | None = None, actor: Actor, reason: str) -> Refund:
    """Send `amount` minor units of unmatched money back, or all of it: by hand, for no gateway brought it. Above the seller's limit it
    waits for a second person. Raises ReasonMissing, NotSoMuchUnmatched."""
    org_id = receipt.organisation_id
    require(org_id, actor)
    if not reason.strip():
        raise ReasonMissing
    locked = Receipt.objects.for_org(org_id).select_for_update().get(pk=receipt.pk)
    left = unmatched_of(locked) - _asked(locked)
    wanted = left if amount is None else amount
    if not 0 < wanted <= left or locked.undone_at is not None:
        raise NotSoMuchUnmatched(left=shown(max(left, 0), locked.currency))
    row = Refund(
        organisation_id=org_id, receipt=locked, amount=wanted, currency=locked.currency, reason=Refund.UNMATCHED, note=reason.strip()[:200],
        asked_by=actor.label, status=Refund.WAITING,
    )  # fmt: skip
    row.save(force_insert=True)
    audit(org_id, actor, "refund.request", "receipt", locked.pk, {"amount": wanted})
    if not needs_approval(org_id, wanted, locked.currency, receipt_id=locked.pk):
        book_refund(row)
    return row


@transaction.atomic
def assign(receipt: Receipt, shares: Mapping[UUID, int], *, actor: Actor) -> Receipt:
    """Count unmatched money towards open invoices: {invoice: minor units}; what is left over becomes the customer's credit.

    Raises PartTooLarge, SharesDoNotFit, NotFound.
    """
    from wasl.app.invoicing.find import find_invoice

    org_id = receipt.organisation_id
    for invoice_id in sorted(shares):
        find_invoice(org_id, invoice_id)  # another organisation's is not there
        invoice = invoice_row(org_id, invoice_id, lock=True)
        left = max(standing(org_id, invoice).balance, 0)
        if invoice.currency != receipt.currency or invoice.is_credit_note or shares[invoice_id] > left:
            raise PartTooLarge(number=invoice.number, left=shown(left, invoice.currency))
    return match_receipt(receipt, shares, actor=actor)


def _asked(receipt: Receipt, but: Refund | None = None) -> int:
    """What is asked for and waits for a second person."""
    rows = Refund.objects.for_org(receipt.organisation_id).filter(receipt_id=receipt.pk, reason=Refund.UNMATCHED, status=Refund.WAITING)
    return sum(row.amount for row in rows if but is None or row.pk != but.pk)


def still_unmatched(row: Refund) -> None:
    """Between asking and agreeing, the money may have found its invoice. Caller is in the transaction. Raises NotSoMuchUnmatched."""
    locked = Receipt.objects.for_org(row.organisation_id).select_for_update().get(pk=row.receipt_id)
    left = unmatched_of(locked)
    if row.amount > left:
        raise NotSoMuchUnmatched(left=shown(max(left, 0), row.currency))
