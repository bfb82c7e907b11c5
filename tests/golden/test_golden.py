"""Golden pairs: a Wasl JSON that a person can read, and the UBL that it must become, judged by the official rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasl.formats import ubl, wasljson
from wasl.invoice.totals import totals
from wasl.rules import validate

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*.json"))
# Written for a national profile; everything else is valid under the official sheet untouched.
PROFILES = {"simplified-sa": "sa", "three-decimals-jo": "jo"}


def test_there_is_a_pair_for_every_case():
    assert {each.stem for each in CASES} == {each.stem for each in FOLDER.glob("*.xml")}
    assert len(CASES) >= 15


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_document_is_byte_for_byte_the_golden_one(path, update_golden):
    written = ubl.write(wasljson.read(path.read_bytes()).invoice)
    golden = path.with_suffix(".xml")
    if update_golden:
        golden.write_bytes(written)

    assert written == golden.read_bytes()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_both_files_hold_the_same_invoice_with_its_totals(path):
    from_json = wasljson.read(path.read_bytes()).invoice
    from_xml = ubl.read(path.with_suffix(".xml").read_bytes())

    assert from_xml.invoice == from_json
    assert from_xml.losses == ()
    assert totals(from_json) == from_json
    assert wasljson.write(from_json) == path.read_bytes()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_official_rules_find_nothing_fatal(path):
    report = validate(path.with_suffix(".xml").read_bytes(), profile=PROFILES.get(path.stem, "en16931"))

    assert [(each.rule, each.xpath) for each in report.findings if each.severity == "fatal"] == []
    assert report.valid is True
