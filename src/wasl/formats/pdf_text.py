"""The text of a PDF's pages, with its place: enough to find an account number, never to typeset a page.

Content streams are run as far as text needs it (ISO 32000-1, 9.4): matrices, fonts, strings; forms inside pages too. Letters come from a
font's ToUnicode map, or from its one-byte codes where it has none. What cannot be known (no map, a font of pictures) stays out.
Bounded in pages, bytes and operators; nothing is drawn and nothing fetched.
"""

from __future__ import annotations

import re
import zlib
from typing import Any, NamedTuple, cast

from wasl.formats.pdf import library
from wasl.formats.pdf_tokens import operations

PAGES_MAX = 20
CONTENT_BYTES_MAX = 3_000_000  # unpacked, of all pages together
OPERATORS_MAX = 150_000  # of all pages together
FORMS_DEEP_MAX = 4
MAP_BYTES_MAX = 400_000  # of one ToUnicode map
_NUMBER_MAX = 1e7  # points; a page has at most 14,400
_CHARACTER_WIDTH = 0.5  # of the font size: a guess that only serves to see whether something lies over a text

Matrix = tuple[float, float, float, float, float, float]
_ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Piece(NamedTuple):
    """One string as shown: its page from 1, its start and rough size in points, and whether the reader sees it."""

    page: int
    x: float
    y: float
    width: float
    height: float
    text: str
    visible: bool  # not in text rendering mode 3, and not in a layer that is off


class Pages:
    """The pieces of the first pages; `complete` is False where a bound ended the reading."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.complete = True
        self._bytes = CONTENT_BYTES_MAX
        self._operators = OPERATORS_MAX
        self._fonts: dict[Any, _Font] = {}
        self._hidden = _layers_off(document)

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        for number, page in enumerate(self.document.pages, 1):
            if number > PAGES_MAX:
                self.complete = False
                break
            resources = page.obj.get("/Resources")
            self._run(self._content(page.obj.get("/Contents")), resources, _ONE, number, found, 0, hidden=False)
        return found

    def _content(self, contents: Any) -> bytes:
        """The bytes of one or several content streams, unpacked within what is left of the bound."""
        if contents is None:
            return b""
        parts = list(contents) if isinstance(contents, library().Array) else [contents]
        data = b"\n".join(unpacked(part, self._bytes) for part in parts)[: self._bytes]
        self._bytes -= len(data)
        self.complete = self.complete and self._bytes > 0
        return data

    def _run(self, data: bytes, resources: Any, start: Matrix, page: int, found: list[Piece], deep: int, *, hidden: bool) -> None:
        state = _State(start)
        marks: list[bool] = []
        for operands, name in operations(data):
            self._operators -= 1
            if self._operators < 0:
                self.complete = False
                return
            if name == "BDC":
                marks.append(self._is_hidden(operands, resources))
            elif name == "BMC":
                marks.append(False)
            elif name == "EMC":
                if marks:
                    marks.pop()
            elif name == "Tf" and len(operands) == 2:
                state.font, state.size = self._font(resources, operands[0]), _number(operands[1])
            elif name == "Do" and operands:
                self._form(resources, operands[0], state.matrix, page, found, deep, hidden=hidden or any(marks))
            elif name in ("Tj", "TJ", "'", '"'):
                _show(state, name, operands, page, found, visible=not (hidden or any(marks)))
            else:
                state.apply(name, operands)

    def _form(self, resources: Any, name: Any, matrix: Matrix, page: int, found: list[Piece], deep: int, *, hidden: bool) -> None:
        form = _in(resources, "/XObject", name)
        if form is None or form.get("/Subtype") != "/Form" or deep >= FORMS_DEEP_MAX:
            return
        own = _matrix(form.get("/Matrix"))
        layer = form.get("/OC")
        off = hidden or (layer is not None and layer.objgen in self._hidden)
        self._run(self._content(form), form.get("/Resources", resources), _times(own, matrix), page, found, deep + 1, hidden=off)

    def _is_hidden(self, operands: Any, resources: Any) -> bool:
        """Whether marked content belongs to a layer that is off when the file is opened."""
        if len(operands) < 2 or operands[0] != "/OC" or not self._hidden:
            return False
        group = _in(resources, "/Properties", operands[1])
        return group is not None and group.objgen in self._hidden

    def _font(self, resources: Any, name: Any) -> _Font:
        font = _in(resources, "/Font", name)
        key = None if font is None else font.objgen if font.objgen != (0, 0) else (0, str(name))
        if key not in self._fonts:
            self._fonts[key] = _Font(font)
        return self._fonts[key]


class _State:
    """The part of the graphics and text state that decides where a string stands."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix, self.saved = matrix, cast("list[tuple[Matrix, _Font | None, float]]", [])
        self.text, self.line = _ONE, _ONE
        self.leading = 0.0
        self.font: _Font | None = None
        self.size = 0.0
        self.mode = 0

    def apply(self, name: str, operands: list[Any]) -> None:
        if name == "cm":
            self.matrix = _times(_matrix(operands), self.matrix)
        elif name == "q":
            self.saved.append((self.matrix, self.font, self.size))
        elif name == "Q":
            if self.saved:
                self.matrix, self.font, self.size = self.saved.pop()
        elif name == "BT":
            self.text = self.line = _ONE
        elif name == "Tm":
            self.text = self.line = _matrix(operands)
        elif name in ("Td", "TD"):
            x, y = (_number(each) for each in (*operands, 0.0, 0.0)[:2])
            self.move(x, y)
            if name == "TD":
                self.leading = -y
        elif name == "T*":
            self.move(0.0, -self.leading)
        elif name == "TL" and operands:
            self.leading = _number(operands[0])
        elif name == "Tr" and operands:
            self.mode = int(_number(operands[0]))

    def move(self, x: float, y: float) -> None:
        self.text = self.line = _times((1.0, 0.0, 0.0, 1.0, x, y), self.line)


def _show(state: _State, name: str, operands: list[Any], page: int, found: list[Piece], *, visible: bool) -> None:
    if name in ("'", '"'):
        state.move(0.0, -state.leading)
    if state.font is None or not operands:
        return
    shown = operands[-1]
    parts = cast("list[Any]", shown) if isinstance(shown, list) else [shown]
    text = "".join(state.font.text(part) for part in parts if isinstance(part, bytes))
    if not text:
        return
    at = _times(state.text, state.matrix)
    height = abs(state.size * at[3]) or abs(state.size * at[1]) or state.size
    width = len(text) * height * _CHARACTER_WIDTH
    found.append(Piece(page, at[4], at[5], width, height, text, visible and state.mode != 3))
    state.text = _times((1.0, 0.0, 0.0, 1.0, len(text) * state.size * _CHARACTER_WIDTH, 0.0), state.text)


class _Font:
    """Codes to letters."""

    def __init__(self, font: Any) -> None:
        mapped = font.get("/ToUnicode") if font is not None else None
        self._map = _unicode_map(unpacked(mapped, MAP_BYTES_MAX)) if isinstance(mapped, library().Stream) else {}
        self._wide = font is not None and font.get("/Subtype") == "/Type0"

    def text(self, codes: bytes) -> str:
        if self._wide:
            pairs = (int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes) - 1, 2))
            return "".join(self._map.get(code, "") for code in pairs)
        return "".join(self._map.get(code) or chr(code) for code in codes)


_HEX = rb"<\s*([0-9A-Fa-f]+)\s*>\s*"
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_PAIR = re.compile(_HEX + _HEX)
_RANGE = re.compile(_HEX + _HEX + rb"(?:" + _HEX + rb"|\[([^\]]*)\])")
_RANGE_MAX = 1024  # codes of one range


def _unicode_map(data: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for kind, body in _BLOCK.findall(data):
        if kind == b"bfchar":
            found |= {int(code, 16): _letters(text) for code, text in _PAIR.findall(body)}
            continue
        for first, last, text, listed in _RANGE.findall(body):
            low, high = int(first, 16), min(int(last, 16), int(first, 16) + _RANGE_MAX)
            if listed:
                found |= {low + at: _letters(each) for at, each in enumerate(re.findall(rb"<([0-9A-Fa-f]+)>", listed)[:_RANGE_MAX])}
            else:
                letters = _letters(text)
                found |= {code: letters[:-1] + chr(min(ord(letters[-1]) + code - low, 0x10FFFF)) for code in range(low, high + 1) if letters}
    return found


def _letters(code: bytes) -> str:
    return bytes.fromhex((b"0" * (len(code) % 2) + code).decode()).decode("utf-16-be", "replace")


def unpacked(stream: Any, limit: int) -> bytes:
    """A stream's bytes, at most `limit`, unpacked by ourselves; empty where it is packed in an unusual way."""
    if not isinstance(stream, library().Stream):
        return b""
    filters = stream.get("/Filter")
    names = [] if filters is None else [str(each) for each in filters.wrap_in_array()]
    raw: bytes = stream.read_raw_bytes()
    if not names:
        return raw[:limit]
    if names != ["/FlateDecode"] or stream.get("/DecodeParms") is not None:
        return b""
    try:
        return zlib.decompressobj().decompress(raw, limit)
    except zlib.error:
        return b""


def _layers_off(document: Any) -> set[tuple[int, int]]:
    """Optional content groups that are off when the file is opened."""
    properties = document.Root.get("/OCProperties")
    default = properties.get("/D") if properties is not None else None
    off = default.get("/OFF") if default is not None else None
    groups = set() if off is None else {group.objgen for group in off}
    if properties is not None and default is not None and default.get("/BaseState") == "/OFF":
        on = {group.objgen for group in default.get("/ON", ())}
        groups |= {group.objgen for group in properties.get("/OCGs", ())} - on
    return cast("set[tuple[int, int]]", groups)


def _in(resources: Any, kind: str, name: Any) -> Any:
    group = resources.get(kind) if resources is not None else None
    return None if group is None else group.get(str(name))


def _number(value: Any) -> float:
    """A number that a page may really have; 0 for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if abs(number) < _NUMBER_MAX else 0.0


def _matrix(numbers: Any) -> Matrix:
    values = [_number(each) for each in numbers] if numbers is not None else []
    return cast(Matrix, tuple(values)) if len(values) == 6 else _ONE


def _times(left: Matrix, right: Matrix) -> Matrix:
    a, b, c, d, e, f = left
    g, h, i, j, k, m = right
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def lines(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that stand in one line of one page, from left to right."""
    rows: dict[tuple[int, int], list[Piece]] = {}
    for piece in pieces:
        rows.setdefault((piece.page, round(piece.y / 2)), []).append(piece)
    return [sorted(row, key=lambda piece: piece.x) for row in rows.values()]
