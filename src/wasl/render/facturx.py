"""Hybrid PDFs (Factur-X, ZUGFeRD 2, XRechnung): the pages, and the same invoice as CII beside them.

`render_facturx` attaches the CII of a profile under its prescribed name and says so in the metadata (Factur-X 1.09, chapter 6). Where
the sealed original is UBL it stays attached byte for byte, and the CII is a derived copy and described as one; where the original
is itself CII, it is attached as it is.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace

from wasl.formats import cii
from wasl.formats.cii.levels import level_of
from wasl.formats.cii.levels import profile as cii_profile
from wasl.formats.pdf import library
from wasl.formats.roots import read_xml
from wasl.invoice.model import Invoice

from .context import Hybrid, RenderContext, RenderedPdf

NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
FACTURX_NAME, XRECHNUNG_NAME = "factur-x.xml", "xrechnung.xml"
_WITHOUT_LINES = frozenset({"minimum", "basicwl"})  # no invoice for the taxman: data beside the pages, not an alternative to them
_PROPERTIES = (
    ("DocumentFileName", "name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE"),
    ("Version", "version of the XML schema of the embedded invoice"),
    ("ConformanceLevel", "conformance level of the embedded invoice"),
)


def render_facturx(invoice: Invoice, *, context: RenderContext, profile: str = "en16931") -> RenderedPdf:
    """The PDF/A-3 with the invoice as CII of `profile` inside. The same arguments give the same bytes.

    Raises what `render_pdf` and `cii.write` raise. An original (`context.document_xml`) that is CII decides the profile by its BT-24.
    """
    from .pdf import render_pdf

    return render_pdf(invoice, context=hybrid_context(invoice, context, profile))


def hybrid_context(invoice: Invoice, context: RenderContext, profile: str = "en16931") -> RenderContext:
    """The context with the CII file that goes in."""
    original = context.document_xml
    if original is not None:
        read = read_xml(original)
        if read.syntax == "cii":
            name = level_of(read.invoice.specification) or profile
            hybrid = _hybrid(original, name, derived=False)
            return replace(context, hybrid=hybrid, document_name=hybrid.name, xades_name=f"{hybrid.name}.xades")
    stamped = invoice
    if profile == "en16931":  # the sheet of this profile accepts no other identifier
        from msgspec.structs import replace as with_terms

        stamped = with_terms(invoice, specification=cii_profile(profile).specification)
    return replace(context, hybrid=_hybrid(cii.write(stamped, profile), profile, derived=original is not None))


def _hybrid(data: bytes, profile: str, *, derived: bool) -> Hybrid:
    is_xrechnung = profile == "xrechnung"
    return Hybrid(
        data=data,
        name=XRECHNUNG_NAME if is_xrechnung else FACTURX_NAME,
        level=cii_profile(profile).name,
        version="3.0" if is_xrechnung else "1.0",
        relationship="data" if profile in _WITHOUT_LINES else "alternative",
        derived=derived,
    )


def marked(pdf: bytes, hybrid: Hybrid) -> bytes:
    """The PDF with the metadata that Factur-X prescribes: spliced into the bytes, or through pikepdf where they look otherwise."""
    return _spliced(pdf, hybrid) or _rewritten(pdf, hybrid)


def xmp(packet: bytes, hybrid: Hybrid) -> bytes:
    """An XMP packet with the four properties, and the description of their schema that PDF/A demands."""
    described, extended = packet.replace(b"</rdf:Bag></pdfaExtension:schemas>", _schema() + b"</rdf:Bag></pdfaExtension:schemas>", 1), packet
    if described == extended:
        bag = b"<pdfaExtension:schemas><rdf:Bag>" + _schema() + b"</rdf:Bag></pdfaExtension:schemas>"
        described = packet.replace(b"</rdf:RDF>", _EXTENSION % bag + b"</rdf:RDF>", 1)
    return described.replace(b"</rdf:RDF>", _values(hybrid) + b"</rdf:RDF>", 1)


_EXTENSION = (
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    b'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">%s</rdf:Description>'
)


def _values(hybrid: Hybrid) -> bytes:
    values = {"DocumentType": "INVOICE", "DocumentFileName": hybrid.name, "Version": hybrid.version, "ConformanceLevel": hybrid.level}
    inner = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value in values.items())
    return f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}">{inner}</rdf:Description>'.encode()


def _schema() -> bytes:
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>'
        f"<pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>{text}</pdfaProperty:description></rdf:li>"
        for name, text in _PROPERTIES
    )
    return (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    ).encode()


# The end of a file as the typesetter writes it: metadata, catalog, one cross-reference table, trailer.
_METADATA = re.compile(rb"\n(\d+) 0 obj\n<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
_TAIL = re.compile(rb"\nxref\n0 (\d+)\n((?:\d{10} \d{5} [fn]\r\n)+)(trailer\n<<.*?>>\nstartxref\n)(\d+)\n%%EOF\s*\Z", re.DOTALL)
_ENTRY_BYTES = 20


def _spliced(pdf: bytes, hybrid: Hybrid) -> bytes | None:
    """The longer packet in its place, every offset behind it moved; None where the file is built in another way."""
    found = _METADATA.search(pdf)
    table_at = pdf.rfind(b"\nxref\n")
    tail = _TAIL.match(pdf, table_at) if table_at >= 0 else None
    if found is None or tail is None or int(tail[4]) != table_at + 1 or len(tail[2]) != int(tail[1]) * _ENTRY_BYTES:
        return None
    begin, end = found.end(), found.end() + int(found[2])
    if pdf[end : end + 10] != b"\nendstream" or _METADATA.search(pdf, end):
        return None
    packet = xmp(pdf[begin:end], hybrid)
    head = b"\n%s 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n" % (found[1], len(packet))
    moved = len(head) + len(packet) - (end - found.start())
    entries = tail[2]
    table = b"".join(_moved(entries[at : at + _ENTRY_BYTES], found.start() + 1, moved) for at in range(0, len(entries), _ENTRY_BYTES))
    body = pdf[: found.start()] + head + packet + pdf[end:table_at]
    return body + b"\nxref\n0 %s\n%s%s%d\n%%%%EOF" % (tail[1], table, tail[3], table_at + 1 + moved)


def _moved(entry: bytes, behind: int, by: int) -> bytes:
    offset = int(entry[:10])
    return b"%010d%s" % (offset + by, entry[10:]) if entry[17:18] == b"n" and offset > behind else entry


def _rewritten(pdf: bytes, hybrid: Hybrid) -> bytes:
    """The same by the library, for a file that it has written."""
    pikepdf = library()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        stream = document.Root.Metadata
        stream.write(xmp(stream.read_bytes(), hybrid))
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve, compress_streams=True)
    return out.getvalue()
