"""Amounts on the wire. Ours are whole minor units by ISO 4217; each gateway writes them its own way.

Moyasar takes our units as they are. Tap and PayTabs write major units as a JSON number with exactly the currency's
decimals. Stripe takes minor units, but has currencies of its own mind (below). No float is made on any of these ways.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson

from wasl.invoice.money import from_minor, minor_units

AMOUNT_MAX = 10**15  # beyond any payment; a number larger than that is noise
_STRIPE_HUNDREDTHS = frozenset({"ISK", "UGX"})  # no decimals in ISO, yet Stripe keeps counting them in hundredths, which must be 00


def whole(value: Any, *, least: int = 1) -> int:
    """A JSON integer of minor units; ValueError for floats, booleans, strings, and what is below `least`."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= AMOUNT_MAX:
        raise ValueError("not an amount")
    return value


def major(amount: int, currency: str) -> Decimal:
    """Minor units as major ones with the currency's decimals: 1000 KWD fils are 1.000."""
    return from_minor(amount, currency).quantize(Decimal(1).scaleb(-minor_units(currency)))


def number(amount: int, currency: str) -> Any:
    """Minor units as a JSON number in major units, exact to the last digit (`orjson.Fragment`)."""
    return orjson.Fragment(f"{major(amount, currency):f}".encode())


def from_major(value: Any, currency: str, *, least: int = 1) -> int:
    """Major units, as an integer, a Decimal or a plain decimal string, in minor units; ValueError for anything else.

    More decimals than the currency has are refused unless they are zeros: nothing is rounded into an amount.
    """
    if isinstance(value, str):
        value = Decimal(value) if value.isascii() and value.replace(".", "", 1).isdigit() and len(value) <= 20 else None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or (isinstance(value, Decimal) and not value.is_finite()):
        raise ValueError("not an amount")
    if not -AMOUNT_MAX <= value <= AMOUNT_MAX:
        raise ValueError("not an amount")
    units = Decimal(value).scaleb(minor_units(currency))
    if units != units.to_integral_value():
        raise ValueError("more decimals than the currency has")
    return whole(int(units), least=least)


def to_stripe(amount: int, currency: str) -> int:
    """Minor units as Stripe counts them; ValueError for what it cannot charge (a dinar's last digit must be 0)."""
    if minor_units(currency) == 3 and amount % 10:
        raise ValueError("the last digit of an amount with three decimals must be 0")
    return amount * 100 if currency in _STRIPE_HUNDREDTHS else amount


def from_stripe(value: Any, currency: str, *, least: int = 1) -> int:
    """Stripe's units as ours."""
    amount = whole(value, least=least)
    if currency not in _STRIPE_HUNDREDTHS:
        return amount
    if amount % 100:
        raise ValueError("more decimals than the currency has")
    return amount // 100
