"""What a person's own act on the payer's page leaves in the invoice's story: opened, downloaded. A scanner's GET leaves
nothing: these are recorded for a POST from the page, or for a navigation that the browser says a person made."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.invoicing.models import Link
from wasl.app.portal.open_link import Opened
from wasl.app.sql import run

_SEEN = """
SELECT 1 FROM events_event v JOIN events_eventdetail d ON d.organisation_id = v.organisation_id AND d.id = v.id
WHERE v.organisation_id = %s AND v.invoice_id = %s AND v.type = %s AND d.data ->> 'link' = %s LIMIT 1
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def is_by_a_person(request: HttpRequest) -> bool:
    """Browsers set Sec-Fetch-User on a navigation that a person started, and no page can forge it."""
    return request.headers.get("Sec-Fetch-User") == "?1"


def note(seen: Opened, act: str) -> bool:
    """Record `act` once for each link; True when this was the first time."""
    link = seen.link
    with transaction.atomic():
        run(_LOCK, (f"{link.id} {act}",))  # two taps at once are still one opening
        if run(_SEEN, (link.organisation_id, link.invoice_id, act, str(link.id))):
            return False
        recipient = link.recipient if link.purpose == Link.MAIL else ""
        record(act, org=seen.org, invoice=seen.row, at=clock.now(), data={"link": str(link.id), "recipient": recipient})
    return True
