"""The list of conversations in one statement, and what is worth knowing of the one who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.folding import fold, folded_sql
from wasl.app.sql import run
from wasl.app.support import words
from wasl.app.support.models import Conversation
from wasl.app.ui.counting import count
from wasl.invoice.money import from_minor

PAGE_ROWS = 25
BESIDE_ROWS = 12  # in the column beside a conversation
SNIPPET_CHARS = 120
COUNT_MAX = 100  # "99+" says enough

_LIST = """
SELECT c.id, c.invoice_id, c.line, c.kind, c.reason, c.state, c.waiting_since, c.last_at, c.outcome,
       coalesce(c.seller_read_at < c.last_at, true), i.number, i.currency, i.payable_amount, coalesce(t.buyer_name, ''),
       c.assignee_id, coalesce(nullif(p.name, ''), p.email, ''), coalesce(m.text, '')
FROM support_conversation c
JOIN invoicing_invoice i ON i.organisation_id = c.organisation_id AND i.id = c.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = c.organisation_id AND t.id = c.invoice_id
LEFT JOIN tenancy_person p ON p.id = c.assignee_id
LEFT JOIN LATERAL (
    SELECT left(b.text, {snippet}) AS text FROM support_message m
    JOIN support_messagebody b ON b.organisation_id = m.organisation_id AND b.id = m.id AND b.text <> ''
    WHERE m.organisation_id = c.organisation_id AND m.invoice_id = c.invoice_id AND m.conversation_id = c.id ORDER BY m.at DESC, m.id DESC LIMIT 1
) m ON true
WHERE c.organisation_id = %(org)s AND {chosen} {labelled} {searched}
ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""
CHOSEN = {
    "waiting": "c.state = 'open'",
    "mine": "c.assignee_id = %(me)s AND c.state IN ('open', 'answered')",
    "unassigned": "c.assignee_id IS NULL AND c.state IN ('open', 'answered')",
    "disputes": "c.kind = 'dispute' AND c.state IN ('open', 'answered')",
    "answered": "c.state = 'answered'",
    "closed": "c.state IN ('resolved', 'withdrawn')",
    "all": "true",
}
_ORDER = {
    "waiting": "c.waiting_since, c.id",
    "mine": "c.waiting_since NULLS LAST, c.last_at DESC",
    "unassigned": "c.waiting_since NULLS LAST, c.last_at DESC",
    "disputes": "c.waiting_since NULLS LAST, c.last_at DESC",
}
_NEWEST = "c.last_at DESC, c.id DESC"
_LABELLED = """AND EXISTS (SELECT 1 FROM support_conversationlabel z
    WHERE z.organisation_id = c.organisation_id AND z.conversation_id = c.id AND z.label_id = %(label)s)"""
_SEARCHED = f"""AND ({folded_sql("i.number")} LIKE %(text)s OR {folded_sql("t.buyer_name")} LIKE %(text)s OR EXISTS (
    SELECT 1 FROM support_message x JOIN support_messagebody y ON y.organisation_id = x.organisation_id AND y.id = x.id
    WHERE x.organisation_id = c.organisation_id AND x.invoice_id = c.invoice_id AND x.conversation_id = c.id
      AND {folded_sql("y.text")} LIKE %(text)s))"""


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    invoice_id: UUID
    line: str
    kind: str
    reason: str
    state: str
    waiting_since: datetime | None
    last_at: datetime
    outcome: str
    is_unread: bool
    number: str
    currency: str
    units: int
    buyer: str
    assignee_id: UUID | None
    assignee: str
    snippet: str

    @property
    def total(self) -> Decimal:
        return from_minor(self.units, self.currency)

    @property
    def is_live_dispute(self) -> bool:
        return self.kind == Conversation.DISPUTE and self.state in Conversation.LIVE

    @property
    def topic(self) -> str:
        return words.topic(self.reason)

    @property
    def waits(self) -> str:
        return words.lasted(clock.now() - self.waiting_since) if self.waiting_since else ""

    @property
    def label(self) -> str:
        if self.state == Conversation.OPEN and self.assignee_id is None:
            return words.unassigned()
        return words.outcome(self.outcome) or words.state_of(self.state, is_seller=True)

    @property
    def tone(self) -> str:
        return "late" if self.state == Conversation.OPEN and self.assignee_id is None else words.TONES[self.state]


def questions(
    org: Any, *, chosen: str = "waiting", text: str = "", me: UUID | None = None, label: UUID | None = None, page: int = 1, rows: int = PAGE_ROWS
) -> tuple[list[Row], bool]:
    """A page of conversations and whether there is a next one. Who waits longest comes first where somebody waits."""
    escaped = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    sql = _LIST.format(
        snippet=SNIPPET_CHARS, chosen=CHOSEN[chosen], labelled=_LABELLED if label else "", searched=_SEARCHED if text else "",
        order=_ORDER.get(chosen, _NEWEST),
    )  # fmt: skip
    found = run(sql, {"org": org.pk, "me": me, "label": label, "text": f"%{escaped}%", "limit": rows + 1, "offset": (page - 1) * rows})
    return [Row(*row) for row in found[:rows]], len(found) > rows


def waiting_count(org_id: UUID) -> int:
    """How many conversations wait for the seller, counted to COUNT_MAX at most."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM support_conversation WHERE organisation_id = %s AND state = 'open' LIMIT %s) w"
    return run(sql, (org_id, COUNT_MAX))[0][0]


COUNTED = ("waiting", "mine", "unassigned", "disputes")
_COUNTS = " UNION ALL ".join(
    f"(SELECT '{key}', count(*) FROM (SELECT 1 FROM support_conversation c WHERE c.organisation_id = %(org)s AND {CHOSEN[key]} LIMIT %(most)s) {key})"
    for key in COUNTED
)


def counts(org_id: UUID, me: UUID) -> dict[str, int]:
    """How many there are of what needs work, each counted to COUNT_MAX at most."""
    return dict(run(_COUNTS, {"org": org_id, "me": me, "most": COUNT_MAX}))


def counted(number: int) -> str:
    """ "12", "99+"; "" for none."""
    return "" if not number else f"{count(COUNT_MAX - 1)}+" if number >= COUNT_MAX else count(number)


_HABIT = """
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY i.due_date - (a.at AT TIME ZONE %(zone)s)::date), count(*)
FROM invoicing_invoice i JOIN payments_allocation a ON a.organisation_id = i.organisation_id AND a.invoice_id = i.id
WHERE i.organisation_id = %(org)s AND i.customer_id = %(customer)s AND i.due_date IS NOT NULL
"""
HABIT_MIN = 3  # fewer payments say nothing


def habit(org: Any, customer_id: UUID | None) -> tuple[int, int] | None:
    """(days before the due date, how many payments): when this customer pays, as the median; None where too little is known."""
    if customer_id is None:
        return None
    days, payments = run(_HABIT, {"org": org.pk, "customer": customer_id, "zone": org.time_zone})[0]
    return (days, payments) if payments >= HABIT_MIN else None


_OPENED = "SELECT max(at) FROM events_event WHERE organisation_id = %s AND invoice_id = %s AND type = 'opened'"


def last_opened(row: Any) -> datetime | None:
    return run(_OPENED, (row.organisation_id, row.pk))[0][0]


_MEMBERS = """
SELECT p.id, coalesce(nullif(p.name, ''), p.email) FROM tenancy_membership m JOIN tenancy_person p ON p.id = m.person_id
WHERE m.organisation_id = %s AND p.is_active ORDER BY 2
"""


def members(org: Any) -> list[tuple[UUID, str]]:
    return run(_MEMBERS, (org.pk,))  # type: ignore[return-value]
