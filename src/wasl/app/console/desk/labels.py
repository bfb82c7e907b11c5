"""`/console/<organisation>/desk/labels`: the team's words for conversations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from wasl.app.console.access import member, show
from wasl.app.support.desk.labels import keep_label, labels, remove_label
from wasl.app.ui.i18n import current
from wasl.errors import WaslError


def tones() -> list[tuple[str, str]]:
    return [
        ("info", pgettext("colour of a label", "Blue")), ("good", pgettext("colour of a label", "Green")),
        ("wait", pgettext("colour of a label", "Amber")),
        ("late", pgettext("colour of a label", "Red")), ("off", pgettext("colour of a label", "Grey")),
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@member
def listing(request: Any) -> HttpResponse:
    """The list; a POST adds one, or renames the one of `label`."""
    problem, typed = "", {"name": "", "tone": "info", "label": ""}
    if request.method == "POST":
        typed = {key: request.POST.get(key, "")[:80] for key in typed}
        try:
            keep_label(request.org, name=typed["name"], tone=typed["tone"], actor=request.actor, label_id=_uuid(typed["label"]))
            messages.success(request, _("The label is kept."))
            return redirect("console-labels", slug=request.org.slug)
        except WaslError as error:
            problem = error.message(current())
    context = {"rows": labels(request.org), "tones": tones(), "problem": problem, "typed": typed}
    return show(request, "console/desk/labels.html", "questions", status=422 if problem else 200, **context)


@require_POST
@member
def delete(request: Any, label_id: UUID) -> HttpResponse:
    if not remove_label(request.org, label_id, actor=request.actor):
        raise Http404
    messages.success(request, _("The label is removed from every conversation."))
    return redirect("console-labels", slug=request.org.slug)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
