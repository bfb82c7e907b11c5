"""What must hold of deliveries: each state has its event, and a mail's bytes are those that were first tried."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, invariant
from wasl.app.sql import run

_BYTES = "SELECT organisation_id, delivery_id FROM delivery_message WHERE sha256(data) <> sha256"
_EVENTS = """
SELECT d.organisation_id, d.id, d.state FROM delivery_delivery d
WHERE NOT EXISTS (
    SELECT 1 FROM events_event v
    JOIN events_eventdetail t ON t.organisation_id = v.organisation_id AND t.event_id = v.id
    WHERE v.organisation_id = d.organisation_id AND v.invoice_id = d.invoice_id AND t.data ->> 'delivery' = d.id::text
      AND v.type = CASE WHEN d.kind <> 'invoice' THEN CASE d.state WHEN 'handed_over' THEN 'notice-sent' ELSE 'notice-' || d.state END
                        WHEN d.state = 'unknown' THEN 'delivery-unknown' WHEN d.state = 'handed_over' THEN 'handed-over' ELSE d.state END)
  AND NOT (d.kind <> 'invoice' AND d.state IN ('queued', 'deferred', 'dropped'))  -- of these no event tells: nobody heard of them
  AND NOT EXISTS (
    SELECT 1 FROM events_event v
    WHERE v.organisation_id = d.organisation_id AND v.invoice_id = d.invoice_id AND v.type = 'erased')
"""
_STATES = """
SELECT d.organisation_id, d.id, d.state FROM delivery_delivery d
WHERE ((d.state = 'delivered' AND NOT EXISTS (
        SELECT 1 FROM delivery_report r
        WHERE r.organisation_id = d.organisation_id AND r.delivery_id = d.id AND r.action IN ('delivered', 'expanded')))
   OR (d.state IN ('handed_over', 'unknown') AND d.attempts = 0 AND NOT EXISTS (
        SELECT 1 FROM delivery_report r WHERE r.organisation_id = d.organisation_id AND r.delivery_id = d.id)))
  AND NOT EXISTS (
    SELECT 1 FROM events_event v
    WHERE v.organisation_id = d.organisation_id AND v.invoice_id = d.invoice_id AND v.type = 'erased')
"""


@invariant("mail-bytes")
def bytes_stay_as_first_tried() -> Iterator[Problem]:
    for org, delivery in run(_BYTES):
        yield Problem("mail-bytes", f"organisation {org}, delivery {delivery}", "its bytes were changed", "تغيّر محتوى الرسالة المحفوظ")


@invariant("mail-events")
def each_state_has_its_event() -> Iterator[Problem]:
    for org, delivery, state in run(_EVENTS):
        en, ar = f"it is {state}, but no event says so", f"حالتها {state} ولا حدث يذكر ذلك"
        yield Problem("mail-events", f"organisation {org}, delivery {delivery}", en, ar)


@invariant("mail-states")
def no_state_without_its_reason() -> Iterator[Problem]:
    """ "Delivered" needs a report that says so; nothing is handed over that was never tried."""
    for org, delivery, state in run(_STATES):
        en, ar = f"it says {state}, and nothing proves it", f"حالتها {state} ولا دليل على ذلك"
        yield Problem("mail-states", f"organisation {org}, delivery {delivery}", en, ar)
