"""`/i/<token>/remind`: when this reader is reminded of this invoice, and one click to change it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wasl.app.notices.models import Watch
from wasl.app.notices.preferences import preferences_of
from wasl.app.notices.preview import next_of
from wasl.app.notices.watches import remind_on, resume, stop
from wasl.app.notices.words import next_in_words
from wasl.app.portal.access import allowed
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.ui.limits import too_many
from wasl.app.ui.numbers import ascii_digits

DAYS_MAX = 365


@require_http_methods(["GET", "HEAD", "POST"])
@by_viewer
def remind(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What is planned, and the acts: `stop`, `resume`, `day`. A GET changes nothing."""
    problem = False
    if request.method == "POST":
        if not allowed(request, viewer):
            return too_many(request)
        problem = not _done(request, viewer)
        if not problem:
            return HttpResponseRedirect(viewer.url("payer-remind") + "?saved=1")
    return render(request, "portal/remind.html", _context(request, viewer, problem), status=422 if problem else 200)


def _done(request: HttpRequest, viewer: Viewer) -> bool:
    act, place = request.POST.get("act", ""), (viewer.org, viewer.row, viewer.email)
    if act == "stop":
        stop(*place)
    elif act == "resume":
        resume(*place)
    elif act == "day":
        day = _day(request.POST.get("day", ""), viewer)
        return day is not None and remind_on(*place, day)
    return True


def _day(text: str, viewer: Viewer) -> date | None:
    """From today on, within a year."""
    try:
        day = date.fromisoformat(ascii_digits(text.strip()))
    except ValueError:
        return None
    return day if viewer.today <= day <= viewer.today + timedelta(days=DAYS_MAX) else None


def _context(request: HttpRequest, viewer: Viewer, problem: bool) -> dict[str, Any]:
    watch = Watch.objects.for_org(viewer.org).filter(invoice_id=viewer.row.pk, email=viewer.email.lower()).first()
    found = next_of(viewer.row, viewer.email) if viewer.email else None
    return {
        "seller": viewer.org.name_in(request.LANGUAGE_CODE), "number": viewer.row.number, "back_url": viewer.base_url, "problem": problem,  # type: ignore[attr-defined]
        "planned": next_in_words(found, preferences_of(viewer.email)) if found else "",
        "is_stopped": watch is not None and watch.closed == Watch.STOPPED,
        "can_choose": watch is not None and watch.closed in ("", Watch.STOPPED) and watch.due_date is not None,
        "is_saved": bool(request.GET.get("saved")), "day": found.day.isoformat() if found else "", "today": viewer.today.isoformat(),
    }  # fmt: skip
