"""Figures and dates as people type them: Western, Arabic-Indic or Persian digits, ٫ ٬ or . , and spaces. Stored ASCII."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

from wasl.errors import WaslError
from wasl.invoice.numerals import ascii_digits, parse_decimal

AMOUNT_END = Decimal(10) ** 18  # from here on it is a slip of the finger, not a price
DECIMALS_MAX = 6  # the finest unit price that the catalogue stores


class TooLarge(WaslError):
    code = "WASL-FORM-01"
    en = "“{text}” is too large or too fine. Use at most 18 figures before the point and 6 after it."
    ar = "«{text}» رقم أكبر أو أدقّ مما يُقبل. الحد 18 خانة قبل الفاصلة و6 خانات بعدها."


class NotADate(WaslError):
    code = "WASL-FORM-02"
    en = "“{text}” is not a date. Write it as 2026-12-23."
    ar = "«{text}» ليس تاريخًا. اكتبه هكذا: 2026-12-23."


class ControlCharacter(WaslError):
    code = "WASL-FORM-03"
    en = "The text holds an invisible control character. Delete the text and type it again."
    ar = "في النص حرف تحكّم لا يظهر. احذف النص واكتبه من جديد."


class TooLong(WaslError):
    code = "WASL-FORM-04"
    en = "The text is too long: {length} characters. Use at most {limit}."
    ar = "النص طويل: {length} حرفًا. الحد {limit} حرفًا."


def number(text: str) -> Decimal | None:
    """None for an empty field; raises NotANumber (wasl.invoice.numerals) or TooLarge."""
    typed = text.strip()
    if not typed:
        return None
    found = parse_decimal(typed)
    exponent = found.normalize().as_tuple().exponent
    if abs(found) >= AMOUNT_END or (isinstance(exponent, int) and -exponent > DECIMALS_MAX):
        raise TooLarge(text=typed[:40])
    return found


def day(text: str) -> date | None:
    typed = ascii_digits(text.strip()).replace("/", "-")
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotADate(text=text.strip()[:40]) from None


def line(text: str, limit: int = 1000) -> str | None:
    """One line of text, ends trimmed; None when empty."""
    return _checked(text.strip(), limit, allowed="") or None


def paragraph(text: str, limit: int = 4000) -> str | None:
    """Several lines; line ends become \\n."""
    return _checked(text.replace("\r\n", "\n").replace("\r", "\n").strip(), limit, allowed="\n\t") or None


def _checked(text: str, limit: int, allowed: str) -> str:
    if len(text) > limit:
        raise TooLong(length=len(text), limit=limit)
    for char in text:
        is_nothing = ord(char) & 0xFFFE == 0xFFFE  # U+FFFE, U+FFFF and their like on every plane
        if (unicodedata.category(char) in ("Cc", "Cs") or is_nothing) and char not in allowed:
            raise ControlCharacter
    return text
