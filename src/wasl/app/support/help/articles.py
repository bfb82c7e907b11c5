"""The help articles: one Markdown file a language and article, put in order by content/articles.toml.

A file begins with `key: value` lines (title, summary, words: what else people call it) up to a line `---`; the rest is
Markdown without HTML. Addresses in it are names, never paths: `route:help`, `article:pay`, `term:vat` (see markup.py).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wasl.app.errors import NotFound
from wasl.app.ui.i18n import LANGUAGES

CONTENT = Path(__file__).resolve().parent / "content"


@dataclass(frozen=True)
class Article:
    """One article in one language. `body` is its Markdown, `words` more names for search."""

    slug: str
    lang: str
    title: str
    summary: str
    words: str
    body: str
    category: str
    related: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    slug: str
    icon: str
    titles: dict[str, str]
    articles: tuple[str, ...]


def article(slug: str, lang: str) -> Article:
    """The article of that name in that language; NotFound for any other text."""
    found = _all()[lang].get(slug)
    if found is None:
        raise NotFound(what="help article")
    return found


def title_of(slug: str, lang: str) -> str:
    return article(slug, lang).title


def articles(lang: str) -> list[Article]:
    """Every article of a language in reading order."""
    return list(_all()[lang].values())


@lru_cache(maxsize=1)
def categories() -> tuple[Category, ...]:
    return tuple(Category(c["slug"], c["icon"], {lang: c[lang] for lang in LANGUAGES}, tuple(c["articles"])) for c in _order()["category"])


def head_and_body(text: str) -> tuple[dict[str, str], str]:
    """Split a content file: its `key: value` lines, and what stands below `---`."""
    head, found, body = text.partition("\n---\n")
    if not found:
        raise ValueError("a content file begins with key: value lines and a line ---")
    pairs = (line.split(":", 1) for line in head.splitlines() if line.strip())
    return {key.strip(): value.strip() for key, value in pairs}, body.strip()


@lru_cache(maxsize=1)
def _order() -> dict[str, list[dict[str, object]] | dict[str, list[str]]]:  # type: ignore[type-arg]
    return tomllib.loads((CONTENT / "articles.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, Article]]:
    return {lang: {slug: _read(slug, lang, c.slug) for c in categories() for slug in c.articles} for lang in LANGUAGES}


def _read(slug: str, lang: str, category: str) -> Article:
    head, body = head_and_body((CONTENT / lang / f"{slug}.md").read_text(encoding="utf-8"))
    related = tuple(_order()["related"].get(slug, ()))  # type: ignore[union-attr]
    return Article(slug, lang, head["title"], head["summary"], head["words"], body, category, related)
