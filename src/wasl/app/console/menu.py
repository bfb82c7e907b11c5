"""The console's menu: five groups in one row; the parts of the group that one is in stand in a second row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app.tenancy.models import Membership


@dataclass(frozen=True)
class Entry:
    """One link. `is_here`: this is the page's own part; `is_around`: the page lies somewhere in it."""

    label: str
    href: str
    icon: str = ""
    count: str = ""
    is_here: bool = False
    is_around: bool = False


@dataclass(frozen=True)
class Menu:
    groups: list[Entry]
    parts: list[Entry]  # of the group one is in; none where it has one part only
    name: str = ""  # of that group


def menu(org: Any, role: str, place: str, counts: dict[str, str]) -> Menu:
    """The menu of the page `place` for somebody with `role`; `counts` as the bar shows them, by part."""
    groups: list[Entry] = []
    parts: list[Entry] = []
    name = ""
    for label, sign, items in _groups(role):
        places = [key for key, _label, _route in items]
        inside = place in places
        made = [Entry(text, reverse(route, args=[org.slug]), count=counts.get(key, ""), is_here=key == place) for key, text, route in items]
        count = next((each.count for each in made if each.count), "")
        groups.append(Entry(label, made[0].href, sign, "" if inside and len(made) > 1 else count, inside and len(made) == 1, inside))
        if inside and len(made) > 1:
            parts, name = made, label
    return Menu(groups, parts, name)


def _groups(role: str) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """(label, icon, [(place, label, route)])"""
    money = [
        ("payments", _("All payments"), "console-payments"),
        ("unmatched", _("Unmatched money"), "console-unmatched"),
        ("refunds", _("Refunds"), "console-refunds"),
        ("payouts", _("Payouts"), "console-payouts"),
        ("close", _("Daily close"), "console-close"),
        ("bank", _("Bank"), "console-bank"),
    ]
    if role == Membership.OWNER:
        money.append(("gateways", _("Payment gateways"), "console-gateways"))
    return [
        (_("Invoices"), "invoice", [
            ("invoices", _("All invoices"), "console-invoices"), ("drafts", _("Drafts"), "console-drafts"), ("items", _("Items"), "console-items"),
        ]),
        (pgettext("menu", "Payments"), "wallet", money),
        (_("Customers"), "people", [
            ("customers", _("All customers"), "console-customers"), ("ageing", _("Who owes what"), "console-ageing"),
            ("reminders", _("Reminders"), "console-reminders"),
        ]),
        (_("Questions"), "chat", [("questions", _("Questions"), "console-questions")]),
        (_("Needs attention"), "attention", [("attention", _("Needs attention"), "console-attention")]),
    ]  # fmt: skip
