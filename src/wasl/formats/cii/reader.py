"""Reading CII D16B (Factur-X, ZUGFeRD 2, XRechnung) by the EN 16931-3-3 binding, without loss.

Whatever the model has no term for is in `ReadResult.losses`, each with its place and value.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from wasl.errors import UnreadableInput
from wasl.formats import quick, xml
from wasl.formats.cii import lines, parties, payment
from wasl.formats.cii.dates import day
from wasl.formats.cii.names import INVOICED_OBJECT_TYPE, PROJECT_NAME, ROOT, SUPPORTING_TYPE, TAX_POINT_FROM_CII, TENDER_TYPE
from wasl.formats.cursor import Group, Source
from wasl.formats.lexical import XML_SPACE
from wasl.formats.names import clark
from wasl.formats.result import ReadResult
from wasl.invoice.model import DocumentTotals, Identifier, Invoice, Note, PrecedingInvoice, SupportingDocument, TaxSubtotal

_CURRENCY = "/".join(
    clark(name) for name in ("rsm:SupplyChainTradeTransaction", "ram:ApplicableHeaderTradeSettlement", "ram:InvoiceCurrencyCode")
)


class NotCii(UnreadableInput):
    """Well-formed XML with another root."""

    code = "WASL-CII-01"
    en = "The root element is “{root}”; a CII CrossIndustryInvoice is expected. Fix: choose the invoice's CII file."
    ar = "العنصر الجذر «{root}»، والمتوقع فاتورة CII (CrossIndustryInvoice). الحل: اختر ملف الفاتورة بهذه الصيغة."


def read(data: bytes) -> ReadResult:
    """The invoice in `data`, the quick way where nothing is lost, as nearly always. Raises `UnreadableInput` subclasses only."""
    done = quick.attempt(data, build)
    return read_thoroughly(data) if done is None else replace(done, source=data)


def read_thoroughly(data: bytes) -> ReadResult:
    """The invoice in `data`, and what it could not hold. Raises `UnreadableInput` subclasses only."""
    result = from_tree(xml.parse(data, blanks=False))
    return ReadResult(invoice=result.invoice, losses=result.losses, syntax=result.syntax, source=data)


def from_tree(root: xml.Element) -> ReadResult:
    """The same for a tree that `wasl.formats.xml.parse` made."""
    return build(Source(root))


def build(source: Source) -> ReadResult:
    """The same for a document that has been opened."""
    root = source.root
    if root.tag != ROOT:
        raise NotCii(root=root.tag.rpartition("}")[2][:80])
    currency = root.findtext(_CURRENCY)
    source.currency = None if currency is None else currency.strip(XML_SPACE)
    invoice = _invoice(source.open(root))
    return ReadResult(invoice=invoice, losses=source.losses(), syntax="cii")


def _invoice(group: Group) -> Invoice:
    context, document = group.section("rsm:ExchangedDocumentContext"), group.section("rsm:ExchangedDocument")
    transaction = group.section("rsm:SupplyChainTradeTransaction")
    agreement = transaction.section("ram:ApplicableHeaderTradeAgreement")
    delivery = transaction.section("ram:ApplicableHeaderTradeDelivery")
    settlement = transaction.section("ram:ApplicableHeaderTradeSettlement")
    currency, tax_currency = settlement.code("ram:InvoiceCurrencyCode"), settlement.code("ram:TaxCurrencyCode")
    documents = _documents(agreement)
    tax = _tax(settlement)
    terms = settlement.section("ram:SpecifiedTradePaymentTerms")
    allowances, charges = lines.allowances_and_charges(settlement)
    return Invoice(
        number=document.text("ram:ID"),
        issue_date=day(document, "ram:IssueDateTime"),
        type_code=document.code("ram:TypeCode"),
        currency=currency,
        tax_currency=tax_currency,
        tax_point_date=tax.point,
        tax_point_date_code=tax.code,
        due_date=day(terms, "ram:DueDateDateTime"),
        buyer_reference=agreement.text("ram:BuyerReference"),
        project_reference=_project(agreement.group("ram:SpecifiedProcuringProject")),
        contract_reference=_reference(agreement, "ram:ContractReferencedDocument"),
        purchase_order_reference=_reference(agreement, "ram:BuyerOrderReferencedDocument"),
        sales_order_reference=_reference(agreement, "ram:SellerOrderReferencedDocument"),
        receiving_advice_reference=_reference(delivery, "ram:ReceivingAdviceReferencedDocument"),
        despatch_advice_reference=_reference(delivery, "ram:DespatchAdviceReferencedDocument"),
        tender_reference=documents.tender,
        invoiced_object=documents.invoiced_object,
        buyer_accounting_reference=_account(settlement),
        payment_terms=terms.text("ram:Description"),
        notes=tuple(_note(each) for each in document.groups("ram:IncludedNote")),
        business_process=_parameter(context, "ram:BusinessProcessSpecifiedDocumentContextParameter"),
        specification=_parameter(context, "ram:GuidelineSpecifiedDocumentContextParameter"),
        preceding_invoices=tuple(_preceding(each) for each in settlement.groups("ram:InvoiceReferencedDocument")),
        seller=parties.party(agreement.group("ram:SellerTradeParty")),
        buyer=parties.party(agreement.group("ram:BuyerTradeParty")),
        payee=parties.payee(settlement.group("ram:PayeeTradeParty")),
        tax_representative=parties.tax_representative(agreement.group("ram:SellerTaxRepresentativeTradeParty")),
        delivery=parties.delivery(delivery),
        period=lines.period(settlement),
        payment=payment.instructions(settlement, terms.text("ram:DirectDebitMandateID")),
        allowances=allowances,
        charges=charges,
        totals=_totals(settlement.group("ram:SpecifiedTradeSettlementHeaderMonetarySummation"), currency, tax_currency),
        tax_breakdown=tax.breakdown,
        supporting_documents=documents.supporting,
        lines=tuple(lines.line(each) for each in transaction.each("ram:IncludedSupplyChainTradeLineItem")),
    )


def _note(each: Group) -> Note:
    """BG-1."""
    return Note(text=each.text("ram:Content"), subject_code=each.code("ram:SubjectCode"))


def _parameter(context: Group, name: str) -> str | None:
    """BT-23, BT-24."""
    return context.wrapped(name, "ram:ID")


def _reference(group: Group, name: str) -> str | None:
    return group.wrapped(name, "ram:IssuerAssignedID")


def _account(settlement: Group) -> str | None:
    """BT-19."""
    return settlement.wrapped("ram:ReceivableSpecifiedTradeAccountingAccount", "ram:ID")


def _project(inner: Group | None) -> str | None:
    """BT-11. The schema demands a name beside it, which says nothing of its own."""
    if inner is None:
        return None
    number = inner.text("ram:ID")
    inner.fixed("ram:Name", PROJECT_NAME, (number or "").strip(XML_SPACE))
    return number


def _preceding(each: Group) -> PrecedingInvoice:
    """BG-3."""
    return PrecedingInvoice(
        number=each.text("ram:IssuerAssignedID"), issue_date=day(each, "ram:FormattedIssueDateTime", "qdt:DateTimeString")
    )


class _Documents(msgspec.Struct, frozen=True):
    """The three terms that CII keeps in ram:AdditionalReferencedDocument."""

    tender: str | None
    invoiced_object: Identifier | None
    supporting: tuple[SupportingDocument, ...]


def _documents(agreement: Group) -> _Documents:
    """BT-17 (type 50), BT-18 (type 130), BG-24 (type 916, and those without a type)."""
    tender: str | None = None
    invoiced_object: Identifier | None = None
    supporting: list[SupportingDocument] = []
    for each in agreement.groups("ram:AdditionalReferencedDocument"):
        kind = each.peek("ram:TypeCode")
        if kind == TENDER_TYPE and tender is None:
            each.take("ram:TypeCode")
            tender = each.text("ram:IssuerAssignedID")
        elif kind == INVOICED_OBJECT_TYPE and invoiced_object is None:
            each.take("ram:TypeCode")
            invoiced_object = lines.typed_identifier(each)
        else:
            each.fixed("ram:TypeCode", SUPPORTING_TYPE)
            supporting.append(_supporting(each))
    return _Documents(tender, invoiced_object, tuple(supporting))


def _supporting(each: Group) -> SupportingDocument:
    embedded = each.take("ram:AttachmentBinaryObject")
    return SupportingDocument(
        reference=each.text("ram:IssuerAssignedID"),
        description=each.text("ram:Name"),
        location=each.text("ram:URIID"),
        content=each.content(embedded) if embedded is not None else None,
        mime_code=embedded.get("mimeCode") if embedded is not None else None,
        filename=embedded.get("filename") if embedded is not None else None,
    )


class _Tax(msgspec.Struct):
    """BG-23 with the two terms that CII repeats in each of its parts."""

    breakdown: tuple[TaxSubtotal, ...] = ()
    point: date | None = None  # BT-7
    code: str | None = None  # BT-8, as UNTDID 2005


def _tax(settlement: Group) -> _Tax:
    found = _Tax()
    breakdown: list[TaxSubtotal] = []
    for at, each in enumerate(settlement.groups("ram:ApplicableTradeTax")):
        _tax_point(each, found, first=at == 0)
        if each.unfinished:  # else it only carried the tax point
            breakdown.append(_subtotal(each))
        elif each.bare:
            breakdown.append(TaxSubtotal())
    found.breakdown = tuple(breakdown)
    return found


def _tax_point(each: Group, found: _Tax, *, first: bool) -> None:
    """BT-7 and BT-8 of one part; where they differ from those of the first part they are reported."""
    wrapper, code = each.element.find(clark("ram:TaxPointDate")), each.take("ram:DueDateTypeCode")
    point = day(each, "ram:TaxPointDate", "udt:DateString")
    if point is not None and wrapper is not None and point != found.point:
        if first or found.point is None:
            found.point = point
        else:
            each.source.lose(wrapper, "repeated")
    if code is None:
        return
    known = TAX_POINT_FROM_CII.get(each.value(code).strip(XML_SPACE))
    if known is None:
        each.source.lose(code, "code")
    elif found.code is None:
        found.code = known
    elif found.code != known:
        each.source.lose(code, "repeated")


def _subtotal(each: Group) -> TaxSubtotal:
    """One BG-23."""
    category, rate = lines.category_and_rate(each)
    return TaxSubtotal(
        taxable_amount=each.amount("ram:BasisAmount"),
        tax_amount=each.amount("ram:CalculatedAmount"),
        category=category,
        rate=rate,
        exemption_reason=each.text("ram:ExemptionReason"),
        exemption_reason_code=each.code("ram:ExemptionReasonCode"),
    )


def _totals(inner: Group | None, currency: str | None, tax_currency: str | None) -> DocumentTotals | None:
    """BG-22."""
    if inner is None:
        return None
    tax_amount, accounting = _tax_totals(inner, currency, tax_currency)
    return DocumentTotals(
        line_extension_amount=inner.amount("ram:LineTotalAmount"),
        allowance_total_amount=inner.amount("ram:AllowanceTotalAmount"),
        charge_total_amount=inner.amount("ram:ChargeTotalAmount"),
        tax_exclusive_amount=inner.amount("ram:TaxBasisTotalAmount"),
        tax_amount=tax_amount,
        tax_amount_accounting=accounting,
        tax_inclusive_amount=inner.amount("ram:GrandTotalAmount"),
        prepaid_amount=inner.amount("ram:TotalPrepaidAmount"),
        rounding_amount=inner.amount("ram:RoundingAmount"),
        payable_amount=inner.amount("ram:DuePayableAmount"),
    )


def _tax_totals(inner: Group, currency: str | None, tax_currency: str | None) -> tuple[Decimal | None, Decimal | None]:
    """BT-110 and BT-111, told apart by their currency; a second one of the same currency is reported."""
    found: dict[bool, Decimal | None] = {}
    while (child := inner.take("ram:TaxTotalAmount")) is not None:
        given = child.get("currencyID")
        given = None if given is None else given.strip(XML_SPACE)
        is_accounting = given is not None and given == tax_currency and given != currency
        if is_accounting in found:
            inner.source.lose(child, "repeated")
        elif is_accounting or given is None or given == currency:
            found[is_accounting] = inner.number(child, "currencyID")
        else:
            inner.source.lose(child, "currency")
    return found.get(False), found.get(True)
