"""What is due becomes a notice, and its mail and pushes are queued, in one transaction that holds the watch.

A reminder: its watch is claimed, the books are asked, the plan is made anew (a week-end may have come between), the notice is
written under its key, the mail is queued, the watch moves to its next step. Whoever is killed in between leaves nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.delivery import queue, quota
from wasl.app.delivery.errors import BadAddress, MailQuota
from wasl.app.ids import uuid7
from wasl.app.notices import kinds
from wasl.app.notices.digest_days import digest_at
from wasl.app.notices.models import Notice
from wasl.app.notices.plan import Facts, Planned, next_notice
from wasl.app.notices.preferences import Preferences
from wasl.app.notices.rows import NoticeRow, insert_notices, queue_pushes
from wasl.app.notices.wishes import Wishes
from wasl.app.sql import run

log = structlog.get_logger(__name__)
BATCH = 100
QUEUE_MAX = 2_000  # mails waiting to leave: more would only wait there instead of here, and could not be moved any more

_CLAIM = """
SELECT organisation_id, id, invoice_id, email, language, due_date, done_through, remind_on FROM notices_watch
WHERE closed = '' AND NOT stale AND next_at <= %(now)s AND (%(only)s::uuid IS NULL OR id = %(only)s)
ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
_OPEN = """
SELECT b.organisation_id, b.id FROM payments_balance b
JOIN unnest(%s::uuid[], %s::uuid[]) AS w(org, invoice) ON b.organisation_id = w.org AND b.id = w.invoice WHERE b.is_open
"""
_SUPPRESSED = "SELECT email FROM notices_suppression WHERE email = ANY(%s) AND since IS NOT NULL"
_MOVE = """
UPDATE notices_watch w SET done_through = m.done, remind_on = m.remind, next_at = m.at, next_kind = m.kind, next_step = m.step, closed = m.closed
FROM unnest(%(org)s::uuid[], %(id)s::uuid[], %(done)s::int[], %(remind)s::date[], %(at)s::timestamptz[], %(kind)s::text[], %(step)s::int[],
            %(closed)s::text[]) AS m(org, id, done, remind, at, kind, step, closed)
WHERE w.organisation_id = m.org AND w.id = m.id
"""
_PARK = "UPDATE notices_watch SET parked = %s, next_at = NULL WHERE organisation_id = %s AND id = %s"


@dataclass(frozen=True, slots=True)
class Watched:
    """A claimed watch."""

    org_id: UUID
    id: UUID
    invoice_id: UUID
    email: str
    language: str
    due_date: date
    done_through: int | None
    remind_on: date | None

    @property
    def facts(self) -> Facts:
        return Facts(self.due_date, True, self.done_through, self.remind_on)


@dataclass(slots=True)
class Move:
    """Where a watch stands afterwards."""

    watch: Watched
    done: int | None
    remind_on: date | None
    plan: Planned | None = None
    closed: str = ""


@dataclass
class Batch:
    """What one transaction writes."""

    now: datetime
    wishes: Wishes
    suppressed: set[str]
    notices: list[NoticeRow] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def fire_due(limit: int = QUEUE_MAX) -> int:
    """Queue what is due, as long as the mails before it have left; how many watches were dealt with."""
    fired = 0
    while fired < limit and queue.waiting_bulk(QUEUE_MAX) < QUEUE_MAX:
        count = fire_batch()
        fired += count
        if count < BATCH:
            break
    return fired


def fire_batch(only: UUID | None = None, limit: int = BATCH) -> int:
    """One transaction's worth. Where a whole batch fails, its watches are tried one by one and the broken one is parked (T91)."""
    now = clock.now()
    try:
        with transaction.atomic():
            claimed = [Watched(*row) for row in run(_CLAIM, {"now": now, "limit": limit, "only": only})]
            if claimed:
                _fire(claimed, now)
            return len(claimed)
    except Exception as error:
        if only is not None:
            _park(only, error)
            return 1
        log.exception("reminders not queued together")
    ids = [row[1] for row in run(_CLAIM, {"now": now, "limit": limit, "only": None})]
    return sum(fire_batch(only=each) for each in ids)


def _park(watch_id: UUID, error: Exception) -> None:
    log.error("reminder parked", watch=str(watch_id), fault=type(error).__name__)
    for (org_id,) in run("SELECT organisation_id FROM notices_watch WHERE id = %s", (watch_id,)):
        run(_PARK, (type(error).__name__[:100], org_id, watch_id))


def _fire(claimed: list[Watched], now: datetime) -> None:
    emails = {watch.email for watch in claimed}
    wishes = Wishes.load((watch.org_id for watch in claimed), emails)
    suppressed = {email for (email,) in run(_SUPPRESSED, (list(emails),))}
    batch = Batch(now, wishes, suppressed)
    still_open = set(run(_OPEN, ([w.org_id for w in claimed], [w.invoice_id for w in claimed])))
    for watch in claimed:
        if (watch.org_id, watch.invoice_id) not in still_open:
            batch.moves.append(Move(watch, watch.done_through, None, closed="paid"))
        else:
            _remind(watch, batch)
    said = insert_notices(batch.notices)
    queue_mails([row for row in said if row.state == Notice.QUEUED], now)
    queue_pushes([row for row in said if kinds.PUSH in row.channels and row.state != Notice.DROPPED])
    _move(batch.moves)


def _remind(watch: Watched, batch: Batch) -> None:
    """Add one watch's notice and its move to the batch."""
    rhythm, wanted = batch.wishes.rhythm(watch.org_id), batch.wishes.of(watch.org_id, watch.email)
    plan = next_notice(watch.facts, rhythm, wanted, batch.now)
    if plan is None or plan.at > batch.now:  # not allowed at this very moment after all
        batch.moves.append(Move(watch, watch.done_through, watch.remind_on, plan))
        return
    if watch.email in batch.suppressed:
        batch.notices.append(_row(watch, plan.kind, plan.step, batch.now, wanted, Notice.DROPPED, "bounced"))
        batch.moves.append(Move(watch, plan.step, None, closed="bounced"))
        return
    batch.notices.extend(_row(watch, plan.kind, step, batch.now, wanted, Notice.DROPPED, "missed") for step in plan.missed)
    batch.notices.append(dated(_row(watch, plan.kind, plan.step, batch.now, wanted, Notice.QUEUED), wanted, rhythm.hour))
    remind_on = watch.remind_on if watch.remind_on and (watch.remind_on - watch.due_date).days > plan.step else None
    after = next_notice(Facts(watch.due_date, True, plan.step, remind_on), rhythm, wanted, batch.now)
    batch.moves.append(Move(watch, plan.step, remind_on, after))


def _row(watch: Watched, kind: str, step: int, now: datetime, wanted: Preferences, state: str, reason: str = "") -> NoticeRow:
    return NoticeRow(
        uuid7(), watch.org_id, watch.invoice_id, watch.email, wanted.language or watch.language, kind, f"{watch.due_date}/{step:+d}",
        state, reason, now, tuple(sorted(wanted.on(kind))), {"due": watch.due_date.isoformat(), "step": step},
    )  # fmt: skip


def dated(row: NoticeRow, wanted: Preferences, hour: Any) -> NoticeRow:
    """How the notice goes: by mail now, in a digest, or not by mail at all."""
    if kinds.EMAIL not in row.channels:
        row.state, row.reason = (Notice.SENT, "portal") if row.channels else (Notice.DROPPED, "silent")
    elif wanted.digest != "off" and row.kind not in (kinds.NEW, kinds.LEGAL):
        row.state, row.reason, row.due_at = Notice.HELD, "digest", digest_at(row.due_at, wanted, hour)
    return row


def queue_mails(rows: list[NoticeRow], now: datetime) -> None:
    """A delivery for each notice, named by its own id. What goes beyond a new seller's share is held for a day (T98)."""
    for org_id, group in groupby(sorted(rows, key=lambda row: row.org_id), key=lambda row: row.org_id):
        outgoing: list[queue.Outgoing] = []
        share = quota.Share(org_id)
        for row in group:
            bulk = row.kind in kinds.REMINDERS
            try:
                outgoing.append(
                    queue.outgoing(org_id, row.invoice_id, row.email, row.language, row.kind, f"notice {row.id}", share, is_bulk=bulk)
                )
                row.delivery_id = outgoing[-1].id
            except MailQuota:
                _hold(row, Notice.HELD, "quota", now + timedelta(days=1))
            except BadAddress:
                _hold(row, Notice.DROPPED, "address", now)
        queue.insert(outgoing)
    run(
        "UPDATE notices_notice n SET delivery_id = q.delivery FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS q(org, id, delivery)"
        " WHERE n.organisation_id = q.org AND n.id = q.id",
        ([r.org_id for r in rows if r.delivery_id], [r.id for r in rows if r.delivery_id], [r.delivery_id for r in rows if r.delivery_id]),
    )


def _hold(row: NoticeRow, state: str, reason: str, at: datetime) -> None:
    run(
        "UPDATE notices_notice SET state = %s, reason = %s, due_at = %s WHERE organisation_id = %s AND id = %s",
        (state, reason, at, row.org_id, row.id),
    )


def _move(moves: list[Move]) -> None:
    run(_MOVE, {
        "org": [m.watch.org_id for m in moves], "id": [m.watch.id for m in moves], "done": [m.done for m in moves],
        "remind": [m.remind_on for m in moves], "at": [m.plan.at if m.plan else None for m in moves],
        "kind": [m.plan.kind if m.plan else "" for m in moves], "step": [m.plan.step if m.plan else None for m in moves],
        "closed": [m.closed for m in moves],
    })  # fmt: skip
