"""Bringing invoices into the inbox: by the code printed on one, and from the page of a link ("keep it in my inbox").

A printed code counts for the address that the invoice is made out or was mailed to, once that address is proven. Paper is seen by
many: for any other address the seller is asked, and says yes or no.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.errors import NotFound
from wasl.app.invoicing import requests
from wasl.app.invoicing.claims import grant_invoice
from wasl.app.invoicing.links import LinkGone, resolve, resolve_claim, resolve_printed
from wasl.app.invoicing.models import Link
from wasl.app.portal.access import gone_page, missed, private
from wasl.app.portal.account.acting import act
from wasl.app.portal.account.signin import KEPT_KEY
from wasl.app.portal.account.tasks import mail_request
from wasl.app.portal.door import by_inbox
from wasl.app.sql import run
from wasl.app.tenancy.payers import Inbox, inbox_of
from wasl.app.tenancy.payers_share import masked
from wasl.app.ui.limits import Limit, too_many

ASK_KEY = "wasl_ask"
TRIES = Limit(count=20, seconds=3600)  # codes that one person may try: 50 bits are not guessed, and are not to be tried
_GRANTED = "SELECT 1 FROM tenancy_payergrant WHERE payer_id = %s AND organisation_id = %s AND invoice_id = %s"
_ADDRESSED = "SELECT buyer_email FROM invoicing_invoicetext WHERE organisation_id = %s AND id = %s"


@require_http_methods(["GET", "POST"])
@by_inbox()
def claim(request: Any, inbox: Inbox) -> HttpResponse:
    """Type the ten characters that stand on the paper."""
    typed = request.POST.get("code", "")[:40]
    if request.method == "GET":
        return _page(request, inbox)
    if not TRIES.spend(str(inbox.person.pk)):
        return too_many(request, TRIES.seconds)
    for email in inbox.emails:
        try:
            link = resolve_claim(typed, email)
        except NotFound:
            continue
        grant_invoice(inbox.payer.pk, link.organisation_id, link.invoice_id)
        messages.success(request, _("The invoice is in your inbox."))
        return redirect(_invoice(link.organisation_id, link.invoice_id))
    found = resolve_printed(typed)
    if found is None:
        return _page(request, inbox, typed, _("No invoice has this code. Look again: it stands on the invoice, ten letters and digits."), status=422)
    return _page(request, inbox, typed, elsewhere=(found.organisation_id, found.invoice_id))


Place = tuple[UUID, UUID]  # organisation and invoice


def _page(request: Any, inbox: Inbox, typed: str = "", problem: str = "", elsewhere: Place | None = None, status: int = 200) -> HttpResponse:
    """`elsewhere`: the code is right, the invoice went to an address that is not proven here."""
    context = {"typed": typed, "problem": problem, "elsewhere": bool(elsewhere), "emails": inbox.emails, "place": "inbox"}
    if elsewhere:
        context["masked"] = masked_address(*elsewhere)
        request.session[ASK_KEY] = [str(each) for each in elsewhere]  # whoever was shown this may ask the seller about it
    return render(request, "portal/account/claim.html", context, status=status)


def masked_address(org_id: UUID, invoice_id: UUID) -> str:
    rows = run(_ADDRESSED, (org_id, invoice_id))
    return masked(rows[0][0]) if rows and rows[0][0] else ""


@act("details")
def ask_seller(request: Any, inbox: Inbox) -> str:
    """The code is right and the address is another: the seller is asked. Only about what this session has shown a code or a link for."""
    wanted = request.session.pop(ASK_KEY, None)
    if not wanted:
        raise NotFound(what="invoice")
    with transaction.atomic():
        made = requests.ask_access(inbox.payer, inbox.person.pk, UUID(wanted[0]), UUID(wanted[1]), inbox.person.email)
        mail_request.defer(org_id=str(made.organisation_id), request_id=str(made.pk))
    return _("The seller is asked. As soon as they agree, the invoice is in your inbox.")


@require_POST
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """From the page of a link: prove the address, then the invoice is in the inbox."""
    try:
        link = resolve(token, Link.MAIL, Link.PDF)
    except LinkGone as gone:
        return gone_page(request, gone.link)
    except NotFound:
        return missed(request)
    request.session[KEPT_KEY] = {"org": str(link.organisation_id), "invoice": str(link.invoice_id), "email": link.recipient}
    return private(redirect("inbox-kept" if inbox_of(request) else "inbox-enter"))


@require_safe
@by_inbox()
def kept(request: Any, inbox: Inbox) -> HttpResponse:
    """Where somebody arrives who wanted to keep an invoice: at the invoice, or at what is still missing."""
    wanted = request.session.get(KEPT_KEY)
    if not isinstance(wanted, dict):
        return redirect("inbox-account")
    org_id, invoice_id = UUID(wanted["org"]), UUID(wanted["invoice"])
    del request.session[KEPT_KEY]
    if run(_GRANTED, (inbox.payer.pk, org_id, invoice_id)):
        messages.success(request, _("The invoice is in your inbox, with every other one sent to this address."))
        return redirect(_invoice(org_id, invoice_id))
    return _page(request, inbox, elsewhere=(org_id, invoice_id))


def _invoice(org_id: UUID, invoice_id: UUID) -> str:
    return reverse("inbox-payer", args=[org_id, invoice_id])
