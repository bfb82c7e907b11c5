"""Generated invoices for property tests.

`any_invoices()` are models of any shape that UBL can carry, consistent or not: for round trips.
`trades()` are invoices that a business could send, with totals computed: for arithmetic and credit notes.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from wasl.invoice.model import (
    Address,
    AllowanceCharge,
    Card,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentTotals,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    Note,
    Party,
    Payee,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    TaxRepresentative,
    TaxSubtotal,
)
from wasl.invoice.money import minor_units
from wasl.invoice.totals import totals

CURRENCIES = ("SAR", "JOD", "EUR", "JPY", "AED")
# Everything XML may hold, weighted towards what breaks writers: markup, white space, Arabic, bidi marks, astral letters.
_ALPHABET = st.one_of(
    st.sampled_from("&<>\"'\r\n\t]]>#ابتثصض٣ \u200f\u2068😀é"),
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
)
text = st.text(_ALPHABET, max_size=12)
dates = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))
schemes = st.sampled_from(["0088", "0060", "CRN", "EM"])
countries = st.sampled_from(["SA", "JO", "BE", "DE"])
categories = st.sampled_from(["S", "Z", "E", "AE", "O"])


def maybe(strategy):
    """Present or absent."""
    return st.none() | strategy


def decimals(places: int = 2, low: str = "-1000000000", high: str = "1000000000"):
    """Decimals with exactly `places` decimals."""
    return st.decimals(Decimal(low), Decimal(high), allow_nan=False, allow_infinity=False, places=places)


identifiers = st.builds(Identifier, value=text, scheme=maybe(schemes))
addresses = st.builds(
    Address,
    line_1=maybe(text),
    line_2=maybe(text),
    line_3=maybe(text),
    city=maybe(text),
    post_code=maybe(text),
    subdivision=maybe(text),
    country=maybe(countries),
)
parties = st.builds(
    Party,
    name=maybe(text),
    trading_name=maybe(text),
    identifiers=st.lists(identifiers, max_size=2).map(tuple),
    legal_registration=maybe(identifiers),
    vat_identifier=maybe(text),
    tax_registration=maybe(text),
    additional_legal_information=maybe(text),
    electronic_address=maybe(identifiers),
    address=maybe(addresses),
    contact=maybe(st.builds(Contact, name=maybe(text), telephone=maybe(text), email=maybe(text))),
)
payees = st.builds(Payee, name=maybe(text), identifier=maybe(identifiers), legal_registration=maybe(identifiers))
representatives = st.builds(TaxRepresentative, name=maybe(text), vat_identifier=maybe(text), address=maybe(addresses))
deliveries = st.builds(Delivery, name=maybe(text), location=maybe(identifiers), actual_date=maybe(dates), address=maybe(addresses))
periods = st.builds(Period, start=dates, end=maybe(dates))
transfers = st.builds(CreditTransfer, account=maybe(text), account_name=maybe(text), service_provider=maybe(text))
payments = st.builds(
    PaymentInstructions,
    means_code=st.sampled_from(["30", "58", "48", "ZZZ"]),
    means_text=maybe(text),
    remittance_information=maybe(text),
    credit_transfers=st.lists(transfers, max_size=3).map(tuple),
    card=maybe(st.builds(Card, account_number=maybe(text), holder_name=maybe(text))),
    direct_debit=maybe(st.builds(DirectDebit, mandate=maybe(text), creditor=maybe(text), debited_account=maybe(text))),
)
notes = st.builds(Note, text=text.filter(lambda each: not each.startswith("#")), subject_code=maybe(st.sampled_from(["AAI", "ADU"])))
items = st.builds(
    Item,
    name=maybe(text),
    description=maybe(text),
    seller_identifier=maybe(text),
    buyer_identifier=maybe(text),
    standard_identifier=maybe(identifiers),
    classifications=st.lists(st.builds(Identifier, value=text, scheme=maybe(schemes), scheme_version=maybe(st.just("7"))), max_size=2).map(tuple),
    country_of_origin=maybe(countries),
    attributes=st.lists(st.builds(ItemAttribute, name=maybe(text), value=maybe(text)), max_size=2).map(tuple),
)


def allowances(places: int, *, taxed: bool):
    """An allowance or charge; with category and rate on the document, without on a line."""
    amounts = decimals(places)
    return st.builds(
        AllowanceCharge,
        amount=maybe(amounts),
        base_amount=maybe(amounts),
        percentage=maybe(decimals(3, "0", "100")),
        tax_category=maybe(categories) if taxed else st.none(),
        tax_rate=maybe(decimals(2, "0", "100")) if taxed else st.none(),
        reason=maybe(text),
        reason_code=maybe(st.sampled_from(["95", "FC"])),
    )


@st.composite
def any_lines(draw, places: int):
    """A line of any shape; a unit only beside its quantity, as UBL can only carry it there."""
    quantity = draw(maybe(decimals(3)))
    base_quantity = draw(maybe(decimals(0, "1", "1000")))
    priced = draw(st.booleans())
    price = Price(
        net=draw(maybe(decimals(5))),
        discount=draw(maybe(decimals(4))),
        gross=draw(maybe(decimals(4))),
        base_quantity=base_quantity,
        base_quantity_unit=None if base_quantity is None else draw(maybe(st.just("HUR"))),
    )
    return Line(
        identifier=draw(maybe(text)),
        note=draw(maybe(text)),
        invoiced_object=draw(maybe(identifiers)),
        quantity=quantity,
        unit=None if quantity is None else draw(maybe(st.sampled_from(["HUR", "C62", "غير معروفة"]))),
        net_amount=draw(maybe(decimals(places))),
        order_line_reference=draw(maybe(text)),
        buyer_accounting_reference=draw(maybe(text)),
        period=draw(maybe(periods)),
        allowances=tuple(draw(st.lists(allowances(places, taxed=False), max_size=2))),
        charges=tuple(draw(st.lists(allowances(places, taxed=False), max_size=1))),
        price=price if priced else None,
        tax_category=draw(maybe(categories)),
        tax_rate=draw(maybe(decimals(2, "0", "100"))),
        item=draw(items),
    )


@st.composite
def any_supporting_documents(draw):
    """BG-24; a MIME code and a file name only beside the content."""
    content = draw(maybe(st.binary(max_size=20)))
    return SupportingDocument(
        reference=draw(maybe(text)),
        description=draw(maybe(text)),
        location=draw(maybe(text)),
        content=content,
        mime_code=None if content is None else draw(maybe(st.just("application/pdf"))),
        filename=None if content is None else draw(maybe(text)),
    )


def document_totals(places: int):
    """BG-22, consistent or not."""
    amounts = maybe(decimals(places))
    names = [name for name in DocumentTotals.__struct_fields__ if name != "tax_amount_accounting"]
    return st.builds(DocumentTotals, **dict.fromkeys(names, amounts))


@st.composite
def any_invoices(draw):
    """An invoice or credit note of any shape that UBL carries without loss."""
    currency = draw(st.sampled_from(CURRENCIES))
    places = minor_units(currency)
    payment = draw(maybe(payments))
    subtotals = st.builds(
        TaxSubtotal,
        taxable_amount=maybe(decimals(places)),
        tax_amount=maybe(decimals(places)),
        category=categories,
        rate=maybe(decimals(2, "0", "100")),
        exemption_reason=maybe(text),
        exemption_reason_code=maybe(st.just("VATEX-EU-O")),
    )
    optional = {name: draw(maybe(text)) for name in _TEXT_FIELDS}
    return Invoice(
        **optional,
        issue_date=draw(maybe(dates)),
        type_code=draw(st.sampled_from(["380", "388", "381", "396"])),
        currency=currency,
        tax_currency=draw(maybe(st.sampled_from(CURRENCIES))),
        tax_point_date=draw(maybe(dates)),
        tax_point_date_code=draw(maybe(st.sampled_from(["3", "35", "432"]))),
        due_date=draw(maybe(dates)),
        invoiced_object=draw(maybe(identifiers)),
        notes=tuple(draw(st.lists(notes, max_size=2))),
        preceding_invoices=tuple(draw(st.lists(st.builds(PrecedingInvoice, number=maybe(text), issue_date=maybe(dates)), max_size=2))),
        seller=draw(parties if payment and payment.direct_debit else maybe(parties)),
        buyer=draw(maybe(parties)),
        payee=draw(maybe(payees)),
        tax_representative=draw(maybe(representatives)),
        delivery=draw(maybe(deliveries)),
        period=draw(maybe(periods)),
        payment=payment,
        allowances=tuple(draw(st.lists(allowances(places, taxed=True), max_size=2))),
        charges=tuple(draw(st.lists(allowances(places, taxed=True), max_size=2))),
        totals=draw(document_totals(places)),
        tax_breakdown=tuple(draw(st.lists(subtotals, max_size=2))),
        supporting_documents=tuple(draw(st.lists(any_supporting_documents(), max_size=2))),
        lines=tuple(draw(st.lists(any_lines(places), max_size=3))),
    )


_TEXT_FIELDS = (
    "number",
    "buyer_reference",
    "project_reference",
    "contract_reference",
    "purchase_order_reference",
    "sales_order_reference",
    "receiving_advice_reference",
    "despatch_advice_reference",
    "tender_reference",
    "buyer_accounting_reference",
    "payment_terms",
    "business_process",
    "specification",
)

_RATES = (("S", Decimal(15)), ("S", Decimal(5)), ("S", Decimal("7.7")), ("Z", Decimal(0)), ("E", Decimal(0)))
rates = st.sampled_from(_RATES)


@st.composite
def trade_lines(draw, number: int, places: int):
    """A line that a business could sell: positive quantity and price, a discount below its value."""
    category, rate = draw(rates)
    quantity = draw(decimals(draw(st.sampled_from([0, 3])), "0.5", "500"))
    price = draw(decimals(draw(st.sampled_from([2, 4])), "0.01", "9000"))
    discounts = draw(st.lists(st.builds(AllowanceCharge, percentage=decimals(1, "0", "40"), reason=st.just("خصم")), max_size=1))
    charges = draw(st.lists(st.builds(AllowanceCharge, amount=decimals(places, "0", "90"), reason=st.just("Freight")), max_size=1))
    return Line(
        identifier=str(number),
        quantity=quantity,
        unit="HUR",
        price=Price(net=price, base_quantity=draw(st.sampled_from([None, Decimal(1), Decimal(3)]))),
        allowances=tuple(discounts),
        charges=tuple(charges),
        tax_category=category,
        tax_rate=rate,
        item=Item(name="استشارة", description="Consulting"),
    )


@st.composite
def trades(draw, currencies=CURRENCIES):
    """A totalled invoice with one to five lines, several rates, document allowances and charges."""
    currency = draw(st.sampled_from(currencies))
    places = minor_units(currency)
    lines = [draw(trade_lines(at, places)) for at in range(1, draw(st.integers(1, 5)) + 1)]
    category, rate = lines[0].tax_category, lines[0].tax_rate
    percentages = st.builds(
        AllowanceCharge, percentage=decimals(1, "0", "9"), tax_category=st.just(category), tax_rate=st.just(rate), reason=st.just("خصم")
    )
    amounts = st.builds(
        AllowanceCharge, amount=decimals(places, "0", "900"), tax_category=st.just(category), tax_rate=st.just(rate), reason=st.just("Fee")
    )
    return totals(
        Invoice(
            number="INV-7",
            issue_date=date(2026, 11, 23),
            due_date=date(2026, 12, 23),
            type_code="380",
            currency=currency,
            specification="urn:cen.eu:en16931:2017",
            seller=Party(name="شركة المثال", vat_identifier="SA300000000000003", address=Address(city="الرياض", country="SA")),
            buyer=Party(name="Buyer", address=Address(city="Gent", country="BE")),
            tax_breakdown=(TaxSubtotal(category="E", rate=Decimal(0), exemption_reason="تعليم · Education"),),
            lines=tuple(lines),
            charges=tuple(draw(st.lists(amounts, max_size=1))),
            # A percentage of all lines may pass one category's own amount; it is then taken from that category alone.
            allowances=tuple(draw(st.lists(percentages, max_size=1))) if len(lines) == 1 else (),
            totals=DocumentTotals(prepaid_amount=draw(maybe(decimals(places, "0", "50")))),
        )
    )
