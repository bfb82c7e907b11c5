"""Numbers, dates and words in cells: read as their writers meant them, or refused with the way to mend them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasl.formats.table import dates, numbers
from wasl.formats.table.cells import Converter
from wasl.formats.table.numbers import CellWrong
from wasl.formats.table.targets import target


def convert(term, cell):
    return Converter(target(term), decimal=None, strict=False, order=None)(cell)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,56", "1234.56"),
        ("١٬٢٣٤٫٥٠", "1234.50"),
        ("۱۲٫۵", "12.5"),
        ("12,5", "12.5"),
        ("1 234,56", "1234.56"),
        ("1\u202f234", "1234"),
        ("1'234.50", "1234.50"),
        ("12,34,567.00", "1234567.00"),
        ("1.234.567", "1234567"),
        ("0,001", "0.001"),
        (".5", "0.5"),
        ("5-", "-5"),
        ("(5.00)", "-5.00"),
        ("\u22125", "-5"),
        ("\u200f٣\u200f", "3"),
        ("1200 ر.س", "1200"),
        ("ريال 12", "12"),
        ("-€ 12", "-12"),
        ("SAR 1,200.00", "1200.00"),
    ],
)
def test_a_number_is_read_as_its_writer_meant_it(text, value):
    found = numbers.parse(text).value

    assert (found, str(found)) == (Decimal(value), value)


@pytest.mark.parametrize(
    "text", ["", "3x", "1e5", "12 50", "1.2.3", "1,23,4", "01,234", "--5", "(-5)", "0x1F", "½", "abc", "5 SAR SAR", "9" * 29, "1,234.567.8"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(CellWrong):
        numbers.parse(text)


@pytest.mark.parametrize(("decimal", "value"), [(".", "1234"), (",", "1.234")])
def test_a_number_with_two_meanings_follows_the_rest_of_the_file(decimal, value):
    with pytest.raises(CellWrong, match="can mean two numbers"):
        numbers.parse("1,234")

    assert numbers.parse("1,234", decimal).value == Decimal(value)


def test_the_file_shows_its_decimal_sign():
    assert numbers.decimal_sign(["1.234", "12,50", "7"]) == ","
    assert numbers.decimal_sign(["1.234.567"]) == ","
    assert numbers.decimal_sign(["1,234", "7.5"]) == "."
    assert numbers.decimal_sign(["1.5", "1,5"]) is None
    assert numbers.decimal_sign(["1,234", "٣٫٥"]) is None


def test_a_mapping_that_names_the_sign_admits_no_other():
    with pytest.raises(CellWrong, match="decimal sign"):
        numbers.parse("12.5", ",", strict=True)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([(",", "."), (".", ","), ("٬", "٫"), ("'", "."), ("\u00a0", ",")]))
def test_grouped_figures_come_back(value, signs):
    written = f"{value:,.2f}".replace(",", "G").replace(".", signs[1]).replace("G", signs[0])

    assert numbers.parse(written).value == value


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31", "31/12/2026", "12/31/2026", "31.12.2026", "31-12-2026", "2026/12/31", "20261231", "٣١/١٢/٢٠٢٦", "31 Dec 2026", "December 31, 2026",
        "31. Dezember 2026", "31 décembre 2026", "31 ديسمبر 2026", "31 كانون الأول 2026", "31-Dec-2026", "31/12/2026 م", "2026-12-31T00:00:00",
        "22/07/1448", "1448-07-22", "22/7/1448 هـ", "22 رجب 1448هـ",
    ],
)  # fmt: skip
def test_a_date_is_read_as_its_writer_meant_it(text):
    assert dates.parse(text) == (date(2026, 12, 31), None)


def test_a_day_and_month_that_could_change_places_follow_the_rest_of_the_file():
    with pytest.raises(CellWrong, match="can mean two days"):
        dates.parse("03/04/2026")

    assert dates.parse("03/04/2026", "dmy")[0] == date(2026, 4, 3)
    assert dates.parse("03/04/2026", "mdy")[0] == date(2026, 3, 4)
    assert dates.day_order(["03/04/2026", "31/12/2026"]) == "dmy"
    assert dates.day_order(["03/04/2026", "12/31/2026"]) == "mdy"
    assert dates.day_order(["31/12/2026", "12/31/2026"]) is None
    assert dates.day_order(["22/07/1448"]) is None


@pytest.mark.parametrize(
    "text", ["31/12/26", "30/02/2026", "30/02/1447", "46387", "2026-13-01", "15 August 1448", "31/12/2026 هـ", "2026-12-31T10:00Z", "soon", "1" * 99]
)
def test_what_is_no_certain_date_is_refused(text):
    with pytest.raises(CellWrong) as caught:
        dates.parse(text)

    assert "Fix:" in caught.value.words and "الحل:" in caught.value.words.ar


def test_a_time_of_day_is_handed_back_beside_the_date():
    assert dates.parse("2026-12-31 14:22:05") == (date(2026, 12, 31), "14:22:05")


@pytest.mark.parametrize(
    ("term", "cell", "value"),
    [
        ("BT-152", "15%", Decimal(15)),
        ("BT-152", "١٥٪", Decimal(15)),
        ("BT-152", "0.9 %", Decimal("0.9")),
        ("BT-152", "معفى", "E"),
        ("BT-151", "Zero-rated", "Z"),
        ("BT-151", "خارج نطاق الضريبة", "O"),
        ("BT-130", "قطعة", "H87"),
        ("BT-130", "kg", "KGM"),
        ("BT-130", "Stück", "H87"),
        ("BT-130", "XPK", "XPK"),
        ("BT-3", "إشعار دائن", "381"),
        ("BT-3", "Tax invoice", "380"),
        ("BT-5", "ر.س", "SAR"),
        ("BT-5", "eur", "EUR"),
        ("BT-55", "المملكة العربية السعودية", "SA"),
        ("BT-55", "Deutschland", "DE"),
        ("BT-1", Decimal("1001.00"), "1001"),
        ("BT-153", "  as given ", "  as given "),
    ],
)
def test_words_become_codes(term, cell, value):
    assert convert(term, cell) == value


@pytest.mark.parametrize(
    ("term", "cell", "message"),
    [
        ("BT-152", "0.15", "would be 0.15 %. Fix: write 15 or 15%"),
        ("BT-152", Decimal("0.15"), "would be 0.15 %"),
        ("BT-129", "15%", "is a percentage"),
        ("BT-129", date(2026, 1, 1), "is a date, and a number is expected"),
        ("BT-130", "some", "is no unit"),
        ("BT-151", "X", "is no VAT category"),
        ("BT-5", "ريال", "is no currency code"),
        ("BT-55", "Atlantis", "is no country"),
        ("BT-3", "Letter", "is no kind of document"),
        ("BT-153", "a\x00b", "control character"),
    ],
)
def test_a_cell_that_cannot_be_meant_so_is_refused(term, cell, message):
    with pytest.raises(CellWrong) as caught:
        convert(term, cell)

    assert message in str(caught.value.words)
    assert "\x00" not in caught.value.words


def test_a_tax_number_in_arabic_digits_is_the_one_of_the_register_and_an_invoice_number_stays():
    assert convert("BT-31", "٣١٠١٢٢٣٩٣٥٠٠٠٠٣") == "310122393500003"
    assert convert("BT-84", "SA٠٣ ٨٠٠٠") == "SA03 8000"
    assert convert("BT-1", "ف-١٠١") == "ف-١٠١"
    assert convert("BT-31", "رقم ٣١٠") == "رقم ٣١٠"
