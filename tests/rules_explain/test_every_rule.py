"""What every explanation owes its reader, for each of the 979 official rules: a label, an action, its own words, clean Arabic."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from pathlib import Path

import pytest

import wasl.rules.explain
from wasl.invoice.terms import TERMS
from wasl.rules.explain import explain_rule
from wasl.rules.explain.rulebook import known_rules

ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
LATIN = re.compile("[A-Za-z]")
ARABIC = re.compile("[\u0621-\u064a]")
AVOIDED = re.compile(r"(^|\s)(تم|قم|يرجى|الرجاء|يتم)\s")
ACTIONS_EN = ["Add", "Change", "Choose", "Correct", "Enter", "Give", "Keep", "Merge", "Put", "Recompute", "Remove", "Round"]
ACTIONS_EN += ["Set", "Shorten", "Use", "Write"]
ACTIONS_AR = ["أضف", "غيّر", "اختر", "صحّح", "أدخل", "اذكر", "أبقِ", "ادمج", "اكتب", "أعد", "احذف", "قرّب", "اجعل", "اختصر", "استعمل"]


def test_every_official_rule_is_counted(rules) -> None:
    assert len(rules) == 979


def test_each_explanation_names_its_term_in_both_languages(rules) -> None:
    for rule in rules:
        words = explain_rule(rule.id, test=rule.test, official=rule.official)
        term = TERMS[words.term]
        assert term.en in f"{words.message_en} {words.fix_en}", rule.id
        assert term.ar in f"{words.message_ar} {words.fix_ar}", rule.id
        assert words.where_en and words.where_ar, rule.id


def test_each_explanation_ends_in_a_concrete_action(rules) -> None:
    for rule in rules:
        words = explain_rule(rule.id, test=rule.test, official=rule.official)
        assert words.fix_en.split()[0] in ACTIONS_EN, (rule.id, words.fix_en)
        assert words.fix_ar.split()[0] in ACTIONS_AR, (rule.id, words.fix_ar)
        assert words.fix_en.endswith(".") and words.fix_ar.endswith("."), rule.id


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_two_rules_say_the_same(rules, lang: str) -> None:
    said = defaultdict(list)
    for rule in rules:
        words = explain_rule(rule.id, test=rule.test, official=rule.official)
        said[words.message(lang), words.fix(lang)].append(rule.id)
    assert [ids for ids in said.values() if len(ids) > 1] == []


def test_arabic_holds_latin_only_in_isolated_parameters(rules) -> None:
    for rule in rules:
        words = explain_rule(rule.id, test=rule.test, official=rule.official)
        for text in (words.where_ar, words.message_ar, words.fix_ar):
            assert not LATIN.search(ISOLATED.sub("", text)), (rule.id, text)
            assert ARABIC.search(text), (rule.id, text)


def test_english_holds_no_arabic_and_no_direction_marks(rules) -> None:
    for rule in rules:
        words = explain_rule(rule.id, test=rule.test, official=rule.official)
        for text in (words.where_en, words.message_en, words.fix_en):
            assert not re.search("[\u0600-\u06ff\u2066-\u2069]", text), (rule.id, text)


def test_arabic_keeps_the_tone(rules) -> None:
    for rule in rules:
        words = explain_rule(rule.id, test=rule.test, official=rule.official)
        for text in (words.message_ar, words.fix_ar):
            assert not AVOIDED.search(text), (rule.id, text)
            assert not re.search(r"\s[،؛؟.]", text), (rule.id, text)
            assert "," not in ISOLATED.sub("", text), (rule.id, text)


def test_the_families_have_words_of_their_own(rules) -> None:
    """Only UBL-CR and the plain attribute rules of UBL-DT are explained from their XPath; nothing falls back on the official text."""
    generic = {rule.id for rule in rules} - known_rules()
    assert {rule.rpartition("-")[0] for rule in generic} == {"UBL-CR", "UBL-DT"}
    for rule in rules:
        if rule.id in generic:
            words = explain_rule(rule.id, test=rule.test, official=rule.official)
            assert "EN 16931 has no use for" in words.message_en, rule.id


def test_every_rule_of_the_book_exists_in_the_sheet(rules) -> None:
    """BR-CO-25 stands in other editions of the sheet."""
    assert known_rules() - {rule.id for rule in rules} == {"BR-CO-25"}


def _phrases() -> list[tuple[str, str, str]]:
    """Every pair of an English and an Arabic literal in the package: (file, English, Arabic)."""
    found = []
    folder = Path(wasl.rules.explain.__file__).parent
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            elements = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else []
            if len(elements) != 2 or not all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in elements):
                continue
            en, ar = (e.value for e in elements)
            if ARABIC.search(ar):
                found.append((path.name, en, ar))
    return found


def test_there_are_many_phrases_to_check() -> None:
    assert len(_phrases()) > 150


@pytest.mark.parametrize(("file", "en", "ar"), _phrases())
def test_a_phrase_has_the_same_parameters_in_both_languages_and_no_latin_words(file: str, en: str, ar: str) -> None:
    slots_en, slots_ar = set(re.findall(r"\{(\w+)\}", en)), set(re.findall(r"\{(\w+)\}", ar))
    # English says "EN 16931" where Arabic needs it isolated, and one quoted value may be left to the place.
    assert slots_en - slots_ar <= {"what"} and slots_ar - slots_en <= {"standard"}, (file, en, ar)
    assert not LATIN.search(re.sub(r"\{\w+\}|<\w+\?", "", ar)), (file, ar)


def test_all_modules_of_the_package_are_light() -> None:
    """No module reads a file or the sheet on import."""
    for module in pkgutil.iter_modules(wasl.rules.explain.__path__):
        source = Path(importlib.import_module(f"wasl.rules.explain.{module.name}").__file__ or "").read_text(encoding="utf-8")
        assert "read_xslt" not in source and "open(" not in source, module.name
