"""The hours of a seller as they are kept, and changing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app.support.errors import BadHours, ClosedDayUnknown
from wasl.app.support.models import ClosedDay, DeskSetting
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

MINUTES_MAX = 24 * 60
SPANS_MAX = 2  # a day: many shops close over noon
CLOSED_MAX = 60  # days of one's own that are kept ahead
Week = dict[int, list[tuple[int, int]]]  # Monday is 0; minutes of the wall clock, ascending


def settings_of(org: Any) -> DeskSetting:
    """The seller's row, or one with the defaults that is not saved yet."""
    return DeskSetting.objects.for_org(org).first() or DeskSetting(organisation_id=getattr(org, "pk", org))


def week_of(setting: DeskSetting) -> Week:
    return {int(day): [(span[0], span[1]) for span in spans] for day, spans in setting.week.items()}


def checked_week(week: Mapping[int, Sequence[tuple[int, int]]]) -> Week:
    """The week in order. Raises BadHours where a time is outside the day, ends before it begins, or two overlap."""
    kept: Week = {}
    for day, spans in week.items():
        ordered = sorted(spans)
        if not 0 <= day <= 6 or len(ordered) > SPANS_MAX:
            raise BadHours
        before = 0
        for opens, closes in ordered:
            if not before <= opens < closes <= MINUTES_MAX:
                raise BadHours
            before = closes
        if ordered:
            kept[day] = ordered
    return kept


@transaction.atomic
def change_hours(org: Any, *, week: Mapping[int, Sequence[tuple[int, int]]], keeps_holidays: bool, actor: Actor) -> DeskSetting:
    """Raises BadHours."""
    require(org.pk, actor)
    row = held_settings(org)
    row.week = {str(day): [list(span) for span in spans] for day, spans in checked_week(week).items()}
    row.keeps_holidays = keeps_holidays
    row.save()
    audit(org.pk, actor, "desk.hours", "organisation", org.pk)
    return row


def held_settings(org: Any) -> DeskSetting:
    """The row, made where there is none and locked until the transaction ends."""
    DeskSetting.objects.for_org(org).get_or_create(organisation_id=org.pk)
    return DeskSetting.objects.for_org(org).select_for_update().get(organisation_id=org.pk)


def closed_days(org: Any, since: date) -> list[ClosedDay]:
    """The seller's own closed days that end on `since` or later."""
    return list(ClosedDay.objects.for_org(org).filter(last__gte=since).order_by("first")[:CLOSED_MAX])


@transaction.atomic
def close_days(org: Any, *, first: date, last: date, name: str, actor: Actor) -> ClosedDay:
    """Raises BadHours where the days are in the wrong order, a year or longer, or already many."""
    require(org.pk, actor)
    held_settings(org)
    if last < first or (last - first).days > 366 or len(closed_days(org, first)) >= CLOSED_MAX:
        raise BadHours
    row = ClosedDay.objects.create(organisation_id=org.pk, first=first, last=last, name=name)
    audit(org.pk, actor, "desk.closed", "organisation", org.pk, {"first": first.isoformat(), "last": last.isoformat()})
    return row


@transaction.atomic
def open_days(org: Any, row_id: UUID, *, actor: Actor) -> ClosedDay:
    """Take closed days back. Raises ClosedDayUnknown."""
    require(org.pk, actor)
    row = ClosedDay.objects.for_org(org).filter(pk=row_id).first()
    if row is None:
        raise ClosedDayUnknown
    ClosedDay.objects.for_org(org).filter(pk=row_id).delete()
    audit(org.pk, actor, "desk.reopened", "organisation", org.pk, {"first": row.first.isoformat()})
    return row
