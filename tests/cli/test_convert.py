"""`wasl convert`: every syntax from every other, losses told, exit codes by the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasl.cli.main import run
from wasl.formats import cii, pdf, ubl, wasljson
from wasl.formats.read import read
from wasl.rules import validate

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
INVOICE = wasljson.read((GOLDEN / "several-rates.json").read_bytes()).invoice


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "invoice.xml"
    path.write_bytes(ubl.write(INVOICE))
    return path


def convert(source: Path, to: str, *more: str) -> tuple[int, Path]:
    out = source.with_name(f"{source.name}.{to}{''.join(more)}")
    return run(["convert", str(source), "--to", to, "-o", str(out), *more]), out


def test_there_and_back_through_every_syntax_gives_the_same_invoice(source, capsys):
    path = source
    for to in ("cii", "json", "facturx", "ubl"):
        code, path = convert(path, to)
        assert code == 0
        assert read(path.read_bytes()).invoice == INVOICE

    assert path.read_bytes() == source.read_bytes()
    assert "lost" not in capsys.readouterr().err


def test_xrechnung_is_cii_and_with_a_profile_ubl(source, capsys):
    _, as_cii = convert(source, "xrechnung")
    _, as_ubl = convert(source, "ubl", "--profile", "xrechnung")

    assert [read(each.read_bytes()).syntax for each in (as_cii, as_ubl)] == ["cii", "ubl-invoice"]
    for each in (as_cii, as_ubl):
        assert read(each.read_bytes()).invoice.specification == cii.PROFILES["xrechnung"].specification
    assert "changed: specification" in capsys.readouterr().err


def test_a_smaller_profile_writes_and_tells_what_it_left_out(source, capsys):
    code, out = convert(source, "facturx", "--profile", "basicwl")

    assert code == 0
    told = capsys.readouterr().err
    assert "left out: lines[0].item.name" in told
    assert "(BT-153)" in told
    assert [(each.name, each.relationship) for each in pdf.attachments(out.read_bytes())] == [("factur-x.xml", "Data")]


def test_what_the_model_cannot_hold_stops_the_writing(source, capsys):
    source.write_bytes(source.read_bytes().replace(b"<cbc:IssueDate>", b"<cbc:UUID>9</cbc:UUID><cbc:IssueDate>"))

    code, out = convert(source, "cii")

    assert (code, out.exists()) == (1, False)
    assert "lost: /ubl:Invoice/cbc:UUID = '9'" in capsys.readouterr().err
    assert run(["convert", str(source), "--to", "cii", "-o", str(out), "--force"]) == 0
    assert validate(out.read_bytes()).valid is not False


@pytest.mark.parametrize("arguments", [("json", "--profile", "basic"), ("ubl", "--profile", "extended"), ("xrechnung", "--profile", "minimum")])
def test_a_profile_that_does_not_fit_is_wrong_usage(source, arguments, capsys):
    assert convert(source, *arguments)[0] == 2
    assert "There is no CII profile" in capsys.readouterr().err


def test_a_seal_beside_the_file_goes_into_the_pdf_with_its_original(source):
    source.with_name("invoice.xml.xades").write_bytes(b"<seal/>")

    _, out = convert(source, "facturx")

    inside = {each.name: each for each in pdf.attachments(out.read_bytes())}
    assert set(inside) == {"factur-x.xml", "invoice.xml", "invoice.xml.xades"}
    assert inside["invoice.xml"].data == source.read_bytes()


def test_cii_of_the_wanted_profile_goes_in_byte_for_byte(tmp_path):
    path = tmp_path / "basic.xml"
    path.write_bytes(cii.write(INVOICE, "basic").replace(b"\n", b"\r\n"))

    _, out = convert(path, "facturx")

    (inside,) = pdf.attachments(out.read_bytes())
    assert (inside.name, inside.data) == ("factur-x.xml", path.read_bytes())


def test_a_pdf_says_which_file_was_taken(source, capsys):
    _, hybrid = convert(source, "facturx")
    convert(hybrid, "ubl")

    assert "taken: factur-x.xml" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("convert", "--to", "facturx"), ("render",)])
def test_an_invoice_is_not_written_over_by_what_was_made_of_it(source, tmp_path, command, capsys):
    place = tmp_path / "invoice.pdf"
    place.write_bytes(source.read_bytes())
    (tmp_path / "link.pdf").symlink_to(place)

    assert run([*command, str(place), "-o", str(tmp_path / "link.pdf")]) == 2
    assert "is the file that was read" in capsys.readouterr().err
    assert place.read_bytes() == source.read_bytes()
