"""Notices as rows: written many at once, each under its key, and the pushes that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from wasl.app.ids import uuid7
from wasl.app.sql import run


@dataclass(slots=True)
class NoticeRow:
    """One notice to be written. `step` is what makes it single for its invoice and address."""

    id: UUID
    org_id: UUID
    invoice_id: UUID
    email: str
    language: str
    kind: str
    step: str
    state: str
    reason: str
    due_at: datetime
    channels: tuple[str, ...]
    data: dict[str, Any] = field(default_factory=dict)
    delivery_id: UUID | None = None


_INSERT = """
INSERT INTO notices_notice (organisation_id, id, invoice_id, email, language, kind, step, state, reason, due_at, channels, data, created_at, state_at)
SELECT n.org, n.id, n.invoice, n.email, n.language, n.kind, n.step, n.state, n.reason, n.due_at, n.channels, n.data, n.at, n.at
FROM unnest(%(org)s::uuid[], %(id)s::uuid[], %(invoice)s::uuid[], %(email)s::text[], %(language)s::text[], %(kind)s::text[], %(step)s::text[],
            %(state)s::text[], %(reason)s::text[], %(due_at)s::timestamptz[], %(channels)s::jsonb[], %(data)s::jsonb[], %(at)s::timestamptz[])
     AS n(org, id, invoice, email, language, kind, step, state, reason, due_at, channels, data, at)
ON CONFLICT (organisation_id, invoice_id, email, step) DO NOTHING RETURNING id
"""


def insert_notices(rows: Sequence[NoticeRow], at: datetime | None = None) -> list[NoticeRow]:
    """Write them; those that were not said before. What was said once is never said again, whoever asks."""
    if not rows:
        return []
    columns: dict[str, list[Any]] = {
        "org": [row.org_id for row in rows], "id": [row.id for row in rows], "invoice": [row.invoice_id for row in rows],
        "email": [row.email for row in rows], "language": [row.language for row in rows], "kind": [row.kind for row in rows],
        "step": [row.step for row in rows], "state": [row.state for row in rows], "reason": [row.reason for row in rows],
        "due_at": [row.due_at for row in rows], "channels": [orjson.dumps(row.channels).decode() for row in rows],
        "data": [orjson.dumps(row.data).decode() for row in rows], "at": [at or row.due_at for row in rows],
    }  # fmt: skip
    new = {row_id for (row_id,) in run(_INSERT, columns)}
    return [row for row in rows if row.id in new]


_PUSHES = """
INSERT INTO notices_push (organisation_id, id, notice_id, subscription_id, state, attempts, next_attempt_at, in_flight, state_at, reply)
SELECT n.org, n.push, n.notice, n.subscription, 'queued', 0, n.at, false, n.at, ''
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::timestamptz[]) AS n(org, push, notice, subscription, at)
ON CONFLICT (organisation_id, notice_id, subscription_id) DO NOTHING
"""


def queue_pushes(rows: Sequence[NoticeRow], at: datetime | None = None) -> None:
    """One push for each notice and each browser of its address."""
    if not rows:
        return
    found: dict[str, list[UUID]] = {}
    for email, subscription in run("SELECT email, id FROM notices_pushsubscription WHERE email = ANY(%s)", (list({row.email for row in rows}),)):
        found.setdefault(email, []).append(subscription)
    pairs = [(row, subscription) for row in rows for subscription in found.get(row.email, ())]
    if pairs:
        run(_PUSHES, (
            [row.org_id for row, _ in pairs], [uuid7() for _ in pairs], [row.id for row, _ in pairs], [subscription for _, subscription in pairs],
            [at or row.due_at for row, _ in pairs],
        ))  # fmt: skip
