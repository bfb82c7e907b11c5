"""Saved methods: what an inbox keeps with a seller. Shown by brand and last four; the number never was here.

A method belongs to the inbox, not to a link: only a signed-in person who may pay there sees and forgets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from wasl.app.errors import NotFound
from wasl.app.payments import saved
from wasl.app.payments.families import family_icon, family_name
from wasl.app.payments.models import SavedMethod
from wasl.app.portal.access import missed
from wasl.app.portal.door import by_inbox
from wasl.app.portal.viewer import Viewer
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.limits import Limit, too_many
from wasl.app.ui.macros import code

ACTS = Limit(count=30, seconds=300)


@dataclass(frozen=True)
class SavedWay:
    """One saved method as pages name it."""

    of: SavedMethod

    @property
    def key(self) -> str:
        return f"saved:{self.of.pk}"

    @property
    def icon(self) -> str:
        return family_icon(self.of.family)

    @property
    def label(self) -> Markup:
        """Visa ending in 4242."""
        brand = self.of.brand.title() if self.of.brand.islower() else self.of.brand
        values = {"brand": Markup("<bdi>{}</bdi>").format(brand or family_name(self.of.family)), "last4": code(self.of.last4)}
        return Markup(pgettext("saved card", "%(brand)s ending in %(last4)s")) % values if self.of.last4 else values["brand"]  # noqa: S704

    @property
    def note(self) -> str | Markup:
        year, _dash, month = self.of.expires.partition("-")
        if not month:
            return ""
        return Markup(pgettext("saved card", "good until %(month)s")) % {"month": code(f"{month}/{year}")}  # noqa: S704

    @property
    def id(self) -> UUID:
        return self.of.pk

    @property
    def seller(self) -> Any:
        return self.of.organisation


def saved_ways(viewer: Viewer) -> list[SavedWay]:
    """Of this seller, the preferred first; nothing for a link, and for a seat that only looks."""
    if viewer.inbox is None or not viewer.can_pay:
        return []
    return [SavedWay(each) for each in saved.methods_of(viewer.inbox.payer, viewer.org)]


@require_safe
@by_inbox("pay")
def methods(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """`/inbox/methods`: everything that this inbox keeps with sellers, and what is paid by itself."""
    from wasl.app.portal.pay.autopay import agreements, plans

    found = [SavedWay(each) for each in saved.methods_of(inbox.payer)]
    context = {"methods": found, "agreements": agreements(inbox), "plans": plans(inbox), "place": "preferences"}
    return render(request, "portal/pay/methods.html", context)


@require_POST
@by_inbox("pay")
def change(request: HttpRequest, inbox: Inbox, method_id: UUID) -> HttpResponse:
    """Forget it, or have it stand first. Another inbox's method is one that never was (T53)."""
    if not ACTS.spend(str(inbox.person.pk)):
        return too_many(request, ACTS.seconds)
    try:
        if request.POST.get("do") == "prefer":
            saved.prefer(inbox.payer, method_id)
            messages.success(request, _("It stands first from now on."))
        else:
            saved.remove(inbox.payer, method_id)
            messages.success(request, _("Forgotten, here and at the bank's end. What was to be paid with it by itself is cancelled."))
    except NotFound:
        return missed(request)
    return redirect("inbox-methods")
