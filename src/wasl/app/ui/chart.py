"""Charts as plain SVG made here: bars (stacked where there are several series) or lines, and the table that says the same.

Geometry is counted in whole thousandths of the picture; amounts stay Decimal and are shown by the caller's own format. The
picture itself runs left to right and is turned over by the style sheet on right-to-left pages, as its labels turn by
themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

WHOLE = 1000  # thousandths across and up
BAR_SHARE = 620  # thousandths of its column that a bar fills
STEPS = 4  # lines above the ground line
SERIES_MAX = 4  # as many colours as can be told apart
Show = Callable[[Decimal], str]
_NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(4), Decimal(5), Decimal(8), Decimal(10))


@dataclass(frozen=True)
class Series:
    """One row of values, in the order of the labels; its name stands in the legend and in the table."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    series: int
    told: str


@dataclass(frozen=True)
class Chart:
    """What the macro draws. `ticks` are shown from the top down to 0; `rows` are the table's."""

    kind: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    ticks: tuple[str, ...]
    bars: tuple[Bar, ...]
    lines: tuple[tuple[tuple[int, int], ...], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_empty(self) -> bool:
        return not any(value for each in self.series for value in each.values)


def bars(title: str, labels: Sequence[str], series: Sequence[Series], *, show: Show, tick: Show | None = None) -> Chart:
    """Columns, one a label; several series stand on each other. `show` words a value, `tick` the scale beside it where it is
    to be shorter. Values are 0 or more; ValueError otherwise."""
    _check(labels, series)
    top = _top(max(sum((each.values[n] for each in series), Decimal(0)) for n in range(len(labels))))
    found = []
    for n, label in enumerate(labels):
        floor = 0
        column = (n * WHOLE // len(labels), (n + 1) * WHOLE // len(labels))
        width = (column[1] - column[0]) * BAR_SHARE // 1000
        for at, each in enumerate(series):
            height = _share(each.values[n], top)
            told = f"{label}: {show(each.values[n])}" if len(series) == 1 else f"{label}, {each.name}: {show(each.values[n])}"
            if height:
                found.append(Bar(column[0] + (column[1] - column[0] - width) // 2, WHOLE - floor - height, width, height, at + 1, told))
            floor += height
    return Chart("bars", title, tuple(labels), tuple(series), _ticks(top, tick or show), tuple(found), (), _rows(labels, series, show))


def line(title: str, labels: Sequence[str], series: Sequence[Series], *, show: Show, tick: Show | None = None) -> Chart:
    """Points joined in the order of the labels, each in the middle of its column. Values are 0 or more; ValueError otherwise."""
    _check(labels, series)
    top = _top(max((value for each in series for value in each.values), default=Decimal(0)))
    middles = [(2 * n + 1) * WHOLE // (2 * len(labels)) for n in range(len(labels))]
    found = tuple(tuple((x, WHOLE - _share(value, top)) for x, value in zip(middles, each.values, strict=True)) for each in series)
    return Chart("line", title, tuple(labels), tuple(series), _ticks(top, tick or show), (), found, _rows(labels, series, show))


def _check(labels: Sequence[str], series: Sequence[Series]) -> None:
    if not 1 <= len(series) <= SERIES_MAX or not labels or any(len(each.values) != len(labels) for each in series):
        raise ValueError(f"a chart has 1 to {SERIES_MAX} series, each with one value a label")
    if any(value < 0 for each in series for value in each.values):
        raise ValueError("a chart shows no values below 0")


def _top(highest: Decimal) -> Decimal:
    """The value of the uppermost line: the next round number whose quarters are round too."""
    if highest <= 0:
        return Decimal(STEPS)
    scale = Decimal(10) ** highest.adjusted()
    return next(nice for factor in _NICE if (nice := factor * scale) >= highest)


def _share(value: Decimal, top: Decimal) -> int:
    """Thousandths of the height; what is more than nothing is seen."""
    return int((value / top * WHOLE).to_integral_value(ROUND_CEILING))


def _ticks(top: Decimal, show: Show) -> tuple[str, ...]:
    return tuple(show(top * n / STEPS) for n in range(STEPS, -1, -1))


def _rows(labels: Sequence[str], series: Sequence[Series], show: Show) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((label, tuple(show(each.values[n]) for each in series)) for n, label in enumerate(labels))
