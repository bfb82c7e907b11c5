"""The one calculator: line amounts, document totals (BG-22) and VAT breakdown (BG-23) of EN 16931-1, clause 6.4.

Only what follows from the rest is computed; what a person decides is kept: an allowance or charge amount that is
given, the prepaid (BT-113) and rounding (BT-114) amounts, exemption reasons. Tax is rounded once per category and
rate, never per line (BR-CO-17). The function is total: an incomplete draft gives the totals of what is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec.structs import replace

from wasl.invoice.model import AllowanceCharge, DocumentTotals, Invoice, Line, Price, TaxSubtotal
from wasl.invoice.money import exactly, minor_units, round_half_up

ZERO = Decimal(0)
HUNDRED = Decimal(100)

# Categories whose rate is 0 where a line leaves it out (BR-Z-05 and its sisters).
ZERO_RATED = frozenset({"Z", "E", "AE", "K", "G"})
# "Not subject to VAT" shows no rate at all (BR-O-05).
WITHOUT_RATE = "O"

_Key = tuple[str, Decimal | None]


def totals(invoice: Invoice, *, accounting_rate: Decimal | None = None) -> Invoice:
    """The invoice with every derived amount filled in, rounded half up to the currency's minor units.

    `accounting_rate` is the price of one unit of BT-5 in BT-6; with it BT-111 is computed, without it BT-111 is kept.
    Idempotent: totals(totals(x)) == totals(x). Never raises on incomplete input.
    """
    places = minor_units(invoice.currency)
    with exactly():
        lines = tuple(_line(line, places) for line in invoice.lines)
        line_sum = sum((line.net_amount for line in lines if line.net_amount is not None), ZERO)
        allowances = tuple(_allowance_charge(each, line_sum, places) for each in invoice.allowances)
        charges = tuple(_allowance_charge(each, line_sum, places) for each in invoice.charges)
        breakdown = _breakdown(lines, allowances, charges, invoice.tax_breakdown, places)
        document = _document(invoice, line_sum, allowances, charges, breakdown, places, accounting_rate)
    return replace(invoice, lines=lines, allowances=allowances, charges=charges, tax_breakdown=breakdown, totals=document)


def _line(line: Line, places: int) -> Line:
    price = _price(line.price)
    gross = _line_gross(line, price)
    if gross is None:
        return line if price is line.price else replace(line, price=price)
    allowances = tuple(_allowance_charge(each, gross, places) for each in line.allowances)
    charges = tuple(_allowance_charge(each, gross, places) for each in line.charges)
    net = round_half_up(gross - _amounts(allowances) + _amounts(charges), places)
    return replace(line, price=price, allowances=allowances, charges=charges, net_amount=net)


def _price(price: Price | None) -> Price | None:
    """BT-146 = BT-148 - BT-147: where the gross price is given, the missing one of the other two is filled in."""
    if price is None or price.gross is None:
        return price
    if price.net is None:
        discount = price.discount or ZERO
        return replace(price, net=price.gross - discount, discount=discount)
    if price.discount is None:
        return replace(price, discount=price.gross - price.net)
    return price


def _line_gross(line: Line, price: Price | None) -> Decimal | None:
    """Quantity x net price / base quantity, unrounded; None where it cannot be told."""
    if line.quantity is None or price is None or price.net is None:
        return None
    base = price.base_quantity
    if base is None or base == 1:
        return line.quantity * price.net
    return line.quantity * price.net / base if base else None


def _allowance_charge(each: AllowanceCharge, base: Decimal, places: int) -> AllowanceCharge:
    """Amount = base x percentage, where only the percentage is given (BT-92, BT-99, BT-136, BT-141)."""
    if each.amount is not None:
        return each
    if each.percentage is None:
        return each
    base_amount = each.base_amount if each.base_amount is not None else round_half_up(base, places)
    return replace(each, base_amount=base_amount, amount=round_half_up(base_amount * each.percentage / HUNDRED, places))


def _amounts(items: Iterable[AllowanceCharge]) -> Decimal:
    return sum((each.amount for each in items if each.amount is not None), ZERO)


def rate_key(category: str, rate: Decimal | None) -> _Key:
    """The breakdown group that a category and rate belong to: zero-like categories meet at 0, O has no rate."""
    if category == WITHOUT_RATE:
        return category, None
    if category in ZERO_RATED and rate is None:
        return category, ZERO
    return category, rate


def _breakdown(
    lines: tuple[Line, ...],
    allowances: tuple[AllowanceCharge, ...],
    charges: tuple[AllowanceCharge, ...],
    given: tuple[TaxSubtotal, ...],
    places: int,
) -> tuple[TaxSubtotal, ...]:
    """BG-23 in order of first appearance: taxable = lines - allowances + charges, tax = round(taxable x rate)."""
    taxable: dict[_Key, Decimal] = {}

    def add(category: str | None, rate: Decimal | None, amount: Decimal | None) -> None:
        if category is not None and amount is not None:
            key = rate_key(category, rate)
            taxable[key] = taxable.get(key, ZERO) + amount

    for line in lines:
        add(line.tax_category, line.tax_rate, line.net_amount)
    for each in allowances:
        add(each.tax_category, each.tax_rate, None if each.amount is None else -each.amount)
    for each in charges:
        add(each.tax_category, each.tax_rate, each.amount)

    reasons = {rate_key(old.category, old.rate): old for old in reversed(given) if old.category is not None}
    return tuple(_subtotal(key, amount, reasons.get(key), places) for key, amount in taxable.items())


def _subtotal(key: _Key, taxable: Decimal, old: TaxSubtotal | None, places: int) -> TaxSubtotal:
    category, rate = key
    amount = round_half_up(taxable, places)
    return TaxSubtotal(
        taxable_amount=amount,
        tax_amount=round_half_up(amount * (rate or ZERO) / HUNDRED, places),
        category=category,
        rate=rate,
        exemption_reason=old.exemption_reason if old else None,
        exemption_reason_code=old.exemption_reason_code if old else None,
    )


def _document(
    invoice: Invoice,
    line_sum: Decimal,
    allowances: tuple[AllowanceCharge, ...],
    charges: tuple[AllowanceCharge, ...],
    breakdown: tuple[TaxSubtotal, ...],
    places: int,
    accounting_rate: Decimal | None,
) -> DocumentTotals:
    """BG-22: BR-CO-10 to BR-CO-16."""
    old = invoice.totals or DocumentTotals()
    line_total = round_half_up(line_sum, places)
    allowance_total = round_half_up(_amounts(allowances), places)
    charge_total = round_half_up(_amounts(charges), places)
    exclusive = line_total - allowance_total + charge_total
    tax = sum((each.tax_amount for each in breakdown if each.tax_amount is not None), ZERO)
    inclusive = exclusive + tax
    payable = inclusive - (old.prepaid_amount or ZERO) + (old.rounding_amount or ZERO)
    return replace(
        old,
        line_extension_amount=line_total,
        allowance_total_amount=allowance_total if allowances else None,
        charge_total_amount=charge_total if charges else None,
        tax_exclusive_amount=round_half_up(exclusive, places),
        tax_amount=round_half_up(tax, places),
        tax_amount_accounting=_accounting(invoice, tax, old.tax_amount_accounting, accounting_rate),
        tax_inclusive_amount=round_half_up(inclusive, places),
        payable_amount=round_half_up(payable, places),
    )


def _accounting(invoice: Invoice, tax: Decimal, old: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """BT-111, in the VAT accounting currency BT-6 (BR-53)."""
    if invoice.tax_currency is None:
        return None
    if rate is None:
        return old
    return round_half_up(tax * rate, minor_units(invoice.tax_currency))
