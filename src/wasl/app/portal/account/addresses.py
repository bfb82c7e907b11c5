"""The addresses of a person: add one with a code, choose the main one, remove, undo, move into another inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wasl.app.delivery.address import checked_address
from wasl.app.errors import NotFound
from wasl.app.portal.account.acting import act, place
from wasl.app.portal.account.enter import ASKS, TYPED, digits, kept, send_code, wrong_code
from wasl.app.portal.account.tasks import tell, tell_address
from wasl.app.portal.door import by_inbox
from wasl.app.tenancy import payers_addresses as service
from wasl.app.tenancy import payers_codes as codes
from wasl.app.tenancy.models import normalise_email
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import too_many, visitor
from wasl.errors import WaslError

CODE_KEY, EMAIL_KEY = "wasl_address_code", "wasl_address_email"


@act("addresses", fresh=True)
def add(request: Any, inbox: Inbox) -> HttpResponse:
    """A code goes to the new address; it is added once the code is typed. The same answer whosever address it is."""
    email = normalise_email(checked_address(request.POST.get("email", "").strip()))
    if not ASKS.spend(visitor(request)):
        return too_many(request, ASKS.seconds)
    request.session[CODE_KEY], request.session[EMAIL_KEY] = str(send_code(email, codes.ADDRESS, inbox.person.pk)), email
    return redirect("inbox-address-code")


@require_http_methods(["GET", "POST"])
@by_inbox()
def prove(request: Any, inbox: Inbox) -> HttpResponse:
    """The code of the new address."""
    email, problem, status = request.session.get(EMAIL_KEY, ""), "", 200
    if not email:
        return redirect("inbox-account")
    if request.method == "POST":
        if not TYPED.spend(visitor(request)):
            return too_many(request, TYPED.seconds)
        problem, status = wrong_code(), 422
        try:
            with transaction.atomic():
                if codes.redeem(kept(request, CODE_KEY), digits(request.POST.get("code", "")), codes.ADDRESS) == email:
                    service.add(inbox.person, email)
                    tell(inbox.person, "address-added", email=email)
                    problem = ""
        except WaslError as refused:
            problem, status = refused.message(current()), 409
        if not problem:
            del request.session[CODE_KEY], request.session[EMAIL_KEY]
            messages.success(request, _("The address is yours here now; everything sent to it is in your inbox."))
            return redirect(place("addresses"))
    return render(request, "portal/account/prove.html", {"email": email, "problem": problem, "place": "account"}, status=status)


@act("addresses", fresh=True)
def primary(request: Any, inbox: Inbox, address_id: UUID) -> str:
    old, new = service.make_primary(inbox.person, address_id)
    if old != new:
        tell_address(old, inbox.person, "address-changed", email=new)
    return _("From now on you sign in with %(email)s, and we write to you there.") % {"email": new}


@act("addresses", fresh=True)
def remove(request: Any, inbox: Inbox, address_id: UUID) -> str:
    row = service.remove(inbox.person, address_id)
    tell_address(row.email, inbox.person, "address-leaving" if row.leaves_at else "address-removed")
    if row.leaves_at:
        return _("The address leaves in seven days. Until then it still opens your inbox, and you can change your mind.")
    return _("The address is removed.")


@act("addresses")
def keep(request: Any, inbox: Inbox, address_id: UUID) -> str:
    service.keep(inbox.person, address_id)
    return _("The address stays.")


@act("addresses", fresh=True)
def move(request: Any, inbox: Inbox, address_id: UUID) -> str:
    try:
        target = UUID(request.POST.get("inbox", ""))
    except ValueError:
        raise NotFound(what="inbox") from None
    row = service.move(inbox.person, address_id, target)
    return _("Invoices for %(email)s now come into “%(inbox)s”.") % {"email": row.email, "inbox": next_name(inbox, row)}


def next_name(inbox: Inbox, row: Any) -> str:
    from wasl.app.tenancy.payers import inboxes_of

    return next((each.name for each in inboxes_of(inbox.person) if each.payer.pk == row.payer_id), "")
