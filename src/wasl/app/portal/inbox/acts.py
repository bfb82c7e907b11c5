"""Small acts around the list: views kept, renamed, removed and brought back; the last act undone; the calendar address."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wasl.app.portal.access import missed, private
from wasl.app.portal.door import by_inbox
from wasl.app.portal.inbox import feed, keep, marks, queries
from wasl.app.portal.inbox.page import today_of
from wasl.app.portal.inbox.views import UNDO_KEY
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor
from wasl.errors import WaslError

FETCHES = Limit(count=60, seconds=600)  # calendar programs ask every few minutes at most


@require_POST
@by_inbox()
def save_view(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """Keep the filters of the page under a name."""
    query = request.POST.get("filters", "")
    try:
        kept = keep.save(inbox, request.POST.get("name", ""), query)
    except WaslError as error:
        messages.error(request, error.message(current()))
        return redirect(f"{reverse('inbox')}?{query[:500]}" if query.isprintable() else reverse("inbox"))
    messages.success(request, _("Saved. You find this view above your list from now on."))
    return redirect(kept.href)


@require_POST
@by_inbox()
def change_view(request: HttpRequest, inbox: Inbox, view_id: UUID) -> HttpResponse:
    """Rename, remove or bring back a view; one that is not the reader's is not there (T54)."""
    do = request.POST.get("do", "")
    try:
        done = {
            "rename": lambda: keep.rename(inbox, view_id, request.POST.get("name", "")),
            "remove": lambda: keep.remove(inbox, view_id),
            "restore": lambda: keep.restore(inbox, view_id),
        }.get(do, lambda: False)()
    except WaslError as error:
        messages.error(request, error.message(current()))
        return redirect("inbox-views")
    if not done:
        return missed(request)
    if do == "remove":
        request.session[keep.REMOVED_KEY] = str(view_id)
        return redirect("inbox")
    return redirect("inbox-views" if do == "rename" else "inbox")


@require_safe
@by_inbox()
def views(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """The views that the reader keeps, each with its name to change."""
    return render(request, "portal/inbox/views.html", {"views": keep.views(inbox), "place": "inbox", "limit": keep.NAME_CHARS_MAX})


@require_POST
@by_inbox("pay")
def undo(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """Take the last stars or the last archiving back: the form names the same invoices again."""
    do = request.POST.get("do", "")
    rows = queries.named(inbox.payer, request.POST.getlist("pick")[:200])
    if do in marks.ACTS and rows:
        marks.mark(inbox, do, rows)
    request.session.pop(UNDO_KEY, None)
    return redirect("inbox")


@require_safe
@by_inbox()
def calendar(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """The calendar address: what it is, how to use it, how to stop it."""
    address = feed.address_of(inbox)
    url = request.build_absolute_uri(address.path) if address else ""
    context = {"address": address, "feed_url": url, "webcal": "webcal" + url[url.index(":") :] if url else "", "place": "inbox"}
    return render(request, "portal/inbox/calendar.html", context)


@require_POST
@by_inbox()
def change_calendar(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    if request.POST.get("do") == "make":
        feed.make(inbox)
        messages.success(request, _("Your calendar address is ready."))
    elif feed.revoke(inbox):
        messages.success(request, _("The calendar address no longer works. Calendars that use it become empty."))
    return redirect("inbox-calendar")


@require_safe
def fetched(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself: no cookie, no sign-in, the address alone."""
    if not FETCHES.spend(visitor(request)):
        return private(too_many(request, FETCHES.seconds))
    found = feed.resolve(token)
    if found is None:
        return missed(request)
    with translation.override(found.language):
        origin = request.build_absolute_uri("/").rstrip("/")
        data = feed.calendar(found.payer_id, today_of(found.payer_id), origin=origin, email=found.person.email)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    response: HttpResponse = HttpResponseNotModified() if request.headers.get("If-None-Match") == tag else HttpResponse(data)
    response["Content-Type"] = "text/calendar; charset=utf-8"
    response["Content-Disposition"] = 'attachment; filename="invoices.ics"'
    response["ETag"] = tag
    private(response)
    response["Cache-Control"] = "private, no-cache"
    return response
