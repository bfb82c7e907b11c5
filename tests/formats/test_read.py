"""One door for every file, PDF attachments included."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest

from wasl.errors import UnreadableInput
from wasl.formats import pdf, ubl, wasljson
from wasl.formats.pdf import NoDocumentInside, PdfRefused
from wasl.formats.read import read, sniff
from wasl.formats.xml import DoctypeRefused
from wasl.invoice.model import Invoice

INVOICE = Invoice(number="INV-1", currency="SAR", type_code="380")
XML = ubl.write(INVOICE)


def pdf_with(*files: tuple[str, bytes], **save: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for name, data in files:
        spec = pikepdf.AttachedFileSpec(document, data, filename=name, mime_type="text/xml")
        spec.obj.AFRelationship = pikepdf.Name.Alternative
        document.attachments[name] = spec
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def test_each_kind_is_told_by_its_first_bytes():
    kinds = [
        sniff(each) for each in (XML, b"\xef\xbb\xbf" + XML, wasljson.write(INVOICE), pdf_with(), b"junk\n%PDF-1.7", b" ", b"PK\x03\x04", b"[1]")
    ]

    assert kinds == ["xml", "xml", "json", "pdf", "pdf", "empty", "unknown", "json"]
    assert sniff('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")) == "xml"


def test_the_same_invoice_comes_out_of_every_format():
    results = [read(each) for each in (XML, wasljson.write(INVOICE), pdf_with(("invoice.xml", XML)))]

    assert [each.invoice for each in results] == [INVOICE] * 3
    assert [each.syntax for each in results] == ["ubl-invoice", "wasl-json", "ubl-invoice"]
    assert results[2].source == XML


def test_an_attachment_keeps_its_name_kind_relation_and_bytes():
    (found,) = pdf.attachments(pdf_with(("invoice.xml", XML)))

    assert (found.name, found.mime, found.relationship, found.data) == ("invoice.xml", "text/xml", "Alternative", XML)


def test_our_own_name_comes_before_the_others():
    both = pdf_with(("factur-x.xml", b"<other/>"), ("invoice.xml", XML), ("note.txt", b"x"))

    assert pdf.document(both).data == XML
    assert len(pdf.attachments(both)) == 3


def test_a_pdf_without_an_invoice_says_so():
    with pytest.raises(NoDocumentInside):
        read(pdf_with(("note.txt", b"x")))


def test_a_doctype_inside_a_pdf_is_refused_too():
    with pytest.raises(DoctypeRefused):
        read(pdf_with(("invoice.xml", b"<!DOCTYPE a><a/>")))


def test_a_packed_bomb_is_not_unpacked():
    document = pikepdf.open(io.BytesIO(pdf_with(("invoice.xml", b"x"))))
    stream = document.attachments["invoice.xml"].obj.EF.F
    stream.write(zlib.compress(b"\0" * (pdf.ATTACHMENT_BYTES_MAX + 1)), filter=pikepdf.Name.FlateDecode)
    out = io.BytesIO()
    document.save(out)

    with pytest.raises(PdfRefused):
        read(out.getvalue())


def test_too_many_attachments_are_refused():
    with pytest.raises(PdfRefused):
        pdf.attachments(pdf_with(*((f"{at}.txt", b"x") for at in range(pdf.ATTACHMENTS_MAX + 1))))


@pytest.mark.parametrize("cut", [30, 300, 600])
def test_a_cut_pdf_is_refused(cut):
    with pytest.raises(UnreadableInput):
        read(pdf_with(("invoice.xml", XML))[:cut])


def test_an_encrypted_pdf_is_refused():
    with pytest.raises(PdfRefused):
        read(pdf_with(("invoice.xml", XML), encryption=pikepdf.Encryption(user="a", owner="b")))


@pytest.mark.parametrize("data", [b"", b"\n", b"PK\x03\x04zip", b"\x89PNG", b"hello", b"\xff" * 50, b"{", b"[]", b"<a/>", b"<Invoice/>"])
def test_anything_else_is_refused_with_exit_code_two(data):
    with pytest.raises(UnreadableInput) as caught:
        read(data, name="upload.bin")

    assert caught.value.exit_code == 2
    assert caught.value.message("ar")
