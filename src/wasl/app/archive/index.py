"""The search row of a document, written in the transaction that issues it.

Every word form is made here, once; a search only looks them up. Where the organisation has search off, the row holds
number, amounts and dates alone, which the issued row holds anyway, and no text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from wasl.app.archive.lexemes import Texts, vector
from wasl.app.events.record import Recorded
from wasl.app.sql import send
from wasl.invoice.model import Invoice, Line

VERSION = 1  # of what stands in a row; raised when `lexemes` changes, so that `wasl search reindex` knows what is old
LINE_CHARS_MAX, TEXT_CHARS_MAX = 500, 60_000  # what is kept to show where something was found

# The grants and the state are read in the statement that writes: whoever moves them later finds the row (migration 0001)
_WRITE = """
WITH w AS (
    INSERT INTO archive_searchrow AS s (organisation_id, id, issue_date, due_date, words, lines, notes, refs, said, version, key_id)
    SELECT %(org)s, %(id)s, %(issue_date)s, %(due_date)s::date,
           CASE WHEN off THEN %(bare)s::tsvector ELSE %(words)s::tsvector END
               || wasl_search_payers(%(org)s, %(id)s)
               || CASE WHEN EXISTS (SELECT 1 FROM payments_balance b WHERE b.organisation_id = %(org)s AND b.id = %(id)s AND b.is_open)
                  THEN ''':open'''::tsvector ELSE ''::tsvector END,
           CASE WHEN off THEN '' ELSE %(lines)s END, CASE WHEN off THEN '' ELSE %(notes)s END, CASE WHEN off THEN '' ELSE %(refs)s END,
           CASE WHEN off THEN '' ELSE %(said)s END, %(version)s, ''
    FROM (SELECT EXISTS (SELECT 1 FROM archive_off o WHERE o.organisation_id = %(org)s) AS off) o
    ON CONFLICT (organisation_id, id) DO UPDATE SET issue_date = EXCLUDED.issue_date, due_date = EXCLUDED.due_date,
        words = EXCLUDED.words, lines = EXCLUDED.lines, notes = EXCLUDED.notes, refs = EXCLUDED.refs, said = EXCLUDED.said, version = EXCLUDED.version
)
INSERT INTO archive_waiting (organisation_id, id) VALUES (%(org)s, %(id)s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a document stays beside its words, to show where something was found."""

    lines: str
    notes: str
    refs: str
    said: str


def index_issued(event: Recorded) -> None:
    """Subscriber of `issued`: one statement more in the transaction of the issue."""
    assert isinstance(event.subject, Invoice)
    source = event.data.get("source_number") or ""
    write_row(event.organisation_id, event.invoice_id, event.subject, references=(source,) if source else ())


def write_row(org_id: UUID, invoice_id: UUID | None, invoice: Invoice, *, references: Iterable[str] = (), said: str = "") -> None:
    """Write the row of a document, or write it anew."""
    texts = texts_of(invoice, references=references, said=said)
    kept = kept_of(texts)
    send(_WRITE, {
        "org": org_id, "id": invoice_id, "issue_date": texts.issue_date, "due_date": texts.due_date, "words": vector(texts, org_id),
        "bare": vector(without_text(texts), org_id),
        "lines": kept.lines, "notes": kept.notes, "refs": kept.refs, "said": kept.said, "version": VERSION,
    })  # fmt: skip


def without_text(texts: Texts) -> Texts:
    return replace(texts, names=(), references=(), lines=(), notes=(), said=())


def kept_of(texts: Texts) -> Kept:
    return Kept(_joined(texts.lines), _joined(texts.notes), _joined(texts.references), _joined(texts.said))


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(text.split())[:LINE_CHARS_MAX] for text in texts)[:TEXT_CHARS_MAX]


def texts_of(invoice: Invoice, *, references: Iterable[str] = (), said: str = "") -> Texts:
    """What a person may look for in an issued document."""
    assert invoice.issue_date is not None
    seller, buyer, totals = invoice.seller, invoice.buyer, invoice.totals
    names: list[str | None] = []
    own = [*references, invoice.purchase_order_reference, invoice.buyer_reference, invoice.contract_reference, invoice.project_reference]
    for party in (seller, buyer):
        if party is not None:
            names += [party.name, party.trading_name]
            own += [party.vat_identifier, party.legal_registration.value if party.legal_registration else None]
    if buyer is not None and buyer.contact is not None:
        names += [buyer.contact.name, buyer.contact.email]
    own += [note.number for note in invoice.preceding_invoices]
    return Texts(
        number=invoice.number or "", issue_date=invoice.issue_date, due_date=invoice.due_date, is_note=invoice.is_credit_note,
        currency=invoice.currency or "",
        names=_given(names), references=_given(own), lines=tuple(_line(line) for line in invoice.lines),
        notes=_given([*(note.text for note in invoice.notes), invoice.payment_terms]), said=(said,) if said else (),
        totals=_given([totals.payable_amount, totals.tax_inclusive_amount, totals.tax_exclusive_amount]) if totals else (),
        amounts=_given([amount for line in invoice.lines for amount in (line.net_amount, line.price.net if line.price else None)]),
    )  # fmt: skip


def _line(line: Line) -> str:
    item = line.item
    parts = [item.name, item.description, item.seller_identifier, item.buyer_identifier] if item else []
    parts += [f"{attribute.name}: {attribute.value}" for attribute in (item.attributes if item else ())]
    return " · ".join(_given([*parts, line.note]))


def _given(values: Iterable[Any]) -> tuple[Any, ...]:
    """Each value once, in order, nothing empty."""
    return tuple(dict.fromkeys(value for value in values if value))
