"""Ask for a call in a free hour, read that it is planned, cancel it. Works without script; every effect is a POST."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from wasl.app.errors import NotFound
from wasl.app.portal.access import allowed, missed
from wasl.app.portal.questions.page import frame
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.support import sent
from wasl.app.support.callback import Slot, call_back, live_call, slots
from wasl.app.support.callback import cancel as cancel_call
from wasl.app.support.conversations import Payer
from wasl.app.support.errors import CallOver
from wasl.app.support.hours.hotline import contact
from wasl.app.support.hours.phone import shown
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import too_many

BESIDE = {"WASL-SUP-03": "phone", "WASL-SUP-05": "slot", "WASL-FORM-03": "about", "WASL-FORM-04": "about"}


@require_http_methods(["GET", "HEAD", "POST"])
@by_viewer
def call(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form, or the call that is planned."""
    by = Payer(viewer.email)
    form = sent.Sent(key=sent.form_key(request))
    if request.method == "POST":
        if not allowed(request, viewer):
            return too_many(request)
        given = {name: request.POST.get(name, "").replace("\x00", "") for name in ("phone", "slot", "about")}
        row = form.attempt(lambda: call_back(viewer.org, viewer.row, **given, language=current(), by=by, key=form.key), BESIDE)
        if row is not None:
            return HttpResponseRedirect(f"{viewer.url('payer-call')}?planned=1")
    planned = live_call(viewer.org, viewer.row, viewer.email)
    told = contact(viewer.org)
    if planned is None and not told.takes_calls and not told.lines:
        return HttpResponseRedirect(viewer.url("payer-ask"))  # neither number nor call is offered: they can be written to
    context: dict[str, Any] = {
        "page": frame(viewer, None), "viewer": viewer, "form": form, "call": planned, "contact": told,
        "days": days(viewer, slots(viewer.org)) if planned is None and told.takes_calls else [],
        "typed": {name: request.POST.get(name, "")[:300] for name in ("phone", "slot", "about")},
        "when": said(viewer, planned.slot_from, planned.slot_until) if planned else "", "number": shown(planned.phone) if planned else "",
        "is_planned": bool(request.GET.get("planned")),
    }  # fmt: skip
    return render(request, "portal/callback/call.html", context, status=422 if form.problems else 200)


def zone_of(viewer: Viewer) -> str:
    return format.reader_zone(viewer.org.time_zone)


def days(viewer: Viewer, free: list[Slot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Free hours under their days, as the reader's clock has them: [("Sunday 29 November", [(key, "09:00-10:00")])]."""
    zone = zone_of(viewer)
    grouped = groupby(free, key=lambda slot: format.local_day(slot.start, zone))
    return [
        (format.day_and_weekday(day, viewer.org.country), [(slot.key, _hours(slot.start, slot.end, zone)) for slot in each])
        for day, each in grouped
    ]


def _hours(start: Any, end: Any, zone: str) -> str:
    return f"\u2066{format.clock(start, zone)}–{format.clock(end, zone)}\u2069"


def said(viewer: Viewer, start: Any, end: Any) -> str:
    zone = zone_of(viewer)
    return f"{format.day_and_weekday(format.local_day(start, zone), viewer.org.country)}{format.comma()} {_hours(start, end, zone)}"


@require_POST
@by_viewer
def cancel(request: HttpRequest, viewer: Viewer, call_id: UUID) -> HttpResponse:
    """Only one's own call about this very invoice; any other does not exist (T54, T65)."""
    if not allowed(request, viewer):
        return too_many(request)
    try:
        cancel_call(viewer.org.pk, viewer.row.pk, call_id, by=Payer(viewer.email))
    except NotFound:
        return missed(request)
    except CallOver:  # it is what was wanted
        pass
    return HttpResponseRedirect(viewer.url("payer-call"))
