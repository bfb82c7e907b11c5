"""Days on which nobody should be written to: week-ends and public holidays by country, from the `holidays` package."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

_WEEKEND = frozenset({5, 6})  # Saturday and Sunday, where the country is not known


@lru_cache(maxsize=512)
def _year(country: str, year: int) -> tuple[frozenset[date], frozenset[int]]:
    try:
        found = holidays.country_holidays(country, years=year, expand=False)
    except NotImplementedError:  # the package knows no such country: only its week-end can be guessed
        return frozenset(), _WEEKEND
    return frozenset(day for day in found if day.year == year), frozenset(found.weekend)


def is_weekend(day: date, country: str) -> bool:
    """Friday and Saturday in most of the Gulf and the Levant, Saturday and Sunday elsewhere: as the country has it in that year."""
    return day.weekday() in _year(country, day.year)[1]


def is_holiday(day: date, country: str) -> bool:
    """A public holiday of the country. Days that hang on the moon are the package's estimates until they are announced."""
    return day in _year(country, day.year)[0]
