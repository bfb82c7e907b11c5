"""Totals, tax by category, words, payment."""

from __future__ import annotations

from typing import Any

from wasl.invoice.model import AllowanceCharge, DocumentTotals, Invoice, TaxSubtotal
from wasl.invoice.words import NoWords, legal_amount_in_words

from ..labels import CATEGORIES, MEANS, both, ordered
from ..text import Prepared
from .desk import MISSING, Desk

DUE_SIZE, DUE_SIZE_MIN, DUE_WIDTH = 15.5, 7.0, 150.0  # points
TAX_FIGURES_WIDTH, TAX_DIGIT = 130.0, 4.5  # points, at the table's full size


def sums(invoice: Invoice, desk: Desk) -> list[dict[str, Any]]:
    """The rows above the amount due, each only where it says something."""
    t = invoice.totals or DocumentTotals()
    rows: list[dict[str, Any]] = []

    def row(label: list[str], value: str, *, strong: bool = False) -> None:
        rows.append({"label": label, "value": value, "strong": strong})

    if invoice.allowances or invoice.charges:
        row(desk.label("line_total"), desk.amount(t.line_extension_amount))
    for key, changes, sign in (("allowance", invoice.allowances, -1), ("charge", invoice.charges, 1)):
        for change in changes:
            row(_change(key, change, desk), desk.amount(None if change.amount is None else sign * change.amount))
    row(desk.label("subtotal"), desk.amount(t.tax_exclusive_amount))
    row(_vat_label(invoice, desk), desk.amount(t.tax_amount))
    if t.tax_amount_accounting is not None and invoice.tax_currency and invoice.tax_currency != invoice.currency:
        row(desk.label("vat_in", desk.code(invoice.tax_currency)), _plain(desk.money(t.tax_amount_accounting, invoice.tax_currency)))
    row(desk.label("total"), desk.amount(t.tax_inclusive_amount), strong=True)
    if t.prepaid_amount:
        row(desk.label("prepaid"), desk.amount(-t.prepaid_amount))
    if t.rounding_amount:
        row(desk.label("rounding"), desk.amount(t.rounding_amount))
    return rows


def _plain(text: Prepared) -> str:
    return text if isinstance(text, str) else text["s"]


def _change(key: str, change: AllowanceCharge, desk: Desk) -> list[Any]:
    label = desk.label(key)
    if change.percentage is not None:
        label = [f"{label[0]} {desk.percent(change.percentage)}", label[1]]
    return [label[0], desk.pen(change.reason)] if change.reason else label


def _vat_label(invoice: Invoice, desk: Desk) -> list[str]:
    """ "VAT 15%" where all of it is at one rate."""
    rates = {s.rate for s in invoice.tax_breakdown}
    label = desk.label("vat")
    if len(rates) == 1 and (rate := next(iter(rates))) is not None:
        return [f"{label[0]} {desk.percent(rate)}", label[1]]
    return label


def due(invoice: Invoice, desk: Desk) -> dict[str, Any]:
    """The one figure that everybody looks for; its letters shrink before it overflows."""
    value = desk.money((invoice.totals or DocumentTotals()).payable_amount)
    size = min(DUE_SIZE, DUE_WIDTH / (0.56 * max(len(_plain(value)), 1)))
    label = desk.label("credited" if invoice.is_credit_note else "due")
    return {"label": label, "value": value, "size": round(max(size, DUE_SIZE_MIN), 2)}


def taxes(invoice: Invoice, desk: Desk) -> dict[str, Any]:
    """The rows, and the scale at which the longest figures leave room for the category's name."""
    rows = [_tax(subtotal, desk) for subtotal in invoice.tax_breakdown]
    widest = sum(max((len(row[key]) for row in rows), default=0) for key in ("base", "amount")) * TAX_DIGIT
    return {"rows": rows, "scale": round(min(1.0, TAX_FIGURES_WIDTH / max(widest, 1.0)), 3)}


def _tax(subtotal: TaxSubtotal, desk: Desk) -> dict[str, Any]:
    code = subtotal.category or MISSING
    name = desk.pair(both(CATEGORIES[code])) if code in CATEGORIES else [desk.code(code), ""]
    reason = " · ".join(text for text in (subtotal.exemption_reason, subtotal.exemption_reason_code) if text)
    return {
        "name": name,
        "rate": desk.percent(subtotal.rate) if subtotal.rate is not None else None,
        "reason": desk.pen(reason) if reason else None,
        "base": desk.amount(subtotal.taxable_amount),
        "amount": desk.amount(subtotal.tax_amount),
    }


def words(invoice: Invoice, desk: Desk) -> list[Prepared] | None:
    """The amount due in words, both languages; None where the currency has no words or there is no amount."""
    value = (invoice.totals or DocumentTotals()).payable_amount
    if value is None or not invoice.currency:
        return None
    try:
        texts = (legal_amount_in_words(value, invoice.currency, "ar"), legal_amount_in_words(value, invoice.currency, "en"))
    except NoWords:
        return None
    return [desk.pen(text) for text in ordered(texts, desk.language)]


def payment(invoice: Invoice, desk: Desk) -> list[dict[str, Any]]:
    """How to pay: means, accounts, reference."""
    p = invoice.payment
    if p is None:
        return []
    rows: list[dict[str, Any]] = []

    def row(label: str, value: str | None, *, code: bool = True, strong: bool = False) -> None:
        if value:
            shown = desk.code(value) if code else desk.pen(value)
            rows.append({"label": desk.label(label), "value": shown, "code": code, "strong": strong})

    named = desk.pair(both(MEANS[p.means_code])) if p.means_code in MEANS else None
    row("means", p.means_text or (named[0] if named else None), code=False)
    for account in p.credit_transfers:
        row("account_name", account.account_name, code=False)
        key = "iban" if _is_iban(account.account) else "account"
        row(key, grouped_iban(account.account) if key == "iban" else account.account, strong=True)
        row("bic", account.service_provider)
    if p.card:
        row("card", p.card.account_number)
        row("account_name", p.card.holder_name, code=False)
    if p.direct_debit:
        row("mandate", p.direct_debit.mandate)
        row("creditor", p.direct_debit.creditor)
        row("debited", p.direct_debit.debited_account)
    row("remittance", p.remittance_information, strong=True)
    return rows


def _is_iban(account: str | None) -> bool:
    text = (account or "").replace(" ", "")
    return 15 <= len(text) <= 34 and text.isascii() and text.isalnum() and text[:2].isalpha() and text[2:4].isdigit()


def grouped_iban(account: str | None) -> str:
    """Groups of four, as on paper (ISO 13616)."""
    text = (account or "").replace(" ", "").upper()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


