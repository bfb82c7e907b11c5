"""Ask, read the answers, go on, close: the payer's side of a conversation. Works without script; every effect is a POST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.delivery.address import safe_filename
from wasl.app.portal.access import allowed, missed
from wasl.app.portal.acts import is_by_a_person
from wasl.app.portal.chat.views import found, fresh, refusal
from wasl.app.portal.questions.page import ask_page, talk_page
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.portal.views import file_response
from wasl.app.sql import run
from wasl.app.support import conversations, sent
from wasl.app.support.errors import TooFast
from wasl.app.support.files import ACCEPT, ENDINGS, TEXT
from wasl.app.support.models import PAYER, Conversation
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import too_many

BESIDE = {"WASL-ASK-02": "reason", "WASL-ASK-10": "photo"}  # where a refusal is shown, if not at the text


@require_http_methods(["GET", "HEAD", "POST"])
@by_viewer
def ask(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`/i/<token>/ask?line=3`: what it is about, in words and photos. Without a line, about the whole invoice."""
    line = request.POST.get("line", request.GET.get("line", ""))[:60]
    page = ask_page(viewer, line)
    if page is None:
        return missed(request)
    form = sent.Sent(key=sent.form_key(request), reason=request.GET.get("reason", ""))
    if request.method == "POST":
        if not allowed(request, viewer):
            return too_many(request)
        form = sent.read(request)
        by = conversations.Payer(viewer.email)
        asked = form.attempt(
            lambda: conversations.ask(viewer.row, line=line, reason=form.reason, text=form.text, photos=form.photos, by=by, key=form.key), BESIDE
        )
        if asked is not None:
            return HttpResponseRedirect(f"{viewer.url('payer-question', conversation_id=asked.pk)}?sent=1#last")
    template = "portal/chat/panel_ask.html" if is_panel(request) else "portal/questions/ask.html"
    context = {"page": page, "viewer": viewer, "form": form, "accept": ACCEPT}
    return render(request, template, context, status=422 if form.problems else 200)


def is_panel(request: HttpRequest) -> bool:
    """Whether the invoice's page asks, to show the conversation beside itself."""
    return request.headers.get("X-Wasl-Panel") == "1"


def is_chat(request: HttpRequest) -> bool:
    """Whether a page's script sends a message, and wants what is new instead of a page."""
    return request.headers.get("X-Wasl-Chat") == "1"


@require_safe
@by_viewer
def latest(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`/i/<token>/questions`: where a mail of an answer leads. The conversation with the newest word of the seller, or the form to ask."""
    known = conversations.conversations_of(viewer.row)
    if not known:
        return HttpResponseRedirect(viewer.url("payer-ask"))
    unread = [each for each in known if each.payer_read_at is None or each.payer_read_at < each.last_at]
    newest = max(unread or known, key=lambda each: each.last_at)
    return HttpResponseRedirect(viewer.url("payer-question", conversation_id=newest.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@by_viewer
def talk(request: HttpRequest, viewer: Viewer, conversation_id: UUID) -> HttpResponse:
    """The conversation, and one more message of the payer's."""
    conversation = found(viewer, conversation_id)
    if conversation is None:
        return missed(request)
    form = sent.Sent(key=sent.form_key(request))
    if request.method == "POST":
        if not allowed(request, viewer):
            return refusal([TooFast().message(current())], 429) if is_chat(request) else too_many(request)
        form = sent.read(request)
        by = conversations.Payer(viewer.email)
        place = (viewer.org.pk, conversation.pk)
        if form.attempt(lambda: conversations.reply(*place, text=form.text, photos=form.photos, by=by, key=form.key), BESIDE) is not None:
            return fresh(request, viewer, conversation) if is_chat(request) else back(viewer, conversation)
        if is_chat(request):
            return refusal([text for _, text in form.summary], 422)
    elif is_by_a_person(request):
        conversations.seen(viewer.org.pk, conversation.pk, side=PAYER, upto=conversation.last_at)
    return show(request, viewer, conversation, form)


def show(request: HttpRequest, viewer: Viewer, conversation: Conversation, form: Any) -> HttpResponse:
    context = {
        "page": talk_page(viewer, conversation, whole=bool(request.GET.get("earlier"))),
        "viewer": viewer,
        "form": form,
        "is_sent": bool(request.GET.get("sent")),
        "accept": ACCEPT,
    }
    template = "portal/chat/panel_talk.html" if is_panel(request) else "portal/questions/talk.html"
    return render(request, template, context, status=422 if form.problems else 200)


def back(viewer: Viewer, conversation: Conversation) -> HttpResponse:
    return HttpResponseRedirect(f"{viewer.url('payer-question', conversation_id=conversation.pk)}#last")


@require_POST
@by_viewer
def close(request: HttpRequest, viewer: Viewer, conversation_id: UUID) -> HttpResponse:
    """Solved, or taken back."""
    conversation = found(viewer, conversation_id)
    act = request.POST.get("act", "")
    if conversation is None or act not in ("solved", "withdraw"):
        return missed(request)
    if not allowed(request, viewer):
        return too_many(request)
    by = conversations.Payer(viewer.email)
    form = sent.Sent(key=sent.form_key(request))
    closing = conversations.resolve if act == "solved" else conversations.withdraw
    if form.attempt(lambda: closing(viewer.org.pk, conversation.pk, by=by, key=form.key)) is None:
        return show(request, viewer, conversation, form)
    return back(viewer, conversation)


_FILE = """
SELECT b.data, a.media_type, m.at, b.name FROM support_attachment a
JOIN support_attachmentbody b ON b.organisation_id = a.organisation_id AND b.id = a.id
JOIN support_message m ON m.organisation_id = a.organisation_id AND m.id = a.message_id
WHERE a.organisation_id = %s AND a.invoice_id = %s AND m.conversation_id = %s AND a.id = %s
"""


@require_safe
@by_viewer
def file(request: HttpRequest, viewer: Viewer, conversation_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of this conversation, to keep: never shown in our origin (T31)."""
    response = file_of(viewer.row, conversation_id, file_id)
    return missed(request) if response is None else response


def file_of(row: Any, conversation_id: UUID, file_id: UUID) -> HttpResponse | None:
    """The file as an attachment; None where this invoice's conversation has none of that id."""
    rows = run(_FILE, (row.organisation_id, row.pk, conversation_id, file_id))
    if not rows:
        return None
    data, media_type, at, name = rows[0]
    name = name or safe_filename(f"{row.number}-{at:%Y%m%d-%H%M%S}", ENDINGS.get(media_type, "bin"))
    return file_response(bytes(data), name, f"{media_type}; charset=utf-8" if media_type == TEXT else media_type)
