"""`/u/<token>`: what a mail's link to unsubscribe opens. A GET shows, a POST does; mail programs post by themselves (RFC 8058)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wasl.app.notices import kinds
from wasl.app.notices.preferences import preferences_of
from wasl.app.notices.tokens import Holder, holder_of
from wasl.app.notices.unsubscribe import STOPPABLE, one_click, switch
from wasl.app.ui import language
from wasl.app.ui.limits import Limit, too_many, visitor

MISSES = Limit(count=30, seconds=300)
ACTS = Limit(count=30, seconds=60)


@csrf_exempt  # no session and no cookie: the token is the authority, and a mail program has no form of ours
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The kinds of one address, by mail. An unknown token is told like one that never was (T57)."""
    holder = holder_of(token)
    if holder is None:
        return _private(too_many(request, MISSES.seconds) if not MISSES.spend(visitor(request)) else render(request, "404.html", status=404))
    language.prefer(request, preferences_of(holder.email).language)
    if request.method == "POST":
        if not ACTS.spend(f"{visitor(request)} {holder.id}"):
            return _private(too_many(request))
        return _private(_act(request, token, holder))
    return _private(_page(request, token, holder))


def _act(request: HttpRequest, token: str, holder: Holder) -> HttpResponse:
    if request.POST.get("List-Unsubscribe") == "One-Click":
        one_click(holder)
        return HttpResponse(status=200, content_type="text/plain")
    wanted = set(request.POST.getlist("kind")) & set(STOPPABLE)
    if request.POST.get("act") == "stop":
        one_click(holder)
    else:
        switch(holder.email, off=tuple(kind for kind in STOPPABLE if kind not in wanted), on=tuple(kind for kind in STOPPABLE if kind in wanted))
    return HttpResponseRedirect(reverse("unsubscribe", args=[token]) + "?saved=1")


def _page(request: HttpRequest, token: str, holder: Holder) -> HttpResponse:
    wanted = preferences_of(holder.email)
    rows = [(kind, kinds.label(kind), kinds.EMAIL in wanted.on(kind)) for kind in STOPPABLE]
    this = kinds.label(holder.kind) if holder.kind in STOPPABLE else ""
    is_on = not this or kinds.EMAIL in wanted.on(holder.kind)
    context = {"token": token, "email": holder.email, "rows": rows, "this": this, "is_on": is_on, "is_saved": bool(request.GET.get("saved"))}
    return render(request, "notices/unsubscribe.html", context)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
