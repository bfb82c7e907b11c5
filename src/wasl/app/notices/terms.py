"""What an invoice's own terms of payment (BT-20) promise or threaten, and nothing else: a discount for early payment, a late fee.

Read where the terms say it in the structured lines that XRechnung defines for BT-20 (`#SKONTO#TAGE=14#PROZENT=2.00#`,
`#VERZUG#TAGE=7#PROZENT=1.00#`). Free text is shown as it stands, and nothing is computed from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from wasl.invoice.model import Invoice
from wasl.invoice.money import round_to

_LINE = re.compile(r"#(SKONTO|VERZUG)#TAGE=(\d{1,3})#PROZENT=(\d{1,3}(?:\.\d{1,4})?)#(?:BASISBETRAG=(-?\d{1,15}(?:\.\d{1,4})?)#)?")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Discount:
    """`amount` less, if all of it is paid on `until` at the latest."""

    percent: Decimal
    amount: Decimal
    until: date


@dataclass(frozen=True, slots=True)
class LateFee:
    """`percent` more from `since` on."""

    percent: Decimal
    amount: Decimal
    since: date


@dataclass(frozen=True, slots=True)
class Terms:
    """`discounts` from the nearest end; `text` is what stands in BT-20 besides."""

    discounts: tuple[Discount, ...] = ()
    fees: tuple[LateFee, ...] = ()
    text: str = ""

    def discount_on(self, day: date) -> Discount | None:
        """The one that can still be had on `day`, the best of several."""
        return max((each for each in self.discounts if each.until >= day), key=lambda each: each.percent, default=None)

    def next_fee(self, day: date) -> LateFee | None:
        """The one that begins next after `day`: said before it applies."""
        return min((each for each in self.fees if each.since > day), key=lambda each: each.since, default=None)

    def fee_on(self, day: date) -> LateFee | None:
        """The one that applies on `day`."""
        return max((each for each in self.fees if each.since <= day), key=lambda each: each.since, default=None)


def terms_of(invoice: Invoice, due: date | None) -> Terms:
    """The terms of an issued document; a fee counts from `due`, the date that holds now."""
    text = invoice.payment_terms or ""
    total = (invoice.totals.payable_amount if invoice.totals else None) or Decimal(0)
    discounts: list[Discount] = []
    fees: list[LateFee] = []
    for kind, days, percent, base in _LINE.findall(text):
        rate = Decimal(percent)
        amount = round_to((Decimal(base) if base else total) * rate / HUNDRED, invoice.currency)
        if not 0 < rate <= HUNDRED or amount <= 0:
            continue
        if kind == "SKONTO" and invoice.issue_date is not None:
            discounts.append(Discount(rate, amount, invoice.issue_date + timedelta(days=int(days))))
        elif kind == "VERZUG" and due is not None:
            fees.append(LateFee(rate, amount, due + timedelta(days=int(days) + 1)))
    plain = " ".join(_LINE.sub(" ", text).split())
    return Terms(tuple(sorted(discounts, key=lambda each: each.until)), tuple(fees), plain)
