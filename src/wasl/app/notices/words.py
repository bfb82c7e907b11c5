"""Preferences in plain sentences: "You will hear from us ...". What they say is computed by the planner itself, not told beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app.notices import calendars, kinds
from wasl.app.notices.preferences import Preferences
from wasl.app.notices.preview import Coming, coming
from wasl.app.notices.push.subscriptions import subscriptions_of
from wasl.app.ui import format, reader
from wasl.app.ui.counting import ngettext
from wasl.app.ui.i18n import current
from wasl.invoice.numerals import in_digits


def in_words(preferences: Preferences, invoice: Any = None, *, email: str = "", now: datetime | None = None) -> list[str]:
    """What the choice means, in the active language, one sentence each. With an address, also what comes next of all it is
    watched for; with an invoice as well, of that invoice alone. Nothing is saved for that: a preview before the button is pressed."""
    if not (email and subscriptions_of(email)):  # no device, no notice on it
        preferences = replace(preferences, channels={kind: on - {kinds.PUSH} for kind, on in preferences.channels.items()})
    said = [part(preferences) for part in (_new, _before, _after, _digest, _quiet, _free, _off)]
    if email:
        found = coming(email, preferences, invoice=invoice, now=now, limit=1)
        said.append(next_in_words(found[0], preferences) if found else _("No reminder is planned at the moment."))
    return [sentence for sentence in said if sentence]


def next_in_words(found: Coming, preferences: Preferences) -> str:
    """"The next reminder: Sunday 20 December 2026 at 09:00, invoice INV-7 from Sanad"."""
    wall = found.at.astimezone(found.zone)
    return _("The next reminder: %(day)s at %(time)s, invoice %(number)s from %(seller)s.") % {
        "day": format.day_and_weekday(wall.date(), preferences.country or found.country), "time": hour_text(wall.time()),
        "number": format.isolate(found.number), "seller": format.isolate(found.seller_name(current())),
    }  # fmt: skip


def hour_text(value: time) -> str:
    """"09:00" in the reader's digits."""
    return format.isolate(in_digits(value.strftime("%H:%M"), reader.digits()))


def _list(parts: Sequence[str]) -> str:
    return format_list(list(parts), locale=current())


def _new(wanted: Preferences) -> str:
    return _("A new invoice reaches you at once: %(channels)s.") % {"channels": _channels(wanted, kinds.NEW)}


def _before(wanted: Preferences) -> str:
    is_heard = wanted.on(kinds.DUE_SOON) | wanted.on(kinds.DUE)
    if not is_heard - {kinds.ICS}:
        return _("No reminders before the due date.")
    if wanted.reminder_days is None:
        return _("Before the due date each seller's own schedule holds.")
    if not wanted.reminder_days:
        return _("No reminders before the due date.")
    days = [day for day in sorted(wanted.reminder_days, reverse=True) if day]
    parts = [ngettext("%(days)d day before", "%(days)d days before", day) for day in days]
    if 0 in wanted.reminder_days:
        parts.append(_("on the day itself"))
    return _("A reminder of what is due: %(days)s.") % {"days": _list(parts)}


def _after(wanted: Preferences) -> str:
    if not wanted.on(kinds.OVERDUE) - {kinds.ICS}:
        return _("No reminders of what is overdue.")
    return _("What is overdue you hear of as the seller's schedule has it.")


def _digest(wanted: Preferences) -> str:
    if wanted.digest == "daily":
        return _("Instead of single e-mails, one summary a day.")
    if wanted.digest == "weekly":
        return _("Instead of single e-mails, one summary a week, on %(day)s.") % {"day": format.weekday(first_working_day(wanted.country))}
    return ""


def _quiet(wanted: Preferences) -> str:
    if not wanted.has_quiet_hours:
        return ""
    values = {"start": hour_text(wanted.quiet_from), "end": hour_text(wanted.quiet_until), "place": zone_name(wanted.time_zone)}
    if not wanted.time_zone:
        return _("Nothing between %(start)s and %(end)s.") % values
    return _("Nothing between %(start)s and %(end)s, %(place)s time.") % values


def _free(wanted: Preferences) -> str:
    if wanted.skip_weekends and wanted.country:
        days = _list([format.weekday(day) for day in _week() if calendars.is_weekend(day, wanted.country)])
        if wanted.skip_holidays:
            return _("No reminders on %(days)s, nor on public holidays.") % {"days": days}
        return _("No reminders on %(days)s.") % {"days": days}
    if wanted.skip_weekends:
        return _("No reminders at the week-end, nor on public holidays.") if wanted.skip_holidays else _("No reminders at the week-end.")
    return _("No reminders on public holidays.") if wanted.skip_holidays else ""


def _off(wanted: Preferences) -> str:
    silent = [kind for kind in kinds.KINDS if kind not in kinds.REMINDERS and not wanted.on(kind) - {kinds.ICS}]
    return _("Switched off: %(kinds)s.") % {"kinds": _list([kinds.label(kind) for kind in silent])} if silent else ""


def _channels(wanted: Preferences, kind: str) -> str:
    return _list([_by(channel) for channel in kinds.CHANNELS if channel in wanted.on(kind)])


def _by(channel: str) -> str:
    return {
        kinds.EMAIL: pgettext("way of a notice", "by e-mail"),
        kinds.PUSH: pgettext("way of a notice", "on your devices"),
        kinds.PORTAL: pgettext("way of a notice", "in your inbox here"),
        kinds.ICS: pgettext("way of a notice", "in your calendar"),
    }[channel]


def _week() -> list[date]:
    """A week in which every country's week-end is in one piece."""
    monday = date(2026, 11, 30)
    return [monday + timedelta(days=n) for n in range(7)]


def first_working_day(country: str) -> date:
    """A date on the weekday that opens the country's week."""
    week = _week()
    for day in week:
        if not calendars.is_weekend(day, country or "SA") and calendars.is_weekend(day - timedelta(days=1), country or "SA"):
            return day
    return week[0]


@lru_cache(maxsize=512)
def _zone_name(name: str, lang: str) -> str:
    from babel.dates import get_timezone_location

    return get_timezone_location(name, locale=Locale.parse(lang), return_city=True) if name else ""


def zone_name(name: str) -> str:
    """"Riyadh", «الرياض»."""
    return _zone_name(name, current())
