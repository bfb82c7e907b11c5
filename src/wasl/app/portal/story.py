"""The whole history of an invoice as a page to print, and as CSV and JSON to keep: the same for both sides, each with what it may see."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wasl.app.delivery.address import safe_filename
from wasl.app.portal.history import Entry
from wasl.app.portal.viewer import Viewer, by_viewer, routes
from wasl.app.portal.views import file_response
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.formats.table.write import csv_cell

KINDS = ("csv", "json")


@require_safe
@by_viewer
def history(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`/i/<token>/history`: told to this reader."""
    from wasl.app.portal.build import history as told_to
    from wasl.app.portal.questions.page import frame

    files = [(kind.upper(), viewer.url("payer-history-file", kind=kind)) for kind in KINDS]
    context = {"page": frame(viewer, None), "viewer": viewer, "entries": told_to(viewer), "files": files}
    return render(request, "portal/history.html", context)


@require_safe
@by_viewer
def exported(request: HttpRequest, viewer: Viewer, kind: str) -> HttpResponse:
    from wasl.app.portal.build import history as told_to

    return story_file(told_to(viewer), kind, viewer.row, viewer.org)


def story_file(entries: Sequence[Entry], kind: str, row: Any, org: Any) -> HttpResponse:
    """What happened, as a file: times in UTC and on the seller's wall, titles in the reader's language. Plans are no history."""
    if kind not in KINDS:
        raise Http404
    told = [entry for entry in entries if entry.moment is not None and entry.tone != "next"]
    data = as_csv(told, org) if kind == "csv" else as_json(told, row)
    mime = "text/csv; charset=utf-8" if kind == "csv" else "application/json"
    return file_response(data, safe_filename(f"{row.number}-history", kind), mime)


def as_csv(entries: Sequence[Entry], org: Any) -> bytes:
    """UTF-8 with a byte order mark; no cell that a spreadsheet would run (T37)."""
    out = io.StringIO("\ufeff", newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_("Time (UTC)"), _("Date"), _("Time"), _("Event"), _("What happened"), _("Details")])
    for entry in entries:
        assert entry.moment is not None
        at = entry.moment
        local = [format.local_day(at, org.time_zone).isoformat(), format.clock(at, org.time_zone)]
        row = [at.strftime("%Y-%m-%dT%H:%M:%SZ"), *local, entry.type, entry.title, format.comma().join(entry.details)]
        writer.writerow([csv_cell(value) for value in row])
    return out.getvalue().encode()


def as_json(entries: Sequence[Entry], row: Any) -> bytes:
    body = {
        "invoice": row.number,
        "language": current(),
        "events": [{"at": entry.moment, "type": entry.type, "title": entry.title, "details": list(entry.details)} for entry in entries],
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z) + b"\n"


urlpatterns = [
    *routes("/history", history, "payer-history"),
    *routes("/history.<slug:kind>", exported, "payer-history-file"),
]
