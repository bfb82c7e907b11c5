"""Where: groups from the outside in, then the term, in both languages."""

from __future__ import annotations

import pytest
from tests.rules_explain.conftest import build, cii, invoice

from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import NAMESPACES, Siblings
from wasl.rules.explain.place import place
from wasl.rules.explain.termof import term_of

ALLOWANCE = "<cac:AllowanceCharge><cbc:ChargeIndicator>{0}</cbc:ChargeIndicator><cbc:Amount>1</cbc:Amount></cac:AllowanceCharge>"
LINE = "<cac:InvoiceLine><cbc:ID>{0}</cbc:ID>{1}</cac:InvoiceLine>"


@pytest.mark.parametrize(
    ("xpath", "term", "en", "ar"),
    [
        ("cac:InvoiceLine[2]", "BT-146", "line 2, unit price", "البند 2، سعر الوحدة"),
        ("cac:InvoiceLine[3]", "BT-146", "line 3 (no. A-7), unit price", "البند 3 (رقمه \u2068A-7\u2069)، سعر الوحدة"),
        ("cac:InvoiceLine[1]", "BG-25", "line 1", "البند 1"),
        ("cac:AllowanceCharge[3]", "BT-92", "discount 2, document discount amount", "الخصم 2، مبلغ الخصم على الفاتورة"),
        ("cac:AllowanceCharge[2]", "BT-99", "charge 1, document charge amount", "الرسم الإضافي 1، مبلغ الرسم الإضافي على الفاتورة"),
        ("cac:InvoiceLine[1]/cac:AllowanceCharge", "BT-136", "line 1, discount 1, line discount amount", "البند 1، الخصم 1، مبلغ الخصم على البند"),
        (".", "BT-1", "invoice number", "رقم الفاتورة"),
        (".", "BG-0", "invoice", "الفاتورة"),
        ("cac:PaymentMeans[2]", "BT-84", "payment instruction 2, account number (IBAN)", "تعليمات الدفع 2، رقم الحساب البنكي (الآيبان)"),
    ],
)
def test_a_place_in_words(xpath: str, term: str, en: str, ar: str) -> None:
    doc = invoice(
        ALLOWANCE.format("false")
        + ALLOWANCE.format("true")
        + ALLOWANCE.format("false")
        + "<cac:PaymentMeans/><cac:PaymentMeans/>"
        + LINE.format(1, ALLOWANCE.format("0"))
        + LINE.format(2, "")
        + LINE.format("A-7", "")
    )
    node = doc if xpath == "." else doc.find(xpath, NAMESPACES)
    assert tuple(place(node, TERMS[term], Siblings())) == (en, ar)


@pytest.mark.parametrize(
    "location",
    [
        "/*:Invoice[namespace-uri()='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'][1]"
        "/*:InvoiceLine[namespace-uri()='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2'][2]",
        "/ubl:Invoice/cac:InvoiceLine[2]",
        "/Invoice[1]/InvoiceLine[2]/@nothing",
    ],
)
def test_locations_of_every_style_are_found(location: str) -> None:
    doc = invoice(LINE.format(1, "") + LINE.format(2, ""))
    assert Siblings().locate(doc, location) is doc[1]


def test_a_location_that_does_not_exist_stops_at_its_deepest_part() -> None:
    doc = invoice(LINE.format(1, ""))
    assert Siblings().locate(doc, "/ubl:Invoice/cac:InvoiceLine[1]/cac:Price[4]") is doc[0]
    assert Siblings().locate(doc, "") is doc


def test_comments_do_not_count_as_elements() -> None:
    doc = invoice(LINE.format(1, "") + "<!-- x --><?y z?>" + LINE.format(2, ""))
    assert place(doc[3], TERMS["BG-25"], Siblings()).en == "line 2"


# An element is the whole of these terms; the others are attributes, or share their element with a neighbour.
SHARED = ("BT-21", "BT-22", "BT-111")
ELEMENTS = [i for i in TERMS.values() if i.ubl and not i.is_group and "@" not in i.ubl.rpartition("/")[2] and i.id not in SHARED]
PLACES = [(i, i.ubl, False) for i in ELEMENTS] + [(i, i.ubl_credit_note, True) for i in ELEMENTS if i.id != "BT-11"]


@pytest.mark.parametrize(("info", "path", "credit_note"), PLACES, ids=lambda v: getattr(v, "id", None))
def test_an_element_at_the_place_of_a_term_is_recognised(info, path: str, credit_note: bool) -> None:
    """Builds the term's UBL path and asks which term stands there."""
    root = invoice("<cbc:DocumentCurrencyCode>SAR</cbc:DocumentCurrencyCode>", credit_note=credit_note)
    assert (term_of(build(root, path)) or TERMS["BG-0"]).id == info.id


CII_PLACES = [(i, path) for i in TERMS.values() for path in i.cii if "@" not in path.rpartition("/")[2] and i.id != "BT-111"]


@pytest.mark.parametrize(("info", "path"), CII_PLACES, ids=lambda v: getattr(v, "id", None))
def test_an_element_at_the_place_of_a_term_is_recognised_in_cii(info, path: str) -> None:
    root = cii()
    assert (term_of(build(root, path)) or TERMS["BG-0"]).id == info.id


def test_places_of_a_cii_document() -> None:
    line = "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>{}</ram:LineID></ram:AssociatedDocumentLineDocument>{}</ram:IncludedSupplyChainTradeLineItem>"
    charge = "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>{}</udt:Indicator></ram:ChargeIndicator></ram:SpecifiedTradeAllowanceCharge>"
    row = "<ram:ApplicableTradeTax><ram:CategoryCode>{}</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
    settle = f"<ram:SpecifiedLineTradeSettlement>{row.format('S')}{charge.format('true')}</ram:SpecifiedLineTradeSettlement>"
    doc = cii(lines=line.format("1", "") + line.format("A-2", settle), settlement=row.format("S") + row.format("E") + charge.format("false") * 2)
    find = lambda path: doc.findall(f".//{path}", NAMESPACES)  # noqa: E731
    lines = find("ram:IncludedSupplyChainTradeLineItem")
    assert place(lines[0], TERMS["BT-129"], Siblings()) == ("line 1, quantity", "البند 1، الكمية")
    assert place(lines[1], TERMS["BT-153"], Siblings()).en == "line 2 (no. A-2), item name"
    rows = find("ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax")
    assert place(rows[1], TERMS["BT-117"], Siblings()).en == "VAT breakdown row 2 (exempt from VAT 19%), VAT amount of the category"
    assert place(find("ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge")[0], None, Siblings()).en == "line 2 (no. A-2), charge 1"
    assert place(find("ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge")[1], TERMS["BT-97"], Siblings()).ar == "الخصم 2، سبب الخصم على الفاتورة"


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@pytest.mark.parametrize(("rule", "unevaluable"), [("BR-22", False), ("BR-S-02", False), ("BR-B-02", False), ("BR-FXEXT-08", False), ("BR-22", True)])
def test_a_thousand_findings_take_no_longer_each_than_two_hundred(rule: str, unevaluable: bool, syntax: str) -> None:
    """Counting lines again for each finding would be quadratic: 2,000 lines would cost ten times what 200 cost, per finding."""
    import time

    from tests.rules_explain.conftest import Fired

    from wasl.rules.explain import explain_all

    def seconds_each(lines: int) -> float:
        if syntax == "ubl":
            doc, where = invoice(LINE.format("", "") * lines), "/ubl:Invoice/cac:InvoiceLine"
        else:
            doc, where = cii(lines="<ram:IncludedSupplyChainTradeLineItem/>" * lines), "/x/SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
        findings = [Fired(rule, f"{where}[{n}]", unevaluable=unevaluable) for n in range(1, lines + 1)]
        began = time.process_time()
        explained = explain_all(findings, doc)
        assert rule != "BR-22" or unevaluable or explained[-1].where_en == f"line {lines}, quantity"
        return (time.process_time() - began) / lines

    seconds_each(10)
    assert seconds_each(2000) < 5 * max(seconds_each(200), 2e-5)
