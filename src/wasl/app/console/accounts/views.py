"""Bank accounts: which ones invoices name, what is to change, who asked, who must still say yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.console.access import member, owner, show
from wasl.app.console.forms import RecordForm
from wasl.app.errors import NotFound
from wasl.app.invoicing.account_changes import COOLING, approve_change, ask_change, contacts, stop_change
from wasl.app.invoicing.accounts import normalise_iban
from wasl.app.invoicing.models import AccountChange, BankAccount
from wasl.app.sql import run
from wasl.app.ui import numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError

READERS = {
    "iban": normalise_iban, "holder": lambda text: numbers.line(text, 200) or "", "bic": lambda text: numbers.line(text, 11) or "",
}  # fmt: skip
PAST_MAX = 10


@dataclass(frozen=True)
class Account:
    """An account as invoices name it now, and its change under way."""

    id: UUID
    label: str
    currency: str
    iban: str
    holder: str
    bic: str
    first_used_on: date | None
    version: int
    change: AccountChange | None


_ACCOUNTS = """
SELECT a.id, a.label, a.currency, v.iban, v.holder, v.bic, v.first_used_on, v.version FROM invoicing_bankaccount a
JOIN invoicing_bankaccountversion v ON v.organisation_id = a.organisation_id AND v.account_id = a.id AND v.version = a.current_version
WHERE a.organisation_id = %s AND a.archived_at IS NULL ORDER BY a.id
"""


@require_safe
@member
def accounts(request: Any) -> HttpResponse:
    changes = AccountChange.objects.for_org(request.org).select_related("asked_by", "approved_by", "ended_by").order_by("-asked_at")
    under_way = {change.account_id: change for change in changes.filter(state__in=AccountChange.OPEN)}
    rows = [Account(*row, under_way.get(row[0])) for row in run(_ACCOUNTS, (request.org.pk,))]
    past = list(changes.exclude(state__in=AccountChange.OPEN)[:PAST_MAX])
    return show(
        request, "console/accounts/list.html", "bank", rows=rows, past=past, is_owner=request.role == "owner", me=request.user.pk,
        days=COOLING.days, owners=len(contacts(request.org)),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def change(request: Any, account_id: UUID) -> HttpResponse:
    """Ask for another account number."""
    row = BankAccount.objects.for_org(request.org).filter(pk=account_id, archived_at=None).first()
    if row is None:
        raise Http404
    form = RecordForm(READERS, required=("iban",))
    if request.method == "POST":
        values = form.read(request.POST)
        if not form.problems:
            try:
                ask_change(request.org, row.pk, actor=request.actor, **values)
            except WaslError as error:
                form.problems["iban"] = [error.message(current())]
            else:
                messages.success(request, _("Asked. Another owner must approve it; everybody concerned got a mail."))
                return redirect("console-accounts", slug=request.org.slug)
    return show(
        request, "console/accounts/change.html", "bank", status=422 if form.problems else 200, form=form, row=row, told=contacts(request.org),
        days=COOLING.days,
    )  # fmt: skip


@require_POST
@owner
def decide(request: Any, change_id: UUID) -> HttpResponse:
    """Approve or stop."""
    wanted = request.POST.get("act", "")
    try:
        if wanted == "approve":
            approve_change(request.org, change_id, actor=request.actor)
            messages.success(request, _("Approved. It counts in three days, unless somebody stops it."))
        elif wanted == "stop":
            stop_change(request.org, change_id, actor=request.actor)
            messages.success(request, _("Stopped. The account stays as it is."))
        else:
            raise Http404
    except NotFound:
        raise Http404 from None
    except WaslError as error:
        messages.error(request, error.message(current()))
    return redirect("console-accounts", slug=request.org.slug)
