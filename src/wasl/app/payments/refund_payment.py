"""Giving one payment back, whole or in part, whatever invoices it was for: the last share first, as gateways and banks take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app.errors import NotFound, Refused
from wasl.app.payments.models import Allocation, Intent, Receipt, Refund, invoice_rows
from wasl.app.payments.refunds import needs_approval, refundable, request_refund
from wasl.app.payments.writeoff import ReasonMissing
from wasl.app.tenancy.actor import Actor, require
from wasl.formats.statements.amounts import shown


class RefundTooLarge(Refused):
    code, term = "WASL-PAY-80", "BT-113"
    en = "At most {left} of this payment can be given back now."
    ar = "لا يمكن الآن أن يُردّ من هذه الدفعة أكثر من {left}."


class PaymentMoved(Refused):
    code, status = "WASL-PAY-88", 409
    en = "This payment moved while you looked at it: {left} can go back now. Look once more, then ask again."
    ar = "تحرّكت هذه الدفعة وأنت تنظر فيها: ما يمكن ردّه الآن {left}. راجعها مرة أخرى ثم اطلب."


@dataclass(frozen=True)
class Share:
    """One invoice of a payment, and what of it can still be given back, in minor units."""

    invoice: Any
    left: int


def payment_of(org: Any, payment_id: UUID) -> Intent | Receipt:
    """The attempt or the receipt behind an id. Raises NotFound."""
    found = Intent.objects.for_org(org).filter(pk=payment_id).first() or Receipt.objects.for_org(org).filter(pk=payment_id).first()
    if found is None:
        raise NotFound(what="payment")
    return found


def shares_left(payment: Intent | Receipt, *, lock: bool = False) -> list[Share]:
    """The invoices that a payment counts towards, in their order, with what of each can go back; nothing of one that was undone."""
    org_id = payment.organisation_id
    if isinstance(payment, Receipt) and payment.undone_at is not None:
        return []
    mine = {"intent_id": payment.pk} if isinstance(payment, Intent) else {"receipt_id": payment.pk}
    ids = list(dict.fromkeys(Allocation.objects.for_org(org_id).filter(**mine, amount__gt=0).order_by("id").values_list("invoice_id", flat=True)))
    rows = invoice_rows(org_id, ids, lock=lock) if ids else []
    return [Share(row, left) for row in rows if (left := refundable(row, payment)) > 0]


@transaction.atomic
def refund_payment(
    org: Any, payment_id: UUID, *, amount: int | None = None, actor: Actor, reason: str, to_credit: bool = False, seen: int | None = None
) -> list[Refund]:
    """Give back `amount` minor units of one payment, or all that can go back. Above the seller's limit all of it waits for a second
    person. `seen` is what could go back when the person looked: a form that is sent twice is one refund.

    Raises ReasonMissing, RefundTooLarge, PaymentMoved, NotFound.
    """
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    if not reason.strip():
        raise ReasonMissing
    payment = payment_of(org_id, payment_id)
    shares = shares_left(payment, lock=True)
    left = sum(share.left for share in shares)
    if seen is not None and seen != left:
        raise PaymentMoved(left=shown(left, payment.currency))
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise RefundTooLarge(left=shown(left, payment.currency))
    mine = {"intent_id": payment.pk} if isinstance(payment, Intent) else {"receipt_id": payment.pk}
    waits = not to_credit and (
        needs_approval(org_id, wanted, payment.currency, **mine)
        or any(needs_approval(org_id, wanted, payment.currency, invoice_id=share.invoice.pk) for share in shares)
    )
    made: list[Refund] = []
    for share in reversed(shares):
        part = min(share.left, wanted)
        if part:
            made += request_refund(
                share.invoice, amount=part, actor=actor, reason=reason.strip(), to_credit=to_credit, payment=payment, waits=waits
            )
            wanted -= part
    return made
