"""Where an invoice stands: one word and the figures behind it.

Read from `payments_balance`, which the database moves in the statement that writes journal lines. What it must equal is
the fold of those lines, and `wasl fsck` compares both (invariants.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from wasl.app.sql import run
from wasl.invoice.money import minor_units

AWAITING, PARTLY_PAID, PAID, OVERPAID, REFUNDED, CREDITED = "awaiting", "partly_paid", "paid", "overpaid", "refunded", "credited"
WRITTEN_OFF = "written_off"


@dataclass(frozen=True)
class Standing:
    """Amounts in minor units of `currency`."""

    currency: str
    total: int = 0  # what was billed
    received: int = 0  # payments counted towards it
    returned: int = 0  # of those, given back or on the way back
    credited: int = 0  # credit notes
    refunds_due: int = 0  # owed to the payer and not sent yet: excess included
    forgiven: int = 0  # discounts for paying early, and what was written off
    disputed: int = 0  # payments that the payer's bank took back, not decided yet: they still count as paid
    written_off: int = 0  # of what was forgiven: the seller gave it up
    due: date | None = None  # the date that holds now: the document's own, or a later one that the seller granted

    @property
    def paid(self) -> int:
        return self.received - self.returned

    @property
    def balance(self) -> int:
        """Still owed; below zero, the customer has that much too much with us."""
        return self.total - self.credited - self.forgiven - self.paid

    @property
    def state(self) -> str:
        if self.balance > 0:
            return PARTLY_PAID if self.paid > 0 else AWAITING
        if self.balance < 0 or self.refunds_due > 0:
            return OVERPAID
        if self.written_off > 0:
            return WRITTEN_OFF
        if self.paid > 0 or not (self.returned or self.credited or self.forgiven):
            return PAID
        return REFUNDED if self.returned else CREDITED

    def amount(self, minor: int) -> Decimal:
        """Minor units as an amount of money."""
        return Decimal(minor).scaleb(-minor_units(self.currency))


_READ = """
SELECT id, currency, total, received, returned, credited, refunds_due, forgiven, disputed, written_off, due_date
FROM payments_balance
WHERE organisation_id = %(org)s AND id = ANY(%(invoices)s)
"""


def standings(org: Any, invoices: Iterable[Any]) -> dict[UUID, Standing]:
    """One query for any number of invoices; an invoice without journal lines is left out."""
    ids = [getattr(invoice, "pk", invoice) for invoice in invoices]
    rows = run(_READ, {"org": getattr(org, "pk", org), "invoices": ids})
    return {invoice_id: Standing(*figures) for invoice_id, *figures in rows}


def standing(org: Any, invoice: Any) -> Standing:
    """One invoice's standing; an invoice of zero has no journal lines and is paid."""
    found = standings(org, [invoice])
    return found.get(getattr(invoice, "pk", invoice)) or Standing(getattr(invoice, "currency", ""))
