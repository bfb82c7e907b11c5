"""Lessons, glossary, paper and news: the same in both languages, and every question has exactly one right answer."""

from __future__ import annotations

import pytest

from wasl.app.errors import NotFound
from wasl.app.support.help import articles, glossary, lessons, markup, news, paper
from wasl.app.ui import icons
from wasl.app.ui.i18n import LANGUAGES


@pytest.mark.parametrize("slug", lessons.ORDER)
def test_a_lesson_has_four_to_six_steps_and_each_teaches(slug: str) -> None:
    both = [lessons.lesson(slug, lang) for lang in LANGUAGES]

    assert 4 <= len(both[0].steps) == len(both[1].steps) <= 6
    for ar, en in zip(both[0].steps, both[1].steps, strict=True):
        assert [a.is_right for a in ar.answers] == [a.is_right for a in en.answers]
        assert [a.is_right for a in ar.answers].count(True) == 1 and len(ar.answers) >= 2
        assert all(a.why and a.text for a in (*ar.answers, *en.answers)) and len({a.text for a in ar.answers}) == len(ar.answers)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("slug", lessons.ORDER)
def test_a_lesson_takes_two_minutes(slug: str, lang: str) -> None:
    """At 150 words a minute, with a minute for the questions."""
    words = sum(len(f"{s.title} {s.body} {s.question} {' '.join(a.text for a in s.answers)}".split()) for s in lessons.lesson(slug, lang).steps)

    assert words <= 300


def test_an_unknown_lesson_is_not_found() -> None:
    with pytest.raises(NotFound):
        lessons.lesson("../open", "ar")


def test_every_word_of_the_glossary_is_whole_and_has_its_own_anchor() -> None:
    terms = glossary.terms()

    assert len(terms) >= 40 and len({term.slug for term in terms}) == len(terms)
    for lang in LANGUAGES:
        assert len({term.names[lang] for term in terms}) == len(terms)
        assert all(len(term.meanings[lang].split()) >= 3 for term in terms)


def test_what_replaces_paper_names_articles_and_icons_that_exist() -> None:
    pairs = paper.pairs("ar")

    assert len(pairs) == len(paper.pairs("en")) >= 12
    assert all(articles.article(pair.article, "ar") and pair.icon in icons.NAMES for pair in pairs)


def test_every_note_is_there_in_both_languages_newest_first() -> None:
    assert [note.slug for note in news.notes("ar")] == [note.slug for note in news.notes("en")]
    assert [note.day for note in news.notes("ar")] == sorted((note.day for note in news.notes("ar")), reverse=True)
    assert [
        (note.slug, link) for lang in LANGUAGES for note in news.notes(lang) for link in markup.links(note.body) if not markup.address(link)
    ] == []
