"""What the composer offers to choose from: tax, units, exemption reasons, customers, items. Tables, no rules: what is
allowed is the profile's business, and the findings say it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from wasl.app.console.compose.form import tax_key
from wasl.app.invoicing.models import Customer, Item
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.invoice import plurals

# Rates in force by country, the standard rate first. A seller elsewhere types its items with their rates in the catalogue.
RATES: dict[str, tuple[str, ...]] = {
    "SA": ("15",), "AE": ("5",), "BH": ("10",), "OM": ("5",), "EG": ("14",), "JO": ("16", "8", "5", "4", "2"),
    "BE": ("21", "12", "6"), "NL": ("21", "9"), "LU": ("17", "14", "8", "3"), "FR": ("20", "10", "5.5", "2.1"), "DE": ("19", "7"),
    "ES": ("21", "10", "4"), "IT": ("22", "10", "5", "4"), "AT": ("20", "13", "10"), "PT": ("23", "13", "6"), "IE": ("23", "13.5", "9", "4.8"),
    "PL": ("23", "8", "5"), "SE": ("25", "12", "6"), "DK": ("25",), "FI": ("25.5", "13.5", "10"), "GB": ("20", "5"), "TR": ("20", "10", "1"),
    "MA": ("20", "14", "10", "7"), "TN": ("19", "13", "7"),
}  # fmt: skip
INTRA_UNION = frozenset(
    [
        "BE",
        "NL",
        "LU",
        "FR",
        "DE",
        "ES",
        "IT",
        "AT",
        "PT",
        "IE",
        "PL",
        "SE",
        "DK",
        "FI",
        "BG",
        "HR",
        "CY",
        "CZ",
        "EE",
        "GR",
        "HU",
        "LV",
        "LT",
        "MT",
        "RO",
        "SK",
        "SI",
    ]
)
UNITS = ("C62", "H87", "HUR", "DAY", "WEE", "MON", "ANN", "KGM", "TNE", "MTR", "MTK", "LTR", "KWH", "KMT", "XPK", "SET", "E48")


def taxes(org: Any) -> list[tuple[str, str]]:
    """Rates of the seller's country, then the reasons to charge none."""
    rates = [(tax_key("S", Decimal(rate)), format.percent(Decimal(rate))) for rate in RATES.get(org.country, ())]
    none = [("Z|0", _("Zero-rated")), ("E|0", _("Exempt")), ("O", _("Out of scope")), ("AE|0", _("Reverse charge")), ("G|0", _("Export"))]
    union = [("K|0", _("Supply within the European Union"))] if org.country in INTRA_UNION else []
    return rates + none + union


def units(used: set[str] = frozenset()) -> list[tuple[str, str]]:  # type: ignore[assignment]
    """The usual units by name, and whatever else the form already uses by its code."""
    known = [(code, plurals.unit_name(code, current())) for code in UNITS if has_name(code)]
    return known + [(code, code) for code in sorted(used - {code for code, _name in known})]


def has_name(code: str) -> bool:
    return plurals.unit_name(code, current()) not in ("", code)


def customers(org: Any) -> list[tuple[str, str]]:
    rows = Customer.objects.for_org(org).filter(archived_at=None).order_by("name")[:1000]
    return [("", _("Choose a customer")), *((str(row.pk), f"{row.name} · {row.city}" if row.city else row.name) for row in rows)]


def items(org: Any) -> list[tuple[str, str]]:
    rows = Item.objects.for_org(org).filter(archived_at=None).order_by("name_ar", "name_en")[:1000]
    lang = current()
    names = ((str(row.pk), (row.name_ar or row.name_en) if lang == "ar" else (row.name_en or row.name_ar)) for row in rows)
    return [("", _("An item from your list")), *names]


def item_row(org: Any, key: str) -> dict[str, str]:
    """A line as the catalogue has it; nothing for an item that is not this organisation's."""
    try:
        row = Item.objects.for_org(org).filter(pk=UUID(key)).first()
    except ValueError:
        row = None
    if row is None:
        return {}
    name = (row.name_ar or row.name_en) if current() == "ar" else (row.name_en or row.name_ar)
    return {
        "name": name, "quantity": "1", "unit": row.unit, "price": f"{row.price.normalize():f}", "note": row.description,
        "tax": tax_key(row.tax_category, row.tax_rate),
    }  # fmt: skip
