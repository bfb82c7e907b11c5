"""What is suspicious about a PDF: things that run, changes after signing, accounts hidden, covered or foreign; and its bounds."""

from __future__ import annotations

import io
import tracemalloc
import zlib
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from wasl.errors import UnreadableInput
from wasl.formats import pdf, pdf_checks, wasljson
from wasl.formats.iban import ibans
from wasl.formats.pdf_text import Pages
from wasl.formats.read import read
from wasl.invoice.model import CreditTransfer, Invoice, PaymentInstructions
from wasl.render import RenderContext, render_pdf

OURS, THEIRS = "BE68539007547034", "SA0380000000608010167519"
GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def owing(account: str = OURS) -> Invoice:
    return Invoice(payment=PaymentInstructions(means_code="30", credit_transfers=(CreditTransfer(account=account),)))


class Paper:
    """A PDF of one page in Helvetica, to be spoilt."""

    def __init__(self, content: bytes = b"", **resources: object) -> None:
        self.pdf = pikepdf.new()
        self.pdf.add_blank_page(page_size=(595, 842))
        self.page = self.pdf.pages[0]
        font = self.pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        self.page.obj.Resources = Dictionary(Font=Dictionary(F1=font), **resources)
        self.page.obj.Contents = self.pdf.make_stream(content)

    def annotate(self, subtype: str, rect: tuple[int, int, int, int], **more: object) -> None:
        note = self.pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name("/" + subtype), Rect=Array(rect), **more))
        self.page.obj.Annots = Array([*self.page.obj.get("/Annots", ()), note])

    def data(self, **how: object) -> bytes:
        out = io.BytesIO()
        self.pdf.save(out, **how)
        return out.getvalue()


def shown(text: str, x: int = 100, y: int = 700) -> bytes:
    return f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n".encode()


def rules(data: bytes, invoice: Invoice | None = None) -> list[str]:
    return [each.rule for each in pdf_checks.check(data, invoice)]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", ["several-rates", "direct-debit", "every-term"])
def test_our_own_pages_raise_no_suspicion_and_show_the_account(name, language):
    invoice = wasljson.read((GOLDEN / f"{name}.json").read_bytes()).invoice
    data = render_pdf(invoice, context=RenderContext(issued_at=datetime(2026, 11, 1, tzinfo=UTC), language=language)).data

    assert pdf_checks.check(data, invoice) == []
    if invoice.payment.credit_transfers:
        changed = owing("DE89370400440532013000")
        assert "PDF-IBAN" in rules(data, changed)  # so the text of the page was really read


@pytest.mark.parametrize(
    ("spoil", "severity"),
    [
        (lambda p: p.Root.__setattr__("OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))), "fatal"),
        (lambda p: p.Root.__setattr__("Names", Dictionary(JavaScript=Dictionary(Names=Array([String("x"), Dictionary(JS=String("x"))])))), "fatal"),
        (lambda p: p.pages[0].obj.__setattr__("AA", Dictionary(O=Dictionary(S=Name.Launch, F=String("cmd.exe")))), "fatal"),
        (lambda p: p.Root.__setattr__("OpenAction", p.make_indirect(Dictionary(S=Name.Launch, F=String("x")))), "fatal"),
        (lambda p: p.Root.__setattr__("AA", Dictionary(WC=Dictionary(S=Name.SubmitForm, F=String("http://x")))), "warning"),
    ],
)
def test_t30_actions_that_run_are_reported(spoil, severity):
    paper = Paper()
    spoil(paper.pdf)

    (found,) = pdf_checks.check(paper.data())
    assert (found.rule, found.severity) == ("PDF-ACTION", severity)


@pytest.mark.parametrize(
    ("name", "data"), [("setup.exe", b"x"), ("invoice.xml.js", b"x"), ("page.html", b"x"), ("terms.pdf", b"MZ\x90"), ("a.txt", b"#!/bin/sh\n")]
)
def test_t30_attachments_that_run_are_reported_and_never_taken_for_the_invoice(name, data):
    paper = Paper()
    paper.pdf.attachments[name] = pikepdf.AttachedFileSpec(paper.pdf, data, filename=name)

    assert rules(paper.data()) == ["PDF-PROGRAM"]
    with pytest.raises(UnreadableInput):
        read(paper.data())


def test_t30_links_and_ordinary_attachments_are_no_suspicion():
    paper = Paper()
    paper.annotate("Link", (0, 0, 10, 10), A=Dictionary(S=Name.URI, URI=String("https://example.com")))
    paper.pdf.attachments["terms.pdf"] = pikepdf.AttachedFileSpec(paper.pdf, b"%PDF-1.7", filename="terms.pdf")

    assert rules(paper.data()) == []


def test_t32_bytes_after_the_signed_range_are_a_change_after_signing():
    paper = Paper()
    signature = Dictionary(Type=Name.Sig, ByteRange=Array([0, 100, 200, 10**6]), Contents=String("x"))
    paper.pdf.Root.AcroForm = Dictionary(Fields=Array([paper.pdf.make_indirect(Dictionary(FT=Name.Sig, V=paper.pdf.make_indirect(signature)))]))
    data = paper.data(compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    whole = data.replace(b"1000000", b"%07d" % (len(data) - 200))

    assert rules(whole) == []
    assert rules(whole + b"\n% appended\n%%EOF\n") == ["PDF-CHANGED"]


def test_t35_an_account_on_the_page_that_is_not_in_the_invoice_is_fatal():
    page = shown(f"IBAN {OURS}") + shown("SA03 8000 0000 6080 1016 7519", y=600)
    (found,) = pdf_checks.check(Paper(page).data(), owing())

    assert (found.rule, found.severity, found.page) == ("PDF-IBAN", "fatal", 1)
    assert THEIRS in found.en
    assert THEIRS in found.ar


def test_t35_an_account_in_pieces_is_still_found():
    pieces = b"BT /F1 10 Tf 100 700 Td [(SA03 80) -20 (00 0000)] TJ ( 6080 1016) Tj 150 0 Td (7519) Tj ET"

    assert rules(Paper(pieces).data(), owing()) == ["PDF-IBAN"]
    assert rules(Paper(pieces).data(), owing(THEIRS)) == []


def test_t35_a_page_without_accounts_or_an_invoice_without_them_says_nothing():
    assert rules(Paper(shown("BE68539007547035 is no account")).data(), owing()) == []
    assert rules(Paper(shown(THEIRS)).data(), Invoice()) == []


@pytest.mark.parametrize("subtype", ["FreeText", "Stamp", "Square", "Redact"])
def test_t33_a_remark_over_the_account_is_reported(subtype):
    paper = Paper(shown(f"IBAN {OURS}"))
    paper.annotate(subtype, (90, 690, 300, 720))

    assert rules(paper.data(), owing()) == ["PDF-COVERED"]


def test_t33_a_remark_elsewhere_is_no_suspicion_unless_it_names_another_account():
    paper = Paper(shown(f"IBAN {OURS}"))
    paper.annotate("FreeText", (90, 100, 300, 120), Contents=String(f"paid to {OURS}, thank you"))
    assert rules(paper.data(), owing()) == []

    paper.annotate("FreeText", (90, 100, 300, 120), Contents=String(f"new account: {THEIRS}"))
    assert rules(paper.data(), owing()) == ["PDF-COVERED"]


def test_t33_an_account_that_nobody_sees_is_reported():
    invisible = b"BT 3 Tr /F1 10 Tf 100 700 Td (" + OURS.encode() + b") Tj ET"
    assert rules(Paper(invisible).data(), owing()) == ["PDF-HIDDEN"]

    paper = Paper(b"/OC /L1 BDC " + shown(OURS) + b" EMC")
    layer = paper.pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    paper.page.obj.Resources.Properties = Dictionary(L1=layer)
    paper.pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    assert rules(paper.data(), owing()) == ["PDF-HIDDEN"]


def test_t33_text_inside_a_form_of_the_page_is_read_where_it_stands():
    paper = Paper(b"q 1 0 0 1 50 500 cm /X1 Do Q")
    form = paper.pdf.make_stream(shown(THEIRS, x=0, y=0), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 50]))
    paper.page.obj.Resources.XObject = Dictionary(X1=form)
    paper.annotate("Square", (40, 495, 200, 515))

    assert rules(paper.data(), owing()) == ["PDF-COVERED", "PDF-IBAN"]


def test_accounts_are_found_by_country_length_and_check_digits():
    text = f"x{OURS} IBANDE89 3704 0044 0532 0130 00EUR GB82WEST12345698765432 BE68539007547035 XX00"

    assert [account for account, _, _ in ibans(text)] == [OURS, "DE89370400440532013000", "GB82WEST12345698765432"]


def _packed_objects(megabytes: int) -> bytes:
    """A PDF whose catalog lies in an object stream that unpacks to so many megabytes."""
    head = b"1 0 2 40 "
    packer = zlib.compressobj(9)
    packed = packer.compress(head + b"<</Type/Catalog/Pages 2 0 R>>".ljust(40) + b"<</Type/Pages/Kids[]/Count 0>>")
    packed += b"".join(packer.compress(b" " * 2**20) for _ in range(megabytes)) + packer.flush()
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    first = len(out)
    out += b"3 0 obj\n<</Type/ObjStm/N 2/First %d/Filter/FlateDecode/Length %d>>\nstream\n" % (len(head), len(packed))
    out += packed + b"\nendstream\nendobj\n"
    second = len(out)
    rows = [(0, 0, 65535), (2, 3, 0), (2, 3, 1), (1, first, 0), (1, second, 0)]
    table = b"".join(bytes([kind]) + at.to_bytes(4, "big") + part.to_bytes(2, "big") for kind, at, part in rows)
    out += b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n" % len(table) + table
    return bytes(out) + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % second


def test_an_object_stream_that_unpacks_to_gigabytes_is_refused_in_bounded_memory():
    bomb = _packed_objects(200)
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(pdf.PdfRefused):
        read(bomb)
    with pytest.raises(pdf.PdfRefused):
        pdf_checks.check(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 12 * len(bomb) // 1024 + 100_000  # kilobytes


def test_t36_ten_thousand_pages_are_read_at_once_and_looked_at_in_part():
    paper = Paper(shown(THEIRS))
    for _ in range(9_999):
        paper.pdf.add_blank_page(page_size=(595, 842))
    paper.pdf.attachments["invoice.xml"] = pikepdf.AttachedFileSpec(paper.pdf, (GOLDEN / "minimal.xml").read_bytes(), filename="invoice.xml")
    data = paper.data()

    began = process_time()
    assert read(data).invoice.number
    found = rules(data, owing())
    assert process_time() - began < 3
    assert found == ["PDF-IBAN", "PDF-UNSEEN"]


@pytest.mark.parametrize("content", [b"q " * 600_000, b"(" * 5000, b"[" * 5000, b"\\(" * 400_000, b"(a" * 400_000, b"<" * 5000, b"\xff\x00" * 9999, b"BT /F1 1e99 Tf (x) Tj", b"/X1 Do", b"Tf Tm cm Td TJ"])
def test_a_page_full_of_nonsense_ends_without_a_traceback(content):
    began = process_time()

    pdf_checks.check(Paper(content).data(), owing())

    assert process_time() - began < 3


def test_a_form_that_holds_itself_ends():
    paper = Paper(b"/X1 Do")
    form = paper.pdf.make_stream(b"/X1 Do /X1 Do", Type=Name.XObject, Subtype=Name.Form)
    form.Resources = Dictionary(XObject=Dictionary(X1=form))
    paper.page.obj.Resources.XObject = Dictionary(X1=form)

    assert Pages(paper.pdf).pieces() == []


def test_a_page_that_unpacks_to_gigabytes_is_cut_off():
    paper = Paper()
    stream = paper.pdf.make_stream(b"")
    stream.write(zlib.compress(b"q " * 20_000_000, 1), filter=Name.FlateDecode)
    paper.page.obj.Contents = stream
    data = paper.data()

    tracemalloc.start()
    found = rules(data, owing())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "PDF-UNSEEN" in found
    assert peak < 100_000_000
