"""`find`: what is typed into the box, over what one may see. Payers and sellers use the same one.

    found = find(inbox.payer, "محاسبه", today=today)      # or find(org, ...)
    for hit in found.hits: hit.number, hit.state, hit.places

An answer says how it was understood (`query`), whether it had to guess the spelling (`respelt`), and, where nothing fits,
which part of the query is to blame (`advice`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from wasl.app.archive import spelling
from wasl.app.archive.candidates import ROWS_MAX, Candidates, Filters, Place, candidates
from wasl.app.archive.highlight import Found, Marker, Piece, marker
from wasl.app.archive.keep import freshen
from wasl.app.archive.normalise import words
from wasl.app.archive.parse import Query, Term, parse
from wasl.app.archive.scope import Scope, scope_of
from wasl.app.sql import run
from wasl.app.ui.states import State, state
from wasl.invoice.money import from_minor

PAGE_ROWS = 20
PLACES = ("line", "note", "reference", "said", "aside")
PAGES_MAX = 25  # whoever turns that many pages wants a narrower question

_ROWS = """
SELECT p.organisation_id, p.id, i.number, i.kind, i.issue_date, coalesce(b.due_date, i.due_date), i.currency, i.payable_amount,
       o.name_ar, o.name_en, o.country, coalesce(t.buyer_name, ''), coalesce(b.received - b.returned, 0), coalesce(b.credited + b.forgiven, 0),
       coalesce(b.written_off > 0, false),
       coalesce(s.lines, ''), coalesce(s.notes, ''), coalesce(s.refs, ''), coalesce(s.said, ''), coalesce(s.asides, '')
FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]) WITH ORDINALITY AS p(organisation_id, id, place)
JOIN invoicing_invoice i ON i.organisation_id = p.organisation_id AND i.id = p.id
JOIN tenancy_organisation o ON o.id = p.organisation_id
LEFT JOIN archive_searchrow s ON s.organisation_id = p.organisation_id AND s.id = p.id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = p.organisation_id AND t.id = p.id
LEFT JOIN payments_balance b ON b.organisation_id = p.organisation_id AND b.id = p.id
ORDER BY p.place
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that fits, as a list shows it."""

    organisation_id: UUID
    id: UUID
    number: str
    number_pieces: tuple[Piece, ...]
    is_note: bool
    issue_date: date
    due_date: date | None
    currency: str
    total: Decimal
    remaining: Decimal
    state: State
    seller_ar: str
    seller_en: str
    country: str
    buyer: str
    marker: Marker
    places: tuple[Found, ...]
    amount_fits: bool

    def seller(self, lang: str) -> str:
        first, second = (self.seller_ar, self.seller_en) if lang == "ar" else (self.seller_en, self.seller_ar)
        return first or second

    def marked(self, text: str) -> tuple[Piece, ...]:
        return self.marker.cut(text)


@dataclass(frozen=True, slots=True)
class Advice:
    """One way out where nothing fits: the query that would find something, and how many; `kind` says what was changed."""

    kind: str  # without (one word left out), only (that word alone), unfiltered
    text: str
    count: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Results:
    query: Query
    hits: list[Hit]
    count: int  # how many fit; a lower bound where `complete` is False
    complete: bool
    page: int
    has_next: bool
    milliseconds: int
    respelt: tuple[tuple[str, str], ...] = ()  # (typed, what it was taken for)
    advice: tuple[Advice, ...] = ()
    sellers: tuple[tuple[UUID, int], ...] = ()  # organisations among the rows, the most frequent first


def find(
    whose: Any, text: str | Query, *, today: date, filters: Filters | None = None, page: int = 1, size: int = PAGE_ROWS, explain: bool = True
) -> Results:
    """Page `page` of what fits `text` among the documents of an organisation or a payer. Never raises for any text."""
    began = time.perf_counter()
    scope, filters = scope_of(whose), filters or Filters()
    query = text if isinstance(text, Query) else parse(text, today=today)
    freshen(scope)
    page = min(max(page, 1), PAGES_MAX)
    needed = page * size + 1
    found = candidates(scope, query, filters, today=today, needed=needed) if query.terms or _is_set(filters) else Candidates([], True)
    guessed: tuple[tuple[str, str], ...] = ()
    advice: tuple[Advice, ...] = ()
    if not found.places and query.terms:
        query, found, guessed = _respelt(scope, query, filters, today, needed)
        if not found.places and explain:
            advice = _advice(scope, query, filters, today)
    shown = found.places[(page - 1) * size : page * size]
    hits = _hits(shown, query, today, for_payer=scope.is_payer)
    if guessed:
        guessed = _as_found(query, hits, guessed)
    return Results(
        query, hits, len(found.places) if found.complete else ROWS_MAX, found.complete, page,
        len(found.places) > page * size and page < PAGES_MAX, max(1, round((time.perf_counter() - began) * 1000)), guessed, advice,
        _sellers(found.places) if found.complete and scope.is_payer else (),
    )  # fmt: skip


def _is_set(filters: Filters) -> bool:
    return bool(filters.state or filters.spans or filters.seller)


def _respelt(
    scope: Scope, query: Query, filters: Filters, today: date, needed: int
) -> tuple[Query, Candidates, tuple[tuple[str, str], ...]]:
    """Once more with the spelling of those words mended that occur nowhere in scope."""
    nothing = Candidates([], True)
    wrong = tuple(term for term in query.words if not candidates(scope, Query("", (term,)), Filters(), today=today, needed=1).places)
    if not wrong or (other := spelling.respelt(query, wrong)) is None:
        return query, nothing, ()
    found = candidates(scope, other, filters, today=today, needed=needed)
    return (other, found, tuple((term.text, "") for term in wrong)) if found.places else (query, nothing, ())


def _as_found(query: Query, hits: list[Hit], guessed: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """What a mended word was taken for, as it is written in the rows that were found: never a word from elsewhere (T66)."""
    said: list[tuple[str, str]] = []
    for typed, _ in guessed:
        term = next(term for term in query.terms if term.text == typed)
        only = Marker([term])
        shown = [only.cut(name) for hit in hits for name in (hit.buyer, hit.seller_ar, hit.seller_en)]
        shown += [found.pieces for hit in hits for found in hit.places]
        written = (word for pieces in shown for piece in pieces if piece.marked for word in words(piece.text) if only.fits(word.folded))
        first = next(written, None)
        said.append((typed, first.folded if first else ""))
    return tuple((typed, word) for typed, word in said if word)


def _advice(scope: Scope, query: Query, filters: Filters, today: date) -> tuple[Advice, ...]:
    """Which part to leave out: the filters, or one term; at most four small questions."""
    found: list[Advice] = []

    def ask(kind: str, terms: tuple[Term, ...], chosen: Filters) -> None:
        got = candidates(scope, Query("", terms), chosen, today=today, needed=1)
        if got.places:
            found.append(Advice(kind, " ".join(_typed(term) for term in terms), len(got.places) if got.complete else ROWS_MAX, not got.complete))

    if _is_set(filters):
        ask("unfiltered", query.terms, Filters())
    if not found and 1 < len(query.terms) <= 4:
        for left_out in query.terms:
            ask("without", tuple(term for term in query.terms if term is not left_out), filters)
    return tuple(sorted(found, key=lambda advice: advice.count)[:3])


def _typed(term: Term) -> str:
    return f'"{term.text}"' if term.kind == "phrase" and " " in term.text else term.text


def _sellers(places: list[Place]) -> tuple[tuple[UUID, int], ...]:
    counts: dict[UUID, int] = {}
    for org_id, _ in places:
        counts[org_id] = counts.get(org_id, 0) + 1
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].int)))


def _hits(places: list[Place], query: Query, today: date, *, for_payer: bool) -> list[Hit]:
    if not places:
        return []
    marks = marker(query)
    amounts = {term.amount for term in query.terms if term.amount is not None}
    rows = run(_ROWS, {"orgs": [place[0] for place in places], "ids": [place[1] for place in places]})
    return [_hit(row, marks, amounts, today, for_payer=for_payer) for row in rows]


def _hit(row: tuple[Any, ...], marks: Marker, amounts: set[Decimal], today: date, *, for_payer: bool) -> Hit:
    org_id, invoice_id, number, kind, issued, due, currency, payable, name_ar, name_en, country, buyer, paid, credited, given_up, *texts = row
    total, paid, credited = (from_minor(int(units), currency) for units in (payable, paid, credited))
    is_note = kind == "credit_note"
    if for_payer:
        texts[-1] = ""  # what the seller's people note among themselves
    return Hit(
        organisation_id=org_id, id=invoice_id, number=number, number_pieces=marks.number(number), is_note=is_note, issue_date=issued, due_date=due,
        currency=currency, total=total, remaining=max(total - paid - credited, Decimal(0)),
        state=state(
            is_note=is_note, total=total, paid=paid, credited=credited, due=due, today=today, given_up=given_up, for_payer=for_payer
        ),
        seller_ar=name_ar, seller_en=name_en, country=country, buyer=buyer, marker=marks, places=_places(marks, texts),
        amount_fits=any(abs(amount) == total or abs(amount) == int(total) for amount in amounts),
    )  # fmt: skip


def _places(marks: Marker, texts: list[str]) -> tuple[Found, ...]:
    """At most two places, the lines first; where nothing in the texts is marked, the first line says what it is about."""
    found: list[Found] = []
    for where, text in zip(PLACES, texts, strict=True):
        if text and (best := marks.best(text.split("\n"))) is not None:
            found.append(Found(where, best[1], best[0] + 1))
        elif text and where == "reference":
            found += [Found(where, pieces) for ref in text.split("\n") if (pieces := marks.number(ref))[0].marked][:1]
    if not found and texts[0]:
        first, _, _ = texts[0].partition("\n")
        found.append(Found("first", (Piece(first if len(first) <= 120 else first[:120].rpartition(" ")[0] + " …"),)))
    return tuple(found[:2])


def without(query: Query, term: Term) -> str:
    """The text of a query with one term left out."""
    return " ".join(_typed(other) for other in query.terms if other is not term)

