"""The state of an invoice in one word, the same on the payer's page, in the console and in mails. Never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

SOON_DAYS = 7  # a week ahead is when a payer starts to plan for it

TONES = {
    "awaiting": "wait", "due_soon": "soon", "overdue": "late", "partly_paid": "wait", "paid": "good", "credited": "off", "note": "info",
    "written_off": "off", "partly_off": "off", "closed": "off",
}


@dataclass(frozen=True)
class State:
    key: str

    @property
    def tone(self) -> str:
        return TONES[self.key]

    @property
    def label(self) -> str:
        return label(self.key)

    @property
    def is_open(self) -> bool:
        """Something is still to be paid."""
        return self.key in ("awaiting", "due_soon", "overdue", "partly_paid")


def label(key: str) -> str:
    return {
        "awaiting": pgettext("state of an invoice", "Awaiting payment"),
        "due_soon": pgettext("state of an invoice", "Due soon"),
        "overdue": pgettext("state of an invoice", "Overdue"),
        "partly_paid": pgettext("state of an invoice", "Partly paid"),
        "paid": pgettext("state of an invoice", "Paid"),
        "credited": pgettext("state of an invoice", "Cancelled by a credit note"),
        "written_off": pgettext("state of an invoice", "Written off"),
        "partly_off": pgettext("state of an invoice", "Paid in part, the rest written off"),
        "closed": pgettext("state of an invoice", "Nothing left to pay"),
        "note": _("Credit note"),
    }[key]


def state(
    *, is_note: bool, total: Decimal, paid: Decimal, credited: Decimal, due: date | None, today: date, given_up: bool = False, for_payer: bool = False
) -> State:
    """Amounts are what was asked for, what arrived (less refunds) and what credit notes, discounts and write-offs took off, in one currency.

    `given_up`: the seller wrote some of it off. The seller reads that in so many words. The payer reads "nothing left to pay": that is
    true, and all that concerns them. Not "paid", which they could hold up as a receipt for money that never came; not "cancelled",
    which names a tax document that does not exist; and not "written off", which is the seller's bookkeeping and sounds like a reproach.
    """
    if is_note:
        return State("note")
    if total - paid - credited <= 0:
        if given_up:
            return State("closed" if for_payer else "partly_off" if paid > 0 else "written_off")
        return State("paid" if paid > 0 or credited <= 0 else "credited")
    if due is not None and due < today:
        return State("overdue")
    if paid > 0:
        return State("partly_paid")
    if due is not None and (due - today).days <= SOON_DAYS:
        return State("due_soon")
    return State("awaiting")
