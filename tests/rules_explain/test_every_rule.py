"""What every explanation owes its reader, for every rule of every shipped set: a label, an action, its own words, clean Arabic."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from pathlib import Path

import pytest
from tests.rules_explain.conftest import rules_of, words_of

import wasl.rules.explain
from wasl.invoice.terms import TERMS
from wasl.rules.explain.official import Official
from wasl.rules.explain.rulebook import condition, known_rules

ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
LATIN = re.compile("[A-Za-z]")
ARABIC = re.compile("[\u0621-\u064a]")
AVOIDED = re.compile(r"(^|\s)(تم|قم|يرجى|الرجاء|يتم)\s")
# An XPath step, a predicate, an axis, a double slash: what people must not have to read. Links and codes are none.
XPATH = re.compile(r"\b(?:cac|cbc|ext|ubl|cn|rsm|ram|udt|qdt):\w|(?<![:\w])//|\[\w|::|\bnot\(|\bcount\(")
ACTIONS_EN = ["Add", "Change", "Choose", "Correct", "Enter", "Give", "Issue", "Keep", "Merge", "Put", "Recompute", "Remove", "Round"]
ACTIONS_EN += ["Set", "Shorten", "Use", "Write"]
ACTIONS_AR = ["أضف", "غيّر", "اختر", "صحّح", "أدخل", "اذكر", "أبقِ", "ادمج", "اكتب", "أعد", "احذف", "قرّب", "اجعل", "اختصر", "استعمل", "أصدر"]
COUNTS = {
    "en16931-ubl": 979, "en16931-cii": 806, "xrechnung-ubl": 77, "xrechnung-cii": 74, "facturx-minimum": 119, "facturx-basicwl": 337,
    "facturx-basic": 469, "facturx-en16931": 627, "facturx-extended": 1464,
}  # fmt: skip
# Rules without words of their own, each with the reason why. Empty is the aim.
FALLBACKS: dict[str, str] = {}


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_every_official_rule_is_counted(name: str, count: int) -> None:
    """A new release of a package changes these; then read what is new."""
    assert len(rules_of(name)) == count


def test_no_rule_falls_back_on_its_official_text(rules) -> None:
    for rule in rules:
        if isinstance(condition(rule.id, rule.test, rule.official, rule.context), Official):
            assert rule.id in FALLBACKS, (rule.id, rule.official)


def test_both_languages_say_what_is_wrong_and_what_to_do(rules) -> None:
    for rule in rules:
        words = words_of(rule)
        for lang in ("en", "ar"):
            assert words.where(lang) and words.message(lang) and words.fix(lang), rule.id
            assert words.message(lang) != words.fix(lang), rule.id


def test_each_explanation_names_its_term_or_owns_up_to_the_whole_invoice(rules) -> None:
    for rule in rules:
        words = words_of(rule)
        term = TERMS[words.term]
        if term.id == "BG-0":
            continue
        assert term.en in f"{words.message_en} {words.fix_en}", rule
        assert term.ar in f"{words.message_ar} {words.fix_ar}", rule


def test_nobody_has_to_read_an_xpath(rules) -> None:
    for rule in rules:
        words = words_of(rule)
        for text in (words.where_en, words.where_ar, words.message_en, words.message_ar, words.fix_en, words.fix_ar):
            assert not XPATH.search(text), (rule.id, text)


def test_each_explanation_ends_in_a_concrete_action(rules) -> None:
    for rule in rules:
        words = words_of(rule)
        assert words.fix_en.split()[0] in ACTIONS_EN, (rule.id, words.fix_en)
        assert words.fix_ar.split()[0] in ACTIONS_AR, (rule.id, words.fix_ar)
        for text in (words.message_en, words.message_ar, words.fix_en, words.fix_ar):
            assert text.endswith((".", ".\u2069")), (rule.id, text)


# Published twice: the same test in the same context under two ids, or one element in two places that CII calls alike.
TWINS = {
    "en16931-ubl": 0, "en16931-cii": 8, "xrechnung-ubl": 0, "xrechnung-cii": 2, "peppol-ubl": 2, "facturx-minimum": 2, "facturx-basicwl": 8,
    "facturx-basic": 10, "facturx-en16931": 20, "facturx-extended": 50,
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("name", TWINS)
def test_hardly_two_rules_say_the_same(name: str, lang: str) -> None:
    said = defaultdict(list)
    for rule in rules_of(name):
        words = words_of(rule)
        said[words.message(lang), words.fix(lang)].append(rule.id)
    same = [ids for ids in said.values() if len(ids) > 1]
    assert sum(map(len, same)) <= TWINS[name], same


def test_arabic_holds_latin_only_in_isolated_parameters(rules) -> None:
    for rule in rules:
        words = words_of(rule)
        for text in (words.where_ar, words.message_ar, words.fix_ar):
            assert not LATIN.search(ISOLATED.sub("", text)), (rule.id, text)
            assert ARABIC.search(text), (rule.id, text)


def test_english_holds_no_arabic_and_no_direction_marks(rules) -> None:
    for rule in rules:
        words = words_of(rule)
        for text in (words.where_en, words.message_en, words.fix_en):
            assert not re.search("[\u0600-\u06ff\u2066-\u2069]", text), (rule.id, text)


def test_arabic_keeps_the_tone(rules) -> None:
    for rule in rules:
        words = words_of(rule)
        for text in (words.message_ar, words.fix_ar):
            assert not AVOIDED.search(text), (rule.id, text)
            assert not re.search(r"\s[،؛؟.]", text), (rule.id, text)
            assert "," not in ISOLATED.sub("", text), (rule.id, text)


def test_no_slot_is_left_open(rules) -> None:
    for rule in rules:
        words = words_of(rule)
        for text in (words.message_en, words.message_ar, words.fix_en, words.fix_ar):
            assert not re.search(r"\{\w+\}|<\w+\?", text), (rule.id, text)


NOT_SHIPPED = re.compile(r"BR-CO-25|BR-CO-27|CII-SR-464|BR-FX|DE-R-|PEPPOL-COMMON-(R048|EAS)|PEPPOL-EN16931-R043")


def test_every_rule_of_the_book_exists_in_a_sheet() -> None:
    """What is left stands in other editions: Factur-X keeps the ids of the core in its texts, Peppol moves its German rules in and out."""
    shipped = set()
    for name in (*COUNTS, "peppol-ubl"):
        for rule in rules_of(name):
            embedded = re.match(r"\[([\w-]+)\]", rule.official)
            shipped |= {rule.id, embedded[1] if embedded else rule.id}
    assert {rule for rule in known_rules() - shipped if not NOT_SHIPPED.match(rule)} == set()


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
    assert slots_en - slots_ar <= {"what"} and slots_ar - slots_en <= {"standard", "words"}, (file, en, ar)
    assert not LATIN.search(re.sub(r"\{\w+\}|<\w+\?", "", ar)), (file, ar)


def test_all_modules_of_the_package_are_light() -> None:
    """No module reads a file or the sheet on import."""
    for module in pkgutil.iter_modules(wasl.rules.explain.__path__):
        source = Path(importlib.import_module(f"wasl.rules.explain.{module.name}").__file__ or "").read_text(encoding="utf-8")
        assert "read_xslt" not in source and "open(" not in source, module.name
