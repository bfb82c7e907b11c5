"""Text on its way to the page: what is refused, what is replaced, where long words may break.

`check_characters` runs at input: control characters have no place in an invoice. `Pen` prepares one document's texts:
a character without a font becomes a visible mark and is remembered, invisible direction overrides are dropped (they can
make 100 read 001 on paper), and a word too long for its cell gets places to break.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypedDict, cast

import msgspec

from wasl.errors import WaslError
from wasl.invoice.model import Invoice

from .fonts import has_glyph, same_font

MARK = "◻"  # U+25FB: stands for a character that no installed font draws
RIYAL = "\u20c1"  # in no font yet: shown by its Arabic abbreviation
RIYAL_SHOWN = "ر.س"
BREAKABLE_RUN = 24  # longer runs without a space get break opportunities
BREAK_EVERY = 8  # characters between them

_ALWAYS_DRAWN = frozenset(chr(c) for c in (*range(0x20, 0x7F), *range(0x621, 0x653), 0xA0, 0x60C, 0x61B, 0x61F))
OVERRIDES = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))  # dropped by str.translate
_LONG_RUN = re.compile(r"[^\s\u200b]+")
_FIGURES = re.compile(r"\d.*[^\d].*|[^\d].*\d")
_STRONG = {"L": "en", "R": "ar", "AL": "ar"}


LINES_MAX = 10_000  # some 320 pages; a larger document is a file, not a print
CHARACTERS_MAX = 5_000_000  # of all texts together


class TooLongToPrint(WaslError):
    """A document beyond what a PDF should hold."""

    code = "WASL-RENDER-07"
    en = "This document has {lines} lines and {characters} characters of text; at most {lines_max} and {characters_max} are printed. Split it."
    ar = "في هذا المستند {lines} بندًا و{characters} حرفًا، ولا يُطبع أكثر من {lines_max} و{characters_max}. قسّمه."


class ControlCharacter(WaslError):
    """A control character or a broken surrogate in a text field."""

    code = "WASL-RENDER-01"
    en = "The text of {place} holds the control character {character}, which cannot be printed. Remove it."
    ar = "في نص {place} رمز تحكّم لا يُطبع ({character}). احذفه."


class OtherLanguage(TypedDict):
    """A text in the document's other language: the theme sets its direction and its language tag."""

    s: str
    l: str  # noqa: E741 - short key: a thousand lines carry it


Prepared = str | OtherLanguage


def texts(value: object, path: str = "invoice") -> Iterator[tuple[str, str]]:
    """Every text in the model with its place: ("invoice.lines[0].item.name", "...")."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for i, item in enumerate(cast("tuple[object, ...]", value)):
            yield from texts(item, f"{path}[{i}]")
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name), f"{path}.{name}")


def check_printable(invoice: Invoice) -> None:
    """Raise where a document could not be printed later: ControlCharacter or TooLongToPrint. To be asked at issue."""
    check_texts(invoice, "invoice", rows=len(invoice.lines))


def check_texts(document: msgspec.Struct, name: str = "document", *, rows: int = 0) -> None:
    """The same for any document of texts, with so many rows."""
    found: list[str] = []
    _collect(document, found)
    characters = sum(map(len, found))
    if rows > LINES_MAX or characters > CHARACTERS_MAX:
        raise TooLongToPrint(lines=rows, characters=characters, lines_max=LINES_MAX, characters_max=CHARACTERS_MAX)
    if not all(map(str.isprintable, found)):  # in C: the walk that knows the places is for those who need it
        for place, text in texts(document, name):
            check_text(text, place)


def _collect(value: msgspec.Struct, found: list[str]) -> None:
    """Every text below `value`, without its place."""
    for each in msgspec.structs.astuple(value):
        if type(each) is str:
            found.append(each)
        elif isinstance(each, msgspec.Struct):
            _collect(each, found)
        elif isinstance(each, tuple):
            for item in cast("tuple[msgspec.Struct, ...]", each):
                _collect(item, found)


def check_characters(invoice: Invoice) -> None:
    """Raise ControlCharacter, naming the field, where a text holds what no document may hold."""
    for place, text in texts(invoice):
        check_text(text, place)


def check_text(text: str, place: str) -> None:
    """The same for one text."""
    if text.isprintable():  # the common case, in C
        return
    for c in text:
        if c not in "\n\r\t" and (unicodedata.category(c) in ("Cc", "Cs") or ord(c) & 0xFFFE == 0xFFFE):
            raise ControlCharacter(place=place, character=f"U+{ord(c):04X}")


def substitutions(invoice: Invoice) -> list[str]:
    """Characters of the invoice that no installed font draws, sorted: a warning at issue, a mark in the PDF."""
    found: set[str] = set()
    for _, text in texts(invoice):
        if not text.isascii():
            found |= _marked(text)[1]
    return sorted(found)


def _marked(text: str, forced: frozenset[str] = frozenset()) -> tuple[str, set[str]]:
    """The text with a mark for each character that cannot be drawn, and those characters.

    A combining mark is drawn only by a font that also has the letter before it: without one the typesetter would lose both.
    """
    out: list[str] = []
    missing: set[str] = set()
    base = ""
    for c in text:
        if c in _ALWAYS_DRAWN:
            out.append(c)
            base = c
            continue
        category = unicodedata.category(c)
        if category in ("Cf", "Zs", "Zl", "Zp", "Cc") or "\ufe00" <= c <= "\ufe0f" or c == RIYAL:
            out.append(c)  # invisible, or spelled: the typesetter needs no glyph
            continue
        combining = category[0] == "M"
        if c in forced or not has_glyph(c) or (combining and base and not same_font(base + c)):
            missing.add(c)
            out.append(MARK)
        else:
            out.append(c)
        base = base if combining else c
    return "".join(out), missing


def direction(text: str) -> str | None:
    """The language side of the first strong letter: "ar" (right to left), "en", or None for figures and signs."""
    for c in text:
        side = _STRONG.get(unicodedata.bidirectional(c))
        if side:
            return side
    return None


@dataclass
class Pen:
    """Prepares the texts of one document and remembers what it had to replace."""

    language: str  # "ar" or "en": the document's first language
    replaced: set[str] = field(default_factory=set[str])
    forced: frozenset[str] = frozenset()  # characters that the typesetter refused although a font has them

    def __call__(self, text: str | None, *, run: int = BREAKABLE_RUN, isolates: bool = False) -> Prepared:
        """One line of text: newlines and tabs become spaces. `isolates`: the text is ours and its isolates are meant."""
        clean = self.plain(" ".join((text or "").split()), run=run, isolates=isolates)
        side = direction(clean)
        if side is None and self.language == "ar" and _FIGURES.search(clean):
            side = "en"  # a telephone number or a range of figures: its parts would change places among Arabic
        return clean if side in (None, self.language) else {"s": clean, "l": side}

    def paragraphs(self, text: str) -> list[Prepared]:
        """Text of several lines, each prepared; empty lines are left out."""
        return [self(line) for line in text.splitlines() if line.strip()]

    def plain(self, text: str, *, run: int = BREAKABLE_RUN, isolates: bool = False) -> str:
        """Draw-able text: overrides dropped, the riyal sign spelled, unknown characters marked, long words breakable."""
        if not text.isascii():
            text = (text if isolates else text.translate(OVERRIDES)).replace(RIYAL, RIYAL_SHOWN)
            text, missing = _marked(text, self.forced)
            self.replaced |= missing
        if len(text) <= run or _longest(text) <= run:
            return text
        return _LONG_RUN.sub(lambda match: _breakable(match[0]) if len(match[0]) > run else match[0], text)


def _longest(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _breakable(word: str) -> str:
    """Zero-width spaces into a word, never before a mark or inside a joined emoji."""
    out: list[str] = []
    since = 0
    for i, c in enumerate(word):
        joins = unicodedata.category(c) in ("Mn", "Mc", "Me", "Cf", "Sk") or word[i - 1] == "\u200d"
        if since >= BREAK_EVERY and not joins:
            out.append("\u200b")
            since = 0
        out.append(c)
        since += 1
    return "".join(out)
