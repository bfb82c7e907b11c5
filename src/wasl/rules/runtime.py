"""What the generated code calls. Small and quick; whatever does not fit raises, and the reference interpreter decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wasl.rules.errors import XPathError
from wasl.rules.values import (
    EXACT,
    Date,
    arithmetic,
    cast_decimal,
    compare_values,
    divide,
    normalize_space,
    round_half_up,
    substring,
    substring_after,
    substring_before,
    to_boolean,
    to_date,
    to_decimal,
    to_double,
)

__all__ = [
    "Decimal", "E", "NA", "ab", "add", "after", "anc", "at", "atc", "av", "before", "cast_decimal", "cat", "cent", "date", "dbl",
    "dec", "decs", "div", "eq", "flag", "ge", "gt", "kids", "le", "lt", "maybe", "mul", "ne", "ne_any", "nsp", "nu", "o1", "qeq", "qge",
    "qgt", "qle", "qlt", "qne", "rnd", "s1", "share", "sub", "substring", "to_boolean",
]  # fmt: skip

E: tuple[Any, ...] = ()
NA: dict[str, str] = {}
after, before = substring_after, substring_before


def s1(items: Any) -> str:
    """xs:string?: nothing counts as the empty string."""
    if len(items) == 1:
        return items[0]
    if items:
        raise XPathError("XPTY0004", "single", str(items[0]))
    return ""


def o1(items: Any) -> Any:
    """At most one item."""
    if len(items) == 1:
        return items[0]
    if items:
        raise XPathError("XPTY0004", "single", str(items[0]))
    return None


def nsp(text: str) -> str:
    if text.isalnum():  # most codes
        return text
    # In ASCII text that XML allows, str.split knows the same four white-space characters.
    return " ".join(text.split()) if text.isascii() else normalize_space(text)


def nu(items: Any) -> str:
    """normalize-space(upper-case(items)), the way every rule asks whether a tax scheme is VAT."""
    if len(items) == 1:
        text = items[0]
        return "VAT" if text == "VAT" else nsp(text.upper())
    return nsp(s1(items).upper())


def cent(value: Any) -> Any:
    """Divided by 100, exactly."""
    return None if value is None else (value if isinstance(value, Decimal) else Decimal(value)).scaleb(-2, EXACT)


_decimals: dict[str, Decimal] = {}  # amounts and rates recur; bounded


def dec(text: str | None) -> Any:
    """xs:decimal of a text or of nothing."""
    if text is None:
        return None
    known = _decimals.get(text)
    if known is not None:
        return known
    value = Decimal(text) if text.isascii() and text.replace(".", "", 1).isdigit() else to_decimal(text)
    if len(text) <= 24:
        if len(_decimals) > 20_000:
            _decimals.clear()
        _decimals[str(text)] = value
    return value


def decs(items: Any) -> tuple[Any, ...]:
    """xs:decimal of at most one text, as a sequence."""
    if len(items) == 1:
        return (dec(items[0]),)
    return () if not items else (o1(items),)


_dates: dict[str, Date] = {}  # bounded


def date(text: str) -> Date:
    known = _dates.get(text)
    if known is None:
        known = to_date(text)
        if len(text) <= 24:
            if len(_dates) > 5_000:
                _dates.clear()
            _dates[str(text)] = known
    return known


def dbl(text: str) -> float:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    return to_double(text)


def at(leaf: Any, name: str) -> tuple[str, ...]:
    """The attribute of a leaf, as a sequence."""
    attributes = leaf.get("@", NA) if isinstance(leaf, dict) else getattr(leaf, "a", NA)
    value = attributes.get(name)
    return () if value is None else (value,)


def atc(container: dict[str, Any], name: str) -> tuple[str, ...]:
    value = container.get("@", NA).get(name)
    return () if value is None else (value,)


def kids(container: dict[str, Any]) -> list[Any]:
    """All child elements."""
    return [child for key, column in container.items() if key[0] not in ".@" for child in column]


def anc(container: dict[str, Any] | None, ancestor: str, key: str) -> list[Any]:
    """The children `key` of every ancestor-or-self of `container` that has the name `ancestor`."""
    found: list[Any] = []
    while container is not None:
        if container["."].key == ancestor:
            found.extend(container.get(key, E))
        container = container[".."]
    return found


def cat(*parts: str) -> str:
    return "".join(parts)


def share(left: Any, right: Any) -> bool:
    """Have two sequences of texts a member in common?"""
    return not set(left).isdisjoint(right)


def ne_any(left: Any, right: Any) -> bool:
    return any(a != b for a in left for b in right)


def flag(items: list[bool]) -> bool:
    """The effective boolean value of booleans: one at most."""
    if len(items) > 1:
        raise XPathError("FORG0006", "single")
    return bool(items) and items[0]


def av(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def maybe(function: Any, value: Any) -> Any:
    """`function(value)`, and nothing of nothing."""
    return None if value is None else function(value)


def add(left: Any, right: Any) -> Any:
    return None if left is None or right is None else left + right


def sub(left: Any, right: Any) -> Any:
    return None if left is None or right is None else left - right


def mul(left: Any, right: Any) -> Any:
    return None if left is None or right is None else left * right


def div(left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float):
        return arithmetic("div", left, right)
    return divide(left, right)


def ab(value: Any) -> Any:
    return None if value is None else abs(value)


def rnd(value: Any) -> Any:
    return None if value is None else round_half_up(value)


def qeq(left: Any, right: Any) -> bool:
    """Two numbers of comparable types, or nothing."""
    return left is not None and right is not None and left == right


def qne(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left != right


def qlt(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left < right


def qle(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left <= right


def qgt(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left > right


def qge(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left >= right


def eq(left: Any, right: Any) -> bool:
    return left is not None and right is not None and compare_values("=", left, right)


def ne(left: Any, right: Any) -> bool:
    return left is not None and right is not None and compare_values("!=", left, right)


def lt(left: Any, right: Any) -> bool:
    return left is not None and right is not None and compare_values("<", left, right)


def le(left: Any, right: Any) -> bool:
    return left is not None and right is not None and compare_values("<=", left, right)


def gt(left: Any, right: Any) -> bool:
    return left is not None and right is not None and compare_values(">", left, right)


def ge(left: Any, right: Any) -> bool:
    return left is not None and right is not None and compare_values(">=", left, right)
