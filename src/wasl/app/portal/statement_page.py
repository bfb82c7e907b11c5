"""A statement of account as a page, the same for the payer and for the seller: period, sums, age, movements by date or by document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app import clock
from wasl.app.delivery.address import safe_filename
from wasl.app.insight.account import Account, Movement, Open, Scope, account, currencies
from wasl.app.insight.statement import kind_words, statement_pdf, statement_rows
from wasl.app.invoicing.prepare import local_date
from wasl.app.ui import format, numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.formats.table.stream import csv_stream, xlsx_stream
from wasl.invoice.model import Party

PAGE_ROWS = 50
DAYS_MAX = 366 * 12  # what the law keeps, and a year
PERIODS = ("quarter", "month", "last-month", "year", "last-year")
TYPES = {
    "pdf": "application/pdf", "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip

Link = Callable[[UUID], str]


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    since: date
    until: date
    currency: str
    period: str  # one of PERIODS, "" for days of one's own
    by_document: bool
    page: int

    def query(self, **changes: str) -> str:
        if "period" in changes or self.period:
            own = {"period": self.period}
        else:
            own = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        view = {"view": "documents"} if self.by_document else {}
        return urlencode({**own, "currency": self.currency, **view, **changes})


@dataclass(frozen=True)
class Shown:
    """One movement as a row; `href` opens its document, "" where the reader may not."""

    of: Movement
    kind: str
    href: str

    @property
    def charge(self) -> Decimal | None:
        return self.of.amount if self.of.amount >= 0 else None

    @property
    def settled(self) -> Decimal | None:
        return -self.of.amount if self.of.amount < 0 else None


@dataclass(frozen=True)
class Document:
    """An invoice with everything that happened to it in the period."""

    number: str
    href: str
    rows: list[Shown]
    left: Decimal  # at the end of the period
    is_earlier: bool  # issued before the period


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    on: bool


@dataclass(frozen=True)
class StatementPage:
    org: Any
    seller: str
    customer: str
    asked: Asked
    of: Account
    currencies: list[str]
    rows: list[Shown]
    documents: list[Document]
    items: list[tuple[Open, str, int]]
    has_next: bool

    @property
    def periods(self) -> list[tuple[str, str]]:
        return period_words()

    @property
    def currency_options(self) -> list[tuple[str, str]]:
        return [(code, format.currency_name(code)) for code in self.currencies]

    @property
    def closing_words(self) -> str:
        return format.in_words(abs(self.of.closing), self.of.currency)

    @property
    def tabs(self) -> list[Tab]:
        by = self.asked.by_document
        return [
            Tab(_("By date"), f"?{self.asked.query(view='dates', page='1')}", not by),
            Tab(_("By document"), f"?{self.asked.query(view='documents', page='1')}", by),
        ]

    @property
    def bands(self) -> list[tuple[str, Decimal]]:
        return list(zip(band_words(), self.of.ageing, strict=True))


def period_words() -> list[tuple[str, str]]:
    words = {
        "quarter": _("Last three months"), "month": _("This month"), "last-month": _("Last month"), "year": _("This year"),
        "last-year": _("Last year"),
    }  # fmt: skip
    return [(key, words[key]) for key in PERIODS]


def band_words() -> list[str]:
    return [
        pgettext("age", "Not due yet"), pgettext("age", "1 to 30 days"), pgettext("age", "31 to 60 days"), pgettext("age", "61 to 90 days"),
        pgettext("age", "Over 90 days"),
    ]  # fmt: skip


def asked(given: Mapping[str, str], scope: Scope) -> Asked:
    """What is not understood falls back to the last three months in the currency that is used most."""
    today = local_date(scope.org, clock.now())
    known = currencies(scope)
    currency = given.get("currency", "") if given.get("currency", "") in known else (known[0] if known else scope.org.currency)
    period = given.get("period", "") if given.get("period", "") in PERIODS else ""
    since, until = _day(given.get("since")), _day(given.get("until"))
    if period or not (since or until):
        period = period or PERIODS[0]
        since, until = _bounds(period, today)
    else:
        until = until or today
        since = since or until.replace(day=1)
        since, until = min(since, until), max(since, until)
        since = max(since, until - timedelta(days=DAYS_MAX)) if until - date.min > timedelta(days=DAYS_MAX) else since
    page = given.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Asked(since, until, currency, period, given.get("view") == "documents", max(number, 1))


def _bounds(period: str, today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    if period == "month":
        return first, today
    if period == "last-month":
        return before.replace(day=1), before
    if period == "year":
        return date(today.year, 1, 1), today
    if period == "last-year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    return (before.replace(day=1) - timedelta(days=1)).replace(day=1), today


def _day(text: str | None) -> date | None:
    try:
        found = numbers.day((text or "")[:20])
    except WaslError:
        return None
    return found if found and date(1990, 1, 1) <= found <= date(2200, 1, 1) else None


def statement_page(scope: Scope, wanted: Asked, *, customer: str, link: Link) -> StatementPage:
    """The page. Raises PeriodTooLong."""
    of = account(scope, wanted.currency, wanted.since, wanted.until)
    words = kind_words()
    first = (wanted.page - 1) * PAGE_ROWS
    shown = [Shown(each, words[each.kind], link(each.document)) for each in of.movements[first : first + PAGE_ROWS]]
    documents = _documents(of, words, link) if wanted.by_document else []
    return StatementPage(
        org=scope.org, seller=scope.org.name_in(current()), customer=customer, asked=wanted, of=of, currencies=currencies(scope), rows=shown,
        documents=documents[first : first + PAGE_ROWS],
        items=[(item, link(item.invoice), item.days_late(wanted.until)) for item in of.items[:PAGE_ROWS]],
        has_next=len(documents if wanted.by_document else of.movements) > first + PAGE_ROWS,
    )  # fmt: skip


def _documents(of: Account, words: dict[str, str], link: Link) -> list[Document]:
    """Movements under the invoice that they are about, in the order of their first movement."""
    grouped: dict[UUID, list[Movement]] = {}
    for each in of.movements:
        grouped.setdefault(each.invoice, []).append(each)
    left = {item.invoice: item.amount for item in of.items}
    found = []
    for invoice, moved in grouped.items():
        own = next((each for each in moved if each.kind == "invoice"), None)
        rows = [Shown(each, words[each.kind], link(each.document)) for each in moved]
        found.append(Document(own.number if own else moved[0].about, link(invoice), rows, left.get(invoice, Decimal(0)), own is None))
    return found


def statement_file(scope: Scope, wanted: Asked, kind: str, customer: Party) -> HttpResponse:
    """The statement as PDF, XLSX or CSV. Raises PeriodTooLong, TooLongForPdf."""
    of = account(scope, wanted.currency, wanted.since, wanted.until)
    lang = current()
    if kind == "pdf":
        at = clock.now()
        response: Any = HttpResponse(statement_pdf(of, scope.org, customer, on=local_date(scope.org, at), at=at, language=lang))
    else:
        rows = list(statement_rows(of))
        response = StreamingHttpResponse(csv_stream(rows) if kind == "csv" else xlsx_stream(rows, lang=lang, sheet=_("Statement")))
    name = safe_filename(f"statement-{scope.org.slug}-{of.currency}-{of.since}-{of.until}", kind)
    response["Content-Type"] = TYPES[kind]
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
