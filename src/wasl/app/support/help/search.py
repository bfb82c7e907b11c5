"""Search in the help: articles, lessons and words, found by any spelling that sounds or looks alike.

Texts and the question fold through the same normaliser as invoices do (archive.normalise): hamza, ى, ة, digits, the article
and attached letters, stems. Everything is in memory: a few dozen short texts, indexed once a process and language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from wasl.app.archive.normalise import Forms, fold, forms, words
from wasl.app.support.help import articles, glossary, lessons
from wasl.app.support.help.glossary import Term
from wasl.app.support.help.lessons import Lesson

QUERY_CHARS_MAX = 100
QUERY_WORDS_MAX = 8
HITS_MAX = 12
EXTRACT_WORDS = 26
_MARKS = re.compile(r"\]\([a-z]+:[^)]*\)|^(?:#+|>|[-+?] |\d+\. )|[*|`\[\]]|^\|?[-| ]+\|$", re.M)
# How much a word counts by where it stands and how it was matched: as written, without attached letters, by its stem, by its beginning
_PLACES = {"title": 8, "words": 5, "summary": 4, "body": 1}
_SHAPES = (4, 3, 2, 1)
# Words that stand in every question and say nothing about it
_EMPTY_WORDS = "how do i can my the a an is to what of and in for me it on with كيف هل ما ماذا من إلى على في عن هو هي أنا لا أو أين متى لماذا"
_EMPTY = frozenset(fold(word) for word in _EMPTY_WORDS.split())


@dataclass(frozen=True)
class Hit:
    """One answer: where it leads, and a piece of its text with the found words marked."""

    kind: str
    title: str
    href: str
    extract: Markup
    score: int


@dataclass(frozen=True)
class _Text:
    kind: str
    name: str
    title: str
    shown: str
    places: tuple[tuple[str, tuple[Forms, ...]], ...]


def find(typed: str, lang: str) -> list[Hit]:
    """The best answers to `typed`, best first; every word that says something must be found, in some shape."""
    asked = _asked(typed)
    if not asked:
        return []
    scored = ((text, _score(text, asked)) for text in _texts(lang))
    best = sorted((pair for pair in scored if pair[1]), key=lambda pair: -pair[1])[:HITS_MAX]
    return [Hit(_kinds()[text.kind], text.title, _href(text), _extract(text.shown, asked), score) for text, score in best]


def find_terms(typed: str) -> tuple[Term, ...]:
    """The words of the glossary that `typed` names, in either language."""
    asked = _asked(typed)
    scored = [(term, _score(text, asked)) for term, text in zip(glossary.terms(), _term_texts(), strict=True)] if asked else []
    return tuple(term for term, score in sorted(scored, key=lambda pair: -pair[1]) if score)


def _asked(typed: str) -> list[Forms]:
    found = [word.folded for word in words(typed[:QUERY_CHARS_MAX])]
    return [forms(word) for word in ([word for word in found if word not in _EMPTY] or found)[:QUERY_WORDS_MAX]]


def _score(text: _Text, asked: list[Forms]) -> int:
    """Nothing unless each word is found; otherwise the sum of where and how well."""
    total = 0
    for word in asked:
        best = max(_PLACES[place] * max((_match(word, other) for other in kept), default=0) for place, kept in text.places)
        if not best:
            return 0
        total += best
    return total if text.kind == "article" else -(-total // 2)  # an article explains more than a word does


def _match(asked: Forms, kept: Forms) -> int:
    as_written, bare, stem, beginning = _SHAPES
    if asked.exact == kept.exact:
        return as_written
    if asked.exact in kept.bare or kept.exact in asked.bare or set(asked.bare) & set(kept.bare):
        return bare
    if asked.stem == kept.stem and len(asked.stem) > 2:
        return stem
    return beginning if len(asked.exact) > 2 and any(shape.startswith(asked.exact) for shape in (kept.exact, *kept.bare)) else 0


def _extract(text: str, asked: list[Forms]) -> Markup:
    """Some words around the first that was found, with every found word marked."""
    found = list(words(text))
    hits = [place for place, word in enumerate(found) if any(_match(each, forms(word.folded)) for each in asked)]
    start = max((hits[0] if hits else 0) - EXTRACT_WORDS // 3, 0)
    shown, at = escape("… " if start else ""), found[start].start if found else 0
    for place in range(start, min(start + EXTRACT_WORDS, len(found))):
        word = found[place]
        shown += text[at : word.start]
        shown += Markup("<mark>{}</mark>").format(text[word.start : word.end]) if place in hits else text[word.start : word.end]
        at = word.end
    return shown + (Markup(" …") if start + EXTRACT_WORDS < len(found) else text[at:])


@lru_cache(maxsize=2)
def _texts(lang: str) -> tuple[_Text, ...]:
    made = [_text("article", a.slug, a.title, a.summary, a.body, a.words) for a in articles.articles(lang)]
    made += [_text("lesson", one.slug, one.title, one.summary, _told(one)) for one in lessons.lessons(lang)]
    made += [_text("term", t.slug, t.names[lang], t.meanings[lang], "", " ".join(t.names.values())) for t in glossary.terms()]
    return tuple(made)


@lru_cache(maxsize=1)
def _term_texts() -> tuple[_Text, ...]:
    return tuple(_text("term", t.slug, " ".join(t.names.values()), " ".join(t.meanings.values()), "") for t in glossary.terms())


def _told(lesson: Lesson) -> str:
    return "\n".join(f"{step.title}\n{step.body}\n{step.question}" for step in lesson.steps)


def _text(kind: str, name: str, title: str, summary: str, body: str, more: str = "") -> _Text:
    plain = " ".join(_MARKS.sub(" ", body).split())
    parts = {"title": title, "words": more, "summary": summary, "body": plain}
    kept = tuple((place, tuple({forms(word.folded) for word in words(part)})) for place, part in parts.items())
    return _Text(kind, name, title, f"{summary} {plain}".strip(), kept)


def _kinds() -> dict[str, str]:
    return {"article": _("Article"), "lesson": _("Lesson"), "term": _("Glossary")}


def _href(text: _Text) -> str:
    if text.kind == "term":
        return f"{reverse('help-glossary')}#{text.name}"
    return reverse("help-lesson" if text.kind == "lesson" else "help-article", args=[text.name])
