"""Conditions that are a calculation: what was given, what this invoice's own figures add up to, what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from msgspec import Struct

from wasl.invoice.money import exactly, minor_units
from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.facts import Facts, Node, number, string
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.text import Bi, Raw, figure, join, plain, quote, say

SHOWN = 5  # amounts of a sum that are written out

_EQUALS = ("The {term} must equal {words}.", "يجب أن <term?يساوي|تساوي> {term} {words}.")
_GIVEN = (
    "The {term} must equal {words}: {given} was given; {formula}.",
    "يجب أن <term?يساوي|تساوي> {term} {words}. المذكور {given}، والحساب {formula}.",
)
_GIVEN_ONE = (
    "The {term} must equal {words}: {given} was given; it comes to {formula}.",
    "يجب أن <term?يساوي|تساوي> {term} {words}. المذكور {given}، والصحيح {formula}.",
)
_ABSENT = (
    "The {term} is missing. It must equal {words}: {formula}.",
    "{term} <term?غير مذكور|غير مذكورة>. يجب أن <term?يساوي|تساوي> {words}، والحساب {formula}.",
)
_CHANGE = (
    "Change the {term} to {right}, or correct the amounts it is computed from.",
    "غيّر {term} إلى {right}، أو صحّح المبالغ التي <term?يُحسب|تُحسب> منها.",
)
_WRITE = ("Enter {right} as the {term}.", "أدخل {right} في {term}.")
_RECOMPUTE = ("Recompute the {term}.", "أعد حساب {term}.")


class Calculation(NamedTuple):
    """One worked example: the figures as a formula, and the result."""

    formula: str
    right: Decimal
    places: int = 2


def cents(value: Decimal, places: int = 2) -> Decimal:
    """XPath's round() to two places (or those of a currency): halves go towards plus infinity."""
    return (value.scaleb(places) + Decimal("0.5")).to_integral_value(ROUND_FLOOR).scaleb(-places)


def addends(amounts: list[tuple[int, Decimal]], places: int = 2) -> str:
    """ "10.00 + 5.00 − 1.00"; the middle of a long sum is left out."""
    shown = amounts if len(amounts) <= SHOWN + 1 else [*amounts[: SHOWN - 1], amounts[-1]]
    text = ""
    for index, (sign, amount) in enumerate(shown):
        if len(shown) < len(amounts) and index == len(shown) - 1:
            text += " + …"
        minus = (sign < 0) != (amount < 0)
        mark = ("−" if minus else "") if not text else (" − " if minus else " + ")
        text += mark + figure(abs(amount), places)
    return text or figure(Decimal(0), places)


def total(amounts: list[tuple[int, Decimal]], places: int = 2) -> Calculation:
    with exactly():
        exact = sum((sign * amount for sign, amount in amounts), Decimal(0))
        right = cents(exact, places)
    text = addends(amounts, places)
    shown = figure(right, places)
    alone = text.replace("−", "-") == shown  # one amount is its own sum
    return Calculation(shown if alone else f"{text} {'=' if exact == right else '≈'} {shown}", right, places)


def judge(info: TermInfo, words: Bi, given: Decimal | None, worked: Calculation | None) -> Parts:
    """The three sentences of a calculation: in general, with a wrong figure, with a missing one."""
    if worked is None:
        return Parts(say(_EQUALS, term=info, words=words), say(_RECOMPUTE, term=info), info)
    formula, right = Raw(worked.formula), Raw(figure(worked.right, worked.places))
    if given is None:
        return Parts(say(_ABSENT, term=info, words=words, formula=formula), say(_WRITE, term=info, right=right), info)
    phrase = _GIVEN_ONE if worked.formula == right else _GIVEN
    message = say(phrase, term=info, words=words, given=Raw(figure(given, worked.places)), formula=formula)
    return Parts(message, say(_CHANGE, term=info, right=right), info)


_TOLERANCE = (
    "A difference of 0.01 is allowed for each amount added up.",
    "ويُسمح بفرق 0.01 عن كل مبلغ يدخل في الحساب.",
)


def lenient(parts: Parts) -> Parts:
    """Factur-X EXTENDED forgives a rounding difference."""
    return parts._replace(message=join(parts.message, Bi(*_TOLERANCE)))


class Equation(Struct, frozen=True):
    """A total and how it is worked out; `work` gives None where a figure is unreadable."""

    term: str
    words: tuple[str, str]
    work: Callable[[Facts], Calculation | None]

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        worked = self.work(facts) if facts else None
        given = facts.amount(self.term) if facts else None
        return judge(info, Bi(*self.words), given, worked)


def amounts_of(nodes: list[Node], sign: int = 1) -> list[tuple[int, Decimal]] | None:
    """The signed amounts of the nodes; None where one cannot be read, for then no sum is honest."""
    found: list[tuple[int, Decimal]] = []
    for node in nodes:
        value = number(string(node))
        if value is None:
            return None
        found.append((sign, value))
    return found


def sum_of(*terms: tuple[int, str]) -> Callable[[Facts], Calculation | None]:
    """All amounts of the terms in the whole document, each with its sign: (1, "BT-131") is the sum of the lines."""

    def work(facts: Facts) -> Calculation | None:
        amounts: list[tuple[int, Decimal]] = []
        for sign, term in terms:
            found = amounts_of(facts.everywhere(term), sign)
            if found is None:
                return None
            amounts += found
        return total(amounts)

    return work


def signed(*terms: tuple[int, str]) -> Callable[[Facts], Calculation | None]:
    """Named totals; an absent one counts as nothing, but the first is required."""

    def work(facts: Facts) -> Calculation | None:
        amounts: list[tuple[int, Decimal]] = []
        for index, (sign, term) in enumerate(terms):
            value = facts.amount(term)
            if value is None:
                if index == 0 or facts.of(term):
                    return None
                continue
            amounts.append((sign, value))
        return total(amounts)

    return work


def sum_of_categories(facts: Facts) -> Calculation | None:
    """The tax of every breakdown row of this tax total."""
    amounts = amounts_of(facts.of("BT-117"))
    return None if amounts is None else total(amounts)


_CURRENCY_TOTALS = (
    "There must be one total VAT in the invoice currency {currency}, but there are {n}.",
    "يجب أن يُذكر مجموع ضريبة واحد بعملة الفاتورة {currency}، وعدد المذكور {n}.",
)
_CURRENCY_FIX = (
    "Give the total VAT once in {currency}; a total in another currency belongs to the VAT accounting currency.",
    "اذكر مجموع ضريبة القيمة المضافة مرة واحدة بعملة {currency}، أما المجموع بعملة أخرى فمكانه عملة حساب الضريبة.",
)


class TotalWithVat(Struct, frozen=True):
    """BR-CO-15: total with VAT = total without VAT + the one total VAT in the invoice currency; EXTENDED allows 0.01 an amount."""

    lenient: bool = False

    def explain(self, facts: Facts | None) -> Parts:
        parts = self._judged(facts)
        return lenient(parts) if self.lenient else parts

    def _judged(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-112"]
        words = Bi("total without VAT + total VAT", "المجموع قبل الضريبة + مجموع ضريبة القيمة المضافة")
        if facts is None:
            return judge(info, words, None, None)
        taxes = facts.everywhere("BT-110")
        if len(taxes) != 1 and not (self.lenient and not taxes):
            params = {"currency": quote(facts.currency or "?"), "n": len(taxes)}
            words = join(say(_EQUALS, term=info, words=words), say(_CURRENCY_TOTALS, **params))
            return Parts(words, say(_CURRENCY_FIX, currency=params["currency"]), info)
        net, tax = facts.amount("BT-109", facts.root), facts.number(".", taxes[0]) if taxes else Decimal(0)
        worked = None if net is None or tax is None else total([(1, net), (1, tax)])
        return judge(info, words, facts.amount("BT-112", facts.root), worked)


def tax_of(taxable: Decimal, rate: Decimal, currency: str | None) -> Calculation:
    """taxable × rate, rounded to the currency: the rules allow a difference below 1, so three decimals are right for dinars."""
    places = max(2, minor_units(currency))
    with exactly():
        exact = taxable * rate / 100
        right = cents(exact, places)
    sign = "=" if exact == right else "≈"
    return Calculation(f"{figure(taxable, places)} × {plain(rate)}% {sign} {figure(right, places)}", right, places)


class TaxOfRow(Struct, frozen=True):
    """BR-CO-17: the finding's node is a TaxSubtotal."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-117"]
        words = Bi("taxable amount × VAT rate", "المبلغ الخاضع للضريبة × نسبة الضريبة")
        if facts is None:
            return judge(info, words, None, None)
        taxable = facts.amount("BT-116")
        rate = facts.amount("BT-119")
        if rate is None and not facts.of("BT-119"):
            rate = Decimal(0)
        worked = None if taxable is None or rate is None else tax_of(taxable, rate, facts.currency)
        return judge(info, words, facts.amount("BT-117"), worked)
