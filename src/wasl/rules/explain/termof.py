"""Which business term a UBL element is: the label for rules that speak of elements rather than of terms."""

from __future__ import annotations

import re
from functools import cache

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.facts import NAMESPACES, Node, is_charge, local, prefixed, string

_PREDICATE = re.compile(r"\[[^\]]*\]")
_INVOICE_NAMES = {
    "cac:CreditNoteLine": "cac:InvoiceLine",
    "cbc:CreditedQuantity": "cbc:InvoicedQuantity",
    "cbc:CreditNoteTypeCode": "cbc:InvoiceTypeCode",
}


@cache
def _by_element() -> dict[str, tuple[TermInfo, ...]]:
    found: dict[str, tuple[TermInfo, ...]] = {}
    for info in TERMS.values():
        path = _PREDICATE.sub("", info.ubl)
        if path:
            found[path] = (*found.get(path, ()), info)
    return found


def path_of(node: Node) -> str:
    """The element path below the root, with invoice names, without positions: the key of a term's UBL place."""
    steps: list[str] = []
    at: Node | None = node
    while at is not None and at.getparent() is not None:
        name = prefixed(at)
        steps.append(_INVOICE_NAMES.get(name, name))
        at = at.getparent()
    return "/".join(reversed(steps))


def term_of(node: Node, attribute: str | None = None) -> TermInfo | None:
    """The term of an element, or of one of its attributes; None where the core has none."""
    path = path_of(node) + (f"/@{attribute}" if attribute else "")
    candidates = _by_element().get(path, ())
    if len(candidates) < 2:
        return candidates[0] if candidates else _due_date(path)
    return next((info for info in candidates if _fits(info, node)), candidates[0])


def _due_date(path: str) -> TermInfo | None:
    return TERMS["BT-9"] if path == TERMS["BT-9"].ubl_credit_note else None


def _fits(info: TermInfo, node: Node) -> bool:
    """Decides between terms that share one element path by what distinguishes them in the document."""
    if "cbc:ChargeIndicator" in info.ubl:
        group = next((n for n in (node, *node.iterancestors()) if local(n) == "AllowanceCharge"), None)
        return group is not None and is_charge(group) is ("'true'" in info.ubl)
    if "cac:PartyTaxScheme" in info.ubl:
        scheme = node.find("../cac:TaxScheme/cbc:ID", NAMESPACES)
        vat = scheme is not None and string(scheme).strip().upper() == "VAT"
        return vat is ("!='VAT'" not in info.ubl)
    if info.id in ("BT-110", "BT-111"):
        return _in_document_currency(node) is (info.id == "BT-110")
    if "PartyIdentification" in info.ubl:
        return (node.get("schemeID") == "SEPA") is ("SEPA" in info.ubl)
    if "cbc:DocumentTypeCode" in info.ubl:
        code = node.find("../cbc:DocumentTypeCode", NAMESPACES)
        return code is not None and string(code).strip() == "130"
    return info.id not in ("BT-21", "BG-1")


def _in_document_currency(node: Node) -> bool:
    root = node.getroottree().getroot()
    currency = root.find("cbc:DocumentCurrencyCode", NAMESPACES)
    return currency is None or node.get("currencyID") in (None, string(currency).strip())
