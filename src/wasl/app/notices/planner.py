"""Planning by the hundred thousand: watches that are alike have one plan, computed once by the pure function and written in one statement.

Alike are those of one seller, one due date, one step reached, and either no wishes of their own or the same address. Whatever
changes one while it is planned raises its epoch, so that a plan made before does not match it any more: nothing is locked, any
number of workers may plan, and a worker that dies leaves its watches stale for the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.notices.plan import Facts, Planned, next_notice
from wasl.app.notices.wishes import Wishes
from wasl.app.sql import run

log = structlog.get_logger(__name__)
CHUNK_ROWS = 50_000  # one statement's worth: about a second

_WAITING = """
SELECT organisation_id, count(*) FROM notices_watch WHERE stale AND closed = '' GROUP BY 1 ORDER BY 1
"""
_GROUPS = """
SELECT organisation_id, CASE WHEN has_own THEN email ELSE '' END, due_date, coalesce(done_through, -32768), coalesce(remind_on, '0001-01-01'::date),
       epoch
FROM notices_watch WHERE stale AND closed = '' AND due_date IS NOT NULL AND organisation_id = ANY(%s)
GROUP BY 1, 2, 3, 4, 5, 6
"""
_UNDATED = """
UPDATE notices_watch SET stale = false, next_at = NULL, next_step = NULL, next_kind = ''
WHERE stale AND closed = '' AND due_date IS NULL AND organisation_id = ANY(%s)
"""
_PLAN = """
WITH g AS MATERIALIZED (
    SELECT * FROM unnest(%(org)s::uuid[], %(who)s::text[], %(due)s::date[], %(done)s::int[], %(remind)s::date[], %(epoch)s::int[],
                         %(at)s::timestamptz[], %(kind)s::text[], %(step)s::int[], %(parked)s::text[])
         AS g(org, who, due, done, remind, epoch, at, kind, step, parked)),
done AS (
    UPDATE notices_watch w SET next_at = g.at, next_kind = g.kind, next_step = g.step, stale = false, parked = g.parked
    FROM g WHERE w.stale AND w.closed = '' AND w.organisation_id = g.org AND CASE WHEN w.has_own THEN w.email ELSE '' END = g.who
      AND w.due_date = g.due AND coalesce(w.done_through, -32768) = g.done AND coalesce(w.remind_on, '0001-01-01'::date) = g.remind
      AND w.epoch = g.epoch
    RETURNING 1)
SELECT count(*) FROM done
"""
NO_STEP, NO_DAY = -32768, date.min


@dataclass(frozen=True, slots=True)
class Group:
    """Watches that are alike."""

    org_id: UUID
    who: str  # an address with wishes of its own, or "" for everybody else
    due_date: date
    done_through: int
    remind_on: date
    epoch: int

    @property
    def facts(self) -> Facts:
        return Facts(
            self.due_date,
            done_through=None if self.done_through == NO_STEP else self.done_through,
            remind_on=None if self.remind_on == NO_DAY else self.remind_on,
        )


def plan_stale(chunk_rows: int = CHUNK_ROWS, chunks: int | None = None) -> int:
    """Plan every stale watch, some sellers at a time; how many watches were planned."""
    planned = 0
    waiting = run(_WAITING)
    chunk: list[UUID] = []
    rows = done = 0
    for position, (org_id, count) in enumerate(waiting, start=1):
        chunk.append(org_id)
        rows += count
        if rows >= chunk_rows or position == len(waiting):
            planned += plan_for(chunk)
            chunk, rows, done = [], 0, done + 1
            if chunks is not None and done >= chunks:
                break
    return planned


@transaction.atomic
def plan_for(org_ids: list[UUID]) -> int:
    """Plan the stale watches of these sellers; how many. One statement writes them all."""
    run("SET LOCAL enable_nestloop = off")  # groups must be hashed: one by one, each would walk through all watches of its seller
    run(_UNDATED, (org_ids,))
    rows = run(_GROUPS, (org_ids,))
    groups = [Group(*row) for row in rows]
    if not groups:
        return 0
    wishes = Wishes.load(org_ids, {group.who for group in groups if group.who})
    now = clock.now()
    found = [_plan(group, wishes, now) for group in groups]
    columns: dict[str, list[Any]] = {
        "org": [g.org_id for g in groups], "who": [g.who for g in groups], "due": [g.due_date for g in groups],
        "done": [g.done_through for g in groups], "remind": [g.remind_on for g in groups], "epoch": [g.epoch for g in groups],
        "at": [p.at if p else None for p, _parked in found], "kind": [p.kind if p else "" for p, _parked in found],
        "step": [p.step if p else None for p, _parked in found], "parked": [parked for _p, parked in found],
    }  # fmt: skip
    return int(run(_PLAN, columns)[0][0])


def _plan(group: Group, wishes: Wishes, now: datetime) -> tuple[Planned | None, str]:
    """One plan; what cannot be planned is parked with the reason, and the rest goes on (T91)."""
    try:
        return next_notice(group.facts, wishes.rhythm(group.org_id), wishes.of(group.org_id, group.who), now), ""
    except Exception as error:
        log.exception("reminder not planned", organisation=str(group.org_id))
        return None, type(error).__name__
