"""Which field of the composer a finding is about: from the place in the document and the business term."""

from __future__ import annotations

import re
from typing import Any

from wasl.app.console.compose.form import REASON_CATEGORIES, ComposerForm
from wasl.invoice.model import Invoice

_LINE = {"InvoiceLine", "CreditNoteLine"}
_LINE_FIELDS = {
    "BT-129": "quantity", "BT-130": "unit", "BT-146": "price", "BT-147": "price", "BT-148": "price", "BG-29": "price",
    "BT-136": "discount", "BT-137": "discount", "BT-138": "discount", "BT-139": "discount", "BT-140": "discount", "BG-27": "discount",
    "BT-151": "tax", "BT-152": "tax", "BG-30": "tax", "BT-153": "name", "BT-154": "name", "BG-31": "name",
}  # fmt: skip
_HEAD_FIELDS = {
    "BT-9": "due_date", "BT-20": "due_date", "BT-13": "purchase_order", "BT-22": "notes", "BT-92": "discount_amount", "BT-95": "discount_amount",
    "BT-97": "discount_reason", "BT-98": "discount_reason", "BG-20": "discount_amount",
    **{f"BT-{number}": "customer" for number in range(44, 59)}, "BG-7": "customer", "BG-8": "customer", "BG-9": "customer",
}  # fmt: skip


def field_of(finding: Any, term: str | None, form: ComposerForm) -> str | None:
    """The id of a control of the form, or None where the form has none for it (the seller's own data, a total)."""
    position = next((at for _uri, local, at in finding.context.path if local in _LINE), None)
    rows = form.filled_rows
    if position is not None and position <= len(rows):
        return rows[position - 1].name(_LINE_FIELDS.get(term or "", "name"))
    if term in ("BT-120", "BT-121") or "TaxSubtotal" in {local for _uri, local, _at in finding.context.path}:
        return _reason_field(finding.rule, form)
    return _HEAD_FIELDS.get(term or "")


def field_of_check(field: str, term: str, invoice: Invoice, form: ComposerForm) -> str | None:
    """The same for a law's own check, whose place is written as in the model: "lines[2].net_amount"."""
    found = re.match(r"(lines|tax_breakdown)\[(\d+)\]", field)
    rows = form.filled_rows
    if found and found[1] == "lines" and int(found[2]) < len(rows):
        return rows[int(found[2])].name(_LINE_FIELDS.get(term, "name"))
    if found and found[1] == "tax_breakdown":
        return _category_field(invoice.tax_breakdown[int(found[2])].category or "", form)
    return _HEAD_FIELDS.get(term)


def _reason_field(rule: str, form: ComposerForm) -> str | None:
    """BR-E-10 speaks of category E: its reason, or the first line that uses it."""
    part = rule.split("-")[1] if rule.count("-") >= 2 else ""
    return _category_field({"IC": "K"}.get(part, part), form)


def _category_field(category: str, form: ComposerForm) -> str | None:
    if category in REASON_CATEGORIES:
        return f"reason-{category}"
    row = next((row for row in form.filled_rows if row["tax"].startswith(f"{category}|")), None)
    return row.name("tax") if row else None
