"""Telling somebody of what has just happened to an invoice: an answer, a dispute settled, a credit note, a payment.

    notify("question", org=org, invoice=invoice, recipient=address, key=str(message.pk), path="/ask")

Called inside the caller's transaction; the notice stands or falls with what it tells of. It is sent by the ways that the address
chose, not in its quiet hours, and never twice for one key.
"""

from __future__ import annotations

from typing import Any

from wasl.app import clock
from wasl.app.events.record import Recorded
from wasl.app.ids import uuid7
from wasl.app.notices import kinds
from wasl.app.notices.models import Notice
from wasl.app.notices.rows import NoticeRow, insert_notices
from wasl.app.sql import run, send
from wasl.app.tenancy.models import normalise_email

STEP_CHARS_MAX = 60
PATHS = ("", "/ask", "/questions", "/details", "/statement")  # what of the invoice's page a notice may lead to


def notify(kind: str, *, org: Any, invoice: Any, recipient: str, key: str, path: str = "", language: str = "", amount: int | None = None) -> bool:
    """Plan one notice for now; whether it is a new one. `key` names what it tells of; `path` is the part of the page that shows it.

    `amount` in minor units, where the notice is about one. Nothing personal belongs into any of them.
    """
    if kind not in kinds.KINDS or kind in (kinds.NEW, *kinds.REMINDERS):
        raise ValueError(f"{kind} is not told by notify")
    step = f"{kind}/{key}"
    if len(step) > STEP_CHARS_MAX or path not in PATHS:
        raise ValueError("the key of a notice has at most 50 characters, and its path is one of PATHS")
    org_id, invoice_id = getattr(org, "pk", org), getattr(invoice, "pk", invoice)
    if not language:
        (language,) = run("SELECT language FROM invoicing_invoice WHERE organisation_id = %s AND id = %s", (org_id, invoice_id))[0]
    data = {"path": path} | ({} if amount is None else {"amount": amount})
    email = normalise_email(recipient)
    row = NoticeRow(uuid7(), org_id, invoice_id, email, language, kind, step, Notice.PLANNED, "", clock.now(), (), data)
    return bool(insert_notices([row]))


# One notice for each address that is watched; those that disowned the invoice, or that it was taken back from, are told nothing more
_ALL = """
INSERT INTO notices_notice (organisation_id, id, invoice_id, email, language, kind, step, state, reason, due_at, channels, data, created_at, state_at)
SELECT w.organisation_id, gen_random_uuid(), w.invoice_id, w.email, w.language, %(kind)s::text, %(step)s::text, 'planned', '',
       %(due)s::timestamptz, '[]'::jsonb,
       jsonb_build_object('amount', %(amount)s::bigint, 'note', %(note)s::text), %(now)s::timestamptz, %(now)s::timestamptz
FROM notices_watch w WHERE w.organisation_id = %(org)s::uuid AND w.invoice_id = %(invoice)s::uuid
  AND w.closed NOT IN ('not_mine', 'bounced', 'erased', 'withdrawn')
ON CONFLICT (organisation_id, invoice_id, email, step) DO NOTHING
"""


def tell_all(kind: str, event: Recorded, *, wait_minutes: int = 0) -> None:
    """Every watched address of the event's invoice hears of it; safe inside a pipeline."""
    from datetime import timedelta

    due = event.at + timedelta(minutes=wait_minutes)
    send(_ALL, {
        "kind": kind, "step": f"{kind}/{event.id}", "due": due, "now": event.at, "amount": event.amount, "note": str(event.data.get("note", "")),
        "org": event.organisation_id, "invoice": event.invoice_id,
    })  # fmt: skip


# The addresses of the inbox that agreed: those that the invoice was sent to, or all of them where it came another way
_AGREED = """
WITH mine AS (
    SELECT a.email, w.language, w.id IS NOT NULL AS is_sent FROM payments_mandate m
    JOIN tenancy_payeraddress a ON a.payer_id = m.payer_id AND a.leaves_at IS NULL
    LEFT JOIN notices_watch w ON w.organisation_id = m.organisation_id AND w.invoice_id = %(invoice)s::uuid AND w.email = a.email
        AND w.closed NOT IN ('not_mine', 'bounced', 'erased', 'withdrawn')
    WHERE m.organisation_id = %(org)s::uuid AND m.id = %(mandate)s::uuid)
INSERT INTO notices_notice (organisation_id, id, invoice_id, email, language, kind, step, state, reason, due_at, channels, data, created_at, state_at)
SELECT i.organisation_id, gen_random_uuid(), i.id, mine.email, coalesce(mine.language, i.language), %(kind)s::text, %(step)s::text, 'planned', '',
       %(now)s::timestamptz, '[]'::jsonb,
       jsonb_build_object('amount', %(amount)s::bigint, 'note', %(note)s::text), %(now)s::timestamptz, %(now)s::timestamptz
FROM mine JOIN invoicing_invoice i ON i.organisation_id = %(org)s::uuid AND i.id = %(invoice)s::uuid
WHERE mine.is_sent OR NOT EXISTS (SELECT FROM mine o WHERE o.is_sent)
ON CONFLICT (organisation_id, invoice_id, email, step) DO NOTHING
"""


def tell_agreed(event: Recorded) -> None:
    """What is charged, or could not be, is told to the inbox that agreed to it: to it always, however the invoice came there, and to
    nobody else whom the invoice was sent to."""
    send(_AGREED, {
        "kind": kinds.LEGAL, "step": f"{kinds.LEGAL}/{event.id}", "now": event.at, "amount": event.amount, "note": str(event.data.get("note", "")),
        "org": event.organisation_id, "invoice": event.invoice_id, "mandate": event.data["mandate"],
    })  # fmt: skip
