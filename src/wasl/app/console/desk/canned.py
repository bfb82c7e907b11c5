"""`/console/<organisation>/desk/canned`: the answers that are given often, written, tried out and removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.forms import RecordForm
from wasl.app.notices import templating
from wasl.app.support.canned.fill import example, values
from wasl.app.support.canned.keep import VARIABLES, answers, keep, remove
from wasl.app.support.models import CannedAnswer
from wasl.app.ui.i18n import current
from wasl.errors import WaslError

GONE_KEY = "wasl_canned_gone"
READERS = {"title": str, "text_ar": str, "text_en": str}
BESIDE = {"WASL-SUP-10": "title", "WASL-SUP-11": "title", "WASL-FORM-04": "title", "WASL-FORM-03": "title"}


def variables() -> list[tuple[str, str]]:
    """Each variable and what it says."""
    named = {
        "name": _("The customer's name"), "number": _("The invoice's number"), "amount": _("What is left to pay"), "due_date": _("The due date"),
        "link": _("A link to pay"),
    }  # fmt: skip
    return [("{" + key + "}", named[key]) for key in VARIABLES]


@require_safe
@member
def listing(request: Any) -> HttpResponse:
    gone = request.session.get(GONE_KEY)
    gone = gone if gone and gone["org"] == str(request.org.pk) else None
    return show(request, "console/desk/canned.html", "questions", rows=answers(request.org), gone=gone)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def edit(request: Any, answer_id: UUID | None = None) -> HttpResponse:
    """Write one. `act=preview` shows it filled with figures of nobody; nothing is kept by that."""
    row: Any = get_or_404(CannedAnswer.objects.for_org(request.org).filter(pk=answer_id).first()) if answer_id else None
    form = RecordForm(READERS)
    if request.method == "POST":
        form.read(request.POST)
        if request.POST.get("act") != "preview" and kept(request, form, answer_id):
            messages.success(request, _("The answer is kept."))
            return redirect("console-canned", slug=request.org.slug)
    elif row is not None:
        form.typed = {"title": row.title, "text_ar": row.text_ar, "text_en": row.text_en}
    context = {"form": form, "row": row, "variables": variables(), "previews": previews(request, form)}
    return show(request, "console/desk/canned_edit.html", "questions", status=422 if form.problems else 200, **context)


def kept(request: Any, form: RecordForm, answer_id: UUID | None) -> bool:
    try:
        keep(
            request.org, title=form["title"], text_ar=form["text_ar"], text_en=form["text_en"], actor=request.actor, answer_id=answer_id
        )  # fmt: skip
    except WaslError as error:
        form.problems[BESIDE.get(error.code) or _wrong_text(form)] = [error.message(current())]
        return False
    return True


def _wrong_text(form: RecordForm) -> str:
    """Which of both texts has the brace that is no variable."""
    try:
        templating.check(form["text_ar"], one_line=False, variables=VARIABLES)
    except WaslError:
        return "text_ar"
    return "text_en"


def previews(request: Any, form: RecordForm) -> list[tuple[str, str]]:
    """(language, the text with figures of nobody) of each that is written."""
    facts = example(request.org)
    return [
        (language, str(templating.fill(form[f"text_{language}"], dict(values(facts, language)) | {"name": "—"})))
        for language in ("ar", "en")
        if form[f"text_{language}"].strip()
    ]


@require_POST
@member
def delete(request: Any, answer_id: UUID) -> HttpResponse:
    gone = get_or_404(remove(request.org, answer_id, actor=request.actor))
    request.session[GONE_KEY] = {"org": str(request.org.pk), "title": gone.title, "text_ar": gone.text_ar, "text_en": gone.text_en}
    return redirect("console-canned", slug=request.org.slug)


@require_POST
@member
def bring_back(request: Any) -> HttpResponse:
    """The answer that was removed last."""
    gone = request.session.pop(GONE_KEY, None)
    if gone and gone["org"] == str(request.org.pk):
        try:
            keep(request.org, title=gone["title"], text_ar=gone["text_ar"], text_en=gone["text_en"], actor=request.actor)
            messages.success(request, _("The answer is back."))
        except WaslError as error:
            messages.error(request, error.message(current()))
    return redirect("console-canned", slug=request.org.slug)
