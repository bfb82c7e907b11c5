"""Who is watched for which invoice: opened when its mail is queued, closed when there is nothing more to remind of.

All of it happens in the transaction of what causes it. The row of the watch is the one lock: whoever closes it and whoever hands
a reminder over come one after the other, so no reminder leaves after the payment is committed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.delivery.outgoing import INVOICE
from wasl.app.events.record import Recorded, record
from wasl.app.ids import uuid7
from wasl.app.notices import kinds
from wasl.app.notices.models import Watch
from wasl.app.notices.preferences import make_stale
from wasl.app.sql import run, send
from wasl.app.tenancy.models import normalise_email

_OPEN = """
INSERT INTO notices_watch AS w (organisation_id, id, invoice_id, email, language, due_date, done_through, has_own, closed, stale, parked,
    next_kind, created_at)
SELECT i.organisation_id, %(id)s::uuid, i.id, %(email)s::text, d.language, x.due, %(today)s::date - x.due,
       EXISTS (SELECT FROM notices_preference p WHERE p.email = %(email)s::text), '', true, '', '', %(now)s::timestamptz
FROM invoicing_invoice i
JOIN delivery_delivery d ON d.organisation_id = i.organisation_id AND d.id = %(delivery)s::uuid AND d.kind = 'invoice'
CROSS JOIN LATERAL (SELECT coalesce((SELECT e.due_date FROM notices_extension e WHERE e.organisation_id = i.organisation_id
    AND e.invoice_id = i.id ORDER BY e.id DESC LIMIT 1), i.due_date) AS due) x
WHERE i.organisation_id = %(org)s AND i.id = %(invoice)s AND i.kind = 'invoice'
  AND EXISTS (SELECT FROM payments_balance b WHERE b.organisation_id = i.organisation_id AND b.id = i.id AND b.is_open)
ON CONFLICT (organisation_id, invoice_id, email) DO UPDATE SET closed = '', stale = true, epoch = w.epoch + 1
    WHERE w.closed IN ('bounced', 'withdrawn')
"""


def on_queued(event: Recorded) -> None:
    """A document's mail is on its way: from now on its recipient is reminded. What lies before today is over: the mail itself says it."""
    data = event.data
    if data.get("kind", INVOICE) != INVOICE:
        return
    values = {"id": uuid7(), "org": event.organisation_id, "invoice": event.invoice_id, "delivery": data["delivery"]}
    send(_OPEN, values | {"email": normalise_email(data["recipient"]), "today": event.at.date(), "now": event.at})


_SETTLED = """
EXISTS (SELECT FROM payments_balance b WHERE b.organisation_id = %(org)s AND b.id = %(invoice)s AND b.open_amount - %(less)s::bigint <= 0)
"""
_CLOSE = f"""
UPDATE notices_watch SET closed = %(why)s::text, next_at = NULL, next_step = NULL, next_kind = ''
WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND closed = '' AND {_SETTLED}
"""
_WITHDRAW = f"""
WITH gone AS (
    UPDATE delivery_delivery SET state = 'dropped', state_at = %(now)s::timestamptz, reply = %(why)s::text
    WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND kind = ANY(%(kinds)s) AND NOT in_flight
      AND state IN ('queued', 'deferred') AND {_SETTLED}
    RETURNING id)
UPDATE notices_notice n SET state = 'dropped', reason = %(why)s::text, state_at = %(now)s::timestamptz
WHERE n.organisation_id = %(org)s AND n.invoice_id = %(invoice)s AND n.kind = ANY(%(kinds)s) AND {_SETTLED}
  AND (n.state IN ('planned', 'held') OR n.delivery_id IN (SELECT id FROM gone))
"""


def _settle(event: Recorded, why: str, less: int) -> None:
    """Where nothing is left to pay: no more plans, and what waits does not leave. Two statements: the second sees what the first waited for."""
    values = {"org": event.organisation_id, "invoice": event.invoice_id, "less": less, "why": why, "now": event.at}
    send(_CLOSE, values)
    send(_WITHDRAW, values | {"kinds": list(kinds.REMINDERS)})


def on_paid(event: Recorded) -> None:
    """The event comes before its journal lines, so its amount is taken off here."""
    _settle(event, Watch.PAID, event.amount or 0)


def on_credited(event: Recorded) -> None:
    """The note's own lines are written by then."""
    _settle(event, Watch.CREDITED, 0)


_STOP = """
UPDATE notices_watch SET closed = %(why)s::text, next_at = NULL, next_step = NULL, next_kind = ''
WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND email = %(email)s::text AND closed IN ('', 'stopped') RETURNING id
"""
_STOP_WAITING = """
WITH gone AS (
    UPDATE delivery_delivery SET state = 'dropped', state_at = %(now)s::timestamptz, reply = %(why)s::text
    WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND lower(recipient) = %(email)s::text AND kind = ANY(%(kinds)s)
      AND NOT in_flight AND state IN ('queued', 'deferred') RETURNING id)
UPDATE notices_notice n SET state = 'dropped', reason = %(why)s::text, state_at = %(now)s::timestamptz
WHERE n.organisation_id = %(org)s AND n.invoice_id = %(invoice)s AND n.email = %(email)s::text AND n.kind = ANY(%(kinds)s)
  AND (n.state IN ('planned', 'held') OR n.delivery_id IN (SELECT id FROM gone))
"""


def on_withdrawn(event: Recorded) -> None:
    """The seller withdrew the link of an address: nothing that waits goes there any more, or it would bring a new link along. Whoever
    is sent the document again is reminded again."""
    email = normalise_email(event.data.get("recipient", ""))
    if email:
        values = {"org": event.organisation_id, "invoice": event.invoice_id, "email": email, "why": Watch.WITHDRAWN}
        send(_STOP, values)
        send(_STOP_WAITING, values | {"kinds": list(kinds.KINDS), "now": event.at})


@transaction.atomic
def stop(org: Any, invoice: Any, email: str, why: str = Watch.STOPPED) -> bool:
    """No more reminders of this invoice to this address: it asked for that (`stopped`), or the invoice is not its own (`not_mine`)."""
    values = {"org": getattr(org, "pk", org), "invoice": getattr(invoice, "pk", invoice), "email": normalise_email(email), "why": why}
    found = run(_STOP, values)
    run(_STOP_WAITING, values | {"kinds": list(kinds.REMINDERS), "now": clock.now()})
    if found:
        record("reminders-stopped", org=values["org"], invoice=values["invoice"], at=clock.now(), data={"recipient": values["email"], "reason": why})
    return bool(found)


def _mine(org: Any, invoice: Any, email: str) -> Any:
    return Watch.objects.for_org(org).filter(invoice_id=getattr(invoice, "pk", invoice), email=normalise_email(email))


def _was_settled(watch: Any) -> bool:
    """Whether nothing is left to pay: a wish to stop hides that from `_CLOSE`, and must not be taken back into a reminder."""
    if run("SELECT 1 FROM payments_balance WHERE organisation_id = %s AND id = %s AND NOT is_open", (watch.organisation_id, watch.invoice_id)):
        Watch.objects.for_org(watch.organisation_id).filter(pk=watch.pk).update(closed=Watch.PAID, next_at=None, next_step=None, next_kind="")
        return True
    return False


@transaction.atomic
def resume(org: Any, invoice: Any, email: str) -> bool:
    """The address wants reminders of this invoice again. What was closed for another reason than its wish stays closed."""
    watch = _mine(org, invoice, email).select_for_update().filter(closed=Watch.STOPPED).first()
    if watch is None or _was_settled(watch):
        return False
    watch.closed = ""
    watch.save(update_fields=["closed"])
    make_stale("", "organisation_id = %(org)s AND id = %(id)s", org=watch.organisation_id, id=watch.pk)
    record("reminders-resumed", org=watch.organisation_id, invoice=watch.invoice_id, at=clock.now(), data={"recipient": watch.email})
    return True


@transaction.atomic
def remind_on(org: Any, invoice: Any, email: str, day: date | None) -> bool:
    """One day that the reader asked for, in place of the reminders before it; None: as planned. False where nothing is watched."""
    watch = _mine(org, invoice, email).select_for_update().filter(closed__in=("", Watch.STOPPED), due_date__isnull=False).first()
    if watch is None or _was_settled(watch):
        return False
    watch.remind_on, watch.closed = day, ""
    watch.save(update_fields=["remind_on", "closed"])
    make_stale("", "organisation_id = %(org)s AND id = %(id)s", org=watch.organisation_id, id=watch.pk)
    return True


_ERASE = (
    "DELETE FROM notices_watch WHERE organisation_id = %s AND invoice_id = %s",
    "DELETE FROM notices_push p USING notices_notice n WHERE n.organisation_id = p.organisation_id AND n.id = p.notice_id"
    " AND n.organisation_id = %s AND n.invoice_id = %s",
    "UPDATE notices_digest d SET data = NULL FROM notices_notice n"
    " WHERE n.digest_id = d.id AND n.organisation_id = %s AND n.invoice_id = %s",
    "UPDATE notices_notice SET state = 'dropped', reason = 'erased' WHERE organisation_id = %s AND invoice_id = %s"
    " AND state IN ('planned', 'held', 'queued')",
    "UPDATE notices_notice SET email = id::text, data = '{}' WHERE organisation_id = %s AND invoice_id = %s",  # still one for each key
)


def erase_watches(org_id: Any, invoice_id: Any) -> None:
    """An erasure's part of this floor: addresses go, that something was said and when stays."""
    values = (org_id, invoice_id)
    for statement in _ERASE:
        run(statement, values)
