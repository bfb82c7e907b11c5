"""What people read and type: amounts, digits, counted units, dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasl.invoice.dates import OutsideHijri, format_date, format_day, format_hijri, hijri
from wasl.invoice.display import currency_sign, format_amount, format_percent, format_price, format_quantity, isolate
from wasl.invoice.numerals import NotANumber, ascii_digits, grouped, parse_decimal
from wasl.invoice.plurals import UNITS, category, counted, unit_name


@pytest.mark.parametrize(
    ("amount", "currency", "ar", "en"),
    [
        ("31583.93", "SAR", "31,583.93 ر.س", "SAR 31,583.93"),
        ("31583.9254", "JOD", "31,583.925 د.أ", "JOD 31,583.925"),
        ("5", "EGP", "5.00 ج.م", "EGP 5.00"),
        ("0.005", "AED", "0.01 د.إ", "AED 0.01"),
        ("-1234.5", "KWD", "-1,234.500 د.ك", "KWD -1,234.500"),
        ("-0.001", "EUR", "0.00 €", "EUR 0.00"),
        ("1000000000000000000", "JPY", "1,000,000,000,000,000,000 JP¥", "JPY 1,000,000,000,000,000,000"),
        ("1", "XXX", "1.00 XXX", "XXX 1.00"),
    ],
)
def test_amounts(amount, currency, ar, en):
    assert format_amount(D(amount), currency, "ar") == ar
    assert format_amount(D(amount), currency, "en") == en


def test_amounts_without_currency_and_in_arabic_indic_digits():
    assert format_amount(D("31583.93"), "SAR", "ar", with_currency=False) == "31,583.93"
    assert format_amount(D("31583.93"), "SAR", "ar", digits="arab") == "٣١٬٥٨٣٫٩٣ ر.س"
    assert format_amount(D(1), None, "en") == "1.00"
    assert currency_sign("SAR") == "ر.س"


def test_prices_percentages_and_quantities_keep_what_they_need():
    assert [format_price(D(each), "SAR") for each in ("5", "5.1", "5.12345", "1200.500")] == ["5.00", "5.10", "5.12345", "1,200.50"]
    assert [format_percent(D(each), "en") for each in ("15.00", "7.70", "0")] == ["15%", "7.7%", "0%"]
    assert [format_percent(D(each), "ar") for each in ("15.00", "7.70", "0")] == ["15٪", "7.7٪", "0٪"]
    assert format_percent(D(15), "ar", digits="arab") == "١٥٪"
    assert [format_quantity(D(each)) for each in ("3.000", "1200", "0.50", "1E+3")] == ["3", "1,200", "0.5", "1,000"]


def test_isolation():
    assert isolate("SA03 80") == "\u2068SA03 80\u2069"


@pytest.mark.parametrize(
    ("typed", "want"),
    [
        ("1234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("١٢٣٤٫٥٠", "1234.50"),
        ("١٬٢٣٤٫٥٠", "1234.50"),
        ("۱۲۳۴٫۵", "1234.5"),
        (" \u200f١\u00a0٢٣٤ ", "1234"),
        ("1 234 567.5", "1234567.5"),
        ("\u22125", "-5"),
        ("-0", "0"),
        (".5", "0.5"),
        ("12.", "12"),
        ("1,234,567", "1234567"),
        ("9" * 24, "9" * 24),
    ],
)
def test_typed_numbers_are_read(typed, want):
    assert parse_decimal(typed) == D(want)


@pytest.mark.parametrize("typed", ["", "1,5", "1,23", "1.234.5", "1e3", "NaN", "²", "①", "१२", "12a", "--1", "0,001", "12 50", "1,234 5", "9" * 25, "1,2345", "،5", "0x1"])
def test_anything_doubtful_is_refused(typed):
    with pytest.raises(NotANumber):
        parse_decimal(typed)


@given(st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False, places=3), st.sampled_from(["latn", "arab"]))
def test_what_we_show_can_be_typed_back(x, digits):
    assert parse_decimal(grouped(x, 3, digits=digits)) == x


def test_ascii_digits_leave_the_rest_alone():
    assert ascii_digits("فاتورة INV-٢٠٢٦/۱۲") == "فاتورة INV-2026/12"


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "0 ساعة"),
        (1, "ساعة"),
        (2, "ساعتان"),
        (3, "3 ساعات"),
        (10, "10 ساعات"),
        (11, "11 ساعة"),
        (99, "99 ساعة"),
        (100, "100 ساعة"),
        (102, "102 ساعة"),
        (103, "103 ساعات"),
        (111, "111 ساعة"),
        (D("2.5"), "2.5 ساعة"),
        (D("3.00"), "3 ساعات"),
        (1200, "1,200 ساعة"),
    ],
)
def test_hours_in_six_forms(n, words):
    assert counted(n, "HUR", "ar") == words


def test_masculine_units_take_the_accusative_from_eleven():
    assert [counted(n, "DAY", "ar") for n in (1, 2, 3, 11, 100)] == ["يوم", "يومان", "3 أيام", "11 يومًا", "100 يوم"]


def test_english_and_unknown_units():
    assert [counted(n, "HUR", "en") for n in (0, 1, 2, D("1.5"))] == ["0 hours", "1 hour", "2 hours", "1.5 hours"]
    assert (counted(3, "ZZ9", "ar"), counted(3, None, "ar"), unit_name("ZZ9", "ar"), unit_name(None, "en")) == ("3 ZZ9", "3", "ZZ9", "")
    assert (unit_name("HUR", "ar"), unit_name("HUR", "ar", 5), unit_name("HUR", "en", 5)) == ("ساعة", "ساعات", "hours")


@pytest.mark.parametrize("n", [*range(130), 1000, 1001, 1002, 1003, 1011])
def test_plural_categories_are_those_of_cldr(n):
    from babel import Locale

    assert category(n) == Locale.parse("ar").plural_form(n)


@pytest.mark.parametrize("code", sorted(UNITS))
def test_every_unit_has_all_its_forms(code):
    unit = UNITS[code]

    assert all([unit.one, unit.two, unit.few, unit.many, unit.en, unit.en_plural])
    assert not any(each.isascii() for each in (unit.one, unit.two, unit.few, unit.many))
    assert unit.en.isascii()
    if unit.feminine:
        assert unit.many == unit.one


def test_there_are_at_least_sixty_units():
    assert len(UNITS) >= 60


@pytest.mark.parametrize(
    ("country", "want"),
    [(None, "23 ديسمبر 2026"), ("SA", "23 ديسمبر 2026"), ("JO", "23 كانون الأول 2026"), ("IQ", "23 كانون الأول 2026"), ("MA", "23 دجنبر 2026")],
)
def test_months_by_country(country, want):
    assert format_date(date(2026, 12, 23), "ar", country=country) == want
    assert format_date(date(2026, 12, 23), "en", country=country) == "23 December 2026"


def test_near_dates_name_their_day():
    assert format_day(date(2026, 12, 23), "ar") == "الأربعاء 23 ديسمبر"
    assert format_day(date(2026, 12, 23), "en") == "Wednesday 23 December"


@pytest.mark.parametrize(
    ("day", "want"),
    [
        (date(2026, 12, 23), (1448, 7, 14)),
        (date(2024, 7, 7), (1446, 1, 1)),
        (date(2023, 3, 23), (1444, 9, 1)),
        (date(2000, 4, 6), (1421, 1, 1)),
    ],
)
def test_umm_al_qura(day, want):
    assert hijri(day) == want


def test_hijri_in_both_languages():
    assert format_hijri(date(2026, 12, 23), "ar") == "14 رجب 1448هـ"
    assert format_hijri(date(2026, 12, 23), "en") == "14 Rajab 1448 AH"


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1924, 7, 31), date(2077, 11, 17), date(9999, 12, 31)])
def test_outside_the_tables_there_is_no_hijri_date(day):
    assert format_hijri(day, "ar") == ""
    with pytest.raises(OutsideHijri):
        hijri(day)


@given(st.dates(date(1924, 8, 2), date(2077, 11, 16)))
def test_hijri_days_follow_each_other(day):
    before, after = hijri(day - timedelta(days=1)), hijri(day)

    assert after == (before[0], before[1], before[2] + 1) or (after[2] == 1 and before[2] in (29, 30))
