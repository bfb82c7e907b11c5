"""The worker's round of this floor: plan what is stale, queue what is due, tell what has happened."""

from __future__ import annotations

from wasl.app.notices import digests, fire, planner, told


def beat() -> int:
    return planner.plan_stale() + fire.fire_due() + told.tell_due() + digests.gather_due()
