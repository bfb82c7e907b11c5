"""The seller's side of accounts: a customer's statement, and how old what all customers owe is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wasl.app import clock
from wasl.app.console.access import get_or_404, member, show
from wasl.app.insight.account import Scope
from wasl.app.insight.ageing import ROWS_MAX, ageing, whole
from wasl.app.invoicing.models import Customer
from wasl.app.invoicing.prepare import local_date
from wasl.app.portal.statement_page import TYPES, asked, band_words, statement_file, statement_page
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.formats.table.stream import csv_stream, xlsx_stream

EXPORT_ROWS_MAX = 100_000


@require_safe
@member
def overview(request: Any) -> HttpResponse:
    """Every customer with something open, by age."""
    today = local_date(request.org, clock.now())
    rows = ageing(request.org, today)
    return show(
        request, "console/ageing.html", "ageing", rows=rows, sums=whole(request.org, today), bands=band_words(), zip=zip,
        is_cut=len(rows) == ROWS_MAX, limit=ROWS_MAX,
    )  # fmt: skip


@require_safe
@member
def overview_file(request: Any, kind: str) -> HttpResponse:
    """The same as a table, all customers."""
    today = local_date(request.org, clock.now())
    head = [_("Customer"), _("Currency"), _("Invoices"), *band_words(), pgettext("column", "Open")]
    found = ageing(request.org, today, limit=EXPORT_ROWS_MAX)
    rows = [head, *([each.name or _("Without a customer"), each.currency, str(each.number), *each.bands, each.open] for each in found)]
    chunks = csv_stream(rows) if kind == "csv" else xlsx_stream(rows, lang=current(), sheet=_("Ageing"))
    response: Any = StreamingHttpResponse(chunks, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"ageing-{today}.{kind}") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_safe
@member
def statement(request: Any, customer_id: UUID) -> HttpResponse:
    customer = get_or_404(Customer.objects.for_org(request.org).filter(pk=customer_id).first())
    scope = Scope(request.org, customer=customer.pk)
    wanted = asked(request.GET, scope)
    files = [(kind, f"{reverse('console-statement-file', args=[request.org.slug, customer.pk, kind])}?{wanted.query()}") for kind in TYPES]
    context: dict[str, Any] = {"customer": customer, "back": reverse("console-customer", args=[request.org.slug, customer.pk]), "files": files}
    link = lambda document: reverse("console-invoice", args=[request.org.slug, document])  # noqa: E731
    try:
        page = statement_page(scope, wanted, customer=customer.name, link=link)
    except WaslError as error:
        return show(request, "console/statement.html", "customers", status=422, problem=error.message(current()), asked=wanted, **context)
    return show(request, "console/statement.html", "customers", page=page, problem="", **context)


@require_safe
@member
def statement_files(request: Any, customer_id: UUID, kind: str) -> HttpResponse:
    customer = get_or_404(Customer.objects.for_org(request.org).filter(pk=customer_id).first())
    get_or_404(kind if kind in TYPES else None)
    scope = Scope(request.org, customer=customer.pk)
    wanted = asked(request.GET, scope)
    try:
        return statement_file(scope, wanted, kind, customer.party())
    except WaslError as error:
        context = {"customer": customer, "back": reverse("console-customer", args=[request.org.slug, customer.pk]), "files": [], "asked": wanted}
        return show(request, "console/statement.html", "customers", status=422, problem=error.message(current()), **context)
