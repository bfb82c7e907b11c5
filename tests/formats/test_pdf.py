"""Files attached to a PDF: bounded, and never two answers to the question which one is the invoice."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from wasl.formats import pdf
from wasl.formats.pdf import NoDocumentInside, PdfRefused


class Carrier:
    """A PDF of one empty page with attachments as raw as an attacker makes them."""

    def __init__(self):
        self.pdf = pikepdf.new()
        self.pdf.add_blank_page()
        self.names = []

    def stream(self, data, *, packed=False):
        stream = self.pdf.make_stream(b"")
        stream.write(zlib.compress(data, 9) if packed else data, filter=Name.FlateDecode if packed else None)
        return stream

    def spec(self, data, *, name="invoice.xml", other=None, packed=False):
        first = self.stream(data, packed=packed)
        files = Dictionary(F=first) if other is None else Dictionary(F=first, UF=self.stream(other))
        return self.pdf.make_indirect(Dictionary(Type=Name.Filespec, F=name, UF=name, EF=files))

    def attach(self, key, spec):
        self.names += [String(key), spec]
        self.pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(self.names)))

    def data(self):
        out = io.BytesIO()
        self.pdf.save(out, compress_streams=False)
        return out.getvalue()


@pytest.fixture
def carrier():
    return Carrier()


def test_the_invoice_is_found_once_even_where_it_is_also_an_associated_file(carrier):
    spec = carrier.spec(b"<Invoice/>", packed=True)
    carrier.attach("invoice.xml", spec)
    carrier.pdf.Root.AF = Array([spec])
    assert [(each.name, each.data) for each in pdf.attachments(carrier.data())] == [("invoice.xml", b"<Invoice/>")]


@pytest.mark.parametrize("keys", [("a", "b"), ("invoice.xml", "invoice.xml")])
def test_two_invoices_of_one_name_are_refused(carrier, keys):
    carrier.attach(keys[0], carrier.spec(b"<one/>"))
    carrier.attach(keys[1], carrier.spec(b"<two/>"))
    assert len(pdf.attachments(carrier.data())) == 2
    with pytest.raises(PdfRefused, match="several files"):
        pdf.document(carrier.data())


def test_another_invoice_among_the_associated_files_is_seen(carrier):
    carrier.attach("invoice.xml", carrier.spec(b"<one/>"))
    carrier.pdf.Root.AF = Array([carrier.spec(b"<two/>")])
    with pytest.raises(PdfRefused, match="several files"):
        pdf.document(carrier.data())


def test_one_name_with_two_contents_is_refused(carrier):
    carrier.attach("invoice.xml", carrier.spec(b"<one/>", other=b"<two/>"))
    with pytest.raises(PdfRefused, match="two different contents"):
        pdf.attachments(carrier.data())


def test_an_associated_file_alone_counts(carrier):
    carrier.pdf.Root.AF = Array([carrier.spec(b"<Invoice/>")])
    assert pdf.document(carrier.data()).data == b"<Invoice/>"


def test_a_pdf_without_files_has_none(carrier):
    with pytest.raises(NoDocumentInside):
        pdf.document(carrier.data())


@pytest.mark.parametrize("packed", [True, False])
def test_many_small_bombs_are_one_large_one(carrier, monkeypatch, packed):
    monkeypatch.setattr(pdf, "ATTACHMENT_BYTES_MAX", 1_000_000)
    for at in range(12):
        carrier.attach(f"{at:02}", carrier.spec(bytes(90_000), name=f"{at}.xml", packed=packed))
    with pytest.raises(PdfRefused, match="more than 1000000 bytes"):
        pdf.attachments(carrier.data())


def test_a_tree_that_holds_itself_ends(carrier):
    node = carrier.pdf.make_indirect(Dictionary())
    node.Kids = Array([node])
    carrier.pdf.Root.Names = Dictionary(EmbeddedFiles=node)
    assert pdf.attachments(carrier.data()) == []


def test_too_many_names_are_refused(carrier):
    spec = carrier.spec(b"x")
    for at in range(65):
        carrier.names += [String(str(at)), spec]
    carrier.pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(carrier.names)))
    with pytest.raises(PdfRefused, match="65 attachments"):
        pdf.attachments(carrier.data())


def test_the_name_of_a_file_inside_is_shown_on_one_line():
    carrier = Carrier()
    carrier.attach("a", carrier.spec(b"<a/>", name="in\noi\x12ce.xml"))

    with pytest.raises(NoDocumentInside, match=r"“in\ufffdoi\ufffdce\.xml”"):
        pdf.document(carrier.data())
