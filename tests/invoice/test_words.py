"""Amounts in words: the agreed examples, agreement tables, and an independent reader of the words."""

from __future__ import annotations

import re
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasl.invoice.money import minor_units
from wasl.invoice.words import NoWords, amount_in_words, has_words, legal_amount_in_words

CURRENCIES = ("SAR", "AED", "EGP", "JOD", "KWD", "USD", "EUR")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1", "ريال واحد"),
        ("2", "ريالان"),
        ("3", "ثلاثة ريالات"),
        ("10", "عشرة ريالات"),
        ("11", "أحد عشر ريالًا"),
        ("12", "اثنا عشر ريالًا"),
        ("20", "عشرون ريالًا"),
        ("21", "واحد وعشرون ريالًا"),
        ("100", "مئة ريال"),
        ("101", "مئة ريال وريال واحد"),
        ("102", "مئة ريال وريالان"),
        ("103", "مئة وثلاثة ريالات"),
        ("111", "مئة وأحد عشر ريالًا"),
        ("200", "مئتا ريال"),
        ("201", "مئتا ريال وريال واحد"),
        ("205", "مئتان وخمسة ريالات"),
        ("800", "ثمانمئة ريال"),
        ("1000", "ألف ريال"),
        ("1001", "ألف ريال وريال واحد"),
        ("1002", "ألف ريال وريالان"),
        ("1100", "ألف ومئة ريال"),
        ("2000", "ألفا ريال"),
        ("2003", "ألفان وثلاثة ريالات"),
        ("2200", "ألفان ومئتا ريال"),
        ("3000", "ثلاثة آلاف ريال"),
        ("11000", "أحد عشر ألف ريال"),
        ("11500", "أحد عشر ألفًا وخمسمئة ريال"),
        ("100000", "مئة ألف ريال"),
        ("101000", "مئة ألف وألف ريال"),
        ("102000", "مئة ألف وألفا ريال"),
        ("200000", "مئتا ألف ريال"),
        ("1000000", "مليون ريال"),
        ("2000000", "مليونا ريال"),
        ("3000000", "ثلاثة ملايين ريال"),
        ("2001002", "مليونان وألف ريال وريالان"),
        ("1000000000000", "تريليون ريال"),
        ("0", "صفر ريال"),
        ("0.03", "ثلاث هللات"),
        ("0.11", "إحدى عشرة هللة"),
        ("0.93", "ثلاث وتسعون هللة"),
        ("0.01", "هللة واحدة"),
        ("0.02", "هللتان"),
        ("0.08", "ثماني هللات"),
        ("0.12", "اثنتا عشرة هللة"),
        ("0.18", "ثماني عشرة هللة"),
        ("0.28", "ثمانٍ وعشرون هللة"),
        ("31583.93", "واحد وثلاثون ألفًا وخمسمئة وثلاثة وثمانون ريالًا وثلاث وتسعون هللة"),
        ("-5", "سالب خمسة ريالات"),
    ],
)
def test_riyals_in_arabic(amount, words):
    assert amount_in_words(D(amount), "SAR", "ar") == words


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("3.003", "JOD", "ثلاثة دنانير وثلاثة فلوس"),
        ("11.011", "JOD", "أحد عشر دينارًا وأحد عشر فلسًا"),
        ("2.500", "KWD", "ديناران وخمسمئة فلس"),
        ("5.25", "EGP", "خمسة جنيهات وخمسة وعشرون قرشًا"),
        ("7.02", "AED", "سبعة دراهم وفلسان"),
        ("12.10", "USD", "اثنا عشر دولارًا وعشرة سنتات"),
        ("2.01", "EUR", "يوروان وسنت واحد"),
        ("20", "EUR", "عشرون يورو"),
    ],
)
def test_other_currencies_in_arabic(amount, currency, words):
    assert amount_in_words(D(amount), currency, "ar") == words


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("0", "SAR", "Zero Saudi riyals"),
        ("1.01", "SAR", "One Saudi riyal and one halala"),
        ("21", "USD", "Twenty-one US dollars"),
        ("105.50", "EUR", "One hundred and five euros and fifty cents"),
        ("1005", "AED", "One thousand and five UAE dirhams"),
        ("1105", "EGP", "One thousand one hundred and five Egyptian pounds"),
        ("1000000.001", "JOD", "One million Jordanian dinars and one fils"),
        ("-2.5", "KWD", "Minus two Kuwaiti dinars and five hundred fils"),
    ],
)
def test_english(amount, currency, words):
    assert amount_in_words(D(amount), currency, "en") == words


def test_legal_wrapping():
    assert legal_amount_in_words(D(3), "SAR", "ar") == "فقط ثلاثة ريالات لا غير"
    assert legal_amount_in_words(D(3), "SAR", "en") == "Three Saudi riyals only"


def test_the_amount_is_rounded_to_minor_units_first():
    assert amount_in_words(D("0.995"), "SAR", "ar") == "ريال واحد"
    assert amount_in_words(D("-0.004"), "SAR", "ar") == "صفر ريال"


@pytest.mark.parametrize(("amount", "currency"), [("1", "XXX"), ("1e18", "SAR"), ("-1e30", "SAR")])
def test_without_words_it_says_so(amount, currency):
    with pytest.raises(NoWords):
        amount_in_words(D(amount), currency, "ar")
    assert has_words("SAR")
    assert not has_words("XXX")


# An independent reader: tokens to a number, knowing nothing of how the words were put together.

_ONES = ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
_FEMININE = {"إحدى": 1, "اثنتان": 2, "ثلاث": 3, "أربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثماني": 8, "ثمانٍ": 8, "تسع": 9, "عشر": 10}
_OTHERS = {"أحد": 1, "اثنا": 2, "اثنتا": 2, "مئة": 100, "مئتان": 200, "مئتا": 200, "عشرة": 10}
_TENS = dict(zip(["عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"], range(20, 100, 10), strict=True))
_HUNDREDS = dict(zip(["ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"], range(300, 1000, 100), strict=True))
VALUES = {word: at for at, word in enumerate(_ONES)} | _FEMININE | _OTHERS | _TENS | _HUNDREDS
SCALES = {"ألف": 10**3, "آلاف": 10**3, "ألفًا": 10**3, "مليون": 10**6, "ملايين": 10**6, "مليونًا": 10**6}
SCALES |= {"مليار": 10**9, "مليارات": 10**9, "مليارًا": 10**9, "تريليون": 10**12, "تريليونات": 10**12, "تريليونًا": 10**12}
SCALES |= {"كوادريليون": 10**15, "كوادريليونات": 10**15, "كوادريليونًا": 10**15}
DUALS = {"ألف": 10**3, "مليون": 10**6, "مليار": 10**9, "تريليون": 10**12, "كوادريليون": 10**15}
TWICE = {word + ending: 2 * value for word, value in DUALS.items() for ending in ("ان", "ا")}


def read_arabic(words: str, ones: set[str], twos: set[str]) -> int:
    """The number that `words` name; `ones` are forms that stand for the noun, `twos` its dual."""
    total = group = 0
    tokens = [re.sub("^و(?!احد)", "", token) for token in words.split()]
    for at, token in enumerate(tokens):
        if token in twos:
            total, group = total + group + 2, 0
        elif token in ones:
            counted_alone = at + 1 < len(tokens) and tokens[at + 1] in ("واحد", "واحدة")
            total, group = total + group + (0 if not counted_alone else 1), 0
        elif token in ("واحد", "واحدة") and at and tokens[at - 1] in ones:
            continue
        elif token in TWICE:
            total, group = total + _whole(group) + TWICE[token], 0
        elif token in SCALES:
            total, group = total + (group or 1) * SCALES[token], 0
        else:
            group += VALUES[token]
    return total + group


def _whole(group: int) -> int:
    """«مئة ألف وألفان» leaves nothing behind; a group before a dual belongs to the scale before it."""
    assert group == 0
    return 0


RIYAL = ({"ريال", "ريالات", "ريالًا"}, {"ريالان"})
HALALA = ({"هللة", "هللات"}, {"هللتان"})


@settings(max_examples=400)
@given(st.integers(1, 10**18 - 1) | st.integers(1, 10**6) | st.builds(lambda a, b: a * 10**b, st.integers(1, 1200), st.integers(0, 14)))
def test_arabic_words_name_exactly_the_amount(n):
    assert read_arabic(amount_in_words(D(n), "SAR", "ar"), *RIYAL) == n


@pytest.mark.parametrize("n", range(1, 100))
def test_halalas_name_exactly_the_amount(n):
    assert read_arabic(amount_in_words(D(n) / 100, "SAR", "ar"), *HALALA) == n


_EN = {word: at for at, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
)} | {word: 10 * at for at, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)}  # fmt: skip
_EN_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15}


@settings(max_examples=300)
@given(st.integers(0, 10**18 - 1) | st.integers(0, 10**5))
def test_english_words_name_exactly_the_amount(n):
    total = group = 0
    for token in amount_in_words(D(n), "USD", "en").lower().replace("-", " ").split()[:-2]:
        if token in _EN_SCALES:
            total, group = total + group * _EN_SCALES[token], 0
        elif token == "hundred":
            group *= 100
        elif token != "and":
            group += _EN[token]

    assert total + group == n


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize("n", [*range(121), 199, 200, 201, 202, 203, 210, 211, 299, 300, 999, 1000])
def test_the_noun_agrees_with_its_number(currency, n):
    """The form of the noun by the last two digits; the gender of three to ten by the noun."""
    from wasl.invoice.words import _CURRENCIES as names

    places = minor_units(currency)
    for noun, words in (
        (names[currency].major, amount_in_words(D(n), currency, "ar")),
        (names[currency].minor, amount_in_words(D(n % 10**places).scaleb(-places), currency, "ar") if n % 10**places else None),
    ):
        if words is None:
            continue
        rest = (n if noun is names[currency].major else n % 10**places) % 100
        if rest == 2:
            assert words.endswith(noun.two)
        elif rest == 1:
            assert words.endswith(f"{noun.one} {'واحدة' if noun.feminine else 'واحد'}")
        elif 3 <= rest <= 10:
            assert words.endswith(f" {noun.few}")
            numeral = words.split()[-2].removeprefix("و")
            assert numeral.endswith("ة") != noun.feminine
        elif rest:
            assert words.endswith(f" {noun.many}")
        else:
            assert words.endswith(f" {noun.one}")
