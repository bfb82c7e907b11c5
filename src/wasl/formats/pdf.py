"""Files attached to a PDF: names, relations and bytes, read within bounds. The pages are never interpreted."""

from __future__ import annotations

import io
import zlib
from typing import Any

import msgspec

from wasl.errors import UnreadableInput, Words

PDF_BYTES_MAX = 100_000_000
ATTACHMENTS_MAX = 64  # supporting documents of one invoice; more is an attack or a mistake
ATTACHMENT_BYTES_MAX = 100_000_000  # unpacked; the limit of the XML parser

# Which attachment is the invoice itself, best first: ours, then the names that hybrid standards prescribe.
DOCUMENT_NAMES = ("invoice.xml", "credit-note.xml", "factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")


class PdfRefused(UnreadableInput):
    """A PDF that cannot be read: damaged, encrypted, or beyond the bounds."""

    code = "WASL-PDF-01"
    en = "This PDF cannot be read: {reason}. Fix: download it again, or give the XML file."
    ar = "تعذّرت قراءة ملف PDF: {reason}. الحل: نزّله من جديد، أو أرفق ملف XML."


class AttachmentDamaged(PdfRefused):
    """The PDF opens, but an embedded file does not unpack: it was cut or changed."""

    code = "WASL-PDF-03"
    en = "The file attached inside this PDF is damaged. Fix: download the PDF again, or give the XML file."
    ar = "الملف المرفق داخل ملف PDF تالف. الحل: نزّل ملف PDF من جديد، أو أرفق ملف XML."


class NoDocumentInside(UnreadableInput):
    code = "WASL-PDF-02"
    en = "No invoice file is attached inside this PDF. Fix: give the XML file, or a PDF that carries it."
    ar = "ليس داخل ملف PDF ملف فاتورة مرفق. الحل: أرفق ملف XML أو ملف PDF يحمله."


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """One embedded file. `relationship` is AFRelationship without its slash ("Alternative", "Source", ...)."""

    name: str
    mime: str | None
    relationship: str | None
    data: bytes


def attachments(pdf: bytes) -> list[Attachment]:
    """All embedded files by name. Raises `PdfRefused` for anything that is not a readable, bounded PDF."""
    if len(pdf) > PDF_BYTES_MAX:
        raise PdfRefused(reason=Words(f"it has {len(pdf)} bytes, the limit is {PDF_BYTES_MAX}", f"حجمه {len(pdf)} بايت والحد {PDF_BYTES_MAX}"))
    import pikepdf  # a large library that validating XML must not wait for

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            names = sorted(document.attachments)
            if len(names) > ATTACHMENTS_MAX:
                why = Words(
                    f"it has {len(names)} attachments, the limit is {ATTACHMENTS_MAX}",
                    f"عدد مرفقاته {len(names)} والحد {ATTACHMENTS_MAX}",
                )
                raise PdfRefused(reason=why)
            return [_attachment(name, document.attachments[name].obj) for name in names]
    except pikepdf.PasswordError:
        raise PdfRefused(reason=Words("it is locked with a password", "مقفل بكلمة مرور")) from None
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, zlib.error):
        raise PdfRefused(reason=Words("it is damaged", "الملف تالف")) from None


def document(pdf: bytes) -> Attachment:
    """The attachment that is the invoice. Raises `NoDocumentInside` where there is none."""
    found = {each.name.lower(): each for each in attachments(pdf)}
    for name in DOCUMENT_NAMES:
        if name in found:
            return found[name]
    raise NoDocumentInside


def _attachment(name: str, spec: Any) -> Attachment:
    stream = spec.EF.get("/UF", spec.EF.get("/F"))
    subtype = stream.get("/Subtype")
    relationship = spec.get("/AFRelationship")
    return Attachment(
        name=str(spec.get("/UF", spec.get("/F", name))),
        mime=str(subtype).lstrip("/") if subtype is not None else None,
        relationship=str(relationship).lstrip("/") if relationship is not None else None,
        data=_unpacked(stream),
    )


def _unpacked(stream: Any) -> bytes:
    """The file's bytes; unpacked by ourselves, because a library call would unpack a bomb whole."""
    raw: bytes = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    names = [] if filters is None else [str(each) for each in filters.wrap_in_array()]
    if not names:
        return raw
    if names != ["/FlateDecode"] or stream.get("/DecodeParms") is not None:
        raise PdfRefused(reason=Words("a file inside is packed in an unusual way", "في داخله ملف مضغوط بطريقة غير معتادة"))
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(raw, ATTACHMENT_BYTES_MAX + 1)
    except zlib.error:
        raise AttachmentDamaged from None
    if len(data) > ATTACHMENT_BYTES_MAX:
        why = Words(
            f"a file inside has more than {ATTACHMENT_BYTES_MAX} bytes",
            f"في داخله ملف يزيد حجمه على {ATTACHMENT_BYTES_MAX} بايت",
        )
        raise PdfRefused(reason=why)
    if not unpacker.eof:
        raise AttachmentDamaged
    return data
