"""A customer's account with one seller, folded from the journal: opening balance, every movement in order, closing balance,
and how old what is open is. The same fold serves the payer (what its grants name) and the seller (one customer).

The balance is what stands on `receivable` and `refunds_due` together: a payment counts whole, also what of it was too much;
a refund counts when the money leaves; what must still go back is in the customer's favour until then. So it equals the
journal to the unit, on every day, and a statement of a past day shows what was true then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from wasl.app.errors import Refused
from wasl.app.sql import run
from wasl.invoice.money import from_minor

MOVEMENTS_MAX = 20_000  # of one period: two years of a supermarket; more is asked for in parts
AGE_DAYS = (30, 60, 90)  # the bands of overdue days: 1-30, 31-60, 61-90, above; before them what is not due yet

Kind = Literal["invoice", "credit-note", "payment", "refund", "adjustment"]


class PeriodTooLong(Refused):
    code = "WASL-STMT-01"
    en = "This period has more than {limit} movements. Choose a shorter one."
    ar = "في هذه المدة أكثر من {limit} حركة. اختر مدة أقصر."


@dataclass(frozen=True)
class Scope:
    """Whose account: of a payer, as far as its grants reach, or of a customer in the seller's own list."""

    org: Any
    payer: Any = None
    customer: UUID | None = None

    @property
    def sql(self) -> str:
        if self.payer is not None:
            return "SELECT invoice_id AS id FROM tenancy_payergrant WHERE payer_id = %(payer)s AND organisation_id = %(org)s"
        return "SELECT id FROM invoicing_invoice WHERE organisation_id = %(org)s AND customer_id = %(customer)s"

    @property
    def values(self) -> dict[str, Any]:
        return {"org": self.org.pk, "payer": getattr(self.payer, "pk", self.payer), "customer": self.customer}


@dataclass(frozen=True)
class Movement:
    """One line of the account; `amount` is above zero where it adds to what the customer owes."""

    at: datetime
    on: date  # at the seller
    kind: Kind
    number: str  # of the document; of a payment, the reference that the bank shows
    document: UUID  # the document to open: the invoice or the credit note itself, else what was paid
    invoice: UUID  # the invoice that it concerns
    about: str  # its number, where the document is another
    amount: Decimal
    due_date: date | None = None
    balance: Decimal = Decimal(0)  # after it


@dataclass(frozen=True)
class Open:
    """What of one invoice is open at the end of the period; below zero, it is in the customer's favour."""

    invoice: UUID
    number: str
    issue_date: date
    due_date: date | None
    amount: Decimal

    def days_late(self, on: date) -> int:
        return max((on - self.due_date).days, 0) if self.due_date and self.amount > 0 else 0


@dataclass(frozen=True)
class Account:
    """An account over a period, both days included, in one currency."""

    currency: str
    since: date
    until: date
    opening: Decimal
    movements: list[Movement] = field(default_factory=list)
    items: list[Open] = field(default_factory=list)

    @property
    def closing(self) -> Decimal:
        return self.movements[-1].balance if self.movements else self.opening

    @property
    def charged(self) -> Decimal:
        return sum((each.amount for each in self.movements if each.amount > 0), Decimal(0))

    @property
    def settled(self) -> Decimal:
        """What payments and credit notes took off, as a figure above zero."""
        return -sum((each.amount for each in self.movements if each.amount < 0), Decimal(0))

    @property
    def ageing(self) -> list[Decimal]:
        """The closing balance by age: not due yet, then 1-30, 31-60, 61-90 and more days overdue."""
        return bands((item.days_late(self.until), item.amount) for item in self.items)


def bands(items: Iterable[tuple[int, Decimal]]) -> list[Decimal]:
    """Amounts by days overdue."""
    found = [Decimal(0)] * (len(AGE_DAYS) + 2)
    for days, amount in items:
        found[0 if days <= 0 else 1 + sum(days > limit for limit in AGE_DAYS)] += amount
    return found


_CURRENCIES = """
SELECT i.currency, count(*) FROM ({scope}) m
JOIN invoicing_invoice i ON i.organisation_id = %(org)s AND i.id = m.id GROUP BY 1 ORDER BY 2 DESC, 1
"""


def currencies(scope: Scope) -> list[str]:
    """The currencies of an account, the one with the most documents first."""
    return [row[0] for row in run(_CURRENCIES.format(scope=scope.sql), scope.values, planned=True)]


# What each entry does to the customer's account, folded once for the opening balance, the movements and what is open. Entries
# that move nothing between customer and seller are left out: a refund that was decided moves from one of the two accounts to
# the other, and the money has not left yet
_ACCOUNT = """
WITH f AS MATERIALIZED (
    SELECT e.id, e.at, e.kind, e.invoice_id, e.event_id, e.intent_id, sum(l.amount)::bigint AS amount FROM ({scope}) m
    JOIN payments_journalentry e ON e.organisation_id = %(org)s AND e.invoice_id = m.id AND e.currency = %(currency)s AND e.at < %(end)s
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
        AND l.account IN ('receivable', 'refunds_due', 'customer_credit')
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(l.amount) <> 0
)
SELECT 'opening', NULL::timestamptz, '', '', NULL::uuid, NULL::uuid, '', coalesce(sum(amount), 0)::bigint, NULL::date, '', NULL::date
FROM f WHERE at < %(start)s
UNION ALL (
    SELECT 'moved', f.at, f.kind, coalesce(d.number, p.reference, ''), coalesce(d.id, f.invoice_id), f.invoice_id, i.number, f.amount, d.due_date,
           d.kind, NULL::date
    FROM f
    JOIN invoicing_invoice i ON i.organisation_id = %(org)s AND i.id = f.invoice_id
    LEFT JOIN events_event v ON v.organisation_id = %(org)s AND v.id = f.event_id AND f.kind IN ('issue', 'credit')
    LEFT JOIN invoicing_invoice d ON d.organisation_id = %(org)s AND d.id = v.invoice_id
    LEFT JOIN payments_intent p ON p.organisation_id = %(org)s AND p.id = f.intent_id
    WHERE f.at >= %(start)s
    UNION ALL
    SELECT 'moved', z.issued_at, 'issue', z.number, z.id, z.id, z.number, 0, z.due_date, z.kind, NULL::date FROM ({scope}) m
    JOIN invoicing_invoice z ON z.organisation_id = %(org)s AND z.id = m.id AND z.payable_amount = 0 AND z.currency = %(currency)s
        AND z.issued_at >= %(start)s AND z.issued_at < %(end)s
    ORDER BY 2, 4 LIMIT %(limit)s)
UNION ALL (
    SELECT 'open', i.issued_at, '', i.number, i.id, i.id, '', sum(f.amount)::bigint, coalesce(b.due_date, i.due_date) AS due, '', i.issue_date FROM f
    JOIN invoicing_invoice i ON i.organisation_id = %(org)s AND i.id = f.invoice_id
    LEFT JOIN payments_balance b ON b.organisation_id = %(org)s AND b.id = f.invoice_id
    GROUP BY i.organisation_id, i.id, b.due_date HAVING sum(f.amount) <> 0 ORDER BY due NULLS LAST, i.issued_at, i.id)
"""
_KINDS: dict[str, Kind] = {
    "issue": "invoice", "credit": "credit-note", "payment": "payment", "refund": "refund", "refund_due": "refund",
    "discount": "adjustment", "write_off": "adjustment", "chargeback": "refund", "dispute": "refund", "exchange": "payment", "move": "payment",
}  # fmt: skip


def account(scope: Scope, currency: str, since: date, until: date) -> Account:
    """The account from the first moment of `since` to the last of `until`, as the seller's clock has them. Raises PeriodTooLong."""
    zone = ZoneInfo(scope.org.time_zone)
    start, end = (datetime.combine(day, time(), zone) for day in (since, until + timedelta(days=1)))
    values = scope.values | {"currency": currency, "start": start, "end": end, "limit": MOVEMENTS_MAX + 1}
    parts: dict[str, list[tuple[Any, ...]]] = {"opening": [], "moved": [], "open": []}
    for part, *row in run(_ACCOUNT.format(scope=scope.sql), values, planned=True):
        parts[part].append(tuple(row))
    if len(parts["moved"]) > MOVEMENTS_MAX:
        raise PeriodTooLong(limit=MOVEMENTS_MAX)
    opening = from_minor(parts["opening"][0][6], currency)
    items = [
        Open(invoice, number, issued_on, due, from_minor(units, currency))
        for _at, _kind, number, invoice, _same, _about, units, due, _none, issued_on in parts["open"]
    ]
    return Account(currency, since, until, opening, _movements(parts["moved"], opening, currency, zone), items)


def _movements(rows: list[tuple[Any, ...]], opening: Decimal, currency: str, zone: ZoneInfo) -> list[Movement]:
    found: list[Movement] = []
    balance = opening
    for at, kind, number, document, invoice, about, units, due, document_kind, _issued_on in rows:
        amount = from_minor(units, currency)
        balance += amount
        what: Kind = "credit-note" if document_kind == "credit_note" else _KINDS[kind]
        is_own = what == "invoice"
        on = at.astimezone(zone).date()
        found.append(Movement(at, on, what, number, document, invoice, "" if is_own else about, amount, due if is_own else None, balance))
    return found
