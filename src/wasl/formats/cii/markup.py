"""CII elements as text. Every helper appends one finished element to `out`, and nothing where the value is None."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from wasl.formats.cii.names import DATE
from wasl.formats.lexical import plain
from wasl.formats.markup import Minor, escape, quote
from wasl.invoice.model import Identifier


def text(out: list[str], name: str, value: str | None) -> None:
    if value is not None:
        out.append(f"<ram:{name}>{escape(value)}</ram:{name}>\n")


def decimal(out: list[str], name: str, value: Decimal | None) -> None:
    """A rate or a unit price: decimals exactly as given."""
    if value is not None:
        out.append(f"<ram:{name}>{plain(value)}</ram:{name}>\n")


def amount(out: list[str], name: str, value: Decimal | None, minor: Minor) -> None:
    """An amount in the document currency, which CII names once, not with each amount."""
    if value is not None:
        out.append(f"<ram:{name}>{minor.shown(value)}</ram:{name}>\n")


def quantity(out: list[str], name: str, value: Decimal | None, unit: str | None) -> None:
    if value is not None:
        attribute = "" if unit is None else f' unitCode="{quote(unit)}"'
        out.append(f"<ram:{name}{attribute}>{plain(value)}</ram:{name}>\n")


def day(out: list[str], name: str, value: date | None, inner: str = "udt:DateTimeString") -> None:
    if value is not None:
        shown = value.isoformat().replace("-", "")
        out.append(f'<ram:{name}>\n<{inner} format="{DATE}">{shown}</{inner}>\n</ram:{name}>\n')


def identifier(out: list[str], name: str, value: Identifier | None) -> None:
    if value is not None:
        attribute = "" if value.scheme is None else f' schemeID="{quote(value.scheme)}"'
        out.append(f"<ram:{name}{attribute}>{escape(value.value)}</ram:{name}>\n")


def wrapped(out: list[str], group: str, name: str, value: str | None) -> None:
    """A group of one text: ram:ContractReferencedDocument/ram:IssuerAssignedID and the like."""
    if value is not None:
        out.append(f"<ram:{group}>\n<ram:{name}>{escape(value)}</ram:{name}>\n</ram:{group}>\n")
