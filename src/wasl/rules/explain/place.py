"""Where a finding is, in words a person can follow: "line 3, unit price" / «البند 3، سعر الوحدة»."""

from __future__ import annotations

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.categories import rate_of
from wasl.rules.explain.facts import NAMESPACES, Node, Siblings, is_charge, local, prefixed, string
from wasl.rules.explain.text import Bi, Raw, label, quote, say

_LINE = ("line {n}", "البند {n}")
_LINE_NAMED = ("line {n} (no. {id})", "البند {n} (رقمه {id})")
_ROW = ("VAT breakdown row {n}", "السطر {n} من تفصيل الضريبة")
_ROW_NAMED = ("VAT breakdown row {n} ({category})", "السطر {n} من تفصيل الضريبة ({category})")
_ELEMENT = ("element {name}", "العنصر {name}")

# Groups that repeat: the element, its term, and the words for its n-th occurrence.
_REPEATED: dict[str, tuple[str, tuple[str, str]]] = {
    "AdditionalDocumentReference": ("BG-24", ("supporting document {n}", "المستند المرفق {n}")),
    "AdditionalItemProperty": ("BG-32", ("item attribute {n}", "خاصية الصنف {n}")),
    "PaymentMeans": ("BG-16", ("payment instruction {n}", "تعليمات الدفع {n}")),
    "BillingReference": ("BG-3", ("preceding invoice {n}", "الفاتورة السابقة {n}")),
    "CommodityClassification": ("", ("classification {n}", "التصنيف {n}")),
    "TaxTotal": ("", ("tax total {n}", "إجمالي الضريبة {n}")),
    "Note": ("BG-1", ("note {n}", "الملاحظة {n}")),
}
# Groups that occur once: named only where no term follows that names them anyway.
_SINGLE = {
    "AccountingSupplierParty": "BG-4",
    "AccountingCustomerParty": "BG-7",
    "PayeeParty": "BG-10",
    "TaxRepresentativeParty": "BG-11",
    "Delivery": "BG-13",
    "LegalMonetaryTotal": "BG-22",
    "Price": "BG-29",
    "Item": "BG-31",
}
_OF_KIND = {
    (False, False): ("BG-20", ("discount {n}", "الخصم {n}")),
    (False, True): ("BG-21", ("charge {n}", "الرسم الإضافي {n}")),
    (True, False): ("BG-27", ("discount {n}", "الخصم {n}")),
    (True, True): ("BG-28", ("charge {n}", "الرسم الإضافي {n}")),
}


def place(node: Node, term: TermInfo | None, siblings: Siblings, detail: str = "") -> Bi:
    """The groups around `node` from the outside in, then the term; the element's own name where there is no term."""
    parts: list[Bi] = []
    named: set[str] = set()
    single: TermInfo | None = None
    for step in reversed([node, *node.iterancestors()]):
        words = _group(step, named, siblings)
        if words is not None:
            parts.append(words)
        elif local(step) in _SINGLE:
            single = TERMS[_SINGLE[local(step)]]
    if term is not None and term.id not in named and term.id != "BG-0":
        parts.append(label(term))
    elif term is None:
        if single is not None:
            parts.append(label(single))
        if not _is_group(node):
            parts.append(say(_ELEMENT, name=Raw(prefixed(node))))
    if detail:
        parts.append(say(_ELEMENT, name=Raw(detail)))
    return _joined(parts) if parts else label(TERMS["BG-0"])


def place_of_term(term: TermInfo | None) -> Bi:
    """The same without a document: where such a finding always stands."""
    if term is None:
        return label(TERMS["BG-0"])
    groups = [label(TERMS[group]) for prefix, group in _GROUP_OF_PATH if term.path.startswith(prefix) and term.id != group]
    return _joined([*groups[:1], label(term)])


_GROUP_OF_PATH = (("lines[]", "BG-25"), ("tax_breakdown[]", "BG-23"), ("supporting_documents[]", "BG-24"))


def _is_group(node: Node) -> bool:
    name = local(node)
    groups = ("InvoiceLine", "CreditNoteLine", "AllowanceCharge", "TaxSubtotal")
    return node.getparent() is None or name in _SINGLE or name in _REPEATED or name in groups


def _group(node: Node, named: set[str], siblings: Siblings) -> Bi | None:
    name = local(node)
    if name in ("InvoiceLine", "CreditNoteLine"):
        named.add("BG-25")
        return _line(node, siblings)
    if name == "TaxSubtotal":
        named.add("BG-23")
        return _row(node, siblings)
    if name == "AllowanceCharge":
        return _allowance(node, named)
    if name in _REPEATED:
        term, words = _REPEATED[name]
        named.add(term)
        return say(words, n=siblings.position(node)) if siblings.repeats(node) else None
    return None


def _line(node: Node, siblings: Siblings) -> Bi:
    n, given = siblings.position(node), node.find("cbc:ID", NAMESPACES)
    text = string(given).strip() if given is not None else ""
    if text in ("", str(n)):
        return say(_LINE, n=n)
    return say(_LINE_NAMED, n=n, id=quote(text))


def _row(node: Node, siblings: Siblings) -> Bi:
    category = rate_of(node.find("cac:TaxCategory", NAMESPACES))
    if category is None:
        return say(_ROW, n=siblings.position(node))
    return say(_ROW_NAMED, n=siblings.position(node), category=category)


def _allowance(node: Node, named: set[str]) -> Bi | None:
    parent = node.getparent()
    if parent is None or local(parent) == "Price":
        return None
    charge = is_charge(node)
    term, words = _OF_KIND[local(parent) in ("InvoiceLine", "CreditNoteLine"), charge]
    named.add(term)
    same = [n for n in parent.findall("cac:AllowanceCharge", NAMESPACES) if is_charge(n) is charge]
    return say(words, n=same.index(node) + 1)


def _joined(parts: list[Bi]) -> Bi:
    return Bi(", ".join(p.en for p in parts), "، ".join(p.ar for p in parts))
