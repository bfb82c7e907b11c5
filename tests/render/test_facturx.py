"""Hybrid PDFs: every profile is accepted by the library factur-x, keeps the clauses of PDF/A-3, and hands out the very bytes put in."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import facturx
import pikepdf
import pytest
from lxml import etree
from msgspec.structs import replace

from wasl.formats import cii, pdf, ubl, wasljson
from wasl.formats.read import read
from wasl.invoice.model import Invoice, SupportingDocument
from wasl.render import RenderContext, structure
from wasl.render import facturx as hybrid

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
AT = datetime(2026, 11, 23, tzinfo=UTC)
LEVELS = {"minimum": "minimum", "basicwl": "basicwl", "basic": "basic", "en16931": "en16931", "extended": "extended", "xrechnung": "en16931"}


@pytest.fixture(scope="module")
def invoice() -> Invoice:
    return wasljson.read((GOLDEN / "several-rates.json").read_bytes()).invoice


@pytest.fixture(scope="module")
def rendered(invoice):
    made: dict[tuple[str, bool], bytes] = {}

    def render(profile: str, *, sealed: bool) -> bytes:
        if (profile, sealed) not in made:
            context = RenderContext(issued_at=AT, document_xml=ubl.write(invoice) if sealed else None)
            made[profile, sealed] = hybrid.render_facturx(invoice, context=context, profile=profile).data
        return made[profile, sealed]

    return render


def files(data: bytes) -> dict[str, pdf.Attachment]:
    return {each.name: each for each in pdf.attachments(data)}


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("profile", cii.PROFILES)
def test_the_library_factur_x_reads_out_the_identical_xml(rendered, invoice, profile, sealed):
    data = rendered(profile, sealed=sealed)
    name = "xrechnung.xml" if profile == "xrechnung" else "factur-x.xml"

    # The level of an XRechnung is read from BT-24, which is none of Factur-X; its schema is that of EN 16931.
    found, xml = facturx.get_xml_from_pdf(data, check_xsd=profile != "xrechnung", filenames=[name])

    wanted = replace(invoice, specification=cii.PROFILES[profile].specification) if profile == "en16931" else invoice
    assert found == name
    assert xml == files(data)[name].data == cii.write(wanted, profile)
    assert facturx.get_flavor(etree.fromstring(xml)) == "factur-x"
    assert facturx.xml_check_xsd(xml, flavor="factur-x", level=LEVELS[profile])


@pytest.mark.parametrize("profile", ["minimum", "basicwl", "basic", "en16931", "extended"])
def test_the_library_factur_x_finds_it_without_being_told_a_name_and_knows_its_level(rendered, profile):
    found, xml = facturx.get_xml_from_pdf(rendered(profile, sealed=True))

    assert found == "factur-x.xml"
    assert facturx.get_level(etree.fromstring(xml)) == profile


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("profile", cii.PROFILES)
def test_every_clause_of_pdf_a_is_kept(rendered, profile, sealed):
    assert structure.check(rendered(profile, sealed=sealed)) == []


@pytest.mark.parametrize(("profile", "wanted"), [("minimum", "Data"), ("basicwl", "Data"), ("basic", "Alternative"), ("extended", "Alternative")])
def test_a_profile_without_lines_is_data_and_no_alternative_to_the_pages(rendered, profile, wanted):
    assert files(rendered(profile, sealed=True))["factur-x.xml"].relationship == wanted


def test_the_sealed_original_stays_byte_for_byte_and_the_copy_says_what_it_is(rendered, invoice):
    data = rendered("basic", sealed=True)

    with pikepdf.open(io.BytesIO(data)) as document:
        described = {str(spec.obj.UF): str(spec.obj.Desc) for spec in document.attachments.values()}
    assert files(data)["invoice.xml"].data == ubl.write(invoice)
    assert files(data)["invoice.xml"].relationship == "Source"
    assert "a copy derived from invoice.xml" in described["factur-x.xml"]
    assert "نسخة مشتقة من invoice.xml" in described["factur-x.xml"]
    assert "derived" not in described["invoice.xml"]


def test_reading_takes_the_original_and_finds_the_copy_the_same(rendered, invoice):
    for profile in cii.PROFILES:
        result = read(rendered(profile, sealed=True))

        assert (result.invoice, result.syntax) == (invoice, "ubl-invoice")
        assert {each.name: each.role for each in result.inside}["invoice.xml"] == "taken"
        assert {each.role for each in result.inside} == {"taken", "same invoice"}


def test_an_original_in_cii_is_attached_as_it_is_and_decides_the_level(invoice):
    original = cii.write(invoice, "basic")
    context = RenderContext(issued_at=AT, document_xml=original, xades=b"<x/>")

    data = hybrid.render_facturx(invoice, context=context, profile="extended").data

    assert {name: each.data for name, each in files(data).items()} == {"factur-x.xml": original, "factur-x.xml.xades": b"<x/>"}
    assert b"<fx:ConformanceLevel>BASIC</fx:ConformanceLevel>" in data
    assert structure.check(data) == []


def test_the_metadata_are_spliced_into_the_bytes_and_only_they_change(rendered, invoice):
    context = hybrid.hybrid_context(invoice, RenderContext(issued_at=AT), "basic")
    plain = pikepdf.open(io.BytesIO(rendered("basic", sealed=False)))

    assert hybrid._spliced(rendered("basic", sealed=False), context.hybrid) is not None
    metadata = etree.fromstring(plain.Root.Metadata.read_bytes())
    values = {each.tag.rpartition("}")[2]: each.text for each in metadata.iter(f"{{{hybrid.NAMESPACE}}}*")}
    assert values == {"DocumentType": "INVOICE", "DocumentFileName": "factur-x.xml", "Version": "1.0", "ConformanceLevel": "BASIC"}
    assert plain.check_pdf_syntax() == [] if hasattr(plain, "check_pdf_syntax") else plain.check() == []


def test_a_file_built_in_another_way_goes_through_the_library(invoice):
    """Supporting documents are put in by pikepdf, which writes the file anew."""
    sheet = SupportingDocument(reference="1", content=b"a,b\n1,2\n", mime_code="text/csv", filename="sheet.csv")
    every = replace(invoice, supporting_documents=(sheet,))
    first = hybrid.render_facturx(every, context=RenderContext(issued_at=AT))
    again = hybrid.render_facturx(every, context=RenderContext(issued_at=AT))

    assert hybrid._spliced(first.data, hybrid.hybrid_context(every, RenderContext(issued_at=AT)).hybrid) is None
    assert set(files(first.data)) == {"factur-x.xml", "sheet.csv"}
    assert first.data == again.data
    assert structure.check(first.data) == []
    assert facturx.get_xml_from_pdf(first.data)[1] == files(first.data)["factur-x.xml"].data


@pytest.mark.parametrize("cut", [b"\nxref\n", b"/Type/Metadata", b"trailer", b"startxref"])
def test_a_file_that_does_not_look_as_expected_is_not_spliced(rendered, invoice, cut):
    context = hybrid.hybrid_context(invoice, RenderContext(issued_at=AT))

    assert hybrid._spliced(rendered("basic", sealed=False).replace(cut, cut[:-2] + b"@@", 1), context.hybrid) is None
