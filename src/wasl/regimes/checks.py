"""A law's own checks: findings with the same words and shape as those of the official rules, under Wasl's own ids."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from wasl.invoice.model import Invoice
from wasl.invoice.money import minor_units
from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain import Explanation
from wasl.rules.explain.sums import Calculation, judge, total
from wasl.rules.explain.text import Bi, Raw, counted, label, say


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One broken rule of a law. `field` is the place in the invoice model, "lines[2].net_amount" (counted from 0)."""

    rule: str
    severity: str
    official: str  # what the rule says, in one sentence
    field: str
    explanation: Explanation

    @property
    def xpath(self) -> str:
        """The place in UBL, without positions."""
        return f"/ubl:Invoice/{TERMS[self.explanation.term].ubl}"


def finding(
    rule: str, official: str, field: str, term: str, message: Bi, fix: Bi, *, where: Bi | None = None, severity: str = "fatal"
) -> CheckFinding:
    """`where` is the term's label unless a more exact place is known."""
    at = where or label(TERMS[term])
    explanation = Explanation(at.en, at.ar, message.en, message.ar, fix.en, fix.ar, term)
    return CheckFinding(rule, severity, official, field, explanation)


_LINE = ("line {n}, {term}", "البند {n}، {term}")
_ROW = ("VAT breakdown row {n}, {term}", "السطر {n} من تفصيل الضريبة، {term}")
_DISCOUNT = ("discount {n}, {term}", "الخصم {n}، {term}")
_CHARGE = ("charge {n}, {term}", "الرسم الإضافي {n}، {term}")
_PRECISE = (
    "The {term} {value} has {count}; the currency {currency} has {places}.",
    "{term} {value} <term?فيه|فيها> {count}، والعملة {currency} لها {places}.",
)
_ROUND = ("Round the {term} to the decimals of {currency}.", "قرّب {term} إلى خانات {currency}.")


def decimals(invoice: Invoice, prefix: str) -> list[CheckFinding]:
    """No amount has more decimals than its currency: what BR-DEC-nn ask for, for currencies of any minor unit."""
    places = minor_units(invoice.currency)
    found: list[CheckFinding] = []
    for term, field, amount, where in _amounts(invoice):
        exponent = amount.normalize().as_tuple().exponent if amount.is_finite() else 0
        digits = -exponent if isinstance(exponent, int) else 0
        if digits > places:
            info, currency = TERMS[term], Raw(invoice.currency or "")
            given = {"value": Raw(str(amount)), "count": counted(digits, "decimal"), "places": counted(places, "decimal")}
            message = say(_PRECISE, term=info, currency=currency, **given)
            official = f"The {info.en} has no more decimals than its currency."
            found.append(finding(f"{prefix}-DEC", official, field, term, message, say(_ROUND, term=info, currency=currency), where=where))
    return found


_Amount = tuple[str, str, Decimal, Bi]


def _amounts(invoice: Invoice) -> list[_Amount]:
    found: list[_Amount] = []

    def add(term: str, field: str, amount: Decimal | None, phrase: tuple[str, str] | None = None, n: int = 0) -> None:
        if amount is not None:
            info = TERMS[term]
            found.append((term, field, amount, say(phrase, n=n, term=info) if phrase else label(info)))

    for i, line in enumerate(invoice.lines):
        add("BT-131", f"lines[{i}].net_amount", line.net_amount, _LINE, i + 1)
        for kind, term, entries in (("allowances", "BT-136", line.allowances), ("charges", "BT-141", line.charges)):
            for j, each in enumerate(entries):
                add(term, f"lines[{i}].{kind}[{j}].amount", each.amount, _LINE, i + 1)
    for i, each in enumerate(invoice.allowances):
        add("BT-92", f"allowances[{i}].amount", each.amount, _DISCOUNT, i + 1)
    for i, each in enumerate(invoice.charges):
        add("BT-99", f"charges[{i}].amount", each.amount, _CHARGE, i + 1)
    for i, row in enumerate(invoice.tax_breakdown):
        add("BT-116", f"tax_breakdown[{i}].taxable_amount", row.taxable_amount, _ROW, i + 1)
        add("BT-117", f"tax_breakdown[{i}].tax_amount", row.tax_amount, _ROW, i + 1)
    if invoice.totals is not None:
        for term in ("BT-106", "BT-107", "BT-108", "BT-109", "BT-110", "BT-112", "BT-113", "BT-114", "BT-115"):
            name = TERMS[term].path.removeprefix("totals.")
            add(term, TERMS[term].path, getattr(invoice.totals, name))
    return found


WORDS = {
    "10": ("BT-106", Bi("the sum of all line net amounts", "مجموع صافي البنود كلها")),
    "11": ("BT-107", Bi("the sum of all document discounts", "مجموع الخصومات كلها")),
    "12": ("BT-108", Bi("the sum of all document charges", "مجموع الرسوم الإضافية كلها")),
    "13": ("BT-109", Bi("sum of the lines − discounts + charges", "مجموع البنود − الخصومات + الرسوم الإضافية")),
    "14": ("BT-110", Bi("the sum of the VAT amounts of all categories", "مجموع مبالغ ضريبة الفئات كلها")),
    "15": ("BT-112", Bi("total without VAT + total VAT", "المجموع قبل الضريبة + مجموع ضريبة القيمة المضافة")),
    "16": ("BT-115", Bi("total with VAT − prepaid amount + rounding amount", "الإجمالي شامل الضريبة − المدفوع مقدمًا + فرق التقريب")),
}


def arithmetic(invoice: Invoice, prefix: str) -> list[CheckFinding]:
    """BR-CO-10 to -16 at the currency's own precision, for profiles that must leave the two-decimal originals out."""
    totals = invoice.totals
    if totals is None:
        return []
    lines = [(1, line.net_amount) for line in invoice.lines]
    parts: dict[str, list[tuple[int, Decimal | None]]] = {
        "10": lines,
        "11": [(1, each.amount) for each in invoice.allowances],
        "12": [(1, each.amount) for each in invoice.charges],
        "13": [(1, totals.line_extension_amount), (-1, totals.allowance_total_amount), (1, totals.charge_total_amount)],
        "14": [(1, row.tax_amount) for row in invoice.tax_breakdown],
        "15": [(1, totals.tax_exclusive_amount), (1, totals.tax_amount)],
        "16": [(1, totals.tax_inclusive_amount), (-1, totals.prepaid_amount), (1, totals.rounding_amount)],
    }
    found: list[CheckFinding] = []
    for number, (term, words) in WORDS.items():
        given: Decimal | None = getattr(totals, TERMS[term].path.removeprefix("totals."))
        amounts = [(sign, amount) for sign, amount in parts[number] if amount is not None]
        if (not amounts and not given) or (given is None and number not in ("11", "12")):
            continue  # nothing to add up, or a missing total, which the official rules BR-12 to BR-15 report
        worked = total(amounts, minor_units(invoice.currency))
        if given != worked.right:
            found.append(_wrong(f"{prefix}-CO-{number}", TERMS[term], words, given, worked))
    return found


def _wrong(rule: str, info: TermInfo, words: Bi, given: Decimal | None, worked: Calculation) -> CheckFinding:
    parts = judge(info, words, given, worked)
    return finding(rule, f"The {info.en} equals {words.en}.", info.path, info.id, parts.message, parts.fix)
