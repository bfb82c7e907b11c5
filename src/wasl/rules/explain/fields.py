"""Which field of the invoice model a finding is about, and mends that need no person to decide.

`field(finding, doc)` gives a path such as "lines[2].price.net" (counted from 0), so that a form can mark the field.
`quick_fix(finding, doc, invoice)` gives the mended invoice where there is only one right answer, else None.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from wasl.invoice.model import Invoice
from wasl.invoice.money import minor_units, round_half_up
from wasl.invoice.terms import TERMS
from wasl.invoice.totals import totals
from wasl.rules.explain import Explanation, explain
from wasl.rules.explain.facts import NAMESPACES, FindingLike, Node, Siblings, is_charge, local, string

_STEP = re.compile(r"(\w+)(?:\[(\d*)\])?")


def field(finding: FindingLike, doc: Node, words: Explanation | None = None) -> str | None:
    """The model path of the finding's field; of its list ("lines") where no entry is meant; None for the whole invoice."""
    term = TERMS[(words or explain(finding, doc)).term]
    node = Siblings().locate(doc, finding.location)
    path = ""
    for part in term.path.split(".") if term.path else []:
        name = part.removesuffix("[]")
        path = f"{path}.{name}" if path else name
        if part != name:
            index = _index(name, node)
            if index is None:
                return path
            path = f"{path}[{index}]"
    return path or None


# A list of the model: the UBL element of one entry, and which of its siblings do not count.
_ENTRIES: dict[str, tuple[str, ...]] = {
    "lines": ("InvoiceLine", "CreditNoteLine"),
    "allowances": ("AllowanceCharge",),
    "charges": ("AllowanceCharge",),
    "tax_breakdown": ("TaxSubtotal",),
    "supporting_documents": ("AdditionalDocumentReference",),
    "preceding_invoices": ("BillingReference",),
    "credit_transfers": ("PaymentMeans",),
    "notes": ("Note",),
    "identifiers": ("PartyIdentification",),
    "classifications": ("CommodityClassification",),
    "attributes": ("AdditionalItemProperty",),
}


def _index(name: str, node: Node) -> int | None:
    """The place of the entry that `node` belongs to, among those the model holds in the same list."""
    entry = next((n for n in (node, *node.iterancestors()) if local(n) in _ENTRIES.get(name, ())), None)
    parent = entry.getparent() if entry is not None else None
    if entry is None or parent is None or not _counts(name, entry):
        return None
    if name == "tax_breakdown":
        same = entry.getroottree().getroot().findall("cac:TaxTotal/cac:TaxSubtotal", NAMESPACES)
    else:
        same = [n for n in parent if n.tag == entry.tag and _counts(name, n)]
    return same.index(entry)


def _counts(name: str, entry: Node) -> bool:
    """Elements that share a name in UBL but not a list in the model."""
    if name in ("allowances", "charges"):
        return is_charge(entry) is (name == "charges")
    if name == "supporting_documents":
        code = entry.find("cbc:DocumentTypeCode", NAMESPACES)
        return code is None or string(code).strip() not in ("130", "50")
    if name == "credit_transfers":
        return entry.find("cac:PayeeFinancialAccount", NAMESPACES) is not None
    if name == "identifiers":
        identifier = entry.find("cbc:ID", NAMESPACES)
        return identifier is None or identifier.get("schemeID") != "SEPA"
    return True


_RECOMPUTED = re.compile(r"BR-(1[2-5]|24|4[56]|CO-1[0-8]|(S|Z|E|AE|IC|G|O|AF|AG)-(01|08|09))\Z")
_ZERO_RATE = re.compile(r"BR-(Z|E|AE|G|IC)-0[567]\Z")
_NO_RATE = re.compile(r"BR-O-0[567]\Z")
_TOO_PRECISE = re.compile(r"BR-DEC-\d\d|UBL-DT-01\Z")


def quick_fix(finding: FindingLike, doc: Node, invoice: Invoice) -> Invoice | None:
    """The mended invoice, or None where a person must decide or nothing would change."""
    if finding.unevaluable:
        return None
    mended = invoice
    if _ZERO_RATE.match(finding.rule) or _NO_RATE.match(finding.rule):
        path = field(finding, doc)
        zero = None if _NO_RATE.match(finding.rule) else Decimal(0)
        mended = _put(invoice, path, zero) if path else invoice
    elif _TOO_PRECISE.match(finding.rule):
        path = field(finding, doc)
        value = _get(invoice, path) if path else None
        mended = _put(invoice, path, round_half_up(value, minor_units(invoice.currency))) if path and value is not None else invoice
    elif not _RECOMPUTED.match(finding.rule):
        return None
    mended = totals(mended)
    return mended if mended != invoice and not _still_broken(finding.rule, mended) else None


def _still_broken(rule: str, invoice: Invoice) -> bool:
    """A mend is offered only after it was tried: the rules have the last word."""
    from wasl.formats import ubl
    from wasl.rules import validate

    return any(found.rule == rule for found in validate(ubl.write(invoice)).findings)


def _get(at: Any, path: str) -> Decimal | None:
    for name, index in _STEP.findall(path):
        at = getattr(at, name, None)
        if index and at is not None:
            at = at[int(index)] if int(index) < len(at) else None
    return at if isinstance(at, Decimal) else None


def _put(at: Any, path: str, value: Decimal | None) -> Any:
    """The same structure with one value changed; unchanged where the path does not exist."""
    head, _, rest = path.partition(".")
    match = _STEP.match(head)
    if match is None:
        return at
    name, index = match[1], match[2]
    inner = getattr(at, name, None)
    if index is None:
        if rest and inner is None:
            return at
        return replace(at, **{name: _put(inner, rest, value) if rest else value})
    if inner is None or int(index) >= len(inner):
        return at
    entries = list(inner)
    entries[int(index)] = _put(entries[int(index)], rest, value)
    return replace(at, **{name: tuple(entries)})
