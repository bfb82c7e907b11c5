"""The one way in which money comes to count towards an invoice, wherever it comes from.

A gateway's payment, a transfer, cash, the customer's own credit: each ends here, once for each invoice that it is meant for.
As much as is owed counts; what is too much becomes the customer's credit, or goes back where the invoice was paid already,
where the payer asked for that, and where no customer is known who could have a credit (T74, T75).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.payments.early import Owing, forgive_for_paying_early, owing
from wasl.app.payments.journal import CREDIT, RECEIVABLE, REFUNDS_DUE, JLine, post
from wasl.app.payments.models import Intent, JournalEntry, Receipt, Refund
from wasl.app.payments.writeoff import recover
from wasl.app.sql import send


@dataclass(frozen=True)
class Money:
    """Where it stands in the journal now (`account`), and what brought it. `at` is when the payer parted with it."""

    account: str
    channel: str
    reference: str
    at: datetime
    intent: Intent | None = None
    receipt: Receipt | None = None
    wants_back: bool = False


@dataclass(frozen=True)
class Counted:
    """In minor units: what counts towards the invoice, what goes back, what the customer now has as credit."""

    applied: int = 0
    back: int = 0
    credit: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.applied + other.applied, self.back + other.back, self.credit + other.credit)


def count(invoice: Any, amount: int, money: Money, stands: Owing | None = None) -> Counted:
    """Book `amount` of `money` for one invoice. The caller holds the invoice's lock and is in a transaction.

    `stands`, where the caller has read it under that lock and nothing was posted since, saves a statement.
    """
    org_id, now = invoice.organisation_id, clock.now()
    behind = {"intent": money.intent, "receipt": money.receipt}
    stands = stands or owing(invoice)
    owed = stands.owed - forgive_for_paying_early(invoice, stands, amount, money.at, **behind)
    owed += recover(invoice, min(stands.written_off, amount - owed), receipt=money.receipt)
    counted = _split(invoice, amount, owed, money)
    data = {
        "channel": money.channel, "reference": money.reference, "excess": counted.back, "credit": counted.credit, "left": owed - counted.applied,
    } | {name: str(row.pk) for name, row in behind.items() if row is not None}  # fmt: skip
    kind = "paid" if counted.applied else "paid-twice"
    event = record(kind, org=org_id, invoice=invoice, at=now, amount=counted.applied or amount, currency=invoice.currency, data=data)
    lines = [JLine(money.account, amount), JLine(RECEIVABLE, -counted.applied), JLine(REFUNDS_DUE, -counted.back), JLine(CREDIT, -counted.credit)]
    customer = invoice.customer_id if counted.credit or money.account == CREDIT else None
    post(event, JournalEntry.PAYMENT, lines, currency=invoice.currency, invoice=invoice, customer=customer, **behind)
    owner = {"organisation_id": org_id, "invoice_id": invoice.pk, "currency": invoice.currency} | behind
    if counted.applied:
        send(_ALLOCATE, {
            "org": org_id, "id": event.id, "invoice": invoice.pk, "currency": invoice.currency, "amount": counted.applied, "at": now,
            "intent": money.intent.pk if money.intent else None, "receipt": money.receipt.pk if money.receipt else None,
        })  # fmt: skip
    if counted.back:
        Refund.objects.create(amount=counted.back, reason=Refund.EXCESS, **owner)
    return counted


_ALLOCATE = """
INSERT INTO payments_allocation (organisation_id, id, intent_id, receipt_id, invoice_id, amount, currency, at)
VALUES (%(org)s, %(id)s, %(intent)s, %(receipt)s, %(invoice)s, %(amount)s, %(currency)s, %(at)s)
"""


def _split(invoice: Any, amount: int, owed: int, money: Money) -> Counted:
    applied = min(owed, amount)
    rest = amount - applied
    goes_back = not applied or money.wants_back or invoice.customer_id is None
    return Counted(applied, back=rest, credit=0) if goes_back else Counted(applied, back=0, credit=rest)
