"""Any table as CSV or XLSX, sent while it is made: the memory it takes does not grow with its rows. No cell can run (T37)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from wasl.formats.table.write import SHEET, ZIP_TIME, csv_cell, package_parts, sheet_texts

Value = str | Decimal | date | None
CHUNK_BYTES = 32 * 1024


def csv_stream(rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, CRLF, RFC 4180; the first row is the header."""
    out = io.StringIO("\ufeff", newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])
        if out.tell() >= CHUNK_BYTES:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def xlsx_stream(rows: Iterable[Sequence[Value]], *, lang: str, sheet: str) -> Iterator[bytes]:
    """A workbook of one sheet, from right to left in Arabic; the first row is the header and stays in view."""
    texts = (text.encode() for text in sheet_texts(rows, lang))
    parts = [(name, iter([text.encode()])) for name, text in package_parts(sheet)]
    return zip_stream([*parts, (SHEET, texts)])


def zip_stream(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """A ZIP of (name, chunks): one file is open at a time, and what is written is given away at once."""
    out = _Outgoing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, chunks in files:
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            with package.open(info, "w") as entry:
                for chunk in chunks:
                    entry.write(chunk)
                    if out.size >= CHUNK_BYTES:
                        yield out.take()
    yield out.take()


class _Outgoing(io.RawIOBase):
    """What the ZIP writer writes to: it cannot be gone back in, so the writer puts each size after its file."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        taken, self.parts, self.size = b"".join(self.parts), [], 0
        return taken
