"""Writing UBL 2.1 Invoice and CreditNote by the EN 16931-3-2 binding: UTF-8, schema order, the same bytes every time.

A value without the element that carries it is not written: a unit without its quantity, a MIME code without content,
a means text without a means code. The rules then say what is missing.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import date

from msgspec.structs import replace

from wasl.formats.markup import escape, quote
from wasl.formats.names import CAC, CBC, CREDIT_NOTE, INVOICE
from wasl.formats.ubl.canonical import canonical
from wasl.formats.ubl.markup import Amounts, day, identifier, text, wrapped
from wasl.formats.ubl.names import INVOICED_OBJECT_TYPE, PLACEHOLDER, PROJECT_TYPE
from wasl.formats.ubl.write_lines import allowances_and_charges, category, line, period
from wasl.formats.ubl.write_parties import delivery, party, payee, tax_representative
from wasl.invoice.model import (
    Card,
    CreditTransfer,
    DirectDebit,
    DocumentTotals,
    Invoice,
    Note,
    PaymentInstructions,
    PrecedingInvoice,
    SupportingDocument,
    TaxSubtotal,
)

_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(invoice: Invoice) -> bytes:
    """The UBL document: CreditNote for the type codes of credit notes, else Invoice.

    Raises `ForbiddenCharacter` where a text holds a character that XML cannot.
    """
    return write_whole(canonical(invoice))


def write_whole(invoice: Invoice) -> bytes:
    """The same for a canonical invoice."""
    credit = invoice.is_credit_note
    name, namespace = ("CreditNote", CREDIT_NOTE) if credit else ("Invoice", INVOICE)
    out: list[str] = [_PROLOG, f'<{name} xmlns="{namespace}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}">\n']
    amounts = Amounts(invoice.currency)
    _head(out, invoice, credit)
    _references(out, invoice, credit)
    _parties(out, invoice)
    _payment(out, invoice.payment, invoice.due_date if credit else None)
    wrapped(out, "PaymentTerms", "Note", invoice.payment_terms)
    allowances_and_charges(out, invoice.allowances, invoice.charges, amounts)
    _tax(out, invoice, amounts)
    _totals(out, invoice.totals, amounts)
    for each in invoice.lines:
        line(out, each, amounts, credit=credit)
    out.append(f"</{name}>\n")
    return "".join(out).encode()


def _head(out: list[str], invoice: Invoice, credit: bool) -> None:
    text(out, "CustomizationID", invoice.specification)
    text(out, "ProfileID", invoice.business_process)
    text(out, "ID", invoice.number)
    day(out, "IssueDate", invoice.issue_date)
    if credit:
        day(out, "TaxPointDate", invoice.tax_point_date)
        text(out, "CreditNoteTypeCode", invoice.type_code)
        _notes(out, invoice.notes)
    else:
        day(out, "DueDate", invoice.due_date)
        text(out, "InvoiceTypeCode", invoice.type_code)
        _notes(out, invoice.notes)
        day(out, "TaxPointDate", invoice.tax_point_date)
    text(out, "DocumentCurrencyCode", invoice.currency)
    text(out, "TaxCurrencyCode", invoice.tax_currency)
    text(out, "AccountingCost", invoice.buyer_accounting_reference)
    text(out, "BuyerReference", invoice.buyer_reference)


def _notes(out: list[str], notes: tuple[Note, ...]) -> None:
    """BG-1; the subject code (BT-21) stands before the text as "#code#"."""
    for each in notes:
        prefix = "" if each.subject_code is None else f"#{each.subject_code}#"
        text(out, "Note", prefix + (each.text or ""))


def _references(out: list[str], invoice: Invoice, credit: bool) -> None:
    """References in schema order, which differs between the two documents."""
    period(out, invoice.period, invoice.tax_point_date_code)
    _order(out, invoice)
    for each in invoice.preceding_invoices:
        _preceding(out, each)
    wrapped(out, "DespatchDocumentReference", "ID", invoice.despatch_advice_reference)
    wrapped(out, "ReceiptDocumentReference", "ID", invoice.receiving_advice_reference)
    if not credit:
        wrapped(out, "OriginatorDocumentReference", "ID", invoice.tender_reference)
    wrapped(out, "ContractDocumentReference", "ID", invoice.contract_reference)
    if invoice.invoiced_object is not None:
        out.append("<cac:AdditionalDocumentReference>\n")
        identifier(out, "ID", invoice.invoiced_object)
        out.append(f"<cbc:DocumentTypeCode>{INVOICED_OBJECT_TYPE}</cbc:DocumentTypeCode>\n</cac:AdditionalDocumentReference>\n")
    if credit and invoice.project_reference is not None:
        out.append(
            f"<cac:AdditionalDocumentReference>\n<cbc:ID>{escape(invoice.project_reference)}</cbc:ID>\n"
            f"<cbc:DocumentTypeCode>{PROJECT_TYPE}</cbc:DocumentTypeCode>\n</cac:AdditionalDocumentReference>\n"
        )
    for each in invoice.supporting_documents:
        _supporting(out, each)
    if credit:
        wrapped(out, "OriginatorDocumentReference", "ID", invoice.tender_reference)
    else:
        wrapped(out, "ProjectReference", "ID", invoice.project_reference)


def _order(out: list[str], invoice: Invoice) -> None:
    """BT-13 and BT-14; the schema demands an ID even where only the sales order is known."""
    if invoice.purchase_order_reference is None and invoice.sales_order_reference is None:
        return
    out.append("<cac:OrderReference>\n")
    number = invoice.purchase_order_reference
    text(out, "ID", PLACEHOLDER if number is None else number)
    text(out, "SalesOrderID", invoice.sales_order_reference)
    out.append("</cac:OrderReference>\n")


def _preceding(out: list[str], value: PrecedingInvoice) -> None:
    out.append("<cac:BillingReference>\n<cac:InvoiceDocumentReference>\n")
    text(out, "ID", value.number)
    day(out, "IssueDate", value.issue_date)
    out.append("</cac:InvoiceDocumentReference>\n</cac:BillingReference>\n")


def _supporting(out: list[str], value: SupportingDocument) -> None:
    """BG-24."""
    out.append("<cac:AdditionalDocumentReference>\n")
    text(out, "ID", value.reference)
    text(out, "DocumentDescription", value.description)
    if value.content is not None or value.location is not None:
        out.append("<cac:Attachment>\n")
        if value.content is not None:
            mime = "" if value.mime_code is None else f' mimeCode="{quote(value.mime_code)}"'
            filename = "" if value.filename is None else f' filename="{quote(value.filename)}"'
            packed = b64encode(value.content).decode()
            out.append(f"<cbc:EmbeddedDocumentBinaryObject{mime}{filename}>{packed}</cbc:EmbeddedDocumentBinaryObject>\n")
        wrapped(out, "ExternalReference", "URI", value.location)
        out.append("</cac:Attachment>\n")
    out.append("</cac:AdditionalDocumentReference>\n")


def _parties(out: list[str], invoice: Invoice) -> None:
    debit = invoice.payment.direct_debit if invoice.payment else None
    party(out, "AccountingSupplierParty", invoice.seller, debit.creditor if debit else None)
    party(out, "AccountingCustomerParty", invoice.buyer)
    payee(out, invoice.payee)
    tax_representative(out, invoice.tax_representative)
    delivery(out, invoice.delivery)


def _payment(out: list[str], value: PaymentInstructions | None, credit_due: date | None) -> None:
    """BG-16: one cac:PaymentMeans for each account; BT-9 of a credit note stands in the first."""
    if value is None or _only_creditor(value):
        if credit_due is not None:
            out.append("<cac:PaymentMeans>\n")
            day(out, "PaymentDueDate", credit_due)
            out.append("</cac:PaymentMeans>\n")
        return
    _means(out, value, credit_due, value.credit_transfers[0] if value.credit_transfers else None, value.card, value.direct_debit)
    later = replace(value, means_text=None)  # UBL-SR-46: the text of the means once only
    for each in value.credit_transfers[1:]:
        _means(out, later, None, each, None, None)


def _only_creditor(value: PaymentInstructions) -> bool:
    """BT-90 is written with the seller; alone it needs no cac:PaymentMeans."""
    debit = value.direct_debit
    return debit is not None and value == PaymentInstructions(direct_debit=DirectDebit(creditor=debit.creditor))


def _means(
    out: list[str],
    value: PaymentInstructions,
    due: date | None,
    transfer: CreditTransfer | None,
    card: Card | None,
    debit: DirectDebit | None,
) -> None:
    out.append("<cac:PaymentMeans>\n")
    if value.means_code is not None:
        name = "" if value.means_text is None else f' name="{quote(value.means_text)}"'
        out.append(f"<cbc:PaymentMeansCode{name}>{escape(value.means_code)}</cbc:PaymentMeansCode>\n")
    day(out, "PaymentDueDate", due)
    text(out, "PaymentID", value.remittance_information)
    if card is not None:
        out.append("<cac:CardAccount>\n")
        text(out, "PrimaryAccountNumberID", card.account_number)
        text(out, "NetworkID", PLACEHOLDER)
        text(out, "HolderName", card.holder_name)
        out.append("</cac:CardAccount>\n")
    if transfer is not None:
        _transfer(out, transfer)
    if debit is not None and (debit.mandate is not None or debit.debited_account is not None or debit.creditor is None):
        out.append("<cac:PaymentMandate>\n")
        text(out, "ID", debit.mandate)
        wrapped(out, "PayerFinancialAccount", "ID", debit.debited_account)
        out.append("</cac:PaymentMandate>\n")
    out.append("</cac:PaymentMeans>\n")


def _transfer(out: list[str], value: CreditTransfer) -> None:
    """BG-17."""
    out.append("<cac:PayeeFinancialAccount>\n")
    text(out, "ID", value.account)
    text(out, "Name", value.account_name)
    wrapped(out, "FinancialInstitutionBranch", "ID", value.service_provider)
    out.append("</cac:PayeeFinancialAccount>\n")


def _tax(out: list[str], invoice: Invoice, amounts: Amounts) -> None:
    """BT-110 with BG-23, then BT-111 in its own cac:TaxTotal."""
    tax_amount = invoice.totals.tax_amount if invoice.totals else None
    if tax_amount is not None or invoice.tax_breakdown:
        out.append("<cac:TaxTotal>\n")
        amounts.write(out, "TaxAmount", tax_amount)
        for each in invoice.tax_breakdown:
            _subtotal(out, each, amounts)
        out.append("</cac:TaxTotal>\n")
    if invoice.totals and invoice.totals.tax_amount_accounting is not None:
        out.append("<cac:TaxTotal>\n")
        Amounts(invoice.tax_currency).write(out, "TaxAmount", invoice.totals.tax_amount_accounting)
        out.append("</cac:TaxTotal>\n")


def _subtotal(out: list[str], value: TaxSubtotal, amounts: Amounts) -> None:
    out.append("<cac:TaxSubtotal>\n")
    amounts.write(out, "TaxableAmount", value.taxable_amount)
    amounts.write(out, "TaxAmount", value.tax_amount)
    reasons: list[str] = []
    text(reasons, "TaxExemptionReasonCode", value.exemption_reason_code)
    text(reasons, "TaxExemptionReason", value.exemption_reason)
    category(out, "TaxCategory", value.category, value.rate, "".join(reasons))
    out.append("</cac:TaxSubtotal>\n")


def _totals(out: list[str], value: DocumentTotals | None, amounts: Amounts) -> None:
    """BG-22."""
    if value is None:
        return
    out.append("<cac:LegalMonetaryTotal>\n")
    amounts.write(out, "LineExtensionAmount", value.line_extension_amount)
    amounts.write(out, "TaxExclusiveAmount", value.tax_exclusive_amount)
    amounts.write(out, "TaxInclusiveAmount", value.tax_inclusive_amount)
    amounts.write(out, "AllowanceTotalAmount", value.allowance_total_amount)
    amounts.write(out, "ChargeTotalAmount", value.charge_total_amount)
    amounts.write(out, "PrepaidAmount", value.prepaid_amount)
    amounts.write(out, "PayableRoundingAmount", value.rounding_amount)
    amounts.write(out, "PayableAmount", value.payable_amount)
    out.append("</cac:LegalMonetaryTotal>\n")
