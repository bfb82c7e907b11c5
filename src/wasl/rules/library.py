"""What generated code of the wider sheets calls: regular expressions, variables of the sheet, numbers as XPath knows them, looking upwards.

As in `runtime`: whatever does not fit raises, and the reference interpreter decides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from wasl.rules.errors import XPathError
from wasl.rules.values import (
    arithmetic,
    cast_integer,
    from_codepoints,
    number_text,
    to_boolean,
    to_date,
    to_decimal,
    to_double,
    to_float,
)

__all__ = [
    "after_in", "alike_before", "ask", "blank", "castable", "cp", "dbls", "exactly", "from_codepoints", "fsum", "gcount", "glob", "idiv", "ints",
    "matched", "mod", "most", "must", "neg", "nth", "num", "only", "replaced", "span", "sure", "tokens", "trans", "tx", "txt", "upward", "words",
]  # fmt: skip

SPAN_MAX = 100_000  # numbers of a range, characters of a text that is taken apart: beyond, the interpreter says it is too much
DEPTH_MAX = 60  # calls of the sheet's own functions inside one another, as in the interpreter
_UNSET: Any = object()

def glob(D: Any, key: str, build: Callable[[Any], Any]) -> Any:
    """A variable of the sheet, computed once a document."""
    found = D.index.get(key, _UNSET)
    if found is _UNSET:
        found = D.index[key] = build(D)
    return found

def num(value: Any) -> float:
    """fn:number: NaN for nothing and for what is no number."""
    if value is None:
        return math.nan
    if isinstance(value, str):
        try:
            return to_double(value)
        except XPathError:
            return math.nan
    return to_float(value)

def dbls(values: Iterable[Any]) -> list[float]:
    return [to_double(value) if isinstance(value, str) else to_float(value) for value in values]

def fsum(values: Iterable[Any]) -> Any:
    """fn:sum: left to right, without the compensation of Python's own sum; 0 of nothing."""
    total: Any = None
    for value in values:
        total = value if total is None else arithmetic("+", total, value)
    return 0 if total is None else total

def most(sign: int, values: Iterable[Any]) -> Any:
    """fn:max (sign 1) and fn:min (sign -1) of numbers; None of nothing. NaN is left to the interpreter."""
    found = list(values)
    if any(value != value for value in found):
        raise XPathError("FORG0001", "double", "NaN")
    return (max(found) if sign > 0 else min(found)) if found else None

def mod(left: Any, right: Any) -> Any:
    return None if left is None or right is None else arithmetic("mod", left, right)

def idiv(left: Any, right: Any) -> Any:
    return None if left is None or right is None else arithmetic("idiv", left, right)

def neg(value: Any) -> Any:
    return None if value is None else arithmetic("-", 0, value) if not isinstance(value, float) else -value

def matched(text: str, pattern: str, flags: str = "") -> bool:
    from wasl.rules.regex import compiled

    return compiled(pattern, flags).search(text)

def replaced(text: str, pattern: str, by: str, flags: str = "") -> str:
    from wasl.rules.regex import replace

    return replace(text, pattern, by, flags)

def tokens(text: str, pattern: str, flags: str = "") -> list[str]:
    from wasl.rules.regex import tokenize

    return tokenize(text, pattern, flags)

def words(text: str) -> list[str]:
    return [word for word in text.replace("\t", " ").replace("\n", " ").replace("\r", " ").split(" ") if word]

def trans(text: str, old: str, new: str) -> str:
    """fn:translate."""
    table: dict[int, str | None] = {}
    for place, char in enumerate(old):
        table.setdefault(ord(char), new[place] if place < len(new) else None)
    return text.translate(table)

def cp(text: str) -> list[int]:
    if len(text) > SPAN_MAX:
        raise XPathError("WASL0001", "short", text[:80])
    return list(map(ord, text))

def span(low: Any, high: Any) -> range:
    """`low to high`."""
    if low is None or high is None:
        return range(0)
    first, last = cast_integer(low), cast_integer(high)
    if last - first > SPAN_MAX:
        raise XPathError("WASL0001", "short", "")
    return range(first, last + 1)

def nth(items: Any, place: Any) -> Any:
    """`items[place]`: that one item, or nothing."""
    if place is None or place != place // 1 or not 1 <= place <= len(items):
        return ()
    return (items[int(place) - 1],)

def ints(value: Any) -> Any:
    """xs:integer, and nothing of nothing."""
    return None if value is None else cast_integer(value)

def txt(value: Any) -> str:
    """fn:string of an atomic value or of nothing."""
    return "" if value is None else number_text(value)

_CASTS: dict[str, Callable[[Any], Any]] = {
    "xs:integer": cast_integer,
    "xs:decimal": lambda value: to_decimal(value) if isinstance(value, str) else value,
    "xs:double": lambda value: to_double(value) if isinstance(value, str) else value,
    "xs:boolean": lambda value: to_boolean(value) if isinstance(value, str) else value,
    "xs:date": lambda value: to_date(value) if isinstance(value, str) else cast_integer(value),
    "xs:string": lambda value: value,
}

def castable(name: str, value: Any, optional: bool) -> bool:
    if value is None:
        return optional
    try:
        _CASTS[name](value)
    except XPathError as error:
        if error.code == "FOAR0002":
            raise
        return False
    return True

def tx(D: Any, leaf: Any) -> tuple[str, ...]:
    """`text()` of a leaf: one node, or none. A comment inside would split it; a document that has one is left to the interpreter."""
    if D.split is None:
        D.split = D.source is None or split_texts(D.source)
    if D.split or leaf.__class__ is dict:
        raise XPathError("XPTY0004", "single", "")
    return (leaf,) if leaf else ()


_CUT = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_RUN = re.compile(rb"<([^<>]*)>([^<]*\x00[^<]*)<(/?)")


def split_texts(data: bytes) -> bool:
    """May a comment or instruction stand inside a text? Yes in doubt."""
    if b"<!--" not in data and b"<?" not in data[2:]:
        return False
    marked = _CUT.sub(b"\x00", _CDATA.sub(b"x", data))
    for tag, run, closes in _RUN.findall(marked):
        if run.replace(b"\x00", b"").strip() or (closes and not tag.startswith(b"/") and not tag.endswith(b"/")):
            return True
    return False


def blank(D: Any, container: Any) -> bool:
    """Has a group without children no text either? The fast tree does not keep the texts of groups, so the source is looked at."""
    if D.source is None or any(name[0] not in ".@" for name in container):
        raise XPathError("XPTY0004", "single", "")
    key = ("blank", container["."].raw)
    known = D.index.get(key)
    if known is None:
        from wasl.rules.columns import plain

        name = re.escape(container["."].raw)
        texts = re.compile(rf"<{name}(?:\s[^<>]*)?>([^<]*)</{name}\s*>").findall(plain(D.source))
        known = D.index[key] = not any(text.strip(" \t\r\n") for text in texts)
    if not known:
        raise XPathError("XPTY0004", "single", "")
    return True


def sure(D: Any, key: str, items: Any) -> Any:
    """Items found below every `key` of the document: in document order where all of these stand on one path."""
    if len(items) > 1 and (
        any(key in part.lists for part in D.shared)  # of lines, whose places are not kept
        or sum(guide.key == key for columns in (D.containers, D.thin) for guide in columns) != 1
    ):
        raise XPathError("XPTY0004", "single", "")
    return items


def upward(container: Any, key: str) -> list[Any]:
    """The containers of a name among `container` and its ancestors, nearest first."""
    found: list[Any] = []
    while container is not None:
        if container["."].key == key:
            found.append(container)
        container = container[".."]
    return found

def after_in(parent: Any, own: str, other: str) -> Any:
    """The siblings `other` that stand behind the only child `own`. Where there are several of either, the order is not at hand."""
    theirs = parent.get(other)
    if theirs is None:
        return ()
    if len(theirs) > 1 or len(parent[own]) > 1:
        raise XPathError("XPTY0004", "single", "")
    keys = list(parent)
    return theirs if keys.index(other) > keys.index(own) else ()

def alike_before(items: Any, values_of: Callable[[Any], Iterable[Any]]) -> list[Any]:
    """`items[not(values = preceding-sibling::same/values)]`: those of which no value stands in an earlier sibling."""
    seen: dict[int, set[Any]] = {}
    found: list[Any] = []
    for item in items:
        earlier = seen.setdefault(id(item[".."]), set())
        mine = list(values_of(item))
        if len(mine) > 1:
            raise XPathError("XPTY0004", "single", "")  # then the order counts, which is not at hand for every document
        if earlier.isdisjoint(mine):
            found.append(item)
        earlier.update(mine)
    return found

def only(items: Any) -> Any:
    """The items of a sequence in document order where that is certain: at most one."""
    if len(items) > 1:
        raise XPathError("XPTY0004", "single", "")
    return items

def exactly(items: Any) -> Any:
    """The one value of `cast as`."""
    if len(items) != 1:
        raise XPathError("XPTY0004", "single", str(items[0]) if items else "")
    return items[0]


def ask(_: Any) -> bool:
    """A condition that has no code: the reference decides."""
    raise XPathError("WASL0002", "node", "")


def must(value: Any) -> Any:
    """A value where one is demanded."""
    if value is None:
        raise XPathError("XPTY0004", "single", "")
    return value


def gcount(depth: int) -> int:
    """One call deeper; too deep is left to the interpreter, which says so."""
    if depth > DEPTH_MAX:
        raise XPathError("WASL0001", "short", "")
    return depth + 1

