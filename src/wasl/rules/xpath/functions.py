"""The functions of XPath that the interpreter knows. Arguments come as thunks, so nothing is evaluated that need not be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from wasl.rules import regex, values
from wasl.rules.errors import XPathError
from wasl.rules.tree import ATTRIBUTE, COMMENT, ELEMENT, PI, Node
from wasl.rules.values import Untyped

Thunk = Callable[[], Iterator[Any]]


def single(items: Iterable[Any]) -> Any:
    """The one item, or None for none; more than one is a type error, never the first."""
    found = iter(items)
    first = next(found, None)
    if first is not None and next(found, None) is not None:
        raise XPathError("XPTY0004", "single", str(first))
    return first


def _atoms(thunk: Thunk) -> Iterator[Any]:
    for item in thunk():
        if isinstance(item, Node):
            yield item.value if item.kind in (COMMENT, PI) else Untyped(item.string())
        else:
            yield item


def text(thunk: Thunk) -> str:
    """An argument of type xs:string?: nothing counts as the empty string, a number is a type error."""
    value = single(_atoms(thunk))
    if value is None:
        return ""
    if not isinstance(value, str):
        raise XPathError("XPTY0004", "text", str(value))
    return str(value)


def _text_function(compute: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    def call(*args: Thunk) -> Iterator[Any]:
        yield compute(*(text(arg) for arg in args))

    return call


def _number(thunk: Thunk) -> Any:
    """An argument of numeric type: untyped text is cast to xs:double."""
    value = single(_atoms(thunk))
    if value is None:
        return None
    if isinstance(value, Untyped):
        return values.to_double(value)
    if not values.is_number(value):
        raise XPathError("XPTY0004", "double", str(value))
    return value


def _numeric_function(compute: Callable[[Any], Any]) -> Callable[[Thunk], Iterator[Any]]:
    def call(arg: Thunk) -> Iterator[Any]:
        value = _number(arg)
        if value is not None:
            yield compute(value)

    return call


def _cast_function(compute: Callable[[Any], Any]) -> Callable[[Thunk], Iterator[Any]]:
    def call(arg: Thunk) -> Iterator[Any]:
        value = single(_atoms(arg))
        if value is not None:
            yield compute(value)

    return call


def _cast_date(value: Any) -> Any:
    if isinstance(value, values.Date):
        return value
    if isinstance(value, str):
        return values.to_date(value)
    raise XPathError("XPTY0004", "date", str(value))


def _cast_boolean(value: Any) -> bool:
    if isinstance(value, str):
        return values.to_boolean(value)
    return bool(value) and value == value


def _cast_double(value: Any) -> float:
    return values.to_double(value) if isinstance(value, str) else values.to_float(value)


def _cast_integer(value: Any) -> int:
    return values.cast_integer(value)


def _cast_derived(name: str) -> Callable[[Any], int]:
    def cast(value: Any) -> int:
        from wasl.rules.xpath.types import within

        return within(name, values.cast_integer(value))

    return cast


def _count(arg: Thunk) -> Iterator[Any]:
    yield sum(1 for _ in arg())


def _sum(arg: Thunk, zero: Thunk | None = None) -> Iterator[Any]:
    total: Any = None
    for value in _atoms(arg):
        number = values.to_double(value) if isinstance(value, Untyped) else value
        if not values.is_number(number):
            raise XPathError("FORG0006", "double", str(value))
        total = number if total is None else values.arithmetic("+", total, number)
    if total is not None:
        yield total
    elif zero is not None:
        yield from zero()
    else:
        yield 0


def _extreme(op: str) -> Callable[[Thunk], Iterator[Any]]:
    def call(arg: Thunk) -> Iterator[Any]:
        best: Any = None
        for value in _atoms(arg):
            item = values.to_double(value) if isinstance(value, Untyped) else value
            if best is None or values.compare_values(op, item, best):
                best = item
        if best is not None:
            yield best

    return call


def _avg(arg: Thunk) -> Iterator[Any]:
    items = [values.to_double(v) if isinstance(v, Untyped) else v for v in _atoms(arg)]
    if items:
        yield values.arithmetic("div", next(_sum(lambda: iter(items))), len(items))


def _number_of(arg: Thunk) -> Iterator[Any]:
    try:
        value = single(_atoms(arg))
        yield math.nan if value is None else _cast_double(value)
    except XPathError as error:
        if error.code != "FORG0001":
            raise
        yield math.nan


def _string(arg: Thunk) -> Iterator[Any]:
    value = single(arg())
    yield "" if value is None else value.string() if isinstance(value, Node) else values.number_text(value)


def _concat(*args: Thunk) -> Iterator[Any]:
    found = (single(_atoms(arg)) for arg in args)
    yield "".join("" if value is None else values.number_text(value) for value in found)


def _join(arg: Thunk, separator: Thunk) -> Iterator[Any]:
    parts: list[str] = []
    for value in _atoms(arg):
        if not isinstance(value, str):
            raise XPathError("XPTY0004", "text", str(value))
        parts.append(value)
    yield text(separator).join(parts)


def _substring(source: Thunk, start: Thunk, length: Thunk | None = None) -> Iterator[Any]:
    first = _number(start)
    size = None if length is None else _number(length)
    if first is None or (length is not None and size is None):
        raise XPathError("XPTY0004", "single")
    yield values.substring(text(source), first, size)


def _translate(source: Thunk, old: Thunk, new: Thunk) -> Iterator[Any]:
    table: dict[str, str] = {}
    target = text(new)
    for place, char in enumerate(text(old)):
        table.setdefault(char, target[place] if place < len(target) else "")
    yield "".join(table.get(char, char) for char in text(source))


def _node_name(compute: Callable[[Node], str]) -> Callable[[Thunk], Iterator[Any]]:
    def call(arg: Thunk) -> Iterator[Any]:
        node = single(arg())
        if node is not None and not isinstance(node, Node):
            raise XPathError("XPTY0004", "node", str(node))
        yield "" if node is None or node.kind not in (ELEMENT, ATTRIBUTE, PI) else compute(node)

    return call


def _distinct(arg: Thunk) -> Iterator[Any]:
    seen: list[Any] = []
    for value in _atoms(arg):
        plain = str(value) if isinstance(value, Untyped) else value
        if not any(type(plain) is type(known) and plain == known for known in seen):
            seen.append(plain)
            yield value


def _one(least: int) -> Callable[[Thunk], Iterator[Any]]:
    def call(arg: Thunk) -> Iterator[Any]:
        items = list(arg())
        if not least <= len(items) <= 1:
            raise XPathError("FORG0005", "single")
        return iter(items)

    return call


def _index_of(arg: Thunk, wanted: Thunk) -> Iterator[Any]:
    search = single(_atoms(wanted))
    for place, value in enumerate(_atoms(arg), 1):
        if isinstance(value, str) == isinstance(search, str) and value == search:
            yield place


def _floor(value: Any) -> Any:
    return value.to_integral_value(ROUND_FLOOR, values.EXACT) if isinstance(value, Decimal) else _whole(value, math.floor)


def _ceiling(value: Any) -> Any:
    return value.to_integral_value(ROUND_CEILING, values.EXACT) if isinstance(value, Decimal) else _whole(value, math.ceil)


def _whole(value: Any, compute: Callable[[Any], int]) -> Any:
    if isinstance(value, int) or math.isnan(value) or math.isinf(value):
        return value
    return float(compute(value))


def _matches(source: Thunk, pattern: Thunk, flags: Thunk | None = None) -> Iterator[Any]:
    yield regex.matches(text(source), _needed(pattern), "" if flags is None else _needed(flags))


def _replace(source: Thunk, pattern: Thunk, by: Thunk, flags: Thunk | None = None) -> Iterator[Any]:
    yield regex.replace(text(source), _needed(pattern), _needed(by), "" if flags is None else _needed(flags))


def _tokenize(source: Thunk, pattern: Thunk | None = None, flags: Thunk | None = None) -> Iterator[Any]:
    if pattern is None:
        yield from (word for word in values.normalize_space(text(source)).split(" ") if word)
    else:
        yield from regex.tokenize(text(source), _needed(pattern), "" if flags is None else _needed(flags))


def _needed(thunk: Thunk) -> str:
    """An argument of type xs:string: nothing is an error."""
    value = single(_atoms(thunk))
    if not isinstance(value, str):
        raise XPathError("XPTY0004", "text", "" if value is None else str(value))
    return str(value)


def _codepoints(source: Thunk) -> Iterator[Any]:
    yield from map(ord, text(source))


def _from_codepoints(source: Thunk) -> Iterator[Any]:
    yield values.from_codepoints([values.to_double(c) if isinstance(c, Untyped) else c for c in _atoms(source)])


def _reverse(arg: Thunk) -> Iterator[Any]:
    return iter(list(arg())[::-1])


def _subsequence(arg: Thunk, start: Thunk, length: Thunk | None = None) -> Iterator[Any]:
    first = _number(start)
    size = None if length is None else _number(length)
    if first is None or (length is not None and size is None):
        raise XPathError("XPTY0004", "single")
    begin = values.round_half_up(float(first))
    end = math.inf if size is None else begin + values.round_half_up(float(size))
    return (item for place, item in enumerate(arg(), 1) if begin <= place < end)


def _position_of(thunk: Thunk) -> int:
    value = single(_atoms(thunk))
    if isinstance(value, Untyped):
        return values.cast_integer(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise XPathError("XPTY0004", "integer", "" if value is None else str(value))
    return value


def _remove(arg: Thunk, place: Thunk) -> Iterator[Any]:
    gone = _position_of(place)
    return (item for at, item in enumerate(arg(), 1) if at != gone)


def _insert_before(arg: Thunk, place: Thunk, new: Thunk) -> Iterator[Any]:
    items = list(arg())
    at = min(max(_position_of(place), 1), len(items) + 1) - 1
    return iter([*items[:at], *new(), *items[at:]])


def _one_or_more(arg: Thunk) -> Iterator[Any]:
    items = list(arg())
    if not items:
        raise XPathError("FORG0004", "single")
    return iter(items)


def _compare(left: Thunk, right: Thunk) -> Iterator[Any]:
    one, other = single(_atoms(left)), single(_atoms(right))
    if one is None or other is None:
        return
    if not isinstance(one, str) or not isinstance(other, str):
        raise XPathError("XPTY0004", "text", str(one))
    yield (str(one) > str(other)) - (str(one) < str(other))


def _round_even(arg: Thunk, places: Thunk | None = None) -> Iterator[Any]:
    value = _number(arg)
    if value is not None:
        yield values.round_half_even(value, 0 if places is None else _position_of(places))


FUNCTIONS: dict[str, Callable[..., Iterator[Any]]] = {
    "true": lambda: iter((True,)), "false": lambda: iter((False,)),
    "count": _count, "sum": _sum, "min": _extreme("<"), "max": _extreme(">"), "avg": _avg,
    "abs": _numeric_function(abs), "round": _numeric_function(values.round_half_up), "floor": _numeric_function(_floor),
    "ceiling": _numeric_function(_ceiling), "number": _number_of, "string": _string, "data": _atoms, "concat": _concat, "string-join": _join,
    "string-length": _text_function(len), "normalize-space": _text_function(values.normalize_space), "upper-case": _text_function(str.upper),
    "lower-case": _text_function(str.lower), "contains": _text_function(str.__contains__), "starts-with": _text_function(str.startswith),
    "ends-with": _text_function(str.endswith), "substring": _substring, "substring-before": _text_function(values.substring_before),
    "substring-after": _text_function(values.substring_after), "translate": _translate,
    "name": _node_name(Node.name), "local-name": _node_name(lambda n: n.local), "namespace-uri": _node_name(lambda n: n.uri),
    "distinct-values": _distinct, "xs:decimal": _cast_function(values.cast_decimal), "xs:integer": _cast_function(_cast_integer),
    "xs:double": _cast_function(_cast_double), "xs:string": _cast_function(values.number_text), "xs:boolean": _cast_function(_cast_boolean),
    "matches": _matches, "replace": _replace, "tokenize": _tokenize, "string-to-codepoints": _codepoints,
    "codepoints-to-string": _from_codepoints, "reverse": _reverse, "subsequence": _subsequence, "remove": _remove,
    "insert-before": _insert_before, "one-or-more": _one_or_more, "compare": _compare, "round-half-to-even": _round_even,
    "xs:untypedAtomic": _cast_function(lambda value: Untyped(values.number_text(value))),
    **{name: _cast_function(_cast_derived(name)) for name in ("xs:int", "xs:long", "xs:nonNegativeInteger", "xs:positiveInteger")},
    "xs:date": _cast_function(_cast_date), "exactly-one": _one(1), "zero-or-one": _one(0), "index-of": _index_of,
}  # fmt: skip
