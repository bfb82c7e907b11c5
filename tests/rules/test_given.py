"""`wasl.validate` takes whatever can be read, and the rules that it asks for; `wasl.explain` speaks of the same document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import wasl
from wasl.render.facturx import render_facturx
from wasl.rules import sheets

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
PEPPOL = b"urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


@pytest.fixture
def data() -> bytes:
    return (GOLDEN / "several-rates.xml").read_bytes()


@pytest.fixture(scope="module")
def hybrid() -> bytes:
    invoice = wasl.read((GOLDEN / "several-rates.xml").read_bytes()).invoice
    return render_facturx(invoice, context=wasl.RenderContext(issued_at=datetime(2026, 11, 23, tzinfo=UTC)), profile="en16931").data


def test_the_document_says_which_rules_it_wants(data):
    peppol = data.replace(b">urn:cen.eu:en16931:2017<", b">" + PEPPOL + b"<")

    assert wasl.validate(data).sets == ("en16931-ubl",)
    assert wasl.validate(peppol).sets == ("en16931-ubl", "peppol-ubl")
    assert wasl.validate(peppol).picked is not None
    assert wasl.validate(peppol, profile="en16931").picked is None


def test_the_schema_is_asked_too_and_stops_no_rule(data):
    wrong = data.replace(b">2026-11-23</cbc:IssueDate>", b">2026.11.23</cbc:IssueDate>").replace(b">356.60</cbc:Tax", b">365.60</cbc:Tax")
    rules = [finding.rule for finding in wasl.validate(wrong).findings]

    assert rules[0] == "XSD"
    assert "BR-CO-15" in rules


def test_a_json_and_a_pdf_are_checked_and_explained_like_their_xml(data, hybrid):
    as_json = (GOLDEN / "several-rates.json").read_bytes()
    broken = as_json.replace(b'"tax_inclusive_amount": "356.60"', b'"tax_inclusive_amount": "365.60"')

    assert broken != as_json
    assert wasl.validate(as_json).valid
    assert [finding.rule for finding in wasl.validate(broken).findings] == ["BR-CO-15", "BR-CO-16"]
    assert "365.60" in wasl.explain(wasl.validate(broken), broken)[0].message("ar")
    assert wasl.validate(hybrid).syntax == "cii"


def test_a_missing_set_is_said_of_a_pdf_too_and_its_level_can_be_named(hybrid, monkeypatch):
    monkeypatch.setattr(sheets, "installed", lambda name: "-cii" not in name)
    monkeypatch.setattr("wasl.rules.engine._seen_sets", set())

    assert wasl.validate(hybrid).valid is None
    assert wasl.validate(hybrid, profile="facturx").sets == ("facturx-en16931",)


def test_a_name_is_not_the_bytes_of_a_file(data):
    for wrong in ("invoice.xml", None, 5):
        with pytest.raises(TypeError, match="read_bytes"):
            wasl.validate(wrong)
        with pytest.raises(TypeError, match="read_bytes"):
            wasl.read(wrong)  # type: ignore[arg-type]
