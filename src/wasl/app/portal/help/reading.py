"""Pages to read: the glossary, what replaces paper, and what is new."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wasl.app.portal.help.frame import page
from wasl.app.support.help import glossary as words
from wasl.app.support.help import markup, search
from wasl.app.support.help import news as notes
from wasl.app.support.help import paper as pairs
from wasl.app.support.help.marks import keep, marks_of
from wasl.app.ui.i18n import current


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """`/help/glossary`: each word with its anchor, both languages side by side; with `?q=` those that were sought."""
    typed = request.GET.get("q", "").strip()[: search.QUERY_CHARS_MAX]
    found = search.find_terms(typed) if typed else words.terms()
    return page(request, "portal/help/glossary.html", {"terms": found, "typed": typed}, here="glossary")


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """`/help/paper`: for people used to paper."""
    return page(request, "portal/help/paper.html", {"pairs": pairs.pairs(current())}, here="paper")


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """`/help/news`: dated notes, the newest first; reading them takes the mark away."""
    marks, newest = marks_of(request), notes.newest()
    shown = [(note, markup.html(note.body), note.day.isoformat() > marks.news) for note in notes.notes(current())]
    response = page(request, "portal/help/news.html", {"notes": shown}, here="news")
    return keep(request, response, replace(marks, news=newest)) if marks.news < newest else response
