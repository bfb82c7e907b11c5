"""The ways to pay that a seller takes in one currency, the reader's own first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from wasl.app.errors import Refused
from wasl.app.payments.drivers import registry
from wasl.app.payments.families import FAMILIES, TRANSFER, family_icon, family_name


class WayGone(Refused):
    code = "WASL-PAY-70"
    en = "This way to pay is not offered here any more. Choose another one."
    ar = "لم تعد طريقة الدفع هذه متاحة هنا. اختر طريقة أخرى."


@dataclass(frozen=True)
class Way:
    """One way as a form names it. `driver` is the gateway behind it, "" for the seller's own account."""

    family: str
    driver: str = ""
    is_preferred: bool = False

    @property
    def key(self) -> str:
        return f"{self.family}@{self.driver}" if self.driver else self.family

    @property
    def label(self) -> str:
        return family_name(self.family)

    @property
    def icon(self) -> str:
        return family_icon(self.family)

    @property
    def note(self) -> str:
        return _("Your preference") if self.is_preferred else ""

    @property
    def is_online(self) -> bool:
        return bool(self.driver)


def ways_of(org: Any, currency: str, *, preferred: str = "", takes_transfer: bool = False) -> list[Way]:
    """In the order in which they are shown. A family that two gateways offer is shown once, by the one that stands first."""
    found: dict[str, Way] = {}
    for offer in registry.offered(org, currency):
        for family in offer.families:
            found.setdefault(family, Way(family, offer.driver))
    if takes_transfer:
        found[TRANSFER] = Way(TRANSFER)
    order = {family: at for at, family in enumerate(FAMILIES)}
    ways = sorted(found.values(), key=lambda way: (way.family != preferred, order.get(way.family, len(order))))
    return [replace(way, is_preferred=True) if preferred and way.family == preferred else way for way in ways]


def chosen(ways: list[Way], key: str) -> Way:
    """The way that a form names; raises WayGone for one that is not offered."""
    for way in ways:
        if way.key == key:
            return way
    raise WayGone


def at_once(ways: list[Way]) -> Way | None:
    """Where Pay leads without a further question: the preference, or the only gateway with its whole page; None: choose first."""
    if ways and ways[0].is_preferred:
        return ways[0]
    drivers = {way.driver for way in ways if way.is_online}
    if len(drivers) == 1:
        return Way("", drivers.pop())  # no family: the gateway's page offers all it has
    return ways[0] if len(ways) == 1 else None
