"""The arithmetic of the estimate, in Decimal throughout; no database and no words.

    paper   = sheets x 4.99 g + envelope 5 g
    CO2e    = paper x (making + end of life) + mailing
    water   = paper x litres a gram
    spared  = all of that, less what was printed all the same

Low takes both sides of a sheet and an invoice handed over without envelope or mail; middle and high are mailed, high with
a second copy for the seller's own file. Printing takes back paper, CO2e and water, never the minutes and the money.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from wasl.app.insight.sustainability.factors import (
    ENVELOPE_G,
    EUROS,
    MAIL_CO2E,
    MINUTES,
    NONE,
    PAPER_CO2E,
    SHEET_G,
    WASTE_CO2E,
    WATER_L,
    Range,
)

PAGES_MAX = 10_000


@dataclass(frozen=True)
class Footprint:
    """Sheets, grams of paper, grams of CO2e, litres, minutes and euros."""

    sheets: Range
    paper: Range
    co2e: Range
    water: Range
    minutes: Range
    euros: Range

    def __add__(self, other: Footprint) -> Footprint:
        return Footprint(*(a + b for a, b in zip(self.parts, other.parts, strict=True)))

    def times(self, count: int) -> Footprint:
        return Footprint(*(each.times(count) for each in self.parts))

    @property
    def parts(self) -> tuple[Range, ...]:
        return (self.sheets, self.paper, self.co2e, self.water, self.minutes, self.euros)


EMPTY = Footprint(NONE, NONE, NONE, NONE, NONE, NONE)


def on_paper(pages: int) -> Footprint:
    """What one invoice of that many pages takes when it goes on paper."""
    sheets = Range(Decimal(-(-pages // 2)), Decimal(pages), Decimal(2 * pages))
    paper = sheets.times(SHEET_G) + Range(Decimal(0), ENVELOPE_G, ENVELOPE_G)
    return Footprint(sheets, paper, paper.by(PAPER_CO2E + WASTE_CO2E) + MAIL_CO2E, paper.by(WATER_L), MINUTES, EUROS)


def printed(pages: int, prints: int) -> Footprint:
    """What printing it takes: one side or both, no envelope, no mail, no copy."""
    sheets = Range(Decimal(-(-pages // 2)), Decimal(pages), Decimal(pages)).times(prints)
    paper = sheets.times(SHEET_G)
    return Footprint(sheets, paper, paper.by(PAPER_CO2E + WASTE_CO2E), paper.by(WATER_L), NONE, NONE)


def spared(pages: int, prints: int = 0) -> Footprint:
    """What one invoice spared. Below nothing where more was printed than paper would have taken: that is said, not hidden."""
    whole, back = on_paper(pages), printed(pages, prints)
    return Footprint(*(a.less(b) for a, b in zip(whole.parts, back.parts, strict=True)))


def total(invoices: Iterable[tuple[int, int, int]]) -> Footprint:
    """The sum over (pages, prints, how many such invoices)."""
    made = EMPTY
    for pages, prints, count in invoices:
        made += spared(pages, prints).times(count)
    return made
