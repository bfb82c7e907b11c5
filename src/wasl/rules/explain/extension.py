"""Conditions of the extensions: sub-lines and third-party payments of XRechnung, and Factur-X EXTENDED with its groups of lines.

EXTENDED allows a difference of 0.01 for every amount that is added up, counts detail lines only, and adds charges for logistics.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from wasl.invoice.terms import TERMS
from wasl.rules.explain.categories import Category
from wasl.rules.explain.facts import NAMESPACES, Facts, Node, number, string
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.paths import select
from wasl.rules.explain.sums import Calculation, amounts_of, judge, lenient, total
from wasl.rules.explain.text import Bi, join, quote, say

_SETTLE = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_REASON = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"


def kind_of_line(line: Node) -> str:
    """DETAIL, GROUP or INFORMATION; a line that does not say is a detail."""
    found = line.find(_REASON, NAMESPACES)
    return string(found).strip() if found is not None else "DETAIL"


def details(facts: Facts) -> list[Node]:
    return facts.siblings.once("details", lambda: [line for line in facts.lines() if kind_of_line(line) == "DETAIL"])


def logistics(facts: Facts) -> list[Node]:
    return select(facts.root, f"{_SETTLE}/ram:SpecifiedLogisticsServiceCharge")


class _Share(NamedTuple):
    """An amount and the tax it is under: what decides whether it belongs to a row of the breakdown."""

    sign: int
    amount: Decimal
    code: str
    rate: Decimal | None
    reason: str
    reason_code: str


def _shares(facts: Facts) -> list[_Share] | None:
    """Every amount that is taxed: detail lines, charges, logistics, discounts. None where one cannot be read."""
    found: list[_Share] = []
    groups = [(1, "BT-131", details(facts), ".//ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax")]
    groups += [(1, "BT-99", facts.everywhere("BG-21"), "ram:CategoryTradeTax"), (-1, "BT-92", facts.everywhere("BG-20"), "ram:CategoryTradeTax")]
    groups.append((1, "", logistics(facts), "ram:AppliedTradeTax"))
    for sign, term, nodes, tax in groups:
        for node in nodes:
            amount = facts.amount(term, node) if term else facts.number("ram:AppliedAmount", node)
            if amount is None:
                return None
            under = node.find(tax, NAMESPACES)
            texts = [
                facts.text(f"ram:{name}", under) or "" if under is not None else ""
                for name in ("CategoryCode", "RateApplicablePercent", "ExemptionReason", "ExemptionReasonCode")
            ]
            found.append(_Share(sign, amount, texts[0], number(texts[1]), texts[2], texts[3]))
    return found


class ExtendedTaxable(Struct, frozen=True):
    """BR-FXEXT-xx-08 in its three editions: by category, or by category and the exemption reason as well."""

    category: Category
    by_rate: bool
    by_reason: bool
    either: bool = False

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-116"]
        words = say(_EXTENDED_RATE if self.by_rate else _EXTENDED, category=self.category.shown)
        if self.by_reason:
            words = say(_OF_REASON, words=words, reason=TERMS["BT-120"])
        if self.either:
            words = say(_OR_REASON, words=words, reason=TERMS["BT-120"])
        return lenient(judge(info, words, facts.amount("BT-116") if facts else None, self._work(facts) if facts else None))

    def _work(self, facts: Facts) -> Calculation | None:
        rate, reason, code = facts.amount("BT-119"), facts.value("BT-120") or "", facts.value("BT-121") or ""
        key = (self.category.code, rate if self.by_rate else None, (reason, code) if self.by_reason else None)
        return facts.siblings.once(f"extended {key}", lambda: self._sum(facts, rate, reason, code))

    def _sum(self, facts: Facts, rate: Decimal | None, reason: str, code: str) -> Calculation | None:
        shares = facts.siblings.once("shares", lambda: _shares(facts))
        if shares is None:
            return None
        kept = [s for s in shares if s.code == self.category.code and (not self.by_rate or s.rate == rate)]
        if self.by_reason:
            kept = [s for s in kept if (s.reason, s.reason_code) == (reason, code)]
        return total([(s.sign, s.amount) for s in kept])


_EXTENDED = (
    "detail lines + charges + logistics charges − discounts of category {category}",
    "مجموع البنود التفصيلية والرسوم الإضافية ورسوم الخدمات اللوجستية ناقص الخصومات في الفئة {category}",
)
_EXTENDED_RATE = (
    "detail lines + charges + logistics charges − discounts of category {category} and of this rate",
    "مجموع البنود التفصيلية والرسوم الإضافية ورسوم الخدمات اللوجستية ناقص الخصومات في الفئة {category} وبهذه النسبة",
)
_OF_REASON = ("{words} with the same {reason} and code", "{words} ومع {reason} ورمزه نفسيهما")
_OR_REASON = ("{words}, in all or with the same {reason} and code", "{words}، إجمالًا أو مع {reason} ورمزه نفسيهما")


class ExtendedTax(Struct, frozen=True):
    """BR-FXEXT-S-09b: the tax of a row within the allowed difference."""

    category: Category

    def explain(self, facts: Facts | None) -> Parts:
        from wasl.rules.explain.vat import RowTax

        return lenient(RowTax(self.category, zero=False).explain(facts))


class ExtendedTotal(Struct, frozen=True):
    """BR-FXEXT-CO-10 to -13: the totals of EXTENDED; `terms` are added with their signs, "lines" and "logistics" being its own."""

    term: str
    words: tuple[str, str]
    terms: tuple[tuple[int, str], ...]

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        given = facts.amount(self.term) if facts else None
        return lenient(judge(info, Bi(*self.words), given, self._work(facts) if facts else None))

    def _work(self, facts: Facts) -> Calculation | None:
        amounts: list[tuple[int, Decimal]] = []
        for sign, term in self.terms:
            if term == "lines":
                nodes = [node for line in details(facts) for node in facts.of("BT-131", line)]
            elif term == "logistics":
                nodes = select(facts.root, f"{_SETTLE}/ram:SpecifiedLogisticsServiceCharge/ram:AppliedAmount")
            else:
                nodes = facts.everywhere(term)
            found = amounts_of(nodes, sign)
            if found is None:
                return None
            amounts += found
        return total(amounts)


class ExtendedDue(Struct, frozen=True):
    """BR-FXEXT-CO-16: the amount due, with what is collected for a third party."""

    def explain(self, facts: Facts | None) -> Parts:
        words = Bi(
            "total with VAT − prepaid amount + rounding amount + amounts collected for a third party",
            "الإجمالي شامل الضريبة − المدفوع مقدمًا + فرق التقريب + المحصَّل لطرف ثالث",
        )
        third = f"{_SETTLE}/ram:SpecifiedFinancialAdjustment/ram:ActualAmount"
        return _due(facts, words, select(facts.root, third) if facts else [])


class ThirdPartyTotal(Struct, frozen=True):
    """BR-DEX-09: the amount due, with payments that a third party has made."""

    def explain(self, facts: Facts | None) -> Parts:
        words = Bi(
            "total with VAT − prepaid amount + rounding amount + third party payments",
            "الإجمالي شامل الضريبة − المدفوع مقدمًا + فرق التقريب + دفعات الطرف الثالث",
        )
        return _due(facts, words, select(facts.root, "cac:PrepaidPayment/cbc:PaidAmount") if facts else [])


def _due(facts: Facts | None, words: Bi, third: list[Node]) -> Parts:
    info = TERMS["BT-115"]
    if facts is None:
        return judge(info, words, None, None)
    amounts: list[tuple[int, Decimal]] | None = []
    for sign, nodes in ((1, facts.everywhere("BT-112")), (-1, facts.everywhere("BT-113")), (1, facts.everywhere("BT-114")), (1, third)):
        found = amounts_of(nodes, sign)
        amounts = None if amounts is None or found is None else amounts + found
    worked = total(amounts) if amounts else None
    return judge(info, words, facts.amount("BT-115", facts.root), worked)


_SUB_LINES = ("the sum of the lines directly below it", "مجموع البنود التي تحته مباشرة")


class SubLines(Struct, frozen=True):
    """BR-DEX-02: a line with sub-lines is their sum. Shows the first that is not."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-131"]
        if facts is None:
            return judge(info, Bi(*_SUB_LINES), None, None)
        for line in select(facts.root, "//*[cac:SubInvoiceLine]"):
            given = facts.number("cbc:LineExtensionAmount", line)
            amounts = amounts_of(select(line, "cac:SubInvoiceLine/cbc:LineExtensionAmount"))
            worked = total(amounts) if amounts else None
            if worked is not None and given is not None and given != worked.right:
                return judge(info, Bi(*_SUB_LINES), given, worked)._replace(node=line)
        return judge(info, Bi(*_SUB_LINES), None, None)


class GroupTotal(Struct, frozen=True):
    """BR-FXEXT-08 and -12: a group of lines is the sum of the lines directly below it, which all need their amount."""

    amounts_required: bool

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-131"]
        words = Bi(*_SUB_LINES)
        if facts is None:
            parts = judge(info, words, None, None)
            return parts._replace(message=join(parts.message, say(_ALL_NEED, term=info))) if self.amounts_required else parts
        wrong = facts.siblings.once("wrong group", lambda: self._wrong(facts))
        parts = judge(info, words, wrong[1], wrong[2])._replace(node=wrong[0]) if wrong else judge(info, words, None, None)
        lacking = say(_ALL_NEED, term=info) if self.amounts_required or wrong is None else None
        return parts._replace(message=join(parts.message, lacking))

    @staticmethod
    def _wrong(facts: Facts) -> tuple[Node, Decimal, Calculation] | None:
        """The first group whose amount is not what the lines directly below it add up to."""
        children: dict[str, list[Node]] = {}
        for line in facts.lines():
            parent = line.find("ram:AssociatedDocumentLineDocument/ram:ParentLineID", NAMESPACES)
            if parent is not None and kind_of_line(line) != "INFORMATION":
                children.setdefault(string(parent).strip(), []).append(line)
        for line in facts.lines():
            below = children.get(facts.value("BT-126", line) or "", [])
            given = facts.amount("BT-131", line)
            if kind_of_line(line) != "GROUP" or given is None or not below:
                continue
            amounts = amounts_of([node for child in below for node in facts.of("BT-131", child)])
            worked = total(amounts) if amounts else None
            if worked is not None and worked.right != given:
                return line, given, worked
        return None


_ALL_NEED = ("Every line below a group needs its {term}.", "وكل بند تحت المجموعة يحتاج إلى {term}.")


class UnknownParent(Struct, frozen=True):
    """BR-FXEXT-11: the line above exists."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-126"]
        message = say(_PARENT, term=info)
        value = facts.text("ram:AssociatedDocumentLineDocument/ram:ParentLineID") if facts else None
        if value:
            message = join(message, say(_PARENT_SEEN, value=quote(value)))
        return Parts(message, say(_PARENT_FIX, term=info), info)


_PARENT = ("The parent line that a line names must be the {term} of another line.", "البند الأعلى المذكور يجب أن يكون {term} لبند آخر في الفاتورة.")
_PARENT_SEEN = ("No line has the number {value}.", "ولا بند رقمه {value}.")
_PARENT_FIX = ("Correct the number of the parent line to the {term} of an existing line.", "صحّح رقم البند الأعلى ليكون {term} لبند موجود.")
