"""Markup for the writer: escaped text, amounts in a currency's minor units, attributes. Strings only, for speed.

Every helper appends one finished element to `out`, and nothing where the value is None.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from wasl.errors import WaslError
from wasl.formats.lexical import FORBIDDEN, plain
from wasl.invoice.model import Identifier
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


class Amounts:
    """Writes amounts of one currency: its minor units, or as many decimals as the value really has."""

    __slots__ = ("_attribute", "_step")

    def __init__(self, currency: str | None) -> None:
        self._attribute = "" if currency is None else f' currencyID="{quote(currency)}"'
        self._step = Decimal(1).scaleb(-minor_units(currency))

    def write(self, out: list[str], name: str, value: Decimal | None) -> None:
        """An amount of the document, such as BT-112."""
        if value is not None:
            rounded = EXACT.quantize(value, self._step)
            self.price(out, name, rounded if rounded == value else value)

    def price(self, out: list[str], name: str, value: Decimal | None) -> None:
        """A unit price: decimals exactly as given."""
        if value is not None:
            out.append(f"<cbc:{name}{self._attribute}>{plain(value)}</cbc:{name}>\n")


def text(out: list[str], name: str, value: str | None) -> None:
    if value is not None:
        out.append(f"<cbc:{name}>{escape(value)}</cbc:{name}>\n")


def day(out: list[str], name: str, value: date | None) -> None:
    if value is not None:
        out.append(f"<cbc:{name}>{value.isoformat()}</cbc:{name}>\n")


def decimal(out: list[str], name: str, value: Decimal | None) -> None:
    if value is not None:
        out.append(f"<cbc:{name}>{plain(value)}</cbc:{name}>\n")


def quantity(out: list[str], name: str, value: Decimal | None, unit: str | None) -> None:
    if value is not None:
        attribute = "" if unit is None else f' unitCode="{quote(unit)}"'
        out.append(f"<cbc:{name}{attribute}>{plain(value)}</cbc:{name}>\n")


def identifier(out: list[str], name: str, value: Identifier | None) -> None:
    if value is not None:
        attribute = "" if value.scheme is None else f' schemeID="{quote(value.scheme)}"'
        out.append(f"<cbc:{name}{attribute}>{escape(value.value)}</cbc:{name}>\n")


def wrapped(out: list[str], group: str, name: str, value: str | None) -> None:
    """A group of one text: cac:PartyName/cbc:Name and the like."""
    if value is not None:
        out.append(f"<cac:{group}>\n<cbc:{name}>{escape(value)}</cbc:{name}>\n</cac:{group}>\n")
