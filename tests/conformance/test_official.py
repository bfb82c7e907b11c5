"""The official unit sets and examples of EN 16931: what they say must fire fires, what they say must not does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from documents import cases
from lxml import etree

from wasl.rules import validate


def test_all_621_official_unit_tests_hold(corpus: Path, record_property: Callable[[str, object], None]) -> None:
    wrong: list[str] = []
    count = 0
    for file in sorted((corpus / "en16931/ubl/unit").glob("*.xml")):
        for document, named in cases(etree.fromstring(file.read_bytes())):
            count += 1
            fired = {finding.rule for finding in validate(document).findings}
            wrong += [f"{file.name}#{count}: {what} {rule}" for what, rule in named if (rule in fired) is (what == "success")]
    record_property("count", f"rules, official unit tests: {count} run, {len(wrong)} wrong")
    assert wrong == []
    assert count == 621


def test_all_16_official_examples_are_valid_without_a_finding(corpus: Path) -> None:
    examples = sorted((corpus / "en16931/ubl/examples").glob("*.xml"))
    reports = {file.name: validate(file.read_bytes()) for file in examples}
    assert len(reports) == 16
    assert {name: report.valid for name, report in reports.items() if report.valid is not True} == {}
