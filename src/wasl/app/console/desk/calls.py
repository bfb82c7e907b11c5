"""`/console/<organisation>/desk/calls`: whom to call, when, and how it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wasl.app.console.access import member, show
from wasl.app.console.desk.queue import calls
from wasl.app.console.invoices import Chip, page_number
from wasl.app.errors import NotFound
from wasl.app.support.callback import done, unanswered
from wasl.app.support.callback.acts import undo
from wasl.app.support.hours import settings_of
from wasl.app.ui.i18n import current
from wasl.app.ui.jinja import query
from wasl.errors import WaslError


@require_safe
@member
def listing(request: Any) -> HttpResponse:
    over = request.GET.get("show") == "over"
    page = page_number(request)
    rows, has_next = calls(request.org, over=over, page=page)
    filters = [
        Chip(_("Waiting"), query(request, show=None, page=None, lang=None), not over),
        Chip(pgettext("calls", "Over"), query(request, show="over", page=None, lang=None), over),
    ]
    context = {"rows": rows, "has_next": has_next, "page": page, "over": over, "filters": filters, "offered": settings_of(request.org).takes_calls}
    return show(request, "console/desk/calls.html", "questions", **context)


ACTS = {"done": done, "unanswered": unanswered, "undo": undo}


@require_POST
@member
def act(request: Any, call_id: UUID) -> HttpResponse:
    wanted = request.POST.get("act", "")
    if wanted not in ACTS:
        raise Http404
    try:
        ACTS[wanted](request.org.pk, call_id, actor=request.actor)
    except NotFound:
        raise Http404 from None
    except WaslError as error:
        messages.error(request, error.message(current()))
    else:
        messages.success(request, {
            "done": _("Marked as called."), "unanswered": _("Kept in the list. The customer reads that you tried."),
            "undo": _("The call waits again."),
        }[wanted])  # fmt: skip
    return redirect("console-calls", slug=request.org.slug)
