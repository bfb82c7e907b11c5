"""Conditions on codes: the value must come from a published list, which the rule's own test spells out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.facts import Facts
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.termof import term_of
from wasl.rules.explain.text import Bi, Raw, isolate, join, label, listing, quote, say

_LIST = (
    "The {term} must be a code of the list {list}.",
    "يجب أن يكون {term} رمزًا من القائمة {list}.",
)
_ALSO = ("So must {terms}.", "وكذلك {terms}.")
_UNKNOWN = (
    "“{value}” is not a code of the list {list}, from which the {term} is taken.",
    "«{value}» ليس رمزًا من القائمة {list} التي يؤخذ منها {term}.",
)
_NOTHING = ("The {term} is empty; it must be a code of the list {list}.", "{term} فارغ، ويجب أن يكون رمزًا من القائمة {list}.")
_CHOOSE = (
    "Choose the {term} from the list {list}, for example {examples}.",
    "اختر {term} من القائمة {list}، مثل {examples}.",
)
_WRITE = ("Write {better} instead of “{value}” as the {term}.", "اكتب {better} بدل «{value}» في {term}.")

# What people write, and the code that is meant.
MEANT = {
    "UK": "GB", "EL": "GR", "KSA": "SA", "UAE": "AE", "SR": "SAR", "RIYAL": "SAR", "RS": "SAR", "JD": "JOD", "LE": "EGP", "DH": "AED",
    "KD": "KWD", "€": "EUR", "$": "USD", "EURO": "EUR", "HOUR": "HUR", "HOURS": "HUR", "H": "HUR", "DAYS": "DAY", "D": "DAY", "PCS": "H87",
    "PC": "H87", "PIECE": "H87", "UNIT": "C62", "UNITS": "C62", "KG": "KGM", "M": "MTR", "M2": "MTK", "M3": "MTQ", "L": "LTR",
    "LITER": "LTR", "LITRE": "LTR", "MONTH": "MON", "MONTHS": "MON", "KM": "KMT", "TON": "TNE", "VAT": "S", "STANDARD": "S",
    "ZERO": "Z", "EXEMPT": "E", "PDF": "application/pdf", "PNG": "image/png", "JPG": "image/jpeg", "CSV": "text/csv",
}  # fmt: skip
# The Arabic words for the same.
MEANT.update({"ريال": "SAR", "دينار": "JOD", "جنيه": "EGP", "درهم": "AED"})
MEANT.update({"ساعة": "HUR", "يوم": "DAY", "قطعة": "H87", "وحدة": "C62", "شهر": "MON"})
_ELSEWHERE = re.compile(r"contains\(\s*\$")
_LITERAL = re.compile(r"contains\(\s*'([^']*)'|=\s*'([^']*)'")


@lru_cache(maxsize=64)
def listed(test: str) -> tuple[str, ...]:
    """The codes that a test spells out, in its order: `contains(' AED AFN ', ...)` or `@mimeCode = 'text/csv'`."""
    codes: dict[str, None] = {}
    if _ELSEWHERE.search(test):  # the list stands in a variable, and what is spelled out is only an addition to it
        return ()
    for many, one in _LITERAL.findall(test):
        codes.update(dict.fromkeys(many.split() if many.strip() else [one.strip()] if one.strip() else []))
    return tuple(codes)


@lru_cache(maxsize=64)
def allowed(test: str) -> frozenset[str]:
    return frozenset(listed(test))


@lru_cache(maxsize=1024)
def suggestion(value: str, test: str) -> str | None:
    """The code that is surely meant (another case, a known word for it); None rather than a guess that changes the meaning."""
    codes = allowed(test)
    given = value.strip()
    for guess in (given, given.upper(), MEANT.get(given.upper(), ""), given.replace(" ", "").upper(), given.lower()):
        if guess != value and guess in codes:
            return guess
    return None


class CodeList(Struct, frozen=True):
    """`term` is used where the element itself does not tell; `attribute` holds the code if the text does not."""

    term: str
    list: str
    examples: str
    attribute: str | None = None
    what: tuple[str, str] | None = None  # a label of its own, where the code is not a term
    also: tuple[str, ...] = ()  # other terms that the same rule covers; a finding's own element says which it is
    test: str = ""  # of the rule, which spells the codes out
    clause: tuple[str, str] | None = None  # codes that the rule takes besides the list

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        clause = Bi(*self.clause) if self.clause else None
        if facts is None:
            shown = self._shown(info)
            params = {"term": shown, "list": Raw(self.list)}
            others = [self._shown(TERMS[term]) for term in self.also]
            also = say(_ALSO, terms=listing([Bi(f"the {w.en}", w.ar) for w in others], "and")) if others else None
            return Parts(join(say(_LIST, **params), also, clause), say(_CHOOSE, **params, examples=Raw(self._examples())), info)
        info = term_of(facts.node, None if self.what else self.attribute) or info
        shown = self._shown(info)
        value = facts.text(f"./@{self.attribute}" if self.attribute else ".")
        choose = say(_CHOOSE, term=shown, list=Raw(self.list), examples=Raw(self._examples()))
        if not value:
            return Parts(join(say(_NOTHING, term=shown, list=Raw(self.list)), clause), choose, info)
        better = suggestion(value, self.test)
        fix = say(_WRITE, better=Raw(better), value=quote(value), term=shown) if better else choose
        return Parts(join(say(_UNKNOWN, value=quote(value), list=Raw(self.list), term=shown), clause), fix, info)

    def _examples(self) -> str:
        """Our examples as far as this edition of the rule allows them, else its own first codes."""
        codes = listed(self.test)
        kept = [code for code in self.examples.split(", ") if code in codes] if codes else self.examples.split(", ")
        return ", ".join(kept or codes[:2])

    def _shown(self, info: TermInfo) -> Bi:
        return say(self.what, term=info) if self.what else label(info)


# What the code lists of the Factur-X sheets are called, by the end of the path they belong to: (list, examples); "=" gives the values themselves.
_VALUES: tuple[tuple[str, str, str], ...] = (
    ("URIUniversalCommunication/ram:URIID/@schemeID", "EAS", "0088, 0208, EM"),
    ("SpecifiedTaxRegistration/ram:ID/@schemeID", "=VA", "VA"),
    ("/@schemeID", "ISO 6523 ICD", "0088, 0060"),
    ("FormattedReceivedDateTime/qdt:DateTimeString/@format", "=102|205", "102"),
    ("/@format", "=102", "102"),
    ("/@currencyID", "ISO 4217", "SAR, EUR"),
    ("/@unitCode", "UN/ECE Rec 20/21", "C62, HUR, DAY"),
    ("/@mimeCode", "MIME", "application/pdf, image/png, text/csv"),
    ("ClassCode/@listID", "UNTDID 7143", "STI, SRV"),
    ("ExchangedDocument/ram:TypeCode", "UNTDID 1001", "380, 381"),
    ("InvoiceReferencedDocument/ram:TypeCode", "UNTDID 1001", "380, 386"),
    ("InvoiceSpecifiedReferencedDocument/ram:TypeCode", "UNTDID 1001", "380, 386"),
    ("AdditionalReferencedDocument/ram:TypeCode", "=50|130|916", "916"),
    ("SpecifiedTradeSettlementPaymentMeans/ram:TypeCode", "UNTDID 4461", "30, 48, 58"),
    ("ReceivableSpecifiedTradeAccountingAccount/ram:TypeCode", "EDIFICAS-EU", "1, 2"),
    ("ram:CategoryCode", "UNTDID 5305", "S, Z, E, AE, O"),
    ("ram:DueDateTypeCode", "=5|29|72", "72"),
    ("ram:ExemptionReasonCode", "VATEX", "VATEX-EU-AE, VATEX-EU-G"),
    ("ram:ReferenceTypeCode", "UNTDID 1153", "AAB, AVE"),
    ("ram:SubjectCode", "UNTDID 4451", "AAI, REG"),
    ("ram:CountryID", "ISO 3166-1", "SA, JO, BE"),
    ("OriginTradeCountry/ram:ID", "ISO 3166-1", "SA, JO, CN"),
    ("CurrencyCode", "ISO 4217", "SAR, EUR"),
    ("ram:LanguageID", "ISO 639-2", "ara, eng, deu"),
    ("ram:DeliveryTypeCode", "INCOTERMS", "CIF, DAP"),
    ("ram:ModeCode", "UN/ECE Rec 19", "3, 4"),
    ("ram:LineStatusCode", "UNTDID 1229", "1, 3"),
    ("ram:LineStatusReasonCode", "=DETAIL|GROUP|INFORMATION", "DETAIL"),
)
_PROFILE = re.compile(r"FACTUR-X_([A-Z0-9-]+)_codedb")
_SPECIFICATIONS = {  # the name of the profile, and its older one, which counts as well
    "MINIMUM": ("urn:factur-x.eu:1p0:minimum", "urn:zugferd.de:2p0:minimum"),
    "BASIC-WL": ("urn:factur-x.eu:1p0:basicwl", "urn:zugferd.de:2p0:basicwl"),
    "BASIC": ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic"),
    "EN16931": ("urn:cen.eu:en16931:2017",),
    "EXTENDED": ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "urn:cen.eu:en16931:2017#conformant#urn:zugferd.de:2p0:extended"),
}


class Values(NamedTuple):
    """What may stand somewhere: the list's name (or the values themselves, `fixed`) and examples."""

    list: str
    examples: str
    fixed: bool

    def shown(self) -> Bi:
        """"5, 29 or 72" / «5 أو 29 أو 72»; a list by its name."""
        return listing([Bi(value, isolate(value)) for value in self.list.split("|")]) if self.fixed else Bi(self.list, isolate(self.list))


@lru_cache(maxsize=2048)
def values_at(path: str, test: str) -> Values | None:
    """The values that the Factur-X sheets allow at a path, which rules do not spell out but look up in a file of codes."""
    profile = _PROFILE.search(test)
    name = profile[1] if profile else ""
    plain = _BRACKETS.sub("", path)
    if plain.endswith("GuidelineSpecifiedDocumentContextParameter/ram:ID") and name in _SPECIFICATIONS:
        return Values("|".join(_SPECIFICATIONS[name]), _SPECIFICATIONS[name][0], fixed=True)
    if plain.endswith("TradeTax/ram:TypeCode"):
        wide = name == "EXTENDED" and "/ram:NetPriceProductTradePrice/ram:IncludedTradeTax/" not in plain
        return Values("UNTDID 5153", "VAT", fixed=False) if wide else Values("VAT", "VAT", fixed=True)
    if plain.endswith("FormattedIssueDateTime/qdt:DateTimeString/@format") and name == "EXTENDED":
        return Values("102|205", "102", fixed=True)
    if plain.endswith("SpecifiedTaxRegistration/ram:ID/@schemeID") and re.search(r"""@schemeID\s*=\s*["']FC["']""", path):
        return Values("FC", "FC", fixed=True)
    only = _TYPE.search(path)
    if only and plain.endswith("AdditionalReferencedDocument/ram:TypeCode"):
        return Values(only[1], only[1], fixed=True)
    path = path.replace("'", '"')
    if plain.endswith("/ram:ReasonCode"):
        if '@listID="5153"' in path:
            return Values("UNTDID 5153", "AAA, LOC", fixed=False)
        return Values("UNTDID 7161", "FC, ABL", fixed=False) if 'Indicator="true"' in path else Values("UNTDID 5189", "95, 100", fixed=False)
    for end, known, examples in _VALUES:
        if plain.endswith(end):
            return Values(known.lstrip("="), examples, known.startswith("="))
    return None


_BRACKETS = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]")
_TYPE = re.compile(r"""AdditionalReferencedDocument\[ram:TypeCode=["'](\d+)["']\]""")

CODE_LISTS: dict[str, CodeList] = {
    "BR-CL-01": CodeList("BT-3", "UNTDID 1001", "380, 381"),
    "BR-CL-03": CodeList("BT-131", "ISO 4217", "SAR, JOD, EUR", "currencyID", ("currency of the {term}", "رمز عملة {term}")),
    "BR-CL-04": CodeList("BT-5", "ISO 4217", "SAR, JOD, EUR", None, ("code of the {term}", "رمز {term}")),
    "BR-CL-05": CodeList("BT-6", "ISO 4217", "SAR, EUR", None, ("code of the {term}", "رمز {term}")),
    "BR-CL-06": CodeList("BT-8", "UNTDID 2005", "3, 35, 432"),
    "BR-CL-07": CodeList("BT-18-1", "UNTDID 1153", "AAB, AVE", "schemeID"),
    "BR-CL-08": CodeList("BT-21", "UNTDID 4451", "AAI, REG"),
    "BR-CL-10": CodeList("BT-29-1", "ISO 6523 ICD", "0088, 0060", "schemeID", also=("BT-46-1", "BT-60-1")),
    "BR-CL-11": CodeList("BT-30-1", "ISO 6523 ICD", "0002, 0208", "schemeID", also=("BT-47-1", "BT-61-1")),
    "BR-CL-13": CodeList("BT-158-1", "UNTDID 7143", "STI, SRV", "listID"),
    "BR-CL-14": CodeList("BT-40", "ISO 3166-1", "SA, JO, BE", also=("BT-55", "BT-69", "BT-80")),
    "BR-CL-15": CodeList("BT-159", "ISO 3166-1", "SA, JO, CN"),
    "BR-CL-16": CodeList("BT-81", "UNTDID 4461", "30, 48, 58"),
    "BR-CL-17": CodeList("BT-118", "UNTDID 5305", "S, Z, E, AE, O", also=("BT-95", "BT-102")),
    "BR-CL-18": CodeList("BT-151", "UNTDID 5305", "S, Z, E, AE, O"),
    "BR-CL-19": CodeList("BT-98", "UNTDID 5189", "95, 100", also=("BT-140",)),
    "BR-CL-20": CodeList("BT-105", "UNTDID 7161", "FC, ABL", also=("BT-145",)),
    "BR-CL-21": CodeList("BT-157-1", "ISO 6523 ICD", "0160", "schemeID"),
    "BR-CL-22": CodeList("BT-121", "VATEX", "VATEX-EU-AE, VATEX-EU-G"),
    "BR-CL-23": CodeList("BT-130", "UN/ECE Rec 20/21", "C62, HUR, DAY", "unitCode", also=("BT-150",)),
    "BR-CL-24": CodeList("BT-125-1", "MIME", "application/pdf, image/png, text/csv", "mimeCode"),
    "BR-CL-25": CodeList("BT-34-1", "EAS", "0088, 0208, EM", "schemeID", also=("BT-49-1",)),
    "BR-CL-26": CodeList("BT-71-1", "ISO 6523 ICD", "0088", "schemeID"),
}
