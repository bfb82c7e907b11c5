"""The same invoice in the shape that CII can hold. Nothing is lost: each of the three changes can be told from the rest.

1. Identifiers without a scheme come first: the schema has ram:ID before ram:GlobalID, and a GlobalID without a scheme is refused.
   The order of BT-29 and BT-46 says nothing.
2. BT-6 that repeats BT-5 goes: BR-53 of the CII sheet demands a second total for it, which CII could not tell from the first.
3. BT-148 beside BT-147 is filled in: the schema demands it, and EN 16931 says what it is, BT-146 + BT-147.
"""

from __future__ import annotations

from msgspec.structs import replace

from wasl.invoice.model import Invoice, Line, Party
from wasl.invoice.money import EXACT


def canonical(invoice: Invoice) -> Invoice:
    """The invoice itself where there is nothing to change, as nearly always."""
    invoice = in_order(invoice)
    changes: dict[str, object] = {}
    if invoice.tax_currency is not None and invoice.tax_currency == invoice.currency:
        changes["tax_currency"] = None
    if any(_lacks_gross(line) for line in invoice.lines):
        changes["lines"] = tuple(_with_gross(line) if _lacks_gross(line) else line for line in invoice.lines)
    return replace(invoice, **changes) if changes else invoice


def in_order(invoice: Invoice) -> Invoice:
    """The first change alone; nobody needs to be told of it."""
    seller, buyer = _ordered(invoice.seller), _ordered(invoice.buyer)
    return invoice if seller is invoice.seller and buyer is invoice.buyer else replace(invoice, seller=seller, buyer=buyer)


def _ordered(party: Party | None) -> Party | None:
    if party is None or len(party.identifiers) < 2:
        return party
    ordered = tuple(sorted(party.identifiers, key=lambda each: each.scheme is not None))
    return party if ordered == party.identifiers else replace(party, identifiers=ordered)


def _lacks_gross(line: Line) -> bool:
    price = line.price
    return price is not None and price.discount is not None and price.gross is None and price.net is not None


def _with_gross(line: Line) -> Line:
    price = line.price
    assert price is not None and price.net is not None and price.discount is not None
    return replace(line, price=replace(price, gross=EXACT.add(price.net, price.discount)))
