"""What a person's own act on the payer's page leaves in the invoice's story: opened, downloaded. A scanner's GET leaves
nothing: these are recorded for a POST from the page, or for a navigation that the browser says a person made."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.portal.viewer import Viewer
from wasl.app.sql import run

_SEEN = """
SELECT 1 FROM events_event v JOIN events_eventdetail d ON d.organisation_id = v.organisation_id AND d.id = v.id
WHERE v.organisation_id = %s AND v.invoice_id = %s AND v.type = %s AND d.data ->> %s = %s LIMIT 1
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def is_by_a_person(request: HttpRequest) -> bool:
    """Browsers set Sec-Fetch-User on a navigation that a person started, and no page can forge it."""
    return request.headers.get("Sec-Fetch-User") == "?1"


def note(viewer: Viewer, act: str) -> bool:
    """Record `act` once for each link, or each person of an inbox; True when this was the first time."""
    row, (kind, value) = viewer.row, viewer.key
    with transaction.atomic():
        run(_LOCK, (f"{row.pk} {value} {act}",))  # two taps at once are still one opening
        if run(_SEEN, (row.organisation_id, row.pk, act, kind, value)):
            return False
        record(act, org=viewer.org, invoice=row, at=clock.now(), data={kind: value, "recipient": viewer.email})
    return True
