"""The payments of an organisation as one list, newest first: attempts at gateways, money that reached the seller's own account, and
credit that was spent. A page is found by its place (a moment and an id) through indexes, whatever the size of the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from wasl.app.console.payments.filters import Cursor, Wanted
from wasl.app.sql import run
from wasl.invoice.money import from_minor

PAGE_ROWS = 25
EXPORT_ROWS = 1_000  # read at once
SHOWN_INVOICES = 3

_AMOUNT = "(CASE WHEN {currency} = ANY(%(three)s) THEN %(in_three)s WHEN {currency} = ANY(%(none)s) THEN %(in_none)s ELSE %(in_two)s END)::bigint"
# Invoices that the text names, by number or by whose they are
_FOUND = """
WITH named AS MATERIALIZED (
    SELECT id FROM invoicing_invoice WHERE organisation_id = %(org)s AND %(text)s <> ''
    AND (number ILIKE %(like)s OR customer_id = ANY(%(customers)s::uuid[]))
), by_hand AS MATERIALIZED (
    SELECT intent_id AS id, sum(amount)::bigint AS amount FROM payments_refund
    WHERE organisation_id = %(org)s AND by_hand AND status = 'succeeded' AND intent_id IS NOT NULL GROUP BY 1
), returned AS MATERIALIZED (
    SELECT receipt_id AS id, sum(amount)::bigint AS amount FROM payments_refund
    WHERE organisation_id = %(org)s AND receipt_id IS NOT NULL AND status = 'succeeded' AND NOT to_credit GROUP BY 1
), contested AS MATERIALIZED (
    SELECT DISTINCT intent_id AS id FROM payments_dispute WHERE organisation_id = %(org)s AND state = 'open'
)
"""
_INTENTS = f"""
SELECT * FROM (
    SELECT i.id, 'gateway' AS source, coalesce(i.settled_at, i.created_at) AS at, i.amount, i.currency, i.method, i.driver, i.failure,
           i.reference, CASE WHEN i.captured > 0 THEN i.captured ELSE 0 END AS came, i.refunded + coalesce(h.amount, 0) AS returned, i.contested,
           CASE WHEN i.contested > 0 AND c.id IS NOT NULL THEN 'disputed' WHEN i.contested > 0 THEN 'lost'
                WHEN i.captured > 0 AND i.refunded + coalesce(h.amount, 0) >= i.captured THEN 'refunded'
                WHEN i.refunded + coalesce(h.amount, 0) > 0 THEN 'partly_refunded' WHEN i.status = 'succeeded' THEN 'received'
                WHEN i.status IN ('created', 'pending') THEN 'pending' ELSE i.status END AS state
    FROM payments_intent i
    LEFT JOIN by_hand h ON h.id = i.id
    LEFT JOIN contested c ON c.id = i.id
    WHERE i.organisation_id = %(org)s
      AND (%(driver)s = '' OR i.driver = %(driver)s) AND (%(method)s = '' OR i.method = %(method)s)
      AND (%(since)s::timestamptz IS NULL OR coalesce(i.settled_at, i.created_at) >= %(since)s)
      AND (%(until)s::timestamptz IS NULL OR coalesce(i.settled_at, i.created_at) < %(until)s)
      {{intent_place}}
      AND (%(text)s = '' OR i.reference ILIKE %(like)s OR i.gateway_id = %(text)s OR i.amount = {_AMOUNT.format(currency="i.currency")}
           OR i.id IN (SELECT s.intent_id FROM payments_intentshare s JOIN named n ON n.id = s.invoice_id WHERE s.organisation_id = %(org)s))
) i WHERE state = ANY(%(states)s)
"""
_RECEIPTS = f"""
SELECT * FROM (
    SELECT r.id, 'receipt' AS source, r.at, r.amount, r.currency, r.source AS method, '' AS driver, '' AS failure, r.reference,
           CASE WHEN r.undone_at IS NULL THEN r.amount ELSE 0 END AS came, coalesce(b.amount, 0) AS returned, 0::bigint AS contested,
           CASE WHEN r.undone_at IS NOT NULL THEN 'undone' WHEN r.unmatched > 0 THEN 'unmatched'
                WHEN coalesce(b.amount, 0) >= r.amount THEN 'refunded'
                WHEN coalesce(b.amount, 0) > 0 THEN 'partly_refunded' ELSE 'received' END AS state
    FROM payments_receipt r
    LEFT JOIN returned b ON b.id = r.id
    WHERE r.organisation_id = %(org)s AND %(driver)s = '' AND (%(method)s = '' OR r.source = %(method)s)
      AND (%(since)s::timestamptz IS NULL OR r.at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR r.at < %(until)s)
      {{receipt_place}}
      AND (%(text)s = '' OR r.reference ILIKE %(like)s OR r.payer_name ILIKE %(like)s OR r.customer_id = ANY(%(customers)s::uuid[])
           OR r.amount = {_AMOUNT.format(currency="r.currency")}
           OR r.id IN (SELECT a.receipt_id FROM payments_allocation a JOIN named n ON n.id = a.invoice_id WHERE a.organisation_id = %(org)s))
) r WHERE state = ANY(%(states)s)
"""
_CREDITS = f"""
SELECT a.id, 'credit' AS source, a.at, a.amount, a.currency, 'credit' AS method, '' AS driver, '' AS failure, '' AS reference,
       0::bigint AS came, 0::bigint AS returned, 0::bigint AS contested, 'received' AS state
FROM payments_allocation a
WHERE a.organisation_id = %(org)s AND a.intent_id IS NULL AND a.receipt_id IS NULL AND 'received' = ANY(%(states)s)
  AND %(driver)s = '' AND (%(method)s IN ('', 'credit'))
  AND (%(since)s::timestamptz IS NULL OR a.at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR a.at < %(until)s)
  {{credit_place}}
  AND (%(text)s = '' OR a.amount = {_AMOUNT.format(currency="a.currency")} OR a.invoice_id IN (SELECT id FROM named))
"""
_BRANCHES = (("intent_place", "coalesce(i.settled_at, i.created_at)", "i.id", _INTENTS), ("receipt_place", "r.at", "r.id", _RECEIPTS),
             ("credit_place", "a.at", "a.id", _CREDITS))  # fmt: skip


def _statement(*, backwards: bool, placed: bool) -> str:
    """One page: each branch gives at most a page in its own order, and the best of them are taken."""
    order = "ASC" if backwards else "DESC"
    parts: list[str] = []
    for name, at, key, branch in _BRANCHES:
        place = f"AND ({at}, {key}) {'>' if backwards else '<'} (%(at)s, %(id)s)" if placed else ""
        parts.append(f"({branch.format(**{name: place})} ORDER BY at {order}, id {order} LIMIT %(limit)s)")
    return f"{_FOUND} SELECT * FROM ({' UNION ALL '.join(parts)}) p ORDER BY at {order}, id {order} LIMIT %(limit)s"


_PAGES = {(backwards, placed): _statement(backwards=backwards, placed=placed) for backwards in (False, True) for placed in (False, True)}
_WHOLE = " UNION ALL ".join(branch.format(**{name: ""}) for name, _at, _key, branch in _BRANCHES)
_TOTALS = f"""
{_FOUND}, fees AS (
    SELECT intent_id AS id, sum(fee)::bigint AS fee FROM payments_payoutitem WHERE organisation_id = %(org)s AND intent_id IS NOT NULL GROUP BY 1
)
SELECT p.currency, count(*), coalesce(sum(p.came), 0)::bigint, coalesce(sum(p.returned), 0)::bigint, coalesce(sum(p.contested), 0)::bigint,
       coalesce(sum(f.fee), 0)::bigint
FROM ({_WHOLE}) p LEFT JOIN fees f ON f.id = p.id GROUP BY 1 ORDER BY 3 DESC, 1
"""
_INVOICES = """
SELECT s.intent_id, i.id, i.number, coalesce(t.buyer_name, ''), s.amount FROM payments_intentshare s
JOIN invoicing_invoice i ON i.organisation_id = s.organisation_id AND i.id = s.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = i.organisation_id AND t.id = i.id
WHERE s.organisation_id = %(org)s AND s.intent_id = ANY(%(ids)s) ORDER BY s.intent_id, s.position
"""
_COUNTED = """
SELECT coalesce(a.receipt_id, a.id), i.id, i.number, coalesce(t.buyer_name, ''), sum(a.amount)::bigint FROM payments_allocation a
JOIN invoicing_invoice i ON i.organisation_id = a.organisation_id AND i.id = a.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = i.organisation_id AND t.id = i.id
WHERE a.organisation_id = %(org)s AND (a.receipt_id = ANY(%(ids)s) OR (a.id = ANY(%(ids)s) AND a.intent_id IS NULL AND a.receipt_id IS NULL))
GROUP BY 1, 2, 3, 4 HAVING sum(a.amount) > 0 ORDER BY 1, 3
"""
_MORE = """
SELECT r.id, coalesce(nullif(r.payer_name, ''), c.name, '') FROM payments_receipt r
LEFT JOIN invoicing_customer c ON c.organisation_id = r.organisation_id AND c.id = r.customer_id
WHERE r.organisation_id = %(org)s AND r.id = ANY(%(ids)s)
"""
_FEES = "SELECT intent_id, sum(fee)::bigint FROM payments_payoutitem WHERE organisation_id = %(org)s AND intent_id = ANY(%(ids)s) GROUP BY 1"


@dataclass
class Part:
    """What of a payment is meant for, or counts towards, one invoice."""

    invoice_id: UUID
    number: str
    buyer: str
    amount: int


@dataclass
class Row:
    """One payment. Amounts are minor units; `fee` None where no payout told of it yet."""

    id: UUID
    source: str  # gateway, receipt, credit
    at: datetime
    amount: int
    currency: str
    method: str
    driver: str
    failure: str
    reference: str
    came: int
    returned: int
    contested: int
    state: str
    payer: str = ""
    fee: int | None = None
    parts: list[Part] = field(default_factory=list)

    def money(self, units: int) -> Decimal:
        return from_minor(units, self.currency)

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.at, self.id)


@dataclass(frozen=True)
class Total:
    """Of one currency: how many payments, what came, what went back, what is contested or lost, what gateways kept."""

    currency: str
    number: int
    came: int
    returned: int
    contested: int
    fee: int

    def money(self, units: int) -> Decimal:
        return from_minor(units, self.currency)

    @property
    def kept(self) -> int:
        return self.came - self.returned - self.contested - self.fee


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    has_newer: bool
    has_older: bool


def page(org: Any, wanted: Wanted, *, after: Cursor | None = None, before: Cursor | None = None, limit: int = PAGE_ROWS) -> Page:
    """A page of payments: the newest, those older than `after`, or those newer than `before`."""
    place = after or before
    backwards = after is None and before is not None
    values = wanted.values(org.pk) | {"limit": limit + 1, "at": place.at if place else None, "id": place.id if place else None}
    rows = [Row(*row) for row in run(_PAGES[backwards, place is not None], values, planned=True)]
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    _add(org.pk, rows)
    return Page(rows, more if backwards else place is not None, bool(rows) if backwards else more)


def one(org: Any, payment_id: UUID) -> Row | None:
    """One payment of the organisation, as the list has it."""
    values = Wanted().values(org.pk) | {"id": payment_id, "limit": 1}
    sql = _FOUND + " UNION ALL ".join(branch.format(**{name: f"AND {key} = %(id)s"}) for name, _at, key, branch in _BRANCHES)
    rows = [Row(*row) for row in run(sql, values, planned=True)]
    _add(org.pk, rows)
    return rows[0] if rows else None


def every(org: Any, wanted: Wanted) -> Iterator[Row]:
    """All that the filters leave, newest first, a chunk at a time."""
    place: Cursor | None = None
    while True:
        found = page(org, wanted, after=place, limit=EXPORT_ROWS)
        yield from found.rows
        if not found.has_older:
            return
        place = found.rows[-1].cursor


def _add(org_id: UUID, rows: Sequence[Row]) -> None:
    """Who paid, for which invoices, and the fee."""
    by_id = {row.id: row for row in rows}
    ids = {source: [row.id for row in rows if row.source == source] for source in ("gateway", "receipt", "credit")}
    if ids["gateway"]:
        for payment, *part in run(_INVOICES, {"org": org_id, "ids": ids["gateway"]}):
            by_id[payment].parts.append(Part(*part))
        for payment, fee in run(_FEES, {"org": org_id, "ids": ids["gateway"]}):
            by_id[payment].fee = fee
    if others := ids["receipt"] + ids["credit"]:
        for payment, *part in run(_COUNTED, {"org": org_id, "ids": others}):
            by_id[payment].parts.append(Part(*part))
    if ids["receipt"]:
        for payment, name in run(_MORE, {"org": org_id, "ids": ids["receipt"]}):
            by_id[payment].payer = name
    for row in rows:
        row.payer = row.payer or next((part.buyer for part in row.parts if part.buyer), "")


def totals(org: Any, wanted: Wanted) -> list[Total]:
    """What the filters leave, by currency, the largest first."""
    return [Total(*row) for row in run(_TOTALS, wanted.values(org.pk), planned=True)]


def has_any(org: Any) -> bool:
    """Whether there was ever a payment."""
    return bool(run(
        "SELECT 1 WHERE EXISTS (SELECT FROM payments_intent WHERE organisation_id = %(org)s) OR EXISTS"
        " (SELECT FROM payments_receipt WHERE organisation_id = %(org)s) OR EXISTS"
        " (SELECT FROM payments_allocation WHERE organisation_id = %(org)s)", {"org": org.pk}
    ))  # fmt: skip
