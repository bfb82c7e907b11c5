"""Files that came with an invoice: the safe ones go into the PDF, the others are listed and stay out (T30, T42)."""

from __future__ import annotations

import io
import resource
import zipfile
import zlib

import msgspec
import pdf_samples as samples
import pikepdf
import pytest
from test_text import flat, page_text

from wasl.formats.pdf import attachments
from wasl.invoice.model import Invoice, SupportingDocument
from wasl.render import render_pdf, structure
from wasl.render.supporting import EMBEDDED_BYTES_MAX, embeddable, is_safe, safe_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def a_pdf(change=None) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if change:
        change(pdf)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def action(pdf: pikepdf.Pdf, kind: str, **more) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name(f"/{kind}"), **more))


def in_a_link(pdf: pikepdf.Pdf) -> None:
    deed = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    pdf.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=deed)])


def with_a_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["invoice.xml"] = pikepdf.AttachedFileSpec(pdf, b"<Invoice/>")


def a_book(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name in names:
            book.writestr(name, "x")
    return out.getvalue()


def document(data: bytes | None, mime: str | None, name: str | None = "a", **more) -> SupportingDocument:
    return SupportingDocument(reference="REF-1", content=data, mime_code=mime, filename=name, **more)


def with_documents(*documents: SupportingDocument) -> Invoice:
    return msgspec.structs.replace(samples.english(1), supporting_documents=documents)


SAFE = [
    (a_pdf(), "application/pdf"),
    (PNG, "image/png"),
    (b"\xff\xd8\xff\xe0" + b"x" * 9, "image/jpeg"),
    (b"a;b\n", "text/csv"),
    (a_book("[Content_Types].xml", "xl/workbook.xml"), XLSX),
    (a_book("mimetype", "content.xml"), "application/vnd.oasis.opendocument.spreadsheet"),
]
UNSAFE = {
    "script": (a_pdf(lambda p: action(p, "JavaScript", JS=pikepdf.String("app.alert(1)"))), "application/pdf"),
    "launch": (a_pdf(lambda p: action(p, "Launch", F=pikepdf.String("x.exe"))), "application/pdf"),
    "launch-in-a-link": (a_pdf(in_a_link), "application/pdf"),
    "submit": (a_pdf(lambda p: action(p, "SubmitForm")), "application/pdf"),
    "page-action": (a_pdf(lambda p: setattr(p.pages[0], "AA", pikepdf.Dictionary())), "application/pdf"),
    "file-in-the-file": (a_pdf(with_a_file), "application/pdf"),
    "encrypted-or-broken": (b"%PDF-1.7 nothing", "application/pdf"),
    "program-as-pdf": (b"MZ\x90", "application/pdf"),
    "program-as-csv": (b"MZ\x90", "text/csv"),
    "page-as-png": (b"<html>", "image/png"),
    "program": (b"MZ\x90", "application/x-msdownload"),
    "page": (b"<html>", "text/html"),
    "svg": (b"<svg onload='x()'/>", "image/svg+xml"),
    "macros": (a_book("[Content_Types].xml", "xl/vbaProject.bin"), XLSX),
    "scripts": (a_book("content.xml", "Scripts/python/x.py"), "application/vnd.oasis.opendocument.spreadsheet"),
    "no-book": (b"PK\x03\x04", XLSX),
    "no-kind": (b"x", None),
}


@pytest.mark.parametrize(("data", "mime"), SAFE, ids=[mime.rsplit(".")[-1] for _, mime in SAFE])
def test_a_safe_file_is_inside_byte_for_byte(data, mime):
    invoice = with_documents(document(data, mime, "Sheet 1", description="Time sheet"))

    made = render_pdf(invoice, context=samples.context(language="en"))

    found = {a.name: a for a in attachments(made.data)}
    (name,) = set(found) - {"invoice.xml", "invoice.xml.xades"}
    assert (found[name].data, found[name].mime, found[name].relationship) == (data, mime, "Supplement")
    assert structure.check(made.data) == []
    assert "inthisfile" in flat(page_text(made.data))


@pytest.mark.parametrize("name", UNSAFE)
def test_t30_what_acts_or_is_not_what_it_says_stays_out_and_is_listed(name):
    data, mime = UNSAFE[name]

    made = render_pdf(with_documents(document(data, mime, "x")), context=samples.context(language="en"))

    assert {a.name for a in attachments(made.data)} == {"invoice.xml", "invoice.xml.xades"}
    assert "notinthisfile" in flat(page_text(made.data))
    assert "REF-1" in page_text(made.data)


def test_t30_a_file_that_unpacks_without_end_is_not_opened_up():
    """One packed object stream of 120 MB."""
    packed = zlib.compress(b"1 0 " + b" " * 120_000_000, 9)
    head = f"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {len(packed)}>>\nstream\n".encode()
    data = b"%PDF-1.5\n" + head + packed + b"\nendstream\nendobj\n2 0 obj\n<</Type/Catalog/Pages 3 0 R>>\nendobj\ntrailer\n<</Root 2 0 R/Size 4>>\n%%EOF\n"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert not is_safe(document(data, "application/pdf"))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_the_same_files_give_the_same_bytes():
    invoice = with_documents(document(*SAFE[0]), document(*SAFE[3]))

    assert len({render_pdf(invoice, context=samples.context()).data for _ in range(2)}) == 1


def test_files_over_the_limit_together_stay_out():
    big = document(b"1;" * (EMBEDDED_BYTES_MAX // 4 + 10), "text/csv")

    assert [each.name for each in embeddable(with_documents(big, big, document(*SAFE[3])), ())] == ["a.csv", "a-2.csv"]
    assert not is_safe(document(b"1" * (EMBEDDED_BYTES_MAX + 1), "text/csv"))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("../../etc/passwd", "etc_passwd.csv"),
        ("a\u202egpj.exe", "agpj.exe.csv"),
        ("x.csv", "x.csv"),
        ("X.CSV", "X.CSV"),
        ("nul\x00.csv", "nul.csv"),
        ("   ", "attachment.csv"),
        ("فاتورة.csv", "فاتورة.csv"),
        ("C:\\a\\b.csv", "C_a_b.csv"),
        ("n" * 200 + ".csv", "n" * 80 + ".csv"),
        ("taken.csv", "taken-2.csv"),
    ],
)
def test_t42_names_are_made_harmless(given, wanted):
    assert safe_name(given, ".csv", {"taken.csv"}) == wanted


def test_a_file_cannot_take_the_place_of_the_original():
    made = render_pdf(with_documents(document(b"a", "text/csv", "invoice.xml")), context=samples.context())

    assert {a.name: a.data for a in attachments(made.data)}["invoice.xml"] == samples.XML
