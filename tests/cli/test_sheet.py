"""`wasl sheet`: what was recognised, a rehearsal, all or nothing, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasl.cli.main import run
from wasl.formats import ubl

SHEET = """رقم الفاتورة,التاريخ,العميل,الصنف,الكمية,سعر الوحدة,الضريبة %,العملة
ف-1,31/12/2026,شركة النور,استشارة,3,100.00,15,SAR
ف-1,31/12/2026,شركة النور,تدريب,1,50.50,15,SAR
ف/2,30/12/2026,شركة الهدى,استشارة,1,10.00,15,SAR
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_columns_prints_a_mapping_and_says_what_is_missing(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sheet", "columns", str(sheet)]) == 1
    captured = capsys.readouterr()

    assert '"الكمية" = "BT-129"  # الكمية · quantity' in captured.out
    assert "missing: BT-27 seller name · اسم البائع" in captured.err
    assert "headers in row 1, 4 rows" in captured.err


def test_the_printed_mapping_is_edited_and_used(sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["sheet", "columns", str(sheet)])
    mapping = tmp_path / "map.toml"
    mapping.write_text(capsys.readouterr().out + '"BT-27" = "مؤسسة الوصل"\n"BT-40" = "SA"\n"BT-31" = "300000000000003"\n"BT-55" = "SA"\n', encoding="utf-8")

    assert run(["sheet", "columns", str(sheet), "--map", str(mapping)]) == 0
    assert run(["sheet", "read", str(sheet), "--map", str(mapping), "-o", str(tmp_path / "out")]) == 0
    written = {path.name: ubl.read(path.read_bytes()).invoice for path in (tmp_path / "out").iterdir()}
    assert set(written) == {"ف-1.xml", "ف_2.xml"}
    assert written["ف-1.xml"].seller.name == "مؤسسة الوصل"


def test_without_a_folder_it_is_a_rehearsal(sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sheet", "read", str(sheet)]) == 0
    captured = capsys.readouterr()

    assert captured.out.splitlines() == ["ف-1  2026-12-31  2 line(s)  SAR 403.08  rows 2-3", "ف/2  2026-12-30  1 line(s)  SAR 11.50  rows 4"]
    assert "2 invoice(s) can be read. Write them with -o DIR." in captured.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sales.csv"]


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("استشارة,3,", "استشارة,3x,", 2, "الصف 2، العمود «الكمية»: «3x» ليس رقمًا."),
        ("العملة\n", "العملة,إجمالي الفاتورة\n", 1, "الصف 2، العمود «إجمالي الفاتورة»: المذكور 9.00"),
    ],
)
def test_one_wrong_cell_or_total_stops_everything(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, code: int, said: str
) -> None:
    text = SHEET.replace(old, new)
    sheet.write_text(text if code == 2 else text.replace("15,SAR\nف-1", "15,SAR,9.00\nف-1"), encoding="utf-8")

    assert run(["sheet", "read", str(sheet), "-o", str(tmp_path / "out"), "--lang", "ar"]) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert "لم يُكتب شيء. المشكلات: 1، في 1 من أصل 2 من الفواتير." in captured.err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_there_is_not_written_over(sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ف_2.json").write_text("mine")

    assert run(["sheet", "read", str(sheet), "--to", "json", "-o", str(tmp_path)]) == 5
    assert "is there already, so nothing was written" in capsys.readouterr().err
    assert not (tmp_path / "ف-1.json").exists()
    assert run(["sheet", "read", str(sheet), "--to", "json", "-o", str(tmp_path), "--force"]) == 0
    assert (tmp_path / "ف_2.json").read_text() != "mine"


@pytest.mark.parametrize("number", ["../../x", "..", "a/b", "C:\\x", ".hidden", "con\u202efdp"])
def test_t42_a_number_that_is_a_path_stays_in_the_folder(sheet: Path, tmp_path: Path, number: str) -> None:
    sheet.write_text(SHEET.replace("ف/2", number), encoding="utf-8")

    assert run(["sheet", "read", str(sheet), "--to", "json", "-o", str(tmp_path / "out")]) == 0
    names = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(names) == 2
    assert all(not name.startswith(".") and "/" not in name and "\\" not in name and "\u202e" not in name for name in names)


def test_numbers_that_differ_in_case_alone_get_files_of_their_own(sheet: Path, tmp_path: Path) -> None:
    sheet.write_text(SHEET.replace("ف/2", "A").replace("ف-1", "a"), encoding="utf-8")

    assert run(["sheet", "read", str(sheet), "--to", "json", "-o", str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["A-2.json", "a.json"]


@pytest.mark.parametrize("name", ["back.csv", "back.xlsx"])
def test_invoices_become_a_table_and_come_back(sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    run(["sheet", "read", str(sheet), "--to", "json", "-o", str(tmp_path / "out")])

    assert run(["sheet", "write", *map(str, sorted((tmp_path / "out").iterdir())), "-o", str(tmp_path / name), "--lang", "ar"]) == 0
    capsys.readouterr()
    assert run(["sheet", "read", str(tmp_path / name)]) == 0
    assert "SAR 403.08" in capsys.readouterr().out


def test_wrong_use_is_said_in_one_line(sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sheet"]) == 2
    assert run(["sheet", "write", str(sheet), "-o", str(tmp_path / "x.pdf")]) == 2
    assert run(["sheet", "read", str(tmp_path / "absent.csv")]) == 2
    (tmp_path / "bad.toml").write_text("version = 9")
    assert run(["sheet", "read", str(sheet), "--map", str(tmp_path / "bad.toml")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_terms_are_listed_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sheet", "terms"]) == 0
    assert "BT-129   quantity                                     الكمية" in capsys.readouterr().out


def test_in_arabic_the_rehearsal_is_arabic_throughout(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["sheet", "read", str(sheet), "--lang", "ar"])
    said = capsys.readouterr()

    assert "البنود" in said.out
    assert "invoice(s)" not in said.out + said.err
    assert "line(s)" not in said.out
