"""`/inbox/notices`: what came here, the newest first. Looking marks nothing by itself: a scanner or a prefetch reads nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wasl.app.notices import kinds
from wasl.app.portal.door import by_inbox
from wasl.app.portal.notices.read import recent, see
from wasl.app.tenancy.payers import Inbox


@require_http_methods(["GET", "HEAD", "POST"])
@by_inbox()
def notices(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    if request.method == "POST":
        see(inbox)
        return HttpResponseRedirect(reverse("inbox-notices"))
    rows = recent(inbox)
    return render(request, "portal/notices/list.html", {"rows": rows, "any_new": any(row.is_new for row in rows), "kinds": kinds, "place": "notices"})
