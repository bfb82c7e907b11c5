"""Two documents that are no invoices: a statement of account, and a receipt of a payment. Small models of their own.

Both are summaries of what was issued and paid elsewhere; they hold no tax and are not sent to any authority. What they add
up to is checked here, so that a page never shows a balance that its rows do not make.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from wasl.errors import WaslError
from wasl.invoice.model import Party, Period

RowKind = Literal["invoice", "credit-note", "debit-note", "payment", "refund", "adjustment"]
AGE_DAYS = (30, 60, 90)  # the bands of overdue days: 1-30, 31-60, 61-90, above
ZERO = Decimal(0)


class StatementDisagrees(WaslError):
    """Open items that do not come to the balance."""

    code = "WASL-RENDER-09"
    en = "The open items come to {items}, and the balance of the statement is {balance}. Give all that is open, or none of it."
    ar = "مجموع البنود المفتوحة {items}، ورصيد الكشف {balance}. اذكر كل البنود المفتوحة أو لا تذكر شيئًا منها."


class ReceiptDisagrees(WaslError):
    """More laid on documents than was paid."""

    code = "WASL-RENDER-10"
    en = "{allocated} is laid on documents, and only {amount} was paid. Correct the amounts."
    ar = "وُزّع على المستندات {allocated}، والمدفوع {amount} فقط. صحّح المبالغ."


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what follows: frozen, keyword only, equal by value."""


class StatementRow(Summary, frozen=True, kw_only=True):
    """One document or movement; `amount` is above zero where it adds to what the customer owes."""

    kind: RowKind
    number: str
    issue_date: date
    amount: Decimal
    due_date: date | None = None


class OpenItem(Summary, frozen=True, kw_only=True):
    """What is still to be paid of a document on the statement's day."""

    number: str
    due_date: date
    amount: Decimal


class Statement(Summary, frozen=True, kw_only=True):
    """A customer's account over a period, in one currency."""

    seller: Party
    customer: Party
    currency: str
    issue_date: date
    number: str | None = None
    period: Period = Period()
    opening: Decimal = ZERO  # the balance before the first row
    rows: tuple[StatementRow, ...] = ()
    open_items: tuple[OpenItem, ...] = ()  # all of the balance by due date, or nothing
    note: str | None = None

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((row.amount for row in self.rows), ZERO)

    def balances(self) -> list[Decimal]:
        """The balance after each row."""
        found: list[Decimal] = []
        running = self.opening
        for row in self.rows:
            running += row.amount
            found.append(running)
        return found

    def ageing(self) -> list[Decimal]:
        """The balance by age: not yet due, then 1-30, 31-60, 61-90 and more days overdue. Raises StatementDisagrees."""
        total = sum((item.amount for item in self.open_items), ZERO)
        if self.open_items and total != self.closing:
            raise StatementDisagrees(items=total, balance=self.closing)
        bands = [ZERO] * (len(AGE_DAYS) + 2)
        for item in self.open_items:
            days = (self.issue_date - item.due_date).days
            bands[0 if days <= 0 else 1 + sum(days > limit for limit in AGE_DAYS)] += item.amount
        return bands


class Allocation(Summary, frozen=True, kw_only=True):
    """What of a payment was laid on one document, and what of the document is left."""

    number: str
    paid: Decimal
    issue_date: date | None = None
    remaining: Decimal | None = None


class PaymentReceipt(Summary, frozen=True, kw_only=True):
    """A payment that arrived: who paid whom, how much, how, for what."""

    number: str
    issue_date: date
    seller: Party
    payer: Party
    currency: str
    amount: Decimal
    means_code: str | None = None  # UNTDID 4461
    reference: str | None = None  # the bank's or the provider's
    allocations: tuple[Allocation, ...] = ()
    note: str | None = None

    def on_account(self) -> Decimal:
        """What was laid on no document. Raises ReceiptDisagrees where more was laid than paid."""
        allocated = sum((each.paid for each in self.allocations), ZERO)
        if allocated > self.amount:
            raise ReceiptDisagrees(allocated=allocated, amount=self.amount)
        return self.amount - allocated
