"""Conditions on one value: sign, number of decimals, order of two dates, digits of a card."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.facts import Facts, Node, number
from wasl.rules.explain.parts import ENTER_LIKE, EXAMPLES, Parts
from wasl.rules.explain.termof import term_of
from wasl.rules.explain.text import Bi, Raw, counted, figure, isolate, plain, quote, say

_NEGATIVE = ("The {term} must not be negative.", "يجب ألّا <term?يقلّ|تقلّ> {term} عن صفر.")
_NEGATIVE_SEEN = ("The {term} is {value}: it must not be negative.", "{term} {value}، ويجب ألّا <term?يقلّ|تقلّ> عن صفر.")
_NEGATIVE_FIX = (
    "Enter the {term} without a minus sign; to take money off, use a negative quantity, a discount or a credit note.",
    "أدخل {term} بلا إشارة سالبة، وللإنقاص استعمل كمية سالبة أو خصمًا أو إشعارًا دائنًا.",
)
_ABSENT = ("The {term} is missing, so its sign cannot be checked.", "{term} <term?غير مذكور|غير مذكورة>، فلا يمكن فحص إشارته.")


class NotNegative(Struct, frozen=True):
    term: str

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        if facts is None:
            return Parts(say(_NEGATIVE, term=info), say(_NEGATIVE_FIX, term=info), info)
        value = facts.value(self.term)
        if value is None:
            return Parts(say(_ABSENT, term=info), say(ENTER_LIKE, term=info, example=Raw(EXAMPLES["BT-146"])), info)
        parsed = number(value)
        shown = Raw(figure(parsed)) if parsed is not None else quote(value)
        return Parts(say(_NEGATIVE_SEEN, term=info, value=shown), say(_NEGATIVE_FIX, term=info), info)


_DECIMALS = ("The {term} may have 2 decimals at most.", "يجب ألّا تزيد الخانات العشرية في {term} على اثنتين.")
_DECIMALS_SEEN = (
    "The {term} {value} has {count}; 2 are allowed.",
    "{term} {value} <term?فيه|فيها> {count}، والمسموح خانتان.",
)
_DECIMALS_FIX = ("Round the {term} to two decimals.", "قرّب {term} إلى خانتين عشريتين.")
_DECIMALS_FIX_VALUE = ("Round the {term} to {rounded}, and recompute the totals.", "قرّب {term} إلى {rounded} وأعد حساب الإجماليات.")


class TwoDecimals(Struct, frozen=True):
    """BR-DEC-nn."""

    term: str

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        found = facts.of(self.term) if facts else []
        return too_precise(info, facts, found[0] if found else None)


def too_precise(info: TermInfo, facts: Facts | None, node: Node | None) -> Parts:
    value = facts.text(".", node) if facts is not None and node is not None else None
    if not value or "." not in value:
        return Parts(say(_DECIMALS, term=info), say(_DECIMALS_FIX, term=info), info)
    count = counted(len(value.partition(".")[2]), "decimal")
    message = say(_DECIMALS_SEEN, term=info, value=quote(value), count=count)
    parsed = number(value)
    if parsed is None or parsed.adjusted() > 20:
        return Parts(message, say(_DECIMALS_FIX, term=info), info)
    rounded = parsed.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Parts(message, say(_DECIMALS_FIX_VALUE, term=info, rounded=rounded), info)


_ANY_AMOUNT = ("Every amount may have 2 decimals at most: {term} too.", "يجب ألّا تزيد الخانات العشرية في أي مبلغ على اثنتين، وكذلك في {term}.")
_ANY_AMOUNT_FIX = ("Round each such amount, {term} included, to two decimals.", "قرّب كل مبلغ كهذا، ومنه {term}، إلى خانتين عشريتين.")
_AGAIN = (
    "Too many decimals: the {term} {value} has {count}; 2 are allowed.",
    "خانات عشرية زائدة: {term} {value} <term?فيه|فيها> {count}، والمسموح خانتان.",
)


class AnyTwoDecimals(Struct, frozen=True):
    """UBL-DT-01: the finding's node is itself the amount."""

    term: str

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        if facts is None:
            return Parts(say(_ANY_AMOUNT, term=info), say(_ANY_AMOUNT_FIX, term=info), info)
        info = term_of(facts.node) or info
        base = too_precise(info, facts, facts.node)
        value = facts.text(".") or ""
        count = counted(len(value.partition(".")[2]), "decimal")
        return base._replace(message=say(_AGAIN, term=info, value=quote(value), count=count))


_ORDER = ("The {end} must not be earlier than the {start}.", "يجب ألّا تسبق {end} {start}.")
_ORDER_SEEN = (
    "The {end} ({y}) is earlier than the {start} ({x}).",
    "{end} ({y}) تسبق {start} ({x}).",
)
_ORDER_FIX = (
    "Set the {end} to {x} or later, or correct the {start}.",
    "اجعل {end} في {x} أو بعده، أو صحّح {start}.",
)
_ORDER_FIX_GENERAL = ("Correct the {end} or the {start}.", "صحّح {end} أو {start}.")


class Order(Struct, frozen=True):
    start: str
    end: str

    def explain(self, facts: Facts | None) -> Parts:
        a, b = TERMS[self.start], TERMS[self.end]
        x, y = (facts.shown(self.start), facts.shown(self.end)) if facts else (None, None)
        if not x or not y:
            return Parts(say(_ORDER, start=a, end=b), say(_ORDER_FIX_GENERAL, start=a, end=b), b)
        values = {"x": quote(x), "y": quote(y)}
        return Parts(say(_ORDER_SEEN, start=a, end=b, **values), say(_ORDER_FIX, start=a, end=b, x=quote(x)), b)


_CARD = ("The {term} must never stand in full on an invoice.", "يجب ألّا يظهر {term} كاملًا في الفاتورة أبدًا.")
_CARD_SEEN = ("The {term} shows {count}: 10 are allowed at most.", "يُظهر {term} {count}، والمسموح 10 أرقام على الأكثر.")
_CARD_FIX = (
    "Shorten the {term} to the first six and the last four digits, or to the last four.",
    "اختصر {term} إلى أول ستة أرقام وآخر أربعة، أو إلى آخر أربعة فقط.",
)


class CardDigits(Struct, frozen=True):
    """BR-51. The number itself is never repeated in the message."""

    term: str = "BT-87"

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        value = " ".join((facts.value(self.term) or "").split()) if facts else ""
        message = say(_CARD_SEEN, term=info, count=counted(len(value), "digit")) if value else say(_CARD, term=info)
        return Parts(message, say(_CARD_FIX, term=info), info)


_RATE = {
    "zero": ("must be 0", "يجب أن تكون صفرًا"),
    "positive": ("must be greater than 0", "يجب أن تكون أكبر من صفر"),
    "not negative": ("must be 0 or more", "يجب ألّا تقلّ عن صفر"),
    "absent": ("must not be given", "يجب ألّا تُذكر"),
}


def rate_words(kind: str) -> tuple[str, str]:
    return _RATE[kind]


def shown_rate(value: str) -> Bi | Raw:
    parsed = number(value)
    return Bi(f"{plain(parsed)}%", isolate(f"{plain(parsed)}٪")) if parsed is not None else quote(value)
