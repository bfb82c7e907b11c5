"""The notices of an inbox, by its addresses and through its grants: two statements, both by index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.tenancy.payers import Inbox

SHOWN = 50
UNREAD_MAX = 10  # more is shown as "10+": nobody counts further

# What reached the reader's side in any way; a notice that was held or dropped was not said
_SAID = "n.state IN ('queued', 'sent', 'unknown', 'bounced') AND n.channels ? 'portal'"
_GRANTED = """EXISTS (
    SELECT 1 FROM tenancy_payergrant g WHERE g.payer_id = %(payer)s AND g.organisation_id = n.organisation_id AND g.invoice_id = n.invoice_id)"""
_UNREAD = f"""
SELECT count(*) FROM (
    SELECT 1 FROM notices_notice n JOIN tenancy_payeraddress a ON a.payer_id = %(payer)s AND a.email = n.email
    WHERE n.seen_at IS NULL AND {_SAID} AND {_GRANTED} LIMIT {UNREAD_MAX}) AS few
"""
_RECENT = f"""
SELECT n.id, n.kind, n.created_at, n.seen_at IS NULL, n.organisation_id, n.invoice_id, i.number,
       o.name_ar, o.name_en, o.country, o.time_zone
FROM notices_notice n
JOIN invoicing_invoice i ON i.organisation_id = n.organisation_id AND i.id = n.invoice_id
JOIN tenancy_organisation o ON o.id = n.organisation_id
WHERE n.email = ANY(%(emails)s) AND {_SAID} AND {_GRANTED} ORDER BY n.created_at DESC LIMIT {SHOWN}
"""
_SEE = f"""
UPDATE notices_notice n SET seen_at = %(now)s WHERE n.email = ANY(%(emails)s) AND n.seen_at IS NULL AND {_SAID} AND {_GRANTED}
"""


@dataclass(frozen=True)
class Told:
    """One notice as its reader sees it."""

    id: UUID
    kind: str
    at: datetime
    is_new: bool
    organisation_id: UUID
    invoice_id: UUID
    number: str
    name_ar: str
    name_en: str
    country: str
    time_zone: str

    def seller_name(self, lang: str) -> str:
        first, second = (self.name_ar, self.name_en) if lang == "ar" else (self.name_en, self.name_ar)
        return first or second


def _place(inbox: Inbox) -> dict[str, Any]:
    return {"payer": inbox.payer.pk, "emails": inbox.emails}


def unread(inbox: Inbox) -> int:
    return run(_UNREAD, {"payer": inbox.payer.pk})[0][0]


def recent(inbox: Inbox) -> list[Told]:
    """The newest first."""
    return [Told(*row) for row in run(_RECENT, _place(inbox))]


def see(inbox: Inbox) -> None:
    """Everything shown so far was looked at."""
    run(_SEE, {**_place(inbox), "now": clock.now()})
