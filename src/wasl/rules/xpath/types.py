"""Sequence types: `instance of`, and the conversion of arguments, results and variables that are declared with `as`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from wasl.rules import values
from wasl.rules.errors import XPathError
from wasl.rules.tree import ATTRIBUTE, COMMENT, DOCUMENT, ELEMENT, PI, TEXT, Node
from wasl.rules.values import Date, Untyped
from wasl.rules.xpath.ast import SequenceType

_NODES = {
    "element()": ELEMENT, "attribute()": ATTRIBUTE, "text()": TEXT, "comment()": COMMENT, "processing-instruction()": PI,
    "document-node()": DOCUMENT,
}  # fmt: skip
_BOUNDS = {"xs:int": (-(2**31), 2**31 - 1), "xs:long": (-(2**63), 2**63 - 1), "xs:nonNegativeInteger": (0, None), "xs:positiveInteger": (1, None)}


def within(name: str, value: int) -> int:
    """The value as a type derived from xs:integer. A derived type is not told from xs:integer afterwards."""
    low, high = _BOUNDS[name]
    if value < low or (high is not None and value > high):
        raise XPathError("FORG0001", "integer", str(value))
    return value


def _is(item: Any, name: str) -> bool:
    if name == "item()":
        return True
    if isinstance(item, Node):
        return name == "node()" or _NODES.get(name) == item.kind
    if name == "xs:anyAtomicType":
        return True
    if isinstance(item, Untyped):
        return name == "xs:untypedAtomic"
    if isinstance(item, str):
        return name == "xs:string"
    if isinstance(item, bool):
        return name == "xs:boolean"
    if isinstance(item, int):
        return name in ("xs:integer", "xs:decimal") or name in _BOUNDS
    if isinstance(item, Decimal):
        return name == "xs:decimal"
    if isinstance(item, float):
        return name == "xs:double"
    return isinstance(item, Date) and name == "xs:date"


def fits(count: int, occurrence: str) -> bool:
    return count == 1 or (count == 0 and occurrence in ("?", "*")) or (count > 1 and occurrence in ("*", "+"))


def instance(items: list[Any], wanted: SequenceType) -> bool:
    if wanted.item == "empty-sequence()":
        return not items
    return fits(len(items), wanted.occurrence) and all(_is(item, wanted.item) for item in items)


def convert(items: Iterable[Any], wanted: SequenceType) -> list[Any]:
    """The function conversion rules: nodes to their values, untyped text to the type wanted, integers and decimals to doubles."""
    found: list[Any] = list(items)
    if wanted.item.startswith("xs:"):
        found = [_converted(value, wanted.item) for value in _atoms(found)]
    if not fits(len(found), wanted.occurrence):
        raise XPathError("XPTY0004", "single", str(found[0]) if found and not isinstance(found[0], Node) else "")
    if not all(_is(item, wanted.item) for item in found):
        raise XPathError("XPTY0004", "node")
    return found


def _atoms(items: list[Any]) -> Iterator[Any]:
    for item in items:
        yield (item.value if item.kind in (COMMENT, PI) else Untyped(item.string())) if isinstance(item, Node) else item


def _converted(value: Any, name: str) -> Any:
    from wasl.rules.xpath.functions import FUNCTIONS

    if isinstance(value, Untyped) and name not in ("xs:untypedAtomic", "xs:anyAtomicType"):
        return next(FUNCTIONS[name](lambda: iter((value,))))
    if name == "xs:double" and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return values.to_float(value)
    if not _is(value, name):
        raise XPathError("XPTY0004", values.wanted_of(name), values.number_text(value) if not isinstance(value, Date) else "")
    return value
