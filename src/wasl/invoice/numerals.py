"""Digits in and out: Arabic-Indic and Persian input read on purpose, figures grouped for people.

Stored and exchanged data are ASCII always; `str.isdigit()` is not asked, because it says yes to «٣».
"""

from __future__ import annotations

import re
from decimal import Decimal

from wasl.errors import WaslError
from wasl.invoice.money import round_half_up

DIGITS_MAX = 24  # what the file formats can carry before the point
_TO_ASCII = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬\u2212", "01234567890123456789.,-")
_TO_ARABIC = str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫٬")
# Marks that copying from a page brings along: bidi controls, zero width characters; and spaces, which may stand for a comma.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_SPACE = re.compile("[\u00a0\u202f\u2009 ]")
# "0,001" is a thousandth to whoever writes it: thousands never begin with a zero.
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?\Z")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_DIGIT_SETS = ("latn", "arab")


class NotANumber(WaslError):
    """Typed text that is no number, or one that two people would read differently."""

    code = "WASL-NUMBER-01"
    en = "“{text}” is not a number we can read safely. Fix: write it like 1,234.50."
    ar = "«{text}» ليس رقمًا نقرؤه بثقة. الحل: اكتبه على الصورة 1,234.50."


def ascii_digits(text: str) -> str:
    """Arabic-Indic and Persian digits and their signs as ASCII; everything else unchanged."""
    return text.translate(_TO_ASCII)


def parse_decimal(text: str) -> Decimal:
    """A number as people type it: any of the three digit sets, ٫ or . as the point, ٬ or , between thousands.

    Raises `NotANumber` for "1,5", "0,001", "12 50", "1e3", more than 24 digits, or anything else that is not plainly a number.
    """
    cleaned = ascii_digits(_SPACE.sub(",", _INVISIBLE.sub("", text).strip()))
    if _GROUPED.match(cleaned):
        cleaned = cleaned.replace(",", "")
    if not _PLAIN.match(cleaned) or sum(each.isascii() and each.isdigit() for each in cleaned) > DIGITS_MAX:
        raise NotANumber(text=text[:40])
    number = Decimal(cleaned)
    return number if number else abs(number)


def grouped(x: Decimal, places: int | None = None, *, digits: str = "latn") -> str:
    """1234567.5 with 2 places -> "1,234,567.50"; without places, decimals as given. `digits` is "latn" or "arab"."""
    if digits not in _DIGIT_SETS:
        raise ValueError(f"digits must be one of {_DIGIT_SETS}")
    number = x if places is None else round_half_up(x, places)
    return in_digits(f"{number if number else abs(number):,f}", digits)


def plain_number(x: Decimal | int, *, digits: str = "latn") -> str:
    """A quantity or rate without needless zeros: 3.50 -> "3.5", 15.00 -> "15", 1200 -> "1,200"."""
    text = grouped(Decimal(x))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return in_digits(text, digits)


def in_digits(text: str, digits: str) -> str:
    """Figures of a text in the digits wanted: "2026" -> "٢٠٢٦" with "arab", point and comma as ٫ and ٬."""
    return text.translate(_TO_ARABIC) if digits == "arab" else text
