"""The numbers of a seller to call: which, when, in which languages. Hidden where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app import clock
from wasl.app.support.errors import BadHours, HotlineKnown
from wasl.app.support.hours import say
from wasl.app.support.hours.opening import Calendar, calendar_of, opening_by, with_hours
from wasl.app.support.hours.phone import phone, shown
from wasl.app.support.hours.settings import MINUTES_MAX, held_settings, settings_of
from wasl.app.support.models import Hotline
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.ui.i18n import current

HOTLINES_MAX = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A number as a page shows it. `tel` for the link, `number` to be read, `languages` and `now` in words, `hours` by days."""

    id: UUID
    tel: str
    number: str
    languages: str
    hours: Sequence[tuple[str, str]]
    now: str
    is_open: bool | None  # None where no hours are known


@dataclass(frozen=True, slots=True)
class Contact:
    """How a seller can be reached by telephone, and when anybody is there. `now` is "" where no hours are told."""

    lines: Sequence[Line]
    now: str
    is_open: bool | None
    hours: Sequence[tuple[str, str]]
    takes_calls: bool

    @property
    def is_told(self) -> bool:
        return bool(self.lines or self.now or self.takes_calls)


def contact(org: Any) -> Contact:
    """All of it, in at most three statements; numbers that speak the reader's language first."""
    at = clock.now()
    setting = settings_of(org)
    calendar = calendar_of(org, at, setting=setting)
    rows = list(Hotline.objects.for_org(org).order_by("position", "id"))
    rows.sort(key=lambda row: current() not in row.languages.split(","))
    found = opening_by(calendar, at)
    hours = say.week_lines(calendar.week, org.country) if calendar else []
    return Contact(
        [_line(org, row, calendar, at) for row in rows], say.sentence(org, found, at), found.is_open if calendar else None, hours,
        setting.takes_calls and calendar is not None,
    )  # fmt: skip


def lines(org: Any) -> Sequence[Line]:
    return contact(org).lines


def _line(org: Any, row: Hotline, calendar: Calendar | None, at: datetime) -> Line:
    own = with_hours(calendar, row.opens, row.closes) if calendar and row.opens is not None and row.closes is not None else calendar
    found = opening_by(own, at)
    return Line(
        row.pk, row.number, shown(row.number), languages(row.languages), say.week_lines(own.week, org.country) if own else [],
        say.sentence(org, found, at), found.is_open if own else None,
    )  # fmt: skip


def languages(keys: str) -> str:
    """In which languages somebody answers."""
    names = {"ar": pgettext("language", "Arabic"), "en": pgettext("language", "English")}
    said = [names[key] for key in keys.split(",") if key in names]
    return _("%(first)s and %(second)s") % {"first": said[0], "second": said[1]} if len(said) == 2 else "".join(said)


@transaction.atomic
def add_hotline(org: Any, *, number: str, languages: Sequence[str], opens: int | None = None, closes: int | None = None, actor: Actor) -> Hotline:
    """Raises BadPhone, BadHours, HotlineKnown."""
    require(org.pk, actor)
    kept = phone(number, org.country)
    if (opens is None) != (closes is None) or (opens is not None and closes is not None and not 0 <= opens < closes <= MINUTES_MAX):
        raise BadHours
    held_settings(org)
    known = Hotline.objects.for_org(org)
    count = known.count()
    if count >= HOTLINES_MAX or known.filter(number=kept).exists():
        raise HotlineKnown(limit=HOTLINES_MAX)
    spoken = ",".join(key for key in ("ar", "en") if key in languages) or "ar,en"
    row = Hotline.objects.create(organisation_id=org.pk, number=kept, languages=spoken, opens=opens, closes=closes, position=count)
    audit(org.pk, actor, "desk.hotline", "organisation", org.pk, {"number": kept})
    return row


@transaction.atomic
def remove_hotline(org: Any, row_id: UUID, *, actor: Actor) -> None:
    """Safe to repeat."""
    require(org.pk, actor)
    gone, _rows = Hotline.objects.for_org(org).filter(pk=row_id).delete()
    if gone:
        audit(org.pk, actor, "desk.hotline", "organisation", org.pk, {"removed": str(row_id)})
