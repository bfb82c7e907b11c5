"""UBL-SR and UBL-CR rules that need words of their own: an element has several meanings, or must agree with another one."""

from __future__ import annotations

from msgspec import Struct

from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import Facts, local
from wasl.rules.explain.parts import Parts, supply
from wasl.rules.explain.paths import attribute_of
from wasl.rules.explain.presence import Once
from wasl.rules.explain.text import Raw, counted, join, quote, say

_ONE_CATEGORY = ("The {term} must be given exactly once.", "يجب أن يُذكر {term} مرة واحدة لا غير.")
_ONE_CATEGORY_SEEN = (
    "The {term} must be given exactly once; it stands here {times}.",
    "يجب أن يُذكر {term} مرة واحدة لا غير، وقد ورد هنا {times}.",
)
_ONE_CATEGORY_NONE = ("The {term} must be given exactly once; it is missing.", "يجب أن يُذكر {term} مرة واحدة لا غير، وهو غير مذكور.")
_ONE_CATEGORY_FIX = ("Keep exactly one {term}.", "أبقِ {term} مرة واحدة لا غير.")


class OneCategory(Struct, frozen=True):
    """UBL-SR-48."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-151"]
        if facts is None:
            return Parts(say(_ONE_CATEGORY, term=info), say(_ONE_CATEGORY_FIX, term=info), info)
        n = len(facts.all("cac:Item/cac:ClassifiedTaxCategory"))
        if n == 0:
            return Parts(say(_ONE_CATEGORY_NONE, term=info), supply(info), info)
        return Parts(say(_ONE_CATEGORY_SEEN, term=info, times=counted(n, "time")), say(_ONE_CATEGORY_FIX, term=info), info)


_EQUAL = ("All values of the {term} must be equal.", "يجب أن تتساوى كل قيم {term}.")
_EQUAL_SEEN = ("All values of the {term} must be equal; these differ: {values}.", "يجب أن تتساوى كل قيم {term}، والمذكور: {values}.")
_EQUAL_FIX = ("Use one {term} everywhere in the invoice.", "استعمل {term} نفسه في الفاتورة كلها.")


class AllEqual(Struct, frozen=True):
    """UBL-SR-44 and -47, CII-SR-462, -467, -468: what several groups repeat is the same everywhere."""

    term: str

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        fix = say(_EQUAL_FIX, term=info)
        if facts is None:
            return Parts(say(_EQUAL, term=info), fix, info)
        attribute = attribute_of(self.term, facts.syntax)
        found = facts.everywhere(self.term)
        seen = sorted({(n.get(attribute) or "") if attribute else facts.text(".", n) or "" for n in found})
        return Parts(say(_EQUAL_SEEN, term=info, values=quote(", ".join(seen))), fix, info)


_TWO_SCHEMES = (
    "The seller has two tax numbers at most: the {vat} and one {term}.",
    "للبائع رقمان ضريبيان على الأكثر: {vat} و{term}.",
)
_TWO_SCHEMES_SEEN = ("{n} are given.", "والمذكور {n}.")
_TWO_SCHEMES_FIX = ("Keep one {vat} and one {term}, and remove the others.", "أبقِ {vat} و{term} مرة واحدة، واحذف ما زاد.")


class TwoTaxNumbers(Struct, frozen=True):
    """UBL-SR-42."""

    def explain(self, facts: Facts | None) -> Parts:
        info, vat = TERMS["BT-32"], TERMS["BT-31"]
        n = len(facts.all("cac:PartyTaxScheme")) if facts else 0
        message = join(say(_TWO_SCHEMES, vat=vat, term=info), say(_TWO_SCHEMES_SEEN, n=n) if n else None)
        return Parts(message, say(_TWO_SCHEMES_FIX, vat=vat, term=info), info)


# Which term one UBL element is, by the party it stands in.
_PARTIES = ("AccountingSupplierParty", "AccountingCustomerParty", "TaxRepresentativeParty", "Delivery")
_THIRD_LINES: dict[str, str] = dict(zip(_PARTIES, ("BT-162", "BT-163", "BT-164", "BT-165"), strict=True))
_VAT_NUMBERS: dict[str, str] = dict(zip(_PARTIES, ("BT-31", "BT-48", "BT-63", "BT-31"), strict=True))


def _by_party(facts: Facts | None, terms: dict[str, str]) -> str:
    party = facts.ancestor(*_PARTIES) if facts else None
    return terms[local(party) if party is not None else _PARTIES[0]]


class ThirdLine(Struct, frozen=True):
    """UBL-SR-51: one third address line, whoever's address it is."""

    def explain(self, facts: Facts | None) -> Parts:
        return Once(_by_party(facts, _THIRD_LINES), "cac:AddressLine").explain(facts)


_NO_NUMBER = (
    "The {term} is missing: a tax scheme without a number says nothing.",
    "{term} غير مذكور، والنظام الضريبي بلا رقم لا يفيد.",
)


class TaxNumberMissing(Struct, frozen=True):
    """UBL-SR-53."""

    def explain(self, facts: Facts | None) -> Parts:
        term = _by_party(facts, _VAT_NUMBERS)
        scheme = facts.text("cac:TaxScheme/cbc:ID") if facts else None
        if term == "BT-31" and scheme and scheme.upper() != "VAT":
            term = "BT-32"
        return Parts(say(_NO_NUMBER, term=TERMS[term]), supply(TERMS[term]), TERMS[term])


_VERSION = (
    "{name} is not needed in the {term}; if it is given, it must be {wanted}.",
    "لا حاجة إلى {name} في {term}، وإن ذُكر وجب أن يكون {wanted}.",
)
_VERSION_SEEN = ("Here it is “{value}”.", "وهو هنا «{value}».")
_VERSION_FIX = ("Remove {name} from the {term}, or set it to {wanted}.", "احذف {name} من {term}، أو اجعله {wanted}.")


class UblVersion(Struct, frozen=True):
    """UBL-CR-002."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BG-0"]
        params = {"name": Raw("UBLVersionID"), "term": info, "wanted": Raw("2.1")}
        value = facts.text("cbc:UBLVersionID", facts.root) if facts else None
        message = join(say(_VERSION, **params), say(_VERSION_SEEN, value=quote(value)) if value else None)
        return Parts(message, say(_VERSION_FIX, **params), info)


_NOT_AN_OBJECT = (
    "The {term} belongs to the {object} only, whose type code is {code}; this is a supporting document.",
    "لا يُذكر {term} إلا مع {object} ذي الرمز {code}، وهذا مستند مرفق.",
)
_NOT_AN_OBJECT_FIX = ("Remove the {term}, or set the type code {code}.", "احذف {term}، أو اجعل رمز النوع {code}.")
_NOT_A_DOCUMENT = (
    "The {object} (type code {code}) has no {term}: that belongs to a supporting document.",
    "ليس مع {object} (رمز النوع {code}) {term}، فهو للمستند المرفق.",
)
_NOT_A_DOCUMENT_FIX = (
    "Remove the {term}, or give it in a supporting document of its own.",
    "احذف {term}، أو اذكره في مستند مرفق منفصل.",
)


_NO_TYPE = (
    "A scheme or a type code belongs to the {object} only, whose type code is {code}; this is a supporting document.",
    "لا يُذكر نظام ولا رمز نوع إلا مع {object} ذي الرمز {code}، وهذا مستند مرفق.",
)
_NO_TYPE_FIX = (
    "Remove the scheme and the type code, or set the type code {code}.",
    "احذف النظام ورمز النوع، أو اجعل رمز النوع {code}.",
)


class TypedReference(Struct, frozen=True):
    """UBL-SR-43."""

    def explain(self, facts: Facts | None) -> Parts:
        info, code = TERMS["BT-18"], Raw("130")
        return Parts(say(_NO_TYPE, object=info, code=code), say(_NO_TYPE_FIX, code=code), info)


class ObjectReference(Struct, frozen=True):
    """UBL-CR-665, -666, -673: one UBL element is the invoiced object (type code 130) or a supporting document."""

    term: str
    of_object: bool  # the term belongs to the invoiced object, not to a supporting document

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        params = {"term": info, "object": TERMS["BT-18"], "code": Raw("130")}
        if self.of_object:
            return Parts(say(_NOT_AN_OBJECT, **params), say(_NOT_AN_OBJECT_FIX, **params), info)
        return Parts(say(_NOT_A_DOCUMENT, **params), say(_NOT_A_DOCUMENT_FIX, **params), info)
