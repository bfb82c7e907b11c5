"""The search row of a document: an issue only queues it, `keep` makes it from the sealed document within a second.

Every word form is made here, once; a search only looks them up. Where the organisation has search off, the row holds
number, amounts and dates alone, which the issued row holds anyway, and no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from wasl.app.archive.lexemes import Texts, vector
from wasl.app.events.record import Recorded
from wasl.app.sql import run, send
from wasl.invoice.model import Invoice, Line

VERSION = 1  # of what stands in a row; raised when `lexemes` changes, so that `wasl search reindex` knows what is old
LINE_CHARS_MAX, TEXT_CHARS_MAX = 500, 60_000  # what is kept to show where something was found

# A grant of the same transaction may have queued it before
_QUEUE = """
INSERT INTO archive_waiting (organisation_id, id, rebuild) VALUES (%s, %s, true)
ON CONFLICT (organisation_id, id) DO UPDATE SET rebuild = true
"""
_OFF = "SELECT organisation_id FROM archive_off WHERE organisation_id = ANY(%s)"
# The marks are read in the statement that writes, after `keep` took hold of the row: whoever moves them later finds it
_WRITE = """
INSERT INTO archive_searchrow (organisation_id, id, issue_date, due_date, words, lines, notes, refs, said, version, key_id)
SELECT organisation_id, id, issue_date, due_date, words::tsvector || wasl_search_marks(organisation_id, id), lines, notes, refs, said, %(version)s, ''
FROM unnest(%(org)s::uuid[], %(id)s::uuid[], %(issue_date)s::date[], %(due_date)s::date[], %(words)s::text[], %(lines)s::text[], %(notes)s::text[],
    %(refs)s::text[], %(said)s::text[]) AS r (organisation_id, id, issue_date, due_date, words, lines, notes, refs, said)
ORDER BY organisation_id, id
ON CONFLICT (organisation_id, id) DO UPDATE SET issue_date = EXCLUDED.issue_date, due_date = EXCLUDED.due_date,
    words = EXCLUDED.words, lines = EXCLUDED.lines, notes = EXCLUDED.notes, refs = EXCLUDED.refs, said = EXCLUDED.said, version = EXCLUDED.version
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a document stays beside its words, to show where something was found."""

    lines: str
    notes: str
    refs: str
    said: str


@dataclass(frozen=True, slots=True)
class Source:
    """A sealed document and what else is known of it."""

    org_id: UUID
    invoice_id: UUID
    invoice: Invoice
    references: tuple[str, ...] = ()
    said: str = ""


def queue_issued(event: Recorded) -> None:
    """Subscriber of `issued`: a small row more in the transaction of the issue; its words are no part of the legal act (0038)."""
    send(_QUEUE, (event.organisation_id, event.invoice_id))


def write_rows(sources: Sequence[Source]) -> None:
    """Write the rows of some documents, or write them anew, in one statement."""
    off = {org_id for (org_id,) in run(_OFF, (list({source.org_id for source in sources}),))}
    columns: dict[str, list[Any]] = {name: [] for name in ("org", "id", "issue_date", "due_date", "words", "lines", "notes", "refs", "said")}
    for source in sources:
        texts = texts_of(source.invoice, references=source.references, said=source.said)
        texts = without_text(texts) if source.org_id in off else texts
        kept = kept_of(texts)
        words = vector(texts, source.org_id)
        row = (source.org_id, source.invoice_id, texts.issue_date, texts.due_date, words, kept.lines, kept.notes, kept.refs, kept.said)
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    send(_WRITE, columns | {"version": VERSION})


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
