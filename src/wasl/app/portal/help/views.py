"""The help centre: what it holds, search in it, one article, and whether that helped. Nobody signs in to read."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wasl.app.errors import NotFound
from wasl.app.portal.help.frame import page
from wasl.app.support.help import articles, markup, search, votes
from wasl.app.support.help.marks import keep, marks_of
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor

VOTES = Limit(count=30, seconds=3600)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/help/`: every article by what one wants to do; with `?q=` what was found."""
    lang, typed = current(), request.GET.get("q", "").strip()[: search.QUERY_CHARS_MAX]
    if typed:
        return page(request, "portal/help/found.html", {"typed": typed, "hits": search.find(typed, lang)}, here="help")
    groups = [(c, [articles.article(slug, lang) for slug in c.articles]) for c in articles.categories()]
    return page(request, "portal/help/index.html", {"groups": groups, "typed": ""}, here="help")


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """`/help/<slug>`: one article, and what is read next."""
    lang = current()
    try:
        found = articles.article(slug, lang)
    except NotFound:
        return render(request, "404.html", status=404)
    category = next(c for c in articles.categories() if c.slug == found.category)
    context = {
        "article": found, "body": markup.html(found.body), "category": category.titles[lang],
        "related": [articles.article(other, lang) for other in found.related], "voted": slug in marks_of(request).votes,
    }  # fmt: skip
    return page(request, "portal/help/article.html", context)


@require_POST
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """"Did this help?": counted once a browser, by article, language and day, and by nothing else."""
    marks = marks_of(request)
    answer = redirect(f"{reverse('help-article', args=[slug])}#helped")
    if slug in marks.votes:
        return answer
    if not VOTES.spend(visitor(request)):
        return too_many(request, VOTES.seconds)
    try:
        votes.vote(slug, current(), helped=request.POST.get("helped") == "1")
    except NotFound:
        return render(request, "404.html", status=404)
    return keep(request, answer, replace(marks, votes=marks.votes | {slug}))
