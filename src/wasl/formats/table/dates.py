"""Dates as people type them: 2026-12-31, 31/12/2026, 31.12.2026, 31 ديسمبر 2026, 31 Dec 2026, 14/07/1448هـ (Umm al-Qura).

03/04/2026 is two dates. Another date of the same file usually tells (31/12/2026 stands somewhere); where none does, the
cell is refused and the mapping says the order. A Hijri date is told by its year, 1343 to 1500, which no invoice in the
Gregorian calendar bears; the sign هـ must agree with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from hijridate import Hijri

from wasl.formats.table._vocabulary import FOREIGN_MONTHS
from wasl.formats.table.grid import shown
from wasl.formats.table.numbers import INVISIBLE, CellWrong
from wasl.invoice.dates import format_hijri, month_name
from wasl.invoice.numerals import ascii_digits

CHARS_MAX = 60
HIJRI_YEARS = range(1343, 1501)
ORDERS = ("dmy", "mdy", "ymd")

_NUMERIC = re.compile(r"([0-9]{1,4})[ ]?([-/.\\])[ ]?([0-9]{1,2})[ ]?\2[ ]?([0-9]{1,4})\Z")
_COMPACT = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})\Z")
_TIME = re.compile(r"(?:T|[ ]+)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?[AaPp][Mm])?)\Z")
_HIJRI_SIGN = re.compile(r"(?<=[0-9]) ?(?:هـ|ه|AH)\.?\Z")
_GREGORIAN_SIGN = re.compile(r"(?<=[0-9]) ?م\Z")
_WORDY = re.compile(r"[0-9]+|[^\W\d_]+(?: [^\W\d_]+)?")


def parse(text: str, order: str | None = None) -> tuple[date, str | None]:
    """The date in `text`, and the time of day that stood beside it (dropped by the model). Raises `CellWrong`."""
    cleaned, time, hijri = _stripped(text)
    match = _NUMERIC.match(cleaned)
    if match is not None:
        return _numeric(text, match, order, hijri=hijri), time
    compact = _COMPACT.match(cleaned)
    if compact is not None:
        return _made(text, int(compact[1]), int(compact[2]), int(compact[3])), time
    return _wordy(text, cleaned, hijri=hijri), time


def day_order(texts: Iterable[str]) -> str | None:
    """ "dmy" or "mdy", as the clear ones among `texts` are written; None where none is clear, or both occur."""
    seen: set[str] = set()
    for text in texts:
        match = _NUMERIC.match(_stripped(text)[0]) if len(text) <= CHARS_MAX else None
        if match is not None and len(match[1]) < 3 and len(match[4]) == 4 and int(match[4]) not in HIJRI_YEARS:
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                seen.add("dmy")
            elif second > 12 >= first:
                seen.add("mdy")
    return seen.pop() if len(seen) == 1 else None


def _stripped(text: str) -> tuple[str, str | None, bool]:
    if len(text) > CHARS_MAX:
        raise _not_a_date(text[:CHARS_MAX] + "…")
    cleaned = " ".join(ascii_digits(INVISIBLE.sub("", text)).split())
    time = _TIME.search(cleaned)
    if time is not None:
        cleaned = cleaned[: time.start()]
    hijri = _HIJRI_SIGN.search(cleaned) is not None
    cleaned = _GREGORIAN_SIGN.sub("", _HIJRI_SIGN.sub("", cleaned))
    return cleaned, None if time is None or set(time[1]) <= set("0:. ") else time[1], hijri


def _numeric(text: str, match: re.Match[str], order: str | None, *, hijri: bool) -> date:
    first, sign, second, last = match[1], match[2], int(match[3]), match[4]
    if len(first) == 4 and len(last) <= 2:
        return _made(text, int(first), second, int(last), hijri=hijri)
    if len(last) != 4 or len(first) > 2:
        raise CellWrong(
            f"“{shown(text)}” does not show its year with four digits. Fix: write it like 2026-12-31.",
            f"السنة في «{shown(text)}» ليست بأربع خانات. الحل: اكتب التاريخ على الصورة 2026-12-31.",
        )
    year, day_first = int(last), int(first)
    if second > 12:
        order = "mdy"
    elif day_first > 12 or day_first == second or sign == "." or hijri or year in HIJRI_YEARS:
        order = "dmy"  # nobody writes the month first before a point, or in a Hijri date
    if order not in ("dmy", "mdy"):
        raise CellWrong(
            f"“{shown(text)}” can mean two days, for nothing in the file shows whether the day or the month comes first. "
            'Fix: write dates = "dmy" or dates = "mdy" in the mapping.',
            f'«{shown(text)}» يحتمل يومين، ولا شيء في الملف يبيّن أيهما أولًا: اليوم أم الشهر. الحل: اكتب dates = "dmy" أو dates = "mdy" في ملف الربط.',
        )
    return _made(text, year, day_first if order == "mdy" else second, second if order == "mdy" else day_first, hijri=hijri)


def _made(text: str, year: int, month: int, day: int, *, hijri: bool = False) -> date:
    if hijri and year not in HIJRI_YEARS:
        raise CellWrong(
            f"“{shown(text)}” is marked as a Hijri date, and its year is not one of 1343 to 1500. Fix: correct it, or write the Gregorian date.",
            f"«{shown(text)}» موسوم بأنه هجري، وسنته خارج 1343 إلى 1500. الحل: صحّحه أو اكتب التاريخ الميلادي.",
        )
    try:
        if year in HIJRI_YEARS:
            return date(*Hijri(year, month, day).to_gregorian().datetuple())
        if 1900 <= year <= 2199:
            return date(year, month, day)
    except (ValueError, OverflowError):
        pass
    raise CellWrong(
        f"“{shown(text)}” is no day of the calendar. Fix: write it like 2026-12-31.",
        f"«{shown(text)}» ليس يومًا في التقويم. الحل: اكتبه على الصورة 2026-12-31.",
    )


def _wordy(text: str, cleaned: str, *, hijri: bool) -> date:
    """A day, the name of a month and a year of four digits, in any order that people use."""
    words = _WORDY.findall(cleaned.replace("-", " ").replace("/", " ").replace(".", " ").replace(",", " ").replace("،", " "))
    named = [name for each in words if (name := " ".join(each.casefold().split())) in _months() or name in _hijri_months()]
    figures = [each for each in words if each.isascii() and each.isdigit()]
    years = [int(each) for each in figures if len(each) == 4]
    days = [int(each) for each in figures if len(each) <= 2]
    if len(named) != 1 or len(years) != 1 or len(days) != 1 or len(words) != 3:
        raise _not_a_date(text)
    if named[0] in _hijri_months():
        return _made(text, years[0], _hijri_months()[named[0]], days[0], hijri=True)
    if hijri or years[0] in HIJRI_YEARS:
        raise _not_a_date(text)
    return _made(text, years[0], _months()[named[0]], days[0])


@cache
def _hijri_months() -> dict[str, int]:
    """The Arabic names of the Hijri months: «رجب» is the seventh."""
    days = {number: date(*Hijri(1447, number, 10).to_gregorian().datetuple()) for number in range(1, 13)}
    return {format_hijri(day, "ar").removeprefix("10 ").removesuffix(" 1447هـ"): number for number, day in days.items()}


@cache
def _months() -> dict[str, int]:
    """Names and abbreviations of the months of Gregorian years, in the four languages and all Arab countries."""
    found: dict[str, int] = {}
    for number in range(1, 13):
        day = date(2026, number, 1)
        english = month_name(day, "en").casefold()
        found |= dict.fromkeys((english, english[:3]), number)
        found |= dict.fromkeys((month_name(day, "ar", country=country) for country in ("SA", "JO", "DZ", "MA")), number)
    for names in FOREIGN_MONTHS:
        found |= {name: number for number, each in enumerate(names.split("|"), 1) for name in each.split("/")}
    found["sept"] = 9
    return found


def _not_a_date(text: str) -> CellWrong:
    return CellWrong(
        f"“{shown(text)}” is not a date. Fix: write it like 2026-12-31.", f"«{shown(text)}» ليس تاريخًا. الحل: اكتبه على الصورة 2026-12-31."
    )
