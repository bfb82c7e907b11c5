"""Reading and writing files at the edges: bounded, atomic, and every failure one clear line."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from wasl.errors import EnvironmentFault, UnreadableInput, Words

FILE_BYTES_MAX = 100 * 1024 * 1024  # the parser's own limit; a larger file is no invoice


class FileUnreadable(UnreadableInput):
    code = "WASL-READ-01"
    en = "Cannot read {path}: {reason}. Check the name and the permissions."
    ar = "تعذّرت قراءة الملف {path}: {reason}. راجع الاسم والأذونات."


class FileTooLarge(UnreadableInput):
    code = "WASL-READ-02"
    en = "{path} is larger than {limit} MB, so it is not read. Give one invoice a file."
    ar = "حجم الملف {path} يتجاوز {limit} م.ب فلم يُقرأ. ضع فاتورة واحدة في كل ملف."


class DiskRefused(EnvironmentFault):
    code = "WASL-ENV-03"
    en = "Cannot write {path}: {reason}. Nothing was written; free space or choose another place."
    ar = "تعذّرت الكتابة في {path}: {reason}. لم يُكتب شيء؛ أفرغ مساحة أو اختر مكانًا آخر."


# The operating system says why in the machine's language; these are what people meet
_SYSTEM = {
    errno.ENOENT: "لا وجود له",
    errno.EACCES: "لا يؤذن بالوصول إليه",
    errno.EPERM: "لا يؤذن بذلك",
    errno.ENOTDIR: "في المسار اسم ليس مجلدًا",
    errno.EISDIR: "هو مجلد وليس ملفًا",
    errno.EEXIST: "موجود من قبل",
    errno.EROFS: "القرص للقراءة فقط",
    errno.ENOSPC: "القرص ممتلئ",
    errno.EDQUOT: "القرص ممتلئ",
    errno.ENAMETOOLONG: "الاسم أطول مما يُقبل",
    errno.ELOOP: "روابط تدور على نفسها",
    errno.EIO: "تعطّلت القراءة أو الكتابة على القرص",
    errno.EMFILE: "الملفات المفتوحة أكثر مما يُسمح",
}


def system_words(error: OSError) -> Words:
    """Why the operating system refused, in both languages."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    en = "the disk is full" if full else error.strerror or "unknown reason"
    return Words(en, _SYSTEM.get(error.errno or 0, "رفض نظام التشغيل ذلك"))


def read_bytes(path: Path, *, limit: int = FILE_BYTES_MAX) -> bytes:
    """The bytes of a regular file, at most `limit`. Raises FileUnreadable or FileTooLarge."""
    try:
        if path.is_dir():
            raise FileUnreadable(path=str(path), reason=Words("it is a folder", "هو مجلد وليس ملفًا"))
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=system_words(error)) from error
    except ValueError as error:  # a NUL in the name
        raise FileUnreadable(path=repr(str(path)), reason=Words(str(error), "اسم الملف غير صالح")) from error
    if len(data) > limit:
        raise FileTooLarge(path=str(path), limit=limit // (1024 * 1024))
    return data


def write_atomic(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write whole or not at all: a temporary file beside it, fsync, rename, fsync of the folder. Raises DiskRefused."""
    import tempfile  # slow to import, and reading needs it not

    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    except OSError as error:
        raise DiskRefused(path=str(path), reason=system_words(error)) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise DiskRefused(path=str(path), reason=system_words(error)) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
