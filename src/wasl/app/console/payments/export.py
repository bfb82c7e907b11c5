"""Payments and the journal as tables for a spreadsheet or an accountant's program: CSV or XLSX, of the chosen period, sent while they
are made, so that 100,000 rows take the memory of a thousand. No cell can run (formats.table.write); amounts are figures, days are days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wasl.app import clock
from wasl.app.console.access import get_or_404, member
from wasl.app.console.payments import filters, queries, words
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments.journal import ACCOUNTS
from wasl.app.portal.statement_page import TYPES
from wasl.app.sql import run
from wasl.app.ui import reader
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many
from wasl.formats.table.stream import Value, csv_stream, xlsx_stream
from wasl.invoice.money import from_minor

KINDS = ("csv", "xlsx")
FILES = Limit(count=20, seconds=60)
CHUNK = 1_000  # entries or payments read at once

_ENTRIES = """
WITH e AS (
    SELECT * FROM payments_journalentry WHERE organisation_id = %(org)s
    AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
    AND (%(at)s::timestamptz IS NULL OR (at, id) > (%(at)s, %(id)s))
    ORDER BY at, id LIMIT %(limit)s
)
SELECT e.id, e.at, e.kind, e.currency, coalesce(i.number, ''), coalesce(c.name, t.buyer_name, r.payer_name, ''),
       coalesce(n.reference, r.reference, ''), l.account, l.amount
FROM e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
LEFT JOIN invoicing_invoice i ON i.organisation_id = e.organisation_id AND i.id = e.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = e.organisation_id AND t.id = e.invoice_id
LEFT JOIN invoicing_customer c ON c.organisation_id = e.organisation_id AND c.id = e.customer_id
LEFT JOIN payments_intent n ON n.organisation_id = e.organisation_id AND n.id = e.intent_id
LEFT JOIN payments_receipt r ON r.organisation_id = e.organisation_id AND r.id = e.receipt_id
ORDER BY e.at, e.id, l.amount < 0, l.account
"""


@require_safe
@member
def payments_file(request: Any, kind: str) -> HttpResponse:
    """The list as it is narrowed down."""
    get_or_404(kind if kind in KINDS else None)
    if not FILES.spend(str(request.user.pk)):
        return too_many(request, FILES.seconds)
    wanted = filters.wanted(request, drivers=words.gateways(request.org))
    return _answer(request, "payments", kind, wanted, lambda: _payment_rows(request.org, wanted))


@require_safe
@member
def journal_file(request: Any, kind: str) -> HttpResponse:
    """Every line of the books of the period that the address names."""
    get_or_404(kind if kind in KINDS else None)
    if not FILES.spend(str(request.user.pk)):
        return too_many(request, FILES.seconds)
    wanted = filters.wanted(request, drivers={})
    return _answer(request, "journal", kind, wanted, lambda: _journal_rows(request.org, wanted))


def _answer(request: Any, name: str, kind: str, wanted: filters.Wanted, make: Callable[[], Iterator[list[Value]]]) -> HttpResponse:
    if wanted.problems:
        raise Http404
    lang = current()
    rows = _spoken(make, lang, reader.current())
    title = pgettext("page", "Payments") if name == "payments" else _("Journal")
    chunks = csv_stream(rows) if kind == "csv" else xlsx_stream(rows, lang=lang, sheet=title)
    days = [each.isoformat() for each in (wanted.since, wanted.until) if each] or [local_date(request.org, clock.now()).isoformat()]
    response: Any = StreamingHttpResponse(chunks, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, "-".join([name, *dict.fromkeys(days)]) + f".{kind}") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _spoken(make: Callable[[], Iterator[list[Value]]], lang: str, settings: Any) -> Iterator[list[Value]]:
    """The rows are made while they are sent, after the request: in the language and the settings that it had."""
    made: Iterator[list[Value]] | None = None
    while True:
        with translation.override(lang), reader.use(settings):
            made = made or make()
            rows = list(islice(made, CHUNK))
        if not rows:
            return
        yield from rows


def _payment_rows(org: Any, wanted: filters.Wanted) -> Iterator[list[Value]]:
    yield [
        _("Date"), _("Time"), _("Payer"), _("Invoices"), _("Way to pay"), _("Gateway"), _("Reference"), _("State"), _("Reason"), _("Currency"),
        _("Amount"), _("Money received"), _("Went back"), _("Disputed"), _("Fee"), _("Stays with you"), _("Payment number"),
    ]  # fmt: skip
    zone = ZoneInfo(org.time_zone)
    for row in queries.every(org, wanted):
        at = row.at.astimezone(zone)
        kept = row.came - row.returned - row.contested - (row.fee or 0)
        yield [
            at.date(), at.strftime("%H:%M"), row.payer, " ".join(part.number for part in row.parts), words.method(row.method),
            words.gateway(row.driver) if row.driver else "", row.reference, words.state(row.state),
            words.failure(row.failure) if row.state in ("failed", "cancelled") else "", row.currency, row.money(row.amount), row.money(row.came),
            row.money(row.returned), row.money(row.contested), None if row.fee is None else row.money(row.fee), row.money(kept), str(row.id),
        ]  # fmt: skip


def _journal_rows(org: Any, wanted: filters.Wanted) -> Iterator[list[Value]]:
    """One row a line, entries numbered within the file, debits and credits in columns of their own."""
    yield [
        _("Entry"), _("Date"), _("Time"), _("Kind of entry"), _("Document"), _("Customer"), _("Account code"), _("Account (Arabic)"),
        _("Account (English)"), _("Debit"), _("Credit"), _("Currency"), _("Reference"), _("Entry number"),
    ]  # fmt: skip
    names, zone = account_names(), ZoneInfo(org.time_zone)
    number, before = 0, None
    for entry, at, kind, currency, document, customer, reference, account, units in _entries(org, wanted):
        number, before = (number, before) if entry == before else (number + 1, entry)
        local: datetime = at.astimezone(zone)
        debit, credit = (from_minor(units, currency), None) if units > 0 else (None, from_minor(-units, currency))
        arabic, english = names[account]
        yield [
            Decimal(number), local.date(), local.strftime("%H:%M"), words.kind(kind), document, customer, account, arabic, english, debit, credit,
            currency, reference, str(entry),
        ]  # fmt: skip


def account_names() -> dict[str, tuple[str, str]]:
    """{account: (Arabic, English)}"""
    said: dict[str, list[str]] = {account: [] for account in ACCOUNTS}
    for lang in ("ar", "en"):
        with translation.override(lang):
            for account in ACCOUNTS:
                said[account].append(words.account(account))
    return {account: (arabic, english) for account, (arabic, english) in said.items()}


def _entries(org: Any, wanted: filters.Wanted) -> Iterator[tuple[Any, ...]]:
    """The lines of the period in the order of time, a chunk of entries at a time."""
    zone = ZoneInfo(org.time_zone)
    values: dict[str, Any] = {
        "org": org.pk, "limit": CHUNK, "at": None, "id": None,
        "since": datetime.combine(wanted.since, time(), zone) if wanted.since else None,
        "until": datetime.combine(wanted.until + timedelta(days=1), time(), zone) if wanted.until else None,
    }  # fmt: skip
    while True:
        rows = run(_ENTRIES, values, planned=True)
        yield from rows
        seen: set[UUID] = {row[0] for row in rows}
        if len(seen) < CHUNK:
            return
        values |= {"id": rows[-1][0], "at": rows[-1][1]}
