"""What is alike folds to one form; properties over any text, and the parser that reads what people type."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasl.app.archive.lexemes import number_lexemes
from wasl.app.archive.normalise import fold, forms, words
from wasl.app.archive.parse import parse
from wasl.app.archive.spelling import distance

TODAY = date(2026, 11, 27)
ALIKE = [
    ("الدرعيه", "الدرعية"), ("الافق", "الأفق"), ("احمد", "أَحْمَد"), ("مصطفي", "مصطفى"), ("سند", "ســند"), ("inv-12", "INV-١٢"), ("12", "۱۲"),
    ("شوون", "شؤون"), ("هاني", "هانئ"), ("علم", "\u2067علم\u2069"), ("كتاب", "کتاب"), ("cafe", "Café"), ("الله", "ﷲ"), ("لا", "ﻻ"), ("امن", "آمن"),
]  # fmt: skip
text = st.text(st.one_of(st.sampled_from("أإآٱىةؤئاويهبكلفـًٌَُِّْ٠١۲۳\u200f\u200d\u2067 -/.,«»\"'"), st.characters()), max_size=60)


@pytest.mark.parametrize(("typed", "written"), ALIKE)
def test_what_is_alike_folds_to_one_form(typed: str, written: str) -> None:
    assert fold(typed) == fold(written)
    assert [word.folded for word in words(typed)] == [word.folded for word in words(written)]


@given(text)
def test_folding_twice_changes_nothing(given_text: str) -> None:
    assert fold(fold(given_text)) == fold(given_text)


@given(text)
def test_words_are_cut_out_of_the_text_in_order_and_hold_letters_and_figures_alone(given_text: str) -> None:
    end = 0
    for word in words(given_text):
        assert end <= word.start < word.end <= len(given_text)
        assert word.folded and all(char.isalnum() for char in word.folded)
        end = word.end


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=14))
def test_every_form_of_a_word_is_a_part_of_it_and_no_root_is_cut(word: str) -> None:
    found = forms(word)

    assert found.exact == word and all(word.endswith(bare) and bare != word for bare in found.bare)
    assert found.stem in word and len(found.stem) >= min(3, len(word))


@pytest.mark.parametrize(("word", "bare"), [
    ("المحاسبه", "محاسبه"), ("والمحاسبه", "محاسبه"), ("بالمحاسبه", "محاسبه"), ("للشركه", "شركه"), ("وشركه", "شركه"), ("فاتوره", "اتوره"), ("كتاب", "تاب"),
])  # fmt: skip
def test_article_and_attached_letters_are_tried_without(word: str, bare: str) -> None:
    assert bare in forms(word).bare


def test_what_would_leave_no_root_is_not_cut() -> None:
    assert forms("ولد").bare == forms("بنك").bare == forms("الف").bare == ()


@given(text)
def test_any_text_gives_a_query_whose_lexemes_are_quoted(typed: str) -> None:
    for term in parse(typed, today=TODAY).terms:
        for piece in (*term.exact, *term.more):
            bare = piece.replace("''", "").strip("()")
            assert bare.count("'") % 2 == 0 and bare.startswith("'"), piece


@settings(max_examples=50)
@given(st.sampled_from(['"', "«", "'", "-", "1", "1,", "ا ", "٫", "\u200f", "a-", "#", "12/"]), st.integers(1000, 200_000))
def test_no_text_takes_long_to_read(part: str, times: int) -> None:
    began = time.perf_counter()
    parse(part * times, today=TODAY)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(("typed", "amount"), [
    ("1,250", "1250"), ("١٢٥٠", "1250"), ("1250.00", "1250"), ("١٬٢٥٠٫٥٠", "1250.5"), ("1.250,50", "1250.5"), ("12,5", "12.5"), ("$99", "99"),
])  # fmt: skip
def test_amounts(typed: str, amount: str) -> None:
    (term,) = parse(typed, today=TODAY).terms

    assert term.amount == Decimal(amount)


@pytest.mark.parametrize(("typed", "first", "last"), [
    ("yesterday", "2026-11-26", "2026-11-26"), ("أمس", "2026-11-26", "2026-11-26"), ("last month", "2026-10-01", "2026-10-31"),
    ("الشهر الماضي", "2026-10-01", "2026-10-31"), ("this week", "2026-11-22", "2026-11-28"), ("ديسمبر", "2026-12-01", "2026-12-31"),
    ("مارس", "2026-03-01", "2026-03-31"), ("آذار 2025", "2025-03-01", "2025-03-31"), ("كانون الأول 2026", "2026-12-01", "2026-12-31"),
    ("23 ديسمبر", "2026-12-23", "2026-12-23"), ("Dec 23 2025", "2025-12-23", "2025-12-23"), ("2026-03", "2026-03-01", "2026-03-31"),
    ("٢٠٢٦-٠٣", "2026-03-01", "2026-03-31"), ("15/03/2026", "2026-03-15", "2026-03-15"), ("رجب 1447", "2025-12-21", "2026-01-19"),
    ("14 رجب 1447", "2026-01-03", "2026-01-03"), ("ramadan 1447", "2026-02-18", "2026-03-19"), ("آخر 30 يومًا", "2026-10-28", "2026-11-27"),
    ("last 7 days", "2026-11-20", "2026-11-27"), ("العام الماضي", "2025-01-01", "2025-12-31"), ("1447-09", "2026-02-18", "2026-03-19"),
])  # fmt: skip
def test_words_for_time(typed: str, first: str, last: str) -> None:
    (term,) = parse(typed, today=TODAY).terms

    assert (str(term.spans[0].first), str(term.spans[0].last)) == (first, last)


@pytest.mark.parametrize("typed", ["31/02/2026", "2026-13", "99/99/9999", "0/0", "2026/0931"])
def test_what_is_no_date_is_a_number(typed: str) -> None:
    assert all(not term.spans for term in parse(typed, today=TODAY).terms)


def test_phrases_stay_together_in_every_kind_of_quotation_marks() -> None:
    for typed in ('"رخصة برنامج" سنوية', "«رخصة برنامج» سنوية", "“رخصة برنامج” سنوية"):
        assert [(term.kind, term.forms) for term in parse(typed, today=TODAY).terms] == [("phrase", ("رخصه", "برنامج")), ("word", ("سنويه",))]


def test_every_part_of_a_number_and_every_beginning_of_it_is_kept() -> None:
    kept = number_lexemes("INV-2026-004217")

    assert {"#inv2026004217", "#inv", "#inv2026", "#2026004", "#004217", "#4217", "#421"} <= set(kept) and len(kept) < 40


@given(st.text("abcdef", max_size=8), st.text("abcdef", max_size=8))
def test_the_distance_of_two_words(a: str, b: str) -> None:
    assert distance(a, b) == distance(b, a) and (distance(a, b) == 0) == (a == b)


def test_neighbours_swapped_are_one_slip() -> None:
    assert distance("محاسبه", "محاسهب") == 1
