"""What every part of the view needs: the document's language, its pen, its currency, and dates and figures written out."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale

from wasl.invoice.dates import OutsideHijri, format_date, format_hijri
from wasl.invoice.display import currency_sign, format_percent
from wasl.invoice.model import Identifier
from wasl.invoice.money import minor_units
from wasl.invoice.numerals import grouped
from wasl.invoice.terms import by_path

from ..labels import Pair, ordered, pair
from ..text import Pen, Prepared

MISSING = "—"
PRICE_PLACES_MAX = 8  # unit prices may be finer than the currency
CODE_RUN = 24  # a copied number must be the number: shorter ones get no invisible characters, but smaller letters
SCALE_MIN = 0.6  # smaller letters would not be read
UNBROKEN = 1_000  # an amount is never broken: its letters get smaller instead
LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"


@cache
def bt(path: str) -> str:
    """The business term at a place of the model ("lines[].price.net" -> "BT-146"); "" where the core has none."""
    info = by_path().get(path)
    return info.id if info else ""


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

    def amount(self, value: Decimal | None, currency: str | None = None) -> str:
        """A bare amount for a column of figures: the currency's decimals, or all that it was given with."""
        if value is None:
            return MISSING
        places = minor_units(currency) if currency else self.places
        return grouped(value, max(places, decimals(value)))

    def money(self, value: Decimal | None, currency: str | None = None) -> Prepared:
        """An amount with its currency, as the document's language writes it; the figures, minus included, stay together."""
        if value is None:
            return MISSING
        currency = currency or self.currency
        figures = self.amount(value, currency)
        if not currency:
            return self.pen(figures, run=UNBROKEN)
        if self.language == "ar":
            return self.pen(f"{LRI}{figures}{PDI} {self.code(currency_sign(currency))}", run=UNBROKEN, isolates=True)
        return self.pen(f"{self.code(currency)} {figures}", run=UNBROKEN, isolates=True)

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

    def span(self, start: date | None, end: date | None) -> Prepared:
        """A period, the year once where it is one; an open end is shown as one."""
        if not start and not end:
            return MISSING
        first, last = (plain(self.date(d)) if d else "…" for d in (start, end))
        if start and end and start.year == end.year:
            first = first.removesuffix(f" {start.year}")
        return self.pen(f"{first} – {last}")

    def code(self, value: str) -> str:
        """A number or code: breaks early, never turns round."""
        return self.pen.plain(" ".join(value.split()), run=CODE_RUN)

    def joined(self, facts: list[tuple[str, str]]) -> Prepared:
        """Short facts in one line, each kept in its own direction."""
        isolated = [f"{FSI}{self.pen.plain(name)}: {FSI}{self.pen.plain(value)}{PDI}{PDI}" for name, value in facts]
        return self.pen(" · ".join(isolated), run=UNBROKEN, isolates=True)

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
        return _territory(code, self.language) if code else None


@cache
def _territory(code: str, language: str) -> str:
    return Locale(language).territories.get(code.upper(), code)


def plain(text: Prepared) -> str:
    """The text of a prepared text, whichever language it is in."""
    return text if isinstance(text, str) else text["s"]


def scheme(identifier: Identifier | None) -> str | None:
    """An identifier with its scheme in brackets, as it is."""
    if identifier is None:
        return None
    if not identifier.scheme:
        return identifier.value
    version = f" {identifier.scheme_version}" if identifier.scheme_version else ""
    return f"{identifier.value} ({identifier.scheme}{version})"


def decimals(value: Decimal) -> int:
    """Decimals that say something: 3.50 has one."""
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
