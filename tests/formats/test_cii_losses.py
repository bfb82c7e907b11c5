"""What a CII file holds beyond the model is named, with its place; codes are mapped both ways."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from wasl.formats import cii, ubl
from wasl.formats.convert import convert_invoice
from wasl.formats.markup import ForbiddenCharacter
from wasl.formats.names import QDT, RAM, RSM, UDT
from wasl.invoice.model import (
    CreditTransfer,
    DirectDebit,
    DocumentTotals,
    Identifier,
    Invoice,
    Line,
    Note,
    Party,
    PaymentInstructions,
    Price,
    TaxSubtotal,
)

TRANSACTION = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
SETTLEMENT = f"{TRANSACTION}/ram:ApplicableHeaderTradeSettlement"


def settlement(body: str) -> bytes:
    return (
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{RSM}" xmlns:ram="{RAM}" xmlns:udt="{UDT}" xmlns:qdt="{QDT}">'
        "<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
        f"{body}</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def losses(body: str) -> list[tuple[str, str]]:
    return [(each.xpath.removeprefix(SETTLEMENT), each.value) for each in cii.read(settlement(body)).losses]


def dated(text: str, form: str = "102") -> str:
    return f'<ram:DueDateDateTime><udt:DateTimeString format="{form}">{text}</udt:DateTimeString></ram:DueDateDateTime>'


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        ("<ram:InvoiceIssuerReference>9</ram:InvoiceIssuerReference>", [("/ram:InvoiceIssuerReference", "9")]),
        ("<ram:PaymentReference x='1'>2</ram:PaymentReference>", [("/ram:PaymentReference/@x", "1")]),
        ("stray", [("/text()", "stray")]),
        (
            f"<ram:SpecifiedTradePaymentTerms>{dated('20260230')}</ram:SpecifiedTradePaymentTerms>",
            [("/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString", "20260230")],
        ),
        (
            f"<ram:SpecifiedTradePaymentTerms>{dated('202602', '610')}</ram:SpecifiedTradePaymentTerms>",
            [("/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString", "202602")],
        ),
        (
            "<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:DuePayableAmount currencyID='USD'>5</ram:DuePayableAmount>"
            "</ram:SpecifiedTradeSettlementHeaderMonetarySummation>",
            [
                ("/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:DuePayableAmount/@currencyID", "USD"),
                ("/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:DuePayableAmount", "5"),
            ],
        ),
        (
            "<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxTotalAmount currencyID='USD'>5</ram:TaxTotalAmount>"
            "</ram:SpecifiedTradeSettlementHeaderMonetarySummation>",
            [("/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount", "5")],
        ),
        (
            "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>yes</udt:Indicator></ram:ChargeIndicator>"
            "</ram:SpecifiedTradeAllowanceCharge>",
            [("/ram:SpecifiedTradeAllowanceCharge/ram:ChargeIndicator/udt:Indicator", "yes")],
        ),
        (
            "<ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:DueDateTypeCode>35</ram:DueDateTypeCode></ram:ApplicableTradeTax>",
            [("/ram:ApplicableTradeTax/ram:DueDateTypeCode", "35")],  # a code of UBL's list, not of this one
        ),
        (
            "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode></ram:SpecifiedTradeSettlementPaymentMeans>"
            "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode></ram:SpecifiedTradeSettlementPaymentMeans>",
            [("/ram:SpecifiedTradeSettlementPaymentMeans[2]/ram:TypeCode", "58")],
        ),
        (
            "<ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>A</ram:IBANID>"
            "<ram:ProprietaryID>B</ram:ProprietaryID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>",
            [("/ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID", "B")],
        ),
    ],
)
def test_what_the_model_cannot_hold_is_named(body, lost):
    assert losses(body) == lost


def test_another_root_is_refused():
    with pytest.raises(cii.NotCii):
        cii.read(b"<CrossIndustryInvoice/>")


@pytest.mark.parametrize(("ours", "theirs"), [("3", "5"), ("35", "29"), ("432", "72")])
def test_the_tax_point_code_is_uncl_2005_in_ubl_and_2475_in_cii(ours, theirs):
    invoice = Invoice(tax_point_date_code=ours, tax_breakdown=(TaxSubtotal(category="S"), TaxSubtotal(category="Z")))

    document = cii.write(invoice)

    assert document.decode().count(f"<ram:DueDateTypeCode>{theirs}</ram:DueDateTypeCode>") == 2
    assert cii.read(document).invoice.tax_point_date_code == ours
    assert ubl.read(ubl.write(invoice)).invoice.tax_point_date_code == ours


def test_a_tax_point_code_of_no_list_is_a_loss_that_names_its_term():
    done = convert_invoice(Invoice(tax_point_date_code="99", tax_breakdown=(TaxSubtotal(category="S"),)), to="cii")

    assert [(each.term, each.value, each.kind) for each in done.losses] == [("BT-8", "99", "lost")]
    assert not done.complete


def test_the_tax_point_date_stands_once():
    document = cii.write(Invoice(tax_point_date=date(2026, 1, 2), tax_breakdown=(TaxSubtotal(category="S"), TaxSubtotal(category="Z"))))

    assert document.count(b"<ram:TaxPointDate>") == 1  # CII-SR-461
    assert cii.read(document).invoice.tax_point_date == date(2026, 1, 2)


def test_an_iban_and_another_account_number_have_elements_of_their_own():
    accounts = ("SA0380000000608010167519", "BE68 5390 0754 7034", "12-345", "")
    payment = PaymentInstructions(means_code="58", credit_transfers=tuple(CreditTransfer(account=each) for each in accounts))

    document = cii.write(Invoice(payment=payment)).decode()

    assert document.count("<ram:IBANID>") == 2
    assert document.count("<ram:ProprietaryID>") == 2
    assert cii.read(document.encode()).invoice.payment == payment


def test_the_second_tax_total_is_told_by_its_currency():
    totals = DocumentTotals(tax_amount=Decimal("15.00"), tax_amount_accounting=Decimal("5.000"))
    invoice = Invoice(currency="SAR", tax_currency="JOD", totals=totals)

    document = cii.write(invoice)

    assert b'<ram:TaxTotalAmount currencyID="SAR">15.00</ram:TaxTotalAmount>\n<ram:TaxTotalAmount currencyID="JOD">5.000<' in document
    assert cii.read(document).invoice == invoice


def test_direct_debit_stands_in_three_places():
    payment = PaymentInstructions(means_code="59", direct_debit=DirectDebit(mandate="M", creditor="C", debited_account="A"))

    document = cii.write(Invoice(payment=payment)).decode()

    for element in ("CreditorReferenceID>C", "DirectDebitMandateID>M", "IBANID>A"):
        assert f"<ram:{element}</ram:" in document
    assert cii.read(document.encode()).invoice.payment == payment


@pytest.mark.parametrize(
    "payment",
    [
        PaymentInstructions(),
        PaymentInstructions(direct_debit=DirectDebit()),
        PaymentInstructions(direct_debit=DirectDebit(creditor="C")),
        PaymentInstructions(remittance_information="R"),
        PaymentInstructions(credit_transfers=(CreditTransfer(),)),
        PaymentInstructions(means_text="T", direct_debit=DirectDebit(mandate="")),
    ],
)
def test_half_empty_payment_instructions_come_back(payment):
    assert cii.read(cii.write(Invoice(payment=payment))).invoice.payment == payment


def test_the_three_changes_of_shape_lose_nothing_and_are_told():
    line = Line(price=Price(net=Decimal(90), discount=Decimal(10)))
    identifiers = (Identifier(value="1", scheme="0088"), Identifier(value="2"))
    invoice = Invoice(currency="EUR", tax_currency="EUR", seller=Party(identifiers=identifiers), lines=(line,))

    done = convert_invoice(invoice, to="cii")

    assert [(each.term, each.kind) for each in done.losses] == [("BT-6", "changed"), ("BT-148", "changed")]
    assert done.invoice.lines[0].price.gross == 100
    assert done.invoice.seller.identifiers == identifiers[::-1]
    assert done.complete


@pytest.mark.parametrize("character", ["\x00", "\x1f", "\uffff"])
def test_a_control_character_is_refused_by_the_writer(character):
    with pytest.raises(ForbiddenCharacter):
        cii.write(Invoice(notes=(Note(text=f"a{character}"),)))


def test_amounts_take_the_minor_units_of_their_currency_and_never_lose_a_digit():
    def shown(currency: str, amount: str) -> str:
        return cii.write(Invoice(currency=currency, lines=(Line(net_amount=Decimal(amount)),))).decode().split("LineTotalAmount>")[1]

    assert [shown("SAR", "5"), shown("JOD", "5.1"), shown("JPY", "5.00"), shown("EUR", "-5.125")] == [
        "5.00</ram:", "5.100</ram:", "5</ram:", "-5.125</ram:"
    ]  # fmt: skip
