"""UBL elements as text: amounts in a currency's minor units, attributes, groups of one text.

Every helper appends one finished element to `out`, and nothing where the value is None.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from wasl.formats.lexical import plain
from wasl.formats.markup import Minor, escape, quote
from wasl.invoice.model import Identifier


class Amounts:
    """Writes amounts of one currency: its minor units, or as many decimals as the value really has."""

    __slots__ = ("_attribute", "_minor")

    def __init__(self, currency: str | None) -> None:
        self._attribute = "" if currency is None else f' currencyID="{quote(currency)}"'
        self._minor = Minor(currency)

    def write(self, out: list[str], name: str, value: Decimal | None) -> None:
        """An amount of the document, such as BT-112."""
        if value is not None:
            out.append(f"<cbc:{name}{self._attribute}>{self._minor.shown(value)}</cbc:{name}>\n")

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
