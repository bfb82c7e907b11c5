"""The help centre: what it holds, one article, and whether that helped. Nobody signs in to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wasl.app.errors import NotFound
from wasl.app.support.help import articles, markup
from wasl.app.ui.i18n import current


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/help/`: every article by what one wants to do."""
    lang = current()
    groups = [(c, [articles.article(slug, lang) for slug in c.articles]) for c in articles.categories()]
    return render(request, "portal/help/index.html", {"groups": groups})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """`/help/<slug>`: one article, and what is read next."""
    lang = current()
    try:
        found = articles.article(slug, lang)
    except NotFound:
        return render(request, "404.html", status=404)
    category = next(c for c in articles.categories() if c.slug == found.category)
    related = [articles.article(other, lang) for other in found.related]
    context = {"article": found, "body": markup.html(found.body), "category": category.titles[lang], "related": related}
    return render(request, "portal/help/article.html", context)
