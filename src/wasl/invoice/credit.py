"""Credit notes: the whole invoice, some of its lines, or an amount; never more than the invoice in any tax category.

A full credit note mirrors the invoice amount for amount. A partial one takes its share of document allowances and
charges. Tax is round(taxable x rate) as everywhere, with two exceptions that keep the sum of notes honest: it never
passes what is left of the invoice's own tax, and the note that brings a category's taxable amount to zero takes
exactly the tax that is left. Do not run `totals` over a credit note again: it does not know the other notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from wasl.errors import WaslError
from wasl.invoice.model import AllowanceCharge, DocumentTotals, Invoice, Item, Line, Note, PrecedingInvoice, Price, TaxSubtotal
from wasl.invoice.money import exactly, from_minor, minor_units, round_half_up, to_minor
from wasl.invoice.totals import rate_key, totals

CREDIT_NOTE = "381"
PIECE = "C62"
ROUNDING_REASON = "فرق التقريب · Rounding difference"
# BR-CO-25 wants terms where something is due; a credit note is due to the buyer.
CREDIT_TERMS = "يُخصم من المستحق أو يُعاد إلى المشتري · Set off against the amount due, or refunded"

_Key = tuple[str, Decimal | None]
ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


class CreditExceeds(WaslError):
    code, term = "WASL-CREDIT-01", "BT-116"
    en = "The credit of {wanted} in tax category {category} is more than the {left} left to credit. Fix: lower the amount or quantity."
    ar = "المبلغ الدائن {wanted} في الفئة الضريبية {category} أكبر من الباقي {left}. الحل: خفّض المبلغ أو الكمية."


class NoSuchLine(WaslError):
    code, term = "WASL-CREDIT-02", "BT-126"
    en = "Line {line} is not in the invoice, or is named twice. Fix: choose among its lines."
    ar = "البند {line} ليس في الفاتورة أو ذُكر مرتين. الحل: اختر من بنودها."


class NothingToCredit(WaslError):
    code, term = "WASL-CREDIT-03", "BT-112"
    en = "There is nothing to credit here. Fix: choose an issued invoice and an amount above zero."
    ar = "لا يوجد ما يُشعَر بدائنه. الحل: اختر فاتورة صادرة ومبلغًا أكبر من صفر."


class LineCredit(msgspec.Struct, frozen=True, kw_only=True):
    """One line to credit (BT-126): all of it, a quantity of it, or a net amount of it."""

    line: str
    quantity: Decimal | None = None
    amount: Decimal | None = None


def credit_note(
    original: Invoice,
    *,
    issue_date: date,
    reason: str,
    number: str | None = None,
    lines: Sequence[LineCredit] | None = None,
    amount: Decimal | None = None,
    earlier: Sequence[Invoice] = (),
) -> Invoice:
    """A totalled credit note for `original`: whole, or by `lines`, or by `amount` (tax included, in BT-5).

    `earlier` are the credit notes already issued for it. Raises `CreditExceeds`, `NoSuchLine` or `NothingToCredit`.
    """
    if lines is not None and amount is not None:
        raise ValueError("credit by lines or by amount, not both")
    if original.is_credit_note or not original.lines:
        raise NothingToCredit
    original = original if original.tax_breakdown and original.totals else totals(original)
    left = {_key(each): each for each in remaining(original, earlier)}
    with exactly():
        if amount is not None:
            draft = _by_amount(original, amount, left)
        elif lines is not None:
            draft = _fitted(_by_lines(original, lines), left, len(earlier))
        else:
            draft = _whole(original)
        note = _settled(totals(_dressed(draft, original, number, issue_date, reason)), left)
        partly = lines is not None or amount is not None  # an invoice of nothing (all discounted) can be cancelled whole
        if partly and not any(each.taxable_amount for each in note.tax_breakdown):
            raise NothingToCredit
        return replace(note, totals=_with_accounting(note, original))


def remaining(original: Invoice, notes: Sequence[Invoice]) -> tuple[TaxSubtotal, ...]:
    """What is left to credit in each tax category: the invoice's breakdown less that of `notes`."""
    original = original if original.tax_breakdown else totals(original)
    with exactly():
        taxable: dict[_Key, Decimal] = {}
        tax: dict[_Key, Decimal] = {}
        for note in notes:
            for each in note.tax_breakdown:
                key = _key(each)
                taxable[key] = taxable.get(key, ZERO) + (each.taxable_amount or ZERO)
                tax[key] = tax.get(key, ZERO) + (each.tax_amount or ZERO)
        return tuple(
            replace(
                each,
                taxable_amount=(each.taxable_amount or ZERO) - taxable.get(_key(each), ZERO),
                tax_amount=(each.tax_amount or ZERO) - tax.get(_key(each), ZERO),
            )
            for each in original.tax_breakdown
        )


def remaining_total(original: Invoice, notes: Sequence[Invoice]) -> Decimal:
    """What is left to credit altogether, tax included."""
    with exactly():
        return sum((_inclusive(each) for each in remaining(original, notes)), ZERO)


def _key(each: TaxSubtotal) -> _Key:
    return rate_key(each.category or "", each.rate)


def _inclusive(each: TaxSubtotal) -> Decimal:
    return (each.taxable_amount or ZERO) + (each.tax_amount or ZERO)


def _whole(original: Invoice) -> Invoice:
    old = original.totals or DocumentTotals()
    return replace(original, totals=DocumentTotals(rounding_amount=old.rounding_amount))


def _dressed(draft: Invoice, original: Invoice, number: str | None, issue_date: date, reason: str) -> Invoice:
    """What makes it a credit note: type, reference, reason; nothing that asks for payment or repeats attachments."""
    return replace(
        draft,
        number=number,
        issue_date=issue_date,
        type_code=CREDIT_NOTE,
        due_date=None,
        payment=None,
        payment_terms=CREDIT_TERMS,
        notes=(Note(text=reason),),
        preceding_invoices=(PrecedingInvoice(number=original.number, issue_date=original.issue_date),),
        supporting_documents=(),
        tax_point_date=None,
        tax_point_date_code=None,
    )


# By lines


def _by_lines(original: Invoice, wanted: Sequence[LineCredit]) -> Invoice:
    known = {line.identifier: line for line in original.lines}
    names = [each.line for each in wanted]
    for name in names:
        if name not in known or names.count(name) > 1:
            raise NoSuchLine(line=name)
    if not wanted:
        raise NothingToCredit
    places = minor_units(original.currency)
    lines = tuple(_line_part(known[each.line], each, places) for each in wanted)
    whole, part = _net_by_key(original, original.lines), _net_by_key(original, lines)
    return replace(
        original,
        lines=lines,
        allowances=_shares(original.allowances, part, whole, places),
        charges=_shares(original.charges, part, whole, places),
        totals=None,
    )


def _line_part(line: Line, wanted: LineCredit, places: int) -> Line:
    if wanted.amount is not None:
        if wanted.amount <= 0:
            raise NothingToCredit
        return _flat(line, round_half_up(wanted.amount, places))
    if wanted.quantity is None or wanted.quantity == line.quantity:
        return line
    if wanted.quantity <= 0 or not line.quantity or wanted.quantity > abs(line.quantity):
        raise CreditExceeds(wanted=wanted.quantity, category=line.tax_category, left=line.quantity)
    share = wanted.quantity / abs(line.quantity)

    def scaled(items: tuple[AllowanceCharge, ...]) -> tuple[AllowanceCharge, ...]:
        return tuple(_share(each, share, places) for each in items)

    quantity = wanted.quantity.copy_sign(line.quantity)
    return replace(line, quantity=quantity, allowances=scaled(line.allowances), charges=scaled(line.charges), net_amount=None)


def _flat(line: Line, net: Decimal) -> Line:
    """A net amount of a line: one piece at that price."""
    return replace(line, quantity=ONE, unit=PIECE, price=Price(net=net), allowances=(), charges=(), net_amount=net)


def _share(each: AllowanceCharge, share: Decimal, places: int) -> AllowanceCharge:
    amount = None if each.amount is None else round_half_up(each.amount * share, places)
    return replace(each, amount=amount, base_amount=None, percentage=None)


def _net_by_key(original: Invoice, lines: tuple[Line, ...]) -> dict[_Key, Decimal]:
    found: dict[_Key, Decimal] = {}
    for line in totals(Invoice(currency=original.currency, lines=lines)).lines:
        key = rate_key(line.tax_category or "", line.tax_rate)
        found[key] = found.get(key, ZERO) + (line.net_amount or ZERO)
    return found


def _shares(
    items: tuple[AllowanceCharge, ...], part: dict[_Key, Decimal], whole: dict[_Key, Decimal], places: int
) -> tuple[AllowanceCharge, ...]:
    """Document allowances or charges in proportion to the credited lines of their own category."""
    found: list[AllowanceCharge] = []
    for each in items:
        key = rate_key(each.tax_category or "", each.tax_rate)
        if part.get(key) and whole.get(key):
            found.append(_share(each, part[key] / whole[key], places))
    return tuple(found)


def _fitted(draft: Invoice, left: dict[_Key, TaxSubtotal], notes: int) -> Invoice:
    """Parts are rounded one by one, so the last of many may pass the rest by some minor units: it gives them back."""
    places = minor_units(draft.currency)
    slack = from_minor(len(draft.lines) + len(draft.allowances) + len(draft.charges) + notes, draft.currency)
    lines = list(draft.lines)
    for each in totals(draft).tax_breakdown:
        rest = left.get(_key(each))
        excess = (each.taxable_amount or ZERO) - ((rest.taxable_amount if rest else None) or ZERO)
        if ZERO < excess <= slack:
            at = max(at for at, line in enumerate(lines) if rate_key(line.tax_category or "", line.tax_rate) == _key(each))
            given_back = AllowanceCharge(amount=round_half_up(excess, places), reason=ROUNDING_REASON)
            lines[at] = replace(lines[at], allowances=(*lines[at].allowances, given_back))
    return replace(draft, lines=tuple(lines))


# By amount


def _by_amount(original: Invoice, amount: Decimal, left: dict[_Key, TaxSubtotal]) -> Invoice:
    """The amount spread over the categories in proportion to what is left in each; one line for each category."""
    amount = round_half_up(amount, minor_units(original.currency))
    rest = sum((_inclusive(each) for each in left.values()), ZERO)
    if amount <= 0:
        raise NothingToCredit
    if amount > rest:
        raise CreditExceeds(wanted=amount, category="·".join(sorted({key[0] for key in left})), left=rest)
    parts = list(left.values()) if amount == rest else _spread(original, amount, list(left.values()))
    lines = tuple(
        Line(
            identifier=str(at),
            quantity=ONE if (each.taxable_amount or ZERO) >= 0 else -ONE,
            unit=PIECE,
            price=Price(net=abs(each.taxable_amount or ZERO)),
            tax_category=each.category,
            tax_rate=each.rate,
            item=Item(
                name=f"إشعار دائن على الفاتورة {original.number or ''}".rstrip(),
                description=f"Credit against invoice {original.number or ''}".rstrip(),
            ),
        )
        for at, each in enumerate((each for each in parts if each.taxable_amount), 1)
    )
    rounding = amount - sum((_inclusive(each) for each in parts), ZERO)
    return replace(
        original,
        lines=lines,
        allowances=(),
        charges=(),
        totals=DocumentTotals(rounding_amount=rounding) if rounding else None,
    )


def _spread(original: Invoice, amount: Decimal, left: list[TaxSubtotal]) -> list[TaxSubtotal]:
    """`amount` in minor units over the categories; running sums are rounded, so the parts add up exactly."""
    currency, places = original.currency, minor_units(original.currency)
    weights = [max(_inclusive(each), ZERO) for each in left]
    total = sum(weights, ZERO)
    sums = [ZERO]
    for weight in weights:
        sums.append(sums[-1] + weight)
    bounds = [to_minor(amount * each / total, currency) for each in sums]
    found: list[TaxSubtotal] = []
    for each, (low, high) in zip(left, pairwise(bounds), strict=True):
        gross = from_minor(high - low, currency)
        rate = each.rate or ZERO
        net = min(round_half_up(gross * HUNDRED / (HUNDRED + rate), places), max(each.taxable_amount or ZERO, ZERO))
        tax = _capped(round_half_up(net * rate / HUNDRED, places), net, each)
        found.append(replace(each, taxable_amount=net, tax_amount=tax))
    return found


# Settling


def _capped(tax: Decimal, taxable: Decimal, rest: TaxSubtotal) -> Decimal:
    """The tax of a part: what is left where the part is the last, never more than what is left."""
    left = rest.tax_amount or ZERO
    if taxable == rest.taxable_amount or not _within(tax, left):
        return left
    return tax


def _within(value: Decimal, limit: Decimal) -> bool:
    """Between zero and the limit, whichever its sign."""
    return ZERO <= value <= limit or limit <= value <= ZERO


def _settled(note: Invoice, left: dict[_Key, TaxSubtotal]) -> Invoice:
    """Refuse what passes the rest of a category; put the tax right; carry both into the document totals."""
    places = minor_units(note.currency)
    breakdown: list[TaxSubtotal] = []
    for each in note.tax_breakdown:
        rest, taxable = left.get(_key(each)), each.taxable_amount or ZERO
        if rest is None or not _within(taxable, rest.taxable_amount or ZERO):
            raise CreditExceeds(wanted=taxable, category=each.category, left=rest.taxable_amount if rest else ZERO)
        breakdown.append(replace(each, tax_amount=_capped(each.tax_amount or ZERO, taxable, rest)))
    tax = sum((each.tax_amount or ZERO for each in breakdown), ZERO)
    old = note.totals or DocumentTotals()
    inclusive = (old.tax_exclusive_amount or ZERO) + tax
    settled = replace(
        old,
        tax_amount=round_half_up(tax, places),
        tax_inclusive_amount=round_half_up(inclusive, places),
        payable_amount=round_half_up(inclusive + (old.rounding_amount or ZERO), places),
    )
    return replace(note, tax_breakdown=tuple(breakdown), totals=settled)


def _with_accounting(note: Invoice, original: Invoice) -> DocumentTotals:
    """BT-111 at the invoice's own rate of exchange."""
    mine, theirs = note.totals or DocumentTotals(), original.totals or DocumentTotals()
    if theirs.tax_amount_accounting is None or note.tax_currency is None:
        return mine
    share = (mine.tax_amount or ZERO) / theirs.tax_amount if theirs.tax_amount else ZERO
    return replace(mine, tax_amount_accounting=round_half_up(theirs.tax_amount_accounting * share, minor_units(note.tax_currency)))
