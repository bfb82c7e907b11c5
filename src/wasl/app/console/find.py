"""`/console/<organisation>/search`: the payer's search service over everything one seller issued, with its customers beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wasl.app import clock
from wasl.app.archive import switch
from wasl.app.console.access import member, owner, show
from wasl.app.console.customers import found_customers
from wasl.app.invoicing.prepare import local_date
from wasl.app.portal.search.answer import answer, marked, where
from wasl.app.portal.search.views import QUESTIONS, recent_key, template
from wasl.app.ui.limits import too_many

CUSTOMERS_SHOWN = 6


@require_safe
@member
def search(request: Any) -> HttpResponse:
    """The page, or, while somebody types, only what was found."""
    if not QUESTIONS.spend(str(request.user.pk)):
        return too_many(request, QUESTIONS.seconds)
    base = reverse("console-search", args=[request.org.slug])
    found = answer(request, request.org, today=local_date(request.org, clock.now()), base=base, with_sellers=False)
    query, page = found.results.query, template(request)
    named = found_customers(request.org, found.text)[:CUSTOMERS_SHOWN] if query.words and len(query.words) == len(query.terms) else []
    return show(
        request, "console/search_found.html" if page == "found" else "console/search.html", "search", answer=found, marked=marked, where=where,
        recent_key=recent_key(request), is_off=switch.is_off(request.org), customers=named,
    )  # fmt: skip


@require_POST
@owner
def turn(request: Any) -> HttpResponse:
    """Search on or off for the whole organisation."""
    on = request.POST.get("search") == "on"
    switch.switch(request.org, on=on, actor=request.actor)
    said = _("Search is on. Older invoices come in one after the other.") if on else _("Search is off. The texts have left the index.")
    messages.success(request, said)
    return redirect("console-search", slug=request.org.slug)
