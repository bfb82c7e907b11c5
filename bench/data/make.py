"""Makes the benchmark files: a rich UBL invoice of 10 lines (about 23 KB) and the same with 1,000 lines.

Rich on purpose: line allowances and charges, four VAT groups, document allowances and charges, delivery, attributes,
base quantities, references. Fixed before any tuning; a test checks that this script still gives the same bytes.

    python bench/data/make.py            # rewrites rich-10.xml and rich-1000.xml beside this file
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from wasl.formats import cii, ubl
from wasl.invoice.model import (
    Address,
    AllowanceCharge,
    Contact,
    CreditTransfer,
    Delivery,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    Note,
    Party,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    TaxSubtotal,
)
from wasl.invoice.totals import totals

LINES = (10, 1000)
START = date(2026, 11, 1)
GROUPS = (("S", "21"), ("S", "6"), ("S", "12"), ("E", "0"))
UNITS = ("HUR", "C62", "KGM", "DAY", "XBX")
WORK = (
    ("استشارات في نظم الفوترة", "Consulting on invoicing systems"),
    ("حبر أسود للطابعات", "Black printer ink"),
    ("تمر مجدول فاخر", "Premium Medjool dates"),
    ("تدريب على المحاسبة", "Training in accounting"),
    ("صناديق شحن مقوّاة", "Reinforced shipping boxes"),
)


def invoice(count: int, salt: int = 0) -> Invoice:
    """The benchmark invoice with `count` lines, totalled. Another `salt`: another invoice of the same build, with its own number, days,
    parties' numbers, items, quantities, prices and so amounts; no text but codes and rates is the same."""
    return totals(
        Invoice(
            number=f"BENCH-2026-{1 + salt}",
            issue_date=date(2026, 11, 23) + timedelta(days=salt % 8),
            type_code="380",
            currency="EUR",
            due_date=date(2026, 12, 23),
            buyer_reference="0150abc",
            project_reference="PRJ-17",
            contract_reference="CTR-2026-9",
            purchase_order_reference="PO-4711",
            sales_order_reference="SO-8812",
            receiving_advice_reference="RA-3",
            despatch_advice_reference="DA-3",
            tender_reference="T-77",
            invoiced_object=Identifier(value="DR35141", scheme="ABT"),
            buyer_accounting_reference="4025:123:4343",
            payment_terms="Payment within 30 days, 2 % discount within 10 days · الدفع خلال 30 يومًا",
            notes=(Note(text="Thank you for your order · شكرًا لطلبكم", subject_code="AAI"),),
            business_process="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
            specification="urn:cen.eu:en16931:2017",
            preceding_invoices=(PrecedingInvoice(number="BENCH-2025-9", issue_date=date(2025, 12, 30)),),
            seller=_party("Wasl Bench Seller SRL", "بائع القياس", "0123456749", "Bruxelles"),
            buyer=_party("Wasl Bench Buyer NV", "مشتري القياس", "0987654394", "Antwerpen"),
            delivery=Delivery(
                name="Depot 4",
                location=Identifier(value="6754238987648", scheme="0088"),
                actual_date=date(2026, 11, 20),
                address=Address(line_1="Delivery street 2", line_2="Building 56", city="Gent", post_code="9000", country="BE"),
            ),
            period=Period(start=START, end=START + timedelta(days=29)),
            payment=PaymentInstructions(
                means_code="30",
                remittance_information="BENCH-2026-1",
                credit_transfers=(
                    CreditTransfer(account="BE68539007547034", account_name="Wasl Bench Seller SRL", service_provider="GKCCBEBB"),
                ),
            ),
            allowances=(
                _document_allowance("40.00", "21", "Loyalty discount", "95"),
                _document_allowance("15.00", "6", "Yearly turnover", "105"),
            ),
            charges=(_document_allowance("25.50", "21", "Freight service", "FC"),),
            supporting_documents=(SupportingDocument(reference="TS-1", description="Time sheet", location="https://example.com/ts-1.pdf"),),
            tax_breakdown=(
                TaxSubtotal(category="E", rate=Decimal(0), exemption_reason="Education", exemption_reason_code="VATEX-EU-132-1I"),
            ),
            lines=tuple(_line(at, salt) for at in range(1, count + 1)),
        )
    )


def document(count: int, salt: int = 0, syntax: str = "ubl") -> bytes:
    """Its file in UBL or CII."""
    made = invoice(count, salt)
    return ubl.write(made) if syntax == "ubl" else cii.write(made, profile="en16931")


def _party(name: str, trading: str, number: str, city: str) -> Party:
    return Party(
        name=name,
        trading_name=trading,
        identifiers=(Identifier(value=number, scheme="0208"),),
        legal_registration=Identifier(value=number, scheme="0208"),
        vat_identifier=f"BE{number}",
        electronic_address=Identifier(value=number, scheme="0208"),
        address=Address(line_1="Rue Royale 120", line_2="Suite 4", city=city, post_code="1000", subdivision="BE-BRU", country="BE"),
        contact=Contact(name="Layla Haddad", telephone="+32 2 555 01 30", email="layla@bench.example"),
    )


def _document_allowance(amount: str, rate: str, reason: str, code: str) -> AllowanceCharge:
    return AllowanceCharge(amount=Decimal(amount), tax_category="S", tax_rate=Decimal(rate), reason=reason, reason_code=code)


def _line(at: int, salt: int) -> Line:
    category, rate = GROUPS[at % len(GROUPS)]
    arabic, english = WORK[at % len(WORK)]
    rich = at % 2 == 0
    gross = Decimal(1200 + at % 89 + salt * (at % 977 + 13) % 9_000) / 100
    own = f" {salt}" if salt else ""
    return Line(
        identifier=str(at + 1000 * salt),
        note=f"Line {at}, see time sheet{own}" if rich else None,
        quantity=Decimal((at + salt) % 17 + 1),
        unit=UNITS[at % len(UNITS)],
        order_line_reference=str(at + 1000 * salt) if rich else None,
        buyer_accounting_reference="Cost centre 7" if rich else None,
        period=Period(start=START + timedelta(days=salt), end=START + timedelta(days=salt + at % 28)) if rich else None,
        allowances=(AllowanceCharge(amount=Decimal("2.50"), reason="Discount", reason_code="95"),) if rich else (),
        charges=(AllowanceCharge(amount=Decimal("1.25"), reason="Packing", reason_code="PC"),) if at % 3 == 0 else (),
        price=Price(net=gross - Decimal("0.20"), discount=Decimal("0.20"), gross=gross, base_quantity=Decimal(1)),
        tax_category=category,
        tax_rate=Decimal(rate),
        item=Item(
            name=f"{arabic}{own}",
            description=f"{english}, batch {at + 1000 * salt}",
            seller_identifier=f"S-{at + 1000 * salt:05d}",
            standard_identifier=Identifier(value=f"{5400000000000 + at + 1000 * salt}", scheme="0160") if rich else None,
            classifications=(Identifier(value="43211503", scheme="TST", scheme_version="19.05.01"),) if rich else (),
            country_of_origin="BE" if rich else None,
            attributes=(ItemAttribute(name="Colour", value="Black"),) if rich else (),
        ),
    )


if __name__ == "__main__":
    for lines in LINES:
        (Path(__file__).parent / f"rich-{lines}.xml").write_bytes(document(lines))
