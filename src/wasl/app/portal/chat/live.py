"""What a page of a conversation listens to, and what it says of the other side: there or away, and how soon they answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app import live
from wasl.app.live.ticket import Speaker
from wasl.app.portal.viewer import Viewer
from wasl.app.sql import run
from wasl.app.support import pace
from wasl.app.support.hours import opening, say
from wasl.app.support.models import PAYER, Conversation
from wasl.app.ui import format

TICKET_SECONDS = 1800  # a page that stays open asks for another one, with its rights at that time


@dataclass(frozen=True)
class Live:
    """Addresses: the stream, where to get another ticket, and where new entries come from."""

    stream: str
    renew: str
    news: str
    words: str  # JSON: what the script says


@dataclass(frozen=True)
class Presence:
    """`text` says whether somebody is there and how soon they answer; "" where neither is known."""

    text: str
    is_away: bool


def of_conversation(viewer: Viewer, conversation: Conversation) -> Live:
    return Live(
        stream(viewer, conversation), f"{viewer.url('payer-live')}?thread={conversation.pk}",
        viewer.url("payer-chat", conversation_id=conversation.pk), words(viewer.org.name),
    )  # fmt: skip


def stream(viewer: Viewer, conversation: Conversation | None = None) -> str:
    """The invoice's news; with a conversation, the conversation's alone, and the right to say "I am writing" in it."""
    if conversation is None:
        return live.stream_url([live.topics.invoice(viewer.org.pk, viewer.row.pk)], TICKET_SECONDS)
    topic = live.topics.thread(viewer.org.pk, conversation.pk)
    return live.stream_url([topic], TICKET_SECONDS, speaker=Speaker(topic, PAYER, ""))


def words(seller: str) -> str:
    """What the script of a chat says, the same for both sides; `{name}` is filled in there."""
    return json.dumps(
        {
            "sent": pgettext("message", "Sent"), "got": pgettext("message", "Delivered"), "seen": pgettext("message", "Seen"),
            "sending": _("Sending…"),
            "unsent": _("Not sent: no connection."), "refused": _("Not sent."), "again": _("Try again"), "edit": _("Change it"),
            "typing": _("%(who)s is writing…") % {"who": format.isolate("{name}")}, "writes": _("The other side is writing…"),
            "beside": _("Somebody else on your side is writing…"), "large": _("This file is too large: at most 10 MB."),
        },
        ensure_ascii=False,
    )  # fmt: skip


def presence(org: Any) -> Presence:
    """What is said under the seller's name: measured or told by the seller, never claimed."""
    found = opening(org)
    hours = say.sentence(org, found)
    if found.is_known and not found.is_open:
        return Presence(hours, True)
    soon = pace.said(pace.pace(org))
    return Presence(" · ".join(part for part in (hours, soon) if part), False)


_UNREAD = """
SELECT c.id, count(m.id) FROM support_conversation c
JOIN support_message m ON m.organisation_id = c.organisation_id AND m.invoice_id = c.invoice_id AND m.conversation_id = c.id
WHERE c.organisation_id = %s AND c.invoice_id = %s AND m.side = 'seller' AND m.at > coalesce(c.payer_read_at, '-infinity') GROUP BY 1
"""


def unread(viewer: Viewer) -> dict[UUID, int]:
    """How many messages of the seller nobody has read, by conversation."""
    return dict(run(_UNREAD, (viewer.org.pk, viewer.row.pk)))
