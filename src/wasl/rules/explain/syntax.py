"""UBL-CR, UBL-DT and unknown rules: explained from the rule's own XPath, "element X should not be used"."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree
from msgspec import Struct

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.facts import NAMESPACES, Facts, Node, string
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.text import Bi, Raw, counted, join, label, quote, say

_UNWANTED = (
    "EN 16931 has no use for {name} in the {group}.",
    "لا تستعمل المواصفة {standard} العنصر {name} في {group}.",
)
_UNWANTED_ATTRIBUTE = (
    "EN 16931 has no use for the attribute {name} in the {group}.",
    "لا تستعمل المواصفة {standard} السمة {name} في {group}.",
)
_SEEN = ("It is there {times}.", "وقد ورد {times}.")
_SEEN_VALUE = ("It is there {times}, with the value “{value}”.", "وقد ورد {times} بالقيمة «{value}».")
_REMOVE = (
    "Remove {name} from the {group}; receivers may ignore it.",
    "احذف {name} من {group}، فقد يتجاهله المستلم.",
)
_REMOVE_NOTE = (
    "Remove {name} from the {group}; write what matters into the {note}.",
    "احذف {name} من {group}، واكتب المهم منه في {note}.",
)

# The outermost element of a path: which part of the invoice it belongs to.
GROUPS = {
    "cac:InvoicePeriod": "BG-14", "cac:BillingReference": "BG-3", "cac:DespatchDocumentReference": "BT-16",
    "cac:ReceiptDocumentReference": "BT-15",
    "cac:OriginatorDocumentReference": "BT-17", "cac:ContractDocumentReference": "BT-12", "cac:AdditionalDocumentReference": "BG-24",
    "cac:ProjectReference": "BT-11", "cac:OrderReference": "BT-13", "cac:AccountingSupplierParty": "BG-4",
    "cac:AccountingCustomerParty": "BG-7",
    "cac:PayeeParty": "BG-10", "cac:TaxRepresentativeParty": "BG-11", "cac:Delivery": "BG-13", "cac:PaymentMeans": "BG-16",
    "cac:PaymentTerms": "BT-20", "cac:AllowanceCharge": "BG-20", "cac:TaxTotal": "BG-23", "cac:LegalMonetaryTotal": "BG-22",
    "cac:InvoiceLine": "BG-25", "cac:CreditNoteLine": "BG-25",
}  # fmt: skip
_ALIAS = re.compile(r"\((cac:InvoiceLine)\s*\|\s*cac:CreditNoteLine\)")
_PREDICATE = re.compile(r"\[[^\]]*\]")
_NEGATED = re.compile(r"not\s*\((.*)\)(?:\s+or\b.*)?\s*\Z", re.S)
_COUNTED = re.compile(r"count\((//@\w+)\)")


@lru_cache(maxsize=1024)
def unwanted_path(test: str) -> str | None:
    """The path that a test forbids: `not(cac:X/cbc:Y)` gives `cac:X/cbc:Y`; None where the test is of another kind."""
    match = _NEGATED.match(test.strip())
    if match:
        return _balanced(match[1].strip())
    counted_path = _COUNTED.search(test)
    return counted_path[1] if counted_path else None


def _balanced(text: str) -> str:
    """Up to the parenthesis that closes `not(`."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return text[:at].strip()
    return text


def group_of(path: str) -> TermInfo:
    """The part of the invoice in which a path stands: the nearest group that has a label."""
    plain = _PREDICATE.sub("", _ALIAS.sub(r"\1", path)).lstrip("/")
    for step in plain.split("/"):
        if step in GROUPS:
            return TERMS[GROUPS[step]]
    return TERMS["BG-0"]


def shown_path(path: str) -> str:
    return _ALIAS.sub(r"\1", path).lstrip("/")


def _last_step(path: str) -> str:
    """`cbc:UUID`, or `cbc:Name/@languageID` for an attribute."""
    steps = _PREDICATE.sub("", shown_path(path)).split("/")
    return "/".join(steps[-2:]) if steps[-1].startswith("@") else steps[-1]


class Unwanted(Struct, frozen=True):
    """A UBL element or attribute that the core invoice does not use."""

    path: str

    def explain(self, facts: Facts | None) -> Parts:
        group, name = group_of(self.path), Raw(shown_path(self.path))
        attribute = self.path.rpartition("/")[2].startswith("@")
        base = say(_UNWANTED_ATTRIBUTE if attribute else _UNWANTED, name=name, group=group, standard=Raw("EN 16931"))
        fix = say(_REMOVE, name=name, group=group)
        found = self._found(facts)
        if not found:
            return Parts(base, fix, group)
        node, value = found[0]
        times = counted(len(found), "time")
        seen = say(_SEEN_VALUE, times=times, value=quote(value)) if value else say(_SEEN, times=times)
        if value and not attribute:
            fix = say(_REMOVE_NOTE, name=name, group=group, note=label(TERMS["BG-1"]))
        return Parts(join(base, seen), fix, group, node, _last_step(self.path))

    def _found(self, facts: Facts | None) -> list[tuple[Node, str]]:
        """The elements at the path (an attribute's owner), each with its text."""
        if facts is None:
            return []
        try:
            hits = facts.root.xpath(_ALIAS.sub("*[self::cac:InvoiceLine or self::cac:CreditNoteLine]", self.path), namespaces=NAMESPACES)
        except etree.XPathError:
            return []
        found: list[tuple[Node, str]] = []
        for hit in hits if isinstance(hits, list) else []:
            if isinstance(hit, etree._Element):  # pyright: ignore[reportPrivateUsage]
                found.append((hit, "" if len(hit) else string(hit).strip()))
            elif (owner := getattr(hit, "getparent", lambda: None)()) is not None:
                found.append((owner, str(hit).strip()))
        return found


_OTHER = (
    "The rule says: {official} It concerns the {term}.",
    "نص القاعدة الرسمي: {official}. وهي تخص {term}.",
)
_OTHER_FIX = ("Correct the {term} so that the rule {rule} holds.", "صحّح {term} حتى تتحقق القاعدة {rule}.")


class Official(Struct, frozen=True):
    """A rule we have no words for: its own text, its term, its id. Used for sheets that are added later."""

    rule: str
    official: str

    def explain(self, facts: Facts | None) -> Parts:
        match = re.search(r"\b(B[TG]-\d+)\b", self.official)
        info = TERMS.get(match[1] if match else "BG-0", TERMS["BG-0"])
        text = re.sub(r"^\[[^\]]*\]\s*-?\s*", "", self.official).strip()
        message = say(_OTHER, official=Raw(text.rstrip(".") + "."), term=info)
        return Parts(Bi(message.en, message.ar.replace(".\u2069.", ".\u2069")), say(_OTHER_FIX, term=info, rule=Raw(self.rule)), info)
