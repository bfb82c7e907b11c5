"""Refunds: what waits for a second person, what must be sent by hand, what is on its way, what is done; and the limit for owners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.console.access import get_or_404, member, owner, show
from wasl.app.console.invoices import page_number
from wasl.app.console.payments import told, words
from wasl.app.console.payments.amounts import typed_amount
from wasl.app.errors import NotFound
from wasl.app.payments.models import Refund
from wasl.app.payments.refunds import approve_refund, refuse_refund, sent_by_hand
from wasl.app.payments.terms import approve_limit, change_settings, settings_of, stop_limit
from wasl.app.portal.history import people_of
from wasl.app.sql import run
from wasl.app.tenancy.models import Membership
from wasl.app.ui.i18n import current
from wasl.app.ui.jinja import query
from wasl.errors import WaslError
from wasl.invoice.money import from_minor

PAGE_ROWS = 20
COUNT_MAX = 100
_TABS = {
    "waiting": "r.status = 'waiting'",
    "hand": "(r.status = 'queued' AND r.intent_id IS NULL) OR r.status = 'refused'",
    "way": "(r.status = 'queued' AND r.intent_id IS NOT NULL) OR r.status = 'sent'",
    "done": "r.status IN ('succeeded', 'dropped')",
}
_LIST = """
SELECT r.id, coalesce(r.intent_id, r.receipt_id), coalesce(i.number, ''), coalesce(c.name, nullif(t.buyer_name, ''), p.payer_name, '')
FROM payments_refund r
LEFT JOIN invoicing_invoice i ON i.organisation_id = r.organisation_id AND i.id = r.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = r.organisation_id AND t.id = r.invoice_id
LEFT JOIN invoicing_customer c ON c.organisation_id = r.organisation_id AND c.id = r.customer_id
LEFT JOIN payments_receipt p ON p.organisation_id = r.organisation_id AND p.id = r.receipt_id
WHERE r.organisation_id = %(org)s AND ({where}) ORDER BY r.created_at DESC, r.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
_COUNTS = "SELECT " + ", ".join(
    f"(SELECT count(*) FROM (SELECT 1 FROM payments_refund r WHERE r.organisation_id = %(org)s AND ({where}) LIMIT %(limit)s) x)"
    for name, where in _TABS.items()
    if name != "done"
)


@dataclass(frozen=True)
class Shown:
    """One refund as the page shows it."""

    row: Refund
    payment_id: UUID | None
    number: str
    customer: str

    @property
    def amount(self) -> Any:
        return from_minor(self.row.amount, self.row.currency)


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    on: bool
    count: int | None = None


def waiting_count(org_id: UUID) -> int:
    """Refunds that wait for a person: to be approved, or to be sent by hand."""
    waiting, by_hand, _way = run(_COUNTS, {"org": org_id, "limit": COUNT_MAX})[0]
    return min(int(waiting) + int(by_hand), COUNT_MAX)


@require_safe
@member
def refunds(request: Any) -> HttpResponse:
    return _page(request)


def _page(request: Any, *, problem: str = "") -> HttpResponse:
    org, people = request.org, people_of(request.org)
    numbers = dict(zip(("waiting", "hand", "way"), run(_COUNTS, {"org": org.pk, "limit": COUNT_MAX})[0], strict=True))
    wanted = request.GET.get("show", "")
    wanted = wanted if wanted in _TABS else next((name for name in ("waiting", "hand", "way") if numbers[name]), "waiting")
    page = page_number(request)
    rows = _rows(org, wanted, page)
    items = [(each, words.refund_state(each.row), told.refund_story(org, each.row, people)) for each in rows[:PAGE_ROWS]]
    return show(
        request, "console/payments/refunds.html", "refunds", status=409 if problem else 200, items=items, has_next=len(rows) > PAGE_ROWS, page=page,
        wanted=wanted, tabs=_tabs(request, wanted, numbers), problem=problem, me=request.actor.label, limit=_limit(org),
        owners=_owners(org), is_owner=request.role == Membership.OWNER, next_words=next_words,
    )  # fmt: skip


def _rows(org: Any, wanted: str, page: int) -> list[Shown]:
    values = {"org": org.pk, "limit": PAGE_ROWS + 1, "offset": (page - 1) * PAGE_ROWS}
    found = run(_LIST.format(where=_TABS[wanted]), values)
    rows = {row.pk: row for row in Refund.objects.for_org(org).filter(pk__in=[each[0] for each in found])}
    return [Shown(rows[key], payment, number, name) for key, payment, number, name in found]


def _tabs(request: Any, wanted: str, numbers: dict[str, int]) -> list[Tab]:
    labels = {
        "waiting": pgettext("refunds", "To approve"), "hand": pgettext("refunds", "Yours to send"), "way": pgettext("refunds", "On their way"),
        "done": pgettext("refunds", "Sent or refused"),
    }  # fmt: skip
    return [Tab(label, query(request, show=name, page=None, lang=None), name == wanted, numbers.get(name) or None) for name, label in labels.items()]


def _limit(org: Any) -> Any:
    found = settings_of(org).approval_above
    return None if found is None else from_minor(found, org.currency)


def _owners(org: Any) -> int:
    return Membership.objects.for_org(org).filter(role=Membership.OWNER).count()


def next_words(row: Refund) -> str:
    """What happens next, or what somebody must do."""
    if row.status == Refund.WAITING:
        return _("Nothing is booked and nothing leaves until another owner agrees.")
    if row.status == Refund.REFUSED:
        return _("The gateway will not return it. Send it from your bank, then say so here.")
    if row.status == Refund.QUEUED and row.intent_id is None:
        return _("It came without a gateway. Send it from your bank, then say so here.")
    if row.status == Refund.QUEUED:
        return _("It is sent to the gateway by itself.")
    if row.status == Refund.SENT:
        if row.last_error:
            return _("The gateway did not answer. We ask again by ourselves.")
        return _("The gateway has it. We ask again until it is done.")
    return ""


@require_POST
@member
def act(request: Any, refund_id: UUID) -> HttpResponse:
    """Approve, refuse, or say that it was sent by hand."""
    row = get_or_404(Refund.objects.for_org(request.org).filter(pk=refund_id).first())
    wanted = request.POST.get("act", "")
    note = " ".join(request.POST.get("note", "").split())[:200]
    try:
        if wanted == "approve":
            approve_refund(row, actor=request.actor)
            messages.success(request, _("Approved. It is on its way now."))
        elif wanted == "refuse":
            if not note:
                return _page(request, problem=_("Say why you refuse it: who asked reads it."))
            refuse_refund(row, actor=request.actor, reason=note)
            messages.success(request, _("Refused. Nothing was booked."))
        elif wanted == "sent":
            sent_by_hand(row, actor=request.actor, reference=note)
            messages.success(request, _("Booked as sent from your bank."))
        else:
            raise Http404
    except NotFound:
        raise Http404 from None
    except WaslError as error:
        return _page(request, problem=error.message(current()))
    return redirect("console-refunds", slug=request.org.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def limit(request: Any) -> HttpResponse:
    """Above how much a refund needs a second person; empty: never. A higher one waits for another owner, or a day."""
    if request.POST.get("act") in ("approve", "stop"):
        return _decide_limit(request, request.POST["act"])
    now = _limit(request.org)
    typed = request.POST.get("limit", "") if request.method == "POST" else ("" if now is None else f"{now:f}")
    problems: dict[str, str] = {}
    if request.method == "POST":
        units: int | None = 0 if typed.strip() in ("0", "٠", "۰") else typed_amount(typed, request.org.currency, problems, "limit")
        if not problems:
            row = change_settings(request.org, actor=request.actor, refund_approval_above=units)
            if row.is_limit_waiting:
                messages.success(request, _("Asked for. Until it counts, the limit stays as it is; the owners are told by mail."))
                return redirect("console-refund-limit", slug=request.org.slug)
            said = _("From now on one person may decide any refund.") if units is None else _("From now on a refund above that needs a second owner.")
            messages.success(request, said)
            return redirect("console-refunds", slug=request.org.slug)
    return show(
        request, "console/payments/limit.html", "refunds", status=422 if problems else 200, typed=typed, problems=problems,
        owners=_owners(request.org), summary_items=list(problems.items()), **_waiting_limit(request),
    )  # fmt: skip


def _waiting_limit(request: Any) -> dict[str, Any]:
    """The higher limit that does not count yet, for the page."""
    row = settings_of(request.org)
    if not row.is_limit_waiting:
        return {"waits": False}
    wanted = row.limit_wanted
    return {
        "waits": True, "wanted": None if wanted is None else from_minor(wanted, request.org.currency), "seen": "" if wanted is None else str(wanted),
        "counts_at": row.limit_counts_at, "is_mine": row.limit_asked_by == request.actor.label,
        "asker": people_of(request.org).get(row.limit_asked_by.removeprefix("person:"), ""),
    }  # fmt: skip


def _decide_limit(request: Any, wanted: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        if wanted == "stop":
            stop_limit(request.org, actor=request.actor)
            messages.success(request, _("Stopped. The limit stays as it is."))
        else:
            approve_limit(request.org, seen=int(seen) if seen.isascii() and seen.isdigit() else None, actor=request.actor)
            messages.success(request, _("Approved. The new limit counts from now on."))
    except WaslError as error:
        messages.error(request, error.message(current()))
    return redirect("console-refund-limit", slug=request.org.slug)
