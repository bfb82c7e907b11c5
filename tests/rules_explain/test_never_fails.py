"""An explanation comes for every rule at every place, however broken the document is."""

from __future__ import annotations

import copy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.rules_explain.conftest import SETS, Fired, build, cii, invoice, location_of, rules_of

from wasl.formats import xml
from wasl.invoice.terms import TERMS
from wasl.rules import sheets, validate
from wasl.rules.explain import explain, explain_all

VEFA = "{http://difi.no/xsd/vefa/validator/1.0}"
SAMPLE = """
<cbc:ID>1</cbc:ID><cbc:DocumentCurrencyCode>SAR</cbc:DocumentCurrencyCode><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:Note>#AAI#x</cbc:Note>
<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate></cac:InvoicePeriod><cac:BillingReference/>
<cac:AdditionalDocumentReference><cbc:ID schemeID="x">1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject/></cac:Attachment></cac:AdditionalDocumentReference>
<cac:AccountingSupplierParty><cac:Party><cbc:EndpointID>1</cbc:EndpointID><cac:PartyIdentification><cbc:ID>1</cbc:ID></cac:PartyIdentification>
<cac:PostalAddress/><cac:PartyTaxScheme><cbc:CompanyID>3</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:CompanyID>1</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID>1</cbc:EndpointID><cac:PostalAddress/></cac:Party></cac:AccountingCustomerParty>
<cac:PayeeParty><cac:PartyName><cbc:Name>x</cbc:Name></cac:PartyName></cac:PayeeParty><cac:TaxRepresentativeParty><cac:PostalAddress/></cac:TaxRepresentativeParty>
<cac:Delivery><cac:DeliveryLocation><cbc:ID>1</cbc:ID><cac:Address/></cac:DeliveryLocation></cac:Delivery>
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:CardAccount><cbc:PrimaryAccountNumberID>4</cbc:PrimaryAccountNumberID></cac:CardAccount>
<cac:PayeeFinancialAccount/></cac:PaymentMeans>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="SAR">1</cbc:Amount><cac:TaxCategory><cbc:ID>S</cbc:ID></cac:TaxCategory></cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount>1</cbc:Amount><cac:TaxCategory><cbc:ID>O</cbc:ID></cac:TaxCategory></cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount>1</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount>2</cbc:TaxableAmount><cbc:TaxAmount>1</cbc:TaxAmount><cac:TaxCategory>
<cbc:ID>S</cbc:ID><cbc:Percent>15</cbc:Percent><cbc:TaxExemptionReasonCode>x</cbc:TaxExemptionReasonCode></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount>1</cbc:LineExtensionAmount><cbc:PayableAmount>2.123</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="x">1</cbc:InvoicedQuantity><cbc:LineExtensionAmount>1</cbc:LineExtensionAmount><cac:InvoicePeriod/>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator></cac:AllowanceCharge><cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator></cac:AllowanceCharge>
<cac:Item><cac:StandardItemIdentification><cbc:ID>1</cbc:ID></cac:StandardItemIdentification><cac:OriginCountry><cbc:IdentificationCode>x</cbc:IdentificationCode></cac:OriginCountry>
<cac:CommodityClassification><cbc:ItemClassificationCode>1</cbc:ItemClassificationCode></cac:CommodityClassification><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>
</cac:ClassifiedTaxCategory><cac:AdditionalItemProperty/></cac:Item><cac:Price><cbc:PriceAmount>-1</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
"""


def emptied(doc: etree._Element) -> etree._Element:
    """Every element there, every text gone."""
    blank = copy.deepcopy(doc)
    for node in blank.iter():
        node.text = ""
    return blank


def garbled(doc: etree._Element) -> etree._Element:
    rubbish = copy.deepcopy(doc)
    for node in rubbish.iter():
        if not len(node):
            node.text = "\u202e{0} %s <b> ١٢ \u0000".replace("\u0000", "") + "9" * 40
    return rubbish


def full_cii() -> etree._Element:
    """One element for every term that CII has, each with a text of its kind."""
    root = cii(settlement="")
    for info in TERMS.values():
        for path in info.cii:
            leaf = build(root, path)
            if not info.is_group and not leaf.text:
                leaf.text = "20260102" if "Date" in path else "12.345" if re.search("Amount|Percent|Quantity", path) else "X"
    return root


DOCUMENTS = {
    "ubl": {
        "empty": invoice(""),
        "full": invoice(SAMPLE),
        "twice": invoice(SAMPLE + SAMPLE),
        "emptied": emptied(invoice(SAMPLE)),
        "garbled": garbled(invoice(SAMPLE)),
        "of the other syntax": full_cii(),
    },
    "cii": {
        "empty": cii(),
        "full": full_cii(),
        "emptied": emptied(full_cii()),
        "garbled": garbled(full_cii()),
        "of the other syntax": invoice(SAMPLE),
    },
}


def places(doc: etree._Element, context: str) -> list[str]:
    """Locations of up to two elements that the context's last steps could mean, the root where there is none."""
    names = set(re.findall(r"(?:cac|cbc|ram|rsm|udt):(\w+)(?=(?:\[[^\]]*(?:\[[^\]]*\])*[^\]]*\])*\s*(?:\||\Z))", context))
    found = [n for n in doc.iter("{*}*") if etree.QName(n).localname in names][:2]
    return [location_of(n) for n in found] or ["/" + etree.QName(doc).localname]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("unevaluable", [False, True])
def test_every_rule_is_explained_at_every_place(name: str, unevaluable: bool) -> None:
    for kind, doc in DOCUMENTS[sheets.SOURCES[name].syntax].items():
        if unevaluable and kind not in ("full", "garbled"):
            continue  # the cause is looked for in the document, whatever the rule
        findings, ids = [], []
        for rule in rules_of(name):
            for location in places(doc, rule.context) if kind != "of the other syntax" else [f"/{etree.QName(doc).localname}"]:
                findings.append(Fired(rule.id, location, rule.test, rule.official, unevaluable))
                ids.append(rule.id)
        for rule, words in zip(ids, explain_all(findings, doc), strict=True):
            texts = (words.where_en, words.where_ar, words.message_en, words.message_ar, words.fix_en, words.fix_ar)
            assert all(texts), (kind, rule)
            assert not any("{term}" in text or "\u202e" in text for text in texts), (kind, rule)
            assert words.message_en != words.fix_en, (kind, rule)


@given(st.data())
def test_any_tree_of_any_elements_is_explained(data: st.DataObject) -> None:
    """Elements of both syntaxes in any order and depth, with any text."""
    doc = data.draw(st.sampled_from([invoice(SAMPLE), full_cii()]))
    nodes = list(doc.iter("{*}*"))
    for _ in range(data.draw(st.integers(1, 6))):
        node, other = data.draw(st.sampled_from(nodes)), data.draw(st.sampled_from(nodes))
        if data.draw(st.booleans()):
            node.text = data.draw(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12))
        elif other is not doc and node not in other.iter():
            node.append(copy.deepcopy(other))
    rules = rules_of("en16931-ubl" if "Invoice" in etree.QName(doc).localname and len(doc.nsmap) < 4 else "facturx-extended")
    rule = data.draw(st.sampled_from(rules))
    node = data.draw(st.sampled_from(list(doc.iter("{*}*"))))
    words = explain(Fired(rule.id, location_of(node), rule.test, rule.official, data.draw(st.booleans())), doc)
    assert words.message_en and words.message_ar and words.fix_en and words.fix_ar and words.where_en and words.where_ar


def test_the_official_unit_tests_are_explained_with_their_own_words(corpus) -> None:
    """For each rule named in an <error> or <warning>, the first document that breaks it."""
    explained: set[str] = set()
    for path in sorted((corpus / "en16931" / "ubl" / "unit").glob("*.xml")):
        for test in etree.parse(path).getroot().iter(VEFA + "test"):
            verdict = test.find(VEFA + "assert")
            wanted = {e.text for e in verdict if e.tag in (VEFA + "error", VEFA + "warning")} - explained
            if not wanted:
                continue
            data = etree.tostring(next(child for child in test if child.tag != VEFA + "assert"))
            root = xml.parse(data)
            for finding in validate(data).findings:
                if finding.rule in wanted and finding.rule not in explained:
                    words = explain(finding, root)
                    assert words.message_en != "" and words.fix_ar != ""
                    explained.add(finding.rule)
    assert len(explained) > 100
