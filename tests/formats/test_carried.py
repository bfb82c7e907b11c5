"""Which file in a PDF is the invoice: known names, one truth, everything reported."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from strategies import trades
from wasl.formats import carried, cii, pdf, ubl
from wasl.formats.carried import DOCUMENT_NAMES, InvoicesDiffer, NoKnownName, OrderInside
from wasl.formats.pdf import NoDocumentInside, PdfRefused
from wasl.formats.read import read
from wasl.invoice.model import Address, DocumentTotals, Invoice, Line, Party

INVOICE = Invoice(
    number="INV-1",
    issue_date=date(2026, 11, 27),
    type_code="380",
    currency="EUR",
    specification="urn:cen.eu:en16931:2017",
    seller=Party(name="Seller", address=Address(country="BE")),
    totals=DocumentTotals(payable_amount=Decimal("100.00")),
    lines=(Line(identifier="1", net_amount=Decimal("100.00")),),
)
UBL, CII = ubl.write(INVOICE), cii.write(INVOICE)
DEARER = replace(INVOICE, totals=DocumentTotals(payable_amount=Decimal("900.00")))


def pdf_with(*files: tuple[str, bytes] | tuple[str, bytes, str]) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for name, data, *relationship in files:
        spec = pikepdf.AttachedFileSpec(document, data, filename=name, mime_type="text/xml")
        spec.obj.AFRelationship = pikepdf.Name("/" + (relationship[0] if relationship else "Unspecified"))
        document.attachments[name] = spec
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def roles(data: bytes) -> dict[str, str]:
    return {each.name: each.role for each in read(data).inside}


@pytest.mark.parametrize("name", [*DOCUMENT_NAMES, "ZUGFeRD-invoice.xml", "Factur-X.XML", "folder/factur-x.xml", "C:\\tmp\\factur-x.xml"])
def test_every_known_name_is_an_invoice(name):
    result = read(pdf_with((name, CII), ("terms.txt", b"x")))

    assert (result.invoice, result.syntax, result.source) == (INVOICE, "cii", CII)
    assert roles(pdf_with((name, CII), ("terms.txt", b"x"))) == {name: "taken", "terms.txt": "other"}


def test_reading_reports_all_files_and_says_why_one_was_taken():
    found = {each.name: each for each in read(pdf_with(("invoice.xml", UBL), ("factur-x.xml", CII, "Data"), ("a.txt", b"abc"))).inside}

    assert {name: (each.role, each.size, each.relationship) for name, each in found.items()} == {
        "invoice.xml": ("taken", len(UBL), "Unspecified"),
        "factur-x.xml": ("same invoice", len(CII), "Data"),
        "a.txt": ("other", 3, "Unspecified"),
    }
    assert "sealed original" in found["invoice.xml"].en
    assert all(each.ar for each in found.values())


@pytest.mark.parametrize(("first", "second"), [("invoice.xml", "factur-x.xml"), ("factur-x.xml", "xrechnung.xml"), ("zugferd-invoice.xml", "cii.xml")])
def test_t34_two_invoices_that_differ_are_refused_and_the_term_is_named(first, second):
    with pytest.raises(InvoicesDiffer, match=r"amount due \(BT-115\) is “100.00” in .* and “900.00” in ") as caught:
        read(pdf_with((first, CII if first != "invoice.xml" else UBL), (second, cii.write(DEARER))))

    assert "المبلغ المستحق (BT-115)" in caught.value.message("ar")
    assert caught.value.exit_code == 2


def test_t34_a_second_invoice_under_any_name_that_stands_for_the_document_is_compared_too():
    for relationship in ("Data", "Source", "Alternative"):
        with pytest.raises(InvoicesDiffer):
            read(pdf_with(("factur-x.xml", CII), ("other.xml", ubl.write(DEARER), relationship)))
    assert roles(pdf_with(("factur-x.xml", CII), ("corrected.xml", ubl.write(DEARER), "Supplement"))) == {
        "factur-x.xml": "taken",
        "corrected.xml": "other",  # the invoice that this one corrects may well be attached
    }


def test_t34_no_known_name_is_refused_and_the_names_are_told():
    with pytest.raises(NoKnownName, match=r"“rechnung\.xml”"):
        read(pdf_with(("rechnung.xml", CII)))
    with pytest.raises(NoDocumentInside):
        read(pdf_with())


def test_t34_two_files_of_one_name_are_refused_whatever_they_say():
    with pytest.raises(PdfRefused, match="several files"):
        carried.choose([pdf.Attachment(name=name, mime=None, relationship=None, data=data) for name, data in (("a/cii.xml", CII), ("cii.xml", UBL))])


def test_an_order_is_no_invoice():
    with pytest.raises(OrderInside):
        read(pdf_with(("order-x.xml", b"<SCRDMCCBDACIOMessageStructure/>")))


def test_a_rival_that_cannot_be_read_is_reported_and_no_reason_to_refuse():
    assert roles(pdf_with(("invoice.xml", UBL), ("factur-x.xml", b"<x/>"))) == {"invoice.xml": "taken", "factur-x.xml": "unreadable"}


@pytest.mark.parametrize("profile", cii.PROFILES)
def test_a_copy_in_a_smaller_profile_is_the_same_invoice(profile):
    other = cii.write(INVOICE, profile)

    assert roles(pdf_with(("invoice.xml", UBL), ("factur-x.xml", other)))["factur-x.xml"] == "same invoice"
    assert roles(pdf_with(("xrechnung.xml", CII), ("factur-x.xml", other)))["xrechnung.xml"] == "same invoice"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trades(currencies=("EUR", "SAR")))
def test_any_trade_agrees_with_its_copy_in_every_profile(invoice):
    for profile in cii.PROFILES:
        assert carried.disagreement(invoice, cii.read(cii.write(invoice, profile)).invoice) is None


def test_t29_totals_that_differ_between_the_syntaxes_of_one_file_are_no_import_and_no_verdict():
    from wasl.service.examine import examine

    data = pdf_with(("invoice.xml", UBL), ("factur-x.xml", cii.write(DEARER)))
    with pytest.raises(InvoicesDiffer):
        read(data)
    report = examine(data, "a.pdf", "auto")

    assert (report.key, report.code, report.valid) == ("unreadable", "WASL-PDF-06", None)
