"""What every part of the view needs: the document's language, its pen, its currency, and dates and figures written out."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale

from wasl.invoice.dates import OutsideHijri, format_date, format_hijri
from wasl.invoice.display import format_amount, format_percent
from wasl.invoice.money import minor_units
from wasl.invoice.numerals import grouped

from ..labels import Pair, ordered, pair
from ..text import Pen, Prepared

MISSING = "—"
PRICE_PLACES_MAX = 8  # unit prices may be finer than the currency
CODE_RUN = 24  # a copied number must be the number: shorter ones get no invisible characters, but smaller letters
SCALE_MIN = 0.6  # smaller letters would not be read
UNBROKEN = 1_000  # an amount is never broken: its letters get smaller instead
LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"


@dataclass(frozen=True)
class Desk:
    """One document being written: formatting in its language and its seller's country."""

    language: str
    pen: Pen
    currency: str
    country: str | None
    hijri: bool

    @property
    def other(self) -> str:
        return "en" if self.language == "ar" else "ar"

    @property
    def places(self) -> int:
        return minor_units(self.currency) if self.currency else 2

    def label(self, key: str, *values: str) -> list[Any]:
        """A fixed label in both languages, the document's first language first."""
        return self._marked(pair(key, self.language, *values))

    def pair(self, texts: Pair) -> list[Any]:
        """(ar, en) in the document's order, the second marked as the other language."""
        return self._marked(ordered(texts, self.language))

    def _marked(self, texts: list[str]) -> list[Any]:
        return [texts[0], {"s": texts[1], "l": self.other}]

    def amount(self, value: Decimal | None) -> str:
        """A bare amount for a column of figures."""
        return MISSING if value is None else format_amount(value, self.currency, self.language, with_currency=False)

    def money(self, value: Decimal | None, currency: str | None = None) -> Prepared:
        """An amount with its currency, as the document's language writes it; the figures, minus included, stay together."""
        if value is None:
            return MISSING
        currency = currency or self.currency
        figures = format_amount(value, currency, self.language, with_currency=False)
        whole = format_amount(value, currency, self.language).replace(currency, self.code(currency))
        if self.language == "ar":
            whole = whole.replace(figures, f"{LRI}{figures}{PDI}", 1)
        return self.pen(whole, run=UNBROKEN, isolates=True)

    def figure(self, value: Decimal | None, places: int = 0) -> str:
        """A plain number with thousands separators and at least `places` decimals, exact."""
        if value is None:
            return MISSING
        needed = max(places, decimals(value))
        return grouped(value, needed)

    def percent(self, value: Decimal | None) -> str:
        """In Arabic the sign follows the number on its left, also where no Arabic letter stands before it (U+061C)."""
        if value is None:
            return MISSING
        return ("\u061c" if self.language == "ar" else "") + format_percent(value, self.language)

    def date(self, value: date) -> Prepared:
        return self.pen(format_date(value, self.language, country=self.country))

    def dated(self, label: str, value: date) -> dict[str, Any]:
        """A fact of the strip: Gregorian date, Hijri below it where the calendar reaches."""
        hijri: Prepared | None = None
        if self.hijri:
            with suppress(OutsideHijri):
                hijri = self.pen(format_hijri(value, self.language))
        return {"label": self.label(label), "value": self.date(value), "second": hijri}

    def code(self, value: str) -> str:
        """A number or code: breaks early, never turns round."""
        return self.pen.plain(" ".join(value.split()), run=CODE_RUN)

    def fitting(self, value: str, characters: int) -> float:
        """The scale of letters at which the longest unbroken run of `value` takes the room of so many characters."""
        longest = max((len(run) for run in re.split(r"[\s\-]", value)), default=0)
        return round(max(SCALE_MIN, min(1.0, characters / max(longest, 1))), 3)

    def short(self, value: str, characters: int) -> str:
        """Cut for the running head; the whole text stands on the first page."""
        value = " ".join(value.split())
        return value if len(value) <= characters else value[: characters - 1] + "…"

    def territory(self, code: str | None) -> str | None:
        """A country's name in the document's language; an unknown code as it is."""
        if not code:
            return None
        return Locale(self.language).territories.get(code.upper(), code)


def decimals(value: Decimal) -> int:
    """Decimals that say something: 3.50 has one."""
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
