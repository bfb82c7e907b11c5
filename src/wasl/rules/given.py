"""Any file that can be read, to a report: `wasl.validate` and `wasl.explain`, and what they share with the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from wasl.errors import UnreadableInput, Words
from wasl.formats import xml
from wasl.rules.engine import validate as judged
from wasl.rules.findings import Report
from wasl.rules.profiles import Profile

if TYPE_CHECKING:
    from wasl.rules.explain import Explanation

# `<` in ASCII, UTF-16 with and without a byte order mark, and EBCDIC: the parser says what is wrong with the last ones.
XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"\x4c\x6f")
SNIFFED_BYTES = 1024


class NotAnInvoice(UnreadableInput):
    """Neither XML nor JSON nor PDF nor a sheet."""

    code = "WASL-CLI-01"
    en = "This is neither XML nor Wasl JSON nor PDF. Give an invoice in one of these."
    ar = "ليس هذا الملف XML ولا Wasl JSON ولا PDF. أعطِ فاتورة بإحدى هذه الصيغ."


class Document(NamedTuple):
    """The XML that is checked. `given` is False where we wrote it ourselves from another syntax; `inside` names a PDF's attachment."""

    data: bytes
    given: bool = True
    inside: str = ""


def kind_of(data: bytes) -> Words | None:
    """What a file is where it is no XML, for a sentence; None for XML and for what the parser will refuse."""
    head = data[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if head.startswith(XML_STARTS) or not head:
        return None
    if b"%PDF-" in data[:SNIFFED_BYTES]:
        return Words("a PDF", "ملف PDF")
    return Words("JSON", "ملف JSON") if head.startswith((b"{", b"[")) else Words("another kind of file", "ملف من نوع آخر")


def document(data: bytes) -> Document:
    """The document's XML: as it stands, taken out of a PDF, or written from Wasl JSON or a sheet of one invoice."""
    head = data[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if head.startswith(XML_STARTS) or not head:
        return Document(data)  # what is empty is refused by the parser
    if b"%PDF-" in data[:SNIFFED_BYTES]:
        from wasl.formats import carried, pdf

        taken = carried.choose(pdf.attachments(data)).taken
        return Document(taken.data, inside=taken.name)
    from wasl.formats import read, ubl

    if read.sniff(data) == "unknown":
        from wasl.formats.table import reader as table

        if not table.looks_like_one(data):
            raise NotAnInvoice
    return Document(ubl.write(read.read(data).invoice), given=False)


def validate(source: Any, *, profile: str | Profile = "auto", schema: bool = True) -> Report:
    """Check any file that can be read, as bytes (or an lxml root element), against the rules that the document asks for, or those of
    `profile`, and against the schema of its syntax, whose findings come first under the rule "XSD".

    The XML is taken out of a PDF; Wasl JSON and a sheet of one invoice are checked as the UBL that they become. A set whose package is
    not installed is named in `unchecked`, and `valid` is then None unless something fatal was found. Raises UnreadableInput,
    UnsupportedDocument, UnknownProfile, and Unsupported for a set that cannot be compiled.
    """
    return judged(_found(source).data, profile=profile, schema=schema)


def explain(report: Report, source: Any) -> list[Explanation]:
    """One explanation a finding, in the report's order: place, message with this invoice's own figures, and the fix, in "ar" and "en".

    `source` is what was validated. Raises UnreadableInput.
    """
    if not report.findings:
        return []
    from wasl.rules.explain import explain_all  # a clean document needs none of the words, and they take longer to load than the rules

    return explain_all(report.findings, xml.parse(_found(source).data))


def _found(source: Any) -> Document:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return document(bytes(source))
    if not hasattr(source, "iterchildren"):
        raise TypeError(f"the bytes of a file are wanted, such as Path(name).read_bytes(), not {type(source).__name__}")
    from lxml import etree

    return Document(etree.tostring(source, encoding="utf-8", with_tail=False))
