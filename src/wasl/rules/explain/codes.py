"""Conditions on codes: the value must come from a published list, which the rule's own test spells out."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.facts import Facts
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.termof import term_of
from wasl.rules.explain.text import Bi, Raw, label, quote, say

_LIST = (
    "The {term} must be a code of the list {list}.",
    "يجب أن يكون {term} رمزًا من القائمة {list}.",
)
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
_LITERAL = re.compile(r"contains\(\s*'([^']*)'|=\s*'([^']*)'")


@lru_cache(maxsize=64)
def allowed(test: str) -> frozenset[str]:
    """The codes that a test spells out: `contains(' AED AFN ', ...)` or `@mimeCode = 'text/csv'`."""
    codes: set[str] = set()
    for many, one in _LITERAL.findall(test):
        codes.update(many.split() if many.strip() else [])
        if one.strip():
            codes.add(one.strip())
    return frozenset(codes)


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

    def explain(self, facts: Facts | None, test: str = "") -> Parts:
        info = TERMS[self.term]
        if facts is None:
            shown = self._shown(info)
            params = {"term": shown, "list": Raw(self.list)}
            return Parts(say(_LIST, **params), say(_CHOOSE, **params, examples=Raw(self.examples)), info)
        info = term_of(facts.node, None if self.what else self.attribute) or info
        shown = self._shown(info)
        value = facts.text(f"./@{self.attribute}" if self.attribute else ".")
        choose = say(_CHOOSE, term=shown, list=Raw(self.list), examples=Raw(self.examples))
        if not value:
            return Parts(say(_NOTHING, term=shown, list=Raw(self.list)), choose, info)
        better = suggestion(value, test)
        fix = say(_WRITE, better=Raw(better), value=quote(value), term=shown) if better else choose
        return Parts(say(_UNKNOWN, value=quote(value), list=Raw(self.list), term=shown), fix, info)

    def _shown(self, info: TermInfo) -> Bi:
        return say(self.what, term=info) if self.what else label(info)


CODE_LISTS: dict[str, CodeList] = {
    "BR-CL-01": CodeList("BT-3", "UNTDID 1001", "380, 381"),
    "BR-CL-03": CodeList("BT-131", "ISO 4217", "SAR, JOD, EUR", "currencyID", ("currency of the {term}", "رمز عملة {term}")),
    "BR-CL-04": CodeList("BT-5", "ISO 4217", "SAR, JOD, EUR", None, ("code of the {term}", "رمز {term}")),
    "BR-CL-05": CodeList("BT-6", "ISO 4217", "SAR, EUR", None, ("code of the {term}", "رمز {term}")),
    "BR-CL-06": CodeList("BT-8", "UNTDID 2005", "3, 35, 432"),
    "BR-CL-07": CodeList("BT-18-1", "UNTDID 1153", "AAB, AVE", "schemeID"),
    "BR-CL-08": CodeList("BT-21", "UNTDID 4451", "AAI, REG"),
    "BR-CL-10": CodeList("BT-29-1", "ISO 6523 ICD", "0088, 0060", "schemeID"),
    "BR-CL-11": CodeList("BT-30-1", "ISO 6523 ICD", "0002, 0208", "schemeID"),
    "BR-CL-13": CodeList("BT-158-1", "UNTDID 7143", "STI, SRV", "listID"),
    "BR-CL-14": CodeList("BT-40", "ISO 3166-1", "SA, JO, BE"),
    "BR-CL-15": CodeList("BT-159", "ISO 3166-1", "SA, JO, CN"),
    "BR-CL-16": CodeList("BT-81", "UNTDID 4461", "30, 48, 58"),
    "BR-CL-17": CodeList("BT-118", "UNTDID 5305", "S, Z, E, AE, O"),
    "BR-CL-18": CodeList("BT-151", "UNTDID 5305", "S, Z, E, AE, O"),
    "BR-CL-19": CodeList("BT-98", "UNTDID 5189", "95, 100"),
    "BR-CL-20": CodeList("BT-105", "UNTDID 7161", "FC, ABL"),
    "BR-CL-21": CodeList("BT-157-1", "ISO 6523 ICD", "0160", "schemeID"),
    "BR-CL-22": CodeList("BT-121", "VATEX", "VATEX-EU-AE, VATEX-EU-G"),
    "BR-CL-23": CodeList("BT-130", "UN/ECE Rec 20/21", "C62, HUR, DAY", "unitCode"),
    "BR-CL-24": CodeList("BT-125-1", "MIME", "application/pdf, image/png, text/csv", "mimeCode"),
    "BR-CL-25": CodeList("BT-34-1", "EAS", "0088, 0208, EM", "schemeID"),
    "BR-CL-26": CodeList("BT-71-1", "ISO 6523 ICD", "0088", "schemeID"),
}
