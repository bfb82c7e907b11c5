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
from wasl.app.invoicing.claims import grant_address
from wasl.app.portal.access import private
from wasl.app.portal.account.signin import begin
from wasl.app.portal.account.tasks import mail_code
from wasl.app.portal.door import address, by_inbox, safe_next
from wasl.app.tenancy import payers_codes as codes
from wasl.app.tenancy.models import normalise_email
from wasl.app.tenancy.payers import Inbox, choose, inbox_of
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
        if inbox_of(request) is not None:
            return private(redirect(way or home()))
        return _page(request, "", way, request.GET.get("email", "")[:254])
    typed = request.POST.get("email", "").strip()
    if not ASKS.spend(visitor(request)):
        return private(too_many(request, ASKS.seconds))
    try:
        email = normalise_email(checked_address(typed))
    except BadAddress as error:
        return _page(request, error.message(current()), way, typed[:254], status=422)
    request.session[CODE_KEY], request.session[EMAIL_KEY], request.session[NEXT_KEY] = str(send_code(email, codes.ENTER)), email, way
    return private(redirect("inbox-code"))


def send_code(email: str, purpose: str, person_id: UUID | None = None) -> UUID:
    """Keep that a code was asked for and queue its mail; the same work for every address."""
    with transaction.atomic():
        code_id = codes.ask(email, purpose, current(), person_id=person_id)
        mail_code.defer(code_id=str(code_id))
    return code_id


def _page(request: HttpRequest, problem: str, way: str, email: str, status: int = 200) -> HttpResponse:
    context = {"problem": problem, "next": way, "email": email}
    return private(render(request, "portal/account/enter.html", context, status=status))


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
    proven = codes.redeem(kept(request), digits(request.POST.get("code", "")), codes.ENTER)
    if proven is None:
        return _code_page(request, email, _("This code is not right, or it is too old. Look at the newest mail from us, or ask for a new code."), 422)
    way = request.session.get(NEXT_KEY, "")
    with transaction.atomic():
        person, place = person_of(proven, current())
        grant_address(place.payer_id, proven)
        begin(request, person, "code")
    choose(request, place.payer_id)
    return private(redirect(safe_next(request, way) or home()))


def kept(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.session.get(CODE_KEY, ""))
    except ValueError:
        return None


def digits(typed: str) -> str:
    """What somebody typed as a code: digits of any script, blanks and dashes between them left out."""
    return "".join(c for c in ascii_digits(typed[:40]) if c.isdigit())


def _code_page(request: HttpRequest, email: str, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"problem": problem, "email": email, "next": request.session.get(NEXT_KEY, ""), "is_live": codes.is_live(kept(request))}
    return private(render(request, "portal/account/code.html", context, status=status))


def home() -> str:
    """The inbox itself, or the account page while there is none."""
    return address("inbox") or address("inbox-account") or reverse("inbox-enter")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out on this device."""
    logout(request)
    return private(redirect("inbox-enter"))


@require_POST
@by_inbox()
def switch(request: Any, inbox: Inbox) -> HttpResponse:
    """Open another inbox of the same person."""
    with contextlib.suppress(ValueError):
        choose(request, UUID(request.POST.get("inbox", "")))
    return redirect(safe_next(request, request.POST.get("next", "")) or home())
