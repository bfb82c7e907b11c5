"""`/i/<token>/preferences` and `/inbox/preferences`: how one address hears from us, and how pages look in this browser.

Saving shows at once, in plain sentences, what will happen and when next; "preview" shows the same before anything is kept.
Every save can be undone for an hour: the way back is signed into the page, so it needs no session and no script.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wasl.app.notices import kinds
from wasl.app.notices.preferences import Preferences, columns, preferences_of, read, save
from wasl.app.notices.push import vapid
from wasl.app.notices.push.subscriptions import subscriptions_of
from wasl.app.notices.words import in_words
from wasl.app.portal.access import missed
from wasl.app.portal.door import by_inbox
from wasl.app.portal.preferences import form
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.tenancy.models import normalise_email
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui import language, reader
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor
from wasl.errors import WaslError

SAVES = Limit(count=40, seconds=300)
UNDO_SECONDS = 3600
SALT = "wasl.preferences.undo"
HOURS = ("quiet_from", "quiet_until")
CHANNELS = (kinds.EMAIL, kinds.PUSH, kinds.PORTAL, kinds.ICS)


@dataclass(frozen=True)
class Head:
    """What the payer's frame shows around the page."""

    seller_name: str
    seller_lang: str
    is_private: bool = True


@dataclass(frozen=True)
class Desk:
    """One address's preferences as one road reaches them."""

    email: str
    here: str  # the page's own address
    layout: str
    invoice: Any = None
    viewer: Viewer | None = None
    emails: tuple[str, ...] = ()
    may_change: bool = True
    is_own: bool = True  # the address is the person's, not a company's other one


@require_http_methods(["GET", "HEAD", "POST"])
@by_viewer
def of_link(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The address that the link was sent to; an invoice in an inbox leads to the inbox's own page."""
    if viewer.inbox is not None:
        return HttpResponseRedirect(reverse("inbox-preferences"))
    here = viewer.url("payer-preferences")
    return _serve(request, Desk(viewer.email, here, "portal/layout.html", viewer.row, viewer))


@require_http_methods(["GET", "HEAD", "POST"])
@by_inbox()
def of_inbox(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """One of the addresses of the open inbox. In a company's inbox only its owners change what the company hears."""
    emails = tuple(inbox.emails) or (inbox.person.email,)
    asked = normalise_email(request.GET.get("address", "")) or emails[0]
    if asked not in emails:
        return missed(request)
    here = reverse("inbox-preferences") + (f"?{urlencode({'address': asked})}" if asked != emails[0] else "")
    may_change = inbox.may("owner") or not inbox.is_shared
    is_own = not inbox.is_shared or asked == inbox.person.email
    return _serve(request, Desk(asked, here, "portal/inbox_layout.html", emails=emails, may_change=may_change, is_own=is_own))


def _serve(request: HttpRequest, desk: Desk) -> HttpResponse:
    before = preferences_of(desk.email)
    if request.method != "POST":
        return _page(request, desk, before, is_saved=bool(request.GET.get("saved")), undo=request.GET.get("undo", ""))
    if not SAVES.spend(f"{visitor(request)} {desk.email}"):
        return too_many(request, SAVES.seconds)
    act = request.POST.get("act", "save")
    try:
        wanted = _unsigned(desk, request.POST.get("was", "")) if act == "undo" else form.read(request.POST, before)
        if wanted is None:
            return _page(request, desk, before, problem=_("It is too late to undo that. Change what you like and save again."), status=422)
        if act == "preview":
            return _page(request, desk, wanted, is_tried=True)
        if desk.may_change:
            save(desk.email, wanted)
    except WaslError as error:
        return _page(request, desk, before, problem=error.message(current()), status=422)
    return _saved(request, desk, before, wanted, is_undone=act == "undo")


def _saved(request: HttpRequest, desk: Desk, before: Preferences, wanted: Preferences, *, is_undone: bool) -> HttpResponse:
    """Back to the page, which says what now holds; this browser shows figures, dates and colours as asked at once."""
    query = {"saved": "1"} if is_undone or not desk.may_change else {"saved": "1", "undo": _signed(desk, before)}
    response = HttpResponseRedirect(desk.here + ("&" if "?" in desk.here else "?") + urlencode(query))
    reader.remember(response, reader.made(digits=wanted.digits, hijri=wanted.hijri, theme=wanted.theme, time_zone=wanted.time_zone))
    language.remember(request, response, wanted.language)
    return response


def _page(
    request: HttpRequest, desk: Desk, wanted: Preferences, *, is_saved: bool = False, is_tried: bool = False, undo: str = "", problem: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "desk": desk, "wanted": wanted, "rows": form.rows(wanted, CHANNELS), "channels": [(c, kinds.channel_label(c)) for c in CHANNELS],
        "days": form.days(wanted), "hours": form.hours(), "digests": form.digests(), "themes": form.themes(), "zones": form.zones(wanted),
        "countries": form.countries(wanted), "pay_ways": form.pay_ways(),
        "words": _words(desk, wanted), "is_saved": is_saved, "is_tried": is_tried, "undo": undo,
        "problem": problem, "quiet_from": f"{wanted.quiet_from:%H:%M}" if wanted.has_quiet_hours else "21:00",
        "quiet_until": f"{wanted.quiet_until:%H:%M}" if wanted.has_quiet_hours else "08:00", "place": "preferences", "page": _head(desk),
        "devices": subscriptions_of(desk.email), "push_key": vapid.public_key(), "devices_url": _devices_url(desk),
    }  # fmt: skip
    template = "portal/preferences/words.html" if request.headers.get("HX-Request") == "true" and is_tried else "portal/preferences/page.html"
    return render(request, template, context, status=status)


def _devices_url(desk: Desk) -> str:
    """Where a device is put on or taken off; nowhere for an address that is not one's own."""
    if desk.viewer is not None:
        return reverse("payer-devices", args=[desk.viewer.link.token]) if desk.viewer.link else ""
    return reverse("inbox-push") if desk.is_own else ""


def _head(desk: Desk) -> Head | None:
    if desk.viewer is None:
        return None
    name = desk.viewer.org.name_in(current())
    return Head(name, "ar" if name == desk.viewer.org.name_ar else "en")


def _words(desk: Desk, wanted: Preferences) -> list[str]:
    """What it means, in the figures that are being chosen."""
    shown = reader.made(digits=wanted.digits, hijri=wanted.hijri, theme=wanted.theme, time_zone=wanted.time_zone)
    with reader.use(shown):
        return in_words(wanted, desk.invoice, email=desk.email)


# -- undo --------------------------------------------------------------------------------------------------------------


def _signed(desk: Desk, before: Preferences) -> str:
    hours = {name: f"{getattr(before, name):%H:%M}" for name in HOURS}
    return signing.dumps([desk.email, columns(before) | hours], salt=SALT, compress=True)


def _unsigned(desk: Desk, text: str) -> Preferences | None:
    """What stood before; None where the way back is too old, not ours, or another address's."""
    try:
        email, kept = signing.loads(text, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return None
    if email != desk.email:
        return None
    return read(SimpleNamespace(**kept | {name: time.fromisoformat(kept[name]) for name in HOURS}))
