"""The list of an inbox and what can be done with it. Every view is handed the open inbox and asks for nothing outside it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wasl.app.portal.access import private
from wasl.app.portal.door import by_inbox
from wasl.app.portal.inbox import export, files, keep, marks, queries
from wasl.app.portal.inbox.filters import Filters, read
from wasl.app.portal.inbox.page import address, lines, list_page, today_of
from wasl.app.portal.inbox.totals import totals_page
from wasl.app.portal.pay import several
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.counting import ngettext
from wasl.app.ui.limits import Limit, too_many

EXPORTS = Limit(count=30, seconds=600)  # of one person
PICKED_MAX = 200  # ticks of one form: eight pages' worth
UNDO_KEY = "wasl_inbox_undo"


@require_safe
@by_inbox()
def inbox(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """The list, narrowed by the address."""
    page = list_page(inbox.payer, read(request.GET), after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    undo = request.session.pop(UNDO_KEY, None)
    context = {"page": page, "place": "inbox", "views": keep.views(inbox), "undo": undo, "removed": keep.just_removed(request, inbox)}
    return render(request, "portal/inbox/list.html", context | {"inbox": inbox})


@require_safe
@by_inbox()
def totals(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """What is owed and what was paid, in each currency, month by month."""
    return render(request, "portal/inbox/totals.html", {"page": totals_page(inbox.payer), "place": "inbox"})


@require_safe
@by_inbox()
def exported(request: HttpRequest, inbox: Inbox, kind: str) -> HttpResponse:
    """The list as it is filtered, as a table for a spreadsheet."""
    if not EXPORTS.spend(str(inbox.person.pk)):
        return too_many(request, EXPORTS.seconds)
    filters = read(request.GET)
    today = today_of(inbox.payer)
    return _table(request, kind, queries.every(inbox.payer, filters, today), today)


def _table(request: HttpRequest, kind: str, rows: Any, today: Any) -> HttpResponse:
    return file_stream(*export.table(rows, today, kind, origin=request.build_absolute_uri("/").rstrip("/")))


def file_stream(chunks: Any, name: str, mime: str) -> HttpResponse:
    """A file that is sent as it is made: as an attachment, never run in our origin (T31)."""
    from django.http import StreamingHttpResponse

    response = StreamingHttpResponse(chunks, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return private(response)  # type: ignore[arg-type]


@require_POST
@by_inbox()
def all_files(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """Every file of what the filters find, in one ZIP."""
    filters = _posted_filters(request)
    today = today_of(inbox.payer)
    found = queries.page(inbox.payer, filters, today, limit=files.INVOICES_MAX)
    if found.next:
        context = {"limit": files.INVOICES_MAX, "back": address(filters), "place": "inbox"}
        return render(request, "portal/inbox/too_many_files.html", context, status=422)
    return _zip(request, inbox, found.rows, address(filters))


def _zip(request: HttpRequest, inbox: Inbox, rows: list[queries.Row], back: str) -> HttpResponse:
    if not rows:
        return _nothing(request, back)
    if not EXPORTS.spend(str(inbox.person.pk)):
        return too_many(request, EXPORTS.seconds)
    return file_stream(files.archive(inbox, rows), files.archive_name(), "application/zip")


def _posted_filters(request: HttpRequest) -> Filters:
    return read(dict(parse_qsl(request.POST.get("filters", "")[:1000])))


def _nothing(request: HttpRequest, back: str) -> HttpResponse:
    from django.contrib import messages

    messages.error(request, _("Tick at least one invoice first."))
    return redirect(back)


@require_POST
@by_inbox()
def selected(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """One act on the invoices that were ticked. Ticks that are not of this inbox are as if they were not there (T54, T65)."""
    back, do = address(_posted_filters(request)), request.POST.get("do", "")
    rows = queries.named(inbox.payer, request.POST.getlist("pick")[:PICKED_MAX])
    if not rows:
        return _nothing(request, back)
    if do == "zip":
        return _zip(request, inbox, rows, back)
    if do == "pay":
        several.keep(request, [row.handle for row in rows])
        return redirect("inbox-pay")
    if do in export.KINDS:
        today = today_of(inbox.payer)
        return _table(request, do, iter(rows), today)
    if do in marks.ACTS and inbox.can_pay:
        number = marks.mark(inbox, do, rows)
        request.session[UNDO_KEY] = {"words": _said(do, number), "do": marks.ACTS[do].undo, "picks": [row.handle for row in rows]}
    return redirect(back)


def _said(do: str, number: int) -> str:
    return {
        "star": ngettext("%(num)d invoice starred.", "%(num)d invoices starred.", number),
        "unstar": ngettext("Star taken off %(num)d invoice.", "Stars taken off %(num)d invoices.", number),
        "archive": ngettext("%(num)d invoice archived.", "%(num)d invoices archived.", number),
        "restore": ngettext("%(num)d invoice brought back from the archive.", "%(num)d invoices brought back from the archive.", number),
    }[do]


__all__ = ["all_files", "exported", "inbox", "lines", "selected", "totals"]
