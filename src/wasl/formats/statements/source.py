"""The bytes of a statement, to be read more than once in pieces: plain, or kept compressed so that 100 MB take five.

Packages (ZIP, gzip) are opened in memory and bounded by what really comes out of them, never by what they claim (T95).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from wasl.errors import Words
from wasl.formats.statements.errors import PackageRefused, StatementTooLarge

BYTES_MAX = 200_000_000  # 150,000 payments in CAMT.053 with all their addresses
PACKAGE_BYTES_MAX = 50_000_000
ENTRIES_MAX = 50  # a quarter of daily statements
STEP_BYTES = 256 * 1024
DIRECTORY_BYTES_MAX = 64_000  # of a ZIP with 50 files, their names as long as names can be
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_END_OF_DIRECTORY = b"PK\x05\x06"
WORKBOOK = "xl/workbook.xml"


class Source(Protocol):
    """Something whose bytes can be had from the beginning, again and again."""

    def chunks(self) -> Iterator[bytes]: ...


class Plain:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def chunks(self) -> Iterator[bytes]:
        return (self.data[at : at + STEP_BYTES] for at in range(0, len(self.data), STEP_BYTES))


class Squeezed:
    """Bytes that `squeeze` packed."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def chunks(self) -> Iterator[bytes]:
        unpacker = zlib.decompressobj()
        given, rest = 0, self.data
        while rest and not unpacker.eof:
            chunk = unpacker.decompress(rest, STEP_BYTES)
            rest = unpacker.unconsumed_tail
            given += len(chunk)
            if given > BYTES_MAX:
                raise too_large()
            if chunk:
                yield chunk


def squeeze(chunks: Iterable[bytes]) -> bytes:
    """All of `chunks` in the form that `Squeezed` reads; never more than BYTES_MAX of them. Raises `StatementTooLarge`."""
    packer = zlib.compressobj(1)
    out = io.BytesIO()
    taken = 0
    for chunk in chunks:
        taken += len(chunk)
        if taken > BYTES_MAX:
            raise too_large()
        out.write(packer.compress(chunk))
    out.write(packer.flush())
    return out.getvalue()


def head_of(source: Source, size: int = 4096) -> bytes:
    """The first bytes."""
    head = b""
    for chunk in source.chunks():
        head += chunk
        if len(head) >= size:
            break
    return head[:size]


def too_large() -> StatementTooLarge:
    return StatementTooLarge(reason=Words(f"it has more than {BYTES_MAX:,} bytes", f"فيه أكثر من {BYTES_MAX:,} بايت"))


def unpack(source: Source, name: str) -> list[tuple[str, Source]]:
    """(file name, bytes) of each statement in it: the file itself, or what is in the ZIP or gzip. Raises `PackageRefused`."""
    head = head_of(source, 4)
    if head.startswith(_GZIP):
        return [(name.removesuffix(".gz"), Squeezed(squeeze(_inner(_gunzipped(source)))))]
    if not head.startswith((_ZIP, b"PK\x05\x06")):  # the second is an empty one
        return [(name, source)]
    return _unzipped(_bounded(source), name)


def _bounded(source: Source) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in source.chunks():
        size += len(chunk)
        if size > PACKAGE_BYTES_MAX:
            raise _refused(f"it has more than {PACKAGE_BYTES_MAX:,} bytes", f"فيها أكثر من {PACKAGE_BYTES_MAX:,} بايت")
        parts.append(chunk)
    return b"".join(parts)


def _gunzipped(source: Source) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    given = 0
    try:
        for chunk in source.chunks():
            rest = chunk
            while rest and not unpacker.eof:
                out = unpacker.decompress(rest, STEP_BYTES)
                rest = unpacker.unconsumed_tail
                given += len(out)
                if given > BYTES_MAX:
                    raise _refused(f"more than {BYTES_MAX:,} bytes come out of it", f"يخرج منها أكثر من {BYTES_MAX:,} بايت")
                yield out
    except zlib.error:
        raise _damaged() from None
    if not unpacker.eof:
        raise _damaged()


def _unzipped(data: bytes, name: str) -> list[tuple[str, Source]]:
    found: list[tuple[str, Source]] = []
    total = [0]
    _refuse_large_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if WORKBOOK in package.namelist():  # an XLSX: it has bounds and a reader of its own
                return [(name, Plain(data))]
            entries = [entry for entry in package.infolist() if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")]
            if not 0 < len(entries) <= ENTRIES_MAX:
                count = len(entries)
                raise _refused(f"it holds {count} files, 1 to {ENTRIES_MAX} are taken", f"فيها {count} ملف، والمقبول من 1 إلى {ENTRIES_MAX}")
            for entry in entries:
                if entry.flag_bits & 1:
                    raise _refused("it is locked with a password", "عليها كلمة مرور")
                if (entry.external_attr >> 16) & 0o170000 == 0o120000:
                    raise _refused("it holds a link instead of a file", "فيها رابط بدل ملف")
                shown = entry.filename.replace("\\", "/").rpartition("/")[2][:100] or "statement"
                with package.open(entry) as stream:
                    found.append((shown, Squeezed(squeeze(_inner(_counted(iter(lambda: stream.read(STEP_BYTES), b""), total))))))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, OverflowError):
        raise _damaged() from None
    return found


def _refuse_large_directory(data: bytes) -> None:
    """Before `zipfile` makes an object of every entry: 10^6 of them are refused by the size of their list."""
    at = data.rfind(_END_OF_DIRECTORY, max(0, len(data) - 65_557))
    if at < 0 or len(data) < at + 22:
        raise _damaged()
    if int.from_bytes(data[at + 12 : at + 16], "little") > DIRECTORY_BYTES_MAX:
        raise _refused(f"it holds more than {ENTRIES_MAX} files", f"فيها أكثر من {ENTRIES_MAX} ملف")


def _counted(chunks: Iterable[bytes], total: list[int]) -> Iterator[bytes]:
    """All entries of one package together may give BYTES_MAX."""
    for chunk in chunks:
        total[0] += len(chunk)
        if total[0] > BYTES_MAX:
            raise _refused(f"more than {BYTES_MAX:,} bytes come out of it", f"يخرج منها أكثر من {BYTES_MAX:,} بايت")
        yield chunk


def _inner(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What comes out of a package, which may not be a package again."""
    is_first = True
    for chunk in chunks:
        if is_first and chunk.startswith((_ZIP, _GZIP)):
            raise _refused("it holds another package", "فيها حزمة أخرى")
        is_first = is_first and not chunk
        yield chunk


def _damaged() -> PackageRefused:
    return _refused("it is damaged", "هي تالفة")


def _refused(en: str, ar: str) -> PackageRefused:
    return PackageRefused(reason=Words(en, ar))
