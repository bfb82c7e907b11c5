"""The one calculator: parts sum to the whole, tax once per category, nothing invented."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings

from strategies import any_invoices, trades
from wasl.invoice.model import AllowanceCharge, DocumentTotals, Invoice, Line, Price, TaxSubtotal
from wasl.invoice.money import minor_units, round_half_up
from wasl.invoice.totals import totals


def line(net: str = "100.00", quantity: str = "1", category: str | None = "S", rate: str | None = "15", **more: object) -> Line:
    return Line(quantity=D(quantity), price=Price(net=D(net)), tax_category=category, tax_rate=None if rate is None else D(rate), **more)


def computed(*lines: Line, **more: object) -> Invoice:
    return totals(Invoice(currency="SAR", lines=lines, **more))


@given(trades())
def test_parts_sum_to_the_whole(invoice):
    t = invoice.totals
    allowance = sum((each.amount for each in invoice.allowances), D(0))
    charge = sum((each.amount for each in invoice.charges), D(0))

    assert t.line_extension_amount == sum(each.net_amount for each in invoice.lines)
    assert t.tax_exclusive_amount == t.line_extension_amount - allowance + charge
    assert sum(each.taxable_amount for each in invoice.tax_breakdown) == t.tax_exclusive_amount
    assert t.tax_amount == sum(each.tax_amount for each in invoice.tax_breakdown)
    assert t.tax_inclusive_amount == t.tax_exclusive_amount + t.tax_amount
    assert t.payable_amount == t.tax_inclusive_amount - (t.prepaid_amount or 0)


@given(trades())
def test_tax_is_rounded_once_a_category(invoice):
    for each in invoice.tax_breakdown:
        assert each.tax_amount == round_half_up(each.taxable_amount * each.rate / 100, minor_units(invoice.currency))


@given(trades())
def test_totals_are_idempotent(invoice):
    assert totals(invoice) == invoice


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(any_invoices())
def test_totals_of_any_draft_do_not_fail_and_are_idempotent(invoice):
    once = totals(invoice)

    assert totals(once) == once


def test_a_line_is_price_times_quantity_less_allowances_plus_charges_rounded_once():
    only = line("3.335", "3", allowances=(AllowanceCharge(percentage=D(10)),), charges=(AllowanceCharge(amount=D("0.50")),))

    result = computed(only).lines[0]

    assert result.allowances[0].base_amount == D("10.01")
    assert result.allowances[0].amount == D("1.00")
    assert result.net_amount == D("9.51")


@pytest.mark.parametrize(("base", "want"), [(None, "30.00"), ("1", "30.00"), ("3", "10.00"), ("12", "2.50"), ("7", "4.29")])
def test_a_price_for_several_units_is_divided_exactly(base, want):
    only = Line(quantity=D(3), price=Price(net=D(10), base_quantity=None if base is None else D(base)))

    assert computed(only).lines[0].net_amount == D(want)


def test_net_price_comes_from_gross_less_discount():
    result = computed(Line(quantity=D(1), price=Price(gross=D("10.00"), discount=D("2.50")))).lines[0]

    assert (result.price.net, result.net_amount) == (D("7.50"), D("7.50"))


def test_a_given_net_amount_stays_where_quantity_or_price_is_missing():
    result = computed(Line(net_amount=D("42.00"), tax_category="S", tax_rate=D(15)))

    assert result.lines[0].net_amount == D("42.00")
    assert result.totals.tax_inclusive_amount == D("48.30")


def test_equal_rates_written_differently_are_one_group():
    result = computed(line(rate="15"), line(rate="15.00"))

    assert [(each.taxable_amount, each.tax_amount) for each in result.tax_breakdown] == [(D("200.00"), D("30.00"))]


def test_outside_the_scope_has_no_rate_and_zero_like_categories_meet_at_zero():
    result = computed(line(category="O", rate=None), line(category="E", rate=None), line(category="E", rate="0"))

    assert [(each.category, each.rate, each.taxable_amount) for each in result.tax_breakdown] == [
        ("O", None, D("100.00")),
        ("E", D(0), D("200.00")),
    ]


def test_exemption_reasons_are_kept_by_category_and_rate():
    reason = TaxSubtotal(category="E", rate=D("0.00"), exemption_reason="تعليم", exemption_reason_code="VATEX-EU-132", tax_amount=D(999))

    result = computed(line(category="E", rate="0"), line(), tax_breakdown=(reason,))

    assert result.tax_breakdown[0] == TaxSubtotal(
        category="E",
        rate=D(0),
        taxable_amount=D("100.00"),
        tax_amount=D("0.00"),
        exemption_reason="تعليم",
        exemption_reason_code="VATEX-EU-132",
    )
    assert result.tax_breakdown[1].exemption_reason is None


def test_document_allowances_and_charges_lower_and_raise_their_own_category():
    result = computed(
        line("200.00"),
        line("50.00", category="Z", rate="0"),
        allowances=(AllowanceCharge(percentage=D(10), tax_category="S", tax_rate=D(15)),),
        charges=(AllowanceCharge(amount=D("5.00"), tax_category="Z", tax_rate=D(0)),),
    )

    assert result.allowances[0].amount == D("25.00")
    assert [each.taxable_amount for each in result.tax_breakdown] == [D("175.00"), D("55.00")]
    assert (result.totals.allowance_total_amount, result.totals.charge_total_amount) == (D("25.00"), D("5.00"))


def test_prepaid_and_rounding_are_kept_and_counted():
    result = computed(line(), totals=DocumentTotals(prepaid_amount=D("15.00"), rounding_amount=D("-0.05"), payable_amount=D(1)))

    assert result.totals.payable_amount == D("99.95")


def test_the_tax_in_the_accounting_currency():
    dollars = Invoice(currency="USD", tax_currency="SAR", lines=(line(),))

    assert totals(dollars, accounting_rate=D("3.75")).totals.tax_amount_accounting == D("56.25")
    assert totals(dollars).totals.tax_amount_accounting is None
    assert totals(totals(dollars, accounting_rate=D("3.75"))).totals.tax_amount_accounting == D("56.25")


def test_three_decimals_and_none():
    dinars = totals(Invoice(currency="JOD", lines=(line("1.0005", rate="16"),)))
    yen = totals(Invoice(currency="JPY", lines=(line("99.5", rate="10"),)))

    assert str(dinars.totals.tax_inclusive_amount) == "1.161"
    assert str(yen.totals.tax_inclusive_amount) == "110"


@pytest.mark.parametrize(
    ("quantity", "net", "want"),
    [
        ("-2", "10.00", "-23.00"),
        ("2", "-10.00", "-23.00"),
        ("0", "10.00", "0.00"),
        ("-0", "10.00", "0.00"),
        ("1", "0.005", "0.01"),
        ("1", "1000000000000000000", "1150000000000000000.00"),
        ("999999999999999999", "999999999.99", "1149999999988499998850000000.01"),
    ],
)
def test_strange_figures_are_computed_exactly_and_left_to_the_rules(quantity, net, want):
    result = computed(line(net, quantity))

    assert str(result.totals.tax_inclusive_amount) == want


def test_a_discount_above_one_hundred_percent_goes_below_zero():
    result = computed(line(allowances=(AllowanceCharge(percentage=D(150)),)))

    assert result.totals.tax_inclusive_amount == D("-57.50")


def test_a_base_quantity_of_zero_leaves_the_line_alone():
    result = computed(Line(quantity=D(1), price=Price(net=D(5), base_quantity=D(0))))

    assert result.lines[0].net_amount is None


def test_an_empty_draft_has_empty_totals():
    result = totals(Invoice())

    assert result.totals.payable_amount == D("0.00")
    assert result.tax_breakdown == ()
