"""A seller's account is to change: a mail to everybody whose address the organisation had, and the page that stops it (T78)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wasl.app.events.record import Recorded
from wasl.app.invoicing import account_changes
from wasl.app.invoicing.account_changes import STEPS, change_of_token, stop_change, stop_token
from wasl.app.invoicing.errors import ChangeOver
from wasl.app.invoicing.models import AccountChange
from wasl.app.portal.access import missed, private
from wasl.app.tenancy.actor import Actor
from wasl.app.ui import format
from wasl.app.ui.limits import Limit, too_many, visitor
from wasl.invoice.display import isolate

TRIES = Limit(30, 600)
TAIL_CHARS = 4


def tell(event: Recorded) -> None:
    """In the transaction of a step: queue its mails."""
    from wasl.app.portal.tasks import mail_account_change

    mail_account_change.defer(org_id=str(event.organisation_id), change_id=event.data["change"], step=event.type)


def send(org_id: UUID, change_id: UUID, step: str) -> int:
    """The mails of one step; how many."""
    from wasl.app.portal.account.mails import post

    change = AccountChange.objects.for_org(org_id).select_related("organisation", "asked_by", "approved_by").filter(pk=change_id).first()
    if change is None or step not in STEPS:
        return 0
    for address in change.told:
        post(address, change.organisation.default_language, lambda: _letter(change, step))
    return len(change.told)


def _letter(change: AccountChange, step: str) -> tuple[str, str]:
    org, new = change.organisation, isolate(_masked(change.iban))
    facts: dict[str, Any] = {
        "who": isolate(change.asked_by.name or change.asked_by.email), "new": new, "seller": isolate(org.name),
        "second": isolate(change.approved_by.name or change.approved_by.email) if change.approved_by else "",
        "when": isolate(format.day(format.local_day(change.effective_at, org.time_zone), org.country)) if change.effective_at else "",
    }  # fmt: skip
    said = {
        account_changes.ASKED: lambda: (
            _("Somebody asks to change the bank account of %(seller)s") % facts,
            _(
                "%(who)s asks that invoices of %(seller)s be paid to another account: %(new)s. Another owner must approve it, "
                "and then three days pass."
            )
            % facts,
        ),
        account_changes.APPROVED: lambda: (
            _("The bank account of %(seller)s changes on %(when)s") % facts,
            _("%(who)s asked for it and %(second)s approved it: from %(when)s on, invoices of %(seller)s are paid to %(new)s.") % facts,
        ),
        account_changes.STOPPED: lambda: (
            _("The bank account of %(seller)s stays as it is") % facts,
            _("The change to %(new)s was stopped. Invoices go on being paid to the account in use.") % facts,
        ),
        account_changes.DONE: lambda: (
            _("The bank account of %(seller)s has changed") % facts,
            _("New invoices of %(seller)s are paid to %(new)s from now on. Invoices issued before keep their account.") % facts,
        ),
    }[step]
    subject, body = said()
    if step in (account_changes.ASKED, account_changes.APPROVED):
        address = f"{settings.CONFIG.origin.rstrip('/')}{reverse('account-change-stop', args=[stop_token(change)])}"
        body += "\n\n" + _("If you know nothing of this, stop it here; one press is enough:") + f"\n\n{address}"
    return subject, body


def _masked(iban: str) -> str:
    """Enough to know it by, too little to be misused in a forged copy of the mail."""
    return f"{iban[:4]} … {iban[-TAIL_CHARS:]}"


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What is to change, and one button. A token that never was is told like one of long ago."""
    if not TRIES.spend(visitor(request)):
        return too_many(request, TRIES.seconds)
    found = change_of_token(token)
    if found is None:
        return missed(request)
    change = AccountChange.objects.for_org(found[0]).select_related("organisation", "asked_by", "approved_by").get(pk=found[1])
    if request.method == "POST":
        try:
            change = stop_change(change.organisation, change.pk, actor=Actor.system("stop-link"))
        except ChangeOver:
            change.refresh_from_db()
    org = change.organisation
    context = {"change": change, "org": org, "masked": _masked(change.iban), "is_open": change.state in AccountChange.OPEN}
    return private(render(request, "portal/account_change.html", context))
