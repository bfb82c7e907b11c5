"""What a UBL file holds beyond the model is named, with its place; what the writer cannot carry is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from wasl.formats import ubl
from wasl.formats.markup import ForbiddenCharacter
from wasl.invoice.model import Identifier, Invoice, Line, Note, Party, SupportingDocument

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"


def document(body: str, root: str = "Invoice", type_code: str = "380") -> bytes:
    return (
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" xmlns:cac="{CAC}" xmlns:cbc="{CBC}">'
        f"<cbc:{root}TypeCode>{type_code}</cbc:{root}TypeCode><cbc:DocumentCurrencyCode>SAR</cbc:DocumentCurrencyCode>{body}</{root}>"
    ).encode()


def losses(body: str, **how: str) -> list[tuple[str, str]]:
    return [(each.xpath, each.value) for each in ubl.read(document(body, **how)).losses]


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        ("<cbc:UUID>9</cbc:UUID>", [("/ubl:Invoice/cbc:UUID", "9")]),
        ("<cbc:ID schemeID='X'>1</cbc:ID>", [("/ubl:Invoice/cbc:ID/@schemeID", "X")]),
        ("<cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID>", [("/ubl:Invoice/cbc:ID[2]", "2")]),
        ("stray", [("/ubl:Invoice/text()", "stray")]),
        ("<other xmlns='urn:x'>5</other>", [("/ubl:Invoice/*[local-name()='other']", "5")]),
        ("<cbc:ID>1<cbc:Note>2</cbc:Note></cbc:ID>", [("/ubl:Invoice/cbc:ID/cbc:Note", "2")]),
        ("<cbc:IssueDate>2026-02-30</cbc:IssueDate>", [("/ubl:Invoice/cbc:IssueDate", "2026-02-30")]),
        ("<cbc:IssueDate>2026-02-03Z</cbc:IssueDate>", [("/ubl:Invoice/cbc:IssueDate", "2026-02-03Z")]),
        ("<cbc:UBLVersionID>2.4</cbc:UBLVersionID>", [("/ubl:Invoice/cbc:UBLVersionID", "2.4")]),
        (
            "<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID='USD'>1e3</cbc:PayableAmount></cac:LegalMonetaryTotal>",
            [
                ("/ubl:Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount/@currencyID", "USD"),
                ("/ubl:Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount", "1e3"),
            ],
        ),
        (
            "<cac:Delivery/><cac:Delivery><cac:Despatch><cbc:ID a='b'>7</cbc:ID></cac:Despatch></cac:Delivery>",
            [("/ubl:Invoice/cac:Delivery[2]/cac:Despatch/cbc:ID", "7"), ("/ubl:Invoice/cac:Delivery[2]/cac:Despatch/cbc:ID/@a", "b")],
        ),
        (
            "<cac:AllowanceCharge><cbc:ChargeIndicator>yes</cbc:ChargeIndicator></cac:AllowanceCharge>",
            [("/ubl:Invoice/cac:AllowanceCharge/cbc:ChargeIndicator", "yes")],
        ),
        (
            "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject>%"
            "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>",
            [("/ubl:Invoice/cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject", "%")],
        ),
    ],
)
def test_what_the_model_cannot_hold_is_named(body, lost):
    assert losses(body) == lost


def test_a_type_code_that_belongs_to_the_other_document_is_reported():
    assert losses("", root="CreditNote", type_code="380")[0][0] == "/cn:CreditNote"
    assert losses("", root="Invoice", type_code="381")[0][0] == "/ubl:Invoice"
    assert losses("", root="CreditNote", type_code="381") == []


def test_an_amount_in_another_currency_never_passes_for_one_in_ours():
    body = "<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID='USD'>5</cbc:PayableAmount></cac:LegalMonetaryTotal>"

    result = ubl.read(document(body))

    assert result.invoice.totals.payable_amount is None
    assert [each.value for each in result.losses] == ["USD", "5"]


@pytest.mark.parametrize("currency", ["JPY", "SAR", "JOD", "CLF"])
def test_the_largest_amount_that_is_read_can_be_read_back(currency):
    invoice = Invoice(type_code="380", currency=currency, lines=(Line(net_amount=Decimal("9" * 24)),))

    assert ubl.read(ubl.write(invoice)).invoice == invoice


def test_losses_come_in_document_order_and_in_both_languages():
    found = ubl.read(document("<cbc:UUID>1</cbc:UUID><cbc:ID a='b'>2</cbc:ID><cbc:CopyIndicator>true</cbc:CopyIndicator>")).losses

    assert [each.xpath for each in found] == ["/ubl:Invoice/cbc:UUID", "/ubl:Invoice/cbc:ID/@a", "/ubl:Invoice/cbc:CopyIndicator"]
    assert all(each.en and each.ar for each in found)


def test_a_comment_inside_an_amount_joins():
    body = "<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID='SAR'>100<!-- -->0</cbc:PayableAmount></cac:LegalMonetaryTotal>"

    assert ubl.read(document(body)).invoice.totals.payable_amount == Decimal(1000)


@pytest.mark.parametrize("text", ["1e3", "NaN", "INF", "٣", "1,5", "1 0", "0x10", "1" * 25, "0." + "1" * 28, "", "\u00a01"])
def test_what_xml_schema_calls_no_decimal_is_a_loss(text):
    body = f"<cac:LegalMonetaryTotal><cbc:PayableAmount>{text}</cbc:PayableAmount></cac:LegalMonetaryTotal>"

    assert losses(body) == [("/ubl:Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount", text)]


@pytest.mark.parametrize(
    ("text", "want"), [("+5", "5"), (".5", "0.5"), ("5.", "5"), (" 7\n", "7"), ("-0", "0"), ("1000000000000000000", "1000000000000000000")]
)
def test_what_xml_schema_calls_a_decimal_is_read(text, want):
    body = f"<cac:LegalMonetaryTotal><cbc:PayableAmount>{text}</cbc:PayableAmount></cac:LegalMonetaryTotal>"

    assert ubl.read(document(body)).invoice.totals.payable_amount == Decimal(want)


@pytest.mark.parametrize("root", ["Order", "Invoice"])
def test_another_root_is_refused(root):
    with pytest.raises(ubl.NotUbl):
        ubl.read(f"<{root} xmlns='urn:x'/>".encode())


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_control_character_is_refused_by_the_writer(character):
    for invoice in (Invoice(number=f"a{character}b"), Invoice(invoiced_object=Identifier(value="x", scheme=character))):
        with pytest.raises(ForbiddenCharacter) as caught:
            ubl.write(invoice)
        assert character not in str(caught.value)


def test_markup_white_space_and_bidi_marks_survive():
    text = "a < b & \"c\" > 'd' ]]> \r\n\t\u2068ع\u2069 😀"
    invoice = Invoice(
        type_code="380",
        notes=(Note(text=text),),
        seller=Party(name=text, identifiers=(Identifier(value=text, scheme=text),)),
        supporting_documents=(SupportingDocument(reference=text, content=b"x", filename=text),),
        lines=(Line(quantity=Decimal(1), unit=text),),
    )

    assert ubl.read(ubl.write(invoice)).invoice == invoice


def test_amounts_take_the_minor_units_of_their_currency_and_never_lose_a_digit():
    def shown(currency: str, amount: str) -> str:
        return ubl.write(Invoice(currency=currency, lines=(Line(net_amount=Decimal(amount)),))).decode().split("LineExtensionAmount")[1]

    assert shown("SAR", "5") == ' currencyID="SAR">5.00</cbc:'
    assert shown("JOD", "5.1") == ' currencyID="JOD">5.100</cbc:'
    assert shown("JPY", "5.00") == ' currencyID="JPY">5</cbc:'
    assert shown("EUR", "5.125") == ' currencyID="EUR">5.125</cbc:'
    assert shown("EUR", "1E+3") == ' currencyID="EUR">1000.00</cbc:'
    assert shown("EUR", "-0") == ' currencyID="EUR">0.00</cbc:'
