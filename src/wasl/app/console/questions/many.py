"""Acts on the conversations that were ticked, and the last of them taken back. Ticks that are not of this seller are as if they
were not there (T53, T65)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wasl.app.console.access import member
from wasl.app.errors import NotFound
from wasl.app.support.desk.many import CHOSEN_MAX, Before, assign_many, close_many, undo_assign, undo_close
from wasl.app.support.sent import form_key
from wasl.app.ui.counting import ngettext
from wasl.app.ui.i18n import current
from wasl.errors import WaslError

UNDO_KEY = "wasl_desk_undo"


def _back(request: Any) -> str:
    """The queue as it was filtered: a query of our own page, whatever else came."""
    given = request.POST.get("back", "")
    url = reverse("console-questions", args=[request.org.slug])
    return url + given if given.startswith("?") and len(given) <= 500 and "\\" not in given and given.isprintable() else url


@require_POST
@member
def many(request: Any) -> HttpResponse:
    ids = [found for each in request.POST.getlist("pick")[:CHOSEN_MAX] if (found := _uuid(each))]
    do = request.POST.get("do", "")
    try:
        if do == "close":
            before = close_many(request.org.pk, ids, outcome=request.POST.get("outcome", ""), actor=request.actor, key=form_key(request))
            said = ngettext("%(num)d conversation closed.", "%(num)d conversations closed.", len(before))
        elif do in ("assign", "mine"):
            person = request.user.pk if do == "mine" else _uuid(request.POST.get("person", ""))
            before = assign_many(request.org.pk, ids, person_id=person, actor=request.actor)
            said = ngettext("%(num)d conversation assigned.", "%(num)d conversations assigned.", len(before))
        else:
            raise Http404
    except NotFound:
        raise Http404 from None
    except WaslError as error:
        messages.error(request, error.message(current()))
        return redirect(_back(request))
    request.session[UNDO_KEY] = {"org": str(request.org.pk), "do": "close" if do == "close" else "assign", "words": said, "before": packed(before)}
    return redirect(_back(request))


@require_POST
@member
def undo(request: Any) -> HttpResponse:
    """Take the last act on several back; once, and only at the seller where it was done."""
    last = request.session.pop(UNDO_KEY, None)
    if last and last["org"] == str(request.org.pk):
        before = unpacked(last["before"])
        if last["do"] == "close":
            number = undo_close(request.org.pk, before, actor=request.actor, key=form_key(request))
            messages.success(request, ngettext("%(num)d conversation is open again.", "%(num)d conversations are open again.", number))
            if number < len(before):
                messages.error(request, _("What somebody wrote in meanwhile stays as it is."))
        else:
            number = undo_assign(request.org.pk, before, actor=request.actor)
            messages.success(request, ngettext("%(num)d conversation is where it was.", "%(num)d conversations are where they were.", number))
    return redirect(_back(request))


@require_POST
@member
def forget(request: Any) -> HttpResponse:
    """The offer to take it back is not needed."""
    request.session.pop(UNDO_KEY, None)
    return redirect(_back(request))


def packed(before: Sequence[Before]) -> list[list[str]]:
    return [[str(row.id), str(row.assignee_id or ""), row.waiting_since.isoformat() if row.waiting_since else ""] for row in before]


def unpacked(rows: Sequence[Sequence[str]]) -> list[Before]:
    return [Before(UUID(id_), _uuid(person), datetime.fromisoformat(since) if since else None) for id_, person, since in rows]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
