"""XML documents told apart by their root: UBL or CII, or what it is instead of an invoice."""

from __future__ import annotations

from msgspec.structs import replace

from wasl.errors import UnreadableInput, Words
from wasl.formats import cii, quick, ubl, xml
from wasl.formats.cii.names import ROOT as CII_ROOT
from wasl.formats.cursor import Source
from wasl.formats.result import ReadResult
from wasl.formats.ubl.names import CREDIT_NOTE_ROOT, INVOICE_ROOT

UBL_ROOTS = (INVOICE_ROOT, CREDIT_NOTE_ROOT)

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


def read_xml(data: bytes) -> ReadResult:
    """The invoice in an XML document: UBL or CII by its root, the quick way where nothing is lost."""
    done = quick.attempt(data, _build)
    return _read_thoroughly(data) if done is None else replace(done, source=data)


def _read_thoroughly(data: bytes) -> ReadResult:
    """The invoice in an XML document: UBL or CII by its root, parsed once."""
    root = xml.parse(data, blanks=False)
    if root.tag == CII_ROOT:
        return replace(cii.from_tree(root), source=data)
    if root.tag in UBL_ROOTS:
        return replace(ubl.from_tree(root), source=data)
    raise NoInvoice(root=root.tag.rpartition("}")[2][:80], hint=_HINTS.get(root.tag, _NO_HINT))


def _build(source: Source) -> ReadResult:
    """CII or UBL; anything else is refused, and then looked at thoroughly."""
    return cii.build(source) if source.root.tag == CII_ROOT else ubl.build(source)
