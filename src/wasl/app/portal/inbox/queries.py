"""The statements of the list, by hand: a page by key, the sums of what was filtered, the sellers, and rows by name.

Every one begins at the inbox (`payer_id`), whatever else is asked: another inbox's rows cannot be reached from here. A page
is read from an index in its order and stops when it is full, so it costs the same in an inbox of 1,000 and of 100,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from wasl.app.portal.inbox.filters import Filters
from wasl.app.portal.inbox.rank import SETTLED, sections
from wasl.app.sql import run
from wasl.app.ui.states import State, state
from wasl.invoice.money import from_minor, to_minor

PAGE_ROWS = 18  # with names in Arabic the page stays under 40 KB
COUNT_MAX = 2_000  # matches of a filter are counted up to here: beyond, the reader is told so
SELLERS_MAX = 40  # in the list of the filter: more would not fit a page of 40 KB
CHUNK_ROWS = 500  # of an export

_COLUMNS = """
t.organisation_id, t.invoice_id, t.id, t.kind, t.number, t.issue_date, t.due_date, t.currency, t.total, t.paid, t.credited, t.open_amount,
t.closed_on, t.has_question, t.is_starred, t.archived_at IS NOT NULL, t.rank, t.state IN (4, 5)
"""
_FROM = "FROM inbox_item t WHERE t.payer_id = %(payer)s"
_STATES = {
    "": "t.archived_at IS NULL",
    "open": f"t.archived_at IS NULL AND t.rank < {SETTLED // 2}",
    "overdue": "t.archived_at IS NULL AND t.rank < %(today)s",
    "soon": "t.archived_at IS NULL AND t.rank >= %(today)s AND t.rank < %(soon)s",
    "paid": f"t.archived_at IS NULL AND t.rank >= {SETTLED // 2} AND t.state = 1",
    "credited": f"t.archived_at IS NULL AND t.rank >= {SETTLED // 2} AND t.state >= 2 AND t.state = 2",
    "closed": f"t.archived_at IS NULL AND t.rank >= {SETTLED // 2} AND t.state >= 2 AND t.state IN (4, 5)",
    "notes": f"t.archived_at IS NULL AND t.rank >= {SETTLED // 2} AND t.state >= 2 AND t.state = 3",
    "question": "(t.has_question OR t.is_starred) AND t.has_question",
    "starred": "(t.has_question OR t.is_starred) AND t.is_starred",
    "archived": "t.archived_at IS NOT NULL",
}
# The columns of each order, each of them an index, and whether it runs upwards. Amounts of different currencies are not compared
_SORTS = {
    "": (("rank",), True), "newest": (("issue_date",), False), "oldest": (("issue_date",), True),
    "largest": (("currency", "total"), False), "smallest": (("currency", "total"), True),
}  # fmt: skip
_PARSE = {"rank": int, "total": int, "issue_date": date.fromisoformat, "currency": str}


@dataclass(frozen=True)
class Row:
    """One invoice of the list. Amounts are in units of its currency."""

    org_id: UUID
    invoice_id: UUID
    id: UUID
    is_note: bool
    number: str
    issue_date: date
    due_date: date | None
    currency: str
    total: Decimal
    paid: Decimal
    credited: Decimal
    left: Decimal
    closed_on: date | None
    has_question: bool
    is_starred: bool
    is_archived: bool
    rank: int
    is_given_up: bool  # the seller asks for nothing more of it

    @property
    def handle(self) -> str:
        """What a form names it by."""
        return self.org_id.hex + self.id.hex

    def state(self, today: date) -> State:
        return state(
            is_note=self.is_note, total=self.total, paid=self.paid, credited=self.credited, due=self.due_date, today=today,
            given_up=self.is_given_up, for_payer=True,
        )  # fmt: skip


def _row(found: tuple[Any, ...]) -> Row:
    org, invoice, id_, kind, number, issued, due, currency, total, paid, credited, left, *rest = found
    amounts = (from_minor(units, currency) for units in (total, paid, credited, left))
    return Row(org, invoice, id_, kind == "credit_note", number, issued, due, currency, *amounts, *rest)


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    previous: str = ""  # cursors; "" at the ends
    next: str = ""


def page(payer: Any, filters: Filters, today: date, *, after: str = "", before: str = "", limit: int = PAGE_ROWS) -> Page:
    """A page after or before a cursor, in the order of the filters. A cursor that is not one of ours means the first page."""
    columns, upwards = _SORTS[filters.sort]
    back = _cursor(before, columns) if before else None
    cursor = back or (_cursor(after, columns) if after else None)
    sql, values = _where(payer, filters, today)
    forward = upwards != (back is not None)
    if cursor is not None:
        names, places = ", ".join(f"t.{c}" for c in columns), ", ".join(f"%({c}_at)s" for c in columns)
        sql += f" AND ({names}, t.id) {'>' if forward else '<'} ({places}, %(id_at)s)"
        values |= cursor
    direction = "ASC" if forward else "DESC"
    order = ", ".join(f"t.{c} {direction}" for c in (*columns, "id"))
    found = [_row(row) for row in run(f"SELECT {_COLUMNS} {sql} ORDER BY {order} LIMIT {limit + 1}", values, planned=True)]
    more, rows = len(found) > limit, found[:limit]
    if back is not None:
        rows.reverse()
    if not rows:
        return Page(rows)
    first, last = (_written(row, columns) for row in (rows[0], rows[-1]))
    has_previous, has_next = (more, True) if back is not None else (cursor is not None, more)
    return Page(rows, first if has_previous else "", last if has_next else "")


def _written(row: Row, columns: tuple[str, ...]) -> str:
    values = [to_minor(row.total, row.currency) if c == "total" else getattr(row, c) for c in columns]
    return "~".join([*map(str, values), row.id.hex])


def _cursor(text: str, columns: tuple[str, ...]) -> dict[str, Any] | None:
    parts = text.split("~")
    if len(parts) != len(columns) + 1 or len(text) > 120:
        return None
    try:
        values = {f"{c}_at": _PARSE[c](part) for c, part in zip(columns, parts, strict=False)}
        return values | {"id_at": UUID(hex=parts[-1])} if all(abs(v) < 2**31 for k, v in values.items() if k == "rank_at") else None
    except ValueError:
        return None


def _where(payer: Any, filters: Filters, today: date) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE of a list, and its values. The text is constant for each set of fields that are given."""
    low, high = sections(today)["soon"]
    values: dict[str, Any] = {"payer": getattr(payer, "pk", payer), "today": low, "soon": high}
    wanted = [_STATES[filters.state]]
    for name, condition in (
        ("seller", "t.organisation_id = %(seller)s"), ("currency", "t.currency = %(currency)s"),
        ("since", "t.issue_date >= %(since)s"), ("until", "t.issue_date <= %(until)s"),
    ):  # fmt: skip
        if (value := getattr(filters, name)) not in ("", None):
            wanted.append(condition)
            values[name] = value
    if filters.low is not None or filters.high is not None:
        condition, bounds = _amounts([filters.currency] if filters.currency else currencies(payer), filters.low, filters.high)
        wanted.append(condition)
        values |= bounds
    return f"{_FROM} AND {' AND '.join(wanted)}", values


def _amounts(given: list[str], low: Decimal | None, high: Decimal | None) -> tuple[str, dict[str, Any]]:
    """A range of the index for each currency: what a typed amount is in minor units depends on it."""
    ranges, values = [], {}
    for n, currency in enumerate(given):
        parts = [f"t.currency = %(currency_{n})s"]
        values[f"currency_{n}"] = currency
        for name, sign, bound in (("low", ">=", low), ("high", "<=", high)):
            if bound is not None:
                parts.append(f"t.total {sign} %({name}_{n})s")
                values[f"{name}_{n}"] = to_minor(bound, currency)
        ranges.append(f"({' AND '.join(parts)})")
    return (f"({' OR '.join(ranges)})" if ranges else "false"), values


# From one currency to the next by the index, as for the sellers below
_CURRENCIES = """
WITH RECURSIVE c AS (
    (SELECT currency FROM inbox_item WHERE payer_id = %(payer)s ORDER BY currency LIMIT 1)
    UNION ALL
    SELECT (SELECT t.currency FROM inbox_item t WHERE t.payer_id = %(payer)s AND t.currency > c.currency ORDER BY t.currency LIMIT 1)
    FROM c WHERE c.currency IS NOT NULL
)
SELECT currency FROM c WHERE currency IS NOT NULL
"""


def currencies(payer: Any) -> list[str]:
    """Every currency of an inbox, by code."""
    return [row[0] for row in run(_CURRENCIES, {"payer": getattr(payer, "pk", payer)}, planned=True)]


@dataclass(frozen=True)
class Match:
    """What a filter found in one currency."""

    currency: str
    number: int
    total: Decimal  # of invoices; credit notes are counted, not added
    left: Decimal


def matches(payer: Any, filters: Filters, today: date) -> list[Match] | None:
    """How many a filter finds and what they come to; None where there are more than COUNT_MAX."""
    sql, values = _where(payer, filters, today)
    rows = run(
        "SELECT currency, count(*), coalesce(sum(total) FILTER (WHERE state <> 3), 0)::bigint, sum(open_amount)::bigint"
        f" FROM (SELECT t.currency, t.total, t.state, t.open_amount {sql} LIMIT {COUNT_MAX + 1}) t GROUP BY 1 ORDER BY 2 DESC, 1",
        values, planned=True,
    )  # fmt: skip
    if sum(row[1] for row in rows) > COUNT_MAX:
        return None
    return [Match(c, n, from_minor(total, c), from_minor(left, c)) for c, n, total, left in rows]


# From one seller to the next by the index: as many looks as sellers, however many invoices each has sent
_SELLERS = """
WITH RECURSIVE s AS (
    (SELECT organisation_id FROM inbox_item WHERE payer_id = %(payer)s ORDER BY organisation_id LIMIT 1)
    UNION ALL
    SELECT (SELECT t.organisation_id FROM inbox_item t WHERE t.payer_id = %(payer)s AND t.organisation_id > s.organisation_id
            ORDER BY t.organisation_id LIMIT 1)
    FROM s WHERE s.organisation_id IS NOT NULL
), found AS (SELECT organisation_id FROM s WHERE organisation_id IS NOT NULL LIMIT %(limit)s)
SELECT o.id, o.name_ar, o.name_en, o.legal_name_language, o.country, o.time_zone FROM found f JOIN tenancy_organisation o ON o.id = f.organisation_id
"""


@dataclass(frozen=True)
class Seller:
    id: UUID
    name_ar: str
    name_en: str
    legal_name_language: str
    country: str
    time_zone: str

    def name_in(self, lang: str) -> str:
        first, second = (self.name_ar, self.name_en) if lang == "ar" else (self.name_en, self.name_ar)
        return first or second


def sellers(payer: Any, limit: int) -> list[Seller]:
    """The sellers of an inbox, at most `limit`, in no order that means anything."""
    return [Seller(*row) for row in run(_SELLERS, {"payer": getattr(payer, "pk", payer), "limit": limit}, planned=True)]


def sellers_of(rows: Iterable[Row]) -> dict[UUID, Seller]:
    """The sellers of a page."""
    return sellers_by_id(row.org_id for row in rows)


def sellers_by_id(org_ids: Iterable[UUID]) -> dict[UUID, Seller]:
    """For organisations that were read from an inbox; nobody else's name is asked for here."""
    ids = list(set(org_ids))
    found = run("SELECT id, name_ar, name_en, legal_name_language, country, time_zone FROM tenancy_organisation WHERE id = ANY(%s)", (ids,))
    return {row[0]: Seller(*row) for row in found}


_SELLER = """
SELECT id, name_ar, name_en, legal_name_language, country, time_zone FROM tenancy_organisation WHERE id = %(seller)s
AND EXISTS (SELECT 1 FROM inbox_item t WHERE t.payer_id = %(payer)s AND t.organisation_id = %(seller)s)
"""


def seller_named(payer: Any, org_id: UUID) -> list[Seller]:
    """The seller of this id, only where something of it lies in the inbox: another one's name is nobody's business (T66)."""
    return [Seller(*row) for row in run(_SELLER, {"payer": getattr(payer, "pk", payer), "seller": org_id})]


_ZONE = """
SELECT o.time_zone FROM (SELECT organisation_id FROM inbox_item WHERE payer_id = %s ORDER BY issue_date DESC, id DESC LIMIT 1) t
JOIN tenancy_organisation o ON o.id = t.organisation_id
"""


def last_zone(payer: Any) -> str:
    """The time zone of whoever billed this inbox last; "UTC" where nobody did."""
    rows = run(_ZONE, (getattr(payer, "pk", payer),), planned=True)
    return rows[0][0] if rows else "UTC"


_ABOUTS = """
SELECT id, split_part(left(lines, 400), E'\\n', 1) FROM archive_searchrow
WHERE (organisation_id, id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]))
"""


def abouts(rows: list[Row]) -> dict[UUID, list[str]]:
    """What the first line of each document sells, in the languages it is named in; nothing where the seller keeps no texts for search."""
    found = run(_ABOUTS, {"orgs": [row.org_id for row in rows], "ids": [row.invoice_id for row in rows]})
    return {invoice: text.split(" · ")[:2] for invoice, text in found if text}


_NAMED = """
SELECT {columns} {source} AND (t.organisation_id, t.id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[])) ORDER BY t.rank, t.id
"""


def named(payer: Any, handles: Iterable[str]) -> list[Row]:
    """The items of these handles that lie in this inbox, in its order; others are as if they did not exist."""
    pairs = [pair for handle in handles if (pair := _pair(handle))]
    values = {"payer": getattr(payer, "pk", payer), "orgs": [org for org, _id in pairs], "ids": [id_ for _org, id_ in pairs]}
    return [_row(row) for row in run(_NAMED.format(columns=_COLUMNS, source=_FROM), values)] if pairs else []


def _pair(handle: str) -> tuple[UUID, UUID] | None:
    try:
        return (UUID(hex=handle[:32]), UUID(hex=handle[32:])) if len(handle) == 64 and handle.isalnum() and handle.isascii() else None
    except ValueError:
        return None


def every(payer: Any, filters: Filters, today: date) -> Iterator[Row]:
    """All that the filters find, in their order, read in chunks: for exports. Each chunk is a look of its own, so nothing is held."""
    cursor = ""
    while True:
        found = page(payer, filters, today, after=cursor, limit=CHUNK_ROWS)
        yield from found.rows
        cursor = found.next
        if not cursor:
            return
