"""Every fixed word of the PDF, as English source strings: the Arabic is in the catalogue, with that of pages and mails.

The PDF speaks both languages at once, so each label is looked up in both.
"""

from __future__ import annotations

from functools import cache

from wasl.i18n import Message, pgettext_noop, translate

Pair = tuple[str, str]  # (ar, en)

LABELS: dict[str, Message] = {
    "no": pgettext_noop("PDF", "No"),
    "description": pgettext_noop("PDF", "Description"),
    "quantity": pgettext_noop("PDF", "Quantity"),
    "price": pgettext_noop("PDF", "Unit price"),
    "changes": pgettext_noop("PDF", "Disc. / charge"),
    "tax": pgettext_noop("PDF table", "VAT"),
    "amount": pgettext_noop("PDF", "Amount"),
    "tax_summary": pgettext_noop("PDF", "Tax summary"),
    "category": pgettext_noop("PDF", "Category"),
    "base": pgettext_noop("PDF", "Taxable"),
    "tax_amount": pgettext_noop("PDF table", "VAT"),
    "payment": pgettext_noop("PDF", "Payment"),
    "brought": pgettext_noop("PDF", "Brought forward"),
    "forward": pgettext_noop("PDF", "Carried forward"),
    "page_total": pgettext_noop("PDF", "Page total"),
    "seller": pgettext_noop("PDF", "Seller"),
    "buyer": pgettext_noop("PDF", "Buyer"),
    "payee": pgettext_noop("PDF", "Payee"),
    "tax_representative": pgettext_noop("PDF", "Tax representative"),
    "delivery": pgettext_noop("PDF", "Delivered to"),
    "vat_number": pgettext_noop("PDF", "VAT no."),
    "tax_registration": pgettext_noop("PDF", "Tax registration"),
    "registration": pgettext_noop("PDF", "Registration"),
    "identifier": pgettext_noop("PDF", "ID"),
    "electronic_address": pgettext_noop("PDF", "E-address"),
    "number": pgettext_noop("PDF", "Invoice no."),
    "note_number": pgettext_noop("PDF", "Note no."),
    "issue_date": pgettext_noop("PDF", "Issue date"),
    "due_date": pgettext_noop("PDF", "Due date"),
    "supply_date": pgettext_noop("PDF", "Supply date"),
    "tax_point_date": pgettext_noop("PDF", "Tax point"),
    "period": pgettext_noop("PDF", "Period"),
    "currency": pgettext_noop("PDF", "Currency"),
    "buyer_reference": pgettext_noop("PDF", "Buyer reference"),
    "project": pgettext_noop("PDF", "Project"),
    "contract": pgettext_noop("PDF", "Contract"),
    "order": pgettext_noop("PDF", "Purchase order"),
    "sales_order": pgettext_noop("PDF", "Sales order"),
    "receiving": pgettext_noop("PDF", "Receiving advice"),
    "despatch": pgettext_noop("PDF", "Despatch advice"),
    "tender": pgettext_noop("PDF", "Tender"),
    "object": pgettext_noop("PDF", "Invoiced object"),
    "accounting": pgettext_noop("PDF", "Buyer accounting ref."),
    "corrects": pgettext_noop("PDF", "Corrects invoice"),
    "refers": pgettext_noop("PDF", "Preceding invoice"),
    "line_total": pgettext_noop("PDF", "Sum of lines"),
    "allowance": pgettext_noop("PDF", "Discount"),
    "charge": pgettext_noop("PDF", "Charge"),
    "subtotal": pgettext_noop("PDF", "Subtotal"),
    "vat": pgettext_noop("PDF", "VAT"),
    "vat_in": pgettext_noop("PDF", "VAT in {0}"),
    "total": pgettext_noop("PDF", "Total with VAT"),
    "prepaid": pgettext_noop("PDF", "Prepaid"),
    "rounding": pgettext_noop("PDF", "Rounding"),
    "due": pgettext_noop("PDF", "Amount due"),
    "credited": pgettext_noop("PDF", "Amount credited"),
    "means": pgettext_noop("PDF", "Means"),
    "iban": pgettext_noop("PDF", "IBAN"),
    "account": pgettext_noop("PDF", "Account"),
    "account_name": pgettext_noop("PDF", "Account name"),
    "bic": pgettext_noop("PDF", "BIC"),
    "remittance": pgettext_noop("PDF", "Reference"),
    "card": pgettext_noop("PDF", "Card"),
    "mandate": pgettext_noop("PDF", "Direct debit mandate"),
    "creditor": pgettext_noop("PDF", "Creditor ID"),
    "debited": pgettext_noop("PDF", "Debited account"),
    "terms": pgettext_noop("PDF", "Payment terms"),
    "note": pgettext_noop("PDF", "Note"),
    "legal": pgettext_noop("PDF", "Legal information"),
    "pay": pgettext_noop("PDF", "Pay online"),
    "pay_hint": pgettext_noop("PDF", "Scan the code or open the link."),
    "pay_alt": pgettext_noop("PDF", "QR code that opens the payment page"),
    "claim": pgettext_noop("PDF", "Claim code"),
    "verify": pgettext_noop("PDF", "Verify"),
    "verify_hint": pgettext_noop("PDF", "Is it in the log, unchanged?"),
    "verify_alt": pgettext_noop("PDF", "QR code that opens the verification page"),
    "tax_qr_alt": pgettext_noop("PDF", "Tax QR code"),
    "logo_alt": pgettext_noop("PDF", "Logo of {0}"),
    "page": pgettext_noop("PDF", "Page {} of {}"),
    "sku": pgettext_noop("PDF", "Item no."),
    "buyer_sku": pgettext_noop("PDF", "Buyer's item no."),
    "gtin": pgettext_noop("PDF", "Standard no."),
    "origin": pgettext_noop("PDF", "Origin"),
    "order_line": pgettext_noop("PDF", "Order line"),
    "sealed": pgettext_noop("PDF", "The sealed original is the attached file {0}, its signature {1}; these pages are its picture."),
    "attached": pgettext_noop("PDF", "The electronic invoice is the attached file {0}; these pages are its picture."),
    "document_file": pgettext_noop("PDF", "The electronic invoice {0}"),
    "copy_file": pgettext_noop("PDF", "The invoice {0} as {1}: a copy derived from {2}"),
    "seal_file": pgettext_noop("PDF", "The seller's signature (XAdES) of {0}"),
    "profile": pgettext_noop("PDF", "According to {0}."),
    "trading_name": pgettext_noop("PDF", "Trading name"),
    "quote_number": pgettext_noop("PDF", "Quote no."),
    "valid_until": pgettext_noop("PDF", "Valid until"),
    "offered": pgettext_noop("PDF", "Total offered"),
    "tax_currency": pgettext_noop("PDF", "VAT currency"),
    "tax_point": pgettext_noop("PDF", "VAT falls due on"),
    "document_type": pgettext_noop("PDF", "Document type"),
    "process": pgettext_noop("PDF", "Business process"),
    "specification": pgettext_noop("PDF", "Specification"),
    "line_number": pgettext_noop("PDF", "Line no."),
    "classification": pgettext_noop("PDF", "Classification"),
    "gross_price": pgettext_noop("PDF", "Price before discount"),
    "price_discount": pgettext_noop("PDF", "Discount on the price"),
    "price_base": pgettext_noop("PDF", "Price for"),
    "base_amount": pgettext_noop("PDF", "Base amount"),
    "code": pgettext_noop("PDF", "Code"),
    "allowance_total": pgettext_noop("PDF", "Discounts together"),
    "charge_total": pgettext_noop("PDF", "Charges together"),
    "card_holder": pgettext_noop("PDF", "Card holder"),
    "documents": pgettext_noop("PDF", "Supporting documents"),
    "embedded": pgettext_noop("PDF", "in this file"),
    "not_embedded": pgettext_noop("PDF", "not in this file: its kind is not safe to open"),
    "in_original": pgettext_noop("PDF", "in the electronic invoice"),
    "conditions": pgettext_noop("PDF", "Terms and conditions"),
    "not_a_tax_invoice": pgettext_noop("PDF", "This is not a tax invoice: nothing is due by it, and no VAT can be deducted from it."),
    "self_billed": pgettext_noop("PDF", "Issued by the buyer on the seller's behalf (self-billing)."),
    "factored": pgettext_noop("PDF", "This claim has been assigned: pay the payee named here."),
    "statement_number": pgettext_noop("PDF", "Statement no."),
    "receipt_number": pgettext_noop("PDF", "Receipt no."),
    "customer": pgettext_noop("PDF", "Customer"),
    "received_from": pgettext_noop("PDF", "Received from"),
    "received": pgettext_noop("PDF", "Amount received"),
    "on_account": pgettext_noop("PDF", "On account"),
    "for_document": pgettext_noop("PDF", "For document"),
    "paid": pgettext_noop("PDF", "Amount paid"),
    "remaining": pgettext_noop("PDF", "Remaining"),
    "date": pgettext_noop("PDF", "Date"),
    "document": pgettext_noop("PDF", "Document"),
    "debit": pgettext_noop("PDF", "Debit"),
    "credit": pgettext_noop("PDF", "Credit"),
    "balance": pgettext_noop("PDF", "Balance"),
    "opening": pgettext_noop("PDF", "Opening balance"),
    "closing": pgettext_noop("PDF", "Closing balance"),
    "debits": pgettext_noop("PDF", "Total debits"),
    "credits": pgettext_noop("PDF", "Total credits"),
    "balance_due": pgettext_noop("PDF", "Balance due"),
    "balance_in_favour": pgettext_noop("PDF", "Balance in your favour"),
    "ageing": pgettext_noop("PDF", "Age of the balance"),
    "age_0": pgettext_noop("PDF", "Not yet due"),
    "age_30": pgettext_noop("PDF", "1–30 days overdue"),
    "age_60": pgettext_noop("PDF", "31–60 days overdue"),
    "age_90": pgettext_noop("PDF", "61–90 days overdue"),
    "age_more": pgettext_noop("PDF", "Over 90 days"),
    "substituted": pgettext_noop("PDF", "The mark ◻ stands for a character without a font here; the attached file has it right."),
}

# What only a page says
PAGE_LABELS: dict[str, Message] = {
    "parties": pgettext_noop("invoice page", "Parties"),
    "facts": pgettext_noop("invoice page", "Dates and references"),
    "lines": pgettext_noop("invoice page", "Lines"),
    "movements": pgettext_noop("invoice page", "Movements"),
    "allocations": pgettext_noop("invoice page", "What it was paid for"),
    "totals": pgettext_noop("invoice page", "Totals"),
    "details": pgettext_noop("invoice page", "For the expert"),
    "notes": pgettext_noop("invoice page", "Notes and terms"),
    "show_terms": pgettext_noop("invoice page", "Show the field numbers of EN 16931"),
    "original": pgettext_noop("invoice page", "This page is a view; the electronic invoice is the original."),
    "line_period": pgettext_noop("invoice page", "Period"),
}

# UNTDID 1001: the name of the document. A seller with a VAT number issues a tax invoice.
TITLES: dict[str, Message] = {
    "380": pgettext_noop("title of a document", "INVOICE"),
    "381": pgettext_noop("title of a document", "CREDIT NOTE"),
    "383": pgettext_noop("title of a document", "DEBIT NOTE"),
    "384": pgettext_noop("title of a document", "CORRECTED INVOICE"),
    "386": pgettext_noop("title of a document", "PREPAYMENT INVOICE"),
    "388": pgettext_noop("title of a document", "TAX INVOICE"),
    "389": pgettext_noop("title of a document", "SELF-BILLED INVOICE"),
    "325": pgettext_noop("title of a document", "PRO-FORMA INVOICE"),
    "326": pgettext_noop("title of a document", "PARTIAL INVOICE"),
    "310": pgettext_noop("title of a document", "QUOTE"),
    "261": pgettext_noop("title of a document", "SELF-BILLED CREDIT NOTE"),
    "393": pgettext_noop("title of a document", "FACTORED INVOICE"),
    "396": pgettext_noop("title of a document", "FACTORED CREDIT NOTE"),
    "875": pgettext_noop("title of a document", "PARTIAL CONSTRUCTION INVOICE"),
    "876": pgettext_noop("title of a document", "PARTIAL FINAL CONSTRUCTION INVOICE"),
    "877": pgettext_noop("title of a document", "FINAL CONSTRUCTION INVOICE"),
}
TITLES["statement"] = pgettext_noop("title of a document", "STATEMENT OF ACCOUNT")
TITLES["receipt"] = pgettext_noop("title of a document", "RECEIPT OF PAYMENT")
TAX_INVOICE = TITLES["388"]
CREDIT_NOTE = TITLES["381"]

# The rows of a statement of account
ROW_KINDS: dict[str, Message] = {
    "invoice": pgettext_noop("statement", "Invoice"),
    "credit-note": pgettext_noop("statement", "Credit note"),
    "debit-note": pgettext_noop("statement", "Debit note"),
    "payment": pgettext_noop("statement", "Payment made"),
    "refund": pgettext_noop("statement", "Refund"),
    "adjustment": pgettext_noop("statement", "Adjustment"),
}

# UNTDID 5305
CATEGORIES: dict[str, Message] = {
    "S": pgettext_noop("tax category", "Standard rate"),
    "Z": pgettext_noop("tax category", "Zero-rated"),
    "E": pgettext_noop("tax category", "Exempt"),
    "AE": pgettext_noop("tax category", "Reverse charge"),
    "K": pgettext_noop("tax category", "Intra-Community supply"),
    "G": pgettext_noop("tax category", "Export"),
    "O": pgettext_noop("tax category", "Out of scope"),
    "L": pgettext_noop("tax category", "IGIC"),
    "M": pgettext_noop("tax category", "IPSI"),
    "B": pgettext_noop("tax category", "Split payment"),
}

# UNTDID 2005 and 2475 (BT-8): the day on which VAT falls due
TAX_POINTS: dict[str, Message] = {
    "3": pgettext_noop("tax point", "the date of issue"),
    "5": pgettext_noop("tax point", "the date of issue"),
    "35": pgettext_noop("tax point", "the date of supply"),
    "29": pgettext_noop("tax point", "the date of supply"),
    "432": pgettext_noop("tax point", "the date of payment"),
    "72": pgettext_noop("tax point", "the date of payment"),
}

# UNTDID 4461: the means people meet
MEANS: dict[str, Message] = {
    "1": pgettext_noop("payment means", "Not defined"),
    "10": pgettext_noop("payment means", "Cash"),
    "20": pgettext_noop("payment means", "Cheque"),
    "30": pgettext_noop("payment means", "Credit transfer"),
    "31": pgettext_noop("payment means", "Debit transfer"),
    "42": pgettext_noop("payment means", "Bank account"),
    "48": pgettext_noop("payment means", "Bank card"),
    "49": pgettext_noop("payment means", "Direct debit"),
    "54": pgettext_noop("payment means", "Credit card"),
    "55": pgettext_noop("payment means", "Debit card"),
    "57": pgettext_noop("payment means", "Standing agreement"),
    "58": pgettext_noop("payment means", "SEPA credit transfer"),
    "59": pgettext_noop("payment means", "SEPA direct debit"),
    "68": pgettext_noop("payment means", "Online payment"),
    "97": pgettext_noop("payment means", "Clearing between partners"),
    "ZZZ": pgettext_noop("payment means", "Mutually defined"),
}


WORDS = LABELS | PAGE_LABELS


@cache
def both(message: Message) -> Pair:
    """The message in Arabic and English."""
    return translate(message, "ar"), translate(message, "en")


def pair(key: str, language: str, *values: str) -> list[str]:
    """The label in the document's order, its first language first, with its values put in."""
    ar, en = (text.format(*values) if values else text for text in both(WORDS[key]))
    return ordered((ar, en), language)


def ordered(texts: Pair, language: str) -> list[str]:
    """(ar, en) in the document's order."""
    return [texts[0], texts[1]] if language == "ar" else [texts[1], texts[0]]
