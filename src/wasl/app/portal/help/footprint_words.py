"""The estimate in words: each quantity with its unit, range, formula and source; and what is left out, said plainly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from wasl.app.insight.sustainability import factors
from wasl.app.insight.sustainability.estimate import Footprint
from wasl.app.insight.sustainability.factors import Range, Source
from wasl.app.ui import reader
from wasl.app.ui.i18n import direction
from wasl.invoice.money import round_half_up
from wasl.invoice.numerals import grouped


@dataclass(frozen=True)
class Figure:
    """One quantity. `shown` is for reading, `plain` for a table: low, middle, high, already rounded."""

    key: str
    icon: str
    label: str
    unit: str
    shown: tuple[str, str, str]
    plain: tuple[str, str, str]
    formula: str
    source: str


def figures(footprint: Footprint) -> tuple[Figure, ...]:
    sheet, envelope = f"{factors.SHEET_G:.2f}", str(factors.ENVELOPE_G)
    making, waste, mail = (_list(r) for r in (factors.PAPER_CO2E, factors.WASTE_CO2E, factors.MAIL_CO2E))
    values = {"sheet": sheet, "envelope": envelope, "making": making, "waste": waste, "mail": mail, "water": _list(factors.WATER_L)}
    return (
        _figure("paper", "paper", _("Paper"), _("g"), footprint.paper, 0,
                _("sheets × %(sheet)s g + envelope %(envelope)s g") % values, "paper"),
        _figure("co2e", "leaf", _("Greenhouse gases"), _("g CO₂e"), footprint.co2e, 0,
                _("paper × (making %(making)s + end of life %(waste)s) + mailing %(mail)s g") % values, "paper, paper-high, waste, mail"),
        _figure("water", "water", _("Water"), _("litres"), footprint.water, 1, _("paper × %(water)s litres a gram") % values, "water"),
        _figure("minutes", "clock", _("Time"), _("minutes"), footprint.minutes, 0,
                _("minutes an invoice: %(range)s") % {"range": _list(factors.MINUTES)}, "minutes"),
        _figure("euros", "bank", _("Money"), _("euros"), footprint.euros, 2,
                _("euros an invoice: %(range)s") % {"range": _list(factors.EUROS)}, "money-low, money-high"),
    )  # fmt: skip


def headline(footprint: Footprint) -> str:
    """"About 34 g CO₂e": the likely figure, for the card."""
    return _("about %(amount)s g CO₂e") % {"amount": _shown(footprint.co2e.mid, 0)}


def heads() -> tuple[str, ...]:
    return (_("Quantity spared"), _("Unit"), _("At least"), _("Likely"), _("At most"), _("Formula"), _("Source"))


def sources() -> tuple[tuple[Source, str], ...]:
    """Each source with what was taken from it."""
    said = {
        "paper": _("Making paper: 1.339 kg CO₂e a kg; from recycled fibre in a closed loop 1.044. Low and likely."),
        "paper-high": _("1.52 kg CO₂e a kg. High."),
        "waste": _("Recycled or burnt 0.006 kg CO₂e a kg, low and likely; in a landfill 1.164, high."),
        "mail": _("About 20 g CO₂ a letter. Low takes none: handed over with the goods."),
        "water": _("300 to 2,600 cubic metres a tonne of paper; likely is the midpoint, the study gives a range."),
        "minutes": _("One town's own words: ten minutes an invoice on paper. High; low is none, likely the midpoint. Weak evidence."),
        "money-low": _("Receiving a paper invoice costs 1.18 euros; sending and receiving an electronic one less than 0.20. Low: the difference."),
        "money-high": _("94 million euros a year over 18 million invoices: 5.22 an invoice. High; likely is the midpoint."),
    }
    return tuple((source, said[source.key]) for source in factors.SOURCES)


def studies() -> tuple[tuple[Source, str], ...]:
    """What others found for a whole invoice, to compare."""
    said = {
        "kreuzer": _("100 g CO₂ for an invoice on paper of 2.5 pages, 53 g for a fully electronic one: 47 g spared."),
        "tno": _("20 g CO₂ spared an invoice; and 70 of 100 electronic invoices were printed all the same."),
        "tenhunen": _(
            "63 of 100 parts spared over the whole life of an invoice; most of it is manual work, not paper, and a PDF by e-mail does not get it."
        ),
    }
    return tuple((study, said[study.key]) for study in factors.STUDIES)


def _figure(key: str, icon: str, label: str, unit: str, values: Range, places: int, formula: str, source: str) -> Figure:
    shown = tuple(_shown(each, places) for each in values)
    plain = tuple(str(round_half_up(each, places)) for each in values)
    return Figure(key, icon, label, unit, shown, plain, formula, source)  # type: ignore[arg-type]


def _shown(value: Decimal, places: int) -> str:
    rounded = round_half_up(value, places)
    return ("−" if rounded < 0 else "") + grouped(abs(rounded), digits=reader.digits())


def _list(values: Range) -> str:
    """"0.3 / 1.45 / 2.6": the three factors, low first in the direction in which the page is read."""
    return ("\u2067" if direction() == "rtl" else "\u2066") + " / ".join(f"{each:f}" for each in values) + "\u2069"
