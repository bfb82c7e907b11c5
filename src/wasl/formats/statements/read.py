"""One door for every statement: the kind told by its first bytes, never by its name; every sum proven on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from wasl.errors import Words
from wasl.formats.statements import camt, mt940, ofx, sheet
from wasl.formats.statements.columns import Columns
from wasl.formats.statements.errors import NotAStatement
from wasl.formats.statements.identity import checked
from wasl.formats.statements.model import Foot, Head, Line, Part, Statement
from wasl.formats.statements.source import Plain, Source, head_of

Kind = Literal["camt.053", "mt940", "ofx", "table"]
SNIFFED_BYTES = 8192
_MT940 = re.compile(rb"(?:\A|[\r\n]|\{4:[\r\n]*) ?:(?:20|25|60F|60M):")
_PDF = b"%PDF-"


def kind_of(source: Source) -> Kind:
    """What kind of file it is. Raises `NotAStatement` for what is none."""
    head = head_of(source, SNIFFED_BYTES)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x00")
    if not start:
        raise NotAStatement(reason=Words("the file is empty", "الملف فارغ"))
    if _PDF in head[:1024]:
        raise NotAStatement(reason=Words("it is a PDF, which is made for eyes", "هو PDF أُعدّ للعين لا للقراءة الآلية"))
    if ofx.looks_like_one(head):
        return "ofx"
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")  # UTF-16 too
    if plain.startswith(b"<"):
        return "camt.053"
    return "mt940" if _MT940.search(plain) else "table"


def stream(source: Source, *, columns: Columns | None = None) -> Iterator[Part]:
    """Head, lines, foot of each statement in the file, in memory that does not grow with it.

    A foot comes only when its statement's sums are proven, so whoever must not act on a broken file reads to the end
    first. `columns` says what the columns of a table are; None guesses. Raises subclasses of `UnreadableInput` only.
    """
    kind = kind_of(source)
    if kind == "table":
        return checked(sheet.read(source, columns))
    return checked({"camt.053": camt.read, "mt940": mt940.read, "ofx": ofx.read}[kind](source))


def read(data: bytes, *, columns: Columns | None = None) -> tuple[Statement, ...]:
    """Every statement of a file that fits into memory, whole or not at all."""
    found: list[Statement] = []
    head: Head | None = None
    lines: list[Line] = []
    for part in stream(Plain(data), columns=columns):
        if isinstance(part, Head):
            head, lines = part, []
        elif isinstance(part, Line):
            lines.append(part)
        elif head is not None and not part.is_copy:
            found.append(_whole(head, lines, part))
    return tuple(found)


def _whole(head: Head, lines: list[Line], foot: Foot) -> Statement:
    return Statement(
        account=head.account, currency=head.currency, number=head.number, opening=head.opening, closing=foot.closing, lines=tuple(lines),
        is_checked=foot.is_checked,
    )  # fmt: skip
