"""Notices on a device: the browser's subscription comes as a plain form, and each device can be taken off again.

Asking the browser needs a script (scripts/push.js); the list and taking a device off do not.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wasl.app.notices.push.subscriptions import remove_subscription, save_subscription
from wasl.app.portal.access import missed
from wasl.app.portal.account.devices import words_of
from wasl.app.portal.door import by_inbox
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.tenancy.models import normalise_email
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui import assets
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor
from wasl.errors import WaslError

TRIES = Limit(count=20, seconds=300)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """`/notices-worker.js`: at the root, so that it may show notices for the whole origin; asked for anew each time, so it can change."""
    response = HttpResponse(assets.asset("push-worker.js").data, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@by_viewer
def of_link(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _act(request, viewer.email, viewer.url("payer-preferences"))


@require_POST
@by_inbox()
def of_inbox(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """Only one's own address: a device of mine is not woken for what a company hears at another's."""
    email = normalise_email(request.POST.get("address", "")) or inbox.person.email
    if email not in inbox.emails or (inbox.is_shared and email != inbox.person.email):
        return missed(request)
    return _act(request, email, reverse("inbox-preferences"))


def _act(request: HttpRequest, email: str, back: str) -> HttpResponse:
    if not TRIES.spend(f"{visitor(request)} {email}"):
        return too_many(request, TRIES.seconds)
    form = request.POST
    if form.get("do") == "remove":
        try:
            is_gone = remove_subscription(email, UUID(form.get("id", "")))
        except ValueError:
            is_gone = False
        return HttpResponseRedirect(f"{back}?saved=1#devices") if is_gone else missed(request)
    label = words_of(request.headers.get("User-Agent", ""))
    try:
        given = {name: form.get(name, "") for name in ("endpoint", "p256dh", "auth")}
        save_subscription(email, **given, language=current(), label=label)
    except WaslError as error:
        return render(request, "portal/preferences/refused.html", {"said": error.message(current()), "back": back}, status=error.status)
    return HttpResponseRedirect(f"{back}?saved=1#devices")
