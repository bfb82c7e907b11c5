"""What of a mail may be opened at all: measured on its bytes, before any parser sees them.

The standard parser is exact and not made for enemies: nesting costs a comparison a line and level, a long Content-Type costs
its square. Within these bounds the worst mail takes a second or two.
"""

from __future__ import annotations

import re

BYTES_MAX = 25 * 1024 * 1024  # what the large mail services send at most
HEAD_BYTES_MAX = 200_000  # of a mail that is not opened, what is looked at to answer it
LINES_MAX = 600_000  # 25 MB in base64 are 340,000
TOP_BYTES_MAX = 150_000  # of all fields above the body; three thousand addresses in To
BOUNDARIES_MAX = 30  # levels of nesting are never more
COMPARISONS_MAX = 3_000_000  # lines times levels: a file of 25 MB in eight levels, or a text of 100,000 lines in thirty
FIELD_BYTES_MAX = 8_000  # of one Content-* field; a file name of 250 letters in RFC 2231 takes 2,300
_FIELD = re.compile(rb"^content-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"boundary[ \t]*[=*]", re.IGNORECASE)


def is_monstrous(data: bytes) -> bool:
    """True where a mail is larger, longer or more nested than anybody's mail, or has a field like that."""
    if len(data) > BYTES_MAX:
        return True
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # the parser takes each of the three for the end of a line
    lines, boundaries = data.count(b"\n"), sum(1 for _ in _BOUNDARY.finditer(data))
    if lines > LINES_MAX or boundaries > BOUNDARIES_MAX or lines * (boundaries + 1) > COMPARISONS_MAX:
        return True
    if len(data.partition(b"\n\n")[0]) > TOP_BYTES_MAX:
        return True
    return any(found.end() - found.start() > FIELD_BYTES_MAX for found in _FIELD.finditer(data))


def head_of(data: bytes) -> bytes:
    """The header fields, without what was monstrous: lines of Content-* fields are left out."""
    lines = data[:HEAD_BYTES_MAX].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n", 1)[0].split(b"\n")
    kept: list[bytes] = []
    is_out = False
    for line in lines[:2_000]:
        is_out = is_out if line[:1] in (b" ", b"\t") else line[:8].lower() == b"content-"
        if not is_out:
            kept.append(line[:2_000])
    return b"\r\n".join(kept) + b"\r\n\r\n"
