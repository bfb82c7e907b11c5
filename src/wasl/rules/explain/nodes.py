"""Elements as explanations read them: names, text, numbers, dates, in UBL and CII alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import cast

from lxml import etree

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NAMESPACES = {
    "cac": CAC,
    "cbc": CBC,
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "ubl": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
LINES = ("InvoiceLine", "CreditNoteLine", "IncludedSupplyChainTradeLineItem")
Node = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml has no public name for it

DECIMAL = re.compile(r"[ \t\r\n]*[+-]?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*\Z", re.ASCII)
_BASIC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)\Z", re.ASCII)


def tag_of(node: Node) -> str:
    """The qualified name of an element; "" for a comment or an instruction, whose tag is a function in lxml."""
    tag = cast(object, node.tag)
    return tag if isinstance(tag, str) else ""


def local(node: Node) -> str:
    return tag_of(node).rpartition("}")[2]


def prefixed(node: Node) -> str:
    """`cbc:ID`: the name as the rules write it, whatever prefix the document uses."""
    uri, _, name = tag_of(node).rpartition("}")
    prefix = PREFIXES.get(uri[1:])
    return f"{prefix}:{name}" if prefix and prefix not in ("ubl", "cn") else name


def elements(node: Node) -> Iterator[Node]:
    return (child for child in node if tag_of(child))


def string(node: Node) -> str:
    """The string value, as XPath sees it: text in comments and instructions does not count."""
    return "".join(_texts(node)) if len(node) else node.text or ""


def _texts(node: Node) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if tag_of(child):
            yield from _texts(child)
        yield child.tail or ""


def number(text: str | None) -> Decimal | None:
    """A decimal by the rules of XML Schema (ASCII digits, no exponent), or None."""
    if text is None or not DECIMAL.match(text):
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation:  # longer than the context allows: no figure is better than a wrong one
        return None


def as_date(value: str) -> str:
    match = _BASIC_DATE.match(value)
    return f"{match[1]}-{match[2]}-{match[3]}" if match else value


def is_charge(node: Node) -> bool:
    """Whether an allowance or charge of either syntax is a charge; everything else reads as a discount."""
    indicator = node.find("cbc:ChargeIndicator", NAMESPACES)
    if indicator is None:
        indicator = node.find("ram:ChargeIndicator/udt:Indicator", NAMESPACES)
    return indicator is not None and string(indicator).strip() in ("true", "1")
