"""What one reader has finished and seen of help: lessons, the tour, votes, the newest note. One short cookie, `wasl_help`.

For a signed-in person the same text is kept in the database and both are put together, so what was begun on a phone goes
on at a desk. It holds names of lessons and dates of notes: nothing about the person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse

from wasl.app import clock
from wasl.app.support.help.models import Progress

COOKIE = "wasl_help"
COOKIE_SECONDS = 365 * 24 * 3600
CHARS_MAX = 400  # every lesson and every article of ours; anything longer was not written by us
_NAME = re.compile(r"[a-z][a-z-]{0,40}\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True)
class Marks:
    """`lessons`: steps that are done, by lesson. `news`: the day of the newest note that was read. `votes`: articles judged."""

    lessons: dict[str, int] = field(default_factory=dict)
    news: str = ""
    tour: bool = False
    votes: frozenset[str] = frozenset()

    def stepped(self, lesson: str, steps: int) -> Marks:
        """`steps` of a lesson are done; going back takes nothing away."""
        return replace(self, lessons=self.lessons | {lesson: max(steps, self.lessons.get(lesson, 0))})

    def __or__(self, other: Marks) -> Marks:
        lessons = {name: max(self.lessons.get(name, 0), other.lessons.get(name, 0)) for name in {*self.lessons, *other.lessons}}
        return Marks(lessons, max(self.news, other.news), self.tour or other.tour, self.votes | other.votes)


def packed(marks: Marks) -> str:
    fields = {
        "l": ".".join(f"{name}:{steps}" for name, steps in sorted(marks.lessons.items())),
        "n": marks.news, "t": "1" if marks.tour else "", "v": ".".join(sorted(marks.votes)),
    }  # fmt: skip
    return urlencode({key: value for key, value in fields.items() if value}, safe=":.")[:CHARS_MAX]


def unpacked(text: str) -> Marks:
    """The marks that a text names; what cannot be read is not there. Never raises."""
    if len(text) > CHARS_MAX:
        return Marks()
    found = dict(parse_qsl(text))
    pairs = (part.partition(":") for part in found.get("l", "").split("."))
    lessons = {name: int(steps) for name, _, steps in pairs if _NAME.match(name) and re.fullmatch(r"[0-9]{1,2}", steps)}
    day = found.get("n", "")
    votes = frozenset(name for name in found.get("v", "").split(".") if _NAME.match(name))
    return Marks(lessons, day if _DAY.match(day) else "", found.get("t") == "1", votes)


def marks_of(request: HttpRequest) -> Marks:
    """What this reader has done: the cookie's, and the person's own where somebody is signed in."""
    kept = unpacked(request.COOKIES.get(COOKIE, ""))
    if request.user.is_authenticated:
        row = Progress.objects.filter(person_id=request.user.pk).first()
        kept |= unpacked(row.marks) if row else Marks()
    return kept


def keep(request: HttpRequest, response: HttpResponse, marks: Marks) -> HttpResponse:
    """Write the marks into this browser, and to the person's own."""
    text = packed(marks)
    response.set_cookie(COOKIE, text, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure())
    if request.user.is_authenticated:
        Progress.objects.update_or_create(person_id=request.user.pk, defaults={"marks": text, "updated_at": clock.now()})
    return response
