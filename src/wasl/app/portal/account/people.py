"""Who may open a shared inbox: opening one, inviting, joining, roles, leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.delivery.address import checked_address
from wasl.app.portal.access import private
from wasl.app.portal.account.acting import act, place
from wasl.app.portal.account.signin import JOIN_KEY
from wasl.app.portal.account.tasks import mail_invite, tell
from wasl.app.portal.door import by_inbox
from wasl.app.tenancy import payers_share as service
from wasl.app.tenancy.models import Person
from wasl.app.tenancy.models_payers import PayerSeat
from wasl.app.tenancy.payers import SESSION_KEY, Inbox, choose
from wasl.app.tenancy.payers_errors import InviteForAnother, InviteGone
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor

INVITES = Limit(count=30, seconds=3600)  # that one person may send
OPENED = Limit(count=40, seconds=300)  # invitations that one visitor may try


@act("people")
def create(request: Any, inbox: Inbox) -> str:
    made = service.create_company(inbox.person, request.POST.get("company", ""))
    choose(request, made.payer.pk)
    return _("“%(inbox)s” is open. Invite the people who should see its invoices, and move your company's address into it.") % {"inbox": made.name}


@act("people", role=PayerSeat.OWNER, fresh=True)
def invite(request: Any, inbox: Inbox) -> str | HttpResponse:
    if not inbox.is_shared:
        return redirect(place("people"))
    email = checked_address(request.POST.get("email", "").strip())
    if not INVITES.spend(str(inbox.person.pk)):
        return too_many(request, INVITES.seconds)
    with transaction.atomic():
        made = service.invite(inbox, email, request.POST.get("role", ""))
        mail_invite.defer(invite_id=str(made.pk), language=current())
    return _("The invitation is on its way to %(email)s. It is good for seven days and for one use.") % {"email": made.email}


@act("people", role=PayerSeat.OWNER)
def withdraw(request: Any, inbox: Inbox, invite_id: UUID) -> str:
    service.withdraw(inbox, invite_id)
    return _("The invitation opens nothing any more.")


@act("people", role=PayerSeat.OWNER, fresh=True)
def role(request: Any, inbox: Inbox, person_id: UUID) -> str:
    service.change_role(inbox, person_id, request.POST.get("role", ""))
    return _("The role is changed. Where that person is signed in, they sign in anew.")


@act("people", role=PayerSeat.OWNER, fresh=True)
def remove(request: Any, inbox: Inbox, person_id: UUID) -> str:
    if person_id == inbox.person.pk:
        return leave_now(request, inbox)
    service.remove(inbox, person_id)
    person = Person.objects.filter(pk=person_id).first()
    if person is not None:
        tell(person, "seat-removed", inbox=inbox.name)
    return _("That person no longer sees this inbox.")


@act("people")
def leave(request: Any, inbox: Inbox) -> str:
    return leave_now(request, inbox)


def leave_now(request: Any, inbox: Inbox) -> str:
    name = inbox.name
    service.leave(inbox)
    request.session.pop(SESSION_KEY, None)
    return _("You have left “%(inbox)s”.") % {"inbox": name}


@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the invitation's mail: the token goes into the session, out of sight, and nothing is used up by looking."""
    if not OPENED.spend(visitor(request)):
        return private(too_many(request, OPENED.seconds))
    try:
        service.find_invite(token)
    except InviteGone:
        return _gone(request)
    request.session[JOIN_KEY] = token
    return private(redirect("inbox-join"))


@require_http_methods(["GET", "POST"])
def join(request: Any) -> HttpResponse:
    """Who invites into what, and one button. Whoever has not proven the invited address is asked to first."""
    token = request.session.get(JOIN_KEY, "")
    try:
        found = service.find_invite(token)
    except InviteGone:
        request.session.pop(JOIN_KEY, None)
        return _gone(request)
    if request.user.is_authenticated and request.user.is_active and request.method == "POST":
        try:
            inbox = service.accept(token, request.user)
        except InviteGone:
            return _gone(request)
        except InviteForAnother as refused:
            return _join_page(request, found, refused.message(current()), 403)
        del request.session[JOIN_KEY]
        choose(request, inbox.payer.pk)
        messages.success(request, _("Welcome: this inbox is open to you now."))
        return private(redirect("inbox-account"))
    return _join_page(request, found)


def _join_page(request: Any, found: Any, problem: str = "", status: int = 200) -> HttpResponse:
    person = request.user if request.user.is_authenticated else None
    is_theirs = person is not None and person.emailaddress_set.filter(email=found.email, verified=True).exists()
    context = {
        "inbox": found.payer.name, "host": found.invited_by.email, "role": found.role, "masked": service.masked(found.email), "problem": problem,
        "is_theirs": is_theirs, "signed_in": person.email if person else "",
    }  # fmt: skip
    return private(render(request, "portal/account/join.html", context, status=status))


def _gone(request: HttpRequest) -> HttpResponse:
    return private(render(request, "portal/account/invite_gone.html", {"sentence": InviteGone().message(current())}, status=410))


@require_POST
@by_inbox()
def decline(request: Any, inbox: Inbox) -> HttpResponse:
    """Not now: the invitation stays good, this session forgets it."""
    request.session.pop(JOIN_KEY, None)
    return redirect("inbox-account")
