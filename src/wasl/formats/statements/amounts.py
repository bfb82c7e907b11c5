"""Amounts of statements: exchanged text to minor units, and back for messages. More decimals than the currency has are refused."""

from __future__ import annotations

import re
from decimal import Decimal

from wasl.errors import Words
from wasl.formats.lexical import to_decimal
from wasl.formats.statements.errors import LineUnreadable
from wasl.invoice.money import from_minor, minor_units
from wasl.invoice.numerals import grouped

MINOR_MAX = 10**17  # minor units; what a database counts in, and more than any bank moves
_COMMA = re.compile(r"[0-9]{1,15},[0-9]{0,5}\Z")
_TRAILING_ZEROS = re.compile(r"(\.[0-9]*?)0+\Z")


def minor(text: str, currency: str, place: Words, *, comma: bool = False) -> int:
    """`text` in minor units of `currency`; with `comma`, as SWIFT writes it (12,5). Raises `LineUnreadable` at `place`."""
    plain = text
    if comma:
        plain = text.replace(",", ".") if _COMMA.match(text) else "?"
    value = to_decimal(plain)
    if value is None:
        shown = text[:40]
        raise LineUnreadable(place=place, reason=Words(f"“{shown}” is not an amount", f"«{shown}» ليس مبلغًا"))
    return of_decimal(value, currency, place)


def of_decimal(value: Decimal, currency: str, place: Words) -> int:
    """The same of a number that is read already."""
    scaled = value.scaleb(minor_units(currency))
    whole = scaled.to_integral_value()
    if whole != scaled:
        raise LineUnreadable(
            place=place, reason=Words(f"{value:f} has more decimals than {currency} knows", f"في {value:f} منازل عشرية أكثر مما في {currency}")
        )
    if abs(whole) > MINOR_MAX:
        raise LineUnreadable(place=place, reason=Words("the amount is larger than any bank moves", "المبلغ أكبر مما يحرّكه أي بنك"))
    return int(whole)


def shown(units: int, currency: str) -> str:
    """1,234.50 EUR"""
    return f"{grouped(from_minor(units, currency), minor_units(currency))} {currency}".strip()


def line_place(at: int) -> Words:
    """Where in the file: its how-many-eth movement."""
    return Words(f"Line {at}", f"الحركة {at}")
