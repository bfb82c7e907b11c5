"""Every document of the corpus gives its official result under the profile that fits it, in the compiled engine, and the list of exceptions is empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from documents import cases
from lxml import etree

from wasl.rules import Profile, sheets, validate
from wasl.rules.generate import Generator

PEPPOL = Profile("peppol-alone", {"ubl": ("peppol-ubl",)})


def test_every_assert_of_our_own_set_is_compiled() -> None:
    assert Generator(sheets.load("peppol-ubl")).generate().interpreted == []


def test_all_52_xrechnung_documents_are_valid_and_auto_picks_the_profile(corpus: Path) -> None:
    files = sorted((corpus / "xrechnung").glob("*.xml"))
    reports = {file.name: validate(file.read_bytes(), profile="auto", schema=True) for file in files}
    assert len(reports) == 52
    assert {(r.valid, r.profile, r.schema_valid, len(r.sets)) for r in reports.values()} == {(True, "xrechnung", True, 2)}


def test_all_examples_of_en16931_in_cii_are_valid(corpus: Path) -> None:
    files = [file for file in sorted((corpus / "en16931/cii/examples").glob("*.xml")) if b"CrossIndustryInvoice:100" in file.read_bytes()]
    reports = {file.name: validate(file.read_bytes(), profile="en16931", schema=True) for file in files}
    assert len(reports) == 15
    assert {name: report.findings for name, report in reports.items() if not (report.valid and report.schema_valid)} == {}


def test_all_examples_of_peppol_are_valid_and_auto_picks_the_profile(corpus: Path) -> None:
    reports = [validate(file.read_bytes(), profile="auto", schema=True) for file in sorted((corpus / "peppol/examples").glob("*.xml"))]
    assert len(reports) == 5
    assert {(r.valid, r.profile, r.findings) for r in reports} == {(True, "peppol", ())}


def test_all_150_unit_tests_of_peppol_hold(corpus: Path, record_property: Callable[[str, object], None]) -> None:
    wrong: list[str] = []
    count = 0
    for file, document, named in _units(corpus):
        count += 1
        fired = {finding.rule for finding in validate(document, profile=PEPPOL).findings}
        wrong += [f"{file}#{count}: {what} {rule}" for what, rule in named if (rule in fired) is (what == "success")]
    record_property("count", f"rules, Peppol unit tests: {count} run, {len(wrong)} wrong")
    assert wrong == []
    assert count == 150


def _units(corpus: Path) -> Iterator[tuple[str, bytes, list[tuple[str, str]]]]:
    """(file, document, [(success | error | warning, rule)]); a result without a rule is about the rule of the set's scope."""
    for file in sorted((corpus / "peppol/unit").glob("*.xml")):
        root = etree.parse(file).getroot()
        scope = next((e.text or "" for e in root.iterfind("{*}assert/{*}scope")), "")
        for document, named in cases(root):
            yield file.name, document, [(what, rule or scope) for what, rule in named]
