"""The factors of the estimate, each as low, middle and high with its source. Nothing here is ours but the geometry of a sheet.

Where a source gives a range and no middle, the middle is the midpoint, and the page says so. The electricity of servers
and screens is not subtracted: no source at hand gives a factor for it, and inventing one would be worse than saying so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

D = Decimal


class Range(NamedTuple):
    """An estimate: at least, likely, at most. In the unit of whatever it belongs to."""

    low: Decimal
    mid: Decimal
    high: Decimal

    def __add__(self, other: Range) -> Range:  # type: ignore[override]
        return Range(*(a + b for a, b in zip(self, other, strict=True)))

    def times(self, count: int | Decimal) -> Range:
        return Range(*(each * count for each in self))

    def by(self, other: Range) -> Range:
        return Range(*(a * b for a, b in zip(self, other, strict=True)))

    def less(self, other: Range) -> Range:
        """What is left for sure, likely and at best: the most is taken from the least."""
        return Range(self.low - other.high, self.mid - other.mid, self.high - other.low)


NONE = Range(D(0), D(0), D(0))
SHEET_G = D("0.210") * D("0.297") * D(80)  # ISO 216 A4 of 80 g/m2: 4.98960 g
ENVELOPE_G = D(5)

PAPER_CO2E = Range(D("1.044318"), D("1.339318"), D("1.52"))  # kg a kg, so g a g
WASTE_CO2E = Range(D("0.00641"), D("0.00641"), D("1.16439"))  # g a g: recycled, recycled, landfill
MAIL_CO2E = Range(D(0), D(20), D(20))  # g a letter: handed over with the goods, mailed, mailed
WATER_L = Range(D("0.3"), D("1.45"), D("2.6"))  # litres a g of paper: 300 to 2,600 m3 a tonne
MINUTES = Range(D(0), D(5), D(10))
EUROS = Range(D("0.98"), D("3.10"), D("5.22"))


@dataclass(frozen=True)
class Source:
    """Who said it and when; `year` is empty where the source gives none."""

    key: str
    title: str
    year: str


SOURCES = (
    Source("paper", "UK Government GHG conversion factors for company reporting, Material use: Paper and board", "2024"),
    Source("paper-high", "EPA Victoria, publication 1374.1: recycled office paper, made in the country", "2013"),
    Source("waste", "UK Government GHG conversion factors, Waste disposal: Paper and board", "2024"),
    Source("mail", "Pitney Bowes, The environmental impact of mail (paid for by the mailing industry)", "2008"),
    Source("water", "van Oel and Hoekstra, Water Resources Management 26:733-749", "2012"),
    Source("minutes", "E-invoicing seen from the users' perspective: statement of the Municipality of Gentofte, Denmark", ""),
    Source("money-low", "Digital Consortium of the European Union, as cited by Grupo Euclides", ""),
    Source("money-high", "European Commission, Joinup: Electronic invoicing to the public sector in Denmark", "2007"),
)
STUDIES = (
    Source("kreuzer", "Kreuzer and Bernius, Goethe University Frankfurt, as cited by io-market", ""),
    Source("tno", "TNO report 35175, Netherlands", "2010"),
    Source("tenhunen", "Tenhunen and Penttinen, ACIS, paper 95", "2010"),
)
