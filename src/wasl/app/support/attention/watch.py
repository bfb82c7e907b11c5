"""The events that begin or end something worth attention. Each subscriber is one statement, safe inside a pipeline."""

from __future__ import annotations

from typing import Any

from wasl.app.events.record import Recorded, subscribe
from wasl.app.ids import uuid7
from wasl.app.sql import send
from wasl.app.support.models import Attention

UNOPENED_DAYS = 3  # as AttentionSetting has it

# A cause that ended and begins again, later, counts anew
RAISE = """
INSERT INTO support_attention AS a (organisation_id, id, kind, invoice_id, subject, since, due_at, is_hidden, closed_by)
VALUES (%(org)s::uuid, %(id)s::uuid, %(kind)s::text, %(invoice)s::uuid, %(subject)s::uuid, %(since)s::timestamptz, %(due)s::timestamptz, false, '')
ON CONFLICT (organisation_id, kind, subject) DO UPDATE
SET since = excluded.since, due_at = excluded.due_at, is_hidden = false, closed_at = NULL, closed_by = '', person_id = NULL
WHERE a.closed_at <= excluded.since
"""
# One row an invoice: sending again starts the time anew, once it was opened there is none
_UNOPENED = """
INSERT INTO support_attention AS a (organisation_id, id, kind, invoice_id, subject, since, due_at, is_hidden, closed_by)
SELECT b.organisation_id, %(id)s::uuid, 'unopened', b.id, b.id, %(since)s::timestamptz, %(since)s::timestamptz + make_interval(days => coalesce(
       (SELECT s.unopened_days FROM support_attentionsetting s WHERE s.organisation_id = b.organisation_id), %(days)s::int)), false, ''
FROM payments_balance b
WHERE b.organisation_id = %(org)s::uuid AND b.id = %(invoice)s::uuid AND b.is_open AND NOT EXISTS (
    SELECT 1 FROM events_event v WHERE v.organisation_id = b.organisation_id AND v.invoice_id = b.id AND v.type = 'opened')
ON CONFLICT (organisation_id, kind, subject) DO UPDATE
SET since = excluded.since, due_at = excluded.due_at, is_hidden = false, closed_at = NULL, closed_by = '', person_id = NULL
"""
_CLOSE = """
UPDATE support_attention SET closed_at = %(at)s, closed_by = 'cause'
WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND closed_at IS NULL AND kind = ANY(%(kinds)s)
  AND (%(subject)s::uuid IS NULL OR subject = %(subject)s::uuid)
"""
# The event `paid` comes before its journal lines, so its amount is taken off here
_SETTLED = """
UPDATE support_attention SET closed_at = %(at)s, closed_by = 'cause'
WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND closed_at IS NULL AND kind IN ('bounced', 'unopened', 'pending')
  AND EXISTS (SELECT 1 FROM payments_balance b WHERE b.organisation_id = %(org)s AND b.id = %(invoice)s AND b.open_amount - %(less)s::bigint <= 0)
"""


def raised(event: Recorded, kind: str, subject: Any, due: Any = None) -> None:
    send(RAISE, {
        "org": event.organisation_id, "id": uuid7(), "kind": kind, "invoice": event.invoice_id, "subject": subject,
        "since": event.at, "due": due or event.at,
    })  # fmt: skip


def closed(event: Recorded, *kinds: str, subject: Any = None) -> None:
    send(_CLOSE, {"org": event.organisation_id, "invoice": event.invoice_id, "kinds": list(kinds), "subject": subject, "at": event.at})


def on_bounced(event: Recorded) -> None:
    """The document's mail, or a reminder: either way nobody there reads it. An invoice that is paid needs no mail."""
    closed(event, Attention.UNOPENED, Attention.STUCK, Attention.DEFERRED)
    raised(event, Attention.BOUNCED, event.data["delivery"])


def on_handed_over(event: Recorded) -> None:
    closed(event, Attention.STUCK, Attention.DEFERRED, subject=event.data.get("delivery"))
    if event.type == "handed-over":
        values = {"org": event.organisation_id, "id": uuid7(), "invoice": event.invoice_id, "since": event.at, "days": UNOPENED_DAYS}
        send(_UNOPENED, values)


def on_queued(event: Recorded) -> None:
    """Somebody sends it again, perhaps to another address: what came back before is dealt with."""
    closed(event, Attention.BOUNCED)


def on_settled(event: Recorded) -> None:
    send(_SETTLED, {
        "org": event.organisation_id, "invoice": event.invoice_id, "at": event.at, "less": 0 if event.type == "credited" else event.amount or 0,
    })  # fmt: skip


def on_asked(event: Recorded) -> None:
    if event.data.get("reason") == "not_mine" and event.type == "disputed":
        raised(event, Attention.NOT_MINE, event.data["conversation"])


def on_answered(event: Recorded) -> None:
    closed(event, Attention.QUESTION, subject=event.data.get("conversation"))


def on_ended(event: Recorded) -> None:
    closed(event, Attention.QUESTION, Attention.NOT_MINE, subject=event.data.get("conversation"))


def on_call(event: Recorded) -> None:
    """A call is worth a look from the beginning of its slot on."""
    raised(event, Attention.CALL, event.data["call"], due=event.data["slot"])


def on_called(event: Recorded) -> None:
    closed(event, Attention.CALL, subject=event.data["call"])


def on_alarm(event: Recorded) -> None:
    """Its rows are found by the sweep, which knows their ids; the invoice's own payment no longer hangs."""
    closed(event, Attention.PENDING)


def on_returned(event: Recorded) -> None:
    """The bank took a payment back. Where we know of no invoice that it paid, it waits among the movements only."""
    if event.invoice_id:
        raised(event, Attention.RETURNED, event.data["line"])


def on_undone(event: Recorded) -> None:
    if line := event.data.get("line"):
        closed(event, Attention.RETURNED, subject=line)


def on_erased(event: Recorded) -> None:
    closed(event, *Attention.KINDS)


def listen() -> None:
    """Called once, when the application starts."""
    for types, subscriber in (
        (("bounced", "notice-bounced"), on_bounced),
        (("handed-over", "delivered", "notice-sent", "notice-delivered"), on_handed_over),
        (("queued",), on_queued),
        (("opened",), lambda event: closed(event, Attention.UNOPENED)),
        (("paid", "credited", "written-off"), on_settled),
        (("asked", "disputed"), on_asked),
        (("answered",), on_answered),
        (("resolved", "withdrawn"), on_ended),
        (("call-asked",), on_call),
        (("call-done", "call-cancelled"), on_called),
        (("payment-alarm",), on_alarm),
        (("transfer-returned",), on_returned),
        (("transfer-undone",), on_undone),
        (("erased",), on_erased),
    ):
        for event_type in types:
            subscribe(event_type, subscriber)
