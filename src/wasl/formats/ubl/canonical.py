"""The same invoice in the shape that UBL can hold. Nothing is lost: both changes follow from what EN 16931 says of the terms.

1. BT-147 beside BT-148 is filled in: the schema demands cbc:Amount in an allowance, and BT-147 is BT-148 - BT-146.
2. BT-110 between totals and a VAT breakdown is filled in: the schema demands it there, and it is the sum of BT-117 (BR-CO-14).
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from wasl.invoice.model import Invoice, Line
from wasl.invoice.money import EXACT


def canonical(invoice: Invoice) -> Invoice:
    """The invoice itself where there is nothing to change, as nearly always."""
    changes: dict[str, object] = {}
    if any(_lacks_discount(line) for line in invoice.lines):
        changes["lines"] = tuple(_with_discount(line) if _lacks_discount(line) else line for line in invoice.lines)
    if invoice.tax_breakdown and invoice.totals is not None and invoice.totals.tax_amount is None:
        parts = [each.tax_amount for each in invoice.tax_breakdown]
        known = [each for each in parts if each is not None]
        if len(known) == len(parts):
            changes["totals"] = replace(invoice.totals, tax_amount=_sum(known))
    return replace(invoice, **changes) if changes else invoice


def _sum(parts: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for each in parts:
        total = EXACT.add(total, each)
    return total


def _lacks_discount(line: Line) -> bool:
    price = line.price
    return price is not None and price.gross is not None and price.discount is None and price.net is not None


def _with_discount(line: Line) -> Line:
    price = line.price
    assert price is not None and price.net is not None and price.gross is not None
    return replace(line, price=replace(price, discount=EXACT.subtract(price.gross, price.net)))
