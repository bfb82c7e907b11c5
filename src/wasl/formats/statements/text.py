"""Statements that are text: their encoding, told from the whole file, and their lines, none without bound."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from wasl.errors import Words
from wasl.formats.statements.errors import NotAStatement, StatementTooLarge
from wasl.formats.statements.source import Source, head_of
from wasl.formats.table import text as tables

LINE_CHARS_MAX = 65_536  # SWIFT has 65, OFX in one line a few hundred a movement
SAMPLE_BYTES = 500_000


def encoding_of(source: Source) -> str:
    """The codec, by the same rules as for tables. Raises `TableRefused` (mixed encodings, binary data)."""
    head = head_of(source)
    if b"\x00" in head or head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return tables.encoding_of(head)
    decoder = codecs.getincrementaldecoder("utf-8")()
    before = b""
    pieces = source.chunks()
    try:
        for chunk in pieces:
            decoder.decode(chunk)
            before = chunk
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        # The part of the file around the first byte that is no UTF-8 tells which of the other encodings it is
        sample = before[-SAMPLE_BYTES:] + chunk + next(pieces, b"")  # pyright: ignore[reportPossiblyUnboundVariable]
        return tables.encoding_of(sample)
    return "utf-8"


def lines(source: Source, encoding: str, *, keep_blanks: bool = False) -> Iterator[str]:
    """The lines without their ends and, but for `keep_blanks`, the blanks before those; control characters other than tabs are left out.

    Raises `NotAStatement`, `StatementTooLarge`.
    """
    clean = _clean if keep_blanks else _stripped
    decoder = codecs.getincrementaldecoder(encoding)()
    rest = ""
    try:
        for chunk in source.chunks():
            rest += decoder.decode(chunk)
            if rest.endswith("\r"):  # the other half of a line end may follow
                continue
            *whole, rest = rest.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            yield from map(clean, whole)
            if len(rest) > LINE_CHARS_MAX * 8:
                raise _long_line()
        rest += decoder.decode(b"", True)
    except UnicodeError:
        raise NotAStatement(reason=Words(f"its bytes do not fit the encoding {encoding}", f"محتواه لا يطابق الترميز {encoding}")) from None
    yield from map(clean, rest.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


_DROPPED = dict.fromkeys([*range(9), *range(0x0B, 0x20), 0x7F, 0xFEFF, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)])


def _clean(line: str) -> str:
    """Without control, bidi and zero-width characters: a file can hold them, a name or reference cannot mean them."""
    if len(line) > LINE_CHARS_MAX:
        raise _long_line()
    return line.translate(_DROPPED) if not line.isascii() or not line.isprintable() else line


def _stripped(line: str) -> str:
    return _clean(line).rstrip()


def _long_line() -> StatementTooLarge:
    return StatementTooLarge(reason=Words(f"a line has more than {LINE_CHARS_MAX:,} characters", f"في أحد الأسطر أكثر من {LINE_CHARS_MAX:,} محرف"))
