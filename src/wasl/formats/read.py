"""One door for every file: tells PDF, Wasl JSON and XML apart by their first bytes, never by their name."""

from __future__ import annotations

import msgspec

from wasl.errors import UnreadableInput, Words
from wasl.formats import cii, pdf, ubl, wasljson, xml
from wasl.formats.cii.names import ROOT as CII_ROOT
from wasl.formats.result import ReadResult
from wasl.formats.ubl.names import CREDIT_NOTE_ROOT, INVOICE_ROOT

UBL_ROOTS = (INVOICE_ROOT, CREDIT_NOTE_ROOT)

SNIFFED_BYTES = 1024  # a PDF's header may stand behind some junk (ISO 32000-1, implementation note 13)
_XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"Lo\xa7\x94", b"\x00\x00\xfe\xff")

_REFUSED = {
    "empty": Words("it is empty", "الملف فارغ"),
    "unknown": Words("it is none of the known kinds", "ليس من الأنواع المعروفة"),
}


# What people send for an invoice and is none, by its root
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_HINTS = {
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument": Words(
        "this is ZUGFeRD 1.0 of 2014; ask the sender for ZUGFeRD 2 or Factur-X",
        "هذه صيغة ZUGFeRD 1.0 الصادرة عام 2014؛ اطلب من المرسل ZUGFeRD 2 أو Factur-X",
    ),
    "{urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100}SCRDMCCBDACIOMessageStructure": Words(
        "this is an order (Order-X), not an invoice", "هذا أمر شراء (Order-X) وليس فاتورة"
    ),
    f"{{{_UBL}:Order-2}}Order": Words("this is an order, not an invoice", "هذا أمر شراء وليس فاتورة"),
    f"{{{_UBL}:ApplicationResponse-2}}ApplicationResponse": Words(
        "this is an answer to an invoice, not an invoice", "هذا ردّ على فاتورة وليس فاتورة"
    ),
}
_NO_HINT = Words("choose the invoice's own file", "اختر ملف الفاتورة نفسه")


class NoInvoice(UnreadableInput):
    """Well-formed XML that is neither a UBL nor a CII invoice."""

    code = "WASL-XML-08"
    en = "The root element is “{root}”; a UBL Invoice or CreditNote or a CII CrossIndustryInvoice is expected. Fix: {hint}."
    ar = "العنصر الجذر «{root}»، والمتوقع فاتورة أو إشعار دائن بصيغة UBL أو فاتورة بصيغة CII. الحل: {hint}."


def read(data: bytes, *, name: str | None = None) -> ReadResult:
    """The invoice in `data` with its losses. `name` is only used to name the file in a refusal.

    Raises subclasses of `UnreadableInput` (exit code 2), nothing else.
    """
    kind = sniff(data)
    if kind == "pdf":
        return read_xml(pdf.document(data).data)
    if kind == "json":
        return wasljson.read(data)
    if kind == "xml":
        return read_xml(data)
    if kind == "unknown":
        from wasl.formats.table import reader as table  # loaded where nothing else fits

        if table.looks_like_one(data):
            return table.read_one(data)
    what = _REFUSED[kind]
    raise UnreadableInput(reason=Words(f"{name}: {what}", f"{name}: {what.ar}") if name else what)


def read_xml(data: bytes) -> ReadResult:
    """The invoice in an XML document: UBL or CII by its root, parsed once."""
    root = xml.parse(data)
    if root.tag == CII_ROOT:
        return msgspec.structs.replace(cii.from_tree(root), source=data)
    if root.tag in UBL_ROOTS:
        return msgspec.structs.replace(ubl.from_tree(root), source=data)
    raise NoInvoice(root=root.tag.rpartition("}")[2][:80], hint=_HINTS.get(root.tag, _NO_HINT))


def sniff(data: bytes) -> str:
    """"pdf", "json", "xml", or what is wrong: "empty", "unknown"."""
    if not data.strip(b" \t\r\n\x00"):
        return "empty"
    head = data[:SNIFFED_BYTES]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if start.startswith((b"{", b"[")):
        return "json"
    if start.startswith(_XML_STARTS):
        return "xml"
    return "pdf" if b"%PDF-" in head else "unknown"
