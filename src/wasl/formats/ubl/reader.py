"""Reading UBL 2.1 Invoice and CreditNote by the EN 16931-3-2 binding, without loss.

Whatever the model has no term for is in `ReadResult.losses`, each with its place and value.
"""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from wasl.errors import UnreadableInput
from wasl.formats import quick, xml
from wasl.formats.cursor import Group, Source
from wasl.formats.names import clark
from wasl.formats.result import ReadResult
from wasl.formats.ubl import lines, parties, payment
from wasl.formats.ubl.names import CREDIT_NOTE_ROOT, INVOICE_ROOT, INVOICED_OBJECT_TYPE, PLACEHOLDER, PROJECT_TYPE, VAT
from wasl.invoice.model import DocumentTotals, Identifier, Invoice, Note, Period, PrecedingInvoice, SupportingDocument, TaxSubtotal

# BT-21 has no element of its own: the binding puts "#code#" before the text of the note.
_NOTE_WITH_SUBJECT = re.compile(r"#([A-Z]{3})#(.*)\Z", re.DOTALL)


class NotUbl(UnreadableInput):
    """Well-formed XML with another root."""

    code = "WASL-UBL-01"
    en = "The root element is “{root}”; a UBL 2.1 Invoice or CreditNote is expected. Fix: choose the invoice's UBL file."
    ar = "العنصر الجذر «{root}»، والمتوقع فاتورة أو إشعار دائن بصيغة UBL 2.1. الحل: اختر ملف الفاتورة بهذه الصيغة."


def read(data: bytes) -> ReadResult:
    """The invoice in `data`, the quick way where nothing is lost, as nearly always. Raises `UnreadableInput` subclasses only."""
    done = quick.attempt(data, build)
    return read_thoroughly(data) if done is None else replace(done, source=data)


def read_thoroughly(data: bytes) -> ReadResult:
    """The invoice in `data`, and what it could not hold. Raises `UnreadableInput` subclasses only."""
    root = xml.parse(data, blanks=False)
    result = from_tree(root)
    return ReadResult(invoice=result.invoice, losses=result.losses, syntax=result.syntax, source=data)


def from_tree(root: xml.Element) -> ReadResult:
    """The same for a tree that `wasl.formats.xml.parse` made."""
    return build(Source(root))


def build(source: Source) -> ReadResult:
    """The same for a document that has been opened."""
    root = source.root
    if root.tag not in (INVOICE_ROOT, CREDIT_NOTE_ROOT):
        raise NotUbl(root=root.tag.rpartition("}")[2][:80])
    credit = root.tag == CREDIT_NOTE_ROOT
    group = source.open(root)
    group.fixed("cbc:UBLVersionID", "2.1")
    source.currency = group.code("cbc:DocumentCurrencyCode")
    invoice = _invoice(group, credit)
    if invoice.is_credit_note != credit:
        source.lose(root, "root")
    return ReadResult(invoice=invoice, losses=source.losses(), syntax="ubl-creditnote" if credit else "ubl-invoice")


def _invoice(group: Group, credit: bool) -> Invoice:
    source = group.source
    tax_currency = group.code("cbc:TaxCurrencyCode")
    seller, creditor = parties.party(group.group("cac:AccountingSupplierParty"), with_creditor=True)
    buyer, _ = parties.party(group.group("cac:AccountingCustomerParty"), with_creditor=False)
    payee, payee_creditor = parties.payee(group.group("cac:PayeeParty"), with_creditor=creditor is None)
    instructions, credit_due = payment.instructions(group, payee_creditor if creditor is None else creditor, credit=credit)
    order_number, sales_order = _order(group.group("cac:OrderReference"))
    period_group = group.group("cac:InvoicePeriod")
    tax_point_code = period_group.code("cbc:DescriptionCode") if period_group else None
    documents = _documents(group, credit)
    allowances, charges = lines.allowances_and_charges(group)
    tax_amount, tax_amount_accounting, breakdown = _tax(group, tax_currency)
    quantity = "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity"
    return Invoice(
        number=group.text("cbc:ID"),
        issue_date=group.date("cbc:IssueDate"),
        type_code=group.code("cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode"),
        currency=source.currency,
        tax_currency=tax_currency,
        tax_point_date=group.date("cbc:TaxPointDate"),
        tax_point_date_code=tax_point_code,
        due_date=credit_due if credit else group.date("cbc:DueDate"),
        buyer_reference=group.text("cbc:BuyerReference"),
        project_reference=documents.project if credit else _reference(group, "cac:ProjectReference"),
        contract_reference=_reference(group, "cac:ContractDocumentReference"),
        purchase_order_reference=order_number,
        sales_order_reference=sales_order,
        receiving_advice_reference=_reference(group, "cac:ReceiptDocumentReference"),
        despatch_advice_reference=_reference(group, "cac:DespatchDocumentReference"),
        tender_reference=_reference(group, "cac:OriginatorDocumentReference"),
        invoiced_object=documents.invoiced_object,
        buyer_accounting_reference=group.text("cbc:AccountingCost"),
        payment_terms=_payment_terms(group),
        notes=_notes(group),
        business_process=group.text("cbc:ProfileID"),
        specification=group.text("cbc:CustomizationID"),
        preceding_invoices=_preceding(group),
        seller=seller,
        buyer=buyer,
        payee=payee,
        tax_representative=parties.tax_representative(group.group("cac:TaxRepresentativeParty")),
        delivery=parties.delivery(group.group("cac:Delivery")),
        period=_period(period_group, tax_point_code),
        payment=instructions,
        allowances=allowances,
        charges=charges,
        totals=_totals(group, tax_amount, tax_amount_accounting),
        tax_breakdown=breakdown,
        supporting_documents=documents.supporting,
        lines=tuple(lines.line(each, quantity) for each in group.each("cac:CreditNoteLine" if credit else "cac:InvoiceLine")),
    )


def _notes(group: Group) -> tuple[Note, ...]:
    """BG-1, with the subject code (BT-21) taken out of "#code#text"."""
    found: list[Note] = []
    while (text := group.text("cbc:Note")) is not None:
        match = _NOTE_WITH_SUBJECT.match(text)
        found.append(Note(text=match[2], subject_code=match[1]) if match else Note(text=text))
    return tuple(found)


def _order(inner: Group | None) -> tuple[str | None, str | None]:
    """BT-13 and BT-14; UBL demands an ID beside a sales order, and "NA" there says that there is none."""
    if inner is None:
        return None, None
    number, sales_order = inner.text("cbc:ID"), inner.text("cbc:SalesOrderID")
    return (None if number == PLACEHOLDER and sales_order is not None else number), sales_order


def _reference(group: Group, name: str) -> str | None:
    return group.wrapped(name, "cbc:ID")


def _payment_terms(group: Group) -> str | None:
    inner = group.group("cac:PaymentTerms")
    return inner.text("cbc:Note") if inner else None


def _period(inner: Group | None, tax_point_code: str | None) -> Period | None:
    """BG-14; an element that only carries BT-8 is no invoicing period."""
    found = lines.period(inner)
    return None if found == Period() and tax_point_code is not None else found


def _preceding(group: Group) -> tuple[PrecedingInvoice, ...]:
    """BG-3."""
    found: list[PrecedingInvoice] = []
    for each in group.groups("cac:BillingReference"):
        reference = each.group("cac:InvoiceDocumentReference")
        if reference is not None:
            found.append(PrecedingInvoice(number=reference.text("cbc:ID"), issue_date=reference.date("cbc:IssueDate")))
    return tuple(found)


class _Documents(msgspec.Struct, frozen=True):
    """The three terms that UBL keeps in cac:AdditionalDocumentReference."""

    invoiced_object: Identifier | None
    project: str | None
    supporting: tuple[SupportingDocument, ...]


def _documents(group: Group, credit: bool) -> _Documents:
    """BT-18 (type 130), BT-11 of a credit note (type 50), BG-24."""
    invoiced_object: Identifier | None = None
    project: str | None = None
    supporting: list[SupportingDocument] = []
    for each in group.groups("cac:AdditionalDocumentReference"):
        kind = each.peek("cbc:DocumentTypeCode")
        if kind == INVOICED_OBJECT_TYPE and invoiced_object is None:
            each.take("cbc:DocumentTypeCode")
            invoiced_object = each.identifier("cbc:ID")
        elif kind == PROJECT_TYPE and credit and project is None:
            each.take("cbc:DocumentTypeCode")
            project = each.text("cbc:ID")
        else:
            supporting.append(_supporting(each))
    return _Documents(invoiced_object, project, tuple(supporting))


def _supporting(each: Group) -> SupportingDocument:
    attachment = each.group("cac:Attachment")
    external = attachment.group("cac:ExternalReference") if attachment else None
    embedded = attachment.take("cbc:EmbeddedDocumentBinaryObject") if attachment else None
    return SupportingDocument(
        reference=each.text("cbc:ID"),
        description=each.text("cbc:DocumentDescription"),
        location=external.text("cbc:URI") if external else None,
        content=each.content(embedded) if embedded is not None else None,
        mime_code=embedded.get("mimeCode") if embedded is not None else None,
        filename=embedded.get("filename") if embedded is not None else None,
    )


def _tax(group: Group, tax_currency: str | None) -> tuple[Decimal | None, Decimal | None, tuple[TaxSubtotal, ...]]:
    """BT-110 with BG-23, and BT-111: told apart by currency, as the binding does."""
    amount: Decimal | None = None
    accounting: Decimal | None = None
    breakdown: tuple[TaxSubtotal, ...] = ()
    seen: set[bool] = set()
    for each in group.groups("cac:TaxTotal"):
        is_accounting = _is_accounting(each, tax_currency, group.source.currency)
        if is_accounting in seen:
            group.source.lose(each.element, "repeated")
            each.abandon()
            continue
        seen.add(is_accounting)
        if is_accounting:
            child = each.take("cbc:TaxAmount")
            accounting = each.number(child, "currencyID") if child is not None else None
        else:
            amount = each.amount("cbc:TaxAmount")
            breakdown = tuple(_subtotal(part) for part in each.groups("cac:TaxSubtotal"))
    return amount, accounting, breakdown


def _is_accounting(each: Group, tax_currency: str | None, currency: str | None) -> bool:
    if tax_currency is None or tax_currency == currency:
        return False
    child = each.element.find(clark("cbc:TaxAmount"))
    return child is not None and (child.get("currencyID") or "").strip() == tax_currency


def _subtotal(each: Group) -> TaxSubtotal:
    """One BG-23."""
    category = each.group("cac:TaxCategory")
    found = TaxSubtotal(
        taxable_amount=each.amount("cbc:TaxableAmount"),
        tax_amount=each.amount("cbc:TaxAmount"),
        category=category.code("cbc:ID") if category else None,
        rate=category.decimal("cbc:Percent") if category else None,
        exemption_reason=category.text("cbc:TaxExemptionReason") if category else None,
        exemption_reason_code=category.code("cbc:TaxExemptionReasonCode") if category else None,
    )
    if category:
        parties.tax_scheme(category, VAT)
    return found


def _totals(group: Group, tax_amount: Decimal | None, accounting: Decimal | None) -> DocumentTotals | None:
    """BG-22."""
    inner = group.group("cac:LegalMonetaryTotal")
    if inner is None:
        alone = DocumentTotals(tax_amount=tax_amount, tax_amount_accounting=accounting)
        return None if alone == DocumentTotals() else alone
    return DocumentTotals(
        line_extension_amount=inner.amount("cbc:LineExtensionAmount"),
        allowance_total_amount=inner.amount("cbc:AllowanceTotalAmount"),
        charge_total_amount=inner.amount("cbc:ChargeTotalAmount"),
        tax_exclusive_amount=inner.amount("cbc:TaxExclusiveAmount"),
        tax_amount=tax_amount,
        tax_amount_accounting=accounting,
        tax_inclusive_amount=inner.amount("cbc:TaxInclusiveAmount"),
        prepaid_amount=inner.amount("cbc:PrepaidAmount"),
        rounding_amount=inner.amount("cbc:PayableRoundingAmount"),
        payable_amount=inner.amount("cbc:PayableAmount"),
    )
