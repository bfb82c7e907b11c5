"""The VAT category families: BR-S, Z, E, AE, IC, G, O, AF, AG and B, each rule as one part with its category."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from wasl.invoice.terms import TERMS
from wasl.rules.explain.categories import Category
from wasl.rules.explain.facts import Facts, Node
from wasl.rules.explain.limits import rate_words, shown_rate
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.sums import Calculation, judge, tax_of, total
from wasl.rules.explain.text import Bi, Raw, join, label, listing, quote, say

# Where a category is used: on lines, document discounts, document charges.
USES = {
    "line": ("BT-151", "BT-152", ("lines", "البنود")),
    "discount": ("BT-95", "BT-96", ("document discounts", "الخصومات على الفاتورة")),
    "charge": ("BT-102", "BT-103", ("document charges", "الرسوم الإضافية على الفاتورة")),
}


_GROUPS = {"line": "BG-25", "discount": "BG-20", "charge": "BG-21"}
_AMOUNTS = {"line": "BT-131", "discount": "BT-92", "charge": "BT-99"}


def used_in(facts: Facts, code: str, use: str) -> list[Node]:
    """Lines, discounts or charges of one category."""

    def make() -> list[Node]:
        nodes = facts.lines() if use == "line" else facts.everywhere(_GROUPS[use])
        return [n for n in nodes if facts.value(USES[use][0], n) == code]

    return facts.siblings.once(f"{use} {code}", make)


def rows_of(facts: Facts, code: str) -> list[Node]:
    return [row for row in facts.everywhere("BG-23") if facts.value("BT-118", row) == code]


def numbers(facts: Facts, nodes: list[Node]) -> Raw:
    """ "1, 3, 4 …": the positions of lines, cut after six."""
    shown = ", ".join(str(facts.siblings.position(n)) for n in nodes[:6])
    return Raw(shown + (" …" if len(nodes) > 6 else ""))


_ROW_MISSING = (
    "Category {category} is used, so the {term} needs a row of its own for it.",
    "الفئة {category} مستعملة، فلا بدّ لها من سطر في {term}.",
)
_ROW_COUNT = (
    "Category {category} must have {many} in the {term}; it has {n}.",
    "يجب أن يكون للفئة {category} {many} في {term}، وعدد أسطرها {n}.",
)
_ROW_UNUSED = (
    "The {term} has a row for category {category}, but no line, discount or charge uses it.",
    "في {term} سطر للفئة {category}، ولا يستعملها أي بند أو خصم أو رسم إضافي.",
)
_ROW_LINES = ("Lines that use it: {lines}.", "البنود التي تستعملها: {lines}.")
_ROW_FIX = (
    "Add the row for category {category} to the {term}, with its taxable amount and VAT amount.",
    "أضف إلى {term} سطر الفئة {category} بمبلغه الخاضع للضريبة ومبلغ ضريبته.",
)
_ROW_MERGE = ("Merge the rows of category {category} in the {term} into one.", "ادمج أسطر الفئة {category} في {term} في سطر واحد.")
_ROW_DROP = (
    "Remove the row of category {category} from the {term}, or correct the category of the lines.",
    "احذف سطر الفئة {category} من {term}، أو صحّح فئة البنود.",
)
_ROW_DETAILS = ("Groups of lines do not count.", "ولا تُحتسب مجموعات البنود.")
_EXACTLY_ONE = ("exactly one row", "سطر واحد لا غير")
_AT_LEAST_ONE = ("at least one row", "سطر واحد على الأقل")


class BreakdownRow(Struct, frozen=True):
    """BR-xx-01: a category in use has its row in the VAT breakdown."""

    category: Category
    exactly_one: bool
    details: bool = False  # Factur-X EXTENDED: groups of lines do not count

    def explain(self, facts: Facts | None) -> Parts:
        info, shown = TERMS["BG-23"], self.category.shown
        many = Bi(*(_EXACTLY_ONE if self.exactly_one else _AT_LEAST_ONE))
        add = say(_ROW_FIX, category=shown, term=info)
        if facts is None:
            extended = say(_ROW_DETAILS) if self.details else None
            return Parts(join(say(_ROW_MISSING, category=shown, term=info), extended), add, info)
        rows = rows_of(facts, self.category.code)
        lines = used_in(facts, self.category.code, "line")
        if len(rows) > 1:
            message = say(_ROW_COUNT, category=shown, term=info, many=many, n=len(rows))
            return Parts(message, say(_ROW_MERGE, category=shown, term=info), info)
        if rows and not lines:
            return Parts(say(_ROW_UNUSED, category=shown, term=info), say(_ROW_DROP, category=shown, term=info), info)
        where = say(_ROW_LINES, lines=numbers(facts, lines)) if lines else None
        return Parts(join(say(_ROW_MISSING, category=shown, term=info), where), add, info)


_NEEDS = (
    "The {place} use category {category}, which needs the {terms}.",
    "في {place} فئة الضريبة {category}، وهي تحتاج إلى {terms}.",
)
_AND_TO = ("{a}, and the {b}", "{a}، وإلى {b}")
_NEEDS_FIX = ("Enter the {term}, or change the category of the {place}.", "أدخل {term}، أو غيّر فئة الضريبة في {place}.")
_FORBIDS = (
    "The {place} use category {category}, with which these must not be given: {terms}.",
    "في {place} فئة الضريبة {category}، ولا يُذكر معها: {terms}.",
)
_FORBIDS_FIX = (
    "Remove the {term}, or change the category of the {place}.",
    "احذف {term}، أو غيّر فئة الضريبة في {place}.",
)
_LACKING = ("Missing here: {terms}.", "الناقص هنا: {terms}.")
_PRESENT = ("Given here: {terms}.", "المذكور هنا: {terms}.")
_TAX_IDS = ("BT-31", "BT-63", "BT-48")


def _vat_number(facts: Facts, term: str) -> str | None:
    return facts.value(term, facts.root)


class PartyNumbers(Struct, frozen=True):
    """BR-xx-02, -03, -04: which tax numbers a category needs, by where it is used."""

    category: Category
    use: str
    seller: tuple[str, ...]  # one of these
    buyer: tuple[str, ...] = ()  # and one of these

    def explain(self, facts: Facts | None) -> Parts:
        place = Bi(*USES[self.use][2])
        needed = [listing([label(TERMS[t]) for t in group]) for group in (self.seller, self.buyer) if group]
        terms = needed[0] if len(needed) == 1 else say(_AND_TO, a=needed[0], b=needed[1])
        message = say(_NEEDS, place=place, category=self.category.shown, terms=terms)
        lacking = self._lacking(facts)
        info = TERMS[lacking[0]]
        if facts is not None:
            message = join(message, say(_LACKING, terms=listing([label(TERMS[t]) for t in lacking], "and")))
        return Parts(message, say(_NEEDS_FIX, term=listing([label(TERMS[t]) for t in lacking], "and"), place=place), info)

    def _lacking(self, facts: Facts | None) -> list[str]:
        if facts is None:
            return [self.seller[0], *self.buyer[:1]]
        seller = _vat_number(facts, "BT-31") or _vat_number(facts, "BT-63") or self._registered(facts)
        buyer = not self.buyer or _vat_number(facts, "BT-48") or self._buyer_registered(facts)
        return ([] if seller else [self.seller[0]]) + ([] if buyer else [self.buyer[0]]) or [self.seller[0]]

    def _registered(self, facts: Facts) -> bool:
        return "BT-32" in self.seller and bool(facts.everywhere("BT-32"))

    def _buyer_registered(self, facts: Facts) -> bool:
        return "BT-47" in self.buyer and bool(facts.everywhere("BT-47"))


class NoPartyNumbers(Struct, frozen=True):
    """BR-O-02, -03, -04: out of scope of VAT means that no VAT numbers are given."""

    category: Category
    use: str

    def explain(self, facts: Facts | None) -> Parts:
        place, ids = Bi(*USES[self.use][2]), list(_TAX_IDS)
        message = say(_FORBIDS, place=place, category=self.category.shown, terms=listing([label(TERMS[t]) for t in ids]))
        given = [t for t in ids if facts is not None and _vat_number(facts, t) is not None] or ids[:1]
        if facts is not None:
            message = join(message, say(_PRESENT, terms=listing([label(TERMS[t]) for t in given], "and")))
        return Parts(message, say(_FORBIDS_FIX, term=listing([label(TERMS[t]) for t in given], "and"), place=place), TERMS[given[0]])


_RATE = (
    "With category {category} the {term} {words}.",
    "{term} مع الفئة {category} {words}.",
)
_RATE_SEEN = (
    "With category {category} the {term} {words}; {value} was given.",
    "{term} مع الفئة {category} {words}، والمذكور {value}.",
)
_RATE_MISSING = (
    "With category {category} the {term} {words}; none was given.",
    "{term} مع الفئة {category} {words}، لكنها غير مذكورة.",
)
_RATE_FIX = {
    "zero": ("Set the {term} to 0, or choose another category.", "اجعل {term} صفرًا، أو اختر فئة أخرى."),
    "positive": ("Enter the {term}, for example 15, or choose another category.", "أدخل {term}، مثل 15، أو اختر فئة أخرى."),
    "not negative": ("Enter the {term} as 0 or more.", "أدخل {term} صفرًا أو أكثر."),
    "absent": ("Remove the {term}, or choose another category.", "احذف {term}، أو اختر فئة أخرى."),
}


class Rate(Struct, frozen=True):
    """BR-xx-05, -06, -07: the rate that fits a category on a line, discount or charge."""

    category: Category
    use: str
    kind: str

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[USES[self.use][1]]
        params = {"category": self.category.shown, "term": info, "words": Bi(*rate_words(self.kind))}
        value = facts.value(info.id) if facts else None
        phrase = _RATE if facts is None else _RATE_MISSING if not value else _RATE_SEEN
        message = say(phrase, **params, value=shown_rate(value)) if value else say(phrase, **params)
        return Parts(message, say(_RATE_FIX[self.kind], term=info), info)


class Taxable(Struct, frozen=True):
    """BR-xx-08: the taxable amount of a row is what lines, charges and discounts of its category (and rate) add up to."""

    category: Category
    by_rate: bool

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-116"]
        words = say(_OF_CATEGORY_RATE if self.by_rate else _OF_CATEGORY, category=self.category.shown)
        if facts is None:
            return judge(info, words, None, None)
        rate = facts.amount("BT-119") if self.by_rate else None
        worked = facts.siblings.once(f"taxable {self.category.code} {rate} {self.by_rate}", lambda: self._work(facts, rate))
        return judge(info, words, facts.amount("BT-116"), worked)

    def _work(self, facts: Facts, rate: Decimal | None) -> Calculation | None:
        amounts: list[tuple[int, Decimal]] = []
        for use, sign in (("line", 1), ("charge", 1), ("discount", -1)):
            for node in used_in(facts, self.category.code, use):
                if self.by_rate and facts.amount(USES[use][1], node) != rate:
                    continue
                value = facts.amount(_AMOUNTS[use], node)
                if value is None:
                    return None
                amounts.append((sign, value))
        return total(amounts)


_OF_CATEGORY = (
    "lines + charges − discounts of category {category}",
    "مجموع البنود والرسوم الإضافية ناقص الخصومات في الفئة {category}",
)
_OF_CATEGORY_RATE = (
    "lines + charges − discounts of category {category} and of this rate",
    "مجموع البنود والرسوم الإضافية ناقص الخصومات في الفئة {category} وبهذه النسبة",
)
_OF_RATE = (
    "taxable amount × VAT rate of category {category}",
    "المبلغ الخاضع للضريبة × نسبة الضريبة في الفئة {category}",
)
_NO_TAX = ("With category {category} the {term} must be 0.", "مع الفئة {category} يجب أن يكون {term} صفرًا.")
_NO_TAX_SEEN = (
    "With category {category} the {term} must be 0; {value} was given.",
    "مع الفئة {category} يجب أن يكون {term} صفرًا، والمذكور {value}.",
)
_NO_TAX_FIX = ("Set the {term} to 0, or choose the category that fits.", "اجعل {term} صفرًا، أو اختر الفئة المناسبة.")


class RowTax(Struct, frozen=True):
    """BR-xx-09: the VAT amount of a row is zero, or taxable amount × rate."""

    category: Category
    zero: bool

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-117"]
        given = facts.amount("BT-117") if facts else None
        if self.zero:
            params = {"category": self.category.shown, "term": info}
            message = say(_NO_TAX, **params) if given is None else say(_NO_TAX_SEEN, **params, value=given)
            return Parts(message, say(_NO_TAX_FIX, term=info), info)
        taxable = facts.amount("BT-116") if facts else None
        rate = facts.amount("BT-119") if facts else None
        worked = None if facts is None or taxable is None or rate is None else tax_of(taxable, rate, facts.currency)
        return judge(info, say(_OF_RATE, category=self.category.shown), given, worked)


_REASON = (
    "Category {category} needs the {term}: why no VAT is charged.",
    "الفئة {category} تحتاج إلى {term} الذي لا تُحسب الضريبة لأجله.",
)
_REASON_FIX = (
    "Enter the {term} as text, or its code such as {example}.",
    "أدخل {term} نصًّا، أو رمزه مثل {example}.",
)
_NO_REASON = (
    "Category {category} is not exempt, so the {term} does not belong here.",
    "الفئة {category} ليست معفاة، فلا يُذكر معها {term}.",
)
_NO_REASON_SEEN = (
    "Category {category} is not exempt, so the {term} {value} does not belong here.",
    "الفئة {category} ليست معفاة، فلا يُذكر معها {term} ({value}).",
)
_NO_REASON_FIX = ("Remove the {term}, or choose an exempt category.", "احذف {term}، أو اختر فئة معفاة.")
VATEX = {"E": "VATEX-EU-132", "AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}


class ExemptionReason(Struct, frozen=True):
    """BR-xx-10: a reason is given exactly where no VAT is charged."""

    category: Category
    required: bool

    def explain(self, facts: Facts | None) -> Parts:
        info, shown = TERMS["BT-120"], self.category.shown
        if self.required:
            fix = say(_REASON_FIX, term=info, example=Raw(VATEX.get(self.category.code, "VATEX-EU-O")))
            return Parts(say(_REASON, category=shown, term=info), fix, info)
        value = (facts.value("BT-120") or facts.value("BT-121")) if facts else None
        if not value:
            return Parts(say(_NO_REASON, category=shown, term=info), say(_NO_REASON_FIX, term=info), info)
        return Parts(say(_NO_REASON_SEEN, category=shown, term=info, value=quote(value)), say(_NO_REASON_FIX, term=info), info)
