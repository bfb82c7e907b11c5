"""`wasl fix`: writes a mended copy, shows the diff, refuses to guess and to break a seal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wasl.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
GOOD = (ROOT / "bench" / "data" / "rich-10.xml").read_bytes()
BROKEN = GOOD.replace(b"762.65</cbc:LineExt", b"99.99</cbc:LineExt")
LEFT = GOOD.replace(b"<cbc:IdentificationCode>BE<", b"<cbc:IdentificationCode>Atlantis<")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "in.xml"
    path.write_bytes(BROKEN)
    return path


def test_the_mended_copy_is_written_and_the_diff_is_shown(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = broken.with_name("out.xml")

    assert run(["fix", str(broken), "-o", str(out), "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert out.read_bytes() == GOOD and broken.read_bytes() == BROKEN
    assert "-<cbc:LineExtensionAmount" in text and "+<cbc:LineExtensionAmount" in text
    assert "sum of the lines = the sum of the line net amounts = 762.65" in text and "BR-CO-10" in text


def test_both_languages(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", str(broken), "--dry-run", "--lang", "both"]) == 0
    text = capsys.readouterr().out

    assert "مجموع البنود = مجموع صافي البنود = 762.65" in text and "sum of the lines" in text


def test_a_dry_run_writes_nothing(broken: Path, tmp_path: Path) -> None:
    assert run(["fix", str(broken), "--dry-run"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["in.xml"]


def test_json(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", str(broken), "--dry-run", "--json", "--lang", "both"]) == 0
    result = json.loads(capsys.readouterr().out)

    assert (result["valid_before"], result["valid"], result["changed"], result["left"]) == (False, True, True, [])
    (change,) = result["changes"]
    assert change["rules"] == ["BR-CO-10", "BR-CO-13"] and change["places"] == [{"line": 250, "column": 43}]
    assert set(change["reason"]) == {"ar", "en"} and result["diff"].startswith("--- ")


def test_what_is_left_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "in.xml"
    path.write_bytes(LEFT)

    assert run(["fix", str(path), "-o", str(tmp_path / "out.xml"), "--lang", "en"]) == 1
    assert "“Atlantis” names more than one code, or none" in capsys.readouterr().out
    assert (tmp_path / "out.xml").read_bytes() == LEFT


def test_on_standard_output_only_the_document(broken: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["fix", str(broken), "-o", "-"]) == 0
    captured = capsysbinary.readouterr()

    assert captured.out == GOOD and b"BR-CO-10" in captured.err


@pytest.mark.parametrize("beside", ["in.xades", "in.xml.xades", "in.tlog-proof"])
def test_a_sealed_file_is_not_changed_in_place(broken: Path, beside: str, capsys: pytest.CaptureFixture[str]) -> None:
    broken.with_name(beside).write_text("seal")

    assert run(["fix", str(broken), "-o", str(broken)]) == 1
    assert "is sealed" in capsys.readouterr().err and broken.read_bytes() == BROKEN


def test_a_copy_of_a_sealed_file_says_that_the_seal_no_longer_fits(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken.with_name("in.xades").write_text("seal")

    assert run(["fix", str(broken), "-o", str(broken.with_name("out.xml")), "--lang", "both"]) == 0
    text = capsys.readouterr().out
    assert "The seal does not fit this copy" in text and "الختم لا يطابق هذه النسخة" in text


def test_a_signature_inside_is_a_seal_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "in.xml"
    path.write_bytes(BROKEN.replace(b"<cbc:CustomizationID>", b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/><cbc:CustomizationID>', 1))

    assert run(["fix", str(path), "-o", str(path)]) == 1
    assert "a signature inside it" in capsys.readouterr().err


def test_an_unsealed_file_may_be_mended_in_place(broken: Path) -> None:
    assert run(["fix", str(broken), "-o", str(broken)]) == 0
    assert broken.read_bytes() == GOOD


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b'{"wasl": 1}', b"hello", b"", b"<a", b"<!DOCTYPE a><a/>", b"<a/>"])
def test_what_cannot_be_mended_is_one_line_and_2(data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "in"
    path.write_bytes(data)

    assert run(["fix", str(path), "-o", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1 and not (tmp_path / "out").exists()


def test_wrong_usage(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", str(broken)]) == 2
    assert run(["fix", str(broken), "-o", "x", "--dry-run"]) == 2
    assert run(["fix", str(broken), "-o", "x", "--profile", "mars"]) == 2
