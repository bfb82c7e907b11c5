"""While a dispute is open nobody is reminded of the invoice; afterwards reminders go on where they stopped.

Disputes are made on a higher floor; what is read here are their events.
"""

from __future__ import annotations

from wasl.app.events.record import Recorded
from wasl.app.notices import kinds
from wasl.app.sql import run

_PAUSE = """
UPDATE notices_watch SET closed = 'disputed', next_at = NULL, next_step = NULL, next_kind = ''
WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND closed = ''
"""
_WITHDRAW = """
WITH gone AS (
    UPDATE delivery_delivery SET state = 'dropped', state_at = %(now)s, reply = 'disputed'
    WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND kind = ANY(%(kinds)s) AND NOT in_flight AND state IN ('queued', 'deferred')
    RETURNING id)
UPDATE notices_notice n SET state = 'dropped', reason = 'disputed', state_at = %(now)s
WHERE n.organisation_id = %(org)s AND n.invoice_id = %(invoice)s AND n.kind = ANY(%(kinds)s)
  AND (n.state IN ('planned', 'held') OR n.delivery_id IN (SELECT id FROM gone))
"""
# The last word of each conversation about the invoice: one that ends in "disputed" is open
_STILL = """
SELECT 1 FROM (
    SELECT DISTINCT ON (d.data ->> 'conversation') e.type FROM events_event e
    JOIN events_eventdetail d ON d.organisation_id = e.organisation_id AND d.event_id = e.id
    WHERE e.organisation_id = %(org)s AND e.invoice_id = %(invoice)s AND e.type IN ('disputed', 'resolved', 'withdrawn')
    ORDER BY d.data ->> 'conversation', e.id DESC) last
WHERE last.type = 'disputed' LIMIT 1
"""
_GO_ON = """
UPDATE notices_watch w SET closed = '', stale = true, epoch = w.epoch + 1, done_through = greatest(w.done_through, %(today)s::date - w.due_date)
WHERE w.organisation_id = %(org)s AND w.invoice_id = %(invoice)s AND w.closed = 'disputed'
  AND EXISTS (SELECT FROM payments_balance b WHERE b.organisation_id = w.organisation_id AND b.id = w.invoice_id AND b.is_open)
"""


def on_disputed(event: Recorded) -> None:
    values = {"org": event.organisation_id, "invoice": event.invoice_id}
    run(_PAUSE, values)
    run(_WITHDRAW, values | {"now": event.at, "kinds": list(kinds.REMINDERS)})


def on_settled(event: Recorded) -> None:
    """A dispute ended. Whatever step fell into it is not made up for: reminders go on with the next one."""
    values = {"org": event.organisation_id, "invoice": event.invoice_id, "today": event.at.date()}
    if not run(_STILL, values):
        run(_GO_ON, values)
