"""What sellers and readers want, looked up once for many notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from wasl.app.notices.plan import Rhythm
from wasl.app.notices.preferences import Preferences, preferences_of_all
from wasl.app.notices.schedule import SellerSchedule, schedules_of
from wasl.app.sql import run
from wasl.app.tenancy.models import normalise_email

_PLACES = "SELECT id, time_zone, country FROM tenancy_organisation WHERE id = ANY(%s)"
DEFAULT = Preferences()
DEFAULT_SCHEDULE = SellerSchedule()


@lru_cache(maxsize=4096)
def _default_at(time_zone: str, country: str) -> Preferences:
    return DEFAULT.at(time_zone=time_zone, country=country)


@dataclass(frozen=True)
class Wishes:
    """Schedules by seller, preferences by address, and where each seller is."""

    schedules: dict[UUID, SellerSchedule]
    preferences: dict[str, Preferences]
    places: dict[UUID, tuple[str, str]]

    @classmethod
    def load(cls, org_ids: Iterable[UUID], emails: Iterable[str]) -> Wishes:
        ids = list(set(org_ids))
        places = {org: (time_zone, country) for org, time_zone, country in run(_PLACES, (ids,))}
        return cls(schedules_of(ids), preferences_of_all(set(emails)), places)

    @classmethod
    def of_one(cls, org: Any, email: str) -> Wishes:
        """The same for one mail of one seller, whose row is at hand."""
        return cls(schedules_of([org.pk]), preferences_of_all({email}), {org.pk: (org.time_zone, org.country)})

    def schedule(self, org_id: UUID) -> SellerSchedule:
        return self.schedules.get(org_id, DEFAULT_SCHEDULE)

    def rhythm(self, org_id: UUID) -> Rhythm:
        return self.schedule(org_id).rhythm

    def of(self, org_id: UUID, email: str) -> Preferences:
        """The address's own, with the seller's zone and country where it chose none."""
        time_zone, country = self.places[org_id]
        own = self.preferences.get(normalise_email(email)) if email else None
        return own.at(time_zone=time_zone, country=country) if own else _default_at(time_zone, country)
