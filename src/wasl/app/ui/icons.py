"""Icons: SVG from the `lucide` package by our own names, so that a page says what it means and not what it looks like."""

from __future__ import annotations

from functools import lru_cache

from lucide.jinja import lucide as _lucide
from markupsafe import Markup

NAMES = {
    "download": "download", "verify": "shield-check", "warning": "triangle-alert", "error": "circle-alert", "tick": "check",
    "lock": "lock", "file": "file-text", "code": "file-code", "seal": "stamp", "proof": "file-check", "card": "credit-card",
    "bank": "landmark", "clock": "clock", "calendar": "calendar", "search": "search", "plus": "plus", "remove": "x",
    "send": "send", "mail": "mail", "back": "arrow-left", "next": "chevron-right", "previous": "chevron-left", "people": "users",
    "person": "user", "item": "package", "invoice": "receipt-text", "sign-out": "log-out", "eye": "eye", "link": "link",
    "info": "info", "credit": "undo-2", "refund": "rotate-ccw", "hash": "hash", "log": "list-checks", "settings": "settings",
    "chat": "message-square", "phone": "phone", "attach": "paperclip", "note": "sticky-note",
    "share": "share-2", "ask": "message-circle-question-mark", "calendar-add": "calendar-plus", "archive": "folder-archive", "print": "printer",
    "copy": "copy", "undo": "undo-2", "discount": "badge-percent", "open": "chevron-down", "inbox": "inbox",
}  # fmt: skip
TURNING = frozenset({"back", "next", "previous", "send", "credit", "sign-out"})  # they point along the text, so they turn with it


@lru_cache(maxsize=256)
def icon(name: str, size: int = 20) -> Markup:
    """An inline SVG, hidden from screen readers: the words beside it carry the meaning."""
    turning = " icon--turning" if name in TURNING else ""
    return Markup(_lucide(NAMES[name], size=size, aria_hidden="true", focusable="false", **{"class": f"icon{turning}"}))  # noqa: S704
