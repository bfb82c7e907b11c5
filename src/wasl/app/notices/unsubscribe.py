"""Switching notices off by mail: one kind, or all that can be. Only a POST changes anything; a scanner's GET shows a page."""

from __future__ import annotations

from wasl.app.notices import kinds
from wasl.app.notices.preferences import Preferences, preferences_of, save
from wasl.app.notices.tokens import Holder

STOPPABLE = tuple(kind for kind in kinds.KINDS if kinds.EMAIL not in kinds.ALWAYS.get(kind, ()))


def one_click(holder: Holder) -> Preferences:
    """RFC 8058: the kind of the mail that was clicked, once and for every seller. A digest's click ends reminders by mail."""
    return switch(holder.email, off=(holder.kind,) if holder.kind in STOPPABLE else kinds.REMINDERS if not holder.kind else ())


def switch(email: str, *, off: tuple[str, ...] = (), on: tuple[str, ...] = ()) -> Preferences:
    """Kinds off and on by e-mail; what the law wants said and the documents themselves stay."""
    wanted = preferences_of(email)
    for kind in off:
        if kind in STOPPABLE:
            wanted = wanted.without(kind)
    channels = dict(wanted.channels)
    for kind in on:
        if kind in STOPPABLE:
            channels[kind] = channels.get(kind, frozenset()) | {kinds.EMAIL}
    from dataclasses import replace

    return save(email, replace(wanted, channels=channels))
