"""What was planned for now or held until now: each is asked again whether, how and when it may go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.notices import kinds
from wasl.app.notices.fire import dated, queue_mails
from wasl.app.notices.models import Notice
from wasl.app.notices.plan import Walls
from wasl.app.notices.rows import NoticeRow, queue_pushes
from wasl.app.notices.wishes import Wishes
from wasl.app.sql import run

log = structlog.get_logger(__name__)
BATCH = 100

_CLAIM = """
SELECT organisation_id, id, invoice_id, email, language, kind, step, due_at, data::text FROM notices_notice
WHERE state IN ('planned', 'held') AND reason <> 'digest' AND due_at <= %(now)s AND (%(only)s::uuid IS NULL OR id = %(only)s)
ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
_WATCHED = """
SELECT w.organisation_id, w.invoice_id, w.email FROM notices_watch w
JOIN payments_balance b ON b.organisation_id = w.organisation_id AND b.id = w.invoice_id AND b.is_open
JOIN unnest(%s::uuid[], %s::uuid[], %s::text[]) AS n(org, invoice, email)
  ON w.organisation_id = n.org AND w.invoice_id = n.invoice AND w.email = n.email WHERE w.closed = '' FOR UPDATE OF w
"""
_SUPPRESSED = "SELECT email FROM notices_suppression WHERE email = ANY(%s) AND since IS NOT NULL"
# A credit note that goes to the same address by itself says it better
_NOTE_SENT = """
SELECT d.invoice_id::text, lower(d.recipient) FROM delivery_delivery d
WHERE d.organisation_id = ANY(%s) AND d.invoice_id = ANY(%s::uuid[]) AND d.kind = 'invoice'
"""
_WRITE = """
UPDATE notices_notice n SET state = w.state, reason = w.reason, due_at = w.due_at, language = w.language, channels = w.channels, state_at = %(now)s
FROM unnest(%(org)s::uuid[], %(id)s::uuid[], %(state)s::text[], %(reason)s::text[], %(due_at)s::timestamptz[], %(language)s::text[],
            %(channels)s::jsonb[]) AS w(org, id, state, reason, due_at, language, channels)
WHERE n.organisation_id = w.org AND n.id = w.id
"""


def tell_due(limit: int = 2_000) -> int:
    """Deal with what is due; how many notices."""
    told = 0
    while told < limit:
        count = tell_batch()
        told += count
        if count < BATCH:
            break
    return told


def tell_batch(only: UUID | None = None, limit: int = BATCH) -> int:
    """One transaction's worth; where it fails, one by one, and the broken one is dropped with the reason (T91)."""
    now = clock.now()
    try:
        with transaction.atomic():
            rows = [
                NoticeRow(row_id, org, invoice, email, language, kind, step, Notice.QUEUED, "", due_at, (), orjson.loads(data))
                for org, row_id, invoice, email, language, kind, step, due_at, data in run(_CLAIM, {"now": now, "limit": limit, "only": only})
            ]
            if rows:
                _tell(rows, now)
            return len(rows)
    except Exception as error:
        if only is not None:
            log.exception("notice dropped", notice=str(only))
            run("UPDATE notices_notice SET state = 'dropped', reason = 'fault', state_at = %s WHERE id = %s", (now, only))
            return 1
        log.error("notices not told together", fault=type(error).__name__)
    ids = [row[1] for row in run(_CLAIM, {"now": now, "limit": limit, "only": None})]
    return sum(tell_batch(only=each) for each in ids)


@dataclass(frozen=True)
class _Known:
    """What is asked once for a batch."""

    wishes: Wishes
    open: set[Any]
    suppressed: set[str]
    notes: set[tuple[str, str]]


def _tell(rows: list[NoticeRow], now: datetime) -> None:
    emails = list({row.email for row in rows})
    reminders = [row for row in rows if row.kind in kinds.REMINDERS]
    notes = [row.data["note"] for row in rows if row.kind == kinds.CREDITED and row.data.get("note")]
    known = _Known(
        Wishes.load({row.org_id for row in rows}, emails),
        set(run(_WATCHED, ([r.org_id for r in reminders], [r.invoice_id for r in reminders], [r.email for r in reminders]))) if reminders else set(),
        {email for (email,) in run(_SUPPRESSED, (emails,))},
        set(run(_NOTE_SENT, ([row.org_id for row in rows], notes))) if notes else set(),
    )
    for row in rows:
        _decide(row, known, now)
    run(_WRITE, {
        "org": [r.org_id for r in rows], "id": [r.id for r in rows], "state": [r.state for r in rows], "reason": [r.reason for r in rows],
        "due_at": [r.due_at for r in rows], "language": [r.language for r in rows], "channels": [_json(r.channels) for r in rows], "now": now,
    })  # fmt: skip
    queue_mails([row for row in rows if row.state == Notice.QUEUED], now)
    queue_pushes([row for row in rows if row.state in (Notice.QUEUED, Notice.SENT) and kinds.PUSH in row.channels], now)


def _decide(row: NoticeRow, known: _Known, now: datetime) -> None:
    """Set the notice's state, the reason, the channels and, where it has to wait, until when."""
    wanted = known.wishes.of(row.org_id, row.email)
    hour = known.wishes.rhythm(row.org_id).hour
    is_reminder = row.kind in kinds.REMINDERS
    row.language, row.channels = wanted.language or row.language, tuple(sorted(wanted.on(row.kind) - {kinds.ICS}))
    at = now if row.kind == kinds.LEGAL else Walls(wanted, hour).next_allowed(now, any_day=not is_reminder)
    if is_reminder and (row.org_id, row.invoice_id, row.email) not in known.open:
        row.state, row.reason = Notice.DROPPED, "settled"
    elif row.email in known.suppressed and row.kind != kinds.LEGAL:
        row.state, row.reason = Notice.DROPPED, "bounced"
    elif (row.data.get("note"), row.email) in known.notes:
        row.state, row.reason = Notice.DROPPED, "said"
    elif at > now:
        row.state, row.reason, row.due_at = Notice.HELD, "quiet", at
    else:
        row.due_at = now
        dated(row, wanted, hour)


def _json(channels: tuple[str, ...]) -> str:
    return orjson.dumps(channels).decode()
