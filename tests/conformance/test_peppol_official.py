"""Wasl's own Peppol set and the official schema agree on every document, wherever both can be run.

The official schema is in no package. The test runs where an operator has it: as the file that WASL_PEPPOL_SCH names, or added with
`wasl rules add PEPPOL-EN16931-UBL.sch --name peppol-official`. Rules that only one of them has (another release) are passed over, and so is a
rule that the official schema cannot evaluate on a document.
"""

from __future__ import annotations

import copy
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from documents import documents
from lxml import etree

from wasl.rules import compare, own_sheets, peppol
from wasl.rules.engine import judge_with
from wasl.rules.findings import Finding
from wasl.rules.sheet import Sheet

CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
MUTANTS = 600
COUNTRIES = ("DE", "DK", "GR", "IS", "IT", "NL", "NO", "SE")
TEXTS = (
    "", "abc", "0", "-1", "EUR", "SEK", "true", "30", "31", "42", "48", "49", "50", "56", "58", "59", "93", "9", "384", "380", "2026-02-30",
    "NO123456785MVA", "SE556677889901", "EL094259216", "094259216", "01#", "04#1234567890123456", "71#123456789012345", "12345678",
    "#SKONTO#TAGE=14#PROZENT=2.00#\n", "x|02/01/2017|1|1.1|a|b", "DE89370400440532013000", "SE:BANKGIRO", "SE:PLUSGIRO", "TAX", "VAT", "ZZZ",
    "Foretaksregisteret", "Godkänd för F-skatt", "EINDAGI", "##M.AR.K##", "##INVOICE|URL##", "0106", "0190", "0196", "a@b.c",
)  # fmt: skip
SCHEMES = ("0007", "0088", "0096", "0106", "0151", "0184", "0190", "0192", "0196", "0201", "0208", "0210", "0211", "9907", "9933", "SEPA", "")


@pytest.fixture(scope="module")
def official() -> Sheet:
    named = os.environ.get("WASL_PEPPOL_SCH")
    if named:
        return compare.open_sheet(named)
    if any(own.name == "peppol-official" for own in own_sheets.listed()):
        return compare.open_sheet("user:peppol-official")
    pytest.skip("the official schema is not at hand: name it with WASL_PEPPOL_SCH, or add it with `wasl rules add --name peppol-official`")


def test_our_set_and_the_official_schema_agree(official: Sheet, corpus: Path) -> None:
    ours = compare.open_sheet("peppol-ubl")
    common = {rule.id for _, rule in official.asserts()} & set(peppol.rules())
    engines = compare.engine_of(ours), compare.engine_of(official)
    wrong: list[str] = []
    fired: set[str] = set()
    count = 0
    for name, data in _documents(corpus):
        count += 1
        mine, theirs = (judge_with(engine, sheet, data, "ubl") for engine, sheet in zip(engines, (ours, official), strict=True))
        assert mine is not None and theirs is not None
        unsure = {(f.rule, f.xpath) for f in theirs if f.unevaluable}
        a, b = _facts(mine, common) - unsure, _facts(theirs, common) - unsure
        fired |= {rule for rule, _ in a | b}
        wrong += [f"{name}: {rule} at {place}: {'only ours' if (rule, place) in a else 'only official'}" for rule, place in sorted(a ^ b)]
    print(f"Peppol, ours against the official schema: {count} documents, {len(fired)} of {len(common)} rules fired, {len(wrong)} differences")
    assert wrong == []
    assert count > MUTANTS


def _facts(findings: list[Finding], common: set[str]) -> set[tuple[str, str]]:
    return {(f.rule, f.xpath) for f in findings if f.rule in common}


def _documents(corpus: Path) -> Iterator[tuple[str, bytes]]:
    seeds = [(name, data) for name, data in documents(corpus) if not name.startswith("zatca")]
    yield from seeds
    whole = [(name, data) for name, data in seeds if "#" not in name]
    rng = random.Random(20250519)
    for number in range(MUTANTS):
        name, data = rng.choice(whole)
        yield f"{name} mutant {number}", _mutant(rng, data)


def _mutant(rng: random.Random, data: bytes) -> bytes:
    """Both parties moved to one country most of the time, then a few changes by chance."""
    root = etree.fromstring(data)
    country = rng.choice(COUNTRIES)
    for party in ("AccountingSupplierParty", "AccountingCustomerParty"):
        if rng.random() < 0.8:
            for code in root.iterfind(f"{CAC}{party}/{CAC}Party/{CAC}PostalAddress/{CAC}Country/{CBC}IdentificationCode"):
                code.text = country
            for number in root.iterfind(f"{CAC}{party}/{CAC}Party/{CAC}PartyTaxScheme/{CBC}CompanyID"):
                number.text = ("EL" if country == "GR" else country) + re.sub(r"^[A-Z]{2}", "", number.text or "")
    for _ in range(rng.choice((1, 2, 3, 4))):
        _change(rng, root)
    return etree.tostring(root)


def _change(rng: random.Random, root: etree._Element) -> None:
    element = rng.choice([each for each in root.iter(etree.Element) if each is not root])
    parent = element.getparent()
    assert parent is not None
    kind = rng.randrange(6)
    if kind == 0:
        parent.remove(element)
    elif kind == 1:
        parent.insert(parent.index(element), copy.deepcopy(element))
    elif kind in (2, 3) and not len(element):
        element.text = rng.choice(TEXTS)
    elif kind == 4 and not len(element):
        element.set("schemeID", rng.choice(SCHEMES))
    elif element.attrib:
        del element.attrib[rng.choice(list(element.attrib))]
