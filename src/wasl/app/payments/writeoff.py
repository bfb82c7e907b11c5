"""Giving up on money: what is left of an invoice, or a part of it, with the reason; and taking that back when it comes after all,
or when a credit note says that it was never owed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import Recorded, record
from wasl.app.payments.journal import DISCOUNT, RECEIVABLE, WRITE_OFF, JLine, balance, post
from wasl.app.payments.models import JournalEntry, invoice_row
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


class NotSoMuchOpen(Refused):
    code, term = "WASL-PAY-26", "BT-115"
    en = "At most {left} (in minor units) of {number} can be written off."
    ar = "لا يمكن أن يُشطب من {number} أكثر من {left} بأصغر وحدة من العملة."


class ReasonMissing(Refused):
    code = "WASL-PAY-27"
    en = "Say why: the reason stays with the invoice."
    ar = "اكتب السبب، فهو يبقى مع الفاتورة."


@transaction.atomic
def write_off(invoice: Any, amount: int | None = None, *, reason: str, actor: Actor) -> int:
    """Give up `amount` minor units, or all that is left; how much it was. Owners only. Raises NotSoMuchOpen, ReasonMissing."""
    org_id = invoice.organisation_id
    require(org_id, actor, owner=True)
    if not reason.strip():
        raise ReasonMissing
    locked = invoice_row(org_id, invoice, lock=True)
    left = max(balance(org_id, locked), 0)
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise NotSoMuchOpen(number=locked.number, left=left)
    _move(locked, wanted, "written-off", actor.label, reason.strip())
    audit(org_id, actor, "payment.write_off", "invoice", locked.pk, {"amount": wanted})
    return wanted


@transaction.atomic
def take_back_write_off(invoice: Any, amount: int | None = None, *, reason: str, actor: Actor) -> int:
    """What was given up is owed again, in part or whole; how much it was. Raises NotSoMuchOpen."""
    org_id = invoice.organisation_id
    require(org_id, actor, owner=True)
    locked = invoice_row(org_id, invoice, lock=True)
    given_up = balance(org_id, locked, WRITE_OFF)
    wanted = given_up if amount is None else amount
    if not 0 < wanted <= given_up:
        raise NotSoMuchOpen(number=locked.number, left=given_up)
    _move(locked, -wanted, "write-off-undone", actor.label, reason.strip())
    audit(org_id, actor, "payment.write_off_back", "invoice", locked.pk, {"amount": wanted})
    return wanted


def recover(invoice: Any, amount: int, *, receipt: Any = None) -> int:
    """Money came for what was given up: `amount` of it is owed again, nothing where that is not above zero. Caller holds the invoice's
    lock and has looked how much was written off; returns what is owed again. Undoing `receipt` gives it up once more."""
    if amount <= 0:
        return 0
    _post(invoice.organisation_id, invoice.pk, -amount, invoice.currency, "write-off-undone", WRITE_OFF, "system:payment", "", receipt=receipt)
    return amount


_FORGIVEN = """
SELECT sum(l.amount) FILTER (WHERE l.account = 'receivable')::bigint,
       coalesce(sum(l.amount) FILTER (WHERE l.account = 'receivable' AND e.kind IN ('issue', 'credit')), 0)::bigint,
       coalesce(sum(l.amount) FILTER (WHERE l.account = 'write_off'), 0)::bigint,
       coalesce(sum(l.amount) FILTER (WHERE l.account = 'discount_allowed'), 0)::bigint
FROM payments_journalentry e JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
WHERE e.organisation_id = %(org)s AND e.invoice_id = %(invoice)s
"""


def give_up_less(event: Recorded) -> None:
    """A credit note says that money was never owed: it cannot have been given up too. Else the invoice would stand below zero, and a
    payment made later would count for nothing or go out as a refund of money that never came.

    Written-off money comes back as far as the invoice is below zero, a discount for paying early as far as it is larger than what
    is still billed. The caller holds the invoice's lock: the credit note was issued under it.
    """
    owed, billed, written_off, discounted = run(_FORGIVEN, {"org": event.organisation_id, "invoice": event.invoice_id})[0]
    if owed is None:
        return
    for account, kind, less in ((WRITE_OFF, "write-off-undone", min(written_off, -owed)), (DISCOUNT, "discount-undone", discounted - max(billed, 0))):
        if less > 0:
            _post(event.organisation_id, event.invoice_id, -less, event.currency, kind, account, "system:credit-note", event.data["number"])


def _move(invoice: Any, amount: int, kind: str, who: str, reason: str) -> None:
    _post(invoice.organisation_id, invoice.pk, amount, invoice.currency, kind, WRITE_OFF, who, reason)


_ENTRY = {WRITE_OFF: JournalEntry.WRITE_OFF, DISCOUNT: JournalEntry.DISCOUNT}


def _post(
    org_id: UUID, invoice_id: Any, amount: int, currency: str, kind: str, account: str, who: str, reason: str, *, receipt: Any = None
) -> None:  # fmt: skip
    event = record(kind, org=org_id, invoice=invoice_id, at=clock.now(), amount=abs(amount), currency=currency, data={"actor": who, "reason": reason})
    post(event, _ENTRY[account], [JLine(account, amount), JLine(RECEIVABLE, -amount)], currency=currency, invoice=invoice_id, receipt=receipt)
