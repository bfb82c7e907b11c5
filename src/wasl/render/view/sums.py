"""Totals, tax by category, words, payment."""

from __future__ import annotations

from typing import Any

from wasl.invoice.codes import ALLOWANCE_REASONS, CHARGE_REASONS
from wasl.invoice.model import AllowanceCharge, DocumentTotals, Invoice, TaxSubtotal
from wasl.invoice.words import NoWords, legal_amount_in_words

from ..labels import CATEGORIES, MEANS, both, ordered
from ..text import Prepared
from .desk import MISSING, Desk, bt, plain

DUE_SIZE, DUE_SIZE_MIN, DUE_WIDTH = 15.5, 7.0, 150.0  # points
TAX_FIGURES_WIDTH, TAX_DIGIT = 130.0, 4.5  # points, at the table's full size


def sums(invoice: Invoice, desk: Desk) -> list[dict[str, Any]]:
    """The rows above the amount due, each only where it says something."""
    t = invoice.totals or DocumentTotals()
    changes = [("allowance", a, -1) for a in invoice.allowances] + [("charge", c, 1) for c in invoice.charges]
    rows: list[dict[str, Any]] = []
    if changes or t.line_extension_amount not in (None, t.tax_exclusive_amount):
        rows.append(sum_row(desk.label("line_total"), desk.amount(t.line_extension_amount), "BT-106"))
    for key, change, sign in changes:
        amount = desk.amount(None if change.amount is None else sign * change.amount)
        said = " ".join(bt(f"{key}s[].{name}") for name in ("amount", "percentage", "reason") if getattr(change, name) is not None)
        more, terms = _change_more(key, change, invoice, desk)
        rows.append({**sum_row(_change(key, change, desk), amount, said), "more": more, "more_bt": terms})
    for key, total, each, sign in (
        ("allowance", t.allowance_total_amount, invoice.allowances, -1),
        ("charge", t.charge_total_amount, invoice.charges, 1),
    ):
        if total and (len(each) != 1 or each[0].amount != total):
            rows.append(sum_row(desk.label(f"{key}_total"), desk.amount(sign * total), bt(f"totals.{key}_total_amount")))
    rows.append(sum_row(desk.label("subtotal"), desk.amount(t.tax_exclusive_amount), "BT-109"))
    rows.append(sum_row(_vat_label(invoice, desk), desk.amount(t.tax_amount), "BT-110"))
    if t.tax_amount_accounting is not None:
        currency = invoice.tax_currency or ""
        shown = plain(desk.money(t.tax_amount_accounting, currency)) if currency else desk.amount(t.tax_amount_accounting)
        rows.append(sum_row(desk.label("vat_in", desk.code(currency or MISSING)), shown, "BT-111"))
    rows.append(sum_row(desk.label("total"), desk.amount(t.tax_inclusive_amount), "BT-112", strong=True))
    if t.prepaid_amount:
        rows.append(sum_row(desk.label("prepaid"), desk.amount(-t.prepaid_amount), "BT-113"))
    if t.rounding_amount:
        rows.append(sum_row(desk.label("rounding"), desk.amount(t.rounding_amount), "BT-114"))
    return rows


def sum_row(label: list[Any], value: str, term: str, *, strong: bool = False) -> dict[str, Any]:
    """One row of the box of totals."""
    return {"label": label, "value": value, "strong": strong, "more": None, "bt": term, "more_bt": ""}


def _change(key: str, change: AllowanceCharge, desk: Desk) -> list[Any]:
    label = desk.label(key)
    if change.percentage is not None:
        label = [f"{label[0]} {desk.percent(change.percentage)}", label[1]]
    if change.reason:
        return [label[0], desk.pen(change.reason)]
    named = (ALLOWANCE_REASONS if key == "allowance" else CHARGE_REASONS).get(change.reason_code or "")
    return [label[0], desk.pen(named[0] if desk.language == "ar" else named[1])] if named else label


def _change_more(key: str, change: AllowanceCharge, invoice: Invoice, desk: Desk) -> tuple[Prepared | None, str]:
    """The base, the tax where there are several, and the code that the words did not come from; with their terms."""
    facts: list[tuple[str, str, str]] = []
    if change.base_amount is not None:
        facts.append(("base_amount", desk.amount(change.base_amount), "base_amount"))
    taxes = {(s.category, s.rate) for s in invoice.tax_breakdown}
    tax = " ".join(text for text in (change.tax_category, desk.percent(change.tax_rate) if change.tax_rate is not None else "") if text)
    if tax and taxes != {(change.tax_category, change.tax_rate)}:
        facts.append(("tax", tax, "tax_category tax_rate"))
    known = ALLOWANCE_REASONS if key == "allowance" else CHARGE_REASONS
    if change.reason_code and (change.reason or change.reason_code not in known):
        facts.append(("code", change.reason_code, "reason_code"))
    terms = " ".join(bt(f"{key}s[].{name}") for _, _, names in facts for name in names.split())
    return (desk.joined([(desk.label(name)[0], said) for name, said, _ in facts]), terms) if facts else (None, "")


def _vat_label(invoice: Invoice, desk: Desk) -> list[Any]:
    """ "VAT 15%" where all of it is at one rate."""
    rates = {s.rate for s in invoice.tax_breakdown}
    label = desk.label("vat")
    if len(rates) == 1 and (rate := next(iter(rates))) is not None:
        return [f"{label[0]} {desk.percent(rate)}", label[1]]
    return label


def due(invoice: Invoice, desk: Desk, key: str) -> dict[str, Any]:
    """The one figure that everybody looks for."""
    return due_box(desk.label(key), desk.money((invoice.totals or DocumentTotals()).payable_amount), "BT-115")


def due_box(label: list[Any], value: Prepared, term: str) -> dict[str, Any]:
    """A figure and its label; its letters shrink before it overflows."""
    size = min(DUE_SIZE, DUE_WIDTH / (0.56 * max(len(plain(value)), 1)))
    return {"label": label, "value": value, "size": round(max(size, DUE_SIZE_MIN), 2), "bt": term}


def taxes(invoice: Invoice, desk: Desk) -> dict[str, Any]:
    """The rows, and the scale at which the longest figures leave room for the category's name."""
    rows = [_tax(subtotal, desk) for subtotal in invoice.tax_breakdown]
    widest = sum(max((len(row[key]) for row in rows), default=0) for key in ("base", "amount")) * TAX_DIGIT
    return {"rows": rows, "scale": round(min(1.0, TAX_FIGURES_WIDTH / max(widest, 1.0)), 3)}


def _tax(subtotal: TaxSubtotal, desk: Desk) -> dict[str, Any]:
    code = subtotal.category or MISSING
    named = code in CATEGORIES
    reason = " · ".join(text for text in (subtotal.exemption_reason, subtotal.exemption_reason_code) if text)
    return {
        "name": desk.pair(both(CATEGORIES[code])) if named else [desk.code(code), ""],
        "code": desk.code(code) if named else None,
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

    def row(label: str, value: str | None, term: str, *, code: bool = True, strong: bool = False) -> None:
        if value:
            shown = desk.code(value) if code else desk.pen(value)
            rows.append({"label": desk.label(label), "value": shown, "code": code, "strong": strong, "bt": term})

    named = desk.pair(both(MEANS[p.means_code]))[0] if p.means_code in MEANS else None
    shown_code = f"({p.means_code})" if p.means_text and p.means_code else None if named else p.means_code
    row("means", " ".join(text for text in (p.means_text or named, shown_code) if text), "BT-81 BT-82" if p.means_text else "BT-81", code=False)
    for account in p.credit_transfers:
        row("account_name", account.account_name, "BT-85", code=False)
        row("iban" if _is_iban(account.account) else "account", grouped_iban(account.account), "BT-84", strong=True)
        row("bic", account.service_provider, "BT-86")
    if p.card:
        row("card", p.card.account_number, "BT-87")
        row("card_holder", p.card.holder_name, "BT-88", code=False)
    if p.direct_debit:
        row("mandate", p.direct_debit.mandate, "BT-89")
        row("creditor", p.direct_debit.creditor, "BT-90")
        row("debited", grouped_iban(p.direct_debit.debited_account), "BT-91")
    row("remittance", p.remittance_information, "BT-83", strong=True)
    return rows


def _is_iban(account: str | None) -> bool:
    text = (account or "").replace(" ", "")
    return 15 <= len(text) <= 34 and text.isascii() and text.isalnum() and text[:2].isalpha() and text[2:4].isdigit()


def grouped_iban(account: str | None) -> str | None:
    """Groups of four, as on paper (ISO 13616); an account that is no IBAN as it is."""
    if not _is_iban(account):
        return account
    text = (account or "").replace(" ", "").upper()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))
