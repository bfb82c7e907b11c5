"""What a reader asks of the list: read from the address, checked, written back in one form. Nothing here touches the database.

Every filter is in the address, so a filtered list can be bookmarked, kept as a view and exported as it is shown. What cannot
be understood is left out rather than refused: an old bookmark still opens the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from wasl.app.ui import numbers
from wasl.errors import WaslError

STATES = ("", "open", "overdue", "soon", "paid", "credited", "closed", "notes", "question", "starred", "archived")
SORTS = ("", "newest", "oldest", "largest", "smallest")  # "": what is due first
AMOUNT_MAX = Decimal(10) ** 12


@dataclass(frozen=True)
class Filters:
    """Each field is one parameter of the address; empty means "any"."""

    state: str = ""
    seller: UUID | None = None
    currency: str = ""
    since: date | None = None  # issue date, both included
    until: date | None = None
    low: Decimal | None = None  # total of the document, in the currency's own units
    high: Decimal | None = None
    sort: str = ""

    @property
    def is_plain(self) -> bool:
        """The whole inbox in its own order."""
        return self == Filters()

    @property
    def is_narrow(self) -> bool:
        """More than a state was asked for: the panel is open then, and the matches are counted."""
        return replace(self, state="", sort="") != Filters()

    def query(self, **changes: Any) -> str:
        """The address's parameters, "" where there are none: always in the same order, so that equal filters are equal texts."""
        changed = replace(self, **changes)
        values = {field.name: getattr(changed, field.name) for field in fields(self)}
        return urlencode({name: _text(value) for name, value in values.items() if value not in ("", None)})


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def read(given: Mapping[str, str]) -> Filters:
    """The filters of an address or of a kept view. Two ends the wrong way round are turned."""
    since, until = _try(numbers.day, given.get("since")), _try(numbers.day, given.get("until"))
    low, high = _try(_amount, given.get("low")), _try(_amount, given.get("high"))
    if since and until and since > until:
        since, until = until, since
    if low is not None and high is not None and low > high:
        low, high = high, low
    currency = given.get("currency", "").strip().upper()
    return Filters(
        state=_one_of(STATES, given.get("state")), seller=_try(UUID, given.get("seller")),
        currency=currency if len(currency) == 3 and currency.isascii() and currency.isalpha() else "",
        since=since, until=until, low=low, high=high, sort=_one_of(SORTS, given.get("sort")),
    )  # fmt: skip


def _amount(text: str) -> Decimal | None:
    found = numbers.number(text)
    return None if found is None else max(min(found, AMOUNT_MAX), Decimal(0))


def _one_of(known: tuple[str, ...], given: str | None) -> str:
    return given if given in known else ""


def _try(parse: Any, text: str | None) -> Any:
    if not text or len(text) > 60:
        return None
    try:
        return parse(text)
    except (ValueError, WaslError):
        return None
