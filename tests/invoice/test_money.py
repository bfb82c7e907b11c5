"""Money: one currency at a time, minor units of ISO 4217, one rounding."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasl.invoice.money import CurrencyMismatch, Money, from_minor, minor_units, round_half_up, to_minor

amounts = st.decimals(-(10**18), 10**18, allow_nan=False, allow_infinity=False, places=6)


@pytest.mark.parametrize(
    ("currency", "places"),
    [("SAR", 2), ("JOD", 3), ("KWD", 3), ("BHD", 3), ("IQD", 3), ("JPY", 0), ("CLF", 4), ("EUR", 2), (None, 2), ("???", 2)],
)
def test_minor_units_are_those_of_iso_4217(currency, places):
    assert minor_units(currency) == places


@pytest.mark.parametrize(
    ("given_", "places", "want"),
    [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.015", 2, "0.02"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.0049", 2, "0.00"),
        ("-0.004", 2, "0.00"),
    ],
)
def test_rounding_is_half_up_on_the_magnitude(given_, places, want):
    rounded = round_half_up(D(given_), places)

    assert str(rounded) == want


def test_rounding_loses_nothing_of_a_very_large_amount():
    assert round_half_up(D("1000000000000000000000000000.005"), 2) == D("1000000000000000000000000000.01")


@given(amounts, st.integers(0, 5))
def test_rounding_is_idempotent_odd_and_never_further_than_half_a_step(x, places):
    rounded = round_half_up(x, places)

    assert round_half_up(rounded, places) == rounded
    assert round_half_up(-x, places) == -rounded
    assert abs(rounded - x) * 2 <= D(1).scaleb(-places)


@given(st.integers(-(10**20), 10**20), st.sampled_from(["SAR", "JOD", "JPY"]))
def test_minor_units_come_and_go(units, currency):
    assert to_minor(from_minor(units, currency), currency) == units
    assert Money.of_minor(units, currency).minor == units


def test_two_currencies_never_meet():
    for meet in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b):
        with pytest.raises(CurrencyMismatch):
            meet(Money(D(1), "SAR"), Money(D(1), "EGP"))


def test_money_adds_subtracts_multiplies_and_compares():
    three, two = Money(D("3.00"), "SAR"), Money(D("2.00"), "SAR")

    assert three + two == Money(D("5.00"), "SAR")
    assert three - two == Money(D("1.00"), "SAR")
    assert two * 3 == 3 * two == Money(D("6.00"), "SAR")
    assert -two < two <= three
    assert three > two >= two
    assert not Money(D(0), "SAR")
    assert Money(D("0.125"), "JOD").rounded().amount == D("0.125")


def test_a_binary_fraction_is_refused():
    with pytest.raises(TypeError):
        Money(0.1, "SAR")
