"""What to check: files as they are named, the invoices in a folder or a ZIP found by their content, never by their names.

Bounds for a ZIP from outside: its directory is looked at before it is loaded (entries, bytes), each entry is unpacked to at most
100 MB, all together to 1 GB, an entry that swells like a bomb is refused, links and nested archives are not followed, and nothing
is ever written to disk, so a name cannot lead anywhere. In a folder or a ZIP, what is no invoice is passed over and counted.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from wasl.errors import UnreadableInput, WaslError, Words
from wasl.files import FILE_BYTES_MAX, FileTooLarge, read_bytes, system_words

if TYPE_CHECKING:
    import zipfile

ZIP_ENTRIES_MAX = 100_000
ZIP_DIRECTORY_BYTES_MAX = 16_000_000  # of an honest directory of 100,000 entries with long names
ZIP_ENTRY_BYTES_MAX = FILE_BYTES_MAX
ZIP_BYTES_MAX = 1_000_000_000  # unpacked, all entries together: about a hundred thousand invoices
BOMB_BYTES = 1_000_000  # entries below this are harmless whatever they are packed to
BOMB_RATIO = 400  # XML of equal lines packs to about a hundredth; deflate ends at 1032
SNIFFED_BYTES = 4096
_EOCD, _EOCD64_LOCATOR, _EOCD64, _ENTRY = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06", b"PK\x01\x02"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ROOT = re.compile(r"<(?![?!])(?:[^\s<>/:]+:)?([^\s<>/:]+)")
_INVOICES = frozenset({"Invoice", "CreditNote", "CrossIndustryInvoice"})


class ZipRefused(UnreadableInput):
    code = "WASL-ZIP-01"
    en = "The ZIP file {path} is not opened: {reason}. Fix: unpack it yourself and check the folder."
    ar = "لم يُفتح ملف ZIP {path}: {reason}. الحل: فُكّ ضغطه بنفسك وافحص المجلد."


class EntryRefused(UnreadableInput):
    code = "WASL-ZIP-02"
    en = "This entry of the ZIP file is not read: {reason}. Fix: take it out and check it by itself."
    ar = "لم يُقرأ هذا الملف من داخل ملف ZIP: {reason}. الحل: أخرجه وافحصه وحده."


class NothingToCheck(UnreadableInput):
    code = "WASL-READ-03"
    en = "There is no invoice in {path} ({skipped} other files). Give a folder or ZIP with UBL, CII, PDF or Wasl JSON invoices."
    ar = "لا فاتورة في {path} (ملفات أخرى: {skipped}). أعطِ مجلدًا أو ملف ZIP فيه فواتير UBL أو CII أو PDF أو Wasl JSON."


class Item(NamedTuple):
    """One thing to check: a file to be read where it is checked (`path`), bytes at hand (`data`), or what was refused (`error`)."""

    name: str
    path: str = ""
    data: bytes | None = None
    error: WaslError | None = None

    def read(self) -> bytes:
        """Raises FileUnreadable, FileTooLarge, or the refusal."""
        if self.error is not None:
            raise self.error
        return self.data if self.data is not None else read_bytes(Path(self.path))


class Intake:
    """Iterates over the items of all arguments, in their order; `skipped` counts what was passed over so far."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.skipped = 0
        self.passed: list[str] = []  # the first names that were passed over

    def __iter__(self) -> Iterator[Item]:
        for argument in self.arguments:
            if argument == "-":
                yield _standard_input()
                continue
            kind = _kind(argument)
            if kind == "file":
                yield Item(argument, path=argument)
                continue
            yield from self._many(argument, self._folder(argument) if kind == "folder" else self._zip(argument))

    def _many(self, argument: str, items: Iterator[Item]) -> Iterator[Item]:
        before, count = self.skipped, 0
        for item in items:
            count += 1
            yield item
        if not count:
            yield Item(argument, error=NothingToCheck(path=argument, skipped=self.skipped - before))

    def _pass_over(self, name: str) -> None:
        self.skipped += 1
        if len(self.passed) < 1000:
            self.passed.append(name)

    def _folder(self, folder: str) -> Iterator[Item]:
        """Sorted, so that the order is the same everywhere; links to folders are not followed."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            from wasl.files import FileUnreadable

            yield Item(folder, error=FileUnreadable(path=folder, reason=system_words(error)))
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from self._folder(entry.path)
            elif entry.is_file():
                yield from self._file(entry.path)
            else:
                self._pass_over(entry.path)

    def _file(self, path: str) -> Iterator[Item]:
        try:
            with open(path, "rb") as file:
                head = file.read(SNIFFED_BYTES)
        except OSError:
            yield Item(path, path=path)  # reading says why
            return
        if head.startswith(_ZIP) and not _is_office(path):
            yield from self._zip(path)
        elif may_be_invoice(head):
            yield Item(path, path=path)
        else:
            self._pass_over(path)

    def _zip(self, path: str) -> Iterator[Item]:
        try:
            with open(path, "rb") as file:
                yield from self.archive(file, path)
        except OSError as error:
            yield Item(path, error=ZipRefused(path=path, reason=system_words(error)))
        except ZipRefused as error:
            yield Item(path, error=error)

    def archive(self, file: BinaryIO, name: str) -> Iterator[Item]:
        """The invoices in an open ZIP. Raises ZipRefused before the first item."""
        import zipfile  # 20 ms that one plain file does not wait for

        _look_before_loading(file, name)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, struct.error, ValueError, UnicodeError, NotImplementedError):
            raise ZipRefused(path=name, reason=Words("it is damaged", "الملف تالف")) from None
        left = ZIP_BYTES_MAX
        with archive:
            for entry in archive.infolist():
                if entry.is_dir():
                    continue
                shown = f"{name}/{entry.filename}"
                try:
                    data = _unpacked(archive, entry, left)
                except EntryRefused as error:
                    yield Item(shown, error=error)
                    continue
                if data is None:
                    self._pass_over(shown)
                    continue
                left -= len(data)
                if left <= 0:
                    raise ZipRefused(path=name, reason=_over(ZIP_BYTES_MAX))
                yield Item(shown, data=data)


def may_be_invoice(head: bytes) -> bool:
    """Whether a file that nobody named could be an invoice: XML with such a root, Wasl JSON, or a PDF."""
    if b"%PDF-" in head[:1024]:
        return True
    text = _decoded(head).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return '"wasl"' in text
    if not text.startswith("<"):
        return False
    root = _ROOT.search(re.sub(r"<!--.*?(-->|\Z)", "", text, flags=re.S))
    return root is not None and root[1] in _INVOICES


def _decoded(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"<\x00")):
        return head.decode("utf-16-le", errors="replace")
    if head.startswith((b"\xfe\xff", b"\x00<")):
        return head.decode("utf-16-be", errors="replace")
    return head.decode("utf-8", errors="replace")


def _kind(argument: str) -> str:
    """"folder", "zip" or "file"; what cannot be looked at is a file, and reading it says why."""
    try:
        mode = os.stat(argument).st_mode
        if stat.S_ISDIR(mode):
            return "folder"
        if not stat.S_ISREG(mode):
            return "file"
        with open(argument, "rb") as file:
            is_zip = file.read(4).startswith(_ZIP)
    except (OSError, ValueError):
        return "file"
    return "zip" if is_zip and not _is_office(argument) else "file"


def _is_office(path: str) -> bool:
    """A spreadsheet is a ZIP too, but one document: its first entry says so."""
    with open(path, "rb") as file:
        head = file.read(SNIFFED_BYTES)
    return b"[Content_Types].xml" in head or b"mimetypeapplication/vnd.oasis.opendocument" in head


def _standard_input() -> Item:
    data = sys.stdin.buffer.read(FILE_BYTES_MAX + 1)
    if len(data) > FILE_BYTES_MAX:
        return Item("-", error=FileTooLarge(path="-", limit=FILE_BYTES_MAX // (1024 * 1024)))
    return Item("-", data=data)


# -- ZIP within bounds ---------------------------------------------------------------------------------------------------------


def _look_before_loading(file: BinaryIO, name: str) -> None:
    """Size and number of the directory's entries, before the library makes an object of each."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    tail_at = max(0, size - 65_557)  # the end record with the longest comment
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(_EOCD)
    if at < 0 or len(tail) < at + 22:
        raise ZipRefused(path=name, reason=Words("it is damaged", "الملف تالف"))
    entries, directory_bytes = struct.unpack_from("<HL", tail, at + 10)
    directory_at = tail_at + at - directory_bytes
    if tail[at - 20 : at - 16] == _EOCD64_LOCATOR and at >= 20:
        (record_at,) = struct.unpack_from("<Q", tail, at - 12)
        file.seek(min(record_at, size))
        record = file.read(56)
        if len(record) < 56 or not record.startswith(_EOCD64):
            raise ZipRefused(path=name, reason=Words("it is damaged", "الملف تالف"))
        entries, directory_bytes = struct.unpack_from("<QQ", record, 32)
        directory_at = record_at - directory_bytes
    if entries > ZIP_ENTRIES_MAX or directory_bytes > ZIP_DIRECTORY_BYTES_MAX:
        raise ZipRefused(path=name, reason=_many())
    file.seek(max(0, directory_at))
    counted = file.read(directory_bytes).count(_ENTRY)
    if counted > ZIP_ENTRIES_MAX:  # the end record may lie
        raise ZipRefused(path=name, reason=_many())
    file.seek(0)


def _many() -> Words:
    en = f"its list of contents is too large (at most {ZIP_ENTRIES_MAX} entries)"
    return Words(en, f"قائمة محتوياته أطول من المقبول (الحد {ZIP_ENTRIES_MAX} ملف)")


def _over(limit: int) -> Words:
    megabytes = limit // 1_000_000
    return Words(f"its contents are larger than {megabytes} MB when unpacked", f"يزيد حجم محتوياته بعد فك الضغط على {megabytes} م.ب")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes | None:
    """The bytes of one entry, None for what is no invoice. Raises EntryRefused."""
    import zipfile
    import zlib

    name = entry.filename
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise EntryRefused(reason=Words("it is a link", "هو رابط إلى ملف آخر"))
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or re.match(r"[A-Za-z]:", name):
        raise EntryRefused(reason=Words("its name leads out of the archive", "اسمه يقود إلى خارج الأرشيف"))
    if entry.flag_bits & 0x1:
        raise EntryRefused(reason=Words("it is locked with a password", "مقفل بكلمة مرور"))
    limit = min(ZIP_ENTRY_BYTES_MAX, left)
    if entry.file_size > limit:
        raise EntryRefused(reason=_over(limit))
    if entry.file_size > BOMB_BYTES and entry.file_size > BOMB_RATIO * max(entry.compress_size, 1):
        raise EntryRefused(reason=Words("it swells like a decompression bomb", "ينتفخ عند فك الضغط كما تنتفخ ملفات التخريب"))
    try:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError
        with archive.open(entry) as file:
            data = file.read(SNIFFED_BYTES)
            if data.startswith(_ZIP) and b"[Content_Types].xml" not in data:
                raise EntryRefused(reason=Words("it is an archive inside the archive", "هو أرشيف داخل الأرشيف"))
            if not may_be_invoice(data):
                return None
            return data + file.read(limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, struct.error):
        raise EntryRefused(reason=Words("it is damaged or packed in an unusual way", "تالف أو مضغوط بطريقة غير معتادة")) from None
