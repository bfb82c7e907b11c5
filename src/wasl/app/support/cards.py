"""Card numbers that somebody typed into a message: all but the last four digits are masked before anything is stored (T82).

A number is taken for a card's by the ranges of the schemes, its length and its check digit, however it is spaced and in
whichever digits; an IBAN or a VAT number, which people do write about, stays.
"""

from __future__ import annotations

import re
import unicodedata

# 13 to 19 digits, alone or in groups by spaces and dashes, no letter or further digit around
_RUN = re.compile(r"(?<![\w.,/])(?<!\d[ -])\d(?:[ \u00a0\u2010-\u2013-]?\d){12,18}(?![ \u00a0-]?\d)(?!\w)")
# Visa; Mastercard; American Express; Discover, UnionPay, Maestro and mada's own; Diners
_SCHEMES = re.compile(r"(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|(?:6\d|5[0678]|9[67])\d{11,17}|3[068]\d{12,17})\Z")
_VAT_SA = re.compile(r"3\d{9}00003\Z")


def masked(text: str) -> str:
    """`text` with every card number as "•••• 1111"."""
    return _RUN.sub(_one, text)


def _one(found: re.Match[str]) -> str:
    digits = "".join(str(unicodedata.digit(letter)) for letter in found[0] if letter.isdigit())
    is_card = _SCHEMES.match(digits) and not _VAT_SA.match(digits) and _has_check_digit(digits)
    return f"\u2066•••• {digits[-4:]}\u2069" if is_card else found[0]


def _has_check_digit(digits: str) -> bool:
    """Luhn's rule (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
