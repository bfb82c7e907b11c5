"""The invoice list: newest first, narrowed by state. Finding is `find`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wasl.app import clock
from wasl.app.console.access import member, show
from wasl.app.console.queries import STATUS, invoice_list, sums
from wasl.app.invoicing.prepare import local_date
from wasl.app.ui.jinja import query

PAGES_MAX = 10_000  # beyond that a number in the address is a slip, not a page
TEXT_MAX = 100


@dataclass(frozen=True)
class Chip:
    label: str
    href: str
    on: bool


@require_safe
@member
def invoices(request: Any) -> HttpResponse:
    status = request.GET.get("status", "all")
    status = status if status in STATUS else "all"
    if text := request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_MAX]:  # an address of before there was one search for all
        return redirect(f"{reverse('console-search', args=[request.org.slug])}?{urlencode({'q': text})}")
    page = page_number(request)
    today = local_date(request.org, clock.now())
    rows, has_next = invoice_list(request.org, today=today, status=status, page=page)
    return show(
        request, "console/invoices.html", "invoices", rows=rows, has_next=has_next, page=page, chosen=status, today=today,
        sums=sums(request.org, today=today), filters=filters(request, status),
    )  # fmt: skip


def filters(request: Any, status: str) -> list[Chip]:
    labels = {
        "all": _("All"), "open": _("To be paid"), "due_soon": _("Due soon"), "overdue": _("Overdue"), "paid": _("Paid"),
        "credited": _("Cancelled"), "written_off": pgettext("state of an invoice", "Written off"), "notes": _("Credit notes"),
    }  # fmt: skip
    return [Chip(label, query(request, status=None if key == "all" else key, page=None, lang=None), key == status) for key, label in labels.items()]


def page_number(request: Any) -> int:
    given = request.GET.get("page", "1")
    return min(max(int(given), 1), PAGES_MAX) if given.isascii() and given.isdigit() and len(given) < 8 else 1
