"""The day from which an unpaid invoice counts as late: the document's own, until its seller grants a later one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from wasl.app import clock
from wasl.app.sql import run

_HOLD = "UPDATE payments_balance SET due_date = %(due)s WHERE organisation_id = %(org)s AND id = %(invoice)s"
# What was to be paid by itself before that day is announced anew for it
_LATER = """
UPDATE payments_plannedcharge c SET charge_on = %(due)s::date, notice_on = %(due)s::date - m.notice_days, state = 'planned', noticed_at = NULL,
    next_at = %(now)s
FROM payments_mandate m WHERE m.organisation_id = c.organisation_id AND m.id = c.mandate_id
  AND c.organisation_id = %(org)s AND c.invoice_id = %(invoice)s AND c.state IN ('planned', 'noticed') AND c.charge_on < %(due)s::date
"""


def hold_until(org_id: UUID, invoice_id: UUID, due: date) -> None:
    """Lists, sums, ages, automatic payment and what is overdue go by `due` from now on. Caller holds the balance and writes the event."""
    place = {"org": org_id, "invoice": invoice_id, "due": due, "now": clock.now()}
    run(_HOLD, place)
    run(_LATER, place)
