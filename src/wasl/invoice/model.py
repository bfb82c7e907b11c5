"""The EN 16931-1:2017 semantic model: every business group (BG) and business term (BT) of the core.

One immutable `Invoice` serves every syntax and every law. All terms are optional here: whether a document is
complete is the rules' business, not the type's, so drafts, foreign files and broken files fit in the same model.
Amounts are `Decimal` in the document currency (BT-5), but BT-111, which is in the VAT accounting currency (BT-6).
Text is kept as given; nothing is trimmed, folded or corrected.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec


class Term(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of every group: frozen, keyword only, equal by value."""


class Identifier(Term, frozen=True, kw_only=True):
    """An identifier with its scheme (EN 16931 type Identifier); `scheme_version` only for BT-158."""

    value: str
    scheme: str | None = None
    scheme_version: str | None = None


class Note(Term, frozen=True, kw_only=True):
    """BG-1 Invoice note."""

    text: str | None = None  # BT-22
    subject_code: str | None = None  # BT-21, UNTDID 4451


class PrecedingInvoice(Term, frozen=True, kw_only=True):
    """BG-3 Preceding invoice reference."""

    number: str | None = None  # BT-25
    issue_date: date | None = None  # BT-26


class Address(Term, frozen=True, kw_only=True):
    """BG-5, BG-8, BG-12, BG-15: a postal address."""

    line_1: str | None = None  # BT-35, BT-50, BT-64, BT-75
    line_2: str | None = None  # BT-36, BT-51, BT-65, BT-76
    line_3: str | None = None  # BT-162, BT-163, BT-164, BT-165
    city: str | None = None  # BT-37, BT-52, BT-66, BT-77
    post_code: str | None = None  # BT-38, BT-53, BT-67, BT-78
    subdivision: str | None = None  # BT-39, BT-54, BT-68, BT-79
    country: str | None = None  # BT-40, BT-55, BT-69, BT-80, ISO 3166-1 alpha-2


class Contact(Term, frozen=True, kw_only=True):
    """BG-6 Seller contact, BG-9 Buyer contact."""

    name: str | None = None  # BT-41, BT-56
    telephone: str | None = None  # BT-42, BT-57
    email: str | None = None  # BT-43, BT-58


class Party(Term, frozen=True, kw_only=True):
    """BG-4 Seller, BG-7 Buyer."""

    name: str | None = None  # BT-27, BT-44: the legal name
    trading_name: str | None = None  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29 (0..n), BT-46 (0..1)
    legal_registration: Identifier | None = None  # BT-30, BT-47
    vat_identifier: str | None = None  # BT-31, BT-48
    tax_registration: str | None = None  # BT-32 (seller only)
    additional_legal_information: str | None = None  # BT-33 (seller only)
    electronic_address: Identifier | None = None  # BT-34, BT-49
    address: Address | None = None  # BG-5, BG-8
    contact: Contact | None = None  # BG-6, BG-9


class Payee(Term, frozen=True, kw_only=True):
    """BG-10 Payee, where it is not the seller."""

    name: str | None = None  # BT-59
    identifier: Identifier | None = None  # BT-60
    legal_registration: Identifier | None = None  # BT-61


class TaxRepresentative(Term, frozen=True, kw_only=True):
    """BG-11 Seller tax representative party."""

    name: str | None = None  # BT-62
    vat_identifier: str | None = None  # BT-63
    address: Address | None = None  # BG-12


class Period(Term, frozen=True, kw_only=True):
    """BG-14 Invoicing period, BG-26 Invoice line period."""

    start: date | None = None  # BT-73, BT-134
    end: date | None = None  # BT-74, BT-135


class Delivery(Term, frozen=True, kw_only=True):
    """BG-13 Delivery information."""

    name: str | None = None  # BT-70
    location: Identifier | None = None  # BT-71
    actual_date: date | None = None  # BT-72
    address: Address | None = None  # BG-15


class CreditTransfer(Term, frozen=True, kw_only=True):
    """BG-17 Credit transfer: one account."""

    account: str | None = None  # BT-84, an IBAN where the country has one
    account_name: str | None = None  # BT-85
    service_provider: str | None = None  # BT-86, a BIC


class Card(Term, frozen=True, kw_only=True):
    """BG-18 Payment card information."""

    account_number: str | None = None  # BT-87, at most the last 4 to 6 digits
    holder_name: str | None = None  # BT-88


class DirectDebit(Term, frozen=True, kw_only=True):
    """BG-19 Direct debit."""

    mandate: str | None = None  # BT-89
    creditor: str | None = None  # BT-90
    debited_account: str | None = None  # BT-91


class PaymentInstructions(Term, frozen=True, kw_only=True):
    """BG-16 Payment instructions."""

    means_code: str | None = None  # BT-81, UNTDID 4461
    means_text: str | None = None  # BT-82
    remittance_information: str | None = None  # BT-83
    credit_transfers: tuple[CreditTransfer, ...] = ()  # BG-17
    card: Card | None = None  # BG-18
    direct_debit: DirectDebit | None = None  # BG-19


class AllowanceCharge(Term, frozen=True, kw_only=True):
    """BG-20 and BG-21 on the document, BG-27 and BG-28 on a line (there without category and rate)."""

    amount: Decimal | None = None  # BT-92, BT-99, BT-136, BT-141
    base_amount: Decimal | None = None  # BT-93, BT-100, BT-137, BT-142
    percentage: Decimal | None = None  # BT-94, BT-101, BT-138, BT-143: 5 means 5 %
    tax_category: str | None = None  # BT-95, BT-102
    tax_rate: Decimal | None = None  # BT-96, BT-103
    reason: str | None = None  # BT-97, BT-104, BT-139, BT-144
    reason_code: str | None = None  # BT-98, BT-105, BT-140, BT-145


class DocumentTotals(Term, frozen=True, kw_only=True):
    """BG-22 Document totals."""

    line_extension_amount: Decimal | None = None  # BT-106: sum of line net amounts
    allowance_total_amount: Decimal | None = None  # BT-107
    charge_total_amount: Decimal | None = None  # BT-108
    tax_exclusive_amount: Decimal | None = None  # BT-109
    tax_amount: Decimal | None = None  # BT-110
    tax_amount_accounting: Decimal | None = None  # BT-111, in BT-6
    tax_inclusive_amount: Decimal | None = None  # BT-112
    prepaid_amount: Decimal | None = None  # BT-113
    rounding_amount: Decimal | None = None  # BT-114
    payable_amount: Decimal | None = None  # BT-115


class TaxSubtotal(Term, frozen=True, kw_only=True):
    """BG-23 VAT breakdown: one category and rate."""

    taxable_amount: Decimal | None = None  # BT-116
    tax_amount: Decimal | None = None  # BT-117
    category: str | None = None  # BT-118, UNTDID 5305: S Z E AE K G O L M B
    rate: Decimal | None = None  # BT-119: 15 means 15 %
    exemption_reason: str | None = None  # BT-120
    exemption_reason_code: str | None = None  # BT-121, VATEX


class SupportingDocument(Term, frozen=True, kw_only=True):
    """BG-24 Additional supporting documents."""

    reference: str | None = None  # BT-122
    description: str | None = None  # BT-123
    location: str | None = None  # BT-124
    content: bytes | None = None  # BT-125
    mime_code: str | None = None  # BT-125-1
    filename: str | None = None  # BT-125-2


class Price(Term, frozen=True, kw_only=True):
    """BG-29 Price details."""

    net: Decimal | None = None  # BT-146
    discount: Decimal | None = None  # BT-147
    gross: Decimal | None = None  # BT-148
    base_quantity: Decimal | None = None  # BT-149
    base_quantity_unit: str | None = None  # BT-150


class ItemAttribute(Term, frozen=True, kw_only=True):
    """BG-32 Item attribute."""

    name: str | None = None  # BT-160
    value: str | None = None  # BT-161


class Item(Term, frozen=True, kw_only=True):
    """BG-31 Item information."""

    name: str | None = None  # BT-153
    description: str | None = None  # BT-154
    seller_identifier: str | None = None  # BT-155
    buyer_identifier: str | None = None  # BT-156
    standard_identifier: Identifier | None = None  # BT-157
    classifications: tuple[Identifier, ...] = ()  # BT-158
    country_of_origin: str | None = None  # BT-159
    attributes: tuple[ItemAttribute, ...] = ()  # BG-32


class Line(Term, frozen=True, kw_only=True):
    """BG-25 Invoice line."""

    identifier: str | None = None  # BT-126
    note: str | None = None  # BT-127
    invoiced_object: Identifier | None = None  # BT-128
    quantity: Decimal | None = None  # BT-129
    unit: str | None = None  # BT-130, UN/ECE Recommendation 20 and 21
    net_amount: Decimal | None = None  # BT-131
    order_line_reference: str | None = None  # BT-132
    buyer_accounting_reference: str | None = None  # BT-133
    period: Period | None = None  # BG-26
    allowances: tuple[AllowanceCharge, ...] = ()  # BG-27
    charges: tuple[AllowanceCharge, ...] = ()  # BG-28
    price: Price | None = None  # BG-29
    tax_category: str | None = None  # BT-151
    tax_rate: Decimal | None = None  # BT-152
    item: Item | None = None  # BG-31


class Invoice(Term, frozen=True, kw_only=True):
    """BG-0: an invoice or, by its type code, a credit note."""

    number: str | None = None  # BT-1
    issue_date: date | None = None  # BT-2
    type_code: str | None = None  # BT-3, UNTDID 1001: 380 invoice, 381 credit note
    currency: str | None = None  # BT-5, ISO 4217
    tax_currency: str | None = None  # BT-6
    tax_point_date: date | None = None  # BT-7
    tax_point_date_code: str | None = None  # BT-8
    due_date: date | None = None  # BT-9
    buyer_reference: str | None = None  # BT-10
    project_reference: str | None = None  # BT-11
    contract_reference: str | None = None  # BT-12
    purchase_order_reference: str | None = None  # BT-13
    sales_order_reference: str | None = None  # BT-14
    receiving_advice_reference: str | None = None  # BT-15
    despatch_advice_reference: str | None = None  # BT-16
    tender_reference: str | None = None  # BT-17
    invoiced_object: Identifier | None = None  # BT-18
    buyer_accounting_reference: str | None = None  # BT-19
    payment_terms: str | None = None  # BT-20
    notes: tuple[Note, ...] = ()  # BG-1
    business_process: str | None = None  # BT-23
    specification: str | None = None  # BT-24
    preceding_invoices: tuple[PrecedingInvoice, ...] = ()  # BG-3
    seller: Party | None = None  # BG-4
    buyer: Party | None = None  # BG-7
    payee: Payee | None = None  # BG-10
    tax_representative: TaxRepresentative | None = None  # BG-11
    delivery: Delivery | None = None  # BG-13
    period: Period | None = None  # BG-14
    payment: PaymentInstructions | None = None  # BG-16
    allowances: tuple[AllowanceCharge, ...] = ()  # BG-20
    charges: tuple[AllowanceCharge, ...] = ()  # BG-21
    totals: DocumentTotals | None = None  # BG-22
    tax_breakdown: tuple[TaxSubtotal, ...] = ()  # BG-23
    supporting_documents: tuple[SupportingDocument, ...] = ()  # BG-24
    lines: tuple[Line, ...] = ()  # BG-25

    @property
    def is_credit_note(self) -> bool:
        """True for the UNTDID 1001 codes that EN 16931 reads as credit notes (BR-CL-01)."""
        return self.type_code in CREDIT_NOTE_CODES


# BR-CL-01 lists 81 for both documents; Wasl reads it as what its name says, a credit note.
CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
