"""Countries: one folder a law. Nothing outside this package may compare with, or branch on, a country code.

The rest of the product asks `regime(code)` for what a law adds: its profile of the official rules, its own checks, the
content of its tax QR. `regime_of(country)` is the one place where a seller's country becomes a law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from wasl.errors import WaslError

if TYPE_CHECKING:
    from wasl.invoice.model import Invoice
    from wasl.regimes.checks import CheckFinding
    from wasl.rules.profiles import Profile

__all__ = ["REGIMES", "OwnRule", "Regime", "UnknownRegime", "regime", "regime_of"]

# Folders of this package; ISO 3166-1 code of the country to the folder.
REGIMES = ("jo", "sa")
_COUNTRIES = {"JO": "jo", "SA": "sa"}


class UnknownRegime(WaslError):
    """A country's law that Wasl does not know."""

    code = "WASL-REGIME-01"
    en = "There is no regime {code!r}. Choose one of: {known}."
    ar = "لا يوجد نظام بالرمز {code}. اختر مما يأتي: {known}."
    exit_code = 2


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule that Wasl checks for a law, besides the official sheet; `source` is where the law says so."""

    id: str
    term: str
    en: str
    ar: str
    source: str


@dataclass(frozen=True, slots=True)
class Regime:
    """What one law adds to the core. `qr` gives the tags of its tax QR, or is None where the law wants none."""

    code: str
    name_en: str
    name_ar: str
    currency: str
    profile: Profile
    checks: Callable[[Invoice], list[CheckFinding]]
    own_rules: tuple[OwnRule, ...]
    qr: Callable[[Invoice, datetime], list[tuple[int, bytes]]] | None = None


@cache
def regime(code: str) -> Regime:
    """The regime of a folder code ("sa"); raises UnknownRegime."""
    if code not in REGIMES:
        raise UnknownRegime(code=code, known=", ".join(REGIMES))
    found = import_module(f"wasl.regimes.{code}.regime").REGIME
    assert isinstance(found, Regime)
    return found


def regime_of(country: str | None) -> Regime | None:
    """The regime of a seller's country (BT-40); None where only the core rules apply."""
    code = _COUNTRIES.get(country or "")
    return regime(code) if code else None
