"""How much to pay now: the whole, the next instalment, or a part where the seller allows it; typed in any digits."""

from __future__ import annotations

from dataclasses import dataclass

from wasl.app.errors import Refused
from wasl.app.ui import format, numbers
from wasl.errors import Words
from wasl.invoice.display import isolate
from wasl.invoice.money import from_minor, minor_units, to_minor

WHOLE, NEXT, PART = "whole", "next", "part"


class PartNotAllowed(Refused):
    code, term = "WASL-PAY-71", "BT-115"
    en = "This seller takes the whole amount at once. Pay it whole, or ask the seller."
    ar = "يقبل هذا البائع المبلغ كاملًا دفعة واحدة. ادفعه كاملًا أو اسأل البائع."


class OutOfBounds(Refused):
    code, term = "WASL-PAY-72", "BT-115"
    en = "Pay from {low} to {high}, or the whole amount."
    ar = "ادفع من {low} إلى {high}، أو المبلغ كاملًا."


@dataclass(frozen=True)
class Limits:
    """Of a part, in minor units: at least one unit of the currency, and what is left after it can still be paid."""

    currency: str
    left: int

    @property
    def low(self) -> int:
        return 10 ** minor_units(self.currency)

    @property
    def high(self) -> int:
        return self.left - self.low

    @property
    def is_possible(self) -> bool:
        return self.high >= self.low


def wanted(much: str, typed: str, *, limits: Limits, may_part: bool, instalment: int = 0) -> int | None:
    """Minor units to ask for; None for the whole. Raises PartNotAllowed, OutOfBounds, NotANumber, TooLarge."""
    if much == NEXT and 0 < instalment < limits.left:
        return instalment
    if much != PART:
        return None
    if not may_part or not limits.is_possible:
        raise PartNotAllowed
    amount = numbers.number(typed)
    units = to_minor(amount, limits.currency) if amount is not None else 0
    is_exact = amount is not None and from_minor(units, limits.currency) == amount
    if is_exact and units == limits.left:
        return None
    if not is_exact or not limits.low <= units <= limits.high:
        raise OutOfBounds(low=shown(limits.low, limits.currency), high=shown(limits.high, limits.currency))
    return units


def shown(units: int, currency: str) -> Words:
    """An amount inside a sentence of either language."""
    from django.utils.translation import override

    texts = []
    for lang in ("en", "ar"):
        with override(lang):
            texts.append(isolate(format.money(from_minor(units, currency), currency)))
    return Words(*texts)
