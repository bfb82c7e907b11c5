"""`/inbox/enter`: an e-mail address, then the code that was mailed to it. No password, no script needed.

The answer is the same for every address, at the same time: one row, one job, one redirect. What is mailed is the worker's
decision (`mails.send_code`).
"""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wasl.app.delivery.address import checked_address
from wasl.app.delivery.errors import BadAddress
from wasl.app.portal.access import private
from wasl.app.portal.account.signin import JOIN_KEY, KEPT_KEY, begin
from wasl.app.portal.account.tasks import mail_code
from wasl.app.portal.door import address, by_inbox, safe_next
from wasl.app.tenancy import payers_codes as codes
from wasl.app.tenancy.models import Person, normalise_email
from wasl.app.tenancy.payers import SESSION_KEY, Inbox, choose, inbox_of, own_inbox
from wasl.app.tenancy.payers_passkeys import works_at
from wasl.app.tenancy.payers_prove import person_of
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor
from wasl.app.ui.numbers import ascii_digits

ASKS = Limit(count=20, seconds=3600)  # codes that one visitor may ask for
TYPED = Limit(count=30, seconds=600)  # codes that one visitor may type
CODE_KEY, EMAIL_KEY, NEXT_KEY = "wasl_code", "wasl_code_email", "wasl_code_next"


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the address; on POST, send the code."""
    way = safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "GET":
        if inbox_of(request) is not None and JOIN_KEY not in request.session:
            return private(redirect(way or home()))
        return enter_page(request, "", way, request.session.get(KEPT_KEY, {}).get("email", ""))
    return send_to(request, request.POST.get("email", "").strip(), way)


def send_to(request: HttpRequest, typed: str, way: str) -> HttpResponse:
    """Send a code to an address and go on to where it is typed."""
    if not ASKS.spend(visitor(request)):
        return private(too_many(request, ASKS.seconds))
    try:
        email = normalise_email(checked_address(typed))
    except BadAddress as error:
        return enter_page(request, error.message(current()), way, typed[:254], status=422)
    request.session[CODE_KEY], request.session[EMAIL_KEY], request.session[NEXT_KEY] = str(send_code(email, codes.ENTER)), email, way
    return private(redirect("inbox-code"))


def send_code(email: str, purpose: str, person_id: UUID | None = None) -> UUID:
    """Keep that a code was asked for and queue its mail; the same work for every address."""
    with transaction.atomic():
        code_id = codes.ask(email, purpose, current(), person_id=person_id)
        mail_code.defer(code_id=str(code_id))
    return code_id


def enter_page(request: HttpRequest, problem: str, way: str, email: str, status: int = 200) -> HttpResponse:
    context = {"problem": problem, "next": way, "email": email, "has_passkeys": works_at(request)}
    return private(render(request, "portal/account/enter.html", context, status=status))


@require_http_methods(["GET", "POST"])
def again(request: Any) -> HttpResponse:
    """Somebody who is signed in shows once more who they are, before what a thief of the session would do first."""
    if inbox_of(request) is None:
        return private(redirect("inbox-enter"))
    way = safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST":
        return send_to(request, request.user.email, way)
    context = {"email": request.user.email, "next": way, "has_passkeys": works_at(request), "problem": ""}
    return private(render(request, "portal/account/again.html", context))


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code is typed here, in the browser that asked for it: a code that somebody was talked into reading out opens nothing elsewhere."""
    email = request.session.get(EMAIL_KEY, "")
    if not email:
        return private(redirect("inbox-enter"))
    if request.method == "GET":
        return _code_page(request, email)
    if not TYPED.spend(visitor(request)):
        return private(too_many(request, TYPED.seconds))
    proven = codes.redeem(kept(request, CODE_KEY), digits(request.POST.get("code", "")), codes.ENTER)
    if proven is None:
        return _code_page(request, email, wrong_code(), 422)
    way = request.session.get(NEXT_KEY, "")
    with transaction.atomic():
        person, place = person_of(proven, current())
        if not person.is_active:
            return _code_page(request, email, wrong_code(), 422)
        return arrive(request, person, "code", way, place.payer_id)


def wrong_code() -> str:
    return _("This code is not right, or it is too old. Look at the newest mail from us, or ask for a new code.")


def arrive(request: HttpRequest, person: Person, method: str, way: str, payer_id: UUID | None = None) -> HttpResponse:
    """Sign in and go where the visitor wanted: an invitation, an invoice to keep, the page they came from, or the inbox."""
    open_now = request.session.get(SESSION_KEY) if request.user.is_authenticated and request.user.pk == person.pk else None
    begin(request, person, method)
    if open_now is not None:  # the same person once more: the inbox that is open stays open
        request.session[SESSION_KEY] = open_now
    elif payer_id is None:
        own_inbox(person)  # somebody may have left their last shared inbox
    else:
        choose(request, payer_id)
    if JOIN_KEY in request.session:
        return private(redirect("inbox-join"))
    if KEPT_KEY in request.session:
        return private(redirect("inbox-kept"))
    return private(redirect(safe_next(request, way) or home()))


def kept(request: HttpRequest, key: str) -> UUID | None:
    try:
        return UUID(request.session.get(key, ""))
    except ValueError:
        return None


def digits(typed: str) -> str:
    """What somebody typed as a code: digits of any script, blanks and dashes between them left out."""
    return "".join(c for c in ascii_digits(typed[:40]) if c.isdigit())


def _code_page(request: HttpRequest, email: str, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"problem": problem, "email": email, "next": request.session.get(NEXT_KEY, "")}
    return private(render(request, "portal/account/code.html", context, status=status))


def home() -> str:
    """The inbox itself, or the account page while there is none."""
    return address("inbox") or reverse("inbox-account")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out on this device; somebody who does so to take an invitation under another address keeps that."""
    invitation = request.session.get(JOIN_KEY) if request.POST.get("join") else None
    logout(request)
    if invitation:
        request.session[JOIN_KEY] = invitation
    return private(redirect("inbox-enter"))


@require_POST
@by_inbox()
def switch(request: Any, inbox: Inbox) -> HttpResponse:
    """Open another inbox of the same person."""
    with contextlib.suppress(ValueError):
        choose(request, UUID(request.POST.get("inbox", "")))
    return redirect(safe_next(request, request.POST.get("next", "")) or home())
