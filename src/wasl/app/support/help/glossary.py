"""The words of an invoice, in Arabic and English side by side: content/glossary.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from wasl.app.support.help.articles import CONTENT
from wasl.app.ui.i18n import LANGUAGES


@dataclass(frozen=True)
class Term:
    """A word and what it means, each in both languages: `names["ar"]`, `meanings["en"]`."""

    slug: str
    names: dict[str, str]
    meanings: dict[str, str]


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """Every term in the order of the file, which is the order of an invoice from its head to its story."""
    found = tomllib.loads((CONTENT / "glossary.toml").read_text(encoding="utf-8"))["term"]
    return tuple(Term(t["slug"], {lang: t[lang] for lang in LANGUAGES}, {lang: t[f"means_{lang}"] for lang in LANGUAGES}) for t in found)
