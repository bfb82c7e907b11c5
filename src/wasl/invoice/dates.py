"""Dates for people: Gregorian months by country, Hijri (Umm al-Qura) beside them, days of the week."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from hijridate import Gregorian

from wasl.errors import WaslError
from wasl.invoice.numerals import in_digits


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_GULF_EGYPT = _names("يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر")
_LEVANT = _names("كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول")
_ALGERIA_TUNISIA = _names("جانفي|فيفري|مارس|أفريل|ماي|جوان|جويلية|أوت|سبتمبر|أكتوبر|نوفمبر|ديسمبر")
_MOROCCO = _names("يناير|فبراير|مارس|أبريل|ماي|يونيو|يوليوز|غشت|شتنبر|أكتوبر|نونبر|دجنبر")
_MONTHS_BY_COUNTRY = {
    **dict.fromkeys(("JO", "SY", "LB", "PS", "IQ"), _LEVANT),
    **dict.fromkeys(("DZ", "TN"), _ALGERIA_TUNISIA),
    "MA": _MOROCCO,
}
_EN_MONTHS = _names("January|February|March|April|May|June|July|August|September|October|November|December")
_HIJRI_AR = _names("محرم|صفر|ربيع الأول|ربيع الآخر|جمادى الأولى|جمادى الآخرة|رجب|شعبان|رمضان|شوال|ذو القعدة|ذو الحجة")
_HIJRI_EN = _names(
    "Muharram|Safar|Rabi al-Awwal|Rabi al-Akhir|Jumada al-Ula|Jumada al-Akhirah|Rajab|Sha’ban|Ramadan|Shawwal|"
    "Dhu al-Qa’dah|Dhu al-Hijjah"
)
_DAYS_AR = _names("الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد")
_DAYS_EN = _names("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday")


class OutsideHijri(WaslError):
    """The Umm al-Qura tables cover 1343 to 1500 AH (1924 to 2077)."""

    code = "WASL-HIJRI-01"
    en = "{date} lies outside the Umm al-Qura calendar (1924 to 2077). Fix: show the Gregorian date only."
    ar = "التاريخ {date} خارج تقويم أم القرى (1343 إلى 1500هـ). الحل: اكتفِ بالتاريخ الميلادي."


@lru_cache(maxsize=4096)
def hijri(d: date) -> tuple[int, int, int]:
    """Year, month, day in the Umm al-Qura calendar; raises `OutsideHijri` before 1924-08-01 or after 2077-11-16."""
    try:
        return Gregorian.fromdate(d).to_hijri().datetuple()
    except OverflowError:
        raise OutsideHijri(date=d.isoformat()) from None


def month_name(d: date, lang: str, *, country: str | None = None) -> str:
    """The month as the country's people call it (December: كانون الأول in Jordan, ديسمبر in Saudi Arabia)."""
    months = _MONTHS_BY_COUNTRY.get(country or "", _GULF_EGYPT) if lang == "ar" else _EN_MONTHS
    return months[d.month - 1]


def format_date(d: date, lang: str, *, country: str | None = None, digits: str = "latn") -> str:
    """«23 ديسمبر 2026», "23 December 2026"; with "arab" digits «٢٣ ديسمبر ٢٠٢٦»."""
    return in_digits(f"{d.day} {month_name(d, lang, country=country)} {d.year}", digits)


def format_day(d: date, lang: str, *, country: str | None = None) -> str:
    """«الأربعاء 23 ديسمبر», "Wednesday 23 December": for near dates."""
    return f"{weekday(d, lang)} {d.day} {month_name(d, lang, country=country)}"


def format_hijri(d: date, lang: str, *, digits: str = "latn") -> str:
    """«14 رجب 1448هـ», "14 Rajab 1448 AH"; empty outside the calendar's tables."""
    try:
        year, month, day = hijri(d)
    except OutsideHijri:
        return ""
    return in_digits(f"{day} {_HIJRI_AR[month - 1]} {year}هـ" if lang == "ar" else f"{day} {_HIJRI_EN[month - 1]} {year} AH", digits)


def weekday(d: date, lang: str) -> str:
    """The day of the week."""
    return (_DAYS_AR if lang == "ar" else _DAYS_EN)[d.weekday()]
