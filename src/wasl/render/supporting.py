"""Files that travel with an invoice (BG-24, BT-125): which of them may go into a PDF, under which name, and how.

A file is embedded only as what it says it is: one of the types of EN 16931 (BR-CL-24), with that type's own first bytes, and
nothing in it that acts: no script or launching in a PDF, no macro in a workbook. All others are listed, never embedded.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pikepdf

from wasl.errors import WaslError
from wasl.formats import pdf as pdf_reader
from wasl.invoice.model import Invoice, SupportingDocument

EMBEDDED_BYTES_MAX = 15 * 1024 * 1024  # of all files together: a mail server refuses more
OBJECTS_MAX = 20_000  # of a PDF that is looked through
DEPTH_MAX = 40  # of arrays and dictionaries in one object
ENTRIES_MAX = 2_000  # of a workbook
NAME_CHARACTERS_MAX = 80

_UNSAFE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_CODE_IN_BOOK = re.compile(r"vba|macro|activex|scripts?/|basic/|\.(?:bin|exe|js|dll)$", re.IGNORECASE)
_ACTS = ("/JS", "/JavaScript", "/AA", "/XFA", "/RichMedia", "/EmbeddedFiles")
_ACTIONS = frozenset(
    f"/{name}" for name in ("JavaScript", "Launch", "ImportData", "SubmitForm", "GoToR", "GoToE", "Rendition", "Movie", "Sound", "RichMediaExecute")
)


@dataclass(frozen=True)
class Supporting:
    """One file to embed."""

    name: str
    data: bytes = field(repr=False)
    mime: str
    description: str


def _pdf(data: bytes) -> bool:
    """A PDF that can be opened within the bounds of our reader, carries no file of its own, and does nothing."""
    if b"%PDF-" not in data[:1024]:
        return False
    try:
        if pdf_reader.attachments(data):
            return False
        with pdf_reader.library().open(io.BytesIO(data)) as pdf:
            return not pdf.is_encrypted and len(pdf.objects) <= OBJECTS_MAX and not any(_acts(each) for each in pdf.objects)
    except (WaslError, pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError, RecursionError):
        return False


def _acts(found: Any, depth: int = 0) -> bool:
    """Whether an object, or what it holds directly, runs, opens or carries something."""
    if depth > DEPTH_MAX:
        return True
    if isinstance(found, pikepdf.Array):
        return any(_acts(each, depth + 1) for each in found if not _indirect(each))  # type: ignore[attr-defined]
    if not isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
        return False
    if any(key in found for key in _ACTS) or str(found.get("/S", "")) in _ACTIONS:
        return True
    return any(_acts(found[key], depth + 1) for key in found.keys() if not _indirect(found[key]))  # noqa: SIM118 - a stream is no mapping


def _indirect(value: Any) -> bool:
    return bool(getattr(value, "is_indirect", False))  # looked at by itself


def _workbook(data: bytes) -> bool:
    """A spreadsheet without macros, controls or scripts; only its list of names is read, so a bomb stays packed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = book.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return 0 < len(names) <= ENTRIES_MAX and not any(_CODE_IN_BOOK.search(name) for name in names)


def _text(data: bytes) -> bool:
    return b"\x00" not in data and not data.startswith((b"%PDF", b"MZ", b"PK\x03\x04", b"\x7fELF"))


_KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "application/pdf": (".pdf", _pdf),
    "image/png": (".png", lambda data: data.startswith(b"\x89PNG\r\n\x1a\n")),
    "image/jpeg": (".jpg", lambda data: data.startswith(b"\xff\xd8\xff")),
    "text/csv": (".csv", _text),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx", _workbook),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods", _workbook),
}


def is_safe(document: SupportingDocument) -> bool:
    """Whether its file may be embedded."""
    kind = _KINDS.get((document.mime_code or "").strip().lower())
    return kind is not None and document.content is not None and len(document.content) <= EMBEDDED_BYTES_MAX and kind[1](document.content)


def embeddable(invoice: Invoice, taken: Sequence[str]) -> list[Supporting]:
    """The files that go in, with safe and different names, in the document's order, up to the limit together."""
    found: list[Supporting] = []
    used = {name.casefold() for name in taken}
    room = EMBEDDED_BYTES_MAX
    for document in invoice.supporting_documents:
        if document.content is None or not is_safe(document) or len(document.content) > room:
            continue
        room -= len(document.content)
        mime = (document.mime_code or "").strip().lower()
        name = safe_name(document.filename or document.reference or "attachment", _KINDS[mime][0], used)
        used.add(name.casefold())
        found.append(Supporting(name, document.content, mime, " ".join((document.description or document.reference or name).split())))
    return found


def safe_name(given: str, suffix: str, used: set[str]) -> str:
    """A file name without folders, controls and direction marks, that ends as its type does and is not taken."""
    text = "".join(c for c in unicodedata.normalize("NFC", given) if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    text = _UNSAFE_NAME.sub("_", text).strip(" ._") or "attachment"
    endings = (suffix, ".jpeg") if suffix == ".jpg" else (suffix,)
    stem = next((text[: -len(e)] for e in endings if text.casefold().endswith(e)), text).strip(" .") or "attachment"
    ending = text[len(stem) :] if text.casefold()[len(stem) :] in endings else suffix
    stem = stem[:NAME_CHARACTERS_MAX]
    name, number = stem + ending, 2
    while name.casefold() in used:
        name, number = f"{stem}-{number}{ending}", number + 1
    return name


def embed(data: bytes, supporting: Sequence[Supporting], at: datetime) -> bytes:
    """The PDF with these files in it, each associated with the document as a supplement (ISO 19005-3, 6.8). Same input, same bytes."""
    if not supporting:
        return data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        associated = pdf.Root.get("/AF", pikepdf.Array())
        for each in supporting:
            filespec = pikepdf.AttachedFileSpec(
                pdf, each.data, filename=each.name, mime_type=each.mime, description=each.description,
                relationship=pikepdf.Name.Supplement, creation_date=pdf_date(at), mod_date=pdf_date(at),
            )  # fmt: skip
            pdf.attachments[each.name] = filespec
            associated.append(pdf.attachments[each.name].obj)
        pdf.Root.AF = associated
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return out.getvalue()


def pdf_date(at: datetime) -> str:
    """A date as PDF writes it, in UTC (ISO 32000-1, 7.9.4)."""
    return at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
