"""The help articles: whole in both languages, every link and slug they name leads somewhere, nothing of them can run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wasl.app.errors import NotFound
from wasl.app.support.help import articles, markup
from wasl.app.ui.i18n import LANGUAGES

APP = Path(articles.__file__).parents[2]
SLUGS = [article.slug for article in articles.articles("en")]


def test_every_article_stands_in_both_languages_and_in_one_category() -> None:
    files = {lang: {path.stem for path in (articles.CONTENT / lang).glob("*.md")} for lang in LANGUAGES}

    assert len(SLUGS) >= 20 and len(set(SLUGS)) == len(SLUGS)
    assert files == {lang: set(SLUGS) for lang in LANGUAGES}


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_read_next_exists(slug: str) -> None:
    assert [articles.article(other, "ar").slug for other in articles.article(slug, "ar").related] and slug not in articles.article(slug, "ar").related


@pytest.mark.parametrize("slug", SLUGS)
def test_every_link_of_an_article_leads_somewhere(slug: str) -> None:
    found = [(lang, name) for lang in LANGUAGES for name in markup.links(articles.article(slug, lang).body)]

    assert [pair for pair in found if not markup.address(pair[1])] == []


def test_every_mark_on_a_page_names_an_article() -> None:
    used = {
        slug
        for area in ("portal", "console")
        for path in (APP / area).rglob("*.html")
        for slug in re.findall(r'\bhelp\("([\w-]+)"', path.read_text())
    }

    assert used and used <= set(SLUGS)


def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(NotFound):
        articles.article("../../settings", "en")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "[x](javascript:alert(1))"])
def test_t38_nothing_in_a_content_file_becomes_markup_of_its_own(text: str) -> None:
    made = str(markup.html(text))

    assert not re.search(r"<(script|img|a )", made)


@pytest.mark.parametrize("text", ["[x](https://example.com)", "![x](https://example.com/a.png)", "[x](//example.com)", "[x](/console/)"])
def test_a_link_that_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="route:"):
        markup.html(text)


def shape(text: str) -> list[tuple[str, str]]:
    """The outline of a text: headings by level, and what kind of block stands below each."""
    return [(token.type, token.tag) for token in markup.tokens(text) if token.level == 0 and token.nesting >= 0]


@pytest.mark.parametrize("slug", SLUGS)
def test_both_languages_say_the_same_things_in_the_same_order(slug: str) -> None:
    assert shape(articles.article(slug, "ar").body) == shape(articles.article(slug, "en").body)
    assert list(markup.links(articles.article(slug, "ar").body)) == list(markup.links(articles.article(slug, "en").body))


@pytest.mark.parametrize("slug", SLUGS)
def test_an_article_is_short_has_steps_and_plain_sentences(slug: str) -> None:
    for lang in LANGUAGES:
        text = articles.article(slug, lang).body
        sentences = [s.split() for s in re.split(r"[.؟!?:]\s|\n", re.sub(r"\([a-z]+:[^)]*\)|[*#|\d`«»\"]", " ", text)) if s.strip()]
        assert 150 <= len(text.split()) <= 400, lang
        assert max(map(len, sentences)) <= 40 and sum(map(len, sentences)) / len(sentences) <= 16, lang
        outline = [kind for kind, _tag in shape(text)]
        assert outline.count("heading_open") >= 2 and {"ordered_list_open", "bullet_list_open"} & set(outline), lang


# What stands in quotation marks and is no label of a page: examples of what people write, and what an e-mail may say
EXAMPLES = {
    "العربية", "غيّرنا حسابنا البنكي", "للتأكد", "حوّل", "طلبنا 10 وفي الفاتورة 12", "استلمنا 8 من 10", "هاتفي", "ستسمع منا يوم كذا...", "أصلِح", "خدمات",
    "ساعة", "حبة",
}  # fmt: skip


def test_every_label_that_an_article_names_stands_on_a_page() -> None:
    """Whoever renames a button hears of the articles that tell people to press it."""
    from wasl.app.ui import catalogue

    said = [text for message in catalogue.read("ar") for text in (message.string if isinstance(message.string, tuple) else (message.string,))]
    named = {
        (article.slug, label) for article in articles.articles("ar") for label in re.findall(r"«([^»]+)»", article.body) if label not in EXAMPLES
    }

    assert len(named) >= 50
    assert sorted(pair for pair in named if not any(text.startswith(pair[1]) for text in said)) == []
