"""What every page of help shows around its text: the parts of the help centre, and whether there is news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from wasl.app.support.help import news
from wasl.app.support.help.marks import marks_of


@dataclass(frozen=True)
class Part:
    key: str
    label: str
    icon: str
    href: str
    is_new: bool = False


def page(request: HttpRequest, template: str, context: dict[str, Any], *, here: str = "", status: int = 200) -> HttpResponse:
    """Render a page of help. `here` names its part; with `?print=1` it is drawn for paper, without bars and buttons."""
    frame = {"parts": parts(has_news=marks_of(request).news < news.newest()), "here": here, "for_paper": request.GET.get("print") == "1"}
    return render(request, template, frame | context, status=status)


def parts(*, has_news: bool) -> tuple[Part, ...]:
    return (
        Part("help", _("Articles"), "book", reverse("help")),
        Part("lessons", _("Lessons"), "lesson", reverse("help-lessons")),
        Part("practice", _("Practice"), "practice", reverse("practice")),
        Part("glossary", _("Glossary"), "log", reverse("help-glossary")),
        Part("paper", _("From paper"), "file", reverse("help-paper")),
        Part("news", _("What is new"), "news", reverse("help-news"), has_news),
    )
