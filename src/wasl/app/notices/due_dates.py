"""A later due date that a seller grants: in writing, in the log, for both sides.

The document stays as it was sealed, and so does the date on it, which no law lets anybody change after the issue. What is granted is a
promise: until that day nothing of this invoice counts as late. Reminders, lists, sums, ages, automatic payment and the payer's
page go by it; the event stands in the tamper-evident log.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.notices.errors import DueDateNotLater, NothingOwed
from wasl.app.notices.models import Extension
from wasl.app.payments.due import hold_until
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

DAYS_MAX = 730

_LOCK = "SELECT is_open FROM payments_balance WHERE organisation_id = %s AND id = %s FOR UPDATE"
# The days of the new date that lie before today are over: nobody is reminded in the minute in which time is granted
_MOVE = """
UPDATE notices_watch SET due_date = %(due)s::date, done_through = %(today)s::date - %(due)s::date, stale = true, epoch = epoch + 1, parked = '',
    next_at = NULL, next_step = NULL, next_kind = ''
WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND closed IN ('', 'stopped', 'disputed')
"""
_WAITING = """
WITH gone AS (
    UPDATE delivery_delivery SET state = 'dropped', state_at = %(now)s::timestamptz, reply = 'due date moved'
    WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND kind IN ('due_soon', 'due', 'overdue') AND NOT in_flight
      AND state IN ('queued', 'deferred') RETURNING id)
UPDATE notices_notice n SET state = 'dropped', reason = 'due date moved', state_at = %(now)s::timestamptz
WHERE n.organisation_id = %(org)s AND n.invoice_id = %(invoice)s AND n.kind IN ('due_soon', 'due', 'overdue')
  AND (n.state IN ('planned', 'held') OR n.delivery_id IN (SELECT id FROM gone))
"""


def due_date_of(invoice: Any) -> date | None:
    """The date that holds now: the newest that was granted, else the document's own."""
    rows = Extension.objects.for_org(invoice.organisation_id).filter(invoice_id=invoice.pk)
    return rows.order_by("-id").values_list("due_date", flat=True).first() or invoice.due_date


@transaction.atomic
def move_due_date(org: Any, invoice: Any, due: date, *, actor: Actor) -> date:
    """Grant more time; every reminder still to come is planned anew. Raises NotFound, NothingOwed, DueDateNotLater."""
    require(org.pk, actor)
    place = {"org": org.pk, "invoice": invoice.pk}
    still_open = run(_LOCK, (org.pk, invoice.pk))
    if not still_open or not still_open[0][0]:
        raise NothingOwed(number=invoice.number)
    now = clock.now()
    before = due_date_of(invoice)
    if before is None or not before < due <= before + timedelta(days=DAYS_MAX):
        raise DueDateNotLater(before=(before or now.date()).isoformat())
    Extension.objects.create(organisation_id=org.pk, invoice_id=invoice.pk, due_date=due, before=before, created_at=now)
    hold_until(org.pk, invoice.pk, due)
    run(_MOVE, place | {"due": due, "today": now.date()})
    run(_WAITING, place | {"now": now})
    record("due-moved", org=org, invoice=invoice, at=now, data={"due": due.isoformat(), "before": before.isoformat()})
    audit(org.pk, actor, "due-date.move", "invoice", invoice.pk, {"due": due.isoformat(), "before": before.isoformat()})
    return due
