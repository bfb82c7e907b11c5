"""Conditions that stand alone: no other rule is of their kind."""

from __future__ import annotations

from msgspec import Struct

from wasl.invoice.terms import TERMS
from wasl.rules.explain.categories import BY_FAMILY, CATEGORIES, rate_of
from wasl.rules.explain.facts import NAMESPACES, Facts
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
            words = rate_of(line.find("cac:Item/cac:ClassifiedTaxCategory", NAMESPACES))
            if words is not None:
                found[words.en] = words
        if not found:
            return Parts(say(_NO_BREAKDOWN, term=info), say(_NO_BREAKDOWN_FIX, term=info), info)
        return Parts(say(_NO_BREAKDOWN, term=info), say(_NO_BREAKDOWN_ROWS, term=info, rows=listing(list(found.values()), "and")), info)


_PREFIX = (
    "The {term} must begin with the code of the country that gave it.",
    "يجب أن يبدأ {term} برمز البلد الذي أصدره.",
)
_PREFIX_SEEN = (
    "The {term} {value} does not begin with the code of the country that gave it.",
    "{term} {value} لا يبدأ برمز البلد الذي أصدره.",
)
_PREFIX_FIX = ("Put the country code in front of the {term}, for example {example}.", "اكتب رمز البلد قبل {term}، مثل {example}.")


class VatPrefix(Struct, frozen=True):
    """BR-CO-09, on a PartyTaxScheme."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-31"]
        example = "DE123456789"
        if facts is None:
            return Parts(say(_PREFIX, term=info), say(_PREFIX_FIX, term=info, example=Raw(example)), info)
        number = facts.find("cbc:CompanyID")
        info = (term_of(number) if number is not None else None) or info
        value = facts.text("cbc:CompanyID") or ""
        country = facts.text("../cac:PostalAddress/cac:Country/cbc:IdentificationCode")
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
        name = facts.text("cac:PartyName/cbc:Name") if facts else None
        message = join(say(_PAYEE, term=TERMS["BT-59"]), say(self.detail, term=info) if self.detail else None)
        if name:
            message = join(message, say(_PAYEE_SAME, term=TERMS["BT-59"], value=quote(name)) if self._same(facts, name) else None)
        return Parts(message, say(_PAYEE_FIX, term=info), info)

    def _same(self, facts: Facts | None, name: str) -> bool:
        seller = "cac:AccountingSupplierParty/cac:Party"
        paths = (f"{seller}/cac:PartyName/cbc:Name", f"{seller}/cac:PartyLegalEntity/cbc:RegistrationName")
        return facts is not None and any(facts.text(path, facts.root) == name for path in paths)


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
        code = facts.text("cbc:TaxCurrencyCode", facts.root) if facts else None
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
    "row": (("VAT breakdown rows", "الأسطر"), "BT-118", "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"),
    "line": (("lines", "البنود"), "BT-151", ""),
    "discount": (("document discounts", "الخصومات"), "BT-95", ""),
    "charge": (("document charges", "الرسوم الإضافية"), "BT-102", ""),
}


class OnlyCategory(Struct, frozen=True):
    """BR-O-11 to -14: out of scope of VAT stands alone on an invoice."""

    what: str

    def explain(self, facts: Facts | None) -> Parts:
        many, term, path = _WHAT[self.what]
        info, category = TERMS[term], BY_FAMILY["O"]
        message = say(_ONLY, category=category.shown, whats=Bi(*many), term=info)
        if facts is not None:
            others = self._others(facts, path)
            message = join(message, say(_ONLY_SEEN, codes=quote(", ".join(others))) if others else None)
        return Parts(message, say(_ONLY_FIX, term=info, code=Raw("O"), whats=Bi(*many)), info)

    def _others(self, facts: Facts, path: str) -> list[str]:
        if path:
            codes = {facts.text("cbc:ID", node) or "" for node in facts.root.findall(path, NAMESPACES)}
        else:
            codes = {code for code in CATEGORIES if used_in(facts, code, self.what)}
        return sorted(codes - {"O", ""})


_SPLIT_COUNTRY = (
    "Category {category} is for invoices inside Italy only; here the {term} says otherwise.",
    "الفئة {category} للفواتير داخل إيطاليا وحدها، و{term} هنا يدل على غيرها.",
)
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
            info = TERMS["BT-40"]
            return Parts(say(_SPLIT_COUNTRY, category=category, term=info), say(_SPLIT_COUNTRY_FIX, term=info, code=Raw("IT")), info)
        info = TERMS["BT-151"]
        lines = used_in(facts, "S", "line") if facts else []
        message = join(
            say(_SPLIT_MIX, category=category, other=standard, term=info),
            say(_SPLIT_LINES, other=standard, lines=numbers(facts, lines)) if facts and lines else None,
        )
        return Parts(message, say(_SPLIT_MIX_FIX, term=info), info)
