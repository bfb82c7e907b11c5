"""The preferences form: fields of a page <-> one `Preferences` value. What the form does not show is never lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import lru_cache
from typing import Any

from babel import Locale
from django.http import QueryDict
from django.utils.translation import gettext as _

from wasl.app.notices import kinds
from wasl.app.notices.errors import BadPreference
from wasl.app.notices.preferences import DIGESTS, REMINDER_DAYS_MAX, Preferences, checked
from wasl.app.notices.words import zone_name
from wasl.app.payments.families import FAMILIES, family_name
from wasl.app.ui import reader
from wasl.app.ui.i18n import current
from wasl.invoice.numerals import in_digits

DAYS = (30, 14, 7, 3, 1, 0)  # offered; a day that was chosen elsewhere is shown beside them
# Whose week-ends and holidays people ask for first, and the cities of their walls; whatever else was chosen is shown beside them
_COUNTRIES = """
AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE
AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IN IT LT LU LV MT NL NO PK PL PT RO SE SI SK TR US
"""
_ZONES = """
Africa/Algiers Africa/Cairo Africa/Casablanca Africa/Djibouti Africa/Khartoum Africa/Mogadishu Africa/Nouakchott Africa/Tripoli Africa/Tunis
Asia/Aden Asia/Amman Asia/Baghdad Asia/Bahrain Asia/Beirut Asia/Damascus Asia/Dubai Asia/Gaza Asia/Karachi Asia/Kolkata Asia/Kuwait
Asia/Muscat Asia/Qatar Asia/Riyadh America/New_York Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Brussels Europe/Istanbul
Europe/London Europe/Madrid Europe/Paris Europe/Rome Europe/Vienna
"""
COUNTRIES, ZONES = _COUNTRIES.split(), _ZONES.split()


def read(form: QueryDict, before: Preferences) -> Preferences:
    """What the form says, over what stood before. Raises BadPreference for what no control of ours sends."""
    days: tuple[int, ...] | None = None
    if form.get("schedule") == "own":
        days = tuple(_day(text) for text in form.getlist("day"))
    quiet = bool(form.get("quiet"))
    wanted = replace(
        before,
        language=form.get("language", before.language), digits=form.get("digits", before.digits), hijri=bool(form.get("hijri")),
        theme=form.get("theme", before.theme), time_zone=form.get("time_zone", before.time_zone), country=form.get("country", before.country),
        channels=_channels(form, before), reminder_days=days, digest=form.get("digest", before.digest),
        quiet_from=_hour(form.get("quiet_from", ""), "quiet_from") if quiet else before.quiet_from,
        quiet_until=_hour(form.get("quiet_until", ""), "quiet_until") if quiet else before.quiet_from,
        skip_weekends=bool(form.get("skip_weekends")), skip_holidays=bool(form.get("skip_holidays")),
        pay_way=form.get("pay_way", before.pay_way),
    )  # fmt: skip
    return checked(wanted)


def _channels(form: QueryDict, before: Preferences) -> Mapping[str, frozenset[str]]:
    """Boxes of channels that the page shows; a channel that it does not show keeps what it was."""
    shown = set(form.getlist("shown")) & set(kinds.CHANNELS)
    return {kind: (before.on(kind) - shown) | (set(form.getlist(f"on-{kind}")) & shown) for kind in kinds.KINDS}


def _day(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:4]) <= REMINDER_DAYS_MAX):
        raise BadPreference(field="reminder_days")
    return int(text)


def _hour(text: str, name: str) -> time:
    if not (len(text) == 5 and text.isascii() and text[:2].isdigit() and text[2:] == ":00" and int(text[:2]) < 24):
        raise BadPreference(field=name)
    return time(int(text[:2]))


# -- what the page shows -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Box:
    """One kind on one channel. `is_fixed`: always on. `is_possible`: False where the channel cannot carry the kind."""

    channel: str
    label: str
    is_on: bool
    is_fixed: bool
    is_possible: bool


@dataclass(frozen=True)
class Row:
    kind: str
    label: str
    boxes: tuple[Box, ...]


def rows(wanted: Preferences, channels: tuple[str, ...]) -> list[Row]:
    """The table of kinds and channels."""
    return [
        Row(kind, kinds.label(kind), tuple(
            Box(
                channel, kinds.channel_label(channel), channel in wanted.on(kind), channel in kinds.ALWAYS.get(kind, frozenset()),
                channel in kinds.POSSIBLE[kind],
            )
            for channel in channels
        ))
        for kind in kinds.KINDS
    ]  # fmt: skip


def days(wanted: Preferences) -> list[int]:
    return sorted({*DAYS, *(wanted.reminder_days or ())}, reverse=True)


def hours() -> list[tuple[str, str]]:
    """Full hours, as the form sends them and as the reader's digits show them."""
    return [(f"{hour:02}:00", in_digits(f"{hour:02}:00", reader.digits())) for hour in range(24)]


def digests() -> list[Choice]:
    words = {"off": _("Each by itself"), "daily": _("Once a day"), "weekly": _("Once a week")}
    return [Choice(value, words[value]) for value in DIGESTS]


def themes() -> list[Choice]:
    words = {"auto": _("As the device"), "light": _("Light"), "dark": _("Dark")}
    return [Choice(value, word) for value, word in words.items()]


def pay_ways() -> list[tuple[str, str]]:
    """What one can like to pay with, wherever a seller takes it."""
    return [("", _("What the seller has first")), *((family, family_name(family)) for family in FAMILIES)]


def zones(wanted: Preferences) -> list[tuple[str, str]]:
    """Cities by name in the page's language, the reader's own among them."""
    names = {name: zone_name(name) for name in {*ZONES, *([wanted.time_zone] if wanted.time_zone else [])}}
    return [("", _("As the seller")), *sorted(names.items(), key=lambda item: item[1])]


def countries(wanted: Preferences) -> list[tuple[str, str]]:
    names = _territories(current())
    found = {code: str(names.get(code, code)) for code in {*COUNTRIES, *([wanted.country] if wanted.country else [])}}
    return [("", _("As the seller")), *sorted(found.items(), key=lambda item: item[1])]


@lru_cache(maxsize=4)
def _territories(lang: str) -> Mapping[str, Any]:
    return Locale.parse(lang).territories
