"""Every payment, narrowed as one likes, with what it comes to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wasl.app.console.access import member, show
from wasl.app.console.invoices import Chip
from wasl.app.console.payments import filters, queries, words
from wasl.app.ui.jinja import query


@require_safe
@member
def payments(request: Any) -> HttpResponse:
    drivers = words.gateways(request.org)
    wanted = filters.wanted(request, drivers=drivers)
    found = queries.page(
        request.org, wanted, after=filters.cursor(request.GET.get("after", "")), before=filters.cursor(request.GET.get("before", ""))
    )
    return show(
        request, "console/payments/list.html", "payments", status=422 if wanted.problems else 200, page=found, wanted=wanted, words=words,
        totals=queries.totals(request.org, wanted), chips=chips(request, wanted), gateways=drivers, methods=ways(), shown=queries.SHOWN_INVOICES,
        is_empty=not found.rows and not wanted.is_narrowed and not queries.has_any(request.org), choices=choices(drivers), files=files(request),
    )  # fmt: skip


def chips(request: Any, wanted: filters.Wanted) -> list[Chip]:
    place: dict[str, Any] = {"after": None, "before": None, "lang": None}
    return [
        Chip(words.group(key), query(request, show=None if key == "all" else key, **place), key == wanted.show) for key in filters.GROUPS
    ]


def files(request: Any) -> list[dict[str, str]]:
    """What is shown, as a table; and the journal of the same days."""
    slug = request.org.slug
    kept = {name: request.GET[name] for name in ("show", "q", "method", "gateway", "since", "until") if request.GET.get(name)}
    days = {name: kept[name] for name in ("since", "until") if name in kept}
    labels = {
        ("console-payments-file", "csv"): _("Payments as CSV"), ("console-payments-file", "xlsx"): _("Payments for Excel"),
        ("console-journal-file", "csv"): _("Journal as CSV"), ("console-journal-file", "xlsx"): _("Journal for Excel"),
    }  # fmt: skip
    return [
        {"label": label, "icon": "sheet", "href": reverse(name, args=[slug, kind]) + "?" + urlencode(kept if "payments" in name else days)}
        for (name, kind), label in labels.items()
    ]


def ways() -> list[tuple[str, str]]:
    return [("", _("All ways")), *((key, words.method(key)) for key in filters.METHODS)]


def choices(drivers: dict[str, str]) -> list[tuple[str, str]]:
    return [("", _("All gateways")), *drivers.items()]
