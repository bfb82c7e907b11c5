"""Credit notes mirror their invoice, and their sum never passes it in any tax category."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies import trades
from wasl.invoice.credit import CreditExceeds, LineCredit, NoSuchLine, NothingToCredit, credit_note, remaining, remaining_total
from wasl.invoice.model import AllowanceCharge, DocumentTotals, Invoice, Line, PrecedingInvoice, Price
from wasl.invoice.money import minor_units, round_half_up
from wasl.invoice.totals import rate_key, totals

DAY = date(2026, 12, 1)
D = Decimal


def invoice(*nets: str, rate: str = "15", currency: str = "SAR", **more: object) -> Invoice:
    lines = tuple(
        Line(identifier=str(at), quantity=D(2), unit="HUR", price=Price(net=D(net)), tax_category="S", tax_rate=D(rate))
        for at, net in enumerate(nets, 1)
    )
    return totals(Invoice(number="INV-1", issue_date=date(2026, 11, 1), type_code="380", currency=currency, lines=lines, **more))


def credit(original: Invoice, **how: object) -> Invoice:
    return credit_note(original, issue_date=DAY, reason="خطأ في الكمية", **how)


@given(trades())
def test_a_full_credit_note_mirrors_its_invoice(original):
    note = credit(original)

    assert note.type_code == "381"
    assert note.is_credit_note
    assert note.preceding_invoices == (PrecedingInvoice(number="INV-7", issue_date=date(2026, 11, 23)),)
    assert note.tax_breakdown == original.tax_breakdown
    assert note.lines == original.lines
    assert note.totals.tax_inclusive_amount == original.totals.tax_inclusive_amount
    assert note.totals.payable_amount == original.totals.tax_inclusive_amount
    assert remaining_total(original, [note]) == 0


def _within(part: Decimal, whole: Decimal) -> bool:
    return 0 <= part <= whole or whole <= part <= 0


def check_bounds(original: Invoice, notes: list[Invoice]) -> None:
    for whole in original.tax_breakdown:
        key = rate_key(whole.category, whole.rate)
        parts = [each for note in notes for each in note.tax_breakdown if rate_key(each.category, each.rate) == key]
        assert _within(sum((each.taxable_amount for each in parts), D(0)), whole.taxable_amount)
        assert _within(sum((each.tax_amount for each in parts), D(0)), whole.tax_amount)


@settings(max_examples=60)
@given(trades(), st.data())
def test_notes_by_amount_add_up_to_the_invoice_and_never_pass_it(original, data):
    places = minor_units(original.currency)
    notes: list[Invoice] = []
    for _ in range(4):
        rest = remaining_total(original, notes)
        if rest <= 0:
            break
        amount = data.draw(st.decimals(D("0.001"), rest, places=places, allow_nan=False).filter(lambda each: each > 0))
        try:
            notes.append(credit(original, amount=amount, earlier=notes))
        except NothingToCredit:  # an amount that rounds to no taxable value in any category
            continue
        assert notes[-1].totals.payable_amount == amount
        check_bounds(original, notes)

    rest = remaining_total(original, notes)
    if rest > 0 and any(each.taxable_amount for each in remaining(original, notes)):
        notes.append(credit(original, amount=rest, earlier=notes))
        assert remaining_total(original, notes) == 0
    check_bounds(original, notes)


@settings(max_examples=60)
@given(trades(), st.data())
def test_notes_by_line_never_pass_the_invoice(original, data):
    notes: list[Invoice] = []
    for _ in range(4):
        line = data.draw(st.sampled_from(original.lines))
        quantity = data.draw(st.decimals(D("0.1"), line.quantity, places=1, allow_nan=False).filter(lambda each: each > 0))
        wanted = [LineCredit(line=line.identifier, quantity=min(quantity, line.quantity))]
        try:
            notes.append(credit(original, lines=wanted, earlier=notes))
        except (CreditExceeds, NothingToCredit):
            continue
        check_bounds(original, notes)
        for part in notes[-1].tax_breakdown:
            want = round_half_up(part.taxable_amount * (part.rate or 0) / 100, minor_units(original.currency))
            assert abs(part.tax_amount - want) <= D(len(notes)).scaleb(-minor_units(original.currency))


def test_a_line_is_credited_with_its_share_of_the_document_discount():
    original = invoice("100.00", "300.00", allowances=(AllowanceCharge(amount=D("80.00"), tax_category="S", tax_rate=D(15), reason="خصم"),))

    note = credit(original, lines=[LineCredit(line="1")])

    assert note.allowances[0].amount == D("20.00")
    assert note.tax_breakdown[0].taxable_amount == D("180.00")
    assert note.tax_breakdown[0].tax_amount == D("27.00")


def test_half_a_line_takes_half_its_discount():
    discount = AllowanceCharge(amount=D("10.00"), reason="خصم")
    line = Line(identifier="1", quantity=D(4), unit="HUR", price=Price(net=D("50.00")), allowances=(discount,), tax_category="S", tax_rate=D(15))
    original = totals(Invoice(number="INV-1", currency="SAR", type_code="380", lines=(line,)))

    note = credit(original, lines=[LineCredit(line="1", quantity=D(2))])

    assert note.lines[0].quantity == D(2)
    assert note.lines[0].allowances[0].amount == D("5.00")
    assert note.lines[0].net_amount == D("95.00")


def test_a_net_amount_of_a_line_becomes_one_piece_at_that_price():
    note = credit(invoice("100.00"), lines=[LineCredit(line="1", amount=D("50.00"))])

    assert (note.lines[0].quantity, note.lines[0].unit, note.lines[0].net_amount) == (D(1), "C62", D("50.00"))
    assert note.totals.tax_inclusive_amount == D("57.50")


def test_tax_rounded_up_twice_is_not_credited_twice():
    original = totals(
        Invoice(
            number="I",
            currency="EUR",
            type_code="380",
            lines=(Line(identifier="1", quantity=D(2), price=Price(net=D("0.10")), tax_category="S", tax_rate=D(5)),),
        )
    )
    first = credit(original, lines=[LineCredit(line="1", quantity=D(1))])
    second = credit(original, lines=[LineCredit(line="1", quantity=D(1))], earlier=[first])

    assert [each.tax_breakdown[0].tax_amount for each in (first, second)] == [D("0.01"), D("0.00")]
    assert original.tax_breakdown[0].tax_amount == D("0.01")
    assert remaining_total(original, [first, second]) == 0


def test_a_part_rounded_up_three_times_gives_back_the_difference():
    original = totals(
        Invoice(
            number="I",
            currency="EUR",
            type_code="380",
            lines=(Line(identifier="1", quantity=D(3), price=Price(net=D("3.335")), tax_category="S", tax_rate=D(0)),),
        )
    )
    notes: list[Invoice] = []
    for _ in range(3):
        notes.append(credit(original, lines=[LineCredit(line="1", quantity=D(1))], earlier=notes))

    assert [each.totals.tax_exclusive_amount for each in notes] == [D("3.34"), D("3.34"), D("3.33")]
    assert remaining_total(original, notes) == 0


def test_more_than_the_rest_is_refused():
    original = invoice("100.00")
    first = credit(original, amount=D("200.00"))

    with pytest.raises(CreditExceeds):
        credit(original, amount=D("30.01"), earlier=[first])
    with pytest.raises(CreditExceeds):
        credit(original, earlier=[first])
    with pytest.raises(CreditExceeds):
        credit(original, lines=[LineCredit(line="1", quantity=D(3))])


@pytest.mark.parametrize("amount", ["0", "-5", "0.001"])
def test_nothing_is_not_credited(amount):
    with pytest.raises(NothingToCredit):
        credit(invoice("100.00"), amount=D(amount))


def test_a_credit_note_is_not_credited():
    with pytest.raises(NothingToCredit):
        credit(credit(invoice("100.00")))


@pytest.mark.parametrize("names", [["9"], ["1", "1"]])
def test_an_unknown_or_repeated_line_is_refused(names):
    with pytest.raises(NoSuchLine):
        credit(invoice("100.00"), lines=[LineCredit(line=each) for each in names])


def test_a_returned_line_is_credited_with_its_sign():
    sold = Line(identifier="1", quantity=D(4), price=Price(net=D("50.00")), tax_category="S", tax_rate=D(15))
    returned = Line(identifier="2", quantity=D(-2), price=Price(net=D("10.00")), tax_category="Z", tax_rate=D(0))
    original = totals(Invoice(number="I", currency="SAR", type_code="380", lines=(sold, returned)))

    note = credit(original, lines=[LineCredit(line="2", quantity=D(1))])

    assert note.lines[0].quantity == D(-1)
    assert note.totals.tax_inclusive_amount == D("-10.00")


def test_the_accounting_currency_follows_the_invoice_rate_of_exchange():
    original = totals(
        Invoice(
            number="I",
            currency="USD",
            tax_currency="SAR",
            type_code="380",
            lines=(Line(identifier="1", quantity=D(2), price=Price(net=D("100.00")), tax_category="S", tax_rate=D(15)),),
        ),
        accounting_rate=D("3.75"),
    )

    note = credit(original, lines=[LineCredit(line="1", quantity=D(1))])

    assert original.totals.tax_amount_accounting == D("112.50")
    assert note.totals.tax_amount_accounting == D("56.25")


def test_the_rounding_amount_is_mirrored_and_the_prepaid_one_is_not():
    original = invoice("100.00", rate="0")
    original = totals(msgspec_replace(original, DocumentTotals(rounding_amount=D("0.05"), prepaid_amount=D("20.00"))))

    note = credit(original)

    assert original.totals.payable_amount == D("180.05")
    assert note.totals.payable_amount == D("200.05")


def msgspec_replace(original: Invoice, document: DocumentTotals) -> Invoice:
    from msgspec.structs import replace

    return replace(original, totals=document)
