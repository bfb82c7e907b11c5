"""What search knows of conversations: every message of an invoice for both sides, internal notes for the seller's people alone."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wasl.app.archive.index import Heard, queue_said
from wasl.app.events.record import Recorded, subscribe
from wasl.app.sql import run

MESSAGES_MAX = 200  # the newest of one invoice
PIECE_CHARS = 480  # of a message: what is shown around a mark is one piece
EVENTS = ("asked", "disputed", "replied", "answered", "resolved")

_SAID = """
SELECT organisation_id, invoice_id, text, is_aside FROM (
    SELECT p.organisation_id, p.id AS invoice_id, x.text, x.is_aside, x.at,
           row_number() OVER (PARTITION BY p.organisation_id, p.id, x.is_aside ORDER BY x.at DESC) AS n
    FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[]) AS p (organisation_id, id)
    CROSS JOIN LATERAL (
        SELECT b.text, false AS is_aside, m.at FROM support_message m
        JOIN support_messagebody b ON b.organisation_id = m.organisation_id AND b.id = m.id AND b.text <> ''
        WHERE m.organisation_id = p.organisation_id AND m.invoice_id = p.id
        UNION ALL
        SELECT n.text, true, n.at FROM support_conversation c
        JOIN support_note n ON n.organisation_id = c.organisation_id AND n.conversation_id = c.id
        WHERE c.organisation_id = p.organisation_id AND c.invoice_id = p.id) x) y
WHERE n <= %(most)s ORDER BY organisation_id, invoice_id, at
"""


def heard(places: Sequence[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], Heard]:
    """What was said about some documents, oldest first, in pieces that can be shown."""
    said: dict[tuple[UUID, UUID], tuple[list[str], list[str]]] = {}
    values: dict[str, Any] = {"orgs": [org for org, _ in places], "ids": [row for _, row in places], "most": MESSAGES_MAX}
    for org_id, invoice_id, text, is_aside in run(_SAID, values):
        said.setdefault((org_id, invoice_id), ([], []))[is_aside].extend(textwrap.wrap(text, PIECE_CHARS))
    return {place: Heard(tuple(words), tuple(asides)) for place, (words, asides) in said.items()}


def follow() -> None:
    for event_type in EVENTS:
        subscribe(event_type, _on_said)


def _on_said(event: Recorded) -> None:
    if event.invoice_id is not None:
        queue_said(event.organisation_id, event.invoice_id)
