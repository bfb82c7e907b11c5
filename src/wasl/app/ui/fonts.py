"""IBM Plex Sans Arabic for pages: the two weights we use, repacked from the package's TrueType as WOFF 1.0.

WOFF 1.0 is zlib over each table, so the standard library is enough (WOFF2 needs Brotli and would save about a third
more). Dropped on the way: DSIG (signature of a file we change) and the glyph names in `post`.
Specification: W3C WOFF File Format 1.0, sections 3 to 5.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import NamedTuple

WEIGHTS = {400: "Regular", 600: "SemiBold"}
_DROPPED = frozenset({b"DSIG"})
_POST_VERSION_3 = 0x00030000  # "no glyph names"
_POST_HEADER_BYTES = 32


class Table(NamedTuple):
    tag: bytes
    checksum: int
    data: bytes


@lru_cache(maxsize=4)
def woff(weight: int) -> bytes:
    """The WOFF file of one weight."""
    from fontpkg_ibm_plex_sans_arabic import ROOT

    return repack((ROOT / "files" / f"IBMPlexSansArabic-{WEIGHTS[weight]}.ttf").read_bytes())


def repack(sfnt: bytes) -> bytes:
    """TrueType bytes in, WOFF 1.0 bytes out."""
    tables = [_slim(table) for table in _tables(sfnt) if table.tag not in _DROPPED]
    flavour = struct.unpack(">L", sfnt[:4])[0]
    offset = 44 + 20 * len(tables)
    directory, body = bytearray(), bytearray()
    for table in tables:
        packed = zlib.compress(table.data, 9)
        stored = packed if len(packed) < len(table.data) else table.data
        directory += struct.pack(">4sLLLL", table.tag, offset + len(body), len(stored), len(table.data), table.checksum)
        body += stored + bytes(-len(stored) % 4)
    sfnt_bytes = 12 + 16 * len(tables) + sum(len(t.data) + -len(t.data) % 4 for t in tables)
    length = offset + len(body)
    header = struct.pack(">4sLLHHLHHLLLLL", b"wOFF", flavour, length, len(tables), 0, sfnt_bytes, 1, 0, 0, 0, 0, 0, 0)
    return bytes(header + directory + body)


def _tables(sfnt: bytes) -> list[Table]:
    count = struct.unpack(">H", sfnt[4:6])[0]
    entries = (struct.unpack(">4sLLL", sfnt[12 + 16 * i : 28 + 16 * i]) for i in range(count))
    return sorted(Table(tag, checksum, sfnt[start : start + size]) for tag, checksum, start, size in entries)


def _slim(table: Table) -> Table:
    if table.tag != b"post":
        return table
    data = struct.pack(">L", _POST_VERSION_3) + table.data[4:_POST_HEADER_BYTES]
    return Table(table.tag, sum(struct.unpack(f">{len(data) // 4}L", data)) & 0xFFFFFFFF, data)
