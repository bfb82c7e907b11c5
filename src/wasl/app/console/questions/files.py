"""What of a conversation can be taken along: the mail that a message came as, and the transcript as text, JSON and a page to print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.questions.page import desk_page
from wasl.app.console.questions.transcript import as_json, as_text
from wasl.app.console.questions.views import found
from wasl.app.delivery.address import safe_filename
from wasl.app.portal.views import file_response
from wasl.app.support.models import MailIn

KINDS = {"txt": "text/plain; charset=utf-8", "json": "application/json"}


@require_safe
@member
def original(request: Any, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """The mail whole, as a file to keep: never shown in our origin, whatever is in it (T31, T65)."""
    conversation = found(request, conversation_id)
    row = get_or_404(MailIn.objects.for_org(request.org).filter(pk=message_id, conversation_id=conversation.pk).exclude(data=b"").first())
    return file_response(bytes(row.data), safe_filename(f"mail-{row.received_at:%Y%m%d-%H%M%S}", "eml"), "application/octet-stream")


@require_safe
@member
def exported(request: Any, conversation_id: UUID, kind: str) -> HttpResponse:
    """The transcript with its internal notes, as the desk sees it."""
    if kind not in KINDS:
        raise Http404
    page = desk_page(request, found(request, conversation_id), whole=True)
    data = as_text(request.org, page).encode("utf-8-sig") if kind == "txt" else orjson.dumps(as_json(request.org, page), option=orjson.OPT_INDENT_2)
    return file_response(data, safe_filename(f"{page.number}-conversation", kind), KINDS[kind])


@require_safe
@member
def printed(request: Any, conversation_id: UUID) -> HttpResponse:
    """One page to print; `?notes=1` with the internal notes."""
    page = desk_page(request, found(request, conversation_id), whole=True)
    has_notes = bool(request.GET.get("notes"))
    bubbles = [each for each in page.bubbles if has_notes or each.kind != "note"]
    return show(request, "console/questions/print.html", "questions", page=page, bubbles=bubbles, has_notes=has_notes)
