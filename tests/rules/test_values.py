"""Casts, comparison and arithmetic of XPath, where Python's own would differ."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import pytest

from wasl.rules import values
from wasl.rules.errors import XPathError
from wasl.rules.values import EXACT, Untyped


@pytest.mark.parametrize("text", ["1e3", "NaN", "1_0", "٣", "\u00a01", "", ".", "+", "1 2", "Infinity", "0x1", "１"])
def test_what_python_calls_a_number_and_xpath_does_not(text: str) -> None:
    with pytest.raises(XPathError) as error:
        values.to_decimal(text)
    assert (error.value.code, error.value.value, error.value.wanted) == ("FORG0001", text, "decimal")


@pytest.mark.parametrize(("text", "number"), [("5.", "5"), (".5", "0.5"), ("+5", "5"), (" \t\n\r-5 ", "-5"), ("007", "7")])
def test_what_xpath_calls_a_decimal(text: str, number: str) -> None:
    assert values.to_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("-2.5", "-2"), ("2.5", "3"), ("-2.51", "-3"), ("0.49999999999999999999999", "0"), ("-0.5", "0"), ("7", "7")],
)
def test_round_goes_up_on_a_tie(given: str, expected: str) -> None:
    assert values.round_half_up(Decimal(given)) == Decimal(expected)


def test_round_of_doubles_keeps_special_values() -> None:
    assert values.round_half_up(-2.5) == -2.0
    assert math.isnan(values.round_half_up(math.nan))
    assert math.copysign(1, values.round_half_up(-0.2)) == -1.0
    assert values.round_half_up(math.inf) == math.inf


def test_a_double_becomes_its_exact_binary_expansion() -> None:
    assert values.cast_decimal(194.1 - 1.0) == Decimal(193.1)  # noqa: RUF032 the binary expansion is meant
    assert values.cast_decimal(194.1 - 1.0) != Decimal("193.1")
    with pytest.raises(XPathError):
        values.cast_decimal(math.inf)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("1", "3", "0.333333333333333333"), ("2", "3", "0.666666666666666667"), ("-2", "3", "-0.666666666666666667"), ("20500", "100", "205")],
)
def test_decimal_division_keeps_eighteen_places(left: str, right: str, expected: str) -> None:
    assert values.divide(Decimal(left), Decimal(right)) == Decimal(expected)


def test_decimal_arithmetic_is_exact_beyond_any_default_precision() -> None:
    with localcontext(EXACT):
        product = values.arithmetic("*", Decimal("1" + "0" * 60 + ".01"), Decimal("3"))
    assert product == Decimal("3" + "0" * 60 + ".03")


def test_division_by_zero_is_an_error_for_decimals_and_infinity_for_doubles() -> None:
    with pytest.raises(XPathError) as error:
        values.arithmetic("div", Decimal(1), 0)
    assert error.value.code == "FOAR0001"
    assert values.arithmetic("div", Untyped("1"), 0) == math.inf


@pytest.mark.parametrize(("text", "expected"), [("1", True), (" true ", True), ("0", False), ("false", False)])
def test_booleans(text: str, expected: bool) -> None:
    assert values.to_boolean(text) is expected


@pytest.mark.parametrize("text", ["TRUE", "yes", "", "\u00a0true"])
def test_not_booleans(text: str) -> None:
    with pytest.raises(XPathError):
        values.to_boolean(text)


@pytest.mark.parametrize("text", ["2024-02-30", "2023-02-29", "2024-13-01", "24-01-01", "2024-1-1", "2024-01-01T00:00", "2024-01-01+15:00"])
def test_dates_that_are_none(text: str) -> None:
    with pytest.raises(XPathError):
        values.to_date(text)


def test_dates_compare_as_instants() -> None:
    assert values.compare_values(">", values.to_date("2024-02-29"), values.to_date("2024-02-28"))
    assert values.compare_values("<", values.to_date("2024-03-01+02:00"), values.to_date("2024-03-01Z"))
    assert values.compare_values("<", values.to_date("-0044-03-15"), values.to_date("12024-01-01"))
    assert values.compare_values("=", values.to_date("2024-03-01"), values.to_date("2024-03-01Z"))


def test_untyped_text_takes_the_type_of_the_other_side() -> None:
    assert values.general("=", Untyped("1"), True)
    assert values.general(">", Untyped("10"), 9)
    assert not values.general("=", Untyped("1.0"), "1")
    with pytest.raises(XPathError):
        values.general(">", Untyped("abc"), 0)
    with pytest.raises(XPathError):
        values.general("=", "1", 1)


@pytest.mark.parametrize(("start", "length", "expected"), [(0, 3, "12"), (1.5, 2.6, "234"), (-42, math.inf, "12345"), (2, None, "2345")])
def test_substring_counts_as_xpath_does(start: float, length: float | None, expected: str) -> None:
    assert values.substring("12345", start, length) == expected


def test_substring_before_and_after_the_empty_string() -> None:
    assert values.substring_after("abc", "") == "abc"
    assert values.substring_before("abc", "") == ""
    assert values.substring_after("a#b#c", "#") == "b#c"
    assert values.substring_before("abc", "#") == ""


def test_only_four_characters_are_white_space() -> None:
    assert values.normalize_space(" a\t\n\rb ") == "a b"
    assert values.normalize_space("\u00a0a\u2003b") == "\u00a0a\u2003b"
