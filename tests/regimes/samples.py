"""Invoices that are right under their own law: three-decimal dinars, Saudi riyals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

from msgspec.structs import replace

from wasl.invoice.model import (
    Address,
    AllowanceCharge,
    CreditTransfer,
    DocumentTotals,
    Identifier,
    Invoice,
    Item,
    Line,
    Party,
    PaymentInstructions,
    Price,
    TaxSubtotal,
)
from wasl.invoice.totals import totals


def amman() -> Invoice:
    """Every amount of EN 16931 in dinars, each with a third decimal that is not zero."""
    line = Line(
        identifier="1",
        quantity=D("3"),
        unit="HUR",
        price=Price(net=D("35.127")),
        tax_category="S",
        tax_rate=D("16"),
        item=Item(name="استشارة"),
        allowances=(AllowanceCharge(amount=D("1.111"), base_amount=D("105.381"), reason="Loyalty"),),
        charges=(AllowanceCharge(amount=D("2.223"), base_amount=D("105.381"), reason="Travel"),),
    )
    invoice = Invoice(
        number="JO-1",
        issue_date=date(2026, 11, 23),
        due_date=date(2026, 12, 23),
        type_code="380",
        currency="JOD",
        specification="urn:cen.eu:en16931:2017",
        seller=Party(name="شركة عمّان", vat_identifier="JO12345678", address=Address(city="عمّان", country="JO")),
        buyer=Party(name="المشتري", address=Address(city="إربد", country="JO")),
        payment=PaymentInstructions(means_code="30", credit_transfers=(CreditTransfer(account="JO94CBJO0010000000000131000302"),)),
        allowances=(AllowanceCharge(amount=D("1.234"), base_amount=D("12.345"), reason="Season", tax_category="S", tax_rate=D("16")),),
        charges=(AllowanceCharge(amount=D("4.321"), base_amount=D("43.211"), reason="Delivery", tax_category="S", tax_rate=D("16")),),
        totals=DocumentTotals(prepaid_amount=D("10.005"), rounding_amount=D("0.001")),
        lines=(line, Line(
            identifier="2", quantity=D("1"), unit="C62", price=Price(net=D("0.772")), tax_category="S", tax_rate=D("16"), item=Item(name="طابع"),
        )),
    )  # fmt: skip
    return totals(invoice)


def riyadh(vat: str = "310000000000003") -> Invoice:
    """A Saudi tax invoice with one line at 15 % and one at the zero rate, with its reason."""
    invoice = Invoice(
        number="SA-1",
        issue_date=date(2026, 11, 23),
        due_date=date(2026, 12, 23),
        type_code="380",
        currency="SAR",
        specification="urn:cen.eu:en16931:2017",
        seller=Party(
            name="شركة الرياض للاستشارات",
            vat_identifier=vat,
            identifiers=(Identifier(value="1010010000", scheme="CRN"),),
            address=Address(city="الرياض", country="SA"),
        ),
        buyer=Party(name="مؤسسة جدة", vat_identifier="399999999900003", address=Address(city="جدة", country="SA")),
        payment=PaymentInstructions(means_code="30", credit_transfers=(CreditTransfer(account="SA0380000000608010167519"),)),
        tax_breakdown=(TaxSubtotal(category="Z", rate=D("0"), exemption_reason_code="VATEX-SA-32", exemption_reason="Export of goods"),),
        lines=(
            Line(identifier="1", quantity=D("2"), unit="HUR", price=Price(net=D("450")), tax_category="S", tax_rate=D("15"), item=Item(name="ساعة")),
            Line(identifier="2", quantity=D("1"), unit="C62", price=Price(net=D("100")), tax_category="Z", tax_rate=D("0"), item=Item(name="تمر")),
        ),
    )
    return totals(invoice)


def riyadh_out_of_scope() -> Invoice:
    """A supply outside the scope of VAT by a registered Saudi seller, with a discount and a charge."""
    reason = TaxSubtotal(category="O", exemption_reason_code="VATEX-SA-OOS", exemption_reason="Not subject to VAT")
    line = Line(identifier="1", quantity=D("1"), unit="C62", price=Price(net=D("100")), tax_category="O", item=Item(name="تعويض"))
    change = AllowanceCharge(amount=D("5"), reason="Goodwill", tax_category="O")
    return totals(replace(riyadh(), lines=(line,), allowances=(change,), charges=(change,), tax_breakdown=(reason,)))
