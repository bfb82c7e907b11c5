"""The words for time and state that people type into a search box, in both languages, folded. Data and the little sums behind it."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from hijridate import Gregorian, Hijri

from wasl.app.archive.normalise import fold
from wasl.app.ui.states import SOON_DAYS
from wasl.invoice.dates import month_name

HIJRI_YEARS = range(1343, 1501)
YEARS = range(1990, 2100)
SUNDAY = 6  # the first day of the week in the countries we serve; date.weekday() counts from Monday


class Span(NamedTuple):
    """Days from `first` to `last`, both included; of issue, of the due date, or of either."""

    first: date
    last: date
    of_issue: bool = True
    of_due: bool = False


def day(at: date) -> Span:
    return Span(at, at, True, True)


def month(year: int, number: int) -> Span:
    return Span(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]), True, True)


def hijri_month(year: int, number: int) -> Span:
    length = Hijri(year, number, 1).month_length()
    return Span(Hijri(year, number, 1).to_gregorian(), Hijri(year, number, length).to_gregorian(), True, True)


def _shifted(today: date, months: int) -> Span:
    at = today.year * 12 + today.month - 1 + months
    return month(at // 12, at % 12 + 1)


def _week(today: date, shift: int) -> Span:
    first = today - timedelta(days=(today.weekday() - SUNDAY) % 7) + timedelta(weeks=shift)
    return Span(first, first + timedelta(days=6))


def _quarter(today: date, shift: int) -> Span:
    at = today.year * 4 + (today.month - 1) // 3 + shift
    first = date(at // 4, at % 4 * 3 + 1, 1)
    return Span(first, _shifted(first, 2).last)


def _year(today: date, shift: int) -> Span:
    return Span(date(today.year + shift, 1, 1), date(today.year + shift, 12, 31))


def _issued(span: Span) -> Span:
    return span._replace(of_issue=True, of_due=False)


def _due(span: Span) -> Span:
    return span._replace(of_issue=False, of_due=True)


_RELATIVE: list[tuple[Callable[[date], Span], str]] = [
    (lambda t: _issued(day(t)), "today|اليوم"),
    (lambda t: _issued(day(t - timedelta(days=1))), "yesterday|أمس|البارحة"),
    (lambda t: _due(day(t + timedelta(days=1))), "tomorrow|غدا|غدًا"),
    (lambda t: _week(t, 0), "this week|هذا الأسبوع|الأسبوع الحالي"),
    (lambda t: _week(t, -1), "last week|الأسبوع الماضي|الأسبوع السابق|الأسبوع الفائت"),
    (lambda t: _due(_week(t, 1)), "next week|الأسبوع القادم|الأسبوع المقبل"),
    (lambda t: _issued(_shifted(t, 0)), "this month|هذا الشهر|الشهر الحالي|الشهر الجاري"),
    (lambda t: _issued(_shifted(t, -1)), "last month|الشهر الماضي|الشهر السابق|الشهر الفائت|الشهر المنصرم"),
    (lambda t: _due(_shifted(t, 1)), "next month|الشهر القادم|الشهر المقبل"),
    (lambda t: _quarter(t, 0), "this quarter|هذا الربع|الربع الحالي"),
    (lambda t: _quarter(t, -1), "last quarter|الربع الماضي|الربع السابق"),
    (lambda t: _year(t, 0), "this year|هذا العام|هذه السنة|العام الحالي|السنة الحالية"),
    (lambda t: _year(t, -1), "last year|العام الماضي|السنة الماضية|العام السابق|السنة السابقة"),
]
RELATIVE = {fold(name): make for make, names in _RELATIVE for name in names.split("|")}

STATES = {
    fold(name): key
    for key, names in {
        "overdue": "overdue|past due|late|متأخرة|المتأخرة|متأخر|متأخرات|فات موعدها",
        "open": "unpaid|not paid|open|outstanding|awaiting payment|to be paid|غير مدفوعة|غير المدفوعة|بانتظار الدفع|مستحقة|مفتوحة|لم تدفع",
        "due_soon": "due soon|تستحق قريبا|مستحقة قريبا",
        "paid": "paid|مدفوعة|المدفوعة|مسددة|دفعت",
        "partly": "partly paid|partially paid|part paid|مدفوعة جزئيا",
        "closed": "written off|nothing left to pay|مشطوبة|المشطوبة|شطبت|لا يبقى شيء للدفع",
        "credited": "cancelled|canceled|credited|ملغاة|ملغية|الملغاة",
        "notes": "credit note|credit notes|إشعار دائن|إشعارات دائنة|الإشعارات الدائنة|اشعار دائن",
    }.items()
    for name in names.split("|")
}
_UNITS = {
    fold(name): size
    for size, names in {1: "day|days|يوم|يوما|يومًا|أيام", 7: "week|weeks|أسبوع|أسبوعا|أسابيع", 30: "month|months|شهر|شهرا|شهور|أشهر"}.items()
    for name in names.split("|")
}
_LAST = frozenset(fold(name) for name in ("last", "past", "آخر", "خلال"))
_HIJRI_OTHERS = {4: ("ربيع الثاني", "Rabi al-Thani"), 6: ("جمادى الثانية", "جمادى الآخر", "Jumada al-Thani"), 11: ("ذي القعدة",), 12: ("ذي الحجة",)}


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """Every name of a Gregorian month, folded: three Arabic sets, English, and English in three letters."""
    found: dict[str, int] = {}
    for number in range(1, 13):
        on = date(2026, number, 1)
        names = {month_name(on, "ar", country=country) for country in (None, "JO", "DZ", "MA")} | {month_name(on, "en"), month_name(on, "en")[:3]}
        found |= {fold(name): number for name in names}
    return found | {"sept": 9}


@lru_cache(maxsize=1)
def hijri_months() -> dict[str, int]:
    found: dict[str, int] = {}
    for number in range(1, 13):
        names = {Hijri(1447, number, 1).month_name(language) for language in ("ar", "en")} | set(_HIJRI_OTHERS.get(number, ()))
        for name in names:
            found[" ".join(word for word in fold(name).replace("’", "").replace("'", "").replace("-", " ").split())] = number
    return found


def spans(words: tuple[str, ...], today: date) -> tuple[Span, ...]:
    """What some folded words say about time; nothing where they do not."""
    joined = " ".join(words)
    if joined in RELATIVE:
        return (RELATIVE[joined](today),)
    if len(words) == 3 and words[0] in _LAST and words[1].isascii() and words[1].isdigit() and words[2] in _UNITS and len(words[1]) < 4:
        return (Span(today - timedelta(days=int(words[1]) * _UNITS[words[2]]), today),)
    return _named(words, today)


def _named(words: tuple[str, ...], today: date) -> tuple[Span, ...]:
    """[day] month [year], or month day [year], with the month by name."""
    figures = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 4]
    name = " ".join(word for word in words if not (word.isascii() and word.isdigit()))
    if len(figures) > 2 or len(words) - len(figures) < 1 or len(words) - len(figures) != len(name.split()):
        return ()
    at_day = next((figure for figure in figures if 1 <= figure <= 31), None)
    rest = [figure for figure in figures if figure != at_day]
    if (number := months().get(name)) is not None and all(year in YEARS for year in rest):
        years = rest or ([today.year] if number <= today.month else [today.year, today.year - 1])
        return tuple(found for year in years if (found := _in_month(year, number, at_day)) is not None)
    if (number := hijri_months().get(name)) is not None and all(year in HIJRI_YEARS for year in rest):
        this, this_month, _ = Gregorian.fromdate(today).to_hijri().datetuple()
        years = rest or ([this] if number <= this_month else [this, this - 1])
        return tuple(found for year in years if (found := _in_hijri_month(year, number, at_day)) is not None)
    return ()


def _in_month(year: int, number: int, at: int | None) -> Span | None:
    whole = month(year, number)
    if at is None:
        return whole
    return day(date(year, number, at)) if at <= whole.last.day else None


def _in_hijri_month(year: int, number: int, at: int | None) -> Span | None:
    if at is None:
        return hijri_month(year, number)
    return day(Hijri(year, number, at).to_gregorian()) if at <= Hijri(year, number, 1).month_length() else None


def numeric(parts: tuple[str, ...]) -> Span | None:
    """2026-03, 03/2026, 2026-03-15, 15/03/2026, and the same in Hijri years: parts between one kind of separator."""
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts) or len(parts) not in (2, 3):
        return None
    figures = [int(part) for part in parts]
    if len(parts[-1]) == 4 and len(parts[0]) < 4:
        figures.reverse()
    year, number, *rest = figures
    if not 1 <= number <= 12 or (len(parts) == 2 and len(parts[0 if len(parts[0]) == 4 else 1]) != 4):
        return None
    if year in YEARS:
        return _in_month(year, number, rest[0] if rest else None) if not rest or 1 <= rest[0] <= 31 else None
    if year in HIJRI_YEARS:
        return _in_hijri_month(year, number, rest[0] if rest else None) if not rest or 1 <= rest[0] <= 30 else None
    return None


def soon(today: date) -> date:
    return today + timedelta(days=SOON_DAYS)
