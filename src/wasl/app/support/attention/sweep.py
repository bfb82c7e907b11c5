"""What becomes late by mere waiting, found in the worker's round: mail that stays in the queue or is put off, payments that
hang, alarms, questions without an answer. Four small sets, each read by a partial index; what has ended is closed the same way."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wasl.app import clock
from wasl.app.sql import run

STUCK_MINUTES = 15  # the worker sends within seconds: then it is down, or the next hop is
BATCH = 5_000  # rows of one kind in one round

# kind: the set of causes as (organisation, invoice, subject, since, due)
_LATE = {
    "stuck": """
        SELECT d.organisation_id, d.invoice_id, d.id, d.queued_at, d.queued_at + make_interval(mins => %(stuck)s)
        FROM delivery_delivery d
        WHERE NOT d.is_bulk AND d.state IN ('queued', 'deferred', 'unknown') AND d.state = 'queued'
          AND d.queued_at <= %(now)s - make_interval(mins => %(stuck)s)""",
    "deferred": """
        SELECT d.organisation_id, d.invoice_id, d.id, d.queued_at, d.queued_at + make_interval(hours => coalesce(s.deferred_hours, 6))
        FROM delivery_delivery d LEFT JOIN support_attentionsetting s ON s.organisation_id = d.organisation_id
        WHERE NOT d.is_bulk AND d.state IN ('queued', 'deferred', 'unknown') AND d.state <> 'queued'
          AND d.queued_at + make_interval(hours => coalesce(s.deferred_hours, 6)) <= %(now)s""",
    "pending": """
        SELECT i.organisation_id, i.invoice_id, i.id, i.created_at, i.created_at + make_interval(mins => coalesce(s.pending_minutes, 60))
        FROM payments_intent i LEFT JOIN support_attentionsetting s ON s.organisation_id = i.organisation_id
        WHERE i.status IN ('created', 'pending') AND i.gateway_id <> ''
          AND i.created_at + make_interval(mins => coalesce(s.pending_minutes, 60)) <= %(now)s""",
    "alarm": """
        SELECT a.organisation_id, i.invoice_id, a.id, a.raised_at, a.raised_at
        FROM payments_alarm a JOIN payments_intent i ON i.organisation_id = a.organisation_id AND i.id = a.intent_id
        WHERE a.resolved_at IS NULL""",
    "question": """
        SELECT c.organisation_id, c.invoice_id, c.id, c.waiting_since, c.waiting_since + make_interval(hours => coalesce(s.question_hours, 24))
        FROM support_conversation c LEFT JOIN support_attentionsetting s ON s.organisation_id = c.organisation_id
        WHERE c.state = 'open' AND c.reason <> 'not_mine' AND c.waiting_since + make_interval(hours => coalesce(s.question_hours, 24)) <= %(now)s""",
}
_RAISE = """
INSERT INTO support_attention AS a (organisation_id, id, kind, invoice_id, subject, since, due_at, is_hidden, closed_by)
SELECT l.organisation_id, gen_random_uuid(), %(kind)s::text, l.invoice_id, l.id, l.since, l.due, false, ''
FROM ({late}) AS l (organisation_id, invoice_id, id, since, due)
WHERE NOT EXISTS (
    SELECT 1 FROM support_attention x WHERE x.organisation_id = l.organisation_id AND x.kind = %(kind)s::text AND x.subject = l.id
      AND (x.closed_at IS NULL OR x.closed_at > l.since))
LIMIT %(batch)s
ON CONFLICT (organisation_id, kind, subject) DO UPDATE
SET since = excluded.since, due_at = excluded.due_at, is_hidden = false, closed_at = NULL, closed_by = '', person_id = NULL
RETURNING a.id
"""
_CLOSE = """
UPDATE support_attention a SET closed_at = %(now)s, closed_by = 'cause'
WHERE a.closed_at IS NULL AND a.kind IN ('stuck', 'deferred', 'pending', 'alarm', 'question', 'returned') AND NOT CASE a.kind
    WHEN 'stuck' THEN EXISTS (
        SELECT 1 FROM delivery_delivery d WHERE d.organisation_id = a.organisation_id AND d.id = a.subject AND d.state = 'queued')
    WHEN 'deferred' THEN EXISTS (
        SELECT 1 FROM delivery_delivery d WHERE d.organisation_id = a.organisation_id AND d.id = a.subject AND d.state IN ('deferred', 'unknown'))
    WHEN 'pending' THEN EXISTS (
        SELECT 1 FROM payments_intent i WHERE i.organisation_id = a.organisation_id AND i.id = a.subject AND i.status IN ('created', 'pending'))
    WHEN 'alarm' THEN EXISTS (
        SELECT 1 FROM payments_alarm r WHERE r.organisation_id = a.organisation_id AND r.id = a.subject AND r.resolved_at IS NULL)
    WHEN 'returned' THEN EXISTS (
        SELECT 1 FROM statements_statementline l WHERE l.organisation_id = a.organisation_id AND l.id = a.subject AND l.state = 'return')
    ELSE EXISTS (SELECT 1 FROM support_conversation c WHERE c.organisation_id = a.organisation_id AND c.id = a.subject AND c.state = 'open') END
RETURNING a.id
"""


@transaction.atomic
def sweep(now: datetime | None = None) -> int:
    """Raise what is late, close what has ended; how many rows."""
    values = {"now": now or clock.now(), "stuck": STUCK_MINUTES, "batch": BATCH}
    moved = len(run(_CLOSE, values))
    return moved + sum(len(run(_RAISE.format(late=late), values | {"kind": kind})) for kind, late in _LATE.items())
