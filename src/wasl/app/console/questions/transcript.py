"""A conversation written down: for a person as text, for a program as JSON. Notes are marked as what they are: nobody else's business."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wasl.app.support import words
from wasl.app.support.conversations import thread
from wasl.app.support.conversations.read import Said
from wasl.app.support.models import PAYER, SELLER
from wasl.app.ui import format
from wasl.app.ui.i18n import current


def as_text(org: Any, page: Any) -> str:
    """Paragraphs in the reader's language; each entry with its moment, who, and how it came."""
    head = [page.title, f"{org.name_in(current())} · {page.number} · {page.state}", ""]
    return "\n".join(head + [line for said in thread(page.conversation, with_notes=True) for line in _entry(org, said)])


def _entry(org: Any, said: Said) -> list[str]:
    zone = org.time_zone
    when = f"{format.day(format.local_day(said.at, zone), org.country)} {format.clock(said.at, zone)}"
    marks = [when, _who(org, said), _("Internal note") if said.is_note else "", _("by e-mail") if said.channel == "mail" else ""]
    told = [_act(said), said.text or (_("Erased, as the law asks") if said.is_erased else ""), said.note_number]
    files = [f"[{file.media_type}, {format.file_size(file.size)}]" for file in said.files]
    return [" · ".join(mark for mark in marks if mark), *(line for line in [*told, *files] if line), ""]


def _who(org: Any, said: Said) -> str:
    if said.side == SELLER:
        return said.person or org.name_in(current())
    return said.sender if said.is_stranger and said.sender else said.author or _("the customer")


def _act(said: Said) -> str:
    if said.act in ("asked", "disputed"):
        return words.topic(said.reason)
    if said.act == "resolved":
        return words.outcome(said.outcome) or _("Marked as solved")
    return {"withdrawn": _("Taken back"), "reopened": _("Opened again")}.get(said.act, "")


def as_json(org: Any, page: Any) -> dict[str, Any]:
    """Stable keys, moments in UTC, everything that the desk may see."""
    it = page.conversation
    return {
        "invoice": page.number, "line": it.line, "kind": it.kind, "reason": it.reason, "state": it.state, "outcome": it.outcome,
        "opened_at": it.opened_at, "first_answer_at": it.first_answer_at, "seller": org.slug,
        "messages": [
            {
                "id": str(said.id), "at": said.at, "side": said.side, "act": said.act, "reason": said.reason, "outcome": said.outcome,
                "who": _who(org, said), "channel": said.channel, "is_internal": said.is_note, "is_erased": said.is_erased,
                "from_another_address": said.side == PAYER and said.is_stranger, "text": said.text, "credit_note": said.note_number,
                "files": [{"id": str(file.id), "type": file.media_type, "size": file.size} for file in said.files],
            }
            for said in thread(it, with_notes=True)
        ],
    }  # fmt: skip
