"""Which rows fit a query, the best first, in a bounded time however many there are.

Up to ROWS_MAX rows are all looked at and ranked. Beyond that a reader wants the newest: the query is asked again for the
newest month that fits, then three, then twelve, until a page is full, so a common word costs what its page costs (0026, 0041).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app.archive import sayings
from wasl.app.archive.lexemes import ASIDE
from wasl.app.archive.parse import Query, Term, all_of, any_of, lexeme
from wasl.app.archive.scope import Scope
from wasl.app.sql import run

ROWS_MAX = 500  # ranked one by one: some milliseconds
RECENT_MONTHS = (1, 3, 12)
RECENT_ROWS_MAX = ROWS_MAX + 100  # of the window that fills the page: as many as all pages show, and some that a fence may take
OVERDUE_MONTHS = 3  # what fell due was mostly issued some weeks before
YEARS_FROM_MONTHS = 6  # a longer span is looked up by its years, and cut by the row
_NARROW = frozenset({"word", "phrase", "number", "amount"})
_WEIGHTS = "{0.1,0.3,0.6,1.0}"  # D variants, C notes, B lines, A names and numbers

# Where rows are is asked of the index alone; their words are read, some twenty microseconds each, only to rank those that are few (0038)
_FIND = """
SELECT s.organisation_id, s.id FROM archive_searchrow s WHERE s.words @@ %(query)s::tsquery AND {fence}{checks} LIMIT %(limit)s
"""
_RANK = """
SELECT s.organisation_id, s.id, s.words @@ %(exact)s::tsquery, (10 * ts_rank(%(weights)s::real[], s.words, %(rank)s::tsquery))::int
FROM archive_searchrow s WHERE (s.organisation_id, s.id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]))
"""
# The newest of a window: no rank is computed, and the fence is asked only for rows that may be shown
_NEWEST = """
SELECT s.organisation_id, s.id FROM (
    SELECT s.organisation_id, s.id FROM archive_searchrow s WHERE s.words @@ %(query)s::tsquery{checks} ORDER BY s.id DESC LIMIT %(limit)s
) s WHERE {fence}
"""
Place = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen beside the box; each must fit."""

    state: str = ""
    spans: tuple[sayings.Span, ...] = ()
    seller: UUID | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows in the order in which they are shown. `complete`: these are all; else the newest, and there are more than can be counted cheaply."""

    places: list[Place]
    complete: bool


@dataclass(slots=True)
class _Statement:
    scope: Scope
    today: date
    required: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    rank: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    has_variants: bool = False  # some words are also sought in other shapes than as typed
    newest: date = date.max  # no issue date that fits is later, but for a document that was due before it was issued
    first_months: int = RECENT_MONTHS[0]

    def add(self, term: Term) -> None:
        fit, check = self._meaning(term)
        self.required.append(any_of(term.literal, fit, *self._asides(term)))
        self.exact.append(any_of(*term.exact, fit))
        self.rank += [*term.exact, *term.more]
        self.has_variants |= bool(term.more)
        if term.spans:
            self.newest = min(self.newest, max(span.last for span in term.spans))
        if term.state == "overdue":
            self.first_months = OVERDUE_MONTHS
        if check:  # first, because it does not read the words
            self.checks.append(f"({check} OR {self._param(term.literal)})" if term.literal else check)

    def _asides(self, term: Term) -> tuple[str, ...]:
        """The same words in an internal note: asked for by the seller alone. No other query can name them (T66)."""
        if self.scope.is_payer or not term.forms:
            return ()
        if term.kind != "word":
            return (f"({all_of(*(lexeme(ASIDE + form) for form in term.forms))})",)
        return tuple(f"'{ASIDE}{piece[1:]}" for piece in (*term.exact, *term.more) if piece.startswith("'") and piece.count("'") == 2)

    def _param(self, literal: str) -> str:
        name = f"literal{len(self.values)}"
        self.values[name] = literal
        return f"s.words @@ %({name})s::tsquery"

    def _meaning(self, term: Term) -> tuple[str, str]:
        """What a word for a time or a state asks of the index, and of the row."""
        if term.spans:
            return any_of(*(piece for span in term.spans for piece in _months(span))), self._days(term.spans)
        return self._state(term.state) if term.state else ("", "")

    def _days(self, spans: tuple[sayings.Span, ...]) -> str:
        checks: list[str] = []
        for span in spans:
            first, last = f"first{len(self.values)}", f"last{len(self.values)}"
            self.values |= {first: span.first, last: span.last}
            columns = ["issue_date"] * span.of_issue + ["due_date"] * span.of_due
            checks += [f"s.{column} BETWEEN %({first})s AND %({last})s" for column in columns]
        return f"({' OR '.join(checks)})"

    def _state(self, state: str) -> tuple[str, str]:
        is_open, is_note = lexeme(":open"), lexeme(":note")
        done = f"(!{is_open} & !{is_note})"
        self.values |= {"today": self.today, "soon": sayings.soon(self.today)}
        kept = "FROM payments_balance b WHERE b.organisation_id = s.organisation_id AND b.id = s.id AND"
        balance, due = f"{kept} b.received - b.returned", f"{kept} b.due_date"
        return {
            "open": (is_open, ""),
            "overdue": (is_open, f"s.due_date < %(today)s AND EXISTS (SELECT 1 {due} < %(today)s)"),
            "due_soon": (is_open, f"s.due_date <= %(soon)s AND EXISTS (SELECT 1 {due} BETWEEN %(today)s AND %(soon)s)"),
            "partly": (is_open, f"EXISTS (SELECT 1 {balance} > 0)"),
            "paid": (done, f"NOT EXISTS (SELECT 1 {balance} <= 0 AND b.credited > 0) AND NOT EXISTS (SELECT 1 {kept} b.written_off > 0)"),
            "credited": (done, f"EXISTS (SELECT 1 {balance} <= 0 AND b.credited > 0 AND b.written_off = 0)"),
            "closed": (done, f"EXISTS (SELECT 1 {kept} b.written_off > 0)"),
            "notes": (is_note, ""),
        }[state]

    def seller(self, org_id: UUID) -> None:
        from wasl.app.archive.lexemes import org_lexeme

        self.required.append(lexeme(org_lexeme(org_id)))
        self.checks.append("s.organisation_id IS NOT DISTINCT FROM %(seller)s::uuid")
        self.values["seller"] = org_id

    def run(self, *, exactly: bool = False, months: tuple[str, ...] = (), newest: bool = False, limit: int) -> list[Place]:
        wanted = all_of(self.scope.lexeme, *(self.exact if exactly else self.required), any_of(*months))
        values = self.values | {"scope": self.scope.id, "query": wanted, "limit": limit}
        checks = "".join(f" AND {check}" for check in self.checks)
        return [(row[0], row[1]) for row in run((_NEWEST if newest else _FIND).format(fence=self.scope.fence, checks=checks), values)]

    def back(self, months: int) -> tuple[str, ...]:
        """The newest months in which something that fits was issued, as lexemes; none for 0, which is no bound."""
        newest = min(self.newest, self.today)
        at = newest.year * 12 + newest.month - 1
        return tuple(lexeme(f"/{(at - back) // 12}{(at - back) % 12 + 1:02}") for back in range(months))

    def ranked(self, places: list[Place]) -> list[Place]:
        """These rows, the best first."""
        if len(places) < 2:
            return places
        values = {
            "orgs": [org for org, _ in places], "ids": [row for _, row in places], "exact": all_of(self.scope.lexeme, *self.exact),
            "weights": _WEIGHTS, "rank": any_of(*self.rank) or self.scope.lexeme,
        }  # fmt: skip
        return [(row[0], row[1]) for row in sorted(run(_RANK, values), key=_best)]


def candidates(scope: Scope, query: Query, filters: Filters, *, today: date, needed: int) -> Candidates:
    """At least the first `needed` rows, where there are as many."""
    statement = _Statement(scope, today)
    for term in query.terms:
        statement.add(term)
    if filters.state:
        statement.add(Term("state", "", state=filters.state))
    if filters.spans:
        statement.add(Term("dates", "", spans=filters.spans))
    if filters.seller is not None:
        statement.seller(filters.seller)
    with transaction.atomic():
        # The index on words is always the right way in; a planner that thinks otherwise reads the whole table
        run("SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)")
        recent: list[Place] = []
        tried = 0
        if not any(term.kind in _NARROW for term in query.terms):
            # A state or a time alone fits a large part of everything: where the newest months have enough, the rest is not even counted
            tried = statement.first_months
            recent = statement.run(months=statement.back(tried), newest=True, limit=RECENT_ROWS_MAX)
            if len(recent) > ROWS_MAX:
                return Candidates(_by_age(recent), False)
        rows = statement.run(limit=ROWS_MAX + 1)
        if len(rows) <= ROWS_MAX:
            return Candidates(statement.ranked(rows), True)
        return Candidates(_newest(statement, needed, recent, tried), False)


def _best(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (not row[2], -row[3], -row[1].int)


def _by_age(places: list[Place]) -> list[Place]:
    return sorted(places, key=lambda place: -place[1].int)


def _newest(statement: _Statement, needed: int, recent: list[Place], tried: int) -> list[Place]:
    """Where many fit: those that fit exactly, if they are few, and then the newest. `recent`: those of the newest `tried` months."""
    first: list[Place] = []
    if statement.has_variants:
        exact = statement.run(exactly=True, limit=ROWS_MAX + 1)
        if 0 < len(exact) <= ROWS_MAX:
            first = statement.ranked(exact)
    rows = recent
    if len(rows) + len(first) < needed:
        for months in (*(months for months in RECENT_MONTHS if months > tried), 0):
            rows = statement.run(months=statement.back(months), newest=True, limit=RECENT_ROWS_MAX)
            if len(rows) + len(first) >= needed:
                break
    known = set(first)
    return first + [place for place in _by_age(rows) if place not in known]


def _months(span: sayings.Span) -> list[str]:
    first, last = span.first.year * 12 + span.first.month - 1, span.last.year * 12 + span.last.month - 1
    kinds = ["/"] * span.of_issue + ["/d"] * span.of_due
    if span.of_issue and not span.of_due and last - first >= YEARS_FROM_MONTHS:
        return [lexeme(f"/{year}") for year in range(span.first.year, min(span.last.year, span.first.year + 3) + 1)]
    return [lexeme(f"{kind}{at // 12}{at % 12 + 1:02}") for at in range(first, min(last, first + 36) + 1) for kind in kinds]
