"""Payment terms (BT-20): early-payment discount and late fee, where they are written so that a machine can read them.

The one written form in use is that of the German CIUS, section "BT-20" (XRechnung 3.0; rule BR-DE-18): each on a line of its own,

    #SKONTO#TAGE=14#PROZENT=2.00#                       2 % off where it is paid within 14 days
    #SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=252.94#    the same, of 252.94 only
    #VERZUG#TAGE=30#PROZENT=8.00#                       8 % a year from 30 days on

Days count from the invoice date. Everything else is text for people, kept as it is and never guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from wasl.invoice.model import Invoice
from wasl.invoice.money import EXACT, round_to

DAYS_MAX = 3_650
_LINE = re.compile(r"#(SKONTO|VERZUG)#TAGE=(\d{1,4})#PROZENT=(\d{1,2}\.\d{2})#(?:BASISBETRAG=(-?\d{1,15}\.\d{2})#)?\s*")


@dataclass(frozen=True)
class Discount:
    """So much off where the whole is paid by `until`; amounts in the document's currency."""

    until: date
    percent: Decimal
    amount: Decimal
    pays: Decimal  # what is then to pay

    def applies(self, today: date) -> bool:
        return today <= self.until


@dataclass(frozen=True)
class LateFee:
    """`percent` a year from the day `since` on."""

    since: date
    percent: Decimal


@dataclass(frozen=True)
class PaymentTerms:
    text: str = ""  # what is written for people
    discounts: tuple[Discount, ...] = field(default=())  # the earliest first
    late_fees: tuple[LateFee, ...] = field(default=())


def payment_terms(invoice: Invoice) -> PaymentTerms:
    """What BT-20 of the invoice says. Lines that only look like the written form stay text. Never raises."""
    kept: list[str] = []
    discounts: list[Discount] = []
    late: list[LateFee] = []
    total = (invoice.totals.payable_amount if invoice.totals else None) or Decimal(0)
    for line in (invoice.payment_terms or "").splitlines():
        found = _LINE.fullmatch(line.strip())
        percent = Decimal(found[3]) if found else Decimal(0)
        if found is None or invoice.issue_date is None or int(found[2]) > DAYS_MAX or not 0 < percent < 100:
            kept.append(line)
            continue
        day = invoice.issue_date + timedelta(days=int(found[2]))
        if found[1] == "VERZUG":
            late.append(LateFee(day, percent))
            continue
        off = round_to(EXACT.multiply(Decimal(found[4]) if found[4] else total, percent.scaleb(-2)), invoice.currency)
        if 0 < off < total:
            discounts.append(Discount(day, percent, off, total - off))
        else:
            kept.append(line)
    return PaymentTerms("\n".join(kept).strip(), tuple(sorted(discounts, key=lambda d: d.until)), tuple(sorted(late, key=lambda f: f.since)))
