"""What one invoice spared, and what a year of them did: the figures, where they come from, and "I printed it"."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from wasl.app import clock
from wasl.app.insight.sustainability.paper import report_print, sheet, year_of
from wasl.app.portal.access import allowed
from wasl.app.portal.door import by_inbox
from wasl.app.portal.help import footprint_words as words
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.ui.limits import too_many

YEAR_FIRST = 2000


@require_http_methods(["GET", "HEAD", "POST"])
@by_viewer
def invoice(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`/i/<token>/footprint`: this invoice. A POST says that it was printed, or takes that back."""
    address = viewer.url("payer-footprint")
    if request.method == "POST":
        if not allowed(request, viewer):
            return too_many(request)
        report_print(viewer.row, undo=request.POST.get("act") == "undo")
        return redirect(f"{address}#printed")
    found = sheet(viewer.row)
    context = {
        "number": viewer.row.number, "back": viewer.base_url, "sheet": found, "figures": words.figures(found.spared),
        "csv": viewer.url("payer-footprint-csv"), "sources": words.sources(), "studies": words.studies(), "address": address,
        "inbox": viewer.inbox is not None,
    }  # fmt: skip
    return render(request, "portal/help/footprint.html", context)


@require_safe
@by_viewer
def invoice_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    return as_csv("footprint.csv", words.figures(sheet(viewer.row).spared))


@require_safe
@by_inbox()
def year(request: HttpRequest, inbox: Any) -> HttpResponse:
    """`/inbox/footprint?year=2026`: everything this inbox got in a year."""
    found = year_of(inbox.payer, asked_year(request))
    this = clock.now().year
    context = {
        "year": found, "figures": words.figures(found.spared), "sources": words.sources(), "studies": words.studies(),
        "years": [(each, str(each)) for each in range(this, this - 3, -1)], "place": "footprint",
    }  # fmt: skip
    return render(request, "portal/help/footprint_year.html", context)


@require_safe
@by_inbox()
def year_csv(request: HttpRequest, inbox: Any) -> HttpResponse:
    found = year_of(inbox.payer, asked_year(request))
    return as_csv(f"footprint-{found.year}.csv", words.figures(found.spared))


def asked_year(request: HttpRequest) -> int:
    """The year that was asked for; this one where that makes no sense."""
    text, this = request.GET.get("year", ""), clock.now().year
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() and YEAR_FIRST <= int(text) <= this else this


def as_csv(name: str, figures: Iterable[words.Figure]) -> HttpResponse:
    """UTF-8 with a mark, so that spreadsheets read the Arabic. Every cell is ours or a number: nothing can be a formula (T37)."""
    out = StringIO()
    table = csv.writer(out)
    table.writerow(words.heads())
    table.writerows((f.label, f.unit, *f.plain, f.formula, f.source) for f in figures)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
