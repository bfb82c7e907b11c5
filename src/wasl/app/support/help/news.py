"""What is new, told to those who use it: one file a language and note, named by its day: content/ar/news/2026-11-27-title.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from wasl.app.support.help.articles import CONTENT, head_and_body


@dataclass(frozen=True)
class Note:
    slug: str
    day: date
    title: str
    body: str


@lru_cache(maxsize=2)
def notes(lang: str) -> tuple[Note, ...]:
    """Every note of a language, the newest first."""
    found = []
    for path in sorted((CONTENT / lang / "news").glob("*.md"), reverse=True):
        head, body = head_and_body(path.read_text(encoding="utf-8"))
        found.append(Note(path.stem, date.fromisoformat(path.stem[:10]), head["title"], body))
    return tuple(found)


def newest() -> str:
    """The day of the newest note, as the reader's mark keeps it."""
    return notes("ar")[0].day.isoformat()
