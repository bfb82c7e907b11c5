"""Giving up on money: what is left of an invoice, or a part of it, with the reason; and taking that back when it comes after all."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.journal import RECEIVABLE, WRITE_OFF, JLine, balance, post
from wasl.app.payments.models import JournalEntry, invoice_row
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


def recover(invoice: Any, amount: int) -> int:
    """Money came for what was given up: `amount` of it is owed again, nothing where that is not above zero. Caller holds the invoice's
    lock and has looked how much was written off; returns what is owed again."""
    if amount <= 0:
        return 0
    _move(invoice, -amount, "write-off-undone", "system:payment", "")
    return amount


def _move(invoice: Any, amount: int, kind: str, who: str, reason: str) -> None:
    data = {"actor": who, "reason": reason}
    event = record(kind, org=invoice.organisation_id, invoice=invoice, at=clock.now(), amount=abs(amount), currency=invoice.currency, data=data)
    lines = [JLine(WRITE_OFF, amount), JLine(RECEIVABLE, -amount)]
    post(event, JournalEntry.WRITE_OFF, lines, currency=invoice.currency, invoice=invoice)
