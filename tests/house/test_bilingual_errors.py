"""An Arabic sentence holds no English reason: words that the code passes into an error are given in both languages."""

from __future__ import annotations

import ast
import pickle
import re
from pathlib import Path

import pytest

import wasl
from wasl.errors import UnreadableInput, Words

SOURCES = Path(wasl.__file__).parent
# Parameters that carry words; the others carry names, codes and figures
WORDY = {"reason", "what", "part", "why"}
# The prose of the command line and of the demo is English
ENGLISH = ("cli/", "demo/", "standins/")
# NotFound looks its word up in wasl.app.errors.NAMES; Unsupported names a construct of a rule sheet to those who mend the compiler
ELSEWHERE = {"NotFound", "Unsupported"}
LATIN_WORDS = re.compile(r"[A-Za-z]{2,}")


def test_words_speak_the_language_of_the_sentence() -> None:
    error = UnreadableInput(reason=Words("it is empty", "الملف فارغ"))

    assert error.message("en") == "This input cannot be read: it is empty. Give a UBL, CII, Wasl JSON or PDF file, or a sheet with one invoice."
    assert error.message("ar") == "تعذّرت قراءة هذا الملف: الملف فارغ. أرفق ملف UBL أو CII أو Wasl JSON أو PDF، أو جدولًا فيه فاتورة واحدة."
    assert str(error) == error.message("en")


def test_words_travel_whole() -> None:
    words = pickle.loads(pickle.dumps(Words("late", "متأخرة")))

    assert (words, words.ar) == ("late", "متأخرة")


def raised_with_english_words(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and text of every English phrase that a raised error gets as a plain string."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
            continue
        if getattr(node.exc.func, "id", getattr(node.exc.func, "attr", "")) in ELSEWHERE:
            continue
        for given in node.exc.keywords:
            if given.arg in WORDY and isinstance(given.value, ast.Constant | ast.JoinedStr):
                text = ast.unparse(given.value)
                if LATIN_WORDS.search(re.sub(r"\{[^}]*\}|^f", "", text)):
                    found.append((node.lineno, text))
    return found


@pytest.mark.parametrize("folder", sorted(path.name for path in SOURCES.iterdir() if path.is_dir() and path.name not in {"locale", "__pycache__"}))
def test_no_error_is_raised_with_english_words_only(folder: str) -> None:
    if f"{folder}/" in ENGLISH:
        pytest.skip("prose of the command line is English")
    found = {
        f"{path.relative_to(SOURCES)}:{line}": text
        for path in sorted((SOURCES / folder).rglob("*.py"))
        for line, text in raised_with_english_words(ast.parse(path.read_text()))
    }

    assert found == {}


def test_the_search_finds_a_planted_phrase() -> None:
    planted = ast.parse('raise X(reason=f"{n} bytes too many")\nraise X(reason=Words("a b", "ا"))\nraise X(reason=f"{a}{b}")')

    assert [line for line, _text in raised_with_english_words(planted)] == [1]



def test_what_is_not_found_has_a_name_in_arabic() -> None:
    from wasl.app.errors import NAMES, NotFound

    for what, name in NAMES.items():
        assert NotFound(what=what).message("en") == f"There is no such {what} here."
        assert NotFound(what=what).message("ar") == f"لم نجد هنا {name} بهذا المعرّف."
