"""Mailboxes that refuse mail for good: after several hard bounces in a row reminders end, and each seller concerned is told."""

from __future__ import annotations

import re
from typing import Any

from wasl.app.delivery.outgoing import INVOICE
from wasl.app.events.record import Recorded, record
from wasl.app.notices.models import Watch
from wasl.app.sql import run
from wasl.app.tenancy.models import normalise_email

HARD_BOUNCES_MAX = 3
TOLD_MAX = 500  # invoices of one dead mailbox that are told of one by one
_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
# Full, too big, refused for what it says: the mailbox is there (RFC 3463)
_PASSING = re.compile(r"5\.(2\.2|2\.3|3\.\d+|6\.\d+|7\.\d+)")


def is_hard(data: Any) -> bool:
    """Whether a bounce says that the mailbox itself is no good; a server that gives no such code is believed by its 55x."""
    found = _STATUS.search(f"{data.get('status', '')} {data.get('reply', '')}")
    if found:
        return not _PASSING.match(found.group())
    return bool(re.match(r"55[013]\b", str(data.get("reply", ""))))


_COUNT = """
INSERT INTO notices_suppression AS s (email, hard_bounces, last_reply, since, updated_at)
VALUES (%(email)s::text, 1, %(reply)s::text, NULL, %(now)s::timestamptz)
ON CONFLICT (email) DO UPDATE SET hard_bounces = least(s.hard_bounces + 1, 1000), last_reply = %(reply)s::text, updated_at = %(now)s::timestamptz,
    since = coalesce(s.since, CASE WHEN s.hard_bounces + 1 >= %(max)s::int THEN %(now)s::timestamptz END)
RETURNING since IS NOT DISTINCT FROM %(now)s::timestamptz
"""
_CLOSE = """
UPDATE notices_watch SET closed = 'bounced', next_at = NULL, next_step = NULL, next_kind = '' WHERE closed = '' AND email = %(email)s::text
  AND (%(invoice)s::uuid IS NULL OR (organisation_id = %(org)s::uuid AND invoice_id = %(invoice)s::uuid)) RETURNING organisation_id, invoice_id
"""


def on_bounced(event: Recorded) -> None:
    """Count it. The invoice's own mail came back: nobody there can be reminded of it. Too many: nobody there can be reminded at all."""
    email = normalise_email(str(event.data.get("recipient", "")))
    if not email or not is_hard(event.data):
        return
    values = {"email": email, "reply": str(event.data.get("reply", ""))[:200], "now": event.at, "max": HARD_BOUNCES_MAX}
    is_over = bool(run(_COUNT, values)[0][0])
    if event.data.get("kind", INVOICE) == INVOICE:
        run(_CLOSE, {"email": email, "org": event.organisation_id, "invoice": event.invoice_id})
    if is_over:
        told = {(event.organisation_id, event.invoice_id), *run(_CLOSE, {"email": email, "org": None, "invoice": None})}
        for org_id, invoice_id in sorted(told)[:TOLD_MAX]:
            data = {"recipient": email, "reply": values["reply"], "reason": Watch.BOUNCED}
            record("address-suppressed", org=org_id, invoice=invoice_id, at=event.at, data=data)


def on_alive(event: Recorded) -> None:
    """A report of delivery, or a person who opened the link that only this mailbox got: it is alive after all."""
    email = normalise_email(str(event.data.get("recipient", "")))
    if email:
        run("DELETE FROM notices_suppression WHERE email = %s", (email,))
