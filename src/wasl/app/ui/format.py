"""Values as people read them, in the language of the page and as its reader wants them (`reader.current()`). Templates
call these through macros only, so that one place decides digits, currency, isolation and months.

What is a code and no figure (IBAN, number of an invoice, tax number, hash, file name) stays in ASCII whatever the reader wants."""

from __future__ import annotations

import zlib
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.translation import gettext as _

from wasl.app.ui import reader
from wasl.app.ui.counting import count as count
from wasl.app.ui.counting import ngettext
from wasl.app.ui.i18n import current
from wasl.invoice import dates, display, numerals, plurals, words
from wasl.invoice.money import from_minor

Figure = Decimal | int
TONES = 6  # --tone-1 to --tone-6 of the style sheet


@lru_cache(maxsize=4)
def _locale(lang: str) -> Locale:
    return Locale.parse(lang)


def number(amount: Decimal, currency: str) -> str:
    """"31,583.93": the amount with its currency's decimals and no currency."""
    return display.format_amount(amount, currency, current(), with_currency=False, digits=reader.digits())


def minor(units: int, currency: str) -> Decimal:
    """Minor units as the amount that the other functions show."""
    return from_minor(units, currency)


def money(amount: Decimal, currency: str) -> str:
    """"31,583.93 ر.س" or "SAR 31,583.93"."""
    return display.format_amount(amount, currency, current(), digits=reader.digits())


def currency_name(currency: str) -> str:
    """"ريال سعودي", "SAR": in Arabic the word, in English the code, as the drawings have it."""
    return _locale("ar").currencies.get(currency, currency) if current() == "ar" else currency


def currency_sign(currency: str) -> str:
    """The short form beside a figure: "ر.س" or "SAR"."""
    return display.currency_sign(currency) if current() == "ar" else currency


def price(value: Decimal, currency: str) -> str:
    """A unit price with its own decimals: 0.0125 stays 0.0125."""
    return display.format_price(value, currency, digits=reader.digits())


def in_words(amount: Decimal, currency: str) -> str:
    """The amount as a sentence; nothing where we have no words for it."""
    try:
        return words.amount_in_words(amount, currency, current())
    except words.NoWords:
        return ""


def quantity(value: Decimal, unit: str | None) -> str:
    """"10 hours", "ساعتان": counted as the language counts."""
    return plurals.counted(value, unit or "C62", current(), digits=reader.digits())


def percent(rate: Decimal) -> str:
    """"15%" or "15٪": no space, the sign of the script."""
    return display.format_percent(rate, current(), digits=reader.digits())


def gregorian(value: date, country: str | None = None) -> str:
    """"23 December 2026", whatever the reader wants beside it."""
    return dates.format_date(value, current(), country=country, digits=reader.digits())


def day(value: date, country: str | None = None) -> str:
    """"23 December 2026", for who reads Hijri dates "23 December 2026 (14 Rajab 1448 AH)"."""
    beside = hijri_beside(value)
    return f"{gregorian(value, country)} ({beside})" if beside else gregorian(value, country)


def month(value: date, country: str | None = None) -> str:
    """"December 2026"."""
    return numerals.in_digits(f"{dates.month_name(value, current(), country=country)} {value.year}", reader.digits())


def weekday(value: date) -> str:
    return dates.weekday(value, current())


def day_and_weekday(value: date, country: str | None = None) -> str:
    """"Wednesday 23 December 2026"."""
    return f"{weekday(value)} {day(value, country)}"


def hijri(value: date) -> str:
    """"14 Rajab 1448 AH"; nothing outside the calendar's tables (1924 to 2077)."""
    return dates.format_hijri(value, current(), digits=reader.digits())


def hijri_beside(value: date) -> str:
    """The Hijri date for who wants it beside each Gregorian one; else nothing."""
    return hijri(value) if reader.current().hijri else ""


def clock(value: datetime, zone: str) -> str:
    """"10:02" on the wall of `zone`."""
    return numerals.in_digits(value.astimezone(ZoneInfo(zone)).strftime("%H:%M"), reader.digits())


def reader_zone(zone: str) -> str:
    """The zone whose wall clock the reader looks at: their own by preference, else `zone`, the seller's."""
    return reader.current().time_zone or zone


def local_day(value: datetime, zone: str) -> date:
    return value.astimezone(ZoneInfo(zone)).date()


def due_in(due: date, today: date) -> str:
    """How far off the due date is, said as a person says it."""
    days = (due - today).days
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    if days > 1:
        return ngettext("in %(days)d day", "in %(days)d days", days)
    return ngettext("%(days)d day overdue", "%(days)d days overdue", -days)


def iban(value: str) -> str:
    """In groups of four, as banks print it."""
    packed = "".join(value.split())
    return " ".join(packed[i : i + 4] for i in range(0, len(packed), 4))


def short_hash(digest: str) -> str:
    """"9f3c 41aa … 77d2": enough to compare by eye, the rest is behind Details."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}"


def file_size(size: int) -> str:
    if size < 1024:
        return ngettext("%(size)d byte", "%(size)d bytes", size)
    if size < 1024 * 1024:
        return _("%(size)s KB") % {"size": numerals.in_digits(f"{size / 1024:.0f}", reader.digits())}
    return _("%(size)s MB") % {"size": numerals.in_digits(f"{size / 1024 / 1024:.1f}", reader.digits())}


def initial(name: str) -> str:
    """The letter of an avatar: the first that is a letter or figure, without the Arabic article or the word "company"."""
    skipped = ("شركة", "مؤسسة", "the")
    parts = [part for part in name.split() if part.lower() not in skipped] or name.split() or ["?"]
    bare = parts[0].removeprefix("ال") if len(parts[0]) > 3 else parts[0]
    return next((letter.upper() for letter in bare if letter.isalnum()), "?")


def tone_of(name: str) -> int:
    """1 to 6: the colour of an avatar, always the same for the same name."""
    return zlib.crc32(name.strip().casefold().encode()) % TONES + 1


def comma() -> str:
    return "، " if current() == "ar" else ", "


# What turns the letters that follow around, and what nobody sees: a name that holds them looks like another one. Joiners
# (U+200C, U+200D) stay: Persian and Indic words need them.
_UNSEEN = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x2060, 0xFEFF, 0x00AD, 0x180E))


def shown(text: object) -> str:
    """A text that somebody else wrote, as it is shown: without overrides of direction and without letters of no width (T42)."""
    plain = text if isinstance(text, str) else str(text)
    return plain if plain.isascii() else plain.translate(_UNSEEN)


def isolate(text: str) -> str:
    """Plain text that keeps its own direction inside a sentence (U+2068 ... U+2069)."""
    return display.isolate(text)


def unit(code: str) -> str:
    """The name of a unit of measure."""
    return plurals.unit_name(code, current())
