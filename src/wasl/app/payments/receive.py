"""Money that reached the seller itself: a transfer, cash, a cheque. Booked once under its key, and undone if it was a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.allocate import Money, count
from wasl.app.payments.credit import balance_of, hold
from wasl.app.payments.exchange import Rate, convert
from wasl.app.payments.journal import BANK, CREDIT, EXCHANGE, RECEIVABLE, UNMATCHED, JLine, post
from wasl.app.payments.models import Allocation, JournalEntry, JournalLine, Receipt, Refund, invoice_rows
from wasl.app.payments.standing import standings
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


class SharesDoNotFit(Refused):
    code = "WASL-PAY-22"
    en = "The parts must each be above zero and come to at most the amount received, for invoices in its currency."
    ar = "يجب أن يكون كل جزء أكبر من صفر، وألا يزيد مجموعها على المبلغ المستلم، ولفواتير بعملته."


class OtherReceipt(Refused):
    code, status = "WASL-PAY-23", 409
    en = "Another receipt is booked under the key {key}."
    ar = "سُجّل مقبوض آخر بالمفتاح {key}."


class ReceiptUsed(Refused):
    code, status = "WASL-PAY-24", 409
    en = "This receipt cannot be undone any more: part of it was given back or spent as credit. Book what happened since instead."
    ar = "لم يعد إلغاء هذا المقبوض ممكنًا: رُدّ جزء منه أو استُعمل رصيدًا. سجّل ما حدث بعده بدلًا من ذلك."


@transaction.atomic
def receive_transfer(
    org: Any,
    *,
    key: str,
    amount: int,
    currency: str,
    at: datetime,
    payer_name: str = "",
    reference: str = "",
    shares: Mapping[UUID, int] | None = None,
    rates: Mapping[str, Rate] | None = None,
    customer: Any = None,
    source: str = Receipt.TRANSFER,
    actor: Actor | None = None,
) -> Receipt:
    """Book money received: `shares` says how much counts towards which invoice, in minor units of `currency`. `rates` has the
    rate for each other currency that invoices are in.

    What is left over is the credit of `customer` (else of the customer of the first invoice); where nobody knows whose money it
    is, it stands in `unmatched` until `match_receipt`. The same key again gives the same receipt. Raises SharesDoNotFit, OtherReceipt.
    """
    org_id: UUID = getattr(org, "pk", org)
    shares = dict(shares or {})
    found, is_new = Receipt.objects.for_org(org_id).get_or_create(
        organisation_id=org_id,
        key=key,
        defaults={
            "amount": amount, "currency": currency, "at": at, "payer_name": payer_name[:200], "reference": reference[:200], "source": source,
            "customer_id": getattr(customer, "pk", customer), "received_by": actor.label if actor else "",
        },
    )  # fmt: skip
    if not is_new:
        if (found.amount, found.currency) != (amount, currency):
            raise OtherReceipt(key=key)
        return found
    data = {"receipt": str(found.pk), "channel": source, "reference": found.reference}
    event = record("transfer-received", org=org_id, at=clock.now(), amount=amount, currency=currency, data=data)
    post(event, JournalEntry.MOVE, [JLine(BANK, amount), JLine(UNMATCHED, -amount)], currency=currency, receipt=found)
    _distribute(found, shares, amount, rates)
    return found


@transaction.atomic
def match_receipt(
    receipt: Receipt, shares: Mapping[UUID, int], *, actor: Actor, customer: Any = None, rates: Mapping[str, Rate] | None = None
) -> Receipt:
    """Count what of a receipt is still unmatched towards invoices, or keep it as the credit of `customer`. Raises SharesDoNotFit."""
    require(receipt.organisation_id, actor)
    locked = Receipt.objects.for_org(receipt.organisation_id).select_for_update().get(pk=receipt.pk)
    if customer is not None:
        locked.customer_id = getattr(customer, "pk", customer)
        locked.save(update_fields=["customer"])
    _distribute(locked, dict(shares), unmatched_of(locked), rates)
    audit(locked.organisation_id, actor, "payment.match", "receipt", locked.pk, {"shares": {str(pk): part for pk, part in shares.items()}})
    return locked


def _distribute(receipt: Receipt, shares: dict[UUID, int], left: int, rates: Mapping[str, Rate] | None) -> None:
    """From `unmatched` to where it belongs."""
    if receipt.undone_at is not None or any(part <= 0 for part in shares.values()) or sum(shares.values()) > left:
        raise SharesDoNotFit
    invoices = invoice_rows(receipt.organisation_id, shares, lock=True)
    if any(row.is_credit_note or (row.currency != receipt.currency and row.currency not in (rates or {})) for row in invoices):
        raise SharesDoNotFit
    for row in invoices:
        account, part = UNMATCHED, shares[row.pk]
        if row.currency != receipt.currency:
            account, part = EXCHANGE, convert(receipt, row, part, (rates or {})[row.currency])
        count(row, part, Money(account, receipt.source, receipt.reference, receipt.at, receipt=receipt))
    rest = left - sum(shares.values())
    owner = receipt.customer_id or next((row.customer_id for row in invoices if row.customer_id), None)
    if rest and owner is not None:
        if receipt.customer_id is None:
            receipt.customer_id = owner
            receipt.save(update_fields=["customer"])
        data = {"receipt": str(receipt.pk), "customer": str(owner)}
        event = record("credit-added", org=receipt.organisation_id, at=clock.now(), amount=rest, currency=receipt.currency, data=data)
        lines = [JLine(UNMATCHED, rest), JLine(CREDIT, -rest)]
        post(event, JournalEntry.MOVE, lines, currency=receipt.currency, customer=owner, receipt=receipt)


def unmatched_of(receipt: Receipt) -> int:
    """What of a receipt is still nobody's, in minor units."""
    lines = JournalLine.objects.for_org(receipt.organisation_id).filter(entry__receipt_id=receipt.pk, account=UNMATCHED)
    return -sum(lines.values_list("amount", flat=True))


@transaction.atomic
def undo_transfer(receipt: Receipt, *, actor: Actor, reason: str, returned_by: UUID | None = None) -> Receipt:
    """Take a receipt back: every entry of it is written once more with its signs changed. Raises ReceiptUsed.

    `returned_by`: the movement with which the bank took the money back; without it, the booking was a mistake.
    """
    org_id = receipt.organisation_id
    require(org_id, actor)
    entries = list(JournalEntry.objects.for_org(org_id).filter(receipt_id=receipt.pk).order_by("id"))
    invoice_rows(org_id, {entry.invoice_id for entry in entries if entry.invoice_id}, lock=True)
    locked = Receipt.objects.for_org(org_id).select_for_update().get(pk=receipt.pk)
    if locked.undone_at is not None:
        return locked
    _still_whole(locked)
    for entry in reversed(list(JournalEntry.objects.for_org(org_id).filter(receipt_id=receipt.pk).order_by("id"))):
        _reverse(entry, locked, reason, returned_by)
    Refund.objects.for_org(org_id).filter(receipt_id=locked.pk).update(status=Refund.DROPPED, decided_by=actor.label, decided_at=clock.now())
    locked.undone_at, locked.undone_by, locked.undone_because = clock.now(), actor.label, reason[:200]
    locked.save(update_fields=["undone_at", "undone_by", "undone_because"])
    audit(org_id, actor, "payment.undo", "receipt", locked.pk)
    return locked


def _still_whole(receipt: Receipt) -> None:
    org_id = receipt.organisation_id
    lines = JournalLine.objects.for_org(org_id).filter(entry__receipt_id=receipt.pk, account=CREDIT)
    made: dict[tuple[UUID, str], int] = {}  # money of one currency may have become credit in the invoice's
    for customer, currency, amount in lines.values_list("entry__customer_id", "entry__currency", "amount"):
        made[customer, currency] = made.get((customer, currency), 0) - amount
    for customer in sorted({customer for customer, _currency in made}):
        hold(org_id, customer)
    spent = any(balance_of(org_id, *owner) < amount for owner, amount in made.items())
    gone = Refund.objects.for_org(org_id).filter(receipt_id=receipt.pk, status=Refund.SUCCEEDED).exists()
    if spent or gone or _is_given_back(receipt):
        raise ReceiptUsed


def _is_given_back(receipt: Receipt) -> bool:
    """Whether an invoice would have given back more than was paid on it, and so ask for more than it ever billed."""
    counted: dict[UUID, int] = {}
    lines = JournalLine.objects.for_org(receipt.organisation_id).filter(entry__receipt_id=receipt.pk, account=RECEIVABLE)
    lines = lines.exclude(entry__kind__in=(JournalEntry.WRITE_OFF, JournalEntry.DISCOUNT))
    for invoice_id, amount in lines.values_list("entry__invoice_id", "amount"):
        counted[invoice_id] = counted.get(invoice_id, 0) - amount
    return any(stands.paid < counted[invoice_id] for invoice_id, stands in standings(receipt.organisation_id, counted).items())


def _reverse(entry: JournalEntry, receipt: Receipt, reason: str, returned_by: UUID | None) -> None:
    org_id, now = receipt.organisation_id, clock.now()
    lines = [JLine(account, -amount) for account, amount in entry_lines(entry)]
    applied = Allocation.objects.for_org(org_id).filter(pk=entry.pk).first()
    data = {"receipt": str(receipt.pk), "reference": receipt.reference, "reason": reason, "entry": str(entry.pk)}
    if returned_by is not None:
        data |= {"came_back": True, "line": str(returned_by)}
    amount = applied.amount if applied else max(line.amount for line in lines)
    event = record("transfer-undone", org=org_id, invoice=entry.invoice_id, at=now, amount=amount, currency=entry.currency, data=data)
    post(event, entry.kind, lines, currency=entry.currency, invoice=entry.invoice_id, customer=entry.customer_id, receipt=receipt)
    if applied:
        owner = {"organisation_id": org_id, "receipt": receipt, "invoice_id": entry.invoice_id, "currency": entry.currency}
        Allocation.objects.create(id=event.id, amount=-applied.amount, at=now, **owner)


_ERASE = (
    "UPDATE payments_receipt SET payer_name = '', reference = '' WHERE organisation_id = %(org)s AND id IN"
    " (SELECT receipt_id FROM payments_allocation WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s)",
    "UPDATE payments_refund SET note = '' WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s",
)


def erase_words(org_id: Any, invoice_id: Any) -> None:
    """An erasure's part of this floor: who paid and what they wrote goes, the money stays."""
    for statement in _ERASE:
        run(statement, {"org": org_id, "invoice": invoice_id})


def entry_lines(entry: JournalEntry) -> list[tuple[str, int]]:
    """(account, minor units) of one entry."""
    return list(JournalLine.objects.for_org(entry.organisation_id).filter(entry_id=entry.pk).values_list("account", "amount"))
