"""Files that people send in a conversation: pictures, PDF and plain text. What one is, is told by its bytes, never by its name.

    picture   made anew from its pixels (support/photos.py)
    PDF       refused with a password, or with anything in it that runs; written anew from its objects, so that what else the
              file also was (a ZIP at its end, a page before it) is gone
    text      UTF-8 without control characters; what begins like markup (HTML, SVG, XML) is refused

All of them pass the scanner (support/scan.py), and all are handed out as downloads under a name whose ending is ours.
"""

from __future__ import annotations

import os
import unicodedata
from io import BytesIO
from typing import IO

from wasl.app.delivery.address import safe_filename
from wasl.app.support.errors import FileUnknown, FileUnsafe, PhotoTooLarge
from wasl.app.support.photos import OCTETS_MAX, PIXELS_MAX_WHOLE, Photo, is_picture, photo
from wasl.app.support.scan import scanned
from wasl.formats import pdf_checks
from wasl.formats.pdf import library

TEXT_OCTETS_MAX = 1024 * 1024
NAME_CHARS_MAX = 80
PDF, TEXT = "application/pdf", "text/plain"
ENDINGS = {PDF: "pdf", TEXT: "txt", "image/jpeg": "jpg"}
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf,text/plain,.pdf,.txt"  # what a page offers to choose; never trusted
RUNS = frozenset({"PDF-ACTION", "PDF-PROGRAM"})
_MARKUP = ("<!", "<?", "<html", "<svg", "<script", "<head", "<body", "{\\rtf")


def attached(file: IO[bytes], name: str = "") -> Photo:
    """Take one uploaded file. Raises PhotoTooLarge, PhotoUnreadable, PhotoInfected, FileUnknown, FileUnsafe, ScannerAway."""
    data = file.read(OCTETS_MAX + 1)
    if len(data) > OCTETS_MAX:
        raise PhotoTooLarge(megabytes=OCTETS_MAX // 1024 // 1024, megapixels=PIXELS_MAX_WHOLE // 1_000_000)
    if is_picture(data):
        made = photo(BytesIO(data))
        return Photo(made.data, made.width, made.height, made.is_scanned, made.media_type, shown_name(name, made.media_type))
    if data.startswith(b"%PDF-"):
        return Photo(_pdf(data), 0, 0, scanned(data), PDF, shown_name(name, PDF))
    return Photo(_text(data), 0, 0, scanned(data), TEXT, shown_name(name, TEXT))


def shown_name(name: str, media_type: str) -> str:
    """The sender's name for it without path, controls and bidi marks, with the ending of what it is; "" where none is left (T42)."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = os.path.splitext(unicodedata.normalize("NFC", last))[0]
    kept = "".join(letter for letter in stem if letter.isalnum())
    return safe_filename(stem[:NAME_CHARS_MAX], ENDINGS[media_type]) if kept else ""


def _pdf(data: bytes) -> bytes:
    try:
        if any(finding.rule in RUNS or finding.rule == "PDF-UNSEEN" for finding in pdf_checks.check(data)):
            raise FileUnsafe
        pikepdf = library()
        with pikepdf.open(BytesIO(data)) as document:
            if document.is_encrypted:
                raise FileUnsafe
            out = BytesIO()
            document.save(out)
    except FileUnsafe:
        raise
    except Exception:  # noqa: BLE001 - whatever a reader trips over in a stranger's bytes, it is no document to us
        raise FileUnsafe from None
    if out.tell() > OCTETS_MAX:
        raise FileUnsafe
    return out.getvalue()


def _text(data: bytes) -> bytes:
    if not data or len(data) > TEXT_OCTETS_MAX:
        raise FileUnknown
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnknown from None
    if any(unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs") and letter not in "\n\r\t" for letter in text):
        raise FileUnknown
    if text.lstrip().lower().startswith(_MARKUP) or "<script" in text.lower():
        raise FileUnknown
    return text.encode()
