"""Which business term an element is, in UBL or CII: the label for rules that speak of elements rather than of terms."""

from __future__ import annotations

from functools import cache

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.nodes import NAMESPACES, Node, is_charge, local, prefixed, string
from wasl.rules.explain.paths import Syntax, below, places

_INVOICE_NAMES = {
    "cac:CreditNoteLine": "cac:InvoiceLine",
    "cbc:CreditedQuantity": "cbc:InvoicedQuantity",
    "cbc:CreditNoteTypeCode": "cbc:InvoiceTypeCode",
}


@cache
def by_element() -> dict[str, tuple[TermInfo, ...]]:
    """Element path below the root, without predicates ("…/@currencyID" for an attribute), to the terms that may stand there."""
    found: dict[str, tuple[TermInfo, ...]] = {}
    syntaxes: tuple[Syntax, ...] = ("ubl", "cii")
    for syntax in syntaxes:
        for info in TERMS.values():
            for path in places(info.id, syntax):
                key = "/".join(path.names) + (f"/@{path.attribute}" if path.attribute else "")
                found[key] = (*found.get(key, ()), info)
    return found


def path_of(node: Node) -> str:
    """The element path below the root, with invoice names, without positions: the key of a term's place."""
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
    candidates = by_element().get(path, ())
    if not candidates:
        return _due_date(path)
    return next((info for info in candidates if _fits(info, node)), None) or _likely(candidates, path)


def nearest(node: Node) -> TermInfo:
    """The term of the element, or else of the nearest group around it; the invoice where there is none."""
    at: Node | None = node
    while at is not None:
        info = term_of(at)
        if info is not None:
            return info
        at = at.getparent()
    return TERMS["BG-0"]


def _due_date(path: str) -> TermInfo | None:
    return TERMS["BT-9"] if path == TERMS["BT-9"].ubl_credit_note else None


def _likely(candidates: tuple[TermInfo, ...], path: str) -> TermInfo | None:
    """Where the code that would tell is missing: the usual one. In CII a lone candidate with another code is some other thing."""
    if not path.startswith("rsm:"):
        return candidates[0]
    return candidates[-1 if "AdditionalReferencedDocument" in path else 0] if len(candidates) > 1 else None


def _fits(info: TermInfo, node: Node) -> bool:
    """Decides between terms that share one element path by what distinguishes them in the document."""
    root = node.getroottree().getroot()
    if info.id in ("BT-110", "BT-111"):
        return _in_document_currency(node, root) is (info.id == "BT-110")
    if info.id in ("BT-21", "BG-1") and local(root) != "CrossIndustryInvoice":
        return False
    syntax: Syntax = {"CrossIndustryInvoice": "cii", "CreditNote": "cn"}.get(local(root), "ubl")  # pyright: ignore[reportAssignmentType]
    if "PartyIdentification" in info.ubl and syntax != "cii":
        return (node.get("schemeID") == "SEPA") is ("SEPA" in info.ubl)
    if "ChargeIndicator" in info.ubl:
        group = next((n for n in (node, *node.iterancestors()) if local(n).endswith("AllowanceCharge")), None)
        return group is not None and is_charge(group) is ("'true'" in info.ubl)
    return any(node is each for path in places(info.id, syntax) for each in below(root, node, path))


def _in_document_currency(node: Node, root: Node) -> bool:
    currency = root.find("cbc:DocumentCurrencyCode", NAMESPACES)
    if currency is None:
        currency = root.find(".//ram:InvoiceCurrencyCode", NAMESPACES)
    return currency is None or node.get("currencyID") in (None, string(currency).strip())
