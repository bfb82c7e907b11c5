"""The ZIP that a workbook is, opened within bounds: its directory is judged before a byte is unpacked (T95).

Refused by the directory: no `xl/workbook.xml`, more than 2,000 parts, two parts of one name, encryption, a method other
than stored or deflate, a part or the whole unpacking to more than the bounds. What the directory says is not believed:
unpacking stops at the bound all the same. Nothing is written to a disk, so names with `..` and links mean nothing.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from wasl.errors import Words
from wasl.formats.table import grid as bounds
from wasl.formats.table.errors import TableTooLarge, WorkbookRefused

PARTS_MAX = 2_000
PART_BYTES_MAX = 400_000_000  # unpacked: a sheet of a million cells has some 60 MB
RATIO_MAX = 150  # deflate's own limit is 1,032; a sheet of equal rows reaches 60
RATIO_BYTES_MIN = 10_000_000  # unpacked; below it any ratio is harmless
DIRECTORY_BYTES_MAX = 4_000_000
CHUNK_BYTES = 65_536
DEPTH_MAX = 100  # a sheet nests 6 deep
STRETCH_BYTES_MAX = 262_144  # without a tag, or of one tag: the longest text of a cell has half of it
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # XLS, or an encrypted XLSX
_END_OF_DIRECTORY = b"PK\x05\x06"

Handler = Callable[..., None]


class Package:
    """The parts of one workbook by name, lower-cased as OPC compares them."""

    def __init__(self, data: bytes) -> None:
        if len(data) > bounds.BYTES_MAX:
            raise bounds.too_many_bytes(len(data))
        if data.startswith(OLE_MARK):
            raise _refused("it is an old XLS file, or locked with a password", "هو بصيغة XLS القديمة، أو مقفل بكلمة مرور")
        _refuse_large_directory(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OverflowError, EOFError, NotImplementedError, UnicodeError, OSError):
            raise _damaged() from None
        self._parts = _judged(self._zip.infolist())

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def read(self, name: str, limit: int) -> bytes:
        """The part whole, at most `limit` bytes."""
        found = bytearray()
        for chunk in self.chunks(name, limit):
            found += chunk
        return bytes(found)

    def chunks(self, name: str, limit: int = PART_BYTES_MAX) -> Iterator[bytes]:
        """The part in pieces; refused where it is missing, damaged or longer than `limit`."""
        info = self._parts.get(name.lower())
        if info is None:
            raise _refused(f"its part {_shown(name)} is missing", f"ينقصه الجزء {_shown(name)}")
        size = 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    size += len(chunk)
                    if size > limit:
                        raise _bomb(name)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError):
            raise _damaged() from None

    def parse(
        self, name: str, *, start: Handler | None = None, end: Handler | None = None, text: Handler | None = None, limit: int = PART_BYTES_MAX
    ) -> None:
        """Run the handlers over a part. A DOCTYPE is refused, so no entity is ever expanded; names come without their namespace."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        if start is not None:
            parser.StartElementHandler = start
        if end is not None:
            parser.EndElementHandler = end
        if text is not None:
            parser.CharacterDataHandler = text
        stretch = 0
        try:
            for chunk in self.chunks(name, limit):
                tag = chunk.rfind(b"<")
                stretch = stretch + len(chunk) if tag < 0 else len(chunk) - tag
                if stretch > STRETCH_BYTES_MAX:
                    raise _refused(f"a text or tag of its part {_shown(name)} is too long", f"في الجزء {_shown(name)} منه نص أو وسم أطول مما يُقبل")
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise _refused(
                f"its part {_shown(name)} is damaged at line {error.lineno}, column {error.offset + 1}",
                f"الجزء {_shown(name)} منه تالف في السطر {error.lineno}، العمود {error.offset + 1}",
            ) from None
        except (ValueError, LookupError):  # the name of an encoding that Python does not know
            raise _damaged() from None


def too_deep() -> WorkbookRefused:
    return _refused(f"its elements are nested deeper than {DEPTH_MAX} levels", f"عناصره متداخلة أعمق من {DEPTH_MAX} مستوى")


def _refuse_large_directory(data: bytes) -> None:
    """Before `zipfile` makes an object of every entry: a directory of 10^6 entries is refused by its own size."""
    at = data.rfind(_END_OF_DIRECTORY, max(0, len(data) - 65_557))
    if at < 0 or len(data) < at + 22:
        raise _damaged()
    count = int.from_bytes(data[at + 10 : at + 12], "little")
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    if count > PARTS_MAX or size > DIRECTORY_BYTES_MAX:
        raise _too_many_parts()


def _judged(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(entries) > PARTS_MAX:
        raise _too_many_parts()
    parts: dict[str, zipfile.ZipInfo] = {}
    unpacked = 0
    for each in entries:
        if each.flag_bits & 1:
            raise _refused("it is locked with a password", "هو مقفل بكلمة مرور")
        if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused("it is packed in an unusual way", "هو مضغوط بطريقة غير معتادة")
        name = each.filename.lower().removeprefix("/")
        if name in parts:
            raise _refused(f"its part {_shown(name)} is there twice", f"الجزء {_shown(name)} فيه مكرّر")
        parts[name] = each
        unpacked += each.file_size
        if each.file_size > RATIO_BYTES_MIN and each.file_size > each.compress_size * RATIO_MAX:
            raise _bomb(name)
    if unpacked > PART_BYTES_MAX:
        raise _bomb("")
    if "xl/workbook.xml" not in parts:
        raise _refused("it is a ZIP file, but no XLSX workbook; unpack it first", "هو ملف مضغوط وليس مصنّف XLSX، ففكّ ضغطه أولًا")
    return parts


def _refuse_doctype(*_: object) -> None:
    raise _refused("it has a document type declaration (DOCTYPE)", "فيه تعريف لنوع المستند (DOCTYPE)")


def _refused(en: str, ar: str) -> WorkbookRefused:
    return WorkbookRefused(reason=Words(en, ar))


def _damaged() -> WorkbookRefused:
    return _refused("it is damaged or cut off", "هو تالف أو مقطوع")


def _too_many_parts() -> WorkbookRefused:
    return _refused(f"it has more than {PARTS_MAX:,} parts", f"فيه أكثر من {PARTS_MAX:,} جزء")


def _bomb(name: str) -> TableTooLarge:
    part = f" ({_shown(name)})" if name else ""
    return TableTooLarge(reason=Words(f"it unpacks to far more than a table has{part}", f"يصير بعد فك ضغطه أكبر كثيرًا مما يبلغه جدول{part}"))


def _shown(name: str) -> str:
    text = "".join(letter if letter.isprintable() else "?" for letter in name)
    return text if len(text) <= bounds.SHOWN_MAX else f"{text[: bounds.SHOWN_MAX]}…"
