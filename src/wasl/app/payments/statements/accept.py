"""A person's word on a movement, or the machine's where it is sure: accepted, split, not ours, taken back. Each once.

The movement's row is locked first, the invoices by the books after it; whoever comes second finds it decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.payments.matching.match import match_again
from wasl.app.payments.models import invoice_row
from wasl.app.payments.standing import standing
from wasl.app.payments.statements.errors import LineTaken, LineUnknown, NothingChosen, NotIncoming, NotThisPayout, PartsDoNotFit, PartTooLarge
from wasl.app.payments.statements.models import StatementLine, Suggestion
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.formats.statements.amounts import shown

MACHINE = Actor.system("statements")


def find_line(org: Any, line_id: UUID, *, lock: bool = False) -> StatementLine:
    """Raises LineUnknown, also for another organisation's."""
    rows = StatementLine.objects.for_org(org)
    line = (rows.select_for_update() if lock else rows).filter(pk=line_id).first()
    if line is None:
        raise LineUnknown
    return line


@transaction.atomic
def accept(org: Any, line_id: UUID, shares: Mapping[UUID, int], *, actor: Actor) -> StatementLine:
    """Book a movement towards `shares`: {invoice: minor units}. What is left over becomes the customer's credit.

    Raises LineTaken, NotIncoming, NothingChosen, PartsDoNotFit, PartTooLarge, LineUnknown, NotFound.
    """
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    line = find_line(org_id, line_id, lock=True)
    if line.amount <= 0:
        raise NotIncoming
    if line.state not in StatementLine.WAITING:
        raise LineTaken
    if not shares or min(shares.values()) <= 0:
        raise NothingChosen
    if sum(shares.values()) > line.amount:
        raise PartsDoNotFit(parts=shown(sum(shares.values()), line.currency), amount=shown(line.amount, line.currency))
    for invoice_id in sorted(shares):
        refuse_too_much(org_id, invoice_id, shares[invoice_id], line)
    return book(line, dict(shares), actor)


def refuse_too_much(org_id: UUID, invoice_id: UUID, part: int, line: StatementLine) -> None:
    """Of an invoice that is paid already, the whole movement may be given: the books then owe it to the customer."""
    from wasl.app.invoicing.find import find_invoice

    find_invoice(org_id, invoice_id)  # another organisation's is not there
    invoice = invoice_row(org_id, invoice_id, lock=True)
    left = standing(org_id, invoice).balance
    if invoice.currency != line.currency or invoice.is_credit_note or (left > 0 and part > left):
        raise PartTooLarge(number=invoice.number, left=shown(max(left, 0), invoice.currency))


_NOT_SURE = "UPDATE statements_suggestion SET score = 60, reason = 'settled' WHERE organisation_id = %s AND line_id = %s AND rank = 1"


def accept_sure(org_id: UUID, line_id: UUID, invoice_id: UUID, amount: int) -> bool:
    """Book it, if it is still sure now that both are locked: the invoice is owed exactly this amount."""
    line = find_line(org_id, line_id, lock=True)
    if line.state != StatementLine.SUGGESTED or line.amount != amount or line.is_reversal:
        return False
    invoice = invoice_row(org_id, invoice_id, lock=True)
    if standing(org_id, invoice).balance != amount or invoice.currency != line.currency:
        run(_NOT_SURE, (org_id, line_id))
        return False
    book(line, {invoice_id: amount}, MACHINE)
    return True


def waiting_state(line: StatementLine) -> str:
    """Of a movement that waits for a person, before we looked what it may be."""
    return StatementLine.UNMATCHED if line.amount > 0 else StatementLine.RETURN


def book(line: StatementLine, shares: dict[UUID, int], actor: Actor, customer: Any = None) -> StatementLine:
    from wasl.app.payments.receive import receive_transfer

    receipt = receive_transfer(
        line.organisation_id, key=f"statement:{line.pk}:{line.undone}", amount=line.amount, currency=line.currency, at=_moment(line),
        payer_name=line.name, reference=(line.reference or line.text)[:200], shares=shares, actor=actor, customer=customer,
    )  # fmt: skip
    line.state, line.by_machine, line.receipt_id = StatementLine.MATCHED, actor is MACHINE, receipt.pk
    decided(line, actor, "statement.accept", {"receipt": str(receipt.pk), "invoices": len(shares)})
    _learn(line, list(shares))
    return line


def _moment(line: StatementLine) -> datetime:
    """A bank gives days: noon of it, but never later than now."""
    return min(datetime.combine(line.booked, time(12), UTC), clock.now())


def decided(line: StatementLine, actor: Actor, act: str, body: dict[str, Any]) -> None:
    line.decided_by_id, line.decided_at = actor.person_id, clock.now()
    line.save(update_fields=["state", "by_machine", "receipt_id", "note", "undone", "payout_id", "decided_by", "decided_at"])
    audit(line.organisation_id, actor, act, "statement line", line.pk, body)


_LEARN = """
INSERT INTO statements_payername (organisation_id, id, name_key, payer_account, customer_id, uses, last_at)
SELECT %(org)s, gen_random_uuid(), %(name)s, %(account)s, c.customer_id, 1, %(now)s FROM (
    SELECT DISTINCT customer_id FROM invoicing_invoice WHERE organisation_id = %(org)s AND id = ANY(%(invoices)s) AND customer_id IS NOT NULL) c
ON CONFLICT (organisation_id, name_key, payer_account, customer_id) DO UPDATE SET uses = statements_payername.uses + 1, last_at = EXCLUDED.last_at
"""


def _learn(line: StatementLine, invoices: list[UUID]) -> None:
    """Next time this name, or this account, is known for the customer's. One customer only: a split over two teaches nothing."""
    if line.name_key or line.payer_account:
        owners = run(
            "SELECT count(DISTINCT customer_id) FROM invoicing_invoice WHERE organisation_id = %s AND id = ANY(%s)", (line.organisation_id, invoices)
        )
        if owners[0][0] == 1:
            values = {"org": line.organisation_id, "name": line.name_key, "account": line.payer_account, "now": clock.now(), "invoices": invoices}
            run(_LEARN, values)


@transaction.atomic
def ignore(org: Any, line_id: UUID, *, note: str, actor: Actor) -> StatementLine:
    """Not a payment of an invoice: other income, or no business of ours. Raises LineTaken."""
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    line = find_line(org_id, line_id, lock=True)
    if line.state not in (*StatementLine.WAITING, StatementLine.RETURN):
        raise LineTaken
    line.state, line.note = StatementLine.IGNORED, " ".join(note.split())[:200]
    decided(line, actor, "statement.ignore", {})
    return line


@transaction.atomic
def arrived(org: Any, line_id: UUID, payout: Any, *, actor: Actor) -> StatementLine:
    """The money of a gateway's payout, which is booked already: the movement is set aside with it. Raises LineTaken, NotThisPayout, LineUnknown."""
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    line = find_line(org_id, line_id, lock=True)
    if line.state not in StatementLine.WAITING:
        raise LineTaken
    if (line.amount, line.currency) != (payout.amount, payout.currency) or payout.organisation_id != org_id:
        raise NotThisPayout
    line.state, line.note, line.payout_id = StatementLine.IGNORED, payout.gateway_id[:200], payout.pk
    decided(line, actor, "statement.payout", {"payout": str(payout.pk)})
    return line


@transaction.atomic
def book_unmatched(org: Any, line_id: UUID, *, actor: Actor) -> StatementLine:
    """Money of which nobody knows yet whose it is: booked as a receipt without an invoice. Raises LineTaken, NotIncoming, LineUnknown."""
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    line = find_line(org_id, line_id, lock=True)
    if line.amount <= 0:
        raise NotIncoming
    if line.state not in StatementLine.WAITING:
        raise LineTaken
    return book(line, {}, actor)


@transaction.atomic
def undo(org: Any, line_id: UUID, *, actor: Actor, reason: str = "") -> StatementLine:
    """Take a decision back, the machine's too: the receipt is undone in the books, and the movement waits again.

    Raises LineTaken where nothing is decided, and what the books say where its money was spent since (ReceiptUsed).
    """
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    line = find_line(org_id, line_id, lock=True)
    if line.state == StatementLine.REVERSED:
        from wasl.app.payments.statements.returned import undo_return

        return undo_return(line, actor=actor)
    if line.state == StatementLine.MATCHED:
        _unbook(line, actor, reason)
    elif line.state != StatementLine.IGNORED:
        raise LineTaken
    line.state, line.by_machine, line.receipt_id, line.note, line.payout_id = waiting_state(line), False, None, "", None
    line.undone += 1
    decided(line, actor, "statement.undo", {})
    match_again(org_id, [line.pk])
    return find_line(org_id, line.pk)


def _unbook(line: StatementLine, actor: Actor, reason: str) -> None:
    from wasl.app.payments.models import Receipt
    from wasl.app.payments.receive import undo_transfer

    receipt = Receipt.objects.for_org(line.organisation_id).get(pk=line.receipt_id)
    undo_transfer(receipt, actor=actor, reason=reason or "bank statement")


def suggested_shares(org: Any, line_id: UUID, rank: int) -> dict[UUID, int]:
    """What accepting a suggestion books; empty where it is gone."""
    rows = Suggestion.objects.for_org(org).filter(line_id=line_id, rank=rank).values_list("invoice_id", "amount")
    return dict(rows)


@transaction.atomic
def apart(org: Any, line_id: UUID, *, actor: Actor) -> StatementLine:
    """It looks like a movement of another file, and is one of its own: find what it pays. Raises LineTaken."""
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    line = find_line(org_id, line_id, lock=True)
    if line.state != StatementLine.TWIN:
        raise LineTaken
    line.state = waiting_state(line)
    decided(line, actor, "statement.apart", {})
    match_again(org_id, [line.pk])
    return find_line(org_id, line.pk)
