"""Conditions that stand alone: no other rule is of their kind."""

from __future__ import annotations

from msgspec import Struct

from wasl.invoice.terms import TERMS
from wasl.rules.explain.categories import BY_FAMILY, rate_of
from wasl.rules.explain.facts import Facts, local
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.termof import term_of
from wasl.rules.explain.text import Bi, Raw, join, listing, quote, say
from wasl.rules.explain.vat import numbers, used_in

_NO_LINES = ("The invoice has no line.", "ليس في الفاتورة أي بند.")
_NO_LINES_FIX = (
    "Add at least one {term}: item, quantity, unit price and VAT category.",
    "أضف {term} الأول على الأقل: الصنف والكمية وسعر الوحدة وفئة الضريبة.",
)


class NoLines(Struct, frozen=True):
    """BR-16."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BG-25"]
        return Parts(say(_NO_LINES), say(_NO_LINES_FIX, term=info), info)


_NO_BREAKDOWN = ("The {term} is missing.", "{term} غير مذكور.")
_NO_BREAKDOWN_FIX = (
    "Add the {term}: one row for each VAT category and rate of the lines.",
    "أضف {term}: سطرًا لكل فئة ضريبة ونسبتها في البنود.",
)
_NO_BREAKDOWN_ROWS = ("Add the {term} with a row for each of these: {rows}.", "أضف {term} وفيه سطر لكل مما يأتي: {rows}.")


class NoBreakdown(Struct, frozen=True):
    """BR-CO-18: says which rows the lines call for."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BG-23"]
        found = {}
        for line in facts.lines() if facts else []:
            words = rate_of(facts.value("BT-151", line), facts.value("BT-152", line)) if facts else None
            if words is not None:
                found[words.en] = words
        if not found:
            return Parts(say(_NO_BREAKDOWN, term=info), say(_NO_BREAKDOWN_FIX, term=info), info)
        return Parts(say(_NO_BREAKDOWN, term=info), say(_NO_BREAKDOWN_ROWS, term=info, rows=listing(list(found.values()), "and")), info)


_PREFIX = (
    "The {term} must begin with the code of the country that gave it.",
    "يجب أن يبدأ {term} برمز البلد الذي أصدره.",
)
_PREFIX_ALL = (
    "The {term}, the {b} and the {c} must begin with the code of the country that gave them; Greece may use {code}.",
    "يجب أن يبدأ {term} و{b} و{c} برمز البلد الذي أصدر الرقم، ولليونان أن تستعمل {code}.",
)
_PREFIX_SEEN = (
    "The {term} {value} does not begin with the code of the country that gave it.",
    "{term} {value} لا يبدأ برمز البلد الذي أصدره.",
)
_PREFIX_FIX = ("Put the country code in front of the {term}, for example {example}.", "اكتب رمز البلد قبل {term}، مثل {example}.")


class VatPrefix(Struct, frozen=True):
    """BR-CO-09, on a tax registration of UBL (its group) or of CII (the number itself)."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-31"]
        example = "DE123456789"
        if facts is None:
            message = say(_PREFIX_ALL, term=info, b=TERMS["BT-63"], c=TERMS["BT-48"], code=Raw("EL"))
            return Parts(message, say(_PREFIX_FIX, term=info, example=Raw(example)), info)
        found = facts.node if local(facts.node) == "ID" else facts.find("cbc:CompanyID")
        info = (term_of(found) if found is not None else None) or info
        value = (facts.text(".", found) or "") if found is not None else ""
        country = facts.value({"BT-48": "BT-55", "BT-63": "BT-69"}.get(info.id, "BT-40"), facts.root)
        if value and country and len(country) == 2:
            example = f"{country}{value}"
        message = say(_PREFIX_SEEN, term=info, value=quote(value)) if value else say(_PREFIX, term=info)
        return Parts(message, say(_PREFIX_FIX, term=info, example=quote(example)), info)


_PAYEE = (
    "The {term} must be given and must differ from the seller.",
    "يجب ذكر {term} وأن يكون غير اسم البائع.",
)
_PAYEE_SAME = (
    "The {term} “{value}” is the seller's own.",
    "{term} «{value}» هو اسم البائع نفسه أو معرّفه معرّف البائع.",
)
_PAYEE_FIX = (
    "Enter the {term}, or remove the payee if the seller is paid.",
    "أدخل {term}، أو احذف المستفيد إن كان الدفع للبائع.",
)


class PayeeDiffers(Struct, frozen=True):
    """BR-17 and UBL-SR-19 to -21: a payee is there only if it is not the seller."""

    term: str
    detail: tuple[str, str] | None = None

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        name = facts.value("BT-59") if facts else None
        message = join(say(_PAYEE, term=TERMS["BT-59"]), say(self.detail, term=info) if self.detail else None)
        if name:
            message = join(message, say(_PAYEE_SAME, term=TERMS["BT-59"], value=quote(name)) if self._same(facts, name) else None)
        return Parts(message, say(_PAYEE_FIX, term=info), info)

    def _same(self, facts: Facts | None, name: str) -> bool:
        return facts is not None and any(facts.value(term, facts.root) == name for term in ("BT-27", "BT-28"))


_ACCOUNTING = (
    "A {currency} is given, so the {term} must be given too.",
    "{currency} مذكورة، فلا بدّ من ذكر {term}.",
)
_ACCOUNTING_SEEN = (
    "The {currency} is {code}, so the {term} is needed: none is given in {code}.",
    "{currency} هي {code}، و{term} ({code}) غير مذكور.",
)
_ACCOUNTING_FIX = ("Enter the {term}, or remove the {currency}.", "أدخل {term}، أو احذف {currency}.")


class AccountingTotal(Struct, frozen=True):
    """BR-53."""

    def explain(self, facts: Facts | None) -> Parts:
        info, currency = TERMS["BT-111"], TERMS["BT-6"]
        fix = say(_ACCOUNTING_FIX, term=info, currency=currency)
        code = facts.value("BT-6", facts.root) if facts else None
        if not code:
            return Parts(say(_ACCOUNTING, term=info, currency=currency), fix, info)
        return Parts(say(_ACCOUNTING_SEEN, term=info, currency=currency, code=quote(code)), fix, info)


_ONLY = (
    "Where the VAT breakdown has {category}, all {whats} must be of it: the {term} decides.",
    "إذا وردت الفئة {category} في تفصيل الضريبة، وجب أن تكون {whats} كلها منها، والعبرة ب{term}.",
)
_ONLY_SEEN = ("Other categories are used here: {codes}.", "الفئات الأخرى المستعملة هنا: {codes}.")
_ONLY_FIX = (
    "Change the {term} to {code}, or put the other {whats} on an invoice of their own.",
    "غيّر {term} إلى {code}، أو ضع {whats} الأخرى في فاتورة منفصلة.",
)
_WHAT = {
    "row": (("VAT breakdown rows", "الأسطر"), "BT-118"),
    "line": (("lines", "البنود"), "BT-151"),
    "discount": (("document discounts", "الخصومات"), "BT-95"),
    "charge": (("document charges", "الرسوم الإضافية"), "BT-102"),
}


class OnlyCategory(Struct, frozen=True):
    """BR-O-11 to -14: out of scope of VAT stands alone on an invoice."""

    what: str

    def explain(self, facts: Facts | None) -> Parts:
        many, term = _WHAT[self.what]
        info, category = TERMS[term], BY_FAMILY["O"]
        message = say(_ONLY, category=category.shown, whats=Bi(*many), term=info)
        if facts is not None:
            others = self._others(facts, term)
            message = join(message, say(_ONLY_SEEN, codes=quote(", ".join(others))) if others else None)
        return Parts(message, say(_ONLY_FIX, term=info, code=Raw("O"), whats=Bi(*many)), info)

    def _others(self, facts: Facts, term: str) -> list[str]:
        codes = {facts.text(".", node) or "" for node in facts.everywhere(term)}
        return sorted(codes - {"O", ""})


_PRICE_CHARGE = (
    "A unit price may be reduced by a discount, but a charge on it is not allowed: the {term} is none.",
    "يجوز أن يُنقص سعر الوحدة بخصم، ولا يجوز أن يُزاد برسم: {term} ليس رسمًا.",
)
_PRICE_CHARGE_FIX = (
    "Set the indicator of the {term} to {no}, and put a charge into the unit price itself.",
    "اجعل مؤشر {term} {no}، وأدخل الرسم في سعر الوحدة نفسه.",
)


class PriceDiscountOnly(Struct, frozen=True):
    """PEPPOL R044, CII-SR-119."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-147"]
        return Parts(say(_PRICE_CHARGE, term=info), say(_PRICE_CHARGE_FIX, term=info, no=Raw("false")), info)


_SPLIT_COUNTRY = (
    "Category {category} is for invoices inside Italy only: the {term} and every other country must be {code}.",
    "الفئة {category} للفواتير داخل إيطاليا وحدها: {term} وكل بلد آخر فيها يجب أن يكون {code}.",
)
_SPLIT_COUNTRY_SEEN = (
    "Category {category} is for invoices inside Italy only, but the {term} is {value}.",
    "الفئة {category} للفواتير داخل إيطاليا وحدها، و{term} هنا {value}.",
)
_COUNTRIES = ("BT-40", "BT-55", "BT-69", "BT-80", "BT-159")
_SPLIT_COUNTRY_FIX = ("Change the {term} to {code}, or choose another VAT category.", "غيّر {term} إلى {code}، أو اختر فئة ضريبة أخرى.")
_SPLIT_MIX = (
    "Category {category} and category {other} exclude each other on one invoice; see the {term}.",
    "الفئة {category} والفئة {other} لا تجتمعان في فاتورة واحدة. انظر {term}.",
)
_SPLIT_LINES = ("Lines in category {other}: {lines}.", "البنود من الفئة {other}: {lines}.")
_SPLIT_MIX_FIX = (
    "Change the {term} so that one of the two categories remains, or split the invoice.",
    "غيّر {term} لتبقى إحدى الفئتين، أو قسّم الفاتورة.",
)


class SplitPayment(Struct, frozen=True):
    """BR-B-01 and BR-B-02."""

    domestic: bool

    def explain(self, facts: Facts | None) -> Parts:
        category, standard = BY_FAMILY["B"].shown, BY_FAMILY["S"].shown
        if self.domestic:
            return self._countries(facts, category)
        info = TERMS["BT-151"]
        lines = used_in(facts, "S", "line") if facts else []
        message = join(
            say(_SPLIT_MIX, category=category, other=standard, term=info),
            say(_SPLIT_LINES, other=standard, lines=numbers(facts, lines)) if facts and lines else None,
        )
        return Parts(message, say(_SPLIT_MIX_FIX, term=info), info)

    @staticmethod
    def _countries(facts: Facts | None, category: Bi) -> Parts:
        """Names the first country that is not Italy."""
        code = Raw("IT")
        for term in _COUNTRIES if facts is not None else ():
            for node in facts.everywhere(term) if facts is not None else []:
                value = (facts.text(".", node) or "") if facts is not None else ""
                if value != code:
                    info = TERMS[term]
                    message = say(_SPLIT_COUNTRY_SEEN, category=category, term=info, value=quote(value))
                    return Parts(message, say(_SPLIT_COUNTRY_FIX, term=info, code=code), info, node)
        info = TERMS["BT-40"]
        return Parts(say(_SPLIT_COUNTRY, category=category, term=info, code=code), say(_SPLIT_COUNTRY_FIX, term=info, code=code), info)
