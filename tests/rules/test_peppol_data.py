"""Peppol's rules as data: every id once, in both languages, about terms that exist; and the identifiers' checks written down right."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from wasl.invoice.terms import TERMS
from wasl.rules import peppol

SCH = "{http://purl.oclc.org/dsdl/schematron}"


def test_every_rule_is_said_in_both_languages_and_is_about_known_terms() -> None:
    rules = peppol.rules()
    assert len(rules) == 156
    for rule in rules.values():
        assert rule.severity in ("fatal", "warning")
        assert all(term in TERMS for term in rule.terms), rule.id
        assert rule.en.endswith(".") and rule.ar.endswith("."), rule.id
        assert re.search(r"[\u0600-\u06ff]", rule.ar) and not re.search(r"[\u0600-\u06ff]", rule.en), rule.id
        for number in re.findall(r"BT-\d+|BG-\d+", rule.en):
            assert number in rule.ar, f"{rule.id}: the Arabic does not name {number}"


def test_the_official_ids_are_all_there(corpus: Path) -> None:
    named = {e.text for file in (corpus / "peppol/unit").glob("*.xml") for e in etree.parse(file).iter("{*}success", "{*}error", "{*}warning") if e.text}
    assert {name for name in named if name.startswith("PEPPOL-")} <= set(peppol.rules())
    families = {re.match(r"[A-Z]+-[A-Z0-9]+-[A-Z]+|[A-Z]+-[RS]", rule).group() for rule in peppol.rules()}  # type: ignore[union-attr]
    assert {"PEPPOL-COMMON-R", "PEPPOL-EN16931-R", "PEPPOL-EN16931-CL", "PEPPOL-EN16931-P", "PEPPOL-EN16931-F"} <= families
    assert {f"{land}-R" for land in ("DE", "DK", "GR", "IS", "IT", "NL", "NO", "SE")} <= families


def test_the_schema_has_each_assert_once() -> None:
    root = etree.fromstring(peppol.schematron())
    ids = [each.get("id") for each in root.iter(SCH + "assert")]
    assert sorted(ids) == sorted(peppol.rules())
    assert len(root.findall(SCH + "pattern")) == 13
    assert not [e.get("test") for e in root.iter(SCH + "assert") if "\n" in (e.get("test") or "")]
