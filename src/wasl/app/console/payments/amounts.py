"""An amount as somebody types it, in either script's digits, as minor units of its currency."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wasl.app.ui import numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.money import minor_units, to_minor

AMOUNT_MAX = 10**12


def typed_amount(text: str, currency: str, problems: dict[str, str], name: str) -> int | None:
    """Minor units; None for an empty field. What is wrong with it goes into `problems`."""
    try:
        found = numbers.number(text)
    except WaslError as error:
        problems[name] = error.message(current())
        return None
    if found is None:
        return None
    if not 0 < found < AMOUNT_MAX or found != round(found, minor_units(currency)):
        problems[name] = _("Write an amount above zero, with no more decimals than the currency has.")
        return None
    return to_minor(found, currency)
