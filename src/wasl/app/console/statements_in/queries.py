"""What the pages of bank statements read: movements with their suggestions, counts by what is left to do, open invoices to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from wasl.app.payments.statements.returned import Fit, fitting
from wasl.app.sql import run

PAGE_ROWS = 20
CHOICES_MAX = 30
LIKELY_SCORE = 80  # from here on "accept the likely ones" takes a suggestion
LIKELY_MAX = 200  # at one press
STATES = {
    "open": ("return", "suggested", "unmatched", "twin", "new"),
    "matched": ("matched", "reversed"),
    "other": ("ignored",),
    "out": ("outgoing",),
}


@dataclass
class Part:
    """One invoice that a movement may pay, or has paid."""

    invoice_id: UUID
    number: str
    buyer: str
    amount: int
    left: int = 0
    is_open: bool = True


@dataclass
class Suggested:
    """One way to book a movement: the invoices of one rank."""

    rank: int
    score: int
    reason: str
    difference: int
    parts: list[Part] = field(default_factory=list)

    @property
    def is_current(self) -> bool:
        """Whether every invoice of it is still owed, or was paid already when we found it."""
        return self.reason == "settled" or all(part.is_open and part.amount <= part.left for part in self.parts)


@dataclass
class Returned:
    """A booked payment that a movement may take back, and the invoices that it paid."""

    fit: Fit
    parts: list[Part]


@dataclass
class Movement:
    id: UUID
    booked: date
    amount: int
    currency: str
    name: str
    reference: str
    text: str
    state: str
    by_machine: bool
    note: str
    file_id: UUID
    decided_by: str
    payer_account: str
    receipt_id: UUID | None
    is_reversal: bool
    suggestions: list[Suggested] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    returns: list[Returned] = field(default_factory=list)  # what it may take back, the likeliest first


_LIST = """
SELECT l.id, l.booked, l.amount, l.currency, l.name, l.reference, l.text, l.state, l.by_machine, l.note, l.file_id, coalesce(p.name, ''),
       l.payer_account, l.receipt_id, l.is_reversal
FROM statements_statementline l LEFT JOIN tenancy_person p ON p.id = l.decided_by_id
WHERE l.organisation_id = %(org)s AND l.state = ANY(%(states)s) AND (%(file)s::uuid IS NULL OR l.file_id = %(file)s)
  AND (%(line)s::uuid IS NULL OR l.id = %(line)s)
  AND (%(text)s = '' OR l.name ILIKE %(like)s OR l.text ILIKE %(like)s OR l.reference ILIKE %(like)s
       OR (%(units)s::bigint IS NOT NULL AND l.amount = %(units)s))
ORDER BY CASE l.state WHEN 'return' THEN 0 WHEN 'suggested' THEN 1 WHEN 'twin' THEN 2 ELSE 3 END,
         l.booked DESC, l.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
_SUGGESTED = """
SELECT s.line_id, s.rank, s.score, s.reason, s.difference, s.invoice_id, i.number, coalesce(x.buyer_name, ''), s.amount, coalesce(b.open_amount, 0),
       coalesce(b.is_open, false)
FROM statements_suggestion s
JOIN invoicing_invoice i ON i.organisation_id = s.organisation_id AND i.id = s.invoice_id
LEFT JOIN invoicing_invoicetext x ON x.organisation_id = s.organisation_id AND x.id = s.invoice_id
LEFT JOIN payments_balance b ON b.organisation_id = s.organisation_id AND b.id = s.invoice_id
WHERE s.organisation_id = %(org)s AND s.line_id = ANY(%(lines)s) AND s.rank <= 3 ORDER BY s.line_id, s.rank, i.number
"""
_PAID = """
SELECT a.receipt_id, a.invoice_id, i.number, coalesce(x.buyer_name, ''), sum(a.amount)::bigint FROM payments_allocation a
JOIN invoicing_invoice i ON i.organisation_id = a.organisation_id AND i.id = a.invoice_id
LEFT JOIN invoicing_invoicetext x ON x.organisation_id = a.organisation_id AND x.id = a.invoice_id
WHERE a.organisation_id = %(org)s AND a.receipt_id = ANY(%(receipts)s) GROUP BY 1, 2, 3, 4 HAVING sum(a.amount) > 0 ORDER BY 3
"""


def movements(
    org: Any, *, show: str = "open", file: UUID | None = None, line: UUID | None = None, text: str = "", units: int | None = None, page: int = 1
) -> tuple[list[Movement], bool]:
    """A page of movements, and whether there are more; three statements however many there are."""
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    states = [state for group in STATES.values() for state in group] if line is not None else list(STATES[show])
    values = {
        "org": org.pk, "states": states, "file": file, "line": line, "text": text, "like": like, "units": units, "limit": PAGE_ROWS + 1,
        "offset": (page - 1) * PAGE_ROWS,
    }  # fmt: skip
    rows = [Movement(*row) for row in run(_LIST, values)]
    found = rows[:PAGE_ROWS]
    _add_suggestions(org.pk, found)
    _add_paid(org.pk, found)
    _add_returns(org.pk, found)
    return found, len(rows) > PAGE_ROWS


def _add_suggestions(org_id: UUID, rows: list[Movement]) -> None:
    waiting = {row.id: row for row in rows if row.state == "suggested"}
    if not waiting:
        return
    for line, rank, score, reason, difference, *part in run(_SUGGESTED, {"org": org_id, "lines": list(waiting)}):
        ways = waiting[line].suggestions
        if not ways or ways[-1].rank != rank:
            ways.append(Suggested(rank, score, reason, difference))
        ways[-1].parts.append(Part(*part))


def _add_paid(org_id: UUID, rows: list[Movement]) -> None:
    booked = {row.receipt_id: row for row in rows if row.receipt_id is not None}
    if booked:
        for receipt, *part in run(_PAID, {"org": org_id, "receipts": list(booked)}):
            booked[receipt].parts.append(Part(*part))


def _add_returns(org_id: UUID, rows: list[Movement]) -> None:
    waiting = {row.id: row for row in rows if row.state == "return"}
    fits = fitting(org_id, waiting) if waiting else {}
    receipts = {fit.receipt_id for each in fits.values() for fit in each}
    paid: dict[UUID, list[Part]] = {}
    for receipt, *part in run(_PAID, {"org": org_id, "receipts": list(receipts)}) if receipts else ():
        paid.setdefault(receipt, []).append(Part(*part))
    for line, found in fits.items():
        waiting[line].returns = [Returned(fit, paid.get(fit.receipt_id, [])) for fit in found]


_COUNTS = """
SELECT state, by_machine, count(*) FROM statements_statementline
WHERE organisation_id = %(org)s AND (%(file)s::uuid IS NULL OR file_id = %(file)s) GROUP BY 1, 2
"""


def counts(org: Any, file: UUID | None = None) -> dict[str, int]:
    """By state; "machine" of those matched without a person."""
    found: dict[str, int] = {}
    for state, by_machine, number in run(_COUNTS, {"org": org.pk, "file": file}):
        found[state] = found.get(state, 0) + number
        if by_machine:
            found["machine"] = found.get("machine", 0) + number
    return found


_WAITING = """
SELECT count(*) FROM (
    SELECT 1 FROM statements_statementline WHERE organisation_id = %s AND state IN ('return', 'suggested', 'unmatched', 'twin') LIMIT %s) w
"""


def waiting(org_id: UUID, limit: int) -> int:
    """How many movements wait for a person, counted up to `limit`."""
    return int(run(_WAITING, (org_id, limit))[0][0])


_LIKELY = """
SELECT s.line_id FROM statements_suggestion s
JOIN statements_statementline l ON l.organisation_id = s.organisation_id AND l.id = s.line_id AND l.state = 'suggested' AND NOT l.is_reversal
JOIN payments_balance b ON b.organisation_id = s.organisation_id AND b.id = s.invoice_id
WHERE s.organisation_id = %(org)s AND s.rank = 1 AND s.score >= %(score)s AND s.reason <> 'settled'
  AND (%(file)s::uuid IS NULL OR l.file_id = %(file)s)
GROUP BY s.line_id, l.amount HAVING bool_and(b.is_open AND b.open_amount = s.amount) AND sum(s.amount) = l.amount ORDER BY s.line_id LIMIT %(limit)s
"""


def likely(org: Any, file: UUID | None = None) -> list[UUID]:
    """Movements whose best suggestion is strong, and settles its invoices to the last unit."""
    return [row[0] for row in run(_LIKELY, {"org": org.pk, "score": LIKELY_SCORE, "file": file, "limit": LIKELY_MAX})]


_CHOICES = """
SELECT i.id, i.number, coalesce(x.buyer_name, ''), b.open_amount, b.open_amount, true, b.due_date FROM payments_balance b
JOIN invoicing_invoice i ON i.organisation_id = b.organisation_id AND i.id = b.id AND i.kind = 'invoice'
LEFT JOIN invoicing_invoicetext x ON x.organisation_id = b.organisation_id AND x.id = b.id
WHERE b.organisation_id = %(org)s AND b.is_open AND b.currency = %(currency)s
  AND (b.id = ANY(%(suggested)s) OR (%(text)s <> '' AND (i.number ILIKE %(like)s OR x.buyer_name ILIKE %(like)s))
       OR (%(text)s = '' AND b.open_amount <= %(amount)s))
ORDER BY b.id = ANY(%(suggested)s) DESC, abs(b.open_amount - %(amount)s), b.due_date, i.number LIMIT %(limit)s
"""


def choices(org: Any, movement: Movement, text: str) -> list[tuple[Part, date | None]]:
    """Open invoices to choose from, with their due dates: those suggested first, then what `text` finds, else the nearest amounts."""
    suggested = [part.invoice_id for way in movement.suggestions for part in way.parts]
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    values = {
        "org": org.pk, "currency": movement.currency, "suggested": suggested, "text": text, "like": like, "amount": movement.amount,
        "limit": CHOICES_MAX,
    }  # fmt: skip
    return [(Part(*row[:6]), row[6]) for row in run(_CHOICES, values, planned=True)]
