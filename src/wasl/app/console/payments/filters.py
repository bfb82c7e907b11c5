"""What a person narrows the payments by: state, way, gateway, days, words; read from the address, and said in SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wasl.app.payments.families import FAMILIES
from wasl.app.payments.models import Receipt
from wasl.app.ui import numbers
from wasl.errors import WaslError
from wasl.invoice.codes import CURRENCIES
from wasl.invoice.money import minor_units, to_minor
from wasl.invoice.numerals import ascii_digits

TEXT_MAX = 100
AMOUNT_MAX = 10**12
STATES = (
    "received", "pending", "failed", "cancelled", "refunded", "partly_refunded", "disputed", "lost", "unmatched", "mismatch", "undone",
)  # fmt: skip
GROUPS = {  # what the chips choose
    "all": STATES, "received": ("received", "partly_refunded"), "pending": ("pending",), "failed": ("failed", "cancelled"),
    "refunded": ("refunded", "partly_refunded"), "disputed": ("disputed", "lost"), "unmatched": ("unmatched", "mismatch"),
}  # fmt: skip
CREDIT, CASH, CHEQUE = "credit", Receipt.CASH, Receipt.CHEQUE
METHODS = (*FAMILIES, CASH, CHEQUE, CREDIT)
THREE = sorted(code for code in CURRENCIES if minor_units(code) == 3)
NONE = sorted(code for code in CURRENCIES if minor_units(code) == 0)
_CURSOR = re.compile(r"(\d{1,17})-([0-9a-f]{32})")


@dataclass(frozen=True)
class Cursor:
    """A row's place in the list: (moment, id)."""

    at: datetime
    id: UUID

    @property
    def text(self) -> str:
        return f"{(self.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)}-{self.id.hex}"


def cursor(text: str) -> Cursor | None:
    """The place that the address names; None for anything else."""
    found = _CURSOR.fullmatch(text)
    try:
        return Cursor(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(found[1])), UUID(found[2])) if found else None
    except OverflowError:
        return None


@dataclass(frozen=True)
class Wanted:
    """The filters of one request. Days are the seller's own; `customers` are those whose names hold the text."""

    show: str = "all"
    method: str = ""
    driver: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    customers: tuple[UUID, ...] = ()
    zone: str = "UTC"
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.method or self.driver or self.since or self.until or self.text) or self.show != "all"

    def values(self, org_id: UUID) -> dict[str, Any]:
        """What the statements need."""
        text = ascii_digits(self.text)
        like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        zone = ZoneInfo(self.zone)
        return {
            "org": org_id, "states": list(GROUPS[self.show]), "method": self.method, "driver": self.driver, "text": text, "like": like,
            "customers": list(self.customers), "three": THREE, "none": NONE, **self._amounts(),
            "since": datetime.combine(self.since, time(), zone) if self.since else None,
            "until": datetime.combine(self.until + timedelta(days=1), time(), zone) if self.until else None,
        }  # fmt: skip

    def _amounts(self) -> dict[str, int | None]:
        """What was typed as an amount, in minor units of currencies with two, three and no decimals."""
        try:
            found = numbers.number(self.text) if self.text else None
        except WaslError:
            found = None
        if found is None or not 0 < found < AMOUNT_MAX:
            return {"in_two": None, "in_three": None, "in_none": None}
        return {
            name: to_minor(found, code) if found == round(found, minor_units(code)) else None
            for name, code in (("in_two", "SAR"), ("in_three", "KWD"), ("in_none", "JPY"))
        }


def wanted(request: Any, *, drivers: Mapping[str, str]) -> Wanted:
    """The filters that the address names; what is no filter of ours is as if it were not there."""
    from wasl.app.console.customers import found_customers

    given = request.GET
    text = " ".join(given.get("q", "").replace("\x00", "").split())[:TEXT_MAX]
    problems: dict[str, str] = {}
    since, until = _day(given.get("since", ""), "since", problems), _day(given.get("until", ""), "until", problems)
    return Wanted(
        show=_one_of(given.get("show", ""), GROUPS, "all"), method=_one_of(given.get("method", ""), METHODS, ""),
        driver=_one_of(given.get("gateway", ""), drivers, ""), since=since, until=until, text=text,
        customers=tuple(found_customers(request.org, text).values_list("pk", flat=True)[:200]) if text else (), zone=request.org.time_zone,
        problems=problems,
    )  # fmt: skip


def _one_of(text: str, known: Any, otherwise: str) -> str:
    return text if text in known else otherwise


def _day(text: str, name: str, problems: dict[str, str]) -> date | None:
    from wasl.app.ui.i18n import current

    try:
        found = numbers.day(text)
    except WaslError as error:
        problems[name] = error.message(current())
        return None
    return found if found is None or 1900 < found.year < 9000 else None
