"""Clauses on fonts: embedded, mapped to Unicode, no missing glyphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from .clause import Document, clause

_BFCHAR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_FORBIDDEN = {"0000", "FEFF", "FFFE"}


@clause("A3-6.2.11.4", "Every font's program is embedded.")
def embedded(d: Document) -> Iterator[str]:
    for font in d.fonts:
        if font.get("/Subtype") in ("/Type0", "/Type3"):
            continue
        descriptor = font.get("/FontDescriptor", {})
        if not any(isinstance(descriptor.get(key), pikepdf.Stream) for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"{font.get('/BaseFont')} is not embedded"


@clause("A3-6.2.11.3", "Composite fonts use an embedded or identity CMap and say how characters become glyphs.")
def composite(d: Document) -> Iterator[str]:
    for font in (f for f in d.fonts if f.get("/Subtype") == "/Type0"):
        if not isinstance(font.get("/Encoding"), pikepdf.Stream) and str(font.get("/Encoding")) not in ("/Identity-H", "/Identity-V"):
            yield f"{font.BaseFont} has another encoding"
        for descendant in font.DescendantFonts:
            if descendant.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in descendant:
                yield f"{font.BaseFont} has no CIDToGIDMap"


@clause("A3-6.2.11.7.2", "Every font maps its glyphs to Unicode, none of them to U+0000, U+FEFF or U+FFFE.")
def unicode_maps(d: Document) -> Iterator[str]:
    for font in (f for f in d.fonts if f.get("/Subtype") == "/Type0"):
        mapping = font.get("/ToUnicode")
        if not isinstance(mapping, pikepdf.Stream):
            yield f"{font.BaseFont} has no ToUnicode"
            continue
        for section in re.findall(rb"beginbfchar(.*?)endbfchar", mapping.read_bytes(), re.DOTALL):
            if any(target.decode().upper() in _FORBIDDEN for _, target in _BFCHAR.findall(section)):
                yield f"{font.BaseFont} maps a glyph to U+0000, U+FEFF or U+FFFE"


@clause("A3-6.2.11.8", "No text shows the .notdef glyph.")
def no_missing_glyphs(d: Document) -> Iterator[str]:
    for owner, operators in d.contents:
        fonts: Any = owner.get("/Resources", {}).get("/Font", {})
        identity = False
        for op in operators:
            name = str(op.operator)
            if name == "Tf":
                font = fonts.get(str(op.operands[0]))
                identity = font is not None and font.get("/Encoding") in ("/Identity-H", "/Identity-V")
            elif identity and name in ("Tj", "TJ", "'", '"') and any(_shows_notdef(text) for text in _strings(op.operands)):
                yield "a text shows glyph 0"
                break


def _strings(operands: Any) -> Iterator[bytes]:
    for operand in operands:
        if isinstance(operand, pikepdf.String):
            yield bytes(operand)
        elif isinstance(operand, pikepdf.Array):
            yield from _strings(operand)


def _shows_notdef(text: bytes) -> bool:
    return any(text[i : i + 2] == b"\x00\x00" for i in range(0, len(text) - 1, 2))
