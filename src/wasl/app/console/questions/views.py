"""The seller's conversations: the list, one of them with its invoice beside it, and every act as a POST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.invoices import TEXT_MAX, Chip, page_number
from wasl.app.console.questions.page import desk_page
from wasl.app.console.questions.queries import CHOSEN, questions
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import find_invoice
from wasl.app.portal.questions.views import file_of
from wasl.app.support import conversations, sent
from wasl.app.support.models import SELLER, Conversation
from wasl.app.ui.jinja import query

BESIDE = {"WASL-ASK-06": "outcome", "WASL-ASK-10": "photo"}


@require_safe
@member
def listing(request: Any) -> HttpResponse:
    chosen = request.GET.get("show", "waiting")
    chosen = chosen if chosen in CHOSEN else "waiting"
    text = request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_MAX]
    page = page_number(request)
    rows, has_next = questions(request.org, chosen=chosen, text=text, me=request.user.pk, page=page)
    labels = {
        "waiting": _("Waiting"), "mine": _("Mine"), "disputes": _("Disputes"), "answered": _("Answered"), "closed": _("Closed"), "all": _("All"),
    }  # fmt: skip
    filters = [
        Chip(label, query(request, show=None if key == "waiting" else key, page=None, lang=None), key == chosen) for key, label in labels.items()
    ]
    return show(
        request, "console/questions/list.html", "questions", rows=rows, has_next=has_next, page=page, q=text, chosen=chosen, filters=filters
    )  # fmt: skip


def found(request: Any, conversation_id: UUID) -> Conversation:
    return get_or_404(Conversation.objects.for_org(request.org).filter(pk=conversation_id).first())


@require_http_methods(["GET", "HEAD", "POST"])
@member
def talk(request: Any, conversation_id: UUID) -> HttpResponse:
    """One conversation. A POST answers, notes, or closes with an outcome; what is refused comes back into the field."""
    conversation = found(request, conversation_id)
    form = sent.Sent(key=sent.form_key(request))
    if request.method == "POST":
        form = sent.read(request)
        if done := form.attempt(lambda: act(request, conversation, form), BESIDE):
            messages.success(request, done)
            return redirect("console-question", slug=request.org.slug, conversation_id=conversation.pk)
    else:
        conversations.seen(request.org.pk, conversation.pk, side=SELLER, upto=conversation.last_at)
    page = desk_page(request, conversation, whole=bool(request.GET.get("earlier")))
    status = 422 if form.problems else 200
    return show(request, "console/questions/talk.html", "questions", status=status, page=page, form=form, outcome=request.POST.get("outcome", ""))


def act(request: Any, conversation: Conversation, form: sent.Sent) -> str:
    """Do what the pressed button says; what happened, in a sentence."""
    place = (request.org.pk, conversation.pk)
    wanted = request.POST.get("act", "answer")
    if wanted == "note":
        conversations.note(*place, text=form.text, actor=request.actor, key=form.key)
        return _("The note is kept. The customer does not see it.")
    if wanted == "close":
        conversations.resolve(*place, by=request.actor, outcome=request.POST.get("outcome", ""), text=form.text, key=form.key)
        return _("The conversation is closed. The customer sees how it ended.")
    conversations.answer(*place, text=form.text, photos=form.photos, actor=request.actor, key=form.key)
    return _("The answer is sent.")


@require_POST
@member
def assign(request: Any, conversation_id: UUID) -> HttpResponse:
    conversation = found(request, conversation_id)
    given = request.POST.get("person", "")
    try:
        conversations.assign(request.org.pk, conversation.pk, person_id=UUID(given) if given else None, actor=request.actor)
    except (ValueError, NotFound):
        raise Http404 from None
    messages.success(request, _("Assigned.") if given else _("Nobody takes care of it now."))
    return redirect("console-question", slug=request.org.slug, conversation_id=conversation.pk)


@require_safe
@member
def file(request: Any, conversation_id: UUID, file_id: UUID) -> HttpResponse:
    conversation = found(request, conversation_id)
    return get_or_404(file_of(find_invoice(request.org, conversation.invoice_id), conversation_id, file_id))
