"""Five lessons of two minutes: one file a language and lesson, a step a `## ` section with one question that teaches.

    ? the question
    - a wrong answer | why it is wrong
    + the right one | what to remember

Nothing is graded: a wrong answer explains itself and may be given again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from wasl.app.errors import NotFound
from wasl.app.support.help.articles import CONTENT, head_and_body
from wasl.app.ui.i18n import LANGUAGES

ORDER = ("first", "trust", "pay", "disagree", "inbox")
_SECTION = re.compile(r"^## ", re.M)


@dataclass(frozen=True)
class Answer:
    text: str
    why: str
    is_right: bool


@dataclass(frozen=True)
class Step:
    """`body` is Markdown; `answers` in the order in which they are shown."""

    title: str
    body: str
    question: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Lesson:
    slug: str
    title: str
    summary: str
    steps: tuple[Step, ...]


def lesson(slug: str, lang: str) -> Lesson:
    """The lesson of that name; NotFound for any other text."""
    found = _all()[lang].get(slug)
    if found is None:
        raise NotFound(what="lesson")
    return found


def lessons(lang: str) -> list[Lesson]:
    return list(_all()[lang].values())


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, Lesson]]:
    return {lang: {slug: _read(slug, lang) for slug in ORDER} for lang in LANGUAGES}


def _read(slug: str, lang: str) -> Lesson:
    head, body = head_and_body((CONTENT / lang / "lessons" / f"{slug}.md").read_text(encoding="utf-8"))
    return Lesson(slug, head["title"], head["summary"], tuple(_step(part) for part in _SECTION.split(body)[1:]))


def _step(text: str) -> Step:
    title, _, rest = text.partition("\n")
    body, _, quiz = rest.partition("\n? ")
    question, *lines = [line for line in quiz.splitlines() if line.strip()]
    answers = (_answer(line) for line in lines)
    return Step(title.strip(), body.strip(), question.strip(), tuple(answers))


def _answer(line: str) -> Answer:
    text, _, why = line[1:].partition(" | ")
    if line[0] not in "+-" or not why:
        raise ValueError(f"an answer is '- text | why' or '+ text | why', not {line!r}")
    return Answer(text.strip(), why.strip(), line[0] == "+")
