"""Sharing out: where a seller wants it, a conversation that nobody has goes to the member who was longest without a new one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wasl.app.events.record import Recorded, subscribe
from wasl.app.sql import send
from wasl.app.support.hours.settings import held_settings
from wasl.app.support.models import DeskSetting
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

_GIVE = """
UPDATE support_conversation c SET assignee_id = (
    SELECT m.person_id FROM tenancy_membership m JOIN tenancy_person p ON p.id = m.person_id AND p.is_active
    WHERE m.organisation_id = %(org)s
    ORDER BY (SELECT max(o.opened_at) FROM support_conversation o WHERE o.organisation_id = %(org)s AND o.assignee_id = m.person_id) NULLS FIRST,
             m.person_id LIMIT 1)
WHERE c.organisation_id = %(org)s AND c.id = %(conversation)s::uuid AND c.assignee_id IS NULL
  AND EXISTS (SELECT 1 FROM support_desksetting s WHERE s.organisation_id = %(org)s AND s.shares_out)
"""


def on_asked(event: Recorded) -> None:
    """In the transaction of the question: whoever gets it finds it in their list at once."""
    if event.data.get("conversation"):
        send(_GIVE, {"org": event.organisation_id, "conversation": event.data["conversation"]})


def listen() -> None:
    subscribe("asked", on_asked)
    subscribe("disputed", on_asked)


@transaction.atomic
def share_out(org: Any, *, on: bool, actor: Actor) -> DeskSetting:
    """Switch it on or off for conversations to come."""
    require(org.pk, actor)
    row = held_settings(org)
    if row.shares_out != on:
        row.shares_out = on
        row.save(update_fields=["shares_out"])
        audit(org.pk, actor, "desk.turns", "organisation", org.pk, {"on": on})
    return row
