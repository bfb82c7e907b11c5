"""Files attached to a PDF: names, relations and bytes, read within bounds. The pages are never interpreted."""

from __future__ import annotations

import io
import re
import zlib
from functools import cache
from typing import Any

import msgspec

from wasl.errors import UnreadableInput, Words

PDF_BYTES_MAX = 100_000_000
OBJECT_MARKS_MAX = 600_000  # "obj" and "endobj"; 10,000 pages have some 60,000
OBJECT_BYTES_MAX = 2_000_000  # of one object outside its stream: a list of 10,000 pages has 90,000
_MARK = re.compile(rb"endstream|stream|endobj")
ATTACHMENTS_MAX = 64  # supporting documents of one invoice; more is an attack or a mistake
ATTACHMENT_BYTES_MAX = 100_000_000  # unpacked, all together: 64 small bombs are one large one

NAME_CHARS_MAX = 60  # of a file inside that a message shows
STREAM_BYTES_MAX = 32_000_000  # unpacked, of a stream that qpdf itself must read: cross references and packed objects have kilobytes
CONTAINER_ITEMS_MAX = 1_000_000  # of one array or dictionary while parsing
FILTERS_MAX = 4  # of one stream; two is usual


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

    @property
    def shown(self) -> str:
        """The name as a sentence can show it: short, on one line."""
        return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in self.name[:NAME_CHARS_MAX])


def attachments(pdf: bytes) -> list[Attachment]:
    """All embedded files by name. Raises `PdfRefused` for anything that is not a readable, bounded, unambiguous PDF."""
    if len(pdf) > PDF_BYTES_MAX:
        raise PdfRefused(reason=Words(f"it has {len(pdf)} bytes, the limit is {PDF_BYTES_MAX}", f"حجمه {len(pdf)} بايت والحد {PDF_BYTES_MAX}"))
    _refuse_density(pdf)
    pikepdf = library()
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            found: list[Attachment] = []
            left = ATTACHMENT_BYTES_MAX
            for name, spec in _specs(document):
                found.append(_attachment(name, spec, left))
                left -= len(found[-1].data)
            return found
    except pikepdf.PasswordError:
        raise PdfRefused(reason=Words("it is locked with a password", "مقفل بكلمة مرور")) from None
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, zlib.error):
        raise PdfRefused(reason=Words("it is damaged", "الملف تالف")) from None


def _refuse_density(pdf: bytes) -> None:
    """Before the library builds it: it takes 145 bytes for every number of an array, and seconds to mend a million stray marks.

    Its own limit of one array (`parser_max_container_size`) stops nothing, as of qpdf 12.4.
    """
    if pdf.count(b"obj") > OBJECT_MARKS_MAX:
        raise PdfRefused(reason=Words("it has far more objects than an invoice", "فيه عناصر أكثر كثيرًا مما في فاتورة"))
    at = 0
    packed = False
    for match in _MARK.finditer(pdf):
        packed_here, packed = packed and match[0] == b"endstream", match[0] == b"stream"
        if match.start() - at > OBJECT_BYTES_MAX and not packed_here:
            raise PdfRefused(reason=Words("one of its objects is far too large", "أحد عناصره أكبر كثيرًا مما يُقبل"))
        at = match.end()


def document(pdf: bytes) -> Attachment:
    """The attachment that is the invoice. Raises `NoDocumentInside` where there is none, `PdfRefused` where it is not certain which."""
    from wasl.formats import carried  # which reads invoices, and so stands above this module

    return carried.choose(attachments(pdf)).taken


@cache
def library() -> Any:
    """pikepdf, with bounds on what qpdf unpacks by itself: a packed object stream of 1 MB can hold 1 GB.

    Imported on first use (it is large, and validating XML must not wait for it); the bounds hold for the whole process.
    """
    import pikepdf

    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=STREAM_BYTES_MAX,
        run_length_max_memory=STREAM_BYTES_MAX,
        png_max_memory=STREAM_BYTES_MAX,
        tiff_max_memory=STREAM_BYTES_MAX,
        dct_max_memory=STREAM_BYTES_MAX,
        max_stream_filters=FILTERS_MAX,
        parser_max_container_size=CONTAINER_ITEMS_MAX,
    )
    return pikepdf


def _specs(document: Any) -> list[tuple[str, Any]]:
    """(name, file specification) of every attached file: the name tree as it stands, repeated names too, and the associated files.

    A mapping would keep one of two equal names; another reader may keep the other, and show what we did not check.
    """
    found: list[tuple[str, Any]] = []
    seen: set[tuple[int, int]] = set()
    names = document.Root.get("/Names")
    nodes = [] if names is None or "/EmbeddedFiles" not in names else [names.EmbeddedFiles]
    while nodes:
        node = nodes.pop()
        if not _first_time(node, seen):
            continue
        pairs = list(node.get("/Names", ()))
        found += [(str(name), spec) for name, spec in zip(pairs[::2], pairs[1::2], strict=False)]
        nodes += list(node.get("/Kids", ()))
        _bounded(len(found) + len(nodes))
    found.sort(key=lambda each: each[0])
    known = {spec.objgen for _, spec in found}
    associated = list(document.Root.get("/AF", ()))
    _bounded(len(found) + len(associated))
    return found + [(str(spec.get("/F", "")), spec) for spec in associated if spec.objgen == (0, 0) or spec.objgen not in known]


def _first_time(node: Any, seen: set[tuple[int, int]]) -> bool:
    """Whether a node of the tree is new; one written in place (0, 0) cannot be met twice."""
    if node.objgen in seen:
        return False
    if node.objgen != (0, 0):
        seen.add(node.objgen)
    return True


def _bounded(count: int) -> None:
    if count > ATTACHMENTS_MAX:
        raise PdfRefused(
            reason=Words(f"it has {count} attachments, the limit is {ATTACHMENTS_MAX}", f"عدد مرفقاته {count} والحد {ATTACHMENTS_MAX}")
        )


def _attachment(name: str, spec: Any, limit: int) -> Attachment:
    stream = spec.EF.get("/UF", spec.EF.get("/F"))
    if any(other.objgen != stream.objgen and other.read_raw_bytes() != stream.read_raw_bytes() for other in spec.EF.values()):
        raise PdfRefused(reason=Words("a file inside has two different contents", "في داخله ملف له محتويان مختلفان"))
    subtype = stream.get("/Subtype")
    relationship = spec.get("/AFRelationship")
    return Attachment(
        name=str(spec.get("/UF", spec.get("/F", name))),
        mime=str(subtype).lstrip("/") if subtype is not None else None,
        relationship=str(relationship).lstrip("/") if relationship is not None else None,
        data=_unpacked(stream, limit),
    )


def _unpacked(stream: Any, limit: int) -> bytes:
    """The file's bytes, at most `limit`; unpacked by ourselves, because a library call would unpack a bomb whole."""
    raw: bytes = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    names = [] if filters is None else [str(each) for each in filters.wrap_in_array()]
    if not names:
        return _within(raw, limit)
    if names != ["/FlateDecode"] or stream.get("/DecodeParms") is not None:
        raise PdfRefused(reason=Words("a file inside is packed in an unusual way", "في داخله ملف مضغوط بطريقة غير معتادة"))
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(raw, limit + 1)
    except zlib.error:
        raise AttachmentDamaged from None
    _within(data, limit)
    if not unpacker.eof:
        raise AttachmentDamaged
    return data


def _within(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise PdfRefused(
            reason=Words(
                f"the files inside have more than {ATTACHMENT_BYTES_MAX} bytes",
                f"في داخله ملفات يزيد حجمها على {ATTACHMENT_BYTES_MAX} بايت",
            )
        )
    return data
