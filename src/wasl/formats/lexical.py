"""How numbers and dates are written in exchanged data: ASCII, plain decimal notation, calendar dates."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

DIGITS_MAX = 28  # decimal digits of one number: any real amount; Decimal's own default precision
WHOLE_DIGITS_MAX = 24  # of them before the point, so that four minor digits can be written after it
XML_SPACE = " \t\r\n"  # str.strip() without it would eat more

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
ORDINARY = re.compile(r"(?:[0-9]|-[1-9])[0-9]{0,14}(?:\.[0-9]{1,9})?\Z")  # nearly every number there is, known to be good at one glance
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
# What no XML document may hold, so no invoice text may.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def to_decimal(text: str) -> Decimal | None:
    """An xs:decimal as Decimal; None for anything else (1e3, NaN, other digits, too many digits)."""
    if ORDINARY.match(text) is None:
        text = text.strip(XML_SPACE)
        if len(text) > DIGITS_MAX + 2 or _DECIMAL.match(text) is None:
            return None
        whole, _, fraction = text.lstrip("+-").partition(".")
        if len(whole) > WHOLE_DIGITS_MAX or len(whole) + len(fraction) > DIGITS_MAX:
            return None
    number = Decimal(text)
    return number if number else abs(number)


def plain(value: Decimal) -> str:
    """Plain decimal notation, decimals as given; never -0 or an exponent."""
    text = f"{value:f}"
    return text if value or text[0] != "-" else text[1:]


def to_date(text: str) -> date | None:
    """YYYY-MM-DD as a date; None for anything else, a time zone included."""
    match = _DATE.match(text.strip(XML_SPACE))
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
