"""The lessons: which there are and how far one is, and one step at a time. All of it works without script."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from wasl.app.errors import NotFound
from wasl.app.portal.help.frame import page
from wasl.app.support.help import lessons, markup
from wasl.app.support.help.lessons import Lesson
from wasl.app.support.help.marks import keep, marks_of
from wasl.app.ui.counting import count
from wasl.app.ui.i18n import current


@dataclass(frozen=True)
class Shown:
    """A lesson in the list: steps that are done, of how many."""

    lesson: Lesson
    done: int

    @property
    def total(self) -> int:
        return len(self.lesson.steps)

    @property
    def of(self) -> str:
        return count(self.total)

    @property
    def is_done(self) -> bool:
        return self.done >= self.total


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/help/lessons/`: the lessons, and where one left off."""
    done = marks_of(request).lessons
    shown = [Shown(lesson, min(done.get(lesson.slug, 0), len(lesson.steps))) for lesson in lessons.lessons(current())]
    return page(request, "portal/help/lessons.html", {"lessons": shown, "finished": sum(s.is_done for s in shown)}, here="lessons")


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """`/help/lessons/<slug>?step=2`: one step; without a step, the first that is not done. A POST is an answer."""
    try:
        found = lessons.lesson(slug, current())
    except NotFound:
        return render(request, "404.html", status=404)
    marks = marks_of(request)
    done, total = min(marks.lessons.get(slug, 0), len(found.steps)), len(found.steps)
    number = _number(request.GET.get("step", ""), total) or min(done + 1, total)
    step = found.steps[number - 1]
    chosen = _number(request.POST.get("answer", "") or request.GET.get("answer", ""), len(step.answers))
    if request.method == "POST":
        answer = redirect(f"{reverse('help-lesson', args=[slug])}?step={number}" + (f"&answer={chosen}#answer" if chosen else ""))
        is_right = bool(chosen) and step.answers[chosen - 1].is_right
        return keep(request, answer, marks.stepped(slug, number)) if is_right and number == done + 1 else answer
    context = {
        "lesson": found, "step": step, "body": markup.html(step.body), "number": number, "total": total, "done": done,
        "place": count(number), "of": count(total),
        "question": markup.line(step.question), "chosen": chosen,
        "answers": [(place, markup.line(a.text), markup.line(a.why), a.is_right) for place, a in enumerate(step.answers, 1)],
        "is_right": bool(chosen) and step.answers[chosen - 1].is_right, "next": _after(slug),
    }  # fmt: skip
    return page(request, "portal/help/lesson.html", context, here="lessons")


def _number(text: str, most: int) -> int:
    """A place from 1 to `most`; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= most else 0


def _after(slug: str) -> Lesson | None:
    place = lessons.ORDER.index(slug) + 1
    return lessons.lesson(lessons.ORDER[place], current()) if place < len(lessons.ORDER) else None
