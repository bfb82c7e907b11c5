"""`/inbox/search`: one box over every invoice of the open inbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from wasl.app.portal.door import by_inbox
from wasl.app.portal.inbox.page import today_of
from wasl.app.portal.search.answer import answer, marked, where
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.limits import Limit, too_many

QUESTIONS = Limit(count=120, seconds=60)  # of one person: two a second, as fast as anybody types and reads


@require_safe
@by_inbox()
def search(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """The page, or, while somebody types, only what was found."""
    if not QUESTIONS.spend(str(inbox.person.pk)):
        return too_many(request, QUESTIONS.seconds)
    base = reverse("inbox-search")
    found = answer(request, inbox.payer, today=today_of(inbox.payer), base=base, with_sellers=True)
    context = {"answer": found, "marked": marked, "where": where, "place": "search", "inbox": inbox, "recent_key": recent_key(request)}
    return render(request, f"portal/search/{template(request)}.html", context)


def template(request: HttpRequest) -> str:
    return "found" if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "found" else "page"


def recent_key(request: HttpRequest) -> str:
    """Under which this browser tab keeps recent searches: another session, another key. Says nothing about the session."""
    return salted_hmac("wasl.search.recent", request.session.session_key or "", algorithm="sha256").hexdigest()[:16]
