"""The estimate, against figures worked out by hand, and what printing takes back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from wasl.app.insight.sustainability import factors
from wasl.app.insight.sustainability.estimate import on_paper, printed, spared, total
from wasl.app.insight.sustainability.factors import Range

D = Decimal


def rounded(values: Range, places: str = "0.01") -> tuple[Decimal, ...]:
    return tuple(each.quantize(D(places)) for each in values)


def test_a_sheet_weighs_what_its_measures_say() -> None:
    """0.210 m x 0.297 m x 80 g/m2, by hand."""
    assert D("4.98960") == factors.SHEET_G


def test_one_page_on_paper_by_hand() -> None:
    """Likely: one sheet and an envelope, 9.9896 g; x (1.339318 + 0.00641) = 13.4433; + 20 mailed = 33.44."""
    found = on_paper(1)

    assert found.sheets == Range(D(1), D(1), D(2))
    assert found.paper == Range(D("4.98960"), D("9.98960"), D("14.97920"))
    assert rounded(found.co2e) == (D("5.24"), D("33.44"), D("60.21"))  # 4.9896 x 1.050728; 14.9792 x 2.68439 + 20
    assert rounded(found.water) == (D("1.50"), D("14.48"), D("38.95"))


def test_two_pages_fit_on_one_sheet_at_best() -> None:
    assert on_paper(2).sheets == Range(D(1), D(2), D(4)) and on_paper(3).sheets == Range(D(2), D(3), D(6))


def test_printing_takes_back_its_paper_but_not_the_post() -> None:
    once = spared(1, prints=1)

    assert printed(1, 1).paper == Range(D("4.98960"), D("4.98960"), D("4.98960"))
    assert once.paper == Range(D(0), D("5.00000"), D("9.98960"))  # least less most, likely less likely, most less least
    assert rounded(once.co2e) == (D("-8.15"), D("26.73"), D("54.97"))
    assert (once.minutes, once.euros) == (factors.MINUTES, factors.EUROS)


@pytest.mark.parametrize("prints", [0, 1, 5])
@pytest.mark.parametrize("pages", [1, 2, 7])
def test_every_range_is_in_order_and_printing_only_lowers(pages: int, prints: int) -> None:
    more, less = spared(pages, prints), spared(pages, prints + 1)

    assert all(part.low <= part.mid <= part.high for part in more.parts)
    assert all(b.mid < a.mid for a, b in zip(more.parts[:4], less.parts[:4], strict=True))


def test_a_year_is_the_sum_of_its_invoices() -> None:
    assert total([(1, 0, 3), (2, 1, 2)]).co2e == spared(1).co2e.times(3) + spared(2, 1).co2e.times(2)
    assert total([]).paper == Range(D(0), D(0), D(0))


def test_a_likely_figure_lies_where_others_found_it() -> None:
    """TNO: 20 g an invoice; Kreuzer and Bernius: 47 g. Ours for one page must not be a boast."""
    assert D(20) <= spared(1).co2e.mid <= D(47)


def test_money_is_computed_from_what_the_sources_say() -> None:
    assert D("1.18") - D("0.20") == factors.EUROS.low
    assert (D(94_000_000) / D(18_000_000)).quantize(D("0.01")) == factors.EUROS.high
    assert (factors.EUROS.low + factors.EUROS.high) / 2 == factors.EUROS.mid and (factors.WATER_L.low + factors.WATER_L.high) / 2 == factors.WATER_L.mid
