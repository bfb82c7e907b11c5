"""Money in one currency that counts in another: the rate is kept with the payment, and both sides pass through `fx_difference`.

    in the paid currency      unmatched +, fx_difference -
    in the invoice's          fx_difference +, receivable -

What rounding or an agreed rate leaves between both stays in that account.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.journal import EXCHANGE, UNMATCHED, JLine, balance, post
from wasl.app.payments.models import Conversion, JournalEntry, Receipt
from wasl.invoice.money import minor_units, round_half_up


class RateMissing(Refused):
    code = "WASL-PAY-34"
    en = "An exchange rate is above zero, with at most ten decimals."
    ar = "سعر الصرف أكبر من صفر، وبعشر خانات عشرية على الأكثر."


@dataclass(frozen=True)
class Rate:
    """How much of the invoice's currency one unit of the paid currency is, and who says so."""

    value: Decimal
    source: str = ""


def converted(amount: int, paid: str, counted: str, rate: Decimal) -> int:
    """Minor units of `counted` for `amount` minor units of `paid`."""
    exact = Decimal(amount).scaleb(-minor_units(paid)) * rate
    return int(round_half_up(exact.scaleb(minor_units(counted)), 0))


def convert(receipt: Receipt, invoice: Any, amount: int, rate: Rate) -> int:
    """Book the exchange of `amount` of a receipt for one invoice; what of the invoice's currency it comes to. Raises RateMissing.

    What lies nearer to the open amount than the smallest coin of the paid currency settles it: nobody can pay more exactly.
    """
    if not rate.value.is_finite() or rate.value <= 0 or rate.value != round(rate.value, 10):
        raise RateMissing
    counted = converted(amount, receipt.currency, invoice.currency, rate.value)
    owed = balance(invoice.organisation_id, invoice)
    if abs(owed - counted) <= converted(1, receipt.currency, invoice.currency, rate.value):
        counted = owed
    if counted <= 0:
        raise RateMissing
    now = clock.now()
    data = {"receipt": str(receipt.pk), "rate": str(rate.value), "counted": counted, "counted_currency": invoice.currency}
    event = record("converted", org=receipt.organisation_id, at=now, amount=amount, currency=receipt.currency, data=data)
    post(event, JournalEntry.EXCHANGE, [JLine(UNMATCHED, amount), JLine(EXCHANGE, -amount)], currency=receipt.currency, receipt=receipt)
    Conversion.objects.create(
        id=event.id, organisation_id=receipt.organisation_id, invoice_id=invoice.pk, receipt=receipt, paid_amount=amount,
        paid_currency=receipt.currency, counted_amount=counted, counted_currency=invoice.currency, rate=rate.value, source=rate.source[:60], at=now,
    )  # fmt: skip
    return counted
