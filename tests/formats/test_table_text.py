"""CSV as it comes: encodings, delimiters, quotes, and every bound (T97)."""

from __future__ import annotations

import pytest

from wasl.formats.table import grid, text
from wasl.formats.table.errors import MixedEncodings, NotATable, TableRefused, TableTooLarge

ARABIC = "رقم الفاتورة,العميل\r\nف-1,شركة النور للتجارة\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
def test_arabic_text_is_read_in_every_encoding_that_people_save(encoding):
    found = text.load(ARABIC.encode(encoding))

    assert found.rows == [["رقم الفاتورة", "العميل"], ["ف-1", "شركة النور للتجارة"]]


@pytest.mark.parametrize("words", ["Größe,Prix à l’unité\nöß,é\n", "Menge,Stück\nMüller & Söhne,Straße\n"])
def test_western_letters_of_windows_are_told_from_arabic_ones(words):
    assert text.load(words.encode("cp1252")).encoding == "cp1252"
    assert text.load(words.encode("cp1252")).rows[1] == words.split("\n")[1].split(",")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_rows(delimiter):
    rows = [["No", "Item, with comma", "Price"], ["1", 'say "x"; y', "1.5"], ["2", "line\nbreak", "2.5"]]
    data = "\r\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows).encode()

    found = text.load(data)

    assert (found.delimiter, found.rows) == (delimiter, rows)


def test_a_decimal_comma_does_not_win_over_the_semicolon():
    assert text.load(b"Nr;Preis;Menge\n1;12,50;1,5\n2;13,50;2,5\n").delimiter == ";"


def test_the_mark_of_excel_is_obeyed_and_keeps_its_row():
    found = text.load(b"sep=|\r\na|b,c\r\n1|2\r\n")

    assert found.rows == [[], ["a", "b,c"], ["1", "2"]]


def test_t97_two_encodings_in_one_file_are_refused_with_the_line():
    mixed = "رقم,اسم\nالأول,نعم\n".encode() + "الثاني,نعم\n".encode("cp1256")

    with pytest.raises(MixedEncodings, match="Line 3"):
        text.load(mixed)
    with pytest.raises(MixedEncodings):
        text.load("Größe,ok\n".encode("cp1252") + ("السلام عليكم ورحمة الله\n" * 9).encode())


def test_t97_a_million_rows_are_refused_before_they_are_kept():
    with pytest.raises(TableTooLarge, match="50,000 rows"):
        text.load(b"a,b\n" * 1_000_000)


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 2_000_000,
        b'a,b\n"' + b"x" * 2_000_000,
        b"a,b\n" + b"," * 600_000 + b"x\n",
        b"a,b\n" + b"x" * 40_000 + b",1\n",
        b"a,b\n" + b"1," * 400 + b"\n" * 1 + (b"1," * 400 + b"\n") * 3000,
    ],
    ids=["one line", "one open quote", "columns", "one cell", "cells"],
)
def test_t97_long_lines_wide_rows_and_large_cells_are_refused(data):
    with pytest.raises(TableTooLarge):
        text.load(data)


def test_rows_padded_with_empty_cells_are_read():
    assert text.load(b"a,b" + b"," * 900 + b"\n1,2" + b"," * 900).rows[0][:2] == ["a", "b"]


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, b"\xff\xfe\x00\x00a\x00\x00\x00", b"\xff\xfea\x00\xd8"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(TableRefused):
        text.load(data)


def test_a_mapping_names_the_encoding_where_bytes_do_not_fit_it():
    with pytest.raises(NotATable, match="do not fit the encoding utf-8"):
        text.load("né,b\n".encode("cp1252"), encoding="utf-8")


def test_columns_are_named_as_a_spreadsheet_names_them():
    assert [grid.column_letter(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
