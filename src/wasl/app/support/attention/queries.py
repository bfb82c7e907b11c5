"""The list of what needs attention and its counts: index scans over one organisation's open rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.support.models import Attention

PAGE_ROWS = 25
COUNT_MAX = 100

_BESIDE = """
SELECT a.id, a.kind, a.invoice_id, a.subject, a.since, a.due_at, a.is_hidden, a.closed_at, i.number, i.currency, i.payable_amount, i.due_date,
       coalesce(t.buyer_name, ''), coalesce(t.buyer_email, ''), coalesce(c.phone, ''), coalesce(d.recipient, ''), coalesce(d.reply, ''),
       coalesce(v.reason, ''), coalesce(v.line, '')
FROM ({page}) a
JOIN invoicing_invoice i ON i.organisation_id = %(org)s AND i.id = a.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = %(org)s AND t.id = a.invoice_id
LEFT JOIN invoicing_customer c ON c.organisation_id = %(org)s AND c.id = i.customer_id
LEFT JOIN delivery_delivery d ON d.organisation_id = %(org)s AND d.id = a.subject AND a.kind IN ('bounced', 'stuck', 'deferred')
LEFT JOIN support_conversation v ON v.organisation_id = %(org)s AND v.id = a.subject AND a.kind IN ('question', 'not_mine')
ORDER BY {order}
"""
_OPEN = """SELECT * FROM support_attention WHERE organisation_id = %(org)s AND closed_at IS NULL AND due_at <= %(now)s {kind}
ORDER BY due_at, id LIMIT %(limit)s OFFSET %(offset)s"""
_HIDDEN = """SELECT * FROM support_attention WHERE organisation_id = %(org)s AND closed_at IS NULL AND due_at > %(now)s AND is_hidden
ORDER BY due_at, id LIMIT %(limit)s OFFSET %(offset)s"""
_DONE = """SELECT * FROM support_attention WHERE organisation_id = %(org)s AND closed_by = 'person'
ORDER BY closed_at DESC LIMIT %(limit)s OFFSET %(offset)s"""


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    kind: str
    invoice_id: UUID
    subject: UUID
    since: datetime
    due_at: datetime
    is_hidden: bool
    closed_at: datetime | None
    number: str
    currency: str
    units: int  # minor
    due_date: Any
    buyer: str
    email: str
    phone: str
    recipient: str
    reply: str
    reason: str
    line: str


def attention(org: Any, *, show: str = "open", kind: str = "", page: int = 1) -> tuple[list[Row], bool]:
    """A page of rows and whether there is a next one. show: open | hidden | done."""
    inner, order = {"open": (_OPEN, "a.due_at, a.id"), "hidden": (_HIDDEN, "a.due_at, a.id"), "done": (_DONE, "a.closed_at DESC")}[show]
    inner = inner.replace("{kind}", "AND kind = %(kind)s" if kind else "")
    sql = _BESIDE.format(page=inner, order=order)
    values = {"org": org.pk, "now": clock.now(), "kind": kind, "limit": PAGE_ROWS + 1, "offset": (page - 1) * PAGE_ROWS}
    rows = run(sql, values)
    return [Row(*row) for row in rows[:PAGE_ROWS]], len(rows) > PAGE_ROWS


# One small scan a kind, written out: over a list of kinds the planner expects so much that it compiles the statement first, for a second
_COUNTS = " UNION ALL ".join(
    f"(SELECT '{kind}', count(*) FROM (SELECT 1 FROM support_attention"
    f" WHERE organisation_id = %(org)s AND closed_at IS NULL AND kind = '{kind}' AND due_at <= %(now)s LIMIT %(most)s) x)"
    for kind in Attention.KINDS
)
_COUNT = """
SELECT count(*) FROM (
    SELECT 1 FROM support_attention WHERE organisation_id = %(org)s AND closed_at IS NULL AND due_at <= %(now)s LIMIT %(most)s) x
"""


def counts(org: Any) -> dict[str, int]:
    """By kind, each counted to COUNT_MAX at most; kinds that count nothing are left out."""
    found = dict(run(_COUNTS, {"org": org.pk, "now": clock.now(), "most": COUNT_MAX}))
    return {kind: found[kind] for kind in Attention.KINDS if found[kind]}


def count(org_id: UUID) -> int:
    return run(_COUNT, {"org": org_id, "now": clock.now(), "most": COUNT_MAX})[0][0]
