"""From filters to the page: rows with their sellers and words, sections, sums, chips, sellers to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from wasl.app import clock
from wasl.app.portal import door
from wasl.app.portal.inbox import queries, sums
from wasl.app.portal.inbox.filters import Filters
from wasl.app.portal.inbox.queries import Row, Seller
from wasl.app.portal.inbox.rank import sections
from wasl.app.ui import format, reader
from wasl.app.ui.i18n import current
from wasl.app.ui.macros import day, money
from wasl.app.ui.states import State
from wasl.app.ui.states import label as state_label
from wasl.invoice.money import from_minor

RECENT_ROWS = 3  # of what was paid last, under the first page of what is due
CURRENCIES_SHOWN = 4


@dataclass(frozen=True)
class Choice:
    """A filter as a chip, a currency or a seller as an option."""

    label: str
    href: str = ""
    on: bool = False
    value: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """As an option of a list."""
        return (self.value, self.label)


@dataclass(frozen=True)
class Line:
    """One row of the list as it is shown."""

    row: Row
    seller: str
    seller_lang: str
    country: str
    about: str
    state: State
    href: str
    today: date

    @property
    def when(self) -> Markup | str:
        """The date that matters: due while open, then the day it was settled."""
        row = self.row
        if self.state.is_open:
            return day(row.due_date, self.country) if row.due_date else _("No due date")
        if row.is_note or row.closed_on is None:
            return day(row.issue_date, self.country)
        if self.state.key == "paid":
            return Markup(_("Paid %(date)s")) % {"date": day(row.closed_on, self.country)}  # noqa: S704
        if self.state.key == "closed":
            return day(row.closed_on, self.country)
        return Markup(_("Cancelled %(date)s")) % {"date": day(row.closed_on, self.country)}  # noqa: S704

    @property
    def when_words(self) -> str:
        return format.due_in(self.row.due_date, self.today) if self.state.is_open and self.row.due_date else ""

    @property
    def amount(self) -> Decimal:
        """What is still to pay; once nothing is, what the document was for."""
        return self.row.left if self.state.is_open else self.row.total

    @property
    def of_total(self) -> Markup | str:
        """Beside a part that is left: of how much."""
        if not self.state.is_open or self.row.left == self.row.total:
            return ""
        return Markup(_("of %(amount)s")) % {"amount": money(self.row.total, self.row.currency)}  # noqa: S704


@dataclass(frozen=True)
class Section:
    """Rows under one heading; no heading where the order is another."""

    key: str
    title: str
    lines: list[Line]
    number: int = 0  # how many there are in all, where that is known
    more: str = ""


@dataclass(frozen=True)
class Figure:
    """One of the cards: an amount for each currency, the first the largest."""

    key: str
    name: str
    amounts: list[tuple[str, Decimal, int]]
    href: str = ""


@dataclass(frozen=True)
class ListPage:
    filters: Filters
    today: date
    sections: list[Section]
    totals: list[sums.Totals]
    figures: list[Figure]
    chips: list[Choice]
    sellers: list[Choice]
    has_more_sellers: bool
    currencies: list[str]
    matches: list[queries.Match] | None
    previous: str
    next: str
    is_empty: bool  # of everything, not only of what was asked for

    @property
    def number(self) -> int:
        return sum(len(section.lines) for section in self.sections)

    @property
    def matched(self) -> int:
        return sum(match.number for match in self.matches or ())

    @property
    def here(self) -> str:
        return address(self.filters)

    @property
    def cleared(self) -> str:
        """The same state, nothing else asked for."""
        return address(Filters(state=self.filters.state))

    @property
    def all_sellers(self) -> str:
        return door.address("inbox-statements")

    @property
    def count_max(self) -> int:
        return queries.COUNT_MAX

    def turned(self, **cursor: str) -> str:
        """The address of another page of this list."""
        return f"{reverse('inbox')}?{urlencode(cursor)}&{self.filters.query()}".rstrip("&")

    @property
    def currency_options(self) -> list[tuple[str, str]]:
        return [("", _("All currencies")), *((code, format.currency_name(code)) for code in self.currencies)]

    @property
    def sort_options(self) -> list[tuple[str, str]]:
        return [
            ("", _("What is due first")), ("newest", _("Newest first")), ("oldest", _("Oldest first")), ("largest", _("Largest amount first")),
            ("smallest", _("Smallest amount first")),
        ]  # fmt: skip


def address(filters: Filters, **changes: Any) -> str:
    query = filters.query(**changes)
    return reverse("inbox") + (f"?{query}" if query else "")


def today_of(payer: Any) -> date:
    """The day it is for the reader: in their own zone, else in that of whoever billed them last."""
    zone = reader.current().time_zone or queries.last_zone(payer)
    return format.local_day(clock.now(), zone if reader.is_zone(zone) else "UTC")


def list_page(payer: Any, filters: Filters, *, after: str = "", before: str = "") -> ListPage:
    today = today_of(payer)
    found = queries.page(payer, filters, today, after=after, before=before)
    totals = sums.totals(payer, today)
    recent = _recent(payer, filters, today, found, is_first=not (after or before))
    chosen = queries.sellers(payer, queries.SELLERS_MAX + 1)
    return ListPage(
        filters=filters, today=today, sections=_sections(filters, found.rows, recent, today, totals), totals=totals, figures=_figures(totals, today),
        chips=_chips(filters), sellers=_sellers(payer, filters, chosen), has_more_sellers=len(chosen) > queries.SELLERS_MAX,
        currencies=queries.currencies(payer), matches=queries.matches(payer, filters, today) if filters.is_narrow else [],
        previous=found.previous, next=found.next,
        is_empty=not found.rows and not totals and not chosen,
    )  # fmt: skip


def lines(rows: list[Row], today: date) -> list[Line]:
    """Rows as they are shown: who sent them, what they are about, where they lead."""
    known, about, lang = queries.sellers_of(rows), queries.abouts(rows), current()
    return [_line(row, known[row.org_id], about.get(row.invoice_id, ()), today, lang) for row in rows]


def _line(row: Row, seller: Seller, about: Iterable[str], today: date, lang: str) -> Line:
    name = seller.name_in(lang)
    href = reverse("inbox-payer", args=[row.org_id, row.invoice_id])
    return Line(row, name, "ar" if name == seller.name_ar else "en", seller.country, _in_language(about, lang), row.state(today), href, today)


def _in_language(about: Iterable[str], lang: str) -> str:
    """An item may have a name in each language: the one of the page, else the first."""
    texts = [text for text in about if text]
    fitting = [text for text in texts if any("\u0621" <= letter <= "\u064a" for letter in text) == (lang == "ar")]
    return (fitting or texts or [""])[0]


def _recent(payer: Any, filters: Filters, today: date, found: queries.Page, *, is_first: bool) -> list[Row]:
    """What was paid last, where the first page is full of what is due: so that a payment just made is seen."""
    if not filters.is_plain or not is_first or not found.next or not found.rows or found.rows[-1].closed_on is not None:
        return []
    return queries.page(payer, Filters(state="paid"), today, limit=RECENT_ROWS).rows


def _sections(filters: Filters, rows: list[Row], recent: list[Row], today: date, totals: list[sums.Totals]) -> list[Section]:
    shown = lines([*rows, *recent], today)
    if filters.sort or filters.state in ("question", "starred", "archived"):
        return [Section("all", "", shown)] if shown else []
    titles = {
        "overdue": _("Overdue"), "soon": _("Due soon"), "later": _("Due later"), "undated": _("No due date"), "settled": _("Settled"),
    }  # fmt: skip
    bounds, found = sections(today), dict[str, list[Line]]()
    for line in shown:
        key = next(name for name, (low, high) in bounds.items() if low <= line.row.rank < high)
        found.setdefault(key, []).append(line)
    numbers = _numbers(totals) if not filters.is_narrow else {}
    sorted_out = [Section(key, titles[key], found[key], numbers.get(key, 0)) for key in bounds if key in found]
    if recent:
        sorted_out[-1] = replace(sorted_out[-1], title=_("Paid recently"), more=address(Filters(state="paid")))
    return sorted_out


def _numbers(totals: list[sums.Totals]) -> dict[str, int]:
    return {key: sum(getattr(each, key).number for each in totals) for key in ("overdue", "soon", "later", "undated")}


def _figures(totals: list[sums.Totals], today: date) -> list[Figure]:
    wanted = (
        ("this_month", _("Due this month"), ""), ("overdue", pgettext("sum", "Overdue"), address(Filters(state="overdue"))),
        ("paid_this_year", _("Paid this year"), address(Filters(state="paid"))),
    )  # fmt: skip
    figures = []
    for key, name, href in wanted:
        amounts = [(each.currency, getattr(each, key)) for each in totals[:CURRENCIES_SHOWN]]
        kept = [pair for pair in amounts if pair[1].number] or amounts[:1]
        figures.append(Figure(key, name, [(currency, from_minor(a.amount, currency), a.number) for currency, a in kept], href))
    return figures


def _chips(filters: Filters) -> list[Choice]:
    labels = {
        "": _("All"), "open": _("To pay"), "overdue": _("Overdue"), "soon": _("Due soon"), "paid": _("Paid"), "question": _("With a question"),
        "starred": _("Starred"), "credited": _("Cancelled"), "closed": state_label("closed"), "notes": _("Credit notes"), "archived": _("Archived"),
    }  # fmt: skip
    return [Choice(label, address(filters, state=key), key == filters.state) for key, label in labels.items()]


def _sellers(payer: Any, filters: Filters, found: list[Seller]) -> list[Choice]:
    """By name; where there are too many for a list, only the one that is chosen."""
    lang = current()
    if len(found) > queries.SELLERS_MAX:
        found = [each for each in found if each.id == filters.seller] or _chosen(payer, filters.seller)
    choices = [Choice(each.name_in(lang), value=str(each.id), on=each.id == filters.seller) for each in found]
    return sorted(choices, key=lambda choice: choice.label)


def _chosen(payer: Any, seller: UUID | None) -> list[Seller]:
    return queries.seller_named(payer, seller) if seller else []
