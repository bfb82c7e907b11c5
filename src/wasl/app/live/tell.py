"""Say that something happened, in the caller's own transaction: heard at COMMIT, never after a rollback."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from wasl.app.ids import uuid7
from wasl.app.live.topics import TOPIC
from wasl.app.sql import send

CHANNEL = "wasl_live"
NOTE_OCTETS_MAX = 2000  # PostgreSQL takes 8000; what is longer than this belongs to a page, not into a notice
_KIND = re.compile(r"[a-z][a-z-]{1,30}")
OWN_KINDS = frozenset({"hello", "missed", "over"})  # the stream's own words


def tell(topic: str, kind: str, data: Mapping[str, Any] | None = None) -> None:
    """Every page that listens to `topic` (see topics) hears `kind` with `data` once this transaction is committed.

    `data` is for ids and states, never for what somebody wrote: a notice is not encrypted and cannot be erased.
    Raises ValueError for an unknown topic or kind, and for more than NOTE_OCTETS_MAX.
    """
    send("SELECT pg_notify(%s, %s)", (CHANNEL, packed(topic, kind, data)))


def packed(topic: str, kind: str, data: Mapping[str, Any] | None = None) -> str:
    """The notice as it travels: its own id (all processes see the same), topic, kind, data."""
    if not TOPIC.fullmatch(topic):
        raise ValueError(f"unknown topic {topic}")
    if not _KIND.fullmatch(kind) or kind in OWN_KINDS:
        raise ValueError(f"unknown kind {kind}")
    note = orjson.dumps({"i": uuid7().hex, "t": topic, "k": kind, "d": dict(data or {})})
    if len(note) > NOTE_OCTETS_MAX:
        raise ValueError(f"{len(note)} octets: at most {NOTE_OCTETS_MAX}")
    return note.decode()
