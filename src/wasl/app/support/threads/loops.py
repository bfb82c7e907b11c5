"""Mail that no person wrote: it joins nothing and is answered by nothing, so that two machines never talk to each other."""

from __future__ import annotations

from email.message import Message as Mail
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings

from wasl.app.delivery.send import message_id_of

_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "bounce", "bounces")
_BULK = ("bulk", "junk", "list", "auto_reply", "auto-reply")
_SIGNS = ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Loop", "List-Id", "List-Unsubscribe", "Feedback-ID")


def why_automatic(mail: Mail, message_ref: str) -> str:
    """By which sign a machine wrote it; "" for a person's mail (RFC 3834, and what the large programs write)."""
    said = _field(mail, "Auto-Submitted").lower()
    if said and not said.startswith("no"):
        return "Auto-Submitted"
    if _field(mail, "Precedence").lower() in _BULK:
        return "Precedence"
    for sign in _SIGNS:
        if mail.get(sign) is not None:
            return sign
    if "Return-Path" in mail and not parseaddr(_field(mail, "Return-Path"))[1]:
        return "Return-Path"
    if mail.get_content_type() in ("multipart/report", "message/delivery-status", "message/disposition-notification"):
        return "Content-Type"
    local, _, domain = parseaddr(_field(mail, "From"))[1].lower().rpartition("@")
    ours, _, our_domain = settings.CONFIG.mail_from.lower().rpartition("@")
    if not local or local in _MACHINES or (domain == our_domain and local.partition("+")[0] == ours):
        return "From"
    return "Message-ID" if _is_ours(message_ref) else ""


def _is_ours(message_ref: str) -> bool:
    """Our own mail that came back: the Message-ID is made of its delivery's id, so any of our shape counts."""
    local, _, domain = message_ref.strip("<>").rpartition("@")
    try:
        return message_id_of(UUID(local)) == f"<{local}@{domain}>"
    except ValueError:
        return False


def _field(mail: Mail, name: str) -> str:
    return str(mail.get(name) or "").strip()[:1_000]
