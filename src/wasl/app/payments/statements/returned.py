"""The bank takes a payment back: which booked receipt that may be, taking it back with one press, and undoing that.

A reversal is never decided by the machine. It is told to the seller, and waits with the receipts of its amount and account
that were booked before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.payments.models import Allocation, Receipt
from wasl.app.payments.receive import receive_transfer, undo_transfer
from wasl.app.payments.statements.accept import book, decided, find_line, refuse_too_much
from wasl.app.payments.statements.errors import LineTaken, NotThisReturn, PartTooLarge
from wasl.app.payments.statements.models import StatementFile, StatementLine
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require

REFERENCE, PAYER, AMOUNT = "came_reference", "came_payer", "came_amount"  # why we think so, from strong to weak
FITS_MAX = 3
HAND_DAYS = 120  # so far back we look for a receipt that was typed in, and only by its reference

# A receipt made from a movement of the same account; or one typed in by hand, which names no account, so its reference must agree
_FITTING = """
WITH r AS (
    SELECT id, account, currency, amount, booked, reference, numbers, payer_account, name_key FROM statements_statementline
    WHERE organisation_id = %(org)s AND id = ANY(%(lines)s) AND state = 'return'
), found AS (
    SELECT r.id AS line_id, o.receipt_id, o.booked, o.name,
           CASE WHEN (r.reference <> '' AND o.reference = r.reference) OR r.numbers && o.numbers THEN 1
                WHEN (r.payer_account <> '' AND o.payer_account = r.payer_account) OR (r.name_key <> '' AND o.name_key = r.name_key) THEN 2
                ELSE 3 END AS rank
    FROM r JOIN statements_statementline o ON o.organisation_id = %(org)s AND o.state = 'matched' AND o.currency = r.currency
        AND o.amount = -r.amount AND o.booked <= r.booked AND o.account = r.account
    UNION ALL
    SELECT r.id, c.id, (c.at AT TIME ZONE 'UTC')::date, c.payer_name, 1
    FROM r JOIN payments_receipt c ON c.organisation_id = %(org)s AND c.source = 'transfer' AND c.key NOT LIKE 'statement:%%'
        AND c.undone_at IS NULL AND c.currency = r.currency AND c.amount = -r.amount
        AND c.at < r.booked + 1 AND c.at >= r.booked - %(days)s::int
        AND NOT EXISTS (SELECT FROM payments_conversion v WHERE v.organisation_id = c.organisation_id AND v.receipt_id = c.id)
    WHERE (c.reference <> '' AND c.reference = r.reference) OR EXISTS (
        SELECT FROM payments_allocation a JOIN invoicing_invoice i ON i.organisation_id = a.organisation_id AND i.id = a.invoice_id
        WHERE a.organisation_id = c.organisation_id AND a.receipt_id = c.id AND translate(upper(i.number), '-/.', '') = ANY(r.numbers))
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY line_id ORDER BY rank, booked DESC, receipt_id) AS nth FROM found
)
SELECT line_id, receipt_id, booked, name, rank FROM ranked WHERE nth <= %(most)s ORDER BY line_id, nth
"""


@dataclass(frozen=True)
class Fit:
    """A booked receipt that a movement may take back."""

    receipt_id: UUID
    booked: date
    name: str
    reason: str


def fitting(org: Any, lines: Iterable[UUID]) -> dict[UUID, list[Fit]]:
    """For each movement that waits as a return, the receipts it may take back, the likeliest first."""
    values = {"org": getattr(org, "pk", org), "lines": list(lines), "days": HAND_DAYS, "most": FITS_MAX}
    found: dict[UUID, list[Fit]] = {}
    for line_id, receipt_id, booked, name, rank in run(_FITTING, values, planned=True):
        found.setdefault(line_id, []).append(Fit(receipt_id, booked, name, (REFERENCE, PAYER, AMOUNT)[rank - 1]))
    return found


def tell_returns(file: StatementFile) -> None:
    """One event for each return of a file that was read to its end, at the invoice whose payment it most likely takes back."""
    rows = StatementLine.objects.for_org(file.organisation_id).filter(file_id=file.pk, state=StatementLine.RETURN)
    lines = list(rows.order_by("place").values_list("pk", "amount", "currency"))
    fits = fitting(file.organisation_id, [pk for pk, _amount, _currency in lines]) if lines else {}
    for pk, amount, currency in lines:
        shares = counted(file.organisation_id, fits[pk][0].receipt_id) if pk in fits else {}
        invoice = min(shares, default=None)
        record(
            "transfer-returned", org=file.organisation_id, invoice=invoice, at=clock.now(), amount=-amount, currency=currency, data={"line": str(pk)}
        )


def counted(org: Any, receipt_id: UUID) -> dict[UUID, int]:
    """{invoice: minor units} as the receipt counted, also where it was taken back since."""
    shares: dict[UUID, int] = {}
    for invoice_id, amount in Allocation.objects.for_org(org).filter(receipt_id=receipt_id, amount__gt=0).values_list("invoice_id", "amount"):
        shares[invoice_id] = shares.get(invoice_id, 0) + amount
    return shares


@transaction.atomic
def came_back(org: Any, line_id: UUID, receipt_id: UUID, *, actor: Actor) -> StatementLine:
    """The bank took this receipt back: it is undone in the books, its invoices are owed again.

    Raises LineTaken, NotThisReturn where it does not fit (any more), LineUnknown, and ReceiptUsed where its money was spent since.
    """
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    origin = StatementLine.objects.for_org(org_id).filter(receipt_id=receipt_id, state=StatementLine.MATCHED).values_list("pk", flat=True).first()
    rows = _locked(org_id, line_id, origin)
    line = rows.get(line_id) or find_line(org_id, line_id)
    if line.state != StatementLine.RETURN:
        raise LineTaken
    if receipt_id not in {fit.receipt_id for fit in fitting(org_id, [line_id]).get(line_id, [])}:
        raise NotThisReturn
    receipt = Receipt.objects.for_org(org_id).get(pk=receipt_id)
    undo_transfer(receipt, actor=actor, reason="returned by the bank", returned_by=line.pk)
    if origin is not None:
        _set(rows[origin], StatementLine.REVERSED, receipt.pk, actor)
    return _set(line, StatementLine.REVERSED, receipt.pk, actor)


def _locked(org_id: UUID, *lines: UUID | None) -> dict[UUID, StatementLine]:
    """Both movements, locked in the order of their ids: who decides on either waits for the other, never in a circle."""
    rows = StatementLine.objects.for_org(org_id).select_for_update().filter(pk__in=[pk for pk in lines if pk]).order_by("pk")
    return {row.pk: row for row in rows}


def _set(line: StatementLine, state: str, receipt_id: UUID | None, actor: Actor) -> StatementLine:
    line.state, line.receipt_id, line.by_machine = state, receipt_id, False
    decided(line, actor, "statement.return", {"receipt": str(receipt_id)} if receipt_id else {})
    return line


def undo_return(line: StatementLine, *, actor: Actor) -> StatementLine:
    """It did not take that payment back: the payment is booked again as it was, and the return waits. Called with either of the two.

    Where an invoice was paid otherwise meanwhile, the payment is not forced onto it: its movement waits to be decided.
    """
    org_id = line.organisation_id
    receipt = Receipt.objects.for_org(org_id).get(pk=line.receipt_id)
    pair = StatementLine.objects.for_org(org_id).filter(receipt_id=receipt.pk, state=StatementLine.REVERSED).order_by("pk").select_for_update()
    rows = {row.amount > 0: row for row in pair}
    back, origin = rows[False], rows.get(True)
    back.undone += 1
    _set(back, StatementLine.RETURN, None, actor)
    shares = counted(org_id, receipt.pk)
    if origin is not None:
        _book_again(origin, receipt, shares, actor)
    else:
        key = f"{receipt.key[:60]}:again:{back.pk.hex}:{back.undone}"
        receive_transfer(
            org_id, key=key, amount=receipt.amount, currency=receipt.currency, at=receipt.at, payer_name=receipt.payer_name,
            reference=receipt.reference, shares=shares if _fits(org_id, shares, back) else {}, customer=receipt.customer_id, actor=actor,
        )  # fmt: skip
    return find_line(org_id, line.pk)


def _book_again(origin: StatementLine, receipt: Receipt, shares: dict[UUID, int], actor: Actor) -> None:
    from wasl.app.payments.matching.match import match_again

    origin.undone += 1  # another key: the first receipt stays undone
    if _fits(origin.organisation_id, shares, origin):
        book(origin, shares, actor, receipt.customer_id)
        return
    _set(origin, StatementLine.UNMATCHED, None, actor)
    match_again(origin.organisation_id, [origin.pk])


def _fits(org_id: UUID, shares: dict[UUID, int], line: StatementLine) -> bool:
    try:
        for invoice_id in sorted(shares):
            refuse_too_much(org_id, invoice_id, shares[invoice_id], line)
    except PartTooLarge:
        return False
    return True
