"""The door of the payer's links: a token that is known opens its invoice, every other text gets the same answer.

Misses are counted per visitor and end in 429; a good link is never locked out by somebody else's guessing. Nothing here
writes a token into a log, and no answer says how near a guess was (T56-T60).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from wasl.app.errors import NotFound
from wasl.app.invoicing.links import LinkGone, ResolvedLink, has_successor, resolve
from wasl.app.invoicing.models import Invoice, Link
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import language
from wasl.app.ui.limits import Limit, too_many, visitor

MISSES = Limit(count=30, seconds=300)
ACTS = Limit(count=30, seconds=60)  # pay, ask for a link: what makes work elsewhere


def through_link(request: HttpRequest, token: str, purposes: tuple[str, ...]) -> ResolvedLink | HttpResponse:
    """The link behind `token`, or the answer to whoever has none: 404, 410 or 429."""
    try:
        return resolve(token, *purposes)
    except LinkGone as gone:
        return gone_page(request, gone.link, was_withdrawn=gone.was_withdrawn)
    except NotFound:
        return missed(request, "portal/unknown_code.html" if purposes == (Link.VERIFY,) else "404.html")


def missed(request: HttpRequest, template: str = "404.html") -> HttpResponse:
    if not MISSES.spend(visitor(request)):
        return private(too_many(request, MISSES.seconds))
    return private(render(request, template, status=404))


def gone_page(request: HttpRequest, link: ResolvedLink, *, sent: bool = False, was_withdrawn: bool = True) -> HttpResponse:
    """A link that was good once: whom it was from, why it ended, and a way on. No amount, no number, no address."""
    org = Organisation.objects.get(pk=link.organisation_id)
    row = Invoice.objects.for_org(org).get(pk=link.invoice_id)
    language.prefer(request, row.language)
    why = "replaced" if was_withdrawn and has_successor(link) else "withdrawn" if was_withdrawn else "expired"
    context = {
        "seller": org.name_in(request.LANGUAGE_CODE), "token": link.token, "sent": sent, "can_ask": link.purpose != Link.VERIFY, "why": why,  # type: ignore[attr-defined]
        "door_url": named("inbox-enter") if link.purpose == Link.MAIL else "",
    }  # fmt: skip
    return private(render(request, "portal/gone.html", context, status=200 if sent else 410))


def named(name: str) -> str:
    """The address of a page that another part provides; "" where it is not there: nothing is ever linked to nowhere."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def allowed(request: HttpRequest, viewer: Any) -> bool:
    """Whether this visitor may act again on this invoice just now."""
    return ACTS.spend(f"{visitor(request)} {viewer.row.pk}")
