"""Which document it is: its title, how its number and amount are called, and what its reader must be told first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wasl.invoice.model import Invoice

from ..context import RenderContext
from ..labels import CREDIT_NOTE, TAX_INVOICE, TITLES, Pair, both
from .desk import Desk

CORRECTING = frozenset({"80", "84", "383", "384"})  # UNTDID 1001: debit notes and the corrected invoice
DEBIT_NOTES = CORRECTING - {"384"}
SELF_BILLED = frozenset({"261", "389", "527"})
FACTORED = frozenset({"393", "396"})
OFFERS = {"310": "quote", "325": "pro-forma"}


@dataclass(frozen=True)
class Kind:
    """Keys of the labels that differ between kinds, and whether anything is to be paid."""

    number: str = "number"
    due: str = "due"
    due_date: str = "due_date"
    payable: bool = True  # False: nothing is owed by it, so no Pay and no account in the foreground
    banner: str | None = None


_KINDS = {
    "quote": Kind(number="quote_number", due="offered", due_date="valid_until", payable=False),
    "pro-forma": Kind(due="offered", due_date="valid_until", payable=False, banner="not_a_tax_invoice"),
    "credit": Kind(number="note_number", due="credited", payable=False),
    "debit": Kind(number="note_number"),
    "invoice": Kind(),
}


def name_of_kind(invoice: Invoice, context: RenderContext) -> str:
    """The kind's key above; the document's own type says it first."""
    code = invoice.type_code or ""
    if code in OFFERS:
        return OFFERS[code]
    if invoice.is_credit_note:
        return "credit"
    if code in DEBIT_NOTES:
        return "debit"
    return context.kind or "invoice"


def kind_of(invoice: Invoice, context: RenderContext) -> Kind:
    return _KINDS[name_of_kind(invoice, context)]


def title(invoice: Invoice, context: RenderContext) -> Pair:
    """What stands on top. A seller with a VAT number issues a tax invoice."""
    if context.title:
        return context.title
    name, code = name_of_kind(invoice, context), invoice.type_code
    if name in ("quote", "pro-forma"):
        return both(TITLES["310" if name == "quote" else "325"])
    if name == "credit":
        return both(TITLES.get(code or "", CREDIT_NOTE))
    if name == "debit":
        return both(TITLES["383"])
    taxed = invoice.seller is not None and invoice.seller.vat_identifier is not None
    if code in (None, "380") and taxed:
        return both(TAX_INVOICE)
    return both(TITLES.get(code or "380", TITLES["380"]))


def banners(invoice: Invoice, context: RenderContext, desk: Desk) -> list[dict[str, Any]]:
    """What a note corrects; an ordinary invoice that names earlier ones shows them too, without alarm. Then who wrote it, and whom to pay."""
    found = _originals(invoice, context, desk)
    keys = [kind_of(invoice, context).banner]
    keys.append("self_billed" if invoice.type_code in SELF_BILLED else None)
    keys.append("factored" if invoice.type_code in FACTORED and invoice.payee else None)
    for key in keys:
        if key:
            label = desk.label("note")
            found.append({"label": label, "alarm": False, "originals": [], "text": desk.label(key), "bt": "BT-3"})
    return found


def _originals(invoice: Invoice, context: RenderContext, desk: Desk) -> list[dict[str, Any]]:
    originals = [(p.number, p.issue_date) for p in invoice.preceding_invoices if p.number or p.issue_date]
    if not originals and context.original_invoice_number:
        originals = [(context.original_invoice_number, context.original_invoice_date)]
    if not originals:
        return []
    corrects = invoice.is_credit_note or invoice.type_code in CORRECTING
    shown = [{"number": desk.code(n or "—"), "date": desk.date(d) if d else None} for n, d in originals]
    label = desk.label("corrects" if corrects else "refers")
    return [{"label": label, "alarm": corrects, "originals": shown, "text": [], "bt": "BT-25 BT-26"}]
