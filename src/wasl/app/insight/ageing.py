"""Who owes a seller how much, and for how long already: every customer with something open, by age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from wasl.app.insight.account import AGE_DAYS
from wasl.app.sql import run
from wasl.invoice.money import from_minor

ROWS_MAX = 200  # of the page: those who owe the most; all of them are in the export

_BANDS = ", ".join(
    f"coalesce(sum(b.open_amount) FILTER (WHERE {condition}), 0)::bigint"
    for condition in (
        "b.due_date IS NULL OR b.due_date >= %(today)s",
        *(
            f"b.due_date < %(today)s - {low} AND b.due_date >= %(today)s - {high}"
            for low, high in zip((0, *AGE_DAYS[:-1]), AGE_DAYS, strict=True)
        ),
        f"b.due_date < %(today)s - {AGE_DAYS[-1]}",
    )
)
_AGEING = f"""
SELECT i.customer_id, coalesce(max(c.name), ''), b.currency, count(*), sum(b.open_amount)::bigint, {_BANDS} FROM payments_balance b
JOIN invoicing_invoice i ON i.organisation_id = b.organisation_id AND i.id = b.id
LEFT JOIN invoicing_customer c ON c.organisation_id = i.organisation_id AND c.id = i.customer_id
WHERE b.organisation_id = %(org)s AND b.is_open
GROUP BY i.customer_id, b.currency ORDER BY 5 DESC, 1 LIMIT %(limit)s
"""
_WHOLE = f"""
SELECT b.currency, count(*), sum(b.open_amount)::bigint, {_BANDS} FROM payments_balance b
WHERE b.organisation_id = %(org)s AND b.is_open GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class Aged:
    """What is open in one currency: altogether, and in five bands from "not due yet" to "more than 90 days overdue"."""

    currency: str
    number: int
    open: Decimal
    bands: list[Decimal]
    customer: UUID | None = None
    name: str = ""  # "" for invoices without a customer of the list


def ageing(org: Any, today: date, *, limit: int = ROWS_MAX) -> list[Aged]:
    """Customers by what they owe, at most `limit` of them."""
    rows = run(_AGEING, {"org": org.pk, "today": today, "limit": limit}, planned=True)
    return [_aged(currency, number, amounts, customer, name) for customer, name, currency, number, *amounts in rows]


def whole(org: Any, today: date) -> list[Aged]:
    """All customers together, each currency by itself."""
    return [_aged(currency, number, amounts) for currency, number, *amounts in run(_WHOLE, {"org": org.pk, "today": today}, planned=True)]


def _aged(currency: str, number: int, amounts: list[int], customer: UUID | None = None, name: str = "") -> Aged:
    first, *found = (from_minor(units, currency) for units in amounts)
    return Aged(currency, number, first, found, customer, name)
