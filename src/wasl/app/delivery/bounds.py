"""What of a mail may be opened at all: measured on its bytes, before any parser sees them.

The standard parser is exact and not made for enemies: nesting costs a comparison a line and level, a long Content-Type costs
its square. Within these bounds the worst mail takes a second or two.
"""

from __future__ import annotations

import re

BYTES_MAX = 25 * 1024 * 1024  # what the large mail services send at most
HEAD_BYTES_MAX = 200_000  # of a mail that is not opened, what is looked at to answer it
LINES_MAX = 600_000  # 25 MB in base64 are 340,000
BOUNDARIES_MAX = 30  # levels of nesting are never more
FIELD_BYTES_MAX = 8_000  # of one Content-* field; a file name of 250 letters in RFC 2231 takes 2,300
_FIELD = re.compile(rb"^content-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"boundary[ \t]*[=*]", re.IGNORECASE)


def is_monstrous(data: bytes) -> bool:
    """True where a mail is larger, longer or more nested than anybody's mail, or has a field like that."""
    if len(data) > BYTES_MAX or data.count(b"\n") + data.count(b"\r") > 2 * LINES_MAX:
        return True
    if sum(1 for _ in _BOUNDARY.finditer(data)) > BOUNDARIES_MAX:
        return True
    return any(found.end() - found.start() > FIELD_BYTES_MAX for found in _FIELD.finditer(data))


def head_of(data: bytes) -> bytes:
    """The header fields, without what was monstrous: lines of Content-* fields are left out."""
    lines = data[:HEAD_BYTES_MAX].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].split(b"\n")
    kept: list[bytes] = []
    is_out = False
    for line in lines[:2_000]:
        is_out = is_out if line[:1] in (b" ", b"\t") else line[:8].lower() == b"content-"
        if not is_out:
            kept.append(line[:2_000])
    return b"\r\n".join(kept) + b"\r\n\r\n"
