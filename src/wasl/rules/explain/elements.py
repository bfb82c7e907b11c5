"""What an element is called, for rules that speak of elements: the term where it is one, else its words and the group it stands in.

`named("rsm:…/ram:SellerTradeParty/ram:PostalTradeAddress/ram:PostOfficeBox")` is the "post office box" (PostOfficeBox) in the seller address.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain._elements_data import TABLE
from wasl.rules.explain.nodes import NAMESPACES, Node, is_charge, string
from wasl.rules.explain.termof import by_element, path_of, term_of
from wasl.rules.explain.text import Bi, Raw, isolate, label

_PREDICATE = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]")
_STEPS = re.compile(r"(?:[^/\[]|\[(?:[^\[\]]|\[[^\]]*\])*\])+")
_ROOTS = ("rsm:CrossIndustryInvoice", "ubl:Invoice", "cn:CreditNote", "ubl-invoice:Invoice", "ubl-creditnote:CreditNote", "Invoice", "CreditNote")
_DATES = ("udt:DateTimeString", "qdt:DateTimeString", "udt:DateString", "udt:DateTime", "udt:Indicator")
# Groups of CII that only hold others: nobody misses their names.
HOLDERS = frozenset(
    {
        "ExchangedDocument", "SupplyChainTradeTransaction", "ApplicableHeaderTradeAgreement", "ApplicableHeaderTradeDelivery",
        "ApplicableHeaderTradeSettlement", "SpecifiedLineTradeAgreement", "SpecifiedLineTradeDelivery", "SpecifiedLineTradeSettlement",
        "AssociatedDocumentLineDocument", "Party", "PartyName",
    }
)  # fmt: skip
# Groups that hold a term under a name of their own: what stands in them is placed at that term.
_OUTER = {
    "cac:OrderReference": "BT-13", "cac:DespatchDocumentReference": "BT-16", "cac:ReceiptDocumentReference": "BT-15",
    "cac:OriginatorDocumentReference": "BT-17", "cac:ContractDocumentReference": "BT-12", "cac:ProjectReference": "BT-11",
    "cac:PaymentTerms": "BT-20", "cac:TaxTotal": "BG-23", "ram:SpecifiedTradePaymentTerms": "BT-20", "ram:ContractReferencedDocument": "BT-12",
    "ram:BuyerOrderReferencedDocument": "BT-13", "ram:SellerOrderReferencedDocument": "BT-14", "ram:SpecifiedProcuringProject": "BT-11",
    "ram:ReceivingAdviceReferencedDocument": "BT-15", "ram:DespatchAdviceReferencedDocument": "BT-16",
    "ram:ReceivableSpecifiedTradeAccountingAccount": "BT-19",
}  # fmt: skip
# Contexts that catch elements by the end of their names.
_ANY = {
    "ReferencedDocument": Bi("referenced document", "المستند المشار إليه"),
    "Amount": Bi("amount", "المبلغ"),
    "Quantity": Bi("quantity", "الكمية"),
    "TradeTax": Bi("VAT details", "بيانات الضريبة"),
    "ID": Bi("identifier", "المعرّف"),
}
_ENDING = re.compile(r"ends-with\(name\(\),\s*'(\w+)'\)")


class Named(NamedTuple):
    """`term` is set where the element is a term itself; else `thing` stands in `group`. `info` is the term to place a finding at."""

    term: TermInfo | None
    thing: Bi
    group: Bi
    info: TermInfo
    attribute: bool


@cache
def _words() -> dict[str, Bi]:
    found: dict[str, Bi] = {}
    for row in TABLE.splitlines():
        if row.strip():
            name, ar, en = ([cell.strip() for cell in row.split("|")] + [""])[:3]
            found[name] = Bi(en or _split(name), ar)
    return found


def _split(name: str) -> str:
    """`BuildingName` is the building name."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name.lstrip("@")).lower()
    return re.sub(r"\bid\b", "identifier", re.sub(r"\buri\b", "link", text))


def words_of(name: str) -> Bi:
    """The words for a local name or an attribute; the name itself where we have none."""
    known = _words().get(name)
    return known if known is not None else Bi(_split(name), isolate(name))


def known_elements() -> frozenset[str]:
    return frozenset(_words())


@lru_cache(maxsize=4096)
def named(path: str) -> Named:
    """What a path from the root (as rules write it, with predicates) or from anywhere (//x) leads to."""
    raw = _plain_roots(path)
    steps: list[str] = _STEPS.findall(raw)
    names = [_PREDICATE.sub("", step).strip() for step in steps]
    return _name(names, raw, path)


def named_at(node: Node, relative: str) -> Named:
    """The same from an element of a document."""
    info = term_of(node, relative[1:] if relative.startswith("@") else None) if not relative or relative.startswith("@") else None
    found = named("/".join(part for part in (marked_path(node), relative) if part))
    return found._replace(term=info, info=info) if info is not None else found


def marked_path(node: Node) -> str:
    """The path of an element with the marks that rules write as predicates: type of a document, scheme of a tax number, charge or discount."""
    names = [step for step in path_of(node).split("/") if step]
    chain = [each for each in reversed([node, *node.iterancestors()]) if each.getparent() is not None]
    steps: list[str] = []
    for name, each in zip(names, chain, strict=True):
        mark = ""
        if name == "ram:AdditionalReferencedDocument":
            mark = f"[ram:TypeCode='{_text(each, 'ram:TypeCode')}']"
        elif name == "ram:SpecifiedTaxRegistration":
            scheme = each.find("ram:ID", NAMESPACES)
            mark = f"[ram:ID/@schemeID='{scheme.get('schemeID') or ''}']" if scheme is not None else ""
        elif name.endswith("AllowanceCharge"):
            mark = f"[udt:Indicator='{'true' if is_charge(each) else 'false'}']"
        elif each.get("listID") == "5153":
            mark = "[@listID='5153']"
        steps.append(name + _SAFE.sub("", mark))
    return "/".join(steps)


_SAFE = re.compile(r"[^\w\[\]='@:/]")


def _text(node: Node, path: str) -> str:
    found = node.find(path, NAMESPACES)
    return string(found).strip() if found is not None else ""


def _any(ending: str) -> Bi:
    known = next((words for name, words in _ANY.items() if ending.endswith(name)), None)
    return known if known is not None else words_of(ending)


def _plain_roots(path: str) -> str:
    text = path.strip().lstrip("/")
    for root in _ROOTS:
        if text == root or text.startswith((root + "/", root + "[")):
            return _PREDICATE.sub("", text[len(root) :], count=1).lstrip("/") if text[len(root) :].startswith("[") else text[len(root) :].lstrip("/")
    return text


def _name(names: list[str], raw: str, path: str) -> Named:
    ending = _ENDING.search(path)
    while names and names[-1] in _DATES and len(names) > 1 and not _term_at(names, raw):
        names = names[:-1]
    for length in range(len(names), 0, -1):
        info = _term_at(names[:length], raw)
        if info is not None:
            break
    else:
        length, info = 0, TERMS["BG-0"]
    rest = [name for name in names[length:] if name not in _DATES]
    attribute = bool(names) and names[-1].startswith("@")
    if not rest and info.id != "BG-0":
        return Named(info, label(info), _group_of(info), info, attribute)
    if rest and info.id == "BG-29" and names[0].startswith("rsm:"):  # in CII this group also holds the line's contract, its documents and its seller
        info = TERMS["BG-25"]
    group = label(info)
    if info.id == "BG-0" and len(rest) > 1 and (outer := next((name for name in rest if name in _OUTER), None)) is not None:
        info = TERMS[_OUTER[outer]]
        words = words_of(outer.rpartition(":")[2])
        group = words if words == label(info) else Bi(f"{words.en} ({info.en})", f"{words.ar} ({info.ar})")
        rest = rest[rest.index(outer) + 1 :]
    locals_ = [name.rpartition(":")[2] for name in rest]
    for middle in locals_[:-1]:
        if middle in HOLDERS:
            continue
        words = _any(ending[1]) if ending and middle == "*" else words_of(middle)
        group = words if group == label(TERMS["BG-0"]) else Bi(f"{words.en} of the {group.en}", f"{words.ar} {_within(group)} {group.ar}")
    if not locals_:
        return Named(None, group, group, info, attribute)
    leaf = locals_[-1]
    words = _any(ending[1]) if ending and leaf == "*" else words_of(leaf)
    if leaf == "*":
        return Named(None, words, group, info, attribute)
    bare, currency = leaf.lstrip("@"), _currency(raw)
    thing = Bi(f"{words.en} ({bare}){currency.en}", f"«{words.ar}» ({isolate(bare)}){currency.ar}")
    return Named(None, thing, group, info, attribute)


def _currency(raw: str) -> Bi:
    """The currency that a predicate on an amount asks for."""
    last = raw.rpartition("[")[2] if raw.endswith("]") else ""
    term = next((term for name, term in (("InvoiceCurrencyCode", "BT-5"), ("TaxCurrencyCode", "BT-6")) if name in last), None)
    if term is None or "not(" in raw:
        return Bi("", "")
    return Bi(f" in the {TERMS[term].en}", f" ب{TERMS[term].ar}")


@cache
def _parties() -> tuple[str, ...]:
    """Arabic labels of people and companies: «لدى» leads to them, «في» to things."""
    groups = tuple(TERMS[group].ar for group in ("BG-4", "BG-7", "BG-10", "BG-11"))
    return groups + tuple(words.ar for name, words in _words().items() if name.endswith("Party"))


def _within(group: Bi) -> str:
    return "لدى" if group.ar.startswith(_parties()) else "في"


def within(group: Bi) -> Bi:
    """"in the line" / «في البند», "in the seller" / «لدى البائع»."""
    return Bi(f"in the {group.en}", f"{_within(group)} {group.ar}")


def out_of(group: Bi) -> Bi:
    """"from the line" / «من البند», "from the seller" / «من بيانات البائع»."""
    data = "بيانات " if _within(group) == "لدى" else ""
    return Bi(f"from the {group.en}", f"من {data}{group.ar}")


def _term_at(names: list[str], raw: str) -> TermInfo | None:
    table = by_element()
    last = _CODED.get(names[-1]) if names else None
    if last is not None and any(code in raw.replace(" ", "").replace('"', "'") for code in last[1]) and "not(" not in raw:
        found = table.get(f"{'/'.join(names)}/{last[0]}")
        if found:
            return _by_text(found, raw)
    for ending in ("", *(f"/{date}" for date in _DATES)):
        found = table.get("/".join(names) + ending)
        if found:
            return found[0] if len(found) == 1 else _by_text(found, raw)
    return None


# Groups of CII whose code makes them a term of their own: the element that holds the term, and the codes.
_CODED = {
    "ram:SpecifiedTaxRegistration": ("ram:ID", ("@schemeID='VA'", "@schemeID='FC'")),
    "ram:AdditionalReferencedDocument": ("ram:IssuerAssignedID", ("TypeCode='50'", "TypeCode='130'")),
}


def _by_text(candidates: tuple[TermInfo, ...], raw: str) -> TermInfo:
    """Which of several terms a path means, by the predicates it is written with."""
    text = raw.replace('"', "'").replace(" ", "")
    wanted = {
        "charge": ("='true'" in text or "true()" in text),
        "VA": "@schemeID='VA'" in text, "FC": "@schemeID='FC'" in text,
        "50": "TypeCode='50'" in text, "130": "TypeCode='130'" in text, "916": "TypeCode='916'" in text,
        "accounting": "TaxCurrencyCode" in text and "=../../ram:InvoiceCurrencyCode" not in text,
    }  # fmt: skip
    for info in candidates:
        places = " ".join((info.ubl, *info.cii))
        if "ChargeIndicator" in places:
            fits = ("='true'" in places) is wanted["charge"]
        elif "TypeCode='" in places:
            fits = any(wanted[code] and f"TypeCode='{code}'" in places for code in ("50", "130", "916"))
        elif "@schemeID='FC'" in places or "@schemeID='VA'" in places:
            fits = any(wanted[code] and f"@schemeID='{code}'" in places for code in ("VA", "FC"))
        else:
            fits = info.id not in ("BT-110", "BT-111") or (info.id == "BT-111") is wanted["accounting"]
        if fits:
            return info
    return candidates[-1 if "AdditionalReferencedDocument" in raw else 0]


def _group_of(info: TermInfo) -> Bi:
    """The group of a term: a line's for what stands in lines, else the invoice's."""
    for prefix, group in (("lines[]", "BG-25"), ("tax_breakdown[]", "BG-23"), ("supporting_documents[]", "BG-24")):
        if info.path.startswith(prefix) and info.id != group:
            return label(TERMS[group])
    return label(TERMS["BG-0"])


def bare_name(path: str) -> Raw:
    """The local name at the end of a path, for those who look it up in the file."""
    steps: list[str] = _STEPS.findall(path)
    return Raw(_PREDICATE.sub("", steps[-1]).rpartition(":")[2].lstrip("@")) if steps else Raw("")
