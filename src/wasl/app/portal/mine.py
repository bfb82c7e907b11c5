"""`/i/<token>/not-mine`: "this invoice is not mine". It asks first, tells the seller, stops reminders, and can be taken back.

It is a dispute like any other (support/conversations): the seller finds it among what needs attention, and no reminder goes
out until it is settled or withdrawn. A GET changes nothing, so a scanner that follows the link disowns nobody's invoice.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wasl.app.portal.access import allowed
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.support.conversations import Payer, ask, conversation_of, withdraw
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import too_many
from wasl.errors import WaslError

REASON = "not_mine"
TEXT_MAX = 500  # a sentence or two; more belongs into a question


@require_http_methods(["GET", "HEAD", "POST"])
@by_viewer
def not_mine(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The question, the act, its undoing, and what stands after each."""
    said = standing(viewer)
    typed, problem = request.POST.get("text", "").strip(), ""
    if request.method == "POST":
        if not allowed(request, viewer):
            return too_many(request)
        try:
            done = take_back(viewer, said, key_of(request)) if request.POST.get("act") == "undo" else disown(viewer, typed, key_of(request))
        except WaslError as error:
            problem = error.message(current())
        else:
            return done
    context = {
        "seller": viewer.org.name_in(current()), "number": viewer.row.number, "email": viewer.email, "back_url": viewer.base_url,
        "is_said": said is not None, "was_undone": bool(request.GET.get("undone")) and said is None, "key": str(uuid4()), "text": typed,
        "problem": problem, "text_max": TEXT_MAX,
    }  # fmt: skip
    return render(request, "portal/not_mine.html", context, status=422 if problem else 200)


def standing(viewer: Viewer) -> Any:
    """The live dispute that says so, None where nobody says it (any more)."""
    found = conversation_of(viewer.row)
    return found if found is not None and found.is_live and found.is_dispute and found.reason == REASON else None


def disown(viewer: Viewer, text: str, key: str) -> HttpResponse:
    ask(viewer.row, reason=REASON, text=text[:TEXT_MAX], by=Payer(viewer.email), key=key)
    return HttpResponseRedirect(viewer.url("payer-not-mine"))


def take_back(viewer: Viewer, said: Any, key: str) -> HttpResponse:
    """Once more by mistake, or from a page that was left open, is no error."""
    if said is not None:
        withdraw(viewer.org.pk, said.pk, by=Payer(viewer.email), key=key)
    return HttpResponseRedirect(viewer.url("payer-not-mine") + "?undone=1")


def key_of(request: HttpRequest) -> str:
    """The name of one filled-in form: a second press repeats it."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid4())
