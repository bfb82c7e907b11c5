"""Refunds: asked for by a person or made by a payment that came twice, approved where the seller wants two people, then sent.

What came through a gateway goes back through it, newest payments first (`refunds_out`). What came by
transfer goes back by hand: it stands in the list of refunds until a person says that it was sent. Or it becomes credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from wasl.app import clock
from wasl.app.errors import NotFound, Refused
from wasl.app.events.record import record
from wasl.app.payments.credit import NotSoMuchCredit, balance_of, hold
from wasl.app.payments.journal import BANK, CREDIT, RECEIVABLE, REFUNDS_DUE, UNMATCHED, JLine, post
from wasl.app.payments.models import Allocation, Intent, JournalEntry, JournalLine, Receipt, Refund, invoice_row, invoice_rows
from wasl.app.payments.standing import standing
from wasl.app.payments.terms import approval_limit
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.formats.statements.amounts import shown

ALONE_DAYS = 30  # what one person alone gave back to a customer in that time counts as one refund


class NotRefundable(Refused):
    code, term = "WASL-PAY-04", "BT-113"
    en = "Only {left} of the payments of {number} can be given back."
    ar = "لا يمكن أن يُردّ من مدفوعات {number} أكثر من {left}."


class OwnRequest(Refused):
    code, status = "WASL-PAY-28", 403
    en = "A refund this large needs a second person: somebody else approves it than the one who asked for it."
    ar = "استرداد بهذا القدر يحتاج شخصين: يعتمده غير من طلبه."


class NotWaiting(Refused):
    code, status = "WASL-PAY-29", 409
    en = "This refund is not waiting for that any more. Load the page again to see where it stands."
    ar = "لم يعد هذا الاسترداد في انتظار ذلك. أعد تحميل الصفحة لترى أين وصل."


@dataclass(frozen=True)
class _Way:
    """How one part goes back: through the gateway it came by, or by hand (`receipt`: of money that came to the seller's account)."""

    intent: Intent | None
    amount: int
    receipt: Receipt | None = None


@transaction.atomic
def request_refund(
    invoice: Any, *, amount: int | None = None, actor: Actor, reason: str = "", to_credit: bool = False, payment: Intent | Receipt | None = None,
    waits: bool = False,
) -> list[Refund]:  # fmt: skip
    """Give back `amount` minor units, or all that was paid. What is given back is owed again, unless a credit note took it off.

    Newest payments first, or of one `payment` only. Up to the seller's limit it is decided now and leaves with `send_refunds`;
    above it, and where it is a part of something that `waits`, it waits for a second person. `to_credit` keeps the money as the
    customer's credit instead. Raises NotRefundable.
    """
    org_id = invoice.organisation_id
    require(org_id, actor)
    locked = invoice_row(org_id, invoice, lock=True)
    ways = _ways(locked, payment)
    left = sum(way.amount for way in ways)
    wanted = left if amount is None else amount
    if not 0 < wanted <= left or (to_credit and locked.customer_id is None):
        raise NotRefundable(number=locked.number, left=shown(left, locked.currency))
    audit(org_id, actor, "refund.request", "invoice", locked.pk, {"amount": wanted, "to_credit": to_credit})
    if to_credit:
        return _to_credit(locked, wanted, actor, reason, payment)
    waits = waits or needs_approval(org_id, wanted, locked.currency, invoice_id=locked.pk)
    return [_request(locked, way, actor, reason, waits=waits) for way in _taken(ways, wanted)]


def request_credit_refund(org_id: UUID, customer_id: UUID, currency: str, *, amount: int | None, actor: Actor, reason: str) -> list[Refund]:
    """The same for a customer's credit (credit.give_back)."""
    require(org_id, actor)
    with transaction.atomic():
        hold(org_id, customer_id)
        has = balance_of(org_id, customer_id, currency) - _asked_of_credit(org_id, customer_id, currency)
        wanted = has if amount is None else amount
        if not 0 < wanted <= has:
            raise NotSoMuchCredit(left=max(has, 0))
        audit(org_id, actor, "refund.request", "customer", customer_id, {"amount": wanted, "currency": currency})
        waits = needs_approval(org_id, wanted, currency, customer_id=customer_id)
        made: list[Refund] = []
        for way in _taken(_ways_of_credit(org_id, customer_id, currency, wanted), wanted):
            row = Refund(
                organisation_id=org_id, customer_id=customer_id, intent=way.intent, amount=way.amount, currency=currency, reason=Refund.CREDIT,
                note=reason[:200], asked_by=actor.label, status=Refund.WAITING,
            )  # fmt: skip
            row.save(force_insert=True)
            if not waits:
                book_refund(row)
            made.append(row)
    return made


def _ways_of_credit(org_id: UUID, customer_id: UUID, currency: str, wanted: int) -> list[_Way]:
    """The payments that made this credit, newest first, as far as they can still be given back; last, by hand."""
    lines = JournalLine.objects.for_org(org_id).filter(
        account=CREDIT, amount__lt=0, entry__customer_id=customer_id, entry__currency=currency, entry__intent__isnull=False
    )
    ways: list[_Way] = []
    for intent_id, amount in lines.order_by("-entry_id").values_list("entry__intent_id", "amount"):
        intent = Intent.objects.for_org(org_id).get(pk=intent_id)
        asked = Refund.objects.for_org(org_id).filter(intent_id=intent_id, reason=Refund.CREDIT).exclude(status=Refund.DROPPED)
        free = min(-amount - sum(asked.values_list("amount", flat=True)), intent.captured - intent.contested - _promised(intent))
        if free > 0:
            ways.append(_Way(intent, free))
    return [*ways, _Way(None, wanted)]


def _asked_of_credit(org_id: UUID, customer_id: UUID, currency: str) -> int:
    waiting = Refund.objects.for_org(org_id).filter(customer_id=customer_id, currency=currency, reason=Refund.CREDIT, status=Refund.WAITING)
    return sum(waiting.values_list("amount", flat=True))


def needs_approval(org_id: UUID, amount: int, currency: str, **whose: UUID) -> bool:
    """Above the limit together with what one person alone gave back before: of the same invoice, payment or credit ever, to the same
    customer within ALONE_DAYS. A large refund does not become small by being asked for in pieces, of several invoices, or by way of
    the credit."""
    limit = approval_limit(org_id, currency)
    if limit is None:
        return False
    same = Q(**whose)
    customer_id = whose.get("customer_id") or ("invoice_id" in whose and invoice_row(org_id, whose["invoice_id"]).customer_id)
    if customer_id:
        lately = Q(created_at__gte=clock.now() - timedelta(days=ALONE_DAYS))
        same |= lately & (Q(customer_id=customer_id) | Q(invoice__customer_id=customer_id))
    alone = Refund.objects.for_org(org_id).filter(same, currency=currency, decided_by="", to_credit=False).exclude(status__in=Refund.UNBOOKED)
    alone = alone.filter(reason__in=(Refund.REQUESTED, Refund.CREDIT, Refund.UNMATCHED))
    return amount + sum(alone.values_list("amount", flat=True)) > limit


def refundable(invoice: Any, payment: Intent | Receipt | None = None) -> int:
    """What of the payments of an invoice, or of one of them, can still be given back, in minor units."""
    return sum(way.amount for way in _ways(invoice, payment))


def _ways(invoice: Any, only: Intent | Receipt | None = None) -> list[_Way]:
    """Each payment with what of it counts towards this invoice and is neither given back, contested nor promised, newest first;
    last, what came without a gateway. Of `only`, nothing but its own."""
    org_id = invoice.organisation_id
    asked = Refund.objects.for_org(org_id).filter(invoice_id=invoice.pk, status=Refund.WAITING)
    figures = standing(org_id, invoice)
    left = figures.paid - figures.disputed - sum(asked.values_list("amount", flat=True))
    if isinstance(only, Receipt):
        free = min(_counted_of(only, invoice.pk), left)
        return [_Way(None, free, only)] if free > 0 else []
    counted = Allocation.objects.for_org(org_id).filter(invoice_id=invoice.pk, intent__isnull=False)
    if only is not None:
        counted = counted.filter(intent_id=only.pk)
    ways: list[_Way] = []
    for intent_id, amount in counted.order_by("-at", "-id").values_list("intent_id", "amount"):
        intent = Intent.objects.for_org(org_id).get(pk=intent_id)
        free = min(amount - _promised(intent, invoice.pk), intent.captured - intent.contested - _promised(intent), left)
        if free > 0:
            ways.append(_Way(intent, free))
            left -= free
    return [*ways, _Way(None, left)] if left > 0 and only is None else ways


def _counted_of(receipt: Receipt, invoice_id: UUID) -> int:
    """What of a receipt counts towards an invoice and was not given back."""
    counted = Allocation.objects.for_org(receipt.organisation_id).filter(receipt_id=receipt.pk, invoice_id=invoice_id)
    back = Refund.objects.for_org(receipt.organisation_id).filter(receipt_id=receipt.pk, invoice_id=invoice_id).exclude(status=Refund.DROPPED)
    back = back.exclude(reason__in=Refund.NEVER_COUNTED)
    return sum(counted.values_list("amount", flat=True)) - sum(back.values_list("amount", flat=True))


def _promised(intent: Intent, invoice_id: UUID | None = None) -> int:
    """What of a payment went back, is on its way or asked for; of one invoice, without what never counted towards it."""
    rows = Refund.objects.for_org(intent.organisation_id).filter(intent_id=intent.pk).exclude(status=Refund.DROPPED)
    if invoice_id is None:
        rows = rows.filter(to_credit=False)  # it never left
    else:
        rows = rows.filter(invoice_id=invoice_id).exclude(reason__in=Refund.NEVER_COUNTED)
    return sum(rows.values_list("amount", flat=True))


def _taken(ways: list[_Way], wanted: int) -> list[_Way]:
    parts: list[_Way] = []
    for way in ways:
        part = min(way.amount, wanted)
        if part:
            parts.append(_Way(way.intent, part, way.receipt))
            wanted -= part
    return parts


def _request(invoice: Any, way: _Way, actor: Actor, reason: str, *, waits: bool) -> Refund:
    refund = Refund(
        organisation_id=invoice.organisation_id, intent=way.intent, receipt=way.receipt, invoice_id=invoice.pk, amount=way.amount,
        currency=invoice.currency, reason=Refund.REQUESTED, status=Refund.WAITING, note=reason[:200], asked_by=actor.label,
    )  # fmt: skip
    refund.save(force_insert=True)
    if not waits:
        book_refund(refund)
    return refund


def book_refund(refund: Refund) -> None:
    """It is decided: from now on the money is owed to the payer, and on its way."""
    refund.status = Refund.QUEUED
    refund.save(update_fields=["status"])
    reference = refund.intent.reference if refund.intent_id else ""
    data = {"reference": reference, "refund": str(refund.pk), "actor": refund.asked_by, "reason": refund.note}
    event = record(
        "refund-requested", org=refund.organisation_id, invoice=refund.invoice_id, at=clock.now(), amount=refund.amount, currency=refund.currency,
        data=data,
    )  # fmt: skip
    source = {Refund.CREDIT: CREDIT, Refund.UNMATCHED: UNMATCHED}.get(refund.reason, RECEIVABLE)
    lines = [JLine(source, refund.amount), JLine(REFUNDS_DUE, -refund.amount)]
    owner = {"invoice": refund.invoice_id, "customer": refund.customer_id, "intent": refund.intent_id, "receipt": refund.receipt_id}
    post(event, JournalEntry.REFUND_DUE, lines, currency=refund.currency, **owner)


def _to_credit(invoice: Any, amount: int, actor: Actor, reason: str, payment: Intent | Receipt | None) -> list[Refund]:
    """Nothing leaves: the customer has it as credit."""
    behind = {"intent": payment if isinstance(payment, Intent) else None, "receipt": payment if isinstance(payment, Receipt) else None}
    row = Refund(
        organisation_id=invoice.organisation_id, invoice_id=invoice.pk, customer_id=invoice.customer_id, amount=amount, currency=invoice.currency,
        reason=Refund.REQUESTED, status=Refund.SUCCEEDED, note=reason[:200], asked_by=actor.label, done_at=clock.now(), to_credit=True, **behind,
    )  # fmt: skip
    row.save(force_insert=True)
    data = {"refund": str(row.pk), "actor": actor.label, "reason": row.note, "channel": "credit"}
    event = record("refunded", org=row.organisation_id, invoice=invoice, at=clock.now(), amount=amount, currency=invoice.currency, data=data)
    lines = [JLine(RECEIVABLE, amount), JLine(CREDIT, -amount)]
    post(event, JournalEntry.REFUND, lines, currency=invoice.currency, invoice=invoice, customer=invoice.customer_id, **behind)
    return [row]


def _waiting(refund: Refund, *states: str) -> Refund:
    """The row, locked after its invoice; NotWaiting where it has moved on."""
    org_id = refund.organisation_id
    if refund.invoice_id:
        invoice_rows(org_id, [refund.invoice_id], lock=True)
    found = Refund.objects.for_org(org_id).select_for_update().filter(pk=refund.pk).first()
    if found is None:
        raise NotFound(what="refund")
    if found.status not in states:
        raise NotWaiting
    return found


@transaction.atomic
def approve_refund(refund: Refund, *, actor: Actor) -> Refund:
    """A second person agrees: it is booked and leaves. Raises OwnRequest, NotWaiting, NotRefundable where the money has gone meanwhile."""
    require(refund.organisation_id, actor, owner=True)
    row = _waiting(refund, Refund.WAITING)
    if row.asked_by == actor.label:
        raise OwnRequest
    row.decided_by, row.decided_at = actor.label, clock.now()
    row.save(update_fields=["decided_by", "decided_at"])
    _still_there(row)
    book_refund(row)
    audit(row.organisation_id, actor, "refund.approve", "refund", row.pk, {"amount": row.amount})
    return row


def _still_there(row: Refund) -> None:
    """Between asking and agreeing, the payer's bank may have taken the payment back, or credit may have been spent."""
    if row.reason == Refund.CREDIT:
        hold(row.organisation_id, row.customer_id)
        left = balance_of(row.organisation_id, row.customer_id, row.currency)
        if row.amount > left:
            raise NotSoMuchCredit(left=left)
        return
    if row.reason == Refund.UNMATCHED:
        from wasl.app.payments.unmatched import still_unmatched

        still_unmatched(row)
        return
    invoice = invoice_row(row.organisation_id, row.invoice_id)
    figures = standing(row.organisation_id, invoice)
    left = figures.paid - figures.disputed
    if row.intent_id:
        intent = Intent.objects.for_org(row.organisation_id).get(pk=row.intent_id)
        left = min(left, intent.captured - intent.contested - _promised(intent) + row.amount)
    if row.amount > left:
        raise NotRefundable(number=invoice.number, left=shown(max(left, 0), invoice.currency))


@transaction.atomic
def refuse_refund(refund: Refund, *, actor: Actor, reason: str = "") -> Refund:
    """A second person says no, or who asked takes it back: nothing was booked, nothing happens."""
    require(refund.organisation_id, actor)
    row = _waiting(refund, Refund.WAITING)
    if row.asked_by != actor.label:
        require(refund.organisation_id, actor, owner=True)
    row.status, row.decided_by, row.decided_at, row.last_error = Refund.DROPPED, actor.label, clock.now(), reason[:200]
    row.save(update_fields=["status", "decided_by", "decided_at", "last_error"])
    audit(row.organisation_id, actor, "refund.refuse", "refund", row.pk, {"amount": row.amount})
    return row


@transaction.atomic
def sent_by_hand(refund: Refund, *, actor: Actor, reference: str = "") -> Refund:
    """The seller sent it from its own bank: what came without a gateway, or what the gateway refused to return."""
    require(refund.organisation_id, actor)
    row = _waiting(refund, Refund.QUEUED, Refund.REFUSED)
    if row.intent_id and row.status != Refund.REFUSED:
        raise NotWaiting
    now = clock.now()
    row.status, row.done_at, row.by_hand = Refund.SUCCEEDED, now, True
    row.save(update_fields=["status", "done_at", "by_hand"])
    data = {"channel": "transfer", "reference": reference[:200], "refund": str(row.pk), "reason": row.reason}
    event = record("refunded", org=row.organisation_id, invoice=row.invoice_id, at=now, amount=row.amount, currency=row.currency, data=data)
    lines = [JLine(REFUNDS_DUE, row.amount), JLine(BANK, -row.amount)]
    post(event, JournalEntry.REFUND, lines, currency=row.currency, invoice=row.invoice_id, customer=row.customer_id, receipt=row.receipt_id)
    audit(row.organisation_id, actor, "refund.by_hand", "refund", row.pk, {"amount": row.amount})
    return row
