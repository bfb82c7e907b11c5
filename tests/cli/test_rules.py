"""`wasl rules`: every rule can be found and explained."""

from __future__ import annotations

import json

import pytest

from wasl.cli.main import run


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["rules", *arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_show_gives_everything_about_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = output(capsys, "show", "br-co-15")
    assert code == 0
    for expected in (
        "BR-CO-15  (fatal)",
        "[BR-CO-15]-Invoice total amount with VAT",
        "The total with VAT must equal total without VAT + total VAT.",
        "يجب أن يساوي الإجمالي شامل الضريبة",
        "BT-112 · total with VAT · الإجمالي شامل الضريبة",
        "/ubl:Invoice | /cn:CreditNote",
        "every $Currency in",
        "EN16931-UBL-validation.xslt",
        "by jo:",
    ):
        assert expected in text


def test_show_as_json(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["rules", "show", "BR-CO-09", "--json", "--profile", "sa"]) == 0
    rule = json.loads(capsysbinary.readouterr().out)
    assert rule["applies"] is False and rule["left_out_by"][0]["profile"] == "sa"
    assert set(rule["message"]) == {"ar", "en"} and rule["term"]["id"] == "BT-31"


def test_a_rule_of_a_law(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = output(capsys, "show", "WASL-SA-01")
    assert code == 0 and "15 digits" in text and "BR-KSA-40" in text


def test_an_unknown_rule_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = output(capsys, "show", "BR-CO-1O")
    assert code == 2 and "Did you mean BR-CO-" in text and len(text.strip().splitlines()) == 1


def test_list_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = output(capsys, "list")
    assert code == 0 and text.strip().endswith("979 rules")
    assert text.index("BR-02 ") < text.index("BR-10 ")


@pytest.mark.parametrize("word", ["discount", "خصم"])
def test_list_finds_words_of_both_languages(capsys: pytest.CaptureFixture[str], word: str) -> None:
    code, text = output(capsys, "list", word)
    assert code == 0 and "BR-31" in text and "BR-02 " not in text


def test_list_marks_what_a_profile_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    _, text = output(capsys, "list", "BR-DEC", "--profile", "jo")
    assert "· BR-DEC-01" in text and "19 of them left out (·) by jo" in text
    _, text = output(capsys, "list", "WASL-JO", "--profile", "jo")
    assert "8 rules" in text


def test_list_as_json(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["rules", "list", "--json"]) == 0
    rules = json.loads(capsysbinary.readouterr().out)
    assert len(rules) == 979 and all(rule["message"]["ar"] and rule["fix"]["en"] for rule in rules)


def test_neither_list_nor_show(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = output(capsys)
    assert code == 2 and "list" in text
