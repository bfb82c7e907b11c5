"""Amounts, rates and quantities as people read them: «31,583.93 ر.س», "SAR 31,583.93", «15٪», "15%"."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from wasl.invoice.money import minor_units
from wasl.invoice.numerals import grouped, plain_number

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
_BIDI_MARKS = "\u200e\u200f\u061c"


def format_amount(amount: Decimal, currency: str | None, lang: str, *, with_currency: bool = True, digits: str = "latn") -> str:
    """An amount rounded to its currency's minor units, with the sign of the currency after it (ar) or its code before (en)."""
    text = grouped(amount, minor_units(currency), digits=digits)
    if not with_currency or not currency:
        return text
    return f"{text} {currency_sign(currency)}" if lang == "ar" else f"{currency} {text}"


def format_price(price: Decimal, currency: str | None, *, digits: str = "latn") -> str:
    """A unit price (BT-146) keeps its own decimals, and shows at least the currency's."""
    places = minor_units(currency)
    exponent = price.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else places
    return grouped(price, max(places, decimals), digits=digits)


def format_percent(rate: Decimal, lang: str, *, digits: str = "latn") -> str:
    """15 -> "15%" in English, «15٪» in Arabic with either kind of digits; no space before the sign."""
    return f"{plain_number(rate, digits=digits)}{percent_sign(lang)}"


def percent_sign(lang: str) -> str:
    return "٪" if lang == "ar" else "%"


def format_quantity(quantity: Decimal, *, digits: str = "latn") -> str:
    """A quantity without needless zeros, thousands grouped."""
    return plain_number(quantity, digits=digits)


@cache
def currency_sign(currency: str) -> str:
    """The Arabic abbreviation of a currency («ر.س»), from CLDR, without the final point and the marks around it."""
    from babel.numbers import get_currency_symbol  # CLDR data: loaded where amounts are shown, not where they are checked

    sign = get_currency_symbol(currency, locale="ar")
    for mark in _BIDI_MARKS:
        sign = sign.replace(mark, "")
    sign = sign.rstrip(".")
    return currency if sign in ("", "¤") else sign


def isolate(text: str) -> str:
    """Text whose direction must not leak into the sentence around it (numbers with letters, IBAN, e-mail, address)."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
