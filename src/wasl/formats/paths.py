"""Where an element stands, as an XPath that a person can follow."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from wasl.formats.names import PREFIXES
from wasl.formats.xml import Element


class Paths:
    """Prefixed XPaths such as `/ubl:Invoice/cac:InvoiceLine[2]/cbc:ID`; a position only where a name repeats.

    Asked in document order it walks the children of each parent once, and keeps none of them.
    """

    def __init__(self) -> None:
        self._walks: dict[Element, _Walk] = {}

    def of(self, element: Element, attribute: str | None = None) -> str:
        """The path of an element, or of one of its attributes (its Clark name)."""
        steps = [f"@{attribute.rpartition('}')[2]}"] if attribute is not None else []
        at = element
        while (parent := at.getparent()) is not None:
            steps.append(_step(at) + self._position(parent, at))
            at = parent
        steps.append(_step(at))
        return "/" + "/".join(reversed(steps))

    def _position(self, parent: Element, child: Element) -> str:
        """`[2]`, or nothing for an only child of its name."""
        walk = self._walks.get(parent)
        if walk is None:
            walk = self._walks[parent] = _Walk(parent)
        if walk.names[child.tag] < 2:
            return ""
        return f"[{walk.place_of(child)}]"


class _Walk:
    """The children of one parent, counted by name as far as anybody asked."""

    __slots__ = ("_last", "_next", "_parent", "_seen", "names")

    def __init__(self, parent: Element) -> None:
        self._parent = parent
        self.names = Counter(each.tag for each in parent.iterchildren(etree.Element))
        self._restart()

    def _restart(self) -> None:
        self._next = self._parent.iterchildren(etree.Element)
        self._last: Element | None = None
        self._seen: Counter[str] = Counter()

    def place_of(self, child: Element) -> int:
        """The number of `child` among the children of its name."""
        for _ in range(2):  # a second time from the start, for one that stands before the last one asked for
            while self._last is not child:
                self._last = next(self._next, None)
                if self._last is None:
                    break
                self._seen[self._last.tag] += 1
            if self._last is child:
                return self._seen[child.tag]
            self._restart()
        raise AssertionError("an element is among its parent's children")


def _step(element: Element) -> str:
    namespace, _, local = element.tag[1:].rpartition("}") if element.tag.startswith("{") else ("", "", element.tag)
    prefix = PREFIXES.get(namespace)
    return f"{prefix}{local}" if prefix is not None else f"*[local-name()='{local}']"
