"""Conditions that the country and network rules share: a value has a form, goes with another one, or belongs to one of four allowances."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from wasl.invoice.money import exactly
from wasl.invoice.terms import TERMS
from wasl.rules.explain.elements import named_at, within
from wasl.rules.explain.facts import Facts, is_charge, local
from wasl.rules.explain.limits import Order
from wasl.rules.explain.parts import Condition, Parts
from wasl.rules.explain.paths import select
from wasl.rules.explain.sums import Calculation, addends, cents, judge
from wasl.rules.explain.termof import nearest, term_of
from wasl.rules.explain.text import Bi, Param, Raw, counted, figure, join, label, listing, plain, quote, say

Pair = tuple[str, str]
_SEEN = ("It is “{value}”.", "والمذكور «{value}».")
_ABSENT = ("It is missing.", "<term?وهو غير مذكور|وهي غير مذكورة> هنا.")


class Says(Struct, frozen=True):
    """A sentence of its own about `term`, with what stands there and the remedy; `with_` are further terms that both may name.

    `at_node`: the finding's node is itself the value, so it also tells which term it is.
    """

    term: str
    message: Pair
    remedy: Pair
    with_: tuple[tuple[str, str], ...] = ()
    at_node: bool = False
    silent: bool = False  # the value would only distract
    raw: tuple[str, ...] = ()  # codes and examples for the slots {0}, {1}
    general: Pair | None = None  # without an invoice, where the rule covers more than the one term
    among: tuple[str, ...] = ()  # the finding's node holds one of these, which is then meant

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        if facts is not None and self.at_node:
            info = term_of(facts.node) or info
        if facts is not None and self.among:
            info = next((TERMS[t] for t in self.among if any(facts.node in (n, *n.iterancestors()) for n in facts.of(t))), info)
        slots: dict[str, Param] = {"term": info, **{name: TERMS[term] for name, term in self.with_}}
        slots.update((str(index), Raw(text)) for index, text in enumerate(self.raw))
        message = say(self.general if facts is None and self.general else self.message, **slots)
        if facts is not None and not self.silent and not info.is_group:
            value = facts.text(".") if self.at_node else facts.shown(info.id)
            message = join(message, say(_SEEN, value=quote(value)) if value else say(_ABSENT, term=info))
        return Parts(message, say(self.remedy, **slots), info)


class Needs(Struct, frozen=True):
    """Several terms are all required: names those that are missing here."""

    terms: tuple[str, ...]
    because: Pair

    def explain(self, facts: Facts | None) -> Parts:
        lacking = [t for t in self.terms if facts is not None and not facts.value(t)] or list(self.terms)
        infos = [TERMS[t] for t in lacking]
        names = listing([label(info) for info in infos], "and")
        message = join(Bi(*self.because), say(_LACKING, terms=names))
        return Parts(message, say(_ENTER_ALL, terms=names), infos[0])


class Within(Struct, frozen=True):
    """A rule of another set that a country asks for only between its own parties: without an invoice that is said first."""

    rule: Condition
    where: Pair

    def explain(self, facts: Facts | None) -> Parts:
        parts = self.rule.explain(facts)
        return parts if facts is not None else parts._replace(message=join(Bi(*self.where), parts.message))


_LACKING = ("Missing: {terms}.", "الناقص: {terms}.")
_ENTER_ALL = ("Enter the {terms}.", "أدخل {terms}.")


class Excluded(Struct, frozen=True):
    """These groups do not go with the value of `term`: names those that are there."""

    term: str
    groups: tuple[str, ...]
    because: Pair

    def explain(self, facts: Facts | None) -> Parts:
        present = [g for g in self.groups if facts is not None and facts.of(g)] or list(self.groups)
        infos = [TERMS[g] for g in present]
        names = listing([label(info) for info in infos], "and")
        params = {"term": TERMS[self.term], "terms": names}
        value = facts.value(self.term) if facts is not None else None
        message = join(Bi(*self.because), say(_GIVEN, terms=names) if facts is not None else say(_NOT_THESE, terms=names))
        seen = say(_VALUE_IS, term=TERMS[self.term], value=quote(value)) if value else None
        return Parts(join(message, seen), say(_REMOVE_OR, **params), infos[0])


_GIVEN = ("Given here: {terms}.", "المذكور هنا: {terms}.")
_NOT_THESE = ("With such a payment these must not be given: {terms}.", "ولا يُذكر مع هذا الدفع: {terms}.")
_VALUE_IS = ("The {term} is {value}.", "و{term} هنا {value}.")
_REMOVE_OR = ("Remove the {terms}, or correct the {term}.", "احذف {terms}، أو صحّح {term}.")

# The same thing in the four groups: document discount, document charge, line discount, line charge.
AMOUNT, BASE = ("BT-92", "BT-99", "BT-136", "BT-141"), ("BT-93", "BT-100", "BT-137", "BT-142")
PERCENT, REASON = ("BT-94", "BT-101", "BT-138", "BT-143"), ("BT-97", "BT-104", "BT-139", "BT-144")
GROUP = ("BG-20", "BG-21", "BG-27", "BG-28")
_ALLOWANCES = ("AllowanceCharge", "SpecifiedTradeAllowanceCharge")


def kind_of(facts: Facts | None) -> int:
    """Which of the four the finding's node stands in; the document discount where it stands in none."""
    group = facts.ancestor(*_ALLOWANCES) if facts is not None else None
    parent = group.getparent() if group is not None else None
    if group is None or parent is None:
        return 0
    on_line = local(parent) in ("InvoiceLine", "CreditNoteLine", "SpecifiedLineTradeSettlement")
    return 2 * on_line + is_charge(group)


class AllowanceNeeds(Struct, frozen=True):
    """PEPPOL R041 and R042: base and percentage of a discount or charge go together."""

    lacking: tuple[str, ...]
    given: tuple[str, ...]

    def explain(self, facts: Facts | None) -> Parts:
        kind = kind_of(facts)
        info, given = TERMS[self.lacking[kind]], TERMS[self.given[kind]]
        value = facts.value(given.id) if facts is not None else None
        message = join(say(_TOGETHER, term=info, given=given), Bi(*_LIKEWISE) if facts is None else None)
        if value:
            message = join(message, say(_VALUE_IS, term=given, value=quote(value)))
        return Parts(message, say(_TOGETHER_FIX, term=info, given=given), info)


_TOGETHER = ("With the {given} the {term} must be given too.", "إذا <given?ذُكر|ذُكرت> {given} فلا بدّ من ذكر {term}.")
_LIKEWISE = (
    "The same holds for the charges, and for the discounts and charges of a line.",
    "وكذلك الأمر في الرسوم الإضافية، وفي خصومات البنود ورسومها.",
)
_TOGETHER_FIX = ("Enter the {term}, or remove the {given}.", "أدخل {term}، أو احذف {given}.")


_SLACK = ("A difference of 0.02 is allowed.", "ويُسمح بفرق 0.02.")


def _slack(parts: Parts) -> Parts:
    return parts._replace(message=join(parts.message, Bi(*_SLACK)))


class AllowanceAmount(Struct, frozen=True):
    """PEPPOL R040: amount = base × percentage, give or take 0.02."""

    def explain(self, facts: Facts | None) -> Parts:
        kind = kind_of(facts)
        info = TERMS[AMOUNT[kind]]
        words = say(_BASE_TIMES, base=TERMS[BASE[kind]], percent=TERMS[PERCENT[kind]])
        if facts is None:
            return _slack(judge(info, words, None, None))
        base, percent = facts.amount(BASE[kind]), facts.amount(PERCENT[kind])
        if base is None or percent is None:
            return judge(info, words, facts.amount(info.id), None)
        with exactly():
            exact = base * percent / 100
            right = cents(exact)
        sign = "=" if exact == right else "≈"
        worked = Calculation(f"{figure(base)} × {plain(percent)}% {sign} {figure(right)}", right)
        return _slack(judge(info, words, facts.amount(info.id), worked))


_BASE_TIMES = ("{base} × {percent}", "{base} × {percent}")


class AllowanceIndicator(Struct, frozen=True):
    """PEPPOL R043, CII-SR-463: every discount or charge says which of the two it is."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[GROUP[kind_of(facts)]]
        message = say(_INDICATOR, yes=Raw("true"), no=Raw("false"))
        if facts is not None:
            value = facts.text("cbc:ChargeIndicator") or facts.text("ram:ChargeIndicator/udt:Indicator")
            message = join(message, say(_SEEN, value=quote(value)) if value else say(_NOT_SAID))
        return Parts(message, say(_INDICATOR_FIX, term=info, yes=Raw("true"), no=Raw("false")), info)


_INDICATOR = (
    "A discount or charge must say which of the two it is: {no} is a discount, {yes} a charge.",
    "لا بدّ أن يُبيَّن هل هذا المبلغ خصم ({no}) أم رسم إضافي ({yes}).",
)
_NOT_SAID = ("It does not say it.", "وهو غير مبيَّن هنا.")
_INDICATOR_FIX = (
    "Set the indicator of the {term} to {no} for a discount, or {yes} for a charge.",
    "اجعل مؤشر {term} {no} للخصم أو {yes} للرسم الإضافي.",
)


class LineNet(Struct, frozen=True):
    """PEPPOL R120: line net amount = quantity × unit price ÷ base quantity + charges − discounts, give or take 0.02."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-131"]
        words = Bi(
            "quantity × unit price ÷ price base quantity + line charges − line discounts",
            "الكمية × سعر الوحدة ÷ كمية أساس السعر + الرسوم الإضافية على البند − الخصومات عليه",
        )
        if facts is None:
            return _slack(judge(info, words, None, None))
        return _slack(judge(info, words, facts.amount("BT-131"), self._work(facts)))

    @staticmethod
    def _work(facts: Facts) -> Calculation | None:
        quantity, price, base = facts.amount("BT-129"), facts.amount("BT-146"), facts.amount("BT-149")
        if quantity is None and not facts.of("BT-129"):  # the rule takes a missing quantity for 1, a missing price for 0
            quantity = Decimal(1)
        if price is None and not facts.of("BT-146"):
            price = Decimal(0)
        if quantity is None or price is None:
            return None
        others: list[tuple[int, Decimal]] = []
        for sign, term in ((1, "BT-141"), (-1, "BT-136")):
            for node in facts.of(term):
                value = facts.number(".", node)
                if value is None:
                    return None
                others.append((sign, value))
        with exactly():
            gross = quantity * price
        if base:
            gross = gross / base
        with exactly():
            exact = gross + sum((sign * value for sign, value in others), Decimal(0))
            right = cents(exact)
        text = f"{plain(quantity)} × {figure(price)}" + (f" ÷ {plain(base)}" if base and base != 1 else "")
        for sign, value in others:
            text += (" + " if (sign > 0) == (value >= 0) else " − ") + figure(abs(value))
        return Calculation(f"{text} {'=' if exact == right else '≈'} {figure(right)}", right)


class PriceNet(Struct, frozen=True):
    """PEPPOL R046: unit price = unit price before discount − discount."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-146"]
        words = Bi("unit price before discount − discount on the unit price", "سعر الوحدة قبل الخصم − الخصم على سعر الوحدة")
        if facts is None:
            return judge(info, words, None, None)
        gross, discount = facts.amount("BT-148"), facts.amount("BT-147") or Decimal(0)
        if gross is None:
            return judge(info, words, facts.amount("BT-146"), None)
        with exactly():
            right = gross - discount
        worked = Calculation(f"{addends([(1, gross), (-1, discount)])} = {figure(right)}", right)
        return judge(info, words, facts.amount("BT-146"), worked)


class WithinPeriod(Struct, frozen=True):
    """PEPPOL R110 and R111: the period of a line lies in the period of the invoice."""

    earlier: str
    later: str
    line: str  # of the two, the one that stands in the line

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.line]
        parts = Order(self.earlier, self.later).explain(None)
        if facts is None:
            return parts._replace(term=info)
        x, y = facts.shown(self.earlier), facts.shown(self.later)
        shown = {"start": TERMS[self.earlier], "end": TERMS[self.later], "x": quote(x), "y": quote(y)}
        return Parts(say(_NOT_WITHIN, **shown) if x and y else parts.message, parts.fix, info)


_NOT_WITHIN = ("The {end} ({y}) is earlier than the {start} ({x}).", "{end} ({y}) قبل {start} ({x}).")


class Empty(Struct, frozen=True):
    """PEPPOL R008: an element without content. Names it."""

    def explain(self, facts: Facts | None) -> Parts:
        if facts is None:
            return Parts(say(_EMPTY_ANY, term=TERMS["BG-0"]), say(_EMPTY_ANY_FIX), TERMS["BG-0"])
        about = named_at(facts.node, "")
        if about.term is not None:
            fix = _DEMANDED_FIX if local(facts.node) in _DEMANDED else _EMPTY_TERM_FIX
            return Parts(say(_EMPTY_TERM, term=about.term), say(fix, term=about.term), about.term)
        params = {"thing": about.thing, "within": within(about.group)}
        return Parts(say(_EMPTY, **params), say(_EMPTY_FIX, **params), about.info)


_EMPTY_ANY = ("The {term} must not hold an empty element.", "يجب ألّا يكون في {term} عنصر فارغ.")
_EMPTY_ANY_FIX = ("Enter a value in the empty element, or remove it.", "أدخل قيمة في العنصر الفارغ، أو احذفه.")
_EMPTY_TERM = (
    "The {term} is there but empty; empty elements are not allowed.",
    "{term} <term?موجود لكنه فارغ|موجودة لكنها فارغة>، ولا يُسمح بعنصر فارغ.",
)
_EMPTY_TERM_FIX = ("Enter the {term}, or remove the element.", "أدخل {term}، أو احذف العنصر.")
_DEMANDED = frozenset({"ApplicableHeaderTradeDelivery"})  # CII's schema wants it there, whatever the sheets say of empty elements
_DEMANDED_FIX = (
    "Enter the {term} if there is one; if not, leave the element as it is: its schema demands it, even when empty.",
    "أدخل {term} إن كان لديك، وإلا فاترك العنصر كما هو: مخطط الصيغة يوجبه وإن كان فارغًا.",
)
_EMPTY = ("The {thing} {within} is empty; empty elements are not allowed.", "العنصر {thing} {within} فارغ، ولا يُسمح بعنصر فارغ.")
_EMPTY_FIX = ("Enter the {thing} {within}, or remove the element.", "أدخل {thing} {within}، أو احذف العنصر.")


class InvoiceCurrency(Struct, frozen=True):
    """PEPPOL R051: every amount is in the invoice currency."""

    def explain(self, facts: Facts | None) -> Parts:
        currency = TERMS["BT-5"]
        if facts is None:
            return Parts(say(_CURRENCY, other=TERMS["BT-111"]), say(_CURRENCY_FIX, term=currency), currency)
        info = term_of(facts.node) or nearest(facts.node)
        if info.id == "BT-111":  # a tax total with a breakdown is meant to be in the invoice currency, whatever it says
            info = TERMS["BT-110"]
        given, wanted = facts.node.get("currencyID"), facts.currency or "?"
        if not given:
            message = say(_CURRENCY_NONE, term=info, currency=quote(wanted))
        else:
            message = say(_CURRENCY_SEEN, term=info, given=quote(given), currency=quote(wanted))
        return Parts(message, say(_CURRENCY_TO, term=info, currency=quote(wanted)), info)


_CURRENCY = (
    "Every amount must be in the invoice currency; only the {other} may differ.",
    "يجب أن تكون المبالغ كلها بعملة الفاتورة، ولا يُستثنى إلا {other}.",
)
_CURRENCY_FIX = ("Change the currency of the amount to the {term}.", "غيّر عملة المبلغ إلى {term}.")
_CURRENCY_SEEN = ("The {term} is in {given}, but the invoice is in {currency}.", "عملة {term} هي {given}، وعملة الفاتورة {currency}.")
_CURRENCY_NONE = ("The {term} names no currency; the invoice is in {currency}.", "{term} بلا رمز عملة، وعملة الفاتورة {currency}.")
_CURRENCY_TO = ("Change the currency of the {term} to {currency}.", "غيّر عملة {term} إلى {currency}.")


class Differs(Struct, frozen=True):
    """PEPPOL R005, GR: two terms must (or must not) have the same value."""

    a: str
    b: str
    message: Pair
    remedy: Pair
    here: bool = False  # both stand in the finding's own group, not once in the invoice

    def explain(self, facts: Facts | None) -> Parts:
        a, b = TERMS[self.a], TERMS[self.b]
        message = say(self.message, a=a, b=b)
        if facts is not None:
            at = facts.node if self.here else facts.root
            x, y = facts.value(self.a, at), facts.value(self.b, at)
            message = join(message, say(_BOTH, x=quote(x), y=quote(y)) if x and y else None)
        return Parts(message, say(self.remedy, a=a, b=b), a)


_BOTH = ("They are {x} and {y}.", "وهما {x} و{y}.")


class HowMany(Struct, frozen=True):
    """A number of something that a path in either syntax counts, with its own sentences: `seen` says {n} in words."""

    term: str
    ubl: str
    cii: str
    message: Pair
    remedy: Pair

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        message = say(self.message, term=info)
        if facts is not None:
            n = len(select(facts.root, self.cii if facts.syntax == "cii" else self.ubl))
            message = join(message, say(_COUNT, times=counted(n, "time")) if n else say(_ABSENT, term=info))
        return Parts(message, say(self.remedy, term=info), info)


_COUNT = ("It is there {times}.", "وقد ورد {times}.")
