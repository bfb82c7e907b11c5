"""The library guide is true: every block in it runs as it stands, in both languages, and both show the same program."""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = {lang: ROOT / "docs" / "guide" / f"library.{lang}.md" for lang in ("ar", "en")}
INVOICE = ROOT / "tests" / "golden" / "several-rates.xml"


@pytest.mark.parametrize("lang", GUIDES)
def test_every_block_runs_as_it_stands(lang, tmp_path, monkeypatch):
    shutil.copy(INVOICE, tmp_path / "invoice.xml")
    monkeypatch.chdir(tmp_path)
    text = re.sub(r"^```(python)?$", "", GUIDES[lang].read_text(encoding="utf-8"), flags=re.M)
    test = doctest.DocTestParser().get_doctest(text, {}, GUIDES[lang].name, str(GUIDES[lang]), 0)

    assert len(test.examples) > 20
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test)

    assert result.failed == 0


def test_both_languages_show_the_same_program():
    def program(lang: str) -> list[str]:
        lines = re.findall(r"^(?:>>>|\.\.\.) (.*)$", GUIDES[lang].read_text(encoding="utf-8"), re.M)
        return [re.sub(r'"(ar|en)"', '"LANG"', line) for line in lines]

    assert program("ar") == program("en")


def test_the_head_of_the_package_is_true_as_well(tmp_path, monkeypatch):
    import wasl

    shutil.copy(INVOICE, tmp_path / "invoice.xml")
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(wasl.__doc__ or "", {}, "wasl", None, 0)

    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0
