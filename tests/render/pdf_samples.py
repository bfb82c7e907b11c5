"""Invoices for the pictures and tests of the PDF: small builders that state only what matters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from wasl.invoice.model import (
    Address,
    AllowanceCharge,
    Contact,
    CreditTransfer,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    Payee,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Price,
)
from wasl.invoice.totals import totals
from wasl.render import Allocation, OpenItem, PaymentReceipt, RenderContext, Statement, StatementRow

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<Invoice><ID>INV-2026-004217</ID><Name>شركة سند</Name></Invoice>\n'.encode()
XADES = b'<?xml version="1.0"?>\n<XAdESSignatures/>\n'
TLV = bytes.fromhex("0c") + b"x" * 300

ITEMS = [
    ("خدمات استشارية في التحول الرقمي", "Digital transformation consulting", "10", "HUR", "215.83"),
    ("رخصة برنامج محاسبة سنوية (5 مستخدمين)", "Annual accounting licence (5 users)", "5", "C62", "2575.01"),
    ("صيانة خوادم ودعم فني 24/7", "Server maintenance & 24/7 support", "11", "MON", "122.76"),
    ("تصميم واجهات المستخدم", "User-interface design", "2", "DAY", "2470.25"),
    ("تدريب فريق العمل – المستوى الثاني", "Team training – level II", "5", "DAY", "4362.97"),
    ("استضافة سحابية 500 GB", "Cloud hosting, 500 GB", "3", "MON", "3471.07"),
    ("طابعة ليزر HP M404dn", "HP M404dn laser printer", "2", "C62", "225.37"),
    ("ورق تصوير A4 – 80 غ/م²", "A4 copy paper – 80 g/m²", "100", "KGM", "26.14"),
    ("توصيل وتركيب داخل الرياض", "Delivery & installation in Riyadh", "3", "C62", "443.92"),
    ("اشتراك بوابة الدفع الإلكتروني", "Payment-gateway subscription", "2", "ANN", "3953.81"),
]

SELLER = Party(
    name="شركة سند للتقنية المحدودة",
    trading_name="Sanad Technology Co. Ltd.",
    vat_identifier="310122393500003",
    legal_registration=Identifier(value="1010123456"),
    address=Address(line_1="طريق الملك فهد، حي العليا", city="الرياض", post_code="12214", country="SA"),
    contact=Contact(email="billing@sanad.example"),
)
BUYER = Party(
    name="مؤسسة الأفق الأزرق للتجارة",
    trading_name="Blue Horizon Trading Est.",
    vat_identifier="300055184400003",
    address=Address(line_1="شارع الأمير محمد بن عبدالعزيز", city="جدة", post_code="23453", country="SA"),
)


def line(at: int, name: str, description: str | None, quantity: str, unit: str, price: str, *, rate: str = "15", **more: Any) -> Line:
    return Line(
        identifier=str(at),
        quantity=Decimal(quantity),
        unit=unit,
        price=Price(net=Decimal(price)),
        tax_category="S",
        tax_rate=Decimal(rate),
        item=Item(name=name, description=description),
        **more,
    )


def invoice(count: int = 10, **changes: Any) -> Invoice:
    """A Saudi invoice of `count` lines with its totals."""
    lines = tuple(line(i + 1, *ITEMS[i % len(ITEMS)]) for i in range(count))
    base = Invoice(
        number="INV-2026-004217",
        issue_date=date(2026, 11, 23),
        due_date=date(2026, 12, 23),
        type_code="380",
        currency="SAR",
        seller=SELLER,
        buyer=BUYER,
        delivery=Delivery(actual_date=date(2026, 11, 20)),
        payment=PaymentInstructions(
            means_code="30",
            remittance_information="INV-2026-004217",
            credit_transfers=(CreditTransfer(account="SA0380000000608010167519", account_name="شركة سند للتقنية المحدودة"),),
        ),
        lines=lines,
    )
    return totals(msgspec.structs.replace(base, **changes))


def english(count: int = 10, **changes: Any) -> Invoice:
    """A Belgian invoice in euros."""
    seller = Party(
        name="Ommegang Studio SRL",
        vat_identifier="BE0123456749",
        legal_registration=Identifier(value="0123456749", scheme="0208"),
        address=Address(line_1="Rue de la Loi 16", city="Brussels", post_code="1000", country="BE"),
    )
    buyer = Party(
        name="Horizon Bleu SA",
        vat_identifier="FR32123456789",
        address=Address(line_1="5 rue de Rivoli", city="Paris", post_code="75001", country="FR"),
    )
    lines = tuple(line(i + 1, ITEMS[i % 10][1], None, *ITEMS[i % 10][2:], rate="21") for i in range(count))
    payment = PaymentInstructions(
        means_code="58", credit_transfers=(CreditTransfer(account="BE68539007547034", service_provider="KREDBEBB"),)
    )
    fields = {
        "currency": "EUR",
        "seller": seller,
        "buyer": buyer,
        "lines": lines,
        "payment": payment,
        "purchase_order_reference": "PO-77120",
    }
    return invoice(1, **{**fields, "payment_terms": "Payable within 30 days.", **changes})


def jordanian(count: int = 3) -> Invoice:
    """Three decimals, a discount on a line and one on the document."""
    seller = Party(
        name="مكتبة النهر",
        trading_name="Al-Nahr Books",
        vat_identifier="12345678",
        address=Address(line_1="شارع الرينبو", city="عمّان", country="JO"),
    )
    discount = (AllowanceCharge(amount=Decimal("1.250"), percentage=Decimal(5), base_amount=Decimal("25.000"), reason="خصم الكمية"),)
    lines = tuple(
        line(i + 1, f"كتاب رقم {i + 1}", "غلاف مقوّى", str(i + 2), "C62", "12.375", rate="16", allowances=discount if i == 1 else ())
        for i in range(count)
    )
    overall = AllowanceCharge(amount=Decimal("2.500"), tax_category="S", tax_rate=Decimal(16), reason="خصم ولاء")
    return invoice(1, number="JO-2026-00031", currency="JOD", seller=seller, lines=lines, allowances=(overall,), payment=None)


def credit_note(count: int = 2) -> Invoice:
    return invoice(
        count,
        number="CN-2026-000031",
        type_code="381",
        due_date=None,
        payment=None,
        preceding_invoices=(PrecedingInvoice(number="INV-2026-004217", issue_date=date(2026, 11, 23)),),
        notes=(Note(text="أُعيدت طابعة تالفة."),),
    )


def context(**changes: Any) -> RenderContext:
    fields: dict[str, Any] = {
        "issued_at": AT,
        "pay_url": "https://pay.sanad.example/i/6TnGq3mJ0mXvR2yKbHc1Zw",
        "claim_code": "7KQ4-MX2P-9D",
        "verify_url": "https://pay.sanad.example/v/Qm3v8xkT1d",
        "tax_qr": TLV,
        "document_xml": XML,
        "xades": XADES,
        "profile_name": "EN 16931",
        "logo": LOGO,
    }
    return RenderContext(**{**fields, **changes})


LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#0b4f4a"/>'
    b'<g stroke="#e3f0ee" stroke-width="5" stroke-linecap="round"><path d="M18 22h29"/><path d="M18 32h29"/><path d="M18 42h16"/></g>'
    b'<circle cx="44" cy="43" r="5" fill="#e0a13a"/></svg>'
)


def kinds() -> dict[str, tuple[Invoice, dict[str, Any]]]:
    """One invoice of every kind that looks different, with what its context adds."""
    original = (PrecedingInvoice(number="INV-2026-004217", issue_date=date(2026, 11, 23)),)
    offer = {"payment": None, "delivery": None, "due_date": date(2026, 12, 31)}
    factor = Payee(name="بنك التمويل الدولي", identifier=Identifier(value="SA-88201"))
    return {
        "credit-note": (credit_note(), {}),
        "debit-note": (invoice(1, number="DN-2026-000009", type_code="383", preceding_invoices=original), {}),
        "corrected": (invoice(2, number="INV-2026-004218", type_code="384", preceding_invoices=original), {}),
        "self-billed": (invoice(2, number="SB-2026-00011", type_code="389"), {}),
        "factored": (invoice(1, number="INV-2026-004300", type_code="393", payee=factor), {}),
        "pro-forma": (invoice(3, number="PF-2026-00077", type_code="325", **offer), {}),
        "quote": (invoice(3, number="Q-2026-00120", **offer), {"kind": "quote"}),
    }


def statement() -> Statement:
    rows = (
        StatementRow(kind="invoice", number="INV-2026-004101", issue_date=date(2026, 8, 2), due_date=date(2026, 9, 1), amount=Decimal("11500.00")),
        StatementRow(kind="payment", number="PAY-77120", issue_date=date(2026, 9, 4), amount=Decimal("-11500.00")),
        StatementRow(kind="invoice", number="INV-2026-004150", issue_date=date(2026, 9, 14), due_date=date(2026, 10, 14), amount=Decimal("23000.00")),
        StatementRow(kind="credit-note", number="CN-2026-000031", issue_date=date(2026, 9, 20), amount=Decimal("-2300.00")),
        StatementRow(kind="invoice", number="INV-2026-004217", issue_date=date(2026, 11, 23), due_date=date(2026, 12, 23), amount=Decimal("75734.85")),
    )
    items = (
        OpenItem(number="INV-2026-003990", due_date=date(2026, 6, 1), amount=Decimal("1250.00")),
        OpenItem(number="INV-2026-004150", due_date=date(2026, 10, 14), amount=Decimal("20700.00")),
        OpenItem(number="INV-2026-004217", due_date=date(2026, 12, 23), amount=Decimal("75734.85")),
    )
    return Statement(
        seller=SELLER,
        customer=BUYER,
        currency="SAR",
        issue_date=date(2026, 11, 30),
        number="ST-2026-0112",
        period=Period(start=date(2026, 8, 1), end=date(2026, 11, 30)),
        opening=Decimal("1250.00"),
        rows=rows,
        open_items=items,
        note="يسعدنا الرد على أي سؤال عن هذا الكشف.",
    )


def receipt() -> PaymentReceipt:
    return PaymentReceipt(
        number="RC-2026-000871",
        issue_date=date(2026, 12, 20),
        seller=SELLER,
        payer=BUYER,
        currency="SAR",
        amount=Decimal("80000.00"),
        means_code="30",
        reference="FT26354X9K2",
        allocations=(
            Allocation(number="INV-2026-004217", issue_date=date(2026, 11, 23), paid=Decimal("75734.85"), remaining=Decimal("0.00")),
            Allocation(number="INV-2026-004150", issue_date=date(2026, 9, 14), paid=Decimal("4000.00"), remaining=Decimal("16700.00")),
        ),
    )


def bare(**changes: Any) -> RenderContext:
    """The context of a document without an electronic original."""
    return context(**{"document_xml": None, "xades": None, "tax_qr": None, "profile_name": None, "pay_url": None, "verify_url": None, **changes})
