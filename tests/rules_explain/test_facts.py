"""The fact layer: "the value of BT-x here", the same answer from UBL and from CII."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from tests.rules_explain.conftest import cii as cii_document
from tests.rules_explain.conftest import invoice

from wasl.formats import cii, ubl, wasljson, xml
from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import Facts, Siblings
from wasl.rules.explain.nodes import NAMESPACES

SAMPLES = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))
# UBL writes a note and its subject code in one element, orders identifiers in its own way, and CII has other codes for the tax point.
DIFFERENT = {"BT-8", "BT-21", "BT-22", "BT-29", "BT-29-1", "BG-2", "BG-13", "BT-158"}


def facts(root: etree._Element, path: str = "") -> Facts:
    node = root.find(path, NAMESPACES) if path else root
    assert node is not None
    return Facts(root, node, Siblings())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_both_syntaxes_of_an_invoice_answer_alike(path: Path) -> None:
    sample = wasljson.read(path.read_bytes()).invoice
    left, right = facts(xml.parse(ubl.write(sample))), facts(xml.parse(cii.write(sample)))
    for term in set(TERMS) - DIFFERENT:
        if TERMS[term].is_group:
            assert bool(left.of(term)) is bool(right.of(term)), term
        else:
            assert left.shown(term) == right.shown(term), term


LINES = "".join(
    f"<cac:InvoiceLine><cbc:ID>{n}</cbc:ID><cbc:LineExtensionAmount>{n}0</cbc:LineExtensionAmount><cac:Price><cbc:PriceAmount>{n}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>"
    for n in (1, 2)
)


def test_a_line_answers_for_itself_and_the_root_for_all() -> None:
    doc = invoice(LINES)
    assert facts(doc, "cac:InvoiceLine[2]/cac:Price/cbc:PriceAmount").value("BT-131") == "20"
    assert [node.text for node in facts(doc).everywhere("BT-131")] == ["10", "20"]
    assert facts(doc, "cac:InvoiceLine[2]").value("BT-153") is None


def test_an_empty_value_is_not_a_missing_one() -> None:
    assert facts(invoice("<cbc:ID/>")).value("BT-1") == ""
    assert facts(invoice("")).value("BT-1") is None


def test_discounts_and_charges_are_told_apart_by_any_way_of_writing_true() -> None:
    group = "<cac:AllowanceCharge><cbc:ChargeIndicator>{}</cbc:ChargeIndicator><cbc:Amount>{}</cbc:Amount></cac:AllowanceCharge>"
    doc = invoice(group.format("true", 1) + group.format(" 1 ", 2) + group.format("false", 3) + group.format("nonsense", 4))
    assert [n.text for n in facts(doc).everywhere("BT-99")] == ["1", "2"]
    assert [n.text for n in facts(doc).everywhere("BT-92")] == ["3", "4"]


def test_a_date_of_cii_is_shown_as_people_write_it() -> None:
    doc = cii_document(document="<ram:IssueDateTime><udt:DateTimeString format='102'>20261123</udt:DateTimeString></ram:IssueDateTime>")
    assert facts(doc).value("BT-2") == "20261123" and facts(doc).shown("BT-2") == "2026-11-23"


def test_the_two_tax_totals_are_told_apart_by_their_currency() -> None:
    total = "<ram:TaxTotalAmount currencyID='{}'>{}</ram:TaxTotalAmount>"
    doc = cii_document(
        settlement="<ram:TaxCurrencyCode>USD</ram:TaxCurrencyCode><ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"{total.format('USD', 2)}{total.format('EUR', 1)}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
    )
    assert facts(doc).value("BT-110") == "1" and facts(doc).value("BT-111") == "2"
