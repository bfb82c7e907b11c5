"""The search row of a document: an issue only queues it, `keep` makes it from the sealed document within a second.

Every word form is made here, once; a search only looks them up. Where the organisation has search off, the row holds
number, amounts and dates alone, which the issued row holds anyway, and no text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.archive.lexemes import Texts, vector
from wasl.app.events.record import Recorded
from wasl.app.sql import run, send
from wasl.invoice.model import Invoice, Line

VERSION = 1  # of what stands in a row; raised when `lexemes` changes, so that `wasl search reindex` knows what is old
LINE_CHARS_MAX, TEXT_CHARS_MAX = 500, 60_000  # what is kept to show where something was found

# A grant of the same transaction may have queued it before
_QUEUE = """
INSERT INTO archive_waiting (organisation_id, id, rebuild) VALUES (%s, %s, true)
ON CONFLICT (organisation_id, id) DO UPDATE SET rebuild = true, ready_at = NULL
"""
_QUEUE_SAID = """
INSERT INTO archive_waiting (organisation_id, id, rebuild, ready_at) VALUES (%s, %s, true, %s)
ON CONFLICT (organisation_id, id) DO UPDATE SET rebuild = true
"""
_COLUMNS = ("org", "id", "issue_date", "due_date", "words", "lines", "notes", "refs", "said", "asides")
SAID_SECONDS = 20  # after the first message that is not in the index yet
_OFF = "SELECT organisation_id FROM archive_off WHERE organisation_id = ANY(%s)"
# The marks are read in the statement that writes, after `keep` took hold of the row: whoever moves them later finds it
_WRITE = """
INSERT INTO archive_searchrow (organisation_id, id, issue_date, due_date, words, lines, notes, refs, said, asides, version, key_id)
SELECT organisation_id, id, issue_date, due_date, words::tsvector || wasl_search_marks(organisation_id, id), lines, notes, refs, said, asides,
    %(version)s, ''
FROM unnest(%(org)s::uuid[], %(id)s::uuid[], %(issue_date)s::date[], %(due_date)s::date[], %(words)s::text[], %(lines)s::text[], %(notes)s::text[],
    %(refs)s::text[], %(said)s::text[], %(asides)s::text[]) AS r (organisation_id, id, issue_date, due_date, words, lines, notes, refs, said, asides)
ORDER BY organisation_id, id
ON CONFLICT (organisation_id, id) DO UPDATE SET issue_date = EXCLUDED.issue_date, due_date = EXCLUDED.due_date,
    words = EXCLUDED.words, lines = EXCLUDED.lines, notes = EXCLUDED.notes, refs = EXCLUDED.refs, said = EXCLUDED.said,
    asides = EXCLUDED.asides, version = EXCLUDED.version
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a document stays beside its words, to show where something was found."""

    lines: str
    notes: str
    refs: str
    said: str
    asides: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What people said about a document: to each other, and the seller's people among themselves."""

    said: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()


NOTHING = Heard()
Place = tuple[UUID, UUID]  # organisation, document
_listeners: list[Callable[[Sequence[Place]], Mapping[Place, Heard]]] = []


def listen(said_about: Callable[[Sequence[Place]], Mapping[Place, Heard]]) -> None:
    """Let a higher floor, which has the conversations, say what was said about some documents."""
    _listeners[:] = [said_about]


def heard_about(places: Sequence[Place]) -> Mapping[Place, Heard]:
    return _listeners[0](places) if _listeners else {}


@dataclass(frozen=True, slots=True)
class Source:
    """A sealed document and what else is known of it."""

    org_id: UUID
    invoice_id: UUID
    invoice: Invoice
    references: tuple[str, ...] = ()
    heard: Heard = field(default_factory=lambda: NOTHING)


def queue_issued(event: Recorded) -> None:
    """Subscriber of `issued`: a small row more in the transaction of the issue; its words are no part of the legal act (0038)."""
    send(_QUEUE, (event.organisation_id, event.invoice_id))


def queue_said(org_id: UUID, invoice_id: UUID) -> None:
    """Something was said about a document: its row is made anew in a while, once for all that is said until then."""
    send(_QUEUE_SAID, (org_id, invoice_id, clock.now() + timedelta(seconds=SAID_SECONDS)))


def write_rows(sources: Sequence[Source]) -> None:
    """Write the rows of some documents, or write them anew, in one statement."""
    off = {org_id for (org_id,) in run(_OFF, (list({source.org_id for source in sources}),))}
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for source in sources:
        texts = texts_of(source.invoice, references=source.references, heard=source.heard)
        texts = without_text(texts) if source.org_id in off else texts
        kept = kept_of(texts)
        words = vector(texts, source.org_id)
        row = (source.org_id, source.invoice_id, texts.issue_date, texts.due_date, words, kept.lines, kept.notes, kept.refs, kept.said, kept.asides)
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    send(_WRITE, columns | {"version": VERSION})


def without_text(texts: Texts) -> Texts:
    return replace(texts, names=(), references=(), lines=(), notes=(), said=(), asides=())


def kept_of(texts: Texts) -> Kept:
    return Kept(_joined(texts.lines), _joined(texts.notes), _joined(texts.references), _joined(texts.said), _joined(texts.asides))


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(text.split())[:LINE_CHARS_MAX] for text in texts)[:TEXT_CHARS_MAX]


def texts_of(invoice: Invoice, *, references: Iterable[str] = (), heard: Heard = NOTHING) -> Texts:
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
        notes=_given([*(note.text for note in invoice.notes), invoice.payment_terms]), said=heard.said, asides=heard.asides,
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
