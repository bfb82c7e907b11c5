"""The invoice list: what was asked for, paid and taken off, and from these the state, in the database.

All of it stands in `payments_balance`, which the database keeps while the journal is written: a page costs the same however many
entries an invoice has, and the sums look at what is open and at nothing else. Amounts are minor units; `paid` is what payments
count towards the invoice less what went back, `credited` what notes, discounts and write-offs took off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from wasl.app.sql import run
from wasl.app.ui.states import SOON_DAYS, State, state
from wasl.invoice.money import from_minor

PAGE_ROWS = 25

_COLUMNS = """
i.id, i.number, i.kind, i.issue_date, coalesce(b.due_date, i.due_date), i.currency, i.payable_amount, coalesce(t.buyer_name, ''),
coalesce(b.received - b.returned, 0), coalesce(b.credited + b.forgiven, 0), coalesce(b.forgiven, 0), coalesce(b.written_off, 0)
"""
_FROM = """
FROM invoicing_invoice i
LEFT JOIN payments_balance b ON b.organisation_id = i.organisation_id AND b.id = i.id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = i.organisation_id AND t.id = i.id
WHERE i.organisation_id = %(org)s
"""
_OPEN = "i.kind = 'invoice' AND b.is_open"
_CLOSED = "i.kind = 'invoice' AND b.is_open IS NOT true"
_PAID = "coalesce(b.received - b.returned, 0) > 0"
STATUS = {
    "all": "true",
    "open": _OPEN,
    "due_soon": f"{_OPEN} AND b.due_date BETWEEN %(today)s AND %(today)s + %(soon)s",
    "overdue": f"{_OPEN} AND b.due_date < %(today)s",
    "paid": f"{_CLOSED} AND coalesce(b.written_off, 0) = 0 AND ({_PAID} OR coalesce(b.credited + b.forgiven, 0) <= 0)",
    "credited": f"{_CLOSED} AND b.written_off = 0 AND b.credited + b.forgiven > 0 AND NOT {_PAID}",
    "written_off": f"{_CLOSED} AND b.written_off > 0",
    "notes": "i.kind = 'credit_note'",
}


@dataclass(frozen=True)
class ListRow:
    id: UUID
    number: str
    is_note: bool
    issue_date: date
    due_date: date | None
    currency: str
    total: Decimal
    buyer: str
    paid: Decimal
    credited: Decimal
    forgiven: Decimal  # of it: discounts and write-offs
    given_up: Decimal  # of that: written off
    state: State

    @property
    def remaining(self) -> Decimal:
        return max(self.total - self.paid - self.credited, Decimal(0))


def invoice_list(org: Any, *, today: date, status: str = "all", page: int = 1) -> tuple[list[ListRow], bool]:
    """A page of invoices, newest first, and whether there is a next one."""
    sql = f"SELECT {_COLUMNS} {_FROM} AND {STATUS[status]} ORDER BY i.issued_at DESC, i.id DESC LIMIT %(limit)s OFFSET %(offset)s"
    rows = run(sql, {
        "org": org.pk, "today": today, "soon": SOON_DAYS,
        "limit": PAGE_ROWS + 1, "offset": (page - 1) * PAGE_ROWS,
    })  # fmt: skip
    return [_row(row, today) for row in rows[:PAGE_ROWS]], len(rows) > PAGE_ROWS


def settled(org: Any, invoice_id: UUID, *, today: date) -> ListRow | None:
    """One invoice with what was paid and credited on it."""
    rows = run(f"SELECT {_COLUMNS} {_FROM} AND i.id = %(id)s", {"org": org.pk, "id": invoice_id})
    return _row(rows[0], today) if rows else None


def _row(row: tuple[Any, ...], today: date) -> ListRow:
    id_, number, kind, issued, due, currency, payable, buyer, *figures = row
    total, paid, credited, forgiven, given_up = (from_minor(int(units), currency) for units in (payable, *figures))
    is_note = kind == "credit_note"
    found = state(is_note=is_note, total=total, paid=paid, credited=credited, due=due, today=today, given_up=given_up > 0)
    return ListRow(id_, number, is_note, issued, due, currency, total, buyer, paid, credited, forgiven, given_up, found)


_SUMS = """
SELECT currency, sum(open_amount)::bigint, count(*),
       coalesce(sum(open_amount) FILTER (WHERE due_date < %(today)s), 0)::bigint, count(*) FILTER (WHERE due_date < %(today)s),
       coalesce(sum(open_amount) FILTER (WHERE due_date BETWEEN %(today)s AND %(today)s + %(soon)s), 0)::bigint,
       count(*) FILTER (WHERE due_date BETWEEN %(today)s AND %(today)s + %(soon)s)
FROM payments_balance WHERE organisation_id = %(org)s AND is_open GROUP BY currency ORDER BY 2 DESC
"""


@dataclass(frozen=True)
class Sum:
    """What is still to come in one currency."""

    currency: str
    open: Decimal
    open_count: int
    overdue: Decimal
    overdue_count: int
    soon: Decimal
    soon_count: int


def sums(org: Any, *, today: date) -> list[Sum]:
    rows = run(_SUMS, {"org": org.pk, "today": today, "soon": SOON_DAYS})
    return [
        Sum(c, from_minor(int(a), c), n, from_minor(int(late), c), late_n, from_minor(int(soon), c), soon_n)
        for c, a, n, late, late_n, soon, soon_n in rows
    ]
