"""The documentation is part of the product: reference pages are never stale, and every error speaks both languages."""

import importlib.util
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

ROOT = Path(__file__).resolve().parents[2]


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def errors():
    return sorted(generator().every_error(), key=lambda error: error.code)


def test_reference_pages_are_not_stale():
    done = subprocess.run([sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr[-500:]


def test_error_codes_are_unique(errors):
    assert [code for code, count in Counter(error.code for error in errors).items() if count > 1] == []


def test_every_error_has_both_languages_with_the_same_values(errors):
    def names(text):
        return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name}

    def meaning(found):  # a value may come in a version for each language
        return {re.sub(r"_?(en|ar)$|^(en|ar)_", "", name) for name in found}

    wrong = [e.code for e in errors if not re.search("[\u0621-\u064a]{2}", e.ar) or e.ar == e.en or meaning(names(e.ar)) - meaning(names(e.en))]

    assert wrong == []


def test_no_arabic_error_uses_the_phrases_that_our_tone_avoids(errors):
    avoided = re.compile(r"\bتم (?=\w)|\b[وف]?قم ب|الرجاء القيام|يرجى العلم")

    assert [e.code for e in errors if avoided.search(e.ar)] == []


def test_every_threat_of_this_release_has_a_test():
    module = generator()
    proofs = module.threat_tests()

    assert [name for name in module.threats() if name not in proofs] == []


def test_readme_starts_with_the_two_commands():
    commands = re.findall(r"^\s*(?:\$ )?(make [a-z-]+.*)$", (ROOT / "README.md").read_text(), re.M)

    assert [command.split()[1] for command in commands[:2]] == ["demo", "test"]
