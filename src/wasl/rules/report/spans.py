"""Where elements stand in the bytes of a document: byte spans by path, and line and column as an editor counts them.

Only asked for findings and edits, never on a clean document. Expat walks the bytes once; lxml's `sourceline` knows no column and
stops counting at 65,535. Columns count characters (Unicode code points) from 1; a line ends with LF, CRLF or CR.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, NamedTuple
from xml.parsers import expat

from wasl.formats import xml

Path = tuple[tuple[str, str, int], ...]
"""(namespace, local name, place among siblings of that name) from the root down."""

# A start tag, with quoted attribute values that may hold ">".
_TAG = re.compile(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_BREAK = re.compile(rb"\r\n|\r|\n")
_CONTINUING = bytes(range(0x80, 0xC0))  # bytes of UTF-8 that begin no character
BLOCK_BYTES = 65_536
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class Span(NamedTuple):
    """Byte offsets of an element: its start tag is [start, inner), its content [inner, close), its end tag [close, end).

    An empty-element tag has inner == close == end.
    """

    start: int
    inner: int
    close: int
    end: int

    @property
    def empty_tag(self) -> bool:
        return self.inner == self.end


class Place(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


class Source:
    """The bytes of one document as the parser sees them (UTF-8), and how they lie in the file as it was given."""

    def __init__(self, data: bytes) -> None:
        self.data = xml.guard(data)
        self.codec, self.mark, self.prefix = _origin(data, self.data)
        self._breaks: list[int] | None = None
        self._blocks: list[int] = []

    def place(self, offset: int) -> Place:
        """Line and column of a byte offset, in the file as it was given."""
        breaks = self._line_ends()
        number = bisect_right(breaks, offset)
        start = breaks[number - 1] if number else 0
        column = self._characters(offset) - self._characters(start) + 1
        before = _BREAK.findall(self.prefix)
        if number == 0 and self.prefix:
            column += len(_BREAK.split(self.prefix)[-1].decode(errors="replace"))
        return Place(number + 1 + len(before), column)

    def _line_ends(self) -> list[int]:
        if self._breaks is None:
            self._breaks = [found.end() for found in _BREAK.finditer(self.data)]
        return self._breaks

    def _characters(self, offset: int) -> int:
        """How many characters stand before a byte offset; counted by blocks, for a document may be one line of 20 MB."""
        if not self._blocks:
            self._blocks.append(0)
            for at in range(0, len(self.data), BLOCK_BYTES):
                self._blocks.append(self._blocks[-1] + len(self.data[at : at + BLOCK_BYTES].translate(None, _CONTINUING)))
        block = offset // BLOCK_BYTES
        return self._blocks[block] + len(self.data[block * BLOCK_BYTES : offset].translate(None, _CONTINUING))

    def line_at(self, offset: int) -> tuple[int, int]:
        """The byte offsets of the line that holds `offset`: its start and its end without the line break."""
        breaks = self._line_ends()
        number = bisect_right(breaks, offset)
        start = breaks[number - 1] if number else 0
        end = breaks[number] if number < len(breaks) else len(self.data)
        while end > start and self.data[end - 1] in b"\r\n":
            end -= 1
        return start, end

    def restored(self, data: bytes) -> bytes:
        """UTF-8 bytes that took the place of `self.data`, written back in the encoding of the file. Raises UnicodeEncodeError."""
        if not self.codec:
            return self.mark + data
        return self.mark + (self.prefix + data).decode().encode(self.codec)


def _origin(data: bytes, safe: bytes) -> tuple[str, bytes, bytes]:
    """(codec, byte order mark, what stands before `safe` as UTF-8): "" where the file is UTF-8 already."""
    if data.endswith(safe):  # the same bytes, perhaps after a byte order mark
        return "", data[: len(data) - len(safe)], b""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return codec, mark, _lost(data[len(mark) :], codec, safe)
    if data[:2] in (b"<\x00", b"\x00<"):
        codec = "utf-16-le" if data[:1] == b"<" else "utf-16-be"
        return codec, b"", _lost(data, codec, safe)
    found = _DECLARED.match(data)
    codec = found[1].decode("ascii") if found else "utf-8"
    return codec, b"", _lost(data, codec, safe)


def _lost(data: bytes, codec: str, safe: bytes) -> bytes:
    """The declaration and the white space after it, which the parser's copy does without."""
    text = data.decode(codec).encode()
    return text[: len(text) - len(safe)]


def spans(data: bytes, wanted: Iterable[Path]) -> dict[Path, Span]:
    """The spans of those wanted paths that the document has. `data` is `Source.data`: well-formed UTF-8."""
    trie: dict[Any, Any] = {}
    for path in wanted:
        at = trie
        for uri, local, place in path:
            at = at.setdefault((f"{uri} {local}" if uri else local, place), {})
        at[None] = path
    found: dict[Path, Span] = {}
    if trie:
        _Walk(data, trie, found).run()
    return found


class _Walk:
    """One pass of expat. Below an element that no wanted path goes through only the depth is counted."""

    def __init__(self, data: bytes, trie: dict[Any, Any], found: dict[Path, Span]) -> None:
        self.data = data
        self.found = found
        self.stack: list[tuple[dict[Any, Any], dict[str, int], int]] = [(trie, {}, 0)]
        self.skipped = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def run(self) -> None:
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError:  # lxml is more patient in rare cases: what was found so far is still right
            return

    def start(self, name: str, _attributes: object) -> None:
        if self.skipped:
            self.skipped += 1
            return
        trie, counts, _ = self.stack[-1]
        counts[name] = place = counts.get(name, 0) + 1
        below = trie.get((name, place))
        if below is None:
            self.skipped = 1
            return
        self.stack.append((below, {}, self.parser.CurrentByteIndex))

    def end(self, _name: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        trie, _, start = self.stack.pop()
        if None in trie:
            self.found[trie[None]] = self._span(start)

    def _span(self, start: int) -> Span:
        tag = _TAG.match(self.data, start)
        inner = tag.end() if tag else start
        if self.data[inner - 2 : inner] == b"/>":
            return Span(start, inner, inner, inner)
        close = self.parser.CurrentByteIndex
        return Span(start, inner, close, self.data.find(b">", close) + 1)
