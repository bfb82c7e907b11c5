"""`wasl validate`: the JSON and exit codes of the contract, one clear line for every bad file, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wasl.cli.main import run
from wasl.files import FILE_BYTES_MAX

HEAD = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
UBL = f'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" {HEAD}>%s</Invoice>'
TOTALS = "<cbc:TaxInclusiveAmount>1150</cbc:TaxInclusiveAmount><cbc:PayableAmount>1200</cbc:PayableAmount>"
BROKEN = (UBL % f"<cac:LegalMonetaryTotal>{TOTALS}</cac:LegalMonetaryTotal>").encode()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Wasl's own Brussels-like invoice, right under the plain rules."""
    from datetime import date
    from decimal import Decimal as D

    from wasl.formats import ubl
    from wasl.invoice.model import Address, Invoice, Item, Line, Party, Price
    from wasl.invoice.totals import totals

    invoice = Invoice(
        number="1",
        issue_date=date(2026, 11, 23),
        due_date=date(2026, 12, 23),
        type_code="380",
        currency="EUR",
        specification="urn:cen.eu:en16931:2017",
        seller=Party(name="A", vat_identifier="BE0123456789", address=Address(country="BE")),
        buyer=Party(name="B", address=Address(country="BE")),
        lines=(
            Line(identifier="1", quantity=D(1), unit="C62", price=Price(net=D(10)), tax_category="S", tax_rate=D(21), item=Item(name="x")),
        ),
    )
    path = tmp_path / "فاتورة جيدة.xml"
    path.write_bytes(ubl.write(totals(invoice)))
    return path


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["validate", *arguments])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    return code, captured.out + captured.err


def test_a_good_invoice(good: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["validate", "--json", str(good)]) == 0
    result = json.loads(capsysbinary.readouterr().out)
    assert {key: result[0][key] for key in ("file", "syntax", "profile", "valid", "findings")} == {
        "file": str(good), "syntax": "ubl", "profile": "en16931", "valid": True, "findings": [],
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ar", "both"])
def test_the_json_of_a_finding(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], lang: str) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(BROKEN)
    assert run(["validate", "--json", "--lang", lang, str(path)]) == 1
    (result,) = json.loads(capsysbinary.readouterr().out)
    assert {"file", "syntax", "profile", "valid", "findings"} <= set(result) and result["valid"] is False
    finding = next(f for f in result["findings"] if f["rule"] == "BR-CO-16")
    assert set(finding) == {"rule", "severity", "term", "where", "xpath", "line", "column", "official", "message", "fix"}
    assert (finding["line"], finding["column"]) == (1, BROKEN.decode().index("<cbc:PayableAmount") + 1)
    assert (finding["severity"], finding["term"], finding["xpath"]) == ("fatal", "BT-115", "/ubl:Invoice/cac:LegalMonetaryTotal")
    assert finding["official"].startswith("[BR-CO-16]-Amount due for payment")
    if lang == "both":
        assert set(finding["message"]) == set(finding["fix"]) == {"ar", "en"} and finding["where"] == "amount due"
    else:
        assert finding["where"] == ("المبلغ المستحق" if lang == "ar" else "amount due")
    assert "1,150.00" in json.dumps(finding["message"], ensure_ascii=False)


def test_a_rule_that_could_not_be_checked_says_so(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(BROKEN.replace(b"1200", b"abc"))
    assert run(["validate", "--json", str(path)]) == 1
    (result,) = json.loads(capsysbinary.readouterr().out)
    finding = next(f for f in result["findings"] if f["rule"] == "BR-CO-16")
    assert finding["unevaluable"] is True and "“abc” is not a number" in finding["message"]


def test_the_screen_names_place_message_fix_and_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(BROKEN)
    code, text = check(capsys, str(path), "--lang", "both")
    assert code == 1
    for expected in ("not valid", "979 rules", "BR-CO-16 · BT-115", "amount due", "Fix: Change the amount due"):
        assert expected in text
    assert "المبلغ المستحق" in text and "الحل: غيّر" in text
    assert "\x1b[" not in text, "no colour where nobody looks"


def test_many_findings_of_one_rule_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes((UBL % ("<cac:InvoiceLine/>" * 9)).encode())
    _, text = check(capsys, str(path))
    assert "BR-22: 5 more like these (--all shows them)" in text
    _, text = check(capsys, str(path), "--all")
    assert "more like these" not in text and "line 9, quantity" in text


BAD = {
    "empty": b"",
    "white": b" \n\t",
    "binary": bytes(range(256)) * 8,
    "text": "ليست فاتورة".encode(),
    "cut": BROKEN[:200],
    "doctype": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "wrong root": b"<a/>",
    "wrong encoding": '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("latin-1"),
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "control": b"<a>\x01</a>",
    "deep": b"<a>" * 200 + b"</a>" * 200,
    "pdf stub": b"%PDF-1.7\n%%EOF",
    "json": b'{"wasl": 2}',
    "json cut": b'{"wasl": 1,',
    "json list": b"[1]",
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_gives_one_line_and_2(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad file"
    path.write_bytes(BAD[name])
    code, text = check(capsys, str(path))
    assert code == 2, text
    assert len(text.strip().splitlines()) == 1 and "bad file" in text and text.rstrip().endswith("."), text


@pytest.mark.parametrize("name", BAD)
def test_and_in_json_an_error_in_the_language_asked_for(name: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "x"
    path.write_bytes(BAD[name])
    assert run(["validate", "--json", "--lang", "both", str(path)]) == 2
    (result,) = json.loads(capsysbinary.readouterr().out)
    assert set(result) == {"file", "error"} and set(result["error"]) == {"ar", "en"}
    assert any("\u0621" <= char <= "\u064a" for char in result["error"]["ar"])


def test_a_folder_a_missing_file_and_odd_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder").mkdir()
    for name in (str(tmp_path / "folder"), str(tmp_path / "missing.xml"), "a\0b", "/dev/full/x", "x" * 5000):
        code, text = check(capsys, name)
        assert code == 2 and len(text.strip().splitlines()) == 1, name


def test_a_file_without_permission(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """By injection, for root may read everything."""
    path = tmp_path / "x.xml"
    path.write_bytes(BROKEN)

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    code, text = check(capsys, str(path))
    assert code == 2 and "Permission denied" in text and len(text.strip().splitlines()) == 1


def test_a_huge_file_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(FILE_BYTES_MAX + 1)
    code, text = check(capsys, str(path))
    assert code == 2 and "larger than 100 MB" in text


def test_a_terminal_is_not_repainted_by_a_file_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a\x1b[2Jb.xml"
    path.write_bytes(BROKEN)
    _, text = check(capsys, str(path))
    assert "\x1b" not in text


def test_the_first_code_that_applies(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken, unreadable = tmp_path / "b.xml", tmp_path / "u.xml"
    broken.write_bytes(BROKEN)
    unreadable.write_bytes(b"")
    assert check(capsys, str(good), str(broken))[0] == 1
    code, text = check(capsys, str(good), str(broken), str(unreadable))
    assert code == 2 and "3 files: 1 valid, 1 not valid, 1 cannot be read" in text


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys)[0] == 2
    code, text = check(capsys, "x.xml", "--profile", "mars")
    assert code == 2 and "mars" in text and "en16931" in text and len(text.strip().splitlines()) == 1
    assert check(capsys, "x.xml", "--lang", "fr")[0] == 2


def test_a_law_adds_its_own_findings(good: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["validate", "--json", "--profile", "sa", str(good)]) == 1
    (result,) = json.loads(capsysbinary.readouterr().out)
    assert result["profile"] == "sa" and result["valid"] is False
    finding = next(f for f in result["findings"] if f["rule"] == "WASL-SA-01")
    assert finding["where"] == "seller VAT number" and "BE0123456789" in finding["message"]


def test_wasl_json_is_checked_like_its_ubl(good: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    from wasl.formats import ubl, wasljson

    path = tmp_path / "draft.json"
    path.write_bytes(wasljson.write(ubl.read(good.read_bytes()).invoice))
    assert run(["validate", "--json", str(path)]) == 0
    assert json.loads(capsysbinary.readouterr().out)[0]["valid"] is True


def test_standard_input(good: Path) -> None:
    command = [sys.executable, "-m", "wasl.cli.main", "validate", "-", "--json"]
    done = subprocess.run(command, input=good.read_bytes(), capture_output=True, check=False, timeout=60)
    assert done.returncode == 0 and json.loads(done.stdout)[0]["file"] == "-"


def test_the_command_module_is_light() -> None:
    """`wasl --help` and every other command pay nothing for this one."""
    heavy = ("lxml", "msgspec", "rich", "orjson", "decimal")
    code = f"import sys, wasl.cli.validate, wasl.cli.rules; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_all_official_examples_are_valid(corpus: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    files = [str(p) for p in sorted((corpus / "en16931" / "ubl" / "examples").glob("*.xml"))]
    assert run(["validate", "--json", "--profile", "en16931", *files]) == 0
    results = json.loads(capsysbinary.readouterr().out)
    assert len(results) == 16 and all(result["valid"] is True for result in results)


def test_a_file_name_that_is_no_utf_8(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.xml"
    Path(os.fsdecode(name)).write_bytes(BROKEN)
    missing = os.fsencode(tmp_path) + b"/\xfe.xml"
    for extra in ([], ["--json"]):
        command = [sys.executable, "-m", "wasl.cli.main", "validate", name, missing, *extra]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
        assert done.returncode == 2 and b"Traceback" not in done.stderr and b"BR-CO-16" in done.stdout, done.stderr


def test_a_terminal_that_knows_no_arabic(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(BROKEN)
    command = [sys.executable, "-m", "wasl.cli.main", "validate", str(path), "--lang", "ar"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1 and b"BR-CO-16" in done.stdout


def test_what_was_not_fully_checked_says_so(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    from wasl.rules.report.shown import Both, FileReport, Missing
    from wasl.service import many

    report = FileReport("x.xml", syntax="ubl", profile="en16931", unchecked=(Missing("code lists", Both("غير مثبّتة", "not installed")),))
    monkeypatch.setattr(many, "examine", lambda data, file, profile: report)
    monkeypatch.setattr(many.Item, "read", lambda self: b"")
    assert run(["validate", "--json", "x.xml"]) == 4
    (result,) = json.loads(capsysbinary.readouterr().out)
    assert result["valid"] is None and result["unchecked"] == [{"set": "code lists", "reason": "not installed"}]


def test_a_warm_start_loads_only_what_it_needs(good: Path, tmp_path: Path) -> None:
    """The figure itself is bench/validate.py's; a clock in a test would only measure the machine's mood."""
    code = (
        "import sys; from wasl.cli.main import run; status = run(['validate', '--json', sys.argv[1]]); "
        "heavy = ('django', 'typst', 'rich', 'pikepdf', 'cryptography', 'babel', 'msgspec', 'wasl.rules.explain', 'wasl.rules.generate', 'wasl.rules.xpath'); "
        "sys.exit(repr(sorted(set(heavy) & set(sys.modules))) if status == 0 else status)"
    )
    environment = os.environ | {"WASL_CACHE_DIR": str(tmp_path)}
    for start in ("cold", "warm"):
        done = subprocess.run([sys.executable, "-c", code, str(good)], capture_output=True, text=True, timeout=60, env=environment, check=False)
        if start == "cold":
            assert "wasl.rules.generate" in done.stderr
    assert done.stderr.strip() == "[]"


def test_the_file_inside_a_pdf_is_named_and_its_lines_are_counted(good: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    import pikepdf

    path = tmp_path / "in.pdf"
    broken = good.read_bytes().replace(b">EUR</cbc:DocumentCurrencyCode>", b">euro</cbc:DocumentCurrencyCode>")
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(document, broken, filename="factur-x.xml", mime_type="text/xml")
        document.save(path)

    assert run(["validate", "--json", str(path)]) == 1
    (result,) = json.loads(capsysbinary.readouterr().out)
    finding = next(each for each in result["findings"] if each["rule"] == "BR-CL-04")
    line = broken[: broken.index(b"<cbc:DocumentCurrencyCode")].count(b"\n") + 1
    assert result["inside"] == "factur-x.xml" and finding["line"] == line


def test_findings_of_the_schema_are_shown_like_others(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good.write_bytes(good.read_bytes().replace(b"2026-11-23", b"23.11.2026"))
    code, text = check(capsys, str(good), "--lang", "en")

    assert code == 1 and "XSD" in text and "23.11.2026" in text and "^^^^^^^^^^" in text
