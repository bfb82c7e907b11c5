"""How an address wants to hear from us: one value, its defaults, and where it is kept. Works for who has no account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from wasl.app import clock
from wasl.app.notices import kinds
from wasl.app.notices.errors import BadPreference
from wasl.app.notices.models import Preference
from wasl.app.payments.families import FAMILIES
from wasl.app.sql import run
from wasl.app.tenancy.models import normalise_email
from wasl.app.ui.reader import is_zone

DIGESTS = ("off", "daily", "weekly")
REMINDER_DAYS_MAX = 60
REMINDER_STEPS_MAX = 6
# The columns of a row that hold a field as it is
PLAIN = (
    "language", "digits", "hijri", "theme", "time_zone", "country", "digest", "quiet_from", "quiet_until", "skip_weekends", "skip_holidays",
    "pay_way",
)  # fmt: skip


def default_channels() -> dict[str, frozenset[str]]:
    return dict(kinds.DEFAULT)


@dataclass(frozen=True)
class Preferences:
    """Everything that a reader can choose. Empty texts leave the choice to the seller or the invoice."""

    language: str = ""
    digits: str = "latn"  # latn | arab
    hijri: bool = False
    theme: str = "auto"  # auto | light | dark
    time_zone: str = ""
    country: str = ""
    channels: Mapping[str, frozenset[str]] = field(default_factory=default_channels)
    reminder_days: tuple[int, ...] | None = None  # days before the due date, 0 is the day itself; None: as the seller has it
    digest: str = "off"
    quiet_from: time = time(21)
    quiet_until: time = time(8)  # the same as quiet_from: no quiet hours
    skip_weekends: bool = True
    skip_holidays: bool = True
    pay_way: str = ""  # what the address likes to pay with, a family of payments/families.py; "": whatever stands first

    def on(self, kind: str) -> frozenset[str]:
        """The channels of one kind, with those that cannot be switched off."""
        return self.channels.get(kind, frozenset()) | kinds.ALWAYS.get(kind, frozenset())

    @property
    def has_quiet_hours(self) -> bool:
        return self.quiet_from != self.quiet_until

    def at(self, *, time_zone: str, country: str) -> Preferences:
        """The same with the seller's zone and country where the reader chose none."""
        return replace(self, time_zone=self.time_zone or time_zone, country=self.country or country)

    def without(self, kind: str, channel: str = kinds.EMAIL) -> Preferences:
        """The same with one kind switched off on one channel."""
        return replace(self, channels={**self.channels, kind: self.channels.get(kind, frozenset()) - {channel}})


def preferences_of(email: str) -> Preferences:
    """What the address chose; the defaults where it chose nothing. An unreadable address has the defaults too."""
    row = Preference.objects.filter(pk=normalise_email(email)).first()
    return read(row) if row else Preferences()


def preferences_of_all(emails: Iterable[str]) -> dict[str, Preferences]:
    """The same for many: only those who chose something are in it."""
    return {row.pk: read(row) for row in Preference.objects.filter(pk__in=[normalise_email(email) for email in emails])}


def read(row: Any) -> Preferences:
    """The value of a row, or of anything with the names of its columns."""
    chosen = {kind: frozenset(on) & kinds.POSSIBLE[kind] for kind, on in row.channels.items() if kind in kinds.KINDS}
    return Preferences(
        language=row.language, digits=row.digits, hijri=row.hijri, theme=row.theme, time_zone=row.time_zone, country=row.country,
        channels={**kinds.DEFAULT, **chosen}, reminder_days=None if row.reminder_days is None else tuple(row.reminder_days), digest=row.digest,
        quiet_from=row.quiet_from, quiet_until=row.quiet_until, skip_weekends=row.skip_weekends, skip_holidays=row.skip_holidays,
        pay_way=getattr(row, "pay_way", ""),  # a way back that was signed before there was one
    )  # fmt: skip


@transaction.atomic
def save(email: str, preferences: Preferences) -> Preferences:
    """Keep what the address chose; every reminder still to come is planned anew. Raises BadPreference. The caller has proven the address."""
    address, wanted = normalise_email(email), checked(preferences)
    Preference.objects.update_or_create(pk=address, defaults={**columns(wanted), "updated_at": clock.now()})
    make_stale("has_own = true, ", "email = %(email)s", email=address)
    return wanted


_STALE = """
UPDATE notices_watch SET {also}stale = true, epoch = epoch + 1, parked = '', done_through = greatest(done_through,
    least(%(today)s::date - due_date - 1, next_step - 1))
WHERE {whose} AND closed = ''
"""


def make_stale(also: str, whose: str, **values: object) -> None:
    """Have watches planned anew. A day that is only now among the steps and lies behind us is not made up for; what was planned still is.
    `also` and `whose` are constant SQL."""
    run(_STALE.format(also=also, whose=whose), {"today": clock.now().date(), **values})


def columns(wanted: Preferences) -> dict[str, Any]:
    """What a row keeps: channels and days as lists, and of channels only what differs from the defaults."""
    channels = {kind: sorted(wanted.on(kind)) for kind in kinds.KINDS if wanted.on(kind) != kinds.DEFAULT[kind]}
    days = None if wanted.reminder_days is None else list(wanted.reminder_days)
    return {name: getattr(wanted, name) for name in PLAIN} | {"channels": channels, "reminder_days": days}


def checked(wanted: Preferences) -> Preferences:
    """`wanted` in its one form: kinds and channels that exist, days sorted from the farthest; raises BadPreference."""
    choices = {
        "language": ("", "ar", "en"),
        "digits": ("latn", "arab"),
        "theme": ("auto", "light", "dark"),
        "digest": DIGESTS,
        "pay_way": ("", *FAMILIES),
    }
    for name, allowed in choices.items():
        if getattr(wanted, name) not in allowed:
            raise BadPreference(field=name)
    if wanted.time_zone and not is_zone(wanted.time_zone):
        raise BadPreference(field="time_zone")
    if wanted.country and not (len(wanted.country) == 2 and wanted.country.isascii() and wanted.country.isupper()):
        raise BadPreference(field="country")
    if any(kind not in kinds.KINDS or set(on) - set(kinds.CHANNELS) for kind, on in wanted.channels.items()):
        raise BadPreference(field="channels")
    days = wanted.reminder_days
    if days is not None:
        days = tuple(sorted(set(days), reverse=True))
        if len(days) > REMINDER_STEPS_MAX or any(not 0 <= day <= REMINDER_DAYS_MAX for day in days):
            raise BadPreference(field="reminder_days")
    channels = {kind: (wanted.on(kind) & kinds.POSSIBLE[kind]) for kind in kinds.KINDS}
    return replace(wanted, channels=channels, reminder_days=days)


def zone(name: str) -> ZoneInfo:
    """The zone, or UTC where a seller's setting names none that exists: a reminder must not fail for that."""
    return ZoneInfo(name if is_zone(name) else "UTC")
