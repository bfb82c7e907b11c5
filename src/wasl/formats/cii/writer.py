"""Writing CII D16B by the EN 16931-3-3 binding: UTF-8, schema order, the same bytes every time.

One writer serves every profile: `levels.reduced` first takes out what a profile has no place for. A value without the element
that carries it is not written: a unit without its quantity, a MIME code without content. The rules then say what is missing.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import date

from wasl.formats.cii.canonical import canonical
from wasl.formats.cii.levels import reduced
from wasl.formats.cii.markup import amount, day, decimal, text, wrapped
from wasl.formats.cii.names import PROJECT_NAME, SUPPORTING_TYPE, TAX_POINT_TO_CII, TENDER_TYPE, VAT
from wasl.formats.cii.write_lines import allowances_and_charges, invoiced_object, line, period
from wasl.formats.cii.write_parties import party, payee, ship_to, tax_representative
from wasl.formats.cii.write_payment import payment_means, payment_terms
from wasl.formats.markup import Minor, escape, quote
from wasl.formats.names import QDT, RAM, RSM, UDT
from wasl.invoice.model import DocumentTotals, Invoice, Note, PrecedingInvoice, SupportingDocument, TaxSubtotal

_PROLOG = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<rsm:CrossIndustryInvoice xmlns:rsm="{RSM}" xmlns:ram="{RAM}" xmlns:qdt="{QDT}" xmlns:udt="{UDT}">\n'
)


def write(invoice: Invoice, profile: str = "en16931") -> bytes:
    """The CII document. `profile` is one of `levels.PROFILES`; "en16931" writes the whole core and keeps BT-24 as it is.

    Raises `UnknownProfile`, and `ForbiddenCharacter` where a text holds a character that XML cannot.
    """
    return write_whole(canonical(reduced(invoice, profile)))


def write_whole(invoice: Invoice) -> bytes:
    """Every term of a canonical invoice, whatever BT-24 says of it."""
    out: list[str] = [_PROLOG]
    minor = Minor(invoice.currency)
    _head(out, invoice)
    out.append("<rsm:SupplyChainTradeTransaction>\n")
    for each in invoice.lines:
        line(out, each, minor)
    _agreement(out, invoice)
    _delivery(out, invoice)
    _settlement(out, invoice, minor)
    out.append("</rsm:SupplyChainTradeTransaction>\n</rsm:CrossIndustryInvoice>\n")
    return "".join(out).encode()


def _head(out: list[str], invoice: Invoice) -> None:
    out.append("<rsm:ExchangedDocumentContext>\n")
    wrapped(out, "BusinessProcessSpecifiedDocumentContextParameter", "ID", invoice.business_process)
    wrapped(out, "GuidelineSpecifiedDocumentContextParameter", "ID", invoice.specification)
    out.append("</rsm:ExchangedDocumentContext>\n<rsm:ExchangedDocument>\n")
    text(out, "ID", invoice.number)
    text(out, "TypeCode", invoice.type_code)
    day(out, "IssueDateTime", invoice.issue_date)
    for each in invoice.notes:
        _note(out, each)
    out.append("</rsm:ExchangedDocument>\n")


def _note(out: list[str], value: Note) -> None:
    """BG-1."""
    out.append("<ram:IncludedNote>\n")
    text(out, "Content", value.text)
    text(out, "SubjectCode", value.subject_code)
    out.append("</ram:IncludedNote>\n")


def _agreement(out: list[str], invoice: Invoice) -> None:
    out.append("<ram:ApplicableHeaderTradeAgreement>\n")
    text(out, "BuyerReference", invoice.buyer_reference)
    party(out, "SellerTradeParty", invoice.seller)
    party(out, "BuyerTradeParty", invoice.buyer)
    tax_representative(out, invoice.tax_representative)
    wrapped(out, "SellerOrderReferencedDocument", "IssuerAssignedID", invoice.sales_order_reference)
    wrapped(out, "BuyerOrderReferencedDocument", "IssuerAssignedID", invoice.purchase_order_reference)
    wrapped(out, "ContractReferencedDocument", "IssuerAssignedID", invoice.contract_reference)
    for each in invoice.supporting_documents:
        _supporting(out, each)
    if invoice.tender_reference is not None:
        out.append("<ram:AdditionalReferencedDocument>\n")
        text(out, "IssuerAssignedID", invoice.tender_reference)
        out.append(f"<ram:TypeCode>{TENDER_TYPE}</ram:TypeCode>\n</ram:AdditionalReferencedDocument>\n")
    if invoice.invoiced_object is not None:
        invoiced_object(out, invoice.invoiced_object)
    if invoice.project_reference is not None:
        out.append("<ram:SpecifiedProcuringProject>\n")
        text(out, "ID", invoice.project_reference)
        out.append(f"<ram:Name>{PROJECT_NAME}</ram:Name>\n</ram:SpecifiedProcuringProject>\n")
    out.append("</ram:ApplicableHeaderTradeAgreement>\n")


def _supporting(out: list[str], value: SupportingDocument) -> None:
    """BG-24."""
    out.append("<ram:AdditionalReferencedDocument>\n")
    text(out, "IssuerAssignedID", value.reference)
    text(out, "URIID", value.location)
    out.append(f"<ram:TypeCode>{SUPPORTING_TYPE}</ram:TypeCode>\n")
    text(out, "Name", value.description)
    if value.content is not None:
        mime = "" if value.mime_code is None else f' mimeCode="{quote(value.mime_code)}"'
        filename = "" if value.filename is None else f' filename="{quote(value.filename)}"'
        packed = b64encode(value.content).decode()
        out.append(f"<ram:AttachmentBinaryObject{mime}{filename}>{packed}</ram:AttachmentBinaryObject>\n")
    out.append("</ram:AdditionalReferencedDocument>\n")


def _delivery(out: list[str], invoice: Invoice) -> None:
    start = len(out)
    if invoice.delivery is not None:
        ship_to(out, invoice.delivery)
        if invoice.delivery.actual_date is not None:
            out.append("<ram:ActualDeliverySupplyChainEvent>\n")
            day(out, "OccurrenceDateTime", invoice.delivery.actual_date)
            out.append("</ram:ActualDeliverySupplyChainEvent>\n")
    wrapped(out, "DespatchAdviceReferencedDocument", "IssuerAssignedID", invoice.despatch_advice_reference)
    wrapped(out, "ReceivingAdviceReferencedDocument", "IssuerAssignedID", invoice.receiving_advice_reference)
    if len(out) == start:
        out.append("<ram:ApplicableHeaderTradeDelivery/>\n")  # demanded, and in the smallest profile it must be empty
        return
    out.insert(start, "<ram:ApplicableHeaderTradeDelivery>\n")
    out.append("</ram:ApplicableHeaderTradeDelivery>\n")


def _settlement(out: list[str], invoice: Invoice, minor: Minor) -> None:
    out.append("<ram:ApplicableHeaderTradeSettlement>\n")
    payment = invoice.payment
    if payment is not None and payment.direct_debit is not None:
        text(out, "CreditorReferenceID", payment.direct_debit.creditor)
    if payment is not None:
        text(out, "PaymentReference", payment.remittance_information)
    text(out, "TaxCurrencyCode", invoice.tax_currency)
    text(out, "InvoiceCurrencyCode", invoice.currency)
    payee(out, invoice.payee)
    payment_means(out, payment)
    _tax(out, invoice, minor)
    period(out, invoice.period)
    allowances_and_charges(out, invoice.allowances, invoice.charges, minor)
    payment_terms(out, invoice)
    _totals(out, invoice, minor)
    for each in invoice.preceding_invoices:
        _preceding(out, each)
    wrapped(out, "ReceivableSpecifiedTradeAccountingAccount", "ID", invoice.buyer_accounting_reference)
    out.append("</ram:ApplicableHeaderTradeSettlement>\n")


def _tax(out: list[str], invoice: Invoice, minor: Minor) -> None:
    """BG-23, with the two terms that CII keeps there: BT-7 once (CII-SR-461), BT-8 with each."""
    code = TAX_POINT_TO_CII.get(invoice.tax_point_date_code or "")
    point = invoice.tax_point_date
    for each in invoice.tax_breakdown:
        _subtotal(out, each, point, code, minor)
        point = None
    if not invoice.tax_breakdown and (point is not None or code is not None):
        # Only drafts come here, for an invoice has a breakdown. Without a type it is nobody's subtotal.
        out.append("<ram:ApplicableTradeTax>\n")
        _tax_point(out, point, code)
        out.append("</ram:ApplicableTradeTax>\n")


def _subtotal(out: list[str], value: TaxSubtotal, point: date | None, code: str | None, minor: Minor) -> None:
    out.append("<ram:ApplicableTradeTax>\n")
    amount(out, "CalculatedAmount", value.tax_amount, minor)
    out.append(f"<ram:TypeCode>{VAT}</ram:TypeCode>\n")
    text(out, "ExemptionReason", value.exemption_reason)
    amount(out, "BasisAmount", value.taxable_amount, minor)
    text(out, "CategoryCode", value.category)
    text(out, "ExemptionReasonCode", value.exemption_reason_code)
    _tax_point(out, point, code)
    decimal(out, "RateApplicablePercent", value.rate)
    out.append("</ram:ApplicableTradeTax>\n")


def _tax_point(out: list[str], point: date | None, code: str | None) -> None:
    day(out, "TaxPointDate", point, "udt:DateString")
    text(out, "DueDateTypeCode", code)


def _totals(out: list[str], invoice: Invoice, minor: Minor) -> None:
    """BG-22."""
    value = invoice.totals
    if value is None:
        return
    out.append("<ram:SpecifiedTradeSettlementHeaderMonetarySummation>\n")
    amount(out, "LineTotalAmount", value.line_extension_amount, minor)
    amount(out, "ChargeTotalAmount", value.charge_total_amount, minor)
    amount(out, "AllowanceTotalAmount", value.allowance_total_amount, minor)
    amount(out, "TaxBasisTotalAmount", value.tax_exclusive_amount, minor)
    _tax_totals(out, value, invoice, minor)
    amount(out, "RoundingAmount", value.rounding_amount, minor)
    amount(out, "GrandTotalAmount", value.tax_inclusive_amount, minor)
    amount(out, "TotalPrepaidAmount", value.prepaid_amount, minor)
    amount(out, "DuePayableAmount", value.payable_amount, minor)
    out.append("</ram:SpecifiedTradeSettlementHeaderMonetarySummation>\n")


def _tax_totals(out: list[str], value: DocumentTotals, invoice: Invoice, minor: Minor) -> None:
    """BT-110 and BT-111: only the currency tells them apart, so BT-111 needs one of its own."""
    for given, currency, step in (
        (value.tax_amount, invoice.currency, minor),
        (None if invoice.tax_currency is None else value.tax_amount_accounting, invoice.tax_currency, Minor(invoice.tax_currency)),
    ):
        if given is not None:
            attribute = "" if currency is None else f' currencyID="{quote(currency)}"'
            out.append(f"<ram:TaxTotalAmount{attribute}>{step.shown(given)}</ram:TaxTotalAmount>\n")


def _preceding(out: list[str], value: PrecedingInvoice) -> None:
    """BG-3."""
    out.append("<ram:InvoiceReferencedDocument>\n")
    if value.number is not None:
        out.append(f"<ram:IssuerAssignedID>{escape(value.number)}</ram:IssuerAssignedID>\n")
    day(out, "FormattedIssueDateTime", value.issue_date, "qdt:DateTimeString")
    out.append("</ram:InvoiceReferencedDocument>\n")
