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
