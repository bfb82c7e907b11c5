"""Where a finding is, in words a person can follow: "line 3, unit price" / «البند 3، سعر الوحدة»."""

from __future__ import annotations

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.categories import rate_of
from wasl.rules.explain.elements import HOLDERS
from wasl.rules.explain.facts import LINES, NAMESPACES, Node, Siblings, is_charge, local, string
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
    "AdditionalReferencedDocument": ("BG-24", ("supporting document {n}", "المستند المرفق {n}")),
    "ApplicableProductCharacteristic": ("BG-32", ("item attribute {n}", "خاصية الصنف {n}")),
    "SpecifiedTradeSettlementPaymentMeans": ("BG-16", ("payment instruction {n}", "تعليمات الدفع {n}")),
    "InvoiceReferencedDocument": ("BG-3", ("preceding invoice {n}", "الفاتورة السابقة {n}")),
    "DesignatedProductClassification": ("", ("classification {n}", "التصنيف {n}")),
    "SpecifiedTradePaymentTerms": ("", ("payment terms {n}", "شروط الدفع {n}")),
    "IncludedNote": ("BG-1", ("note {n}", "الملاحظة {n}")),
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
    "SellerTradeParty": "BG-4",
    "BuyerTradeParty": "BG-7",
    "PayeeTradeParty": "BG-10",
    "SellerTaxRepresentativeTradeParty": "BG-11",
    "ShipToTradeParty": "BG-13",
    "ApplicableHeaderTradeDelivery": "BG-13",
    "SpecifiedTradeSettlementHeaderMonetarySummation": "BG-22",
    "NetPriceProductTradePrice": "BG-29",
    "GrossPriceProductTradePrice": "BG-29",
    "SpecifiedTradeProduct": "BG-31",
}
_ROWS, _ALLOWANCES = ("TaxSubtotal", "ApplicableTradeTax"), ("AllowanceCharge", "SpecifiedTradeAllowanceCharge")
# Groups of CII that only hold others: they have no name of their own.
_HOLDERS = HOLDERS | {"ExchangedDocumentContext"}
_OF_KIND = {
    (False, False): ("BG-20", ("discount {n}", "الخصم {n}")),
    (False, True): ("BG-21", ("charge {n}", "الرسم الإضافي {n}")),
    (True, False): ("BG-27", ("discount {n}", "الخصم {n}")),
    (True, True): ("BG-28", ("charge {n}", "الرسم الإضافي {n}")),
}


def place(node: Node, term: TermInfo | None, siblings: Siblings, detail: Bi | None = None) -> Bi:
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
            parts.append(say(_ELEMENT, name=Raw(local(node))))
    if detail is not None:
        parts.append(detail)
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
    return node.getparent() is None or name in _SINGLE or name in _REPEATED or name in LINES or name in _ROWS + _ALLOWANCES or name in _HOLDERS


def _group(node: Node, named: set[str], siblings: Siblings) -> Bi | None:
    name = local(node)
    if name in LINES:
        named.add("BG-25")
        return _line(node, siblings)
    if name in _ROWS and not _of_line(node):
        named.add("BG-23")
        return _row(node, siblings)
    if name in _ALLOWANCES:
        return _allowance(node, named, siblings)
    if name in _REPEATED:
        term, words = _REPEATED[name]
        named.add(term)
        return say(words, n=siblings.position(node)) if siblings.repeats(node) else None
    return None


def _of_line(node: Node) -> bool:
    parent = node.getparent()
    return parent is not None and local(parent) == "SpecifiedLineTradeSettlement"


def _line(node: Node, siblings: Siblings) -> Bi:
    n = siblings.position(node)
    given = node.find("cbc:ID", NAMESPACES)
    if given is None:
        given = node.find("ram:AssociatedDocumentLineDocument/ram:LineID", NAMESPACES)
    text = string(given).strip() if given is not None else ""
    if text in ("", str(n)):
        return say(_LINE, n=n)
    return say(_LINE_NAMED, n=n, id=quote(text))


def _row(node: Node, siblings: Siblings) -> Bi:
    code = _first(node, ("cac:TaxCategory/cbc:ID", "ram:CategoryCode"))
    category = rate_of(code, _first(node, ("cac:TaxCategory/cbc:Percent", "ram:RateApplicablePercent")))
    if category is None:
        return say(_ROW, n=siblings.position(node))
    return say(_ROW_NAMED, n=siblings.position(node), category=category)


def _first(node: Node, paths: tuple[str, ...]) -> str | None:
    found = next((each for path in paths if (each := node.find(path, NAMESPACES)) is not None), None)
    return string(found).strip() if found is not None else None


def _allowance(node: Node, named: set[str], siblings: Siblings) -> Bi | None:
    parent = node.getparent()
    if parent is None or local(parent) == "Price":
        return None
    charge = is_charge(node)
    term, words = _OF_KIND[local(parent) in (*LINES, "SpecifiedLineTradeSettlement"), charge]
    named.add(term)
    return say(words, n=siblings.kind_position(node, is_charge))


def _joined(parts: list[Bi]) -> Bi:
    return Bi(", ".join(p.en for p in parts), "، ".join(p.ar for p in parts))
