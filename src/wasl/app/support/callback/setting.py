"""Whether a seller calls back, and how many calls it takes at once."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wasl.app.support.hours.settings import held_settings
from wasl.app.support.models import DeskSetting
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

AT_ONCE_MAX = 20


@transaction.atomic
def offer_calls(org: Any, *, on: bool, at_once: int, actor: Actor) -> DeskSetting:
    """Switch it on or off; calls that are planned stay planned. `at_once` is kept within 1 and AT_ONCE_MAX."""
    require(org.pk, actor)
    row = held_settings(org)
    row.takes_calls, row.calls_at_once = on, min(max(at_once, 1), AT_ONCE_MAX)
    row.save(update_fields=["takes_calls", "calls_at_once"])
    audit(org.pk, actor, "desk.calls", "organisation", org.pk, {"on": on})
    return row
