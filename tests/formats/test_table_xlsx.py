"""Workbooks: what openpyxl writes is what we read; formulas are never computed; bombs and tricks stay outside (T95)."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest

from wasl.errors import UnreadableInput
from wasl.formats.table import package, xlsx
from wasl.formats.table.errors import NotATable, TableTooLarge, WorkbookRefused
from wasl.formats.table.grid import FormulaWithoutValue
from wasl.formats.table.write import to_xlsx

openpyxl = pytest.importorskip("openpyxl")


def book(*rows, title="Sheet", **cells):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place, (value, style) in cells.items():
        sheet[place] = value
        sheet[place].number_format = style
    return made


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return {name: found.read(name) for name in found.namelist()}


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def with_part(name, data, base=None):
    return packed({**parts_of(base or saved(book(["a", "b"], [1, 2]))), name: data})


def with_strings(strings, rows):
    """A workbook whose cells name texts of a part of their own, as Excel writes them."""
    relation = b'<Relationship Id="rS" Type="x/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    parts = parts_of(saved(book(["a"])))
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", relation)
    return packed({**parts, "xl/sharedStrings.xml": f'<sst xmlns="{xlsx_namespace}">{strings}</sst>'.encode(), SHEET: sheet_xml(rows)})


def sheet_xml(rows):
    return f'<worksheet xmlns="{xlsx_namespace}"><sheetData>{rows}</sheetData></worksheet>'.encode()


xlsx_namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def test_what_another_programme_writes_is_read():
    made = book(["رقم الفاتورة", "Qty", None, "Price"], ["INV-1", 3, None, 12.5], [" =1+1", True, datetime(2026, 12, 31), date(1990, 1, 1)])

    found = xlsx.load(saved(made))

    assert found.rows == [
        ["رقم الفاتورة", "Qty", None, "Price"],
        ["INV-1", Decimal(3), None, Decimal("12.5")],
        [" =1+1", "1", date(2026, 12, 31), date(1990, 1, 1)],
    ]


def test_what_we_write_is_what_another_programme_reads():
    from wasl.formats import wasljson

    invoice = wasljson.read(b'{"wasl":1,"number":"=1+1","issue_date":"2026-12-31","lines":[{"quantity":"3","net_amount":"12.50"}]}').invoice
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([invoice], lang="ar"))).active

    assert [cell.value for cell in sheet[2]] == ["=1+1", datetime(2026, 12, 31), 3, 12.5]
    assert [cell.data_type for cell in sheet[2]] == ["s", "d", "n", "n"]
    assert sheet.sheet_view.rightToLeft


def test_a_binary_fraction_becomes_the_figure_that_people_saw():
    data = with_part(
        SHEET, sheet_xml("<row><c><v>13389.619999999999</v></c><c><v>0.1</v></c><c><v>1E-3</v></c><c><v>89264.130000000005</v></c></row>")
    )

    assert xlsx.load(data).rows == [[Decimal("13389.62"), Decimal("0.1"), Decimal("0.001"), Decimal("89264.13")]]


def test_a_percentage_is_read_as_it_is_shown():
    found = xlsx.load(saved(book(A1=(0.15, "0%"), B1=(0.077, "0.0 %"), C1=(0.15, "0.00"))))

    assert found.rows == [["15%", "7.7%", Decimal("0.15")]]


@pytest.mark.parametrize("style", ["dd/mm/yyyy", "yyyy-mm-dd", "[$-2000401]d mmm yyyy", 'd "day" m'])
def test_dates_are_told_by_their_format(style):
    assert xlsx.load(saved(book(A1=(46387, style)))).rows == [[date(2026, 12, 31)]]


@pytest.mark.parametrize("style", ['0.00 "d"', "[Red]0.00", "#,##0\\d", "General"])
def test_a_d_in_quotes_is_no_date(style):
    assert xlsx.load(saved(book(A1=(46387, style)))).rows == [[Decimal(46387)]]


def test_the_calendar_of_old_macs_is_followed():
    made = book(A1=(1, "yyyy-mm-dd"))
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active["A1"].value = 1
    assert xlsx.load(saved(made)).rows == [[date(1904, 1, 2)]]


def test_a_formula_is_never_computed_and_its_last_result_is_used():
    result = xlsx.load(with_part(SHEET, sheet_xml('<row><c><f>1+1</f><v>2</v></c><c t="str"><f>A1&amp;"x"</f><v>2x</v></c></row>')))
    without = xlsx.load(saved(book(["=1+1", "=HYPERLINK(A1)"])))

    assert result.rows == [[Decimal(2), "2x"]]
    assert [type(cell) for cell in without.rows[0]] == [FormulaWithoutValue, FormulaWithoutValue]


def test_rich_text_joins_and_reading_hints_are_left_out():
    strings = '<si><r><t>a</t></r><r><t xml:space="preserve"> b</t></r><rPh><t>HINT</t></rPh></si><si><t>x_x000D_y_x005F_x0041_</t></si>'

    data = with_strings(strings, '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>')

    assert xlsx.load(data).rows == [["a b", "x\ry_x0041_"]]


def test_the_first_sheet_that_is_seen_is_read_and_another_by_name():
    made = book(["hidden"], title="Setup")
    made.create_sheet("Data").append(["seen"])
    made.active.sheet_state = "hidden"

    assert (xlsx.load(saved(made)).sheet, xlsx.load(saved(made)).rows) == ("Data", [["seen"]])
    assert xlsx.load(saved(made), sheet="Setup").rows == [["hidden"]]
    with pytest.raises(NotATable, match="no sheet “Other”, only: Setup, Data"):
        xlsx.load(saved(made), sheet="Other")


def test_t95_a_bomb_is_refused_by_its_directory():
    bomb = with_part("xl/media/image1.png", b"\0" * 100_000_000)

    assert len(bomb) < 200_000
    with pytest.raises(TableTooLarge, match="unpacks to far more"):
        xlsx.load(bomb)


def test_t95_a_directory_that_lies_does_not_help_a_bomb():
    rows = b"<row/>" * 20_000_000
    bomb = bytearray(with_part(SHEET, b'<worksheet xmlns="' + xlsx_namespace.encode() + b'"><sheetData>' + rows))
    directory = struct.unpack("<I", bomb[-6:-2])[0]
    at = bomb.find(SHEET.encode(), directory) - 46
    bomb[at + 24 : at + 28] = struct.pack("<I", 1000)  # the unpacked size, as the directory tells it

    with pytest.raises(UnreadableInput):
        xlsx.load(bytes(bomb))


def test_t95_a_million_entries_are_refused_before_they_are_listed(monkeypatch):
    data = bytearray(saved(book(["a"])))
    data[-14:-10] = struct.pack("<HH", 65_535, 65_535)
    monkeypatch.setattr(package.zipfile, "ZipFile", lambda *_: pytest.fail("listed"))

    with pytest.raises(WorkbookRefused, match="2,000 parts"):
        xlsx.load(bytes(data))


def test_t95_names_that_leave_the_folder_and_links_write_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    link = zipfile.ZipInfo("xl/link")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO(saved(book(["a"])))
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("../../escaped.txt", "x")
        made.writestr(link, "/etc/passwd")

    assert xlsx.load(out.getvalue()).rows == [["a"]]
    assert list(tmp_path.iterdir()) == []


def test_t95_a_zip_inside_a_zip_is_not_opened():
    with pytest.raises(WorkbookRefused, match="no XLSX workbook"):
        xlsx.load(packed({"inner.xlsx": saved(book(["a"]))}))


def test_t95_two_parts_of_one_name_are_refused():
    out = io.BytesIO(saved(book(["a"])))
    with zipfile.ZipFile(out, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(SHEET, sheet_xml("<row><c><v>9</v></c></row>"))

    with pytest.raises(WorkbookRefused, match="is there twice"):
        xlsx.load(out.getvalue())


def test_a_doctype_in_any_part_is_refused_before_an_entity_is_expanded():
    laughs = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]><worksheet>&c;</worksheet>'

    for name in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        with pytest.raises(WorkbookRefused, match="DOCTYPE"):
            xlsx.load(with_part(name, laughs))


def test_a_text_used_a_million_times_is_kept_once():
    row = "<row>" + '<c t="s"><v>0</v></c>' * 400 + "</row>"

    found = xlsx.load(with_strings(f"<si><t>{'x' * 30_000}</t></si>", row * 400))

    assert sum(len(row) for row in found.rows) == 160_000
    assert len({id(cell) for row in found.rows for cell in row}) == 1


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="60000"><c><v>1</v></c></row>',
        '<row><c r="ZZZ1"><v>1</v></c></row>',
        '<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>',
        '<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row><c t="s"><v>99</v></c></row>',
        '<row><c t="s"/></row>',
        '<row><c r="!"><v>1</v></c></row>',
        f'<row><c t="str"><v>{"x" * 33_000}</v></c></row>',
    ],
)
def test_a_sheet_beyond_the_bounds_or_out_of_order_is_refused(rows):
    with pytest.raises((TableTooLarge, WorkbookRefused)):
        xlsx.load(with_part(SHEET, sheet_xml(rows)))


def test_no_link_or_image_is_followed(tmp_path):
    """Audit hook: nothing is opened and no socket is made while a workbook with external parts is read."""
    data = with_part("xl/externalLinks/externalLink1.xml", b"<x/>")
    links = parts_of(data)["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", b'<Relationship Id="rX" Type="t/worksheet" Target="http://127.0.0.1/x" TargetMode="External"/></Relationships>'
    )
    data = with_part("xl/_rels/workbook.xml.rels", links, data)
    xlsx.load(data)
    seen, active = [], [True]
    sys.addaudithook(lambda event, arguments: seen.append(event) if active[0] and (event.startswith("socket.") or event == "open") else None)

    xlsx.load(data)
    active[0] = False

    assert seen == []


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99], ids=["cut", "empty", "xls"]
)
def test_other_containers_are_refused(data):
    with pytest.raises(WorkbookRefused):
        xlsx.load(data)


@pytest.mark.parametrize("cut", [50, 500, 2000, 4000])
def test_a_cut_workbook_is_refused(cut):
    with pytest.raises(WorkbookRefused):
        xlsx.load(saved(book(["a", "b"], [1, 2]))[:cut])
