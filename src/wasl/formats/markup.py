"""Markup for both writers: escaped text, and numbers as they are written. Strings only, for speed."""

from __future__ import annotations

import re
from decimal import Decimal

from wasl.errors import WaslError
from wasl.formats.lexical import FORBIDDEN, plain
from wasl.invoice.money import EXACT, minor_units

# Characters that need a reference or are not allowed; a carriage return would otherwise be read back as a line feed.
_SPECIAL = re.compile("[&<>\"\r\n\t\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class ForbiddenCharacter(WaslError):
    """A character that no XML document may hold."""

    code = "WASL-UBL-02"
    en = "The text “{text}” holds the control character U+{point}, which no invoice file may hold. Fix: retype the text."
    ar = "في النص «{text}» محرف تحكّم U+{point} لا تقبله ملفات الفواتير. الحل: أعد كتابة النص."


def escape(text: str) -> str:
    """Element content."""
    if _SPECIAL.search(text) is None:
        return text
    _refuse_forbidden(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def quote(text: str) -> str:
    """Attribute value between double quotes; white space other than a blank is kept by reference."""
    if _SPECIAL.search(text) is None:
        return text
    text = escape(text)
    return text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _refuse_forbidden(text: str) -> None:
    match = FORBIDDEN.search(text)
    if match is not None:
        shown = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text[:60])
        raise ForbiddenCharacter(text=shown, point=f"{ord(match[0]):04X}")



class Minor:
    """Amounts of one currency as text: its minor units, or as many decimals as the value really has."""

    __slots__ = ("_step",)

    def __init__(self, currency: str | None) -> None:
        self._step = Decimal(1).scaleb(-minor_units(currency))

    def shown(self, value: Decimal) -> str:
        rounded = EXACT.quantize(value, self._step)
        return plain(rounded if rounded == value else value)
