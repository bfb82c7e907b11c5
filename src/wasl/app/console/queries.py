"""The invoice list in one statement: what was asked for, paid and credited, and from these the state, in the database.

Amounts are minor units, folded from the journal as `payments.standing` folds them: `paid` is what payments count towards
the invoice less what went back, `credited` what notes, discounts and write-offs took off.
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

_SETTLED = """
SELECT i.id, i.number, i.kind, i.issue_date, i.due_date, i.currency, i.payable_amount, i.issued_at, coalesce(t.buyer_name, '') AS buyer,
       j.paid, j.credited
FROM invoicing_invoice i
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = i.organisation_id AND t.id = i.id
LEFT JOIN LATERAL (
    SELECT coalesce(-sum(l.amount) FILTER (WHERE e.kind NOT IN ('issue', 'credit', 'write_off', 'discount')), 0) AS paid,
           coalesce(-sum(l.amount) FILTER (WHERE e.kind IN ('credit', 'write_off', 'discount')), 0) AS credited
    FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'receivable'
    WHERE e.organisation_id = i.organisation_id AND e.invoice_id = i.id
) j ON true
WHERE i.organisation_id = %(org)s
"""
_OPEN = "kind = 'invoice' AND payable_amount - paid - credited > 0"
STATUS = {
    "all": "true",
    "open": _OPEN,
    "due_soon": f"{_OPEN} AND due_date BETWEEN %(today)s AND %(today)s + %(soon)s",
    "overdue": f"{_OPEN} AND due_date < %(today)s",
    "paid": "kind = 'invoice' AND payable_amount - paid - credited <= 0 AND paid > 0",
    "credited": "kind = 'invoice' AND payable_amount - paid - credited <= 0 AND credited > 0 AND paid <= 0",
    "notes": "kind = 'credit_note'",
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
    state: State

    @property
    def remaining(self) -> Decimal:
        return max(self.total - self.paid - self.credited, Decimal(0))


def invoice_list(org: Any, *, today: date, status: str = "all", page: int = 1) -> tuple[list[ListRow], bool]:
    """A page of invoices, newest first, and whether there is a next one."""
    sql = (
        f"SELECT id, number, kind, issue_date, due_date, currency, payable_amount, buyer, paid, credited FROM ({_SETTLED}) s "
        f"WHERE {STATUS[status]} ORDER BY issued_at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s"
    )
    rows = run(sql, {
        "org": org.pk, "today": today, "soon": SOON_DAYS,
        "limit": PAGE_ROWS + 1, "offset": (page - 1) * PAGE_ROWS,
    })  # fmt: skip
    return [_row(row, today) for row in rows[:PAGE_ROWS]], len(rows) > PAGE_ROWS


def settled(org: Any, invoice_id: UUID, *, today: date) -> ListRow | None:
    """One invoice with what was paid and credited on it."""
    rows = run(
        f"SELECT id, number, kind, issue_date, due_date, currency, payable_amount, buyer, paid, credited FROM ({_SETTLED} AND i.id = %(id)s) s",
        {"org": org.pk, "id": invoice_id},
    )
    return _row(rows[0], today) if rows else None


def _row(row: tuple[Any, ...], today: date) -> ListRow:
    id_, number, kind, issued, due, currency, payable, buyer, paid, credited = row
    total, paid, credited = (from_minor(int(units), currency) for units in (payable, paid, credited))
    is_note = kind == "credit_note"
    found = state(is_note=is_note, total=total, paid=paid, credited=credited, due=due, today=today)
    return ListRow(id_, number, is_note, issued, due, currency, total, buyer, paid, credited, found)


_SUMS = """
SELECT currency, sum(payable_amount - paid - credited), count(*),
       coalesce(sum(payable_amount - paid - credited) FILTER (WHERE due_date < %(today)s), 0), count(*) FILTER (WHERE due_date < %(today)s),
       coalesce(sum(payable_amount - paid - credited) FILTER (WHERE due_date BETWEEN %(today)s AND %(today)s + %(soon)s), 0),
       count(*) FILTER (WHERE due_date BETWEEN %(today)s AND %(today)s + %(soon)s)
FROM ({settled}) s WHERE {open} GROUP BY currency ORDER BY 2 DESC
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
    rows = run(_SUMS.format(settled=_SETTLED, open=_OPEN), {"org": org.pk, "today": today, "soon": SOON_DAYS})
    return [
        Sum(c, from_minor(int(a), c), n, from_minor(int(late), c), late_n, from_minor(int(soon), c), soon_n)
        for c, a, n, late, late_n, soon, soon_n in rows
    ]
