"""A ticket: the right to listen to a few topics for a while, signed, for this purpose alone.

The page that puts it out has checked who reads; the stream checks the signature and the time. It travels in the address of
the stream, since a browser's EventSource takes no headers: so it is short-lived, cut out of every log and never in a Referer.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.urls import reverse

from wasl.app.live.topics import TOPIC

SALT = "wasl.live.ticket/v1"  # bound to its purpose: nothing else that we sign is a ticket, no ticket is anything else
TOPICS_MAX = 8
SECONDS_MAX = 3600  # a page that stays open asks for another one, with its own rights at that time
NAME_CHARS_MAX = 60
TICKET_CHARS_MAX = 1500
_LOOKS_LIKE_ONE = re.compile(r"[A-Za-z0-9_:=.-]+")


class TicketRefused(Exception):
    """Not one of ours, altered, or over. `is_over` where it was good once."""

    def __init__(self, *, is_over: bool = False) -> None:
        super().__init__("over" if is_over else "unknown")
        self.is_over = is_over


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who may say "I am writing" through this ticket: in which thread, on which side, under which name."""

    topic: str
    side: str
    name: str


@dataclass(frozen=True, slots=True)
class Ticket:
    id: str
    topics: tuple[str, ...]
    since: float  # seconds since 1970: when the page was made
    until: float
    speaker: Speaker | None = None


def ticket(topics: Iterable[str], seconds: int, *, speaker: Speaker | None = None) -> str:
    """A signed ticket for `topics`, good for `seconds`. Raises ValueError for what no ticket may hold."""
    wanted = list(dict.fromkeys(topics))
    if not 0 < len(wanted) <= TOPICS_MAX or not all(TOPIC.fullmatch(topic) for topic in wanted):
        raise ValueError(f"topics: {wanted}")
    if not 0 < seconds <= SECONDS_MAX:
        raise ValueError(f"seconds: {seconds}")
    now = int(time.time())
    note: dict[str, Any] = {"i": secrets.token_hex(6), "t": wanted, "s": now, "u": now + seconds}
    if speaker is not None:
        if speaker.topic not in wanted:
            raise ValueError("a speaker speaks where it listens")
        note["w"] = [wanted.index(speaker.topic), speaker.side, speaker.name[:NAME_CHARS_MAX]]
    return signing.dumps(note, salt=SALT, compress=True)


def stream_url(topics: Iterable[str], seconds: int = SECONDS_MAX, *, speaker: Speaker | None = None) -> str:
    """The address that a page connects to."""
    return reverse("live-events", args=[ticket(topics, seconds, speaker=speaker)])


def opened(text: str) -> Ticket:
    """The ticket behind `text`. Raises TicketRefused."""
    if len(text) > TICKET_CHARS_MAX or not _LOOKS_LIKE_ONE.fullmatch(text):
        raise TicketRefused
    try:
        note = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        raise TicketRefused from None
    if note["u"] <= time.time():
        raise TicketRefused(is_over=True)
    place, side, name = note.get("w", (0, "", ""))
    speaker = Speaker(note["t"][place], side, name) if "w" in note else None
    return Ticket(note["i"], tuple(note["t"]), note["s"], note["u"], speaker)
