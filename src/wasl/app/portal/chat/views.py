"""What an open page of a conversation asks: what is new, another ticket, how many are unread. The rights are asked anew each time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from wasl.app.portal.access import missed
from wasl.app.portal.chat import live
from wasl.app.portal.questions.page import fresh_page
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.support import conversations
from wasl.app.support.errors import TooFast
from wasl.app.support.models import PAYER, Conversation
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, visitor

ASKS = Limit(count=120, seconds=60)  # of one reader of one invoice: a lively chat asks once a message


def found(viewer: Viewer, conversation_id: UUID) -> Conversation | None:
    """A conversation about this very invoice; None for any other (T54, T64, T67)."""
    return Conversation.objects.for_org(viewer.org).filter(pk=conversation_id, invoice_id=viewer.row.pk).first()


@require_POST
@by_viewer
def news(request: HttpRequest, viewer: Viewer, conversation_id: UUID) -> HttpResponse:
    """The entries after the one that the page has; it has them now (`visible`: before its reader's eyes)."""
    conversation = found(viewer, conversation_id)
    if conversation is None:
        return missed(request)
    if not ASKS.spend(f"{visitor(request)} {viewer.row.pk}"):
        return refusal([TooFast().message(current())], 429)
    mark = conversations.seen if request.POST.get("visible") else conversations.got
    mark(viewer.org.pk, conversation.pk, side=PAYER, upto=conversation.last_at)
    return fresh(request, viewer, conversation)


def fresh(request: HttpRequest, viewer: Viewer, conversation: Conversation) -> HttpResponse:
    """New entries and how far both sides are, as a fragment for the page's script."""
    return render(request, "portal/chat/fresh.html", {"page": fresh_page(viewer, conversation, request.POST.get("after", ""))})


def refusal(sentences: list[str], status: int) -> JsonResponse:
    """What was wrong, for the page's script; the text stays in the page."""
    return JsonResponse({"errors": sentences}, status=status)


@require_safe
@by_viewer
def ticket(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Another ticket for a page whose own is over: of the invoice, or of one of its conversations (`?thread=`)."""
    wanted: Any = request.GET.get("thread", "")
    conversation = None
    if wanted:
        try:
            conversation = found(viewer, UUID(wanted))
        except ValueError:
            conversation = None
        if conversation is None:
            return missed(request)
    if not ASKS.spend(f"{visitor(request)} {viewer.row.pk}"):
        return refusal([TooFast().message(current())], 429)
    return JsonResponse({"stream": live.stream(viewer, conversation)})


@require_safe
@by_viewer
def unread(_request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """How many answers wait to be read, as the badge shows it; "" for none."""
    count = sum(live.unread(viewer).values())
    return JsonResponse({"text": format.count(count) if count else ""})
