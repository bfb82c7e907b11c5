"""Early-payment discount and late fee in words: before they apply, and only as the document's own terms say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app.ui import macros
from wasl.invoice.payment_terms import PaymentTerms


@dataclass(frozen=True)
class Offer:
    text: Markup
    kind: str  # "discount" | "late"


def offers(terms: PaymentTerms, *, currency: str, country: str | None, today: date, total: Decimal, is_untouched: bool) -> tuple[Offer, ...]:
    """What still can happen. A discount is of the whole, so it is not offered once something was paid or credited."""
    found: list[Offer] = []
    for discount in terms.discounts if is_untouched else ():
        if discount.applies(today):
            values = {
                "date": macros.full_day(discount.until, country), "rate": macros.percent(discount.percent),
                "pays": macros.money(discount.pays, currency), "total": macros.money(total, currency),
            }  # fmt: skip
            found.append(Offer(Markup(_("Paid by %(date)s, the terms take %(rate)s off: %(pays)s instead of %(total)s.")) % values, "discount"))  # noqa: S704
    for fee in terms.late_fees:
        values = {"date": macros.full_day(fee.since, country), "rate": macros.percent(fee.percent)}
        sentence = (
            _("After %(date)s, the terms add %(rate)s a year to what is unpaid.")
            if today <= fee.since
            else _("Since %(date)s, the terms add %(rate)s a year to what is unpaid.")
        )
        found.append(Offer(Markup(sentence) % values, "late"))  # noqa: S704
    return tuple(found)
