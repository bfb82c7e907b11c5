"""Search in the help: spelling variants, other words, both languages, and nothing that can hurt."""

from __future__ import annotations

import pytest

from wasl.app.support.help import search


def first(typed: str, lang: str) -> str:
    hits = search.find(typed, lang)
    return hits[0].href.rpartition("/")[2] if hits else ""


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("مفتاح المرور", "passkey"), ("مفاتيح مرور", "passkey"), ("إشعار دائن", "credit-note"), ("اشعار دائن", "credit-note"), ("والاشعار الدائن", "credit-note"),
        ("ايبان", "transfer"), ("الآيبان", "transfer"), ("ضاع الرابط", "lost-mail"), ("إحتيال", "fraud"), ("ٱحتيال", "fraud"), ("احتيـــال", "fraud"), ("اعتراض علي بند", "dispute"),
        ("الاعتراض على البنود", "dispute"), ("التذكيرات", "reminders"), ("محو بياناتى", "privacy"), ("تصدير اكسل", "export"), ("كيف أدفع", "pay"),
    ],
)  # fmt: skip
def test_arabic_variants_find_the_article(typed: str, slug: str) -> None:
    assert first(typed, "ar") == slug


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("passkeys", "passkey"),
        ("credit notes", "credit-note"),
        ("IBAN", "transfer"),
        ("how do I pay", "pay"),
        ("lost link", "lost-mail"),
        ("phish", "fraud"),
        ("qr", "paper-code"),
    ],
)
def test_english_words_find_the_article(typed: str, slug: str) -> None:
    assert first(typed, "en") == slug


def test_every_word_must_be_found() -> None:
    assert search.find("passkey zzzz", "en") == [] and search.find("", "ar") == [] and search.find(" ؟ ", "ar") == []


@pytest.mark.parametrize("typed", ["exempt", "معفي", "إعفاء"])
def test_the_glossary_is_searched_in_both_languages(typed: str) -> None:
    found = [term.slug for term in search.find_terms(typed)]

    assert ("exempt" in found) == (typed != "إعفاء")


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "' OR 1=1 --", "%00\u202e", "a" * 5000])
def test_t38_t39_t43_what_is_typed_stays_text(client: object, typed: str) -> None:
    for path in ("/help/", "/help/glossary"):
        page = client.get(path, {"q": typed, "lang": "en"})  # type: ignore[attr-defined]
        assert (
            page.status_code == 200
            and "<script>alert" not in page.content.decode()
            and "<img src=x" not in page.content.decode()
            and ">49<" not in page.content.decode()
        )


def test_found_words_are_marked_and_the_rest_is_escaped() -> None:
    (hit, *_rest) = search.find("مفتاح مرور", "ar")

    assert "<mark>" in hit.extract and "<a " not in hit.extract and "article:" not in hit.extract
