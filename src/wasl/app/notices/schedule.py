"""A seller's own schedule of reminders: kept, checked, and read by the planner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.notices.errors import BadSchedule
from wasl.app.notices.models import Schedule
from wasl.app.notices.plan import Rhythm
from wasl.app.notices.preferences import make_stale
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

TONES = ("gentle", "neutral", "firm")
BEFORE_MAX, AFTER_MAX, STEPS_MAX = 60, 180, 8


@dataclass(frozen=True)
class SellerSchedule:
    """When and how a seller reminds. What stands here is what holds for a seller who has changed nothing."""

    steps: tuple[int, ...] = Rhythm().steps
    hour: time = time(9)
    tone: str = "neutral"
    enabled: bool = True

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.steps, self.hour, self.enabled)


def schedule_of(org: Any) -> SellerSchedule:
    return schedules_of([getattr(org, "pk", org)]).get(getattr(org, "pk", org), SellerSchedule())


def schedules_of(org_ids: Iterable[UUID]) -> dict[UUID, SellerSchedule]:
    """Those of many sellers; who has changed nothing is left out."""
    rows = run("SELECT organisation_id, steps::text, hour, tone, enabled FROM notices_schedule WHERE organisation_id = ANY(%s)", (list(org_ids),))
    return {org: SellerSchedule(tuple(sorted(orjson.loads(steps))), hour, tone, enabled) for org, steps, hour, tone, enabled in rows}


@transaction.atomic
def save_schedule(org: Any, wanted: SellerSchedule, *, actor: Actor) -> SellerSchedule:
    """Keep the schedule; every open invoice of the seller is planned anew. Raises BadSchedule, NotFound."""
    require(org.pk, actor)
    steps = tuple(sorted(set(wanted.steps)))
    if len(steps) > STEPS_MAX or any(not -BEFORE_MAX <= step <= AFTER_MAX for step in steps):
        raise BadSchedule(steps=STEPS_MAX, before=BEFORE_MAX, after=AFTER_MAX)
    if wanted.tone not in TONES:
        raise NotFound(what="document")
    values = {"steps": list(steps), "hour": wanted.hour, "tone": wanted.tone, "enabled": wanted.enabled, "updated_at": clock.now()}
    Schedule.objects.for_org(org).update_or_create(organisation_id=org.pk, defaults=values)
    make_stale("", "organisation_id = %(org)s", org=org.pk)
    audit(org.pk, actor, "schedule.save", "schedule", None, {"steps": list(steps), "tone": wanted.tone, "enabled": wanted.enabled})
    return SellerSchedule(steps, wanted.hour, wanted.tone, wanted.enabled)
