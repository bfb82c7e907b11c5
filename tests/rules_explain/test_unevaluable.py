"""A rule that could not be checked says which value stood in the way, and what it should look like."""

from __future__ import annotations

import pytest
from lxml import etree
from tests.rules_explain.conftest import Fired, invoice

from wasl.formats import xml
from wasl.rules import validate
from wasl.rules.explain import explain

TOTALS = (
    "<cac:LegalMonetaryTotal><cbc:LineExtensionAmount>{0}</cbc:LineExtensionAmount><cbc:PayableAmount>1</cbc:PayableAmount></cac:LegalMonetaryTotal>"
)


def test_text_where_a_number_belongs() -> None:
    doc = invoice(TOTALS.format("abc"))
    words = explain(Fired("BR-CO-10", "/ubl:Invoice/cac:LegalMonetaryTotal", unevaluable=True), doc)
    assert words.message_en == "Rule BR-CO-10 could not be checked because “abc” is not a number. See the sum of the lines."
    assert words.message_ar == "تعذّر فحص القاعدة \u2068BR-CO-10\u2069 لأن «\u2068abc\u2069» ليس رقمًا. انظر مجموع البنود."
    assert words.fix_en == "Enter the sum of the lines in digits with a point, for example 1250.00."
    assert words.term == "BT-106" and words.where_en == "sum of the lines"


@pytest.mark.parametrize("value", ["1e3", "NaN", "١٢٣", "1,5", "", "1_0", "\u00a012"])
def test_what_python_reads_as_a_number_but_the_rules_do_not(value: str) -> None:
    words = explain(Fired("BR-CO-10", "/ubl:Invoice/cac:LegalMonetaryTotal", unevaluable=True), invoice(TOTALS.format(value)))
    assert "is not a number" in words.message_en and words.term == "BT-106"


def test_the_example_of_a_rate_is_a_rate() -> None:
    line = "<cac:InvoiceLine><cac:Item><cac:ClassifiedTaxCategory><cbc:Percent>x</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item></cac:InvoiceLine>"
    words = explain(Fired("BR-S-05", "/ubl:Invoice/cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory", unevaluable=True), invoice(line))
    assert words.fix_en == "Enter the VAT rate of the line in digits with a point, for example 15."


def test_the_value_may_stand_elsewhere_in_the_document() -> None:
    line = "<cac:InvoiceLine><cbc:LineExtensionAmount>12 SAR</cbc:LineExtensionAmount></cac:InvoiceLine>"
    words = explain(Fired("BR-CO-10", "/ubl:Invoice/cac:LegalMonetaryTotal", unevaluable=True), invoice(line + TOTALS.format("1")))
    assert words.where_en == "line 1, line net amount" and "“12 SAR”" in words.message_en


def test_a_date_that_is_none() -> None:
    period = "<cac:InvoicePeriod><cbc:StartDate>2026-02-01</cbc:StartDate><cbc:EndDate>1.3.2026</cbc:EndDate></cac:InvoicePeriod>"
    words = explain(Fired("BR-29", "/ubl:Invoice/cac:InvoicePeriod", unevaluable=True), invoice(period))
    assert words.term == "BT-74" and words.fix_en.startswith("Enter the end of the invoicing period as year-month-day")
    assert "ليس تاريخًا" in words.message_ar


def test_a_value_given_twice() -> None:
    doc = invoice("<cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID>")
    found = [f for f in validate(etree.tostring(doc)).findings if f.rule == "BR-02" and f.unevaluable]
    assert found, "BR-02 normalises one value; two are an error"
    words = explain(found[0], doc)
    assert words.term == "BT-1" and words.fix_en == "Keep one value of the invoice number and remove the others."


def test_findings_of_the_engine_name_their_cause() -> None:
    doc = etree.tostring(invoice(TOTALS.format("abc")))
    report = validate(doc)
    unevaluable = [f for f in report.findings if f.unevaluable]
    assert "BR-CO-10" in {f.rule for f in unevaluable}
    root = xml.parse(doc)
    for finding in unevaluable:
        words = explain(finding, root)
        assert finding.rule in words.message_en and finding.rule in words.message_ar
        assert words.fix_en and words.fix_ar
