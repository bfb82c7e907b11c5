"""The door of the inbox: signed-in people with a seat, and nobody else. Every page under `/inbox/` stands behind it.

`@by_inbox()` gives the view an `Inbox`; `@by_inbox("pay")` and `@by_inbox("owner")` ask for more. The layout
`portal/inbox_layout.html` takes what it shows from `request.inbox_frame`, so a page needs nothing but its own context.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from wasl.app import clock
from wasl.app.portal.access import private
from wasl.app.tenancy.models_payers import PayerSeat
from wasl.app.tenancy.payers import Inbox, inbox_of, inboxes_of
from wasl.app.ui import language

View = Callable[..., HttpResponse]
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Tab:
    """One part of the inbox in the bar."""

    key: str
    label: str
    icon: str
    href: str


@dataclass
class Frame:
    """What the layout shows around every page."""

    request: HttpRequest
    inbox: Inbox

    @cached_property
    def tabs(self) -> list[Tab]:
        """Only parts that exist."""
        wanted = [
            ("inbox", _("Inbox"), "inbox", "inbox"),
            ("statements", _("Statements"), "bank", "inbox-statements"),
            ("help", _("Help"), "help", "help"),
            ("preferences", _("Preferences"), "preferences", "inbox-preferences"),
            ("account", _("Account"), "person", "inbox-account"),
        ]
        return [Tab(key, label, icon, href) for key, label, icon, name in wanted if (href := address(name))]

    @cached_property
    def inboxes(self) -> list[Inbox]:
        return inboxes_of(self.inbox.person)

    @cached_property
    def unread(self) -> int:
        """Notices that came here and were not looked at yet; ten stand for "ten or more"."""
        from wasl.app.portal.notices.read import unread

        return unread(self.inbox)

    @property
    def search(self) -> str:
        return address("inbox-search")

    @staticmethod
    def address(name: str) -> str:
        return address(name)


def address(name: str) -> str:
    """The address of a named route, or "" while there is no such route."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def by_inbox(role: str = PayerSeat.VIEW) -> Callable[[View], View]:
    """Hand the view the open `Inbox`. A stranger signs in first and comes back; too small a role gets the 403 page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            inbox = inbox_of(request)
            if inbox is None:
                return private(redirect(enter_address(request)))
            language.prefer(request, inbox.person.language)
            request.inbox_frame = Frame(request, inbox)  # type: ignore[attr-defined]
            if not inbox.may(role):
                return private(render(request, "portal/account/role.html", {"inbox": inbox, "wanted": role}, status=403))
            _seen(request)
            return private(view(request, inbox, *args, **kwargs))

        return guarded

    return decorate


def enter_address(request: HttpRequest) -> str:
    """The sign-in page, with the way back for what can be shown again."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return reverse("inbox-enter") + (f"?{urlencode({'next': back})}" if back else "")


def safe_next(request: HttpRequest, given: str) -> str:
    """Where to go after signing in: an address of ours that a GET shows, or "" (T99)."""
    inside = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return given if inside and given.isprintable() and len(given) <= 2000 else ""


def _seen(request: HttpRequest) -> None:
    """Keep when a device was last used, to within some minutes: a page view need not write."""
    from wasl.app.tenancy.payers_devices import seen

    last = request.session.get("wasl_seen", 0)
    now = clock.now().timestamp()
    if now - last >= SEEN_EVERY.total_seconds():
        request.session["wasl_seen"] = now
        seen(request)
