"""Money: an amount with its currency, the currency's minor units (ISO 4217), and THE rounding function.

Rounding is half up on the magnitude (0.005 -> 0.01, -0.005 -> -0.01), so that a credit note mirrors its invoice to
the last digit. Every amount is a `Decimal`; a binary fraction never enters.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from wasl.errors import WaslError

# Enough for the product of two 28-digit factors, a rate and a sum of a million lines: nothing is cut before we round.
EXACT_DIGITS = 120
EXACT = Context(prec=EXACT_DIGITS, rounding=ROUND_HALF_UP)

DEFAULT_MINOR_UNITS = 2

# ISO 4217, list one: every current currency whose minor unit is not 2 (CLDR differs: it gives what people print).
_WITHOUT_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_MINOR_UNITS = {**dict.fromkeys(_WITHOUT_MINOR.split(), 0), **dict.fromkeys(_THOUSANDTHS.split(), 3), "CLF": 4, "UYW": 4}

_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(29))


class CurrencyMismatch(WaslError):
    """Two currencies met in one sum."""

    code, term = "WASL-MONEY-01", "BT-5"
    en = "{left} and {right} cannot be added. Fix: convert one of them, or issue two invoices."
    ar = "لا يُجمع {left} مع {right}. الحل: حوّل أحدهما، أو أصدر فاتورتين."


def minor_units(currency: str | None) -> int:
    """Decimal places of a currency (SAR 2, JOD 3, JPY 0); an unknown or missing one has 2. ISO 4217."""
    return _MINOR_UNITS.get(currency or "", DEFAULT_MINOR_UNITS)


def round_half_up(x: Decimal, places: int) -> Decimal:
    """`x` with exactly `places` decimals, half away from zero; never -0. Exact up to 120 digits."""
    rounded = EXACT.quantize(x, _STEPS[places] if 0 <= places < len(_STEPS) else Decimal(1).scaleb(-places))
    return rounded if rounded else abs(rounded)


def round_to(amount: Decimal, currency: str | None) -> Decimal:
    """`amount` rounded to the minor units of `currency`."""
    return round_half_up(amount, minor_units(currency))


def to_minor(amount: Decimal, currency: str | None) -> int:
    """The amount as a whole number of minor units (12.345 JOD -> 12345), rounded half up first."""
    return int(round_to(amount, currency).scaleb(minor_units(currency), EXACT))


def from_minor(units: int, currency: str | None) -> Decimal:
    """The amount that `units` minor units of `currency` make (12345, "JOD" -> 12.345)."""
    return Decimal(units).scaleb(-minor_units(currency), EXACT)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency. Sums and comparisons with another currency raise `CurrencyMismatch`."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError("Money takes a Decimal amount")

    @classmethod
    def of_minor(cls, units: int, currency: str) -> Money:
        """Money from whole minor units: Money.of_minor(12345, "JOD") is 12.345 JOD."""
        return cls(from_minor(units, currency), currency)

    @property
    def minor(self) -> int:
        """Whole minor units, rounded half up."""
        return to_minor(self.amount, self.currency)

    def rounded(self) -> Money:
        """The same money rounded to its currency's minor units."""
        return Money(round_to(self.amount, self.currency), self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(EXACT.subtract(self.amount, other.amount), self.currency)

    def __neg__(self) -> Money:
        return Money(EXACT.minus(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return bool(self.amount)


def exactly() -> AbstractContextManager[Context]:
    """A decimal context for sums of amounts: no digit is lost before the rounding that the standard names."""
    return localcontext(EXACT)
