"""From a finding to the field of the model, and to a mended invoice where only one answer is right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from msgspec.structs import replace

from wasl.formats import ubl, xml
from wasl.invoice.model import (
    Address,
    AllowanceCharge,
    CreditTransfer,
    DocumentTotals,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    Party,
    PaymentInstructions,
    Price,
    SupportingDocument,
)
from wasl.invoice.totals import totals
from wasl.rules import validate
from wasl.rules.explain.fields import field, quick_fix


def line(n: int, **changes: object) -> Line:
    made = Line(
        identifier=str(n), quantity=D(1), unit="C62", price=Price(net=D(10)), tax_category="S", tax_rate=D(21), item=Item(name="x"),
    )  # fmt: skip
    return replace(made, **changes)


def sample(**changes: object) -> Invoice:
    invoice = Invoice(
        number="1",
        issue_date=date(2026, 11, 23),
        due_date=date(2026, 12, 23),
        type_code="380",
        currency="EUR",
        specification="urn:cen.eu:en16931:2017",
        seller=Party(name="A", vat_identifier="BE0123456789", address=Address(country="BE")),
        buyer=Party(name="B", address=Address(country="BE")),
        lines=(line(1), line(2), line(3)),
    )
    return totals(replace(invoice, **changes))


def fields_of(invoice: Invoice) -> dict[str, set[str | None]]:
    """Rule to the fields it is about, from the real engine over the real bytes."""
    data = ubl.write(invoice)
    doc = xml.parse(data)
    found: dict[str, set[str | None]] = {}
    for finding in validate(data).findings:
        found.setdefault(finding.rule, set()).add(field(finding, doc))
    return found


AC = AllowanceCharge(amount=D(1), reason="x", tax_category="S", tax_rate=D(21))


@pytest.mark.parametrize(
    ("changes", "rule", "expected"),
    [
        ({"lines": (line(1), line(2, price=Price(net=D(-1))))}, "BR-27", "lines[1].price.net"),
        ({"lines": (line(1), line(2), line(3, unit="qq"))}, "BR-CL-23", "lines[2].unit"),
        ({"lines": (line(1, item=Item()),)}, "BR-25", "lines[0].item.name"),
        ({"lines": (line(1, allowances=(AllowanceCharge(amount=D(1), reason="x"), AllowanceCharge(amount=D(1)))),)}, "BR-42", "lines[0].allowances[1].reason"),
        ({"charges": (AC,), "allowances": (AC, replace(AC, reason=None))}, "BR-33", "allowances[1].reason"),
        ({"allowances": (AC,), "charges": (AC, AC, replace(AC, tax_category=None))}, "BR-37", "charges[2].tax_category"),
        ({"number": None}, "BR-02", "number"),
        ({"lines": ()}, "BR-16", "lines"),
        ({"buyer": Party(name="B", address=Address(city="x"))}, "BR-11", "buyer.address.country"),
        ({"seller": Party(name="A", identifiers=(Identifier(value="1"), Identifier(value="2", scheme="zz")), address=Address(country="BE"))}, "BR-CL-10", "seller.identifiers[1].scheme"),
        ({"payment": PaymentInstructions(means_code="30", credit_transfers=(CreditTransfer(account="BE1"), CreditTransfer(account="")))}, "BR-50", "payment.credit_transfers[1].account"),
        ({"supporting_documents": (SupportingDocument(reference="1"), SupportingDocument(description="x"))}, "BR-52", "supporting_documents[1].reference"),
        ({"lines": (line(1, item=Item(name="x", attributes=(ItemAttribute(name="a", value="b"), ItemAttribute(name="a")))),)}, "BR-54", "lines[0].item.attributes[1].value"),
    ],
)  # fmt: skip
def test_the_field_of_a_finding(changes: dict[str, object], rule: str, expected: str) -> None:
    found = fields_of(sample(**changes))
    assert rule in found, sorted(found)
    assert found[rule] == {expected}


def mend(invoice: Invoice, rule: str) -> Invoice | None:
    data = ubl.write(invoice)
    finding = next(f for f in validate(data).findings if f.rule == rule)
    return quick_fix(finding, xml.parse(data), invoice)


def wrong_total(**changes: D) -> Invoice:
    invoice = sample()
    assert invoice.totals is not None
    return replace(invoice, totals=replace(invoice.totals, **changes))


@pytest.mark.parametrize(
    ("invoice", "rule"),
    [
        (wrong_total(payable_amount=D(1)), "BR-CO-16"),
        (wrong_total(tax_inclusive_amount=D(1)), "BR-CO-15"),
        (wrong_total(line_extension_amount=D(1)), "BR-CO-10"),
        (replace(sample(), totals=DocumentTotals(line_extension_amount=D(30))), "BR-15"),
        (replace(sample(), tax_breakdown=()), "BR-CO-18"),
        (replace(sample(), tax_breakdown=(replace(sample().tax_breakdown[0], tax_amount=D(99)),)), "BR-S-09"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_arithmetic_is_mended(invoice: Invoice, rule: str) -> None:
    mended = mend(invoice, rule)
    assert mended is not None
    assert validate(ubl.write(mended)).valid is True


def test_a_rate_that_its_category_forbids_is_mended() -> None:
    mended = mend(sample(lines=(line(1), line(2, tax_category="Z", tax_rate=D(5)))), "BR-Z-05")
    assert mended is not None and mended.lines[1].tax_rate == 0 and mended.lines[0].tax_rate == 21
    assert validate(ubl.write(mended)).valid is True


def test_an_amount_is_rounded_and_its_totals_follow() -> None:
    mended = mend(sample(allowances=(replace(AC, amount=D("1.005")),)), "BR-DEC-01")
    assert mended is not None and mended.allowances[0].amount == D("1.01")
    assert validate(ubl.write(mended)).valid is True


def test_what_a_person_must_decide_is_left_alone() -> None:
    assert mend(sample(number=None), "BR-02") is None
    assert mend(sample(lines=(line(1, unit="qq"),)), "BR-CL-23") is None


def test_a_mend_that_does_not_help_is_not_offered() -> None:
    """Recomputing the totals changes them, but the line still has no amount."""
    broken = replace(sample(), lines=(line(1, price=Price()),))
    assert mend(broken, "BR-24") is None
    unknown_type = replace(sample(), type_code="999", totals=None)
    assert mend(unknown_type, "BR-CL-01") is None
