"""The quick way to read: for the document in which every value has its place, which is nearly every one.

The tree is that of the standard library, whose elements cost a third of lxml's to walk; the same readers run over it. Whatever would
be a loss, or is not well-formed, or stands where nothing is expected, ends the attempt, and the document goes the thorough way, which
alone knows places and decides. So a quick answer is never another answer (tests/formats/test_quick.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, cast
from xml.etree import ElementTree

from wasl.errors import UnreadableInput
from wasl.formats import xml
from wasl.formats.cursor import Source
from wasl.formats.lexical import XML_SPACE
from wasl.formats.names import XSI
from wasl.formats.result import ReadResult

BYTES_MAX = 2_000_000  # beyond it the tree of a second attempt would count in memory


class Unsure(Exception):
    """The document holds something that only the thorough way can judge."""


class QuickSource(Source):
    """A document being read in the hope that nothing will be lost."""

    def __init__(self, root: xml.Element) -> None:
        super().__init__(root)
        self._blank: set[str | None] = {None, "\n"}  # what stands between elements and says nothing, as far as it was met

    def lose(self, element: xml.Element, reason: str, attribute: str | None = None) -> NoReturn:
        raise Unsure

    def losses(self) -> tuple[()]:
        self._settle(0)
        return ()

    def _settle(self, mark: int) -> None:
        blank = self._blank
        for group in self._groups[mark:]:
            if group.unfinished:
                raise Unsure
            element = group.element
            between = [element.text, *[child.tail for child in element]]
            if not blank.issuperset(between):
                if any(text.strip(XML_SPACE) for text in between if text is not None):
                    raise Unsure
                blank.update(between)
            for name in element.keys():  # noqa: SIM118  an element iterates over its children
                if not name.startswith(f"{{{XSI}}}"):
                    raise Unsure
        del self._groups[mark:]


def attempt(data: bytes, build: Callable[[Source], ReadResult]) -> ReadResult | None:
    """What `build` makes of the document; None where it has to be read thoroughly. Raises what `xml.guard` raises."""
    if len(data) > BYTES_MAX:
        return None
    safe = xml.guard(data)
    try:
        return build(QuickSource(cast("xml.Element", ElementTree.fromstring(safe))))  # noqa: S314  guarded: no DOCTYPE, so no entity
    except (ElementTree.ParseError, Unsure, UnreadableInput):
        return None
