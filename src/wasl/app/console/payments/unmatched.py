"""Money that belongs nowhere yet: transfers without an invoice, lines of payouts that no payment explains, payments that do not fit;
and one page to say whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app import clock
from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.customers import found_customers
from wasl.app.console.payments import words
from wasl.app.console.statements_in import queries as bank
from wasl.app.console.statements_in.views import chosen
from wasl.app.errors import NotFound
from wasl.app.invoicing.models import Customer
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments.models import Payout, PayoutItem, Receipt, Refund
from wasl.app.payments.payout_lines import book_as_charge, explain_known, take_line
from wasl.app.payments.receive import match_receipt, unmatched_of
from wasl.app.payments.unmatched import assign, give_back
from wasl.app.sql import run
from wasl.app.tenancy.models import Membership
from wasl.app.ui import format
from wasl.app.ui.counting import ngettext
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.money import from_minor

ROWS_MAX = 100
BANK_ROWS = 5
TEXT_MAX = 100
CUSTOMERS_SHOWN = 20

_ROWS = """
SELECT * FROM (
    (SELECT 'receipt' AS kind, r.id, r.at, r.unmatched AS amount, r.currency, r.payer_name, r.reference, r.source AS way, '' AS driver
     FROM payments_receipt r WHERE r.organisation_id = %(org)s AND r.unmatched <> 0 ORDER BY r.at LIMIT %(limit)s)
    UNION ALL
    (SELECT 'line', i.id, p.at, i.gross, p.currency, '', i.gateway_id, i.kind, p.driver FROM payments_payoutitem i
     JOIN payments_payout p ON p.organisation_id = i.organisation_id AND p.id = i.payout_id
     WHERE i.organisation_id = %(org)s AND NOT i.is_known ORDER BY p.at LIMIT %(limit)s)
    UNION ALL
    (SELECT 'misfit', i.id, a.raised_at, i.amount, i.currency, '', i.reference, i.method, i.driver FROM payments_alarm a
     JOIN payments_intent i ON i.organisation_id = a.organisation_id AND i.id = a.intent_id AND i.status = 'mismatch'
     WHERE a.organisation_id = %(org)s AND a.kind LIKE 'mismatch-%%' ORDER BY a.raised_at LIMIT %(limit)s)
) u ORDER BY at LIMIT %(limit)s
"""
_SUMS = """
SELECT currency, count(*), sum(amount)::bigint FROM (
    SELECT currency, unmatched AS amount FROM payments_receipt WHERE organisation_id = %(org)s AND unmatched <> 0
    UNION ALL
    SELECT p.currency, i.gross FROM payments_payoutitem i JOIN payments_payout p ON p.organisation_id = i.organisation_id AND p.id = i.payout_id
    WHERE i.organisation_id = %(org)s AND NOT i.is_known) u GROUP BY 1 ORDER BY 3 DESC
"""
_BY_HAND = """
SELECT count(*) FROM payments_refund WHERE organisation_id = %(org)s AND ((status = 'queued' AND intent_id IS NULL) OR status = 'refused')
"""


@dataclass(frozen=True)
class Waiting:
    """One sum that belongs nowhere. `kind`: receipt, line (of a payout), misfit (a payment that the gateway tells of differently)."""

    kind: str
    id: UUID
    at: datetime
    units: int
    currency: str
    payer: str
    reference: str
    way: str
    driver: str

    @property
    def amount(self) -> Any:
        return from_minor(self.units, self.currency)

    def days(self, today: date, zone: str) -> int:
        return max((today - format.local_day(self.at, zone)).days, 0)


@dataclass(frozen=True)
class Came:
    """What the page about one sum needs: a receipt, or the line of a payout that would become one."""

    kind: str
    id: UUID
    at: datetime
    amount: int
    currency: str
    payer: str
    reference: str
    way: str
    gateway: str = ""
    suggestions: tuple[Any, ...] = ()  # as bank.choices asks of a movement

    @property
    def money(self) -> Any:
        return from_minor(self.amount, self.currency)

    @property
    def may_be_charge(self) -> bool:
        """A line that is no payment: the gateway's own doing, where nothing else explains it."""
        return self.kind == "line" and self.way != "payment"

    @property
    def may_be_assigned(self) -> bool:
        return self.amount > 0 and (self.kind == "receipt" or self.way == "payment")


@require_safe
@member
def unmatched(request: Any) -> HttpResponse:
    org = request.org
    rows = [Waiting(*row) for row in run(_ROWS, {"org": org.pk, "limit": ROWS_MAX + 1})]
    today = local_date(org, clock.now())
    number = bank.waiting(org.pk, 1_000_000)
    moves = bank.movements(org, show="open")[0][:BANK_ROWS] if number else []
    return show(
        request, "console/payments/unmatched.html", "unmatched", rows=rows[:ROWS_MAX], is_cut=len(rows) > ROWS_MAX, words=words, what=what,
        sums=[(currency, count, from_minor(int(units), currency)) for currency, count, units in run(_SUMS, {"org": org.pk})], age=age, today=today,
        bank_number=number, moves=moves, by_hand=int(run(_BY_HAND, {"org": org.pk})[0][0]), from_minor=from_minor,
    )  # fmt: skip


def what(row: Waiting) -> str:
    """Why it belongs nowhere."""
    if row.kind == "misfit":
        return _("The gateway tells of it otherwise than was asked for")
    if row.kind == "line":
        return line_words(row.way)
    if row.way == Receipt.GATEWAY:
        return _("Paid out by the gateway for a payment that was not made here")
    return _("Came without an invoice")


def line_words(kind: str) -> str:
    """An unknown line of a payout, said by its kind."""
    return {
        "payment": _("Paid out for a payment that the books do not have"),
        "refund": _("Taken off for a refund that the books do not have"),
        "chargeback": _("Taken off for a dispute that the books do not have"),
    }.get(kind, _("A charge of the gateway that nothing explains"))


def age(days: int) -> str:
    return _("today") if days == 0 else ngettext("%(num)d day", "%(num)d days", days)


@require_POST
@member
def again(request: Any) -> HttpResponse:
    """Look once more whether the books have learned what the unknown lines of payouts are about."""
    done = explain_known(request.org)
    if done:
        messages.success(request, ngettext("%(num)d line found its payment.", "%(num)d lines found their payments.", done))
    else:
        messages.success(request, _("Looked again: nothing new is known of these lines."))
    return redirect("console-unmatched", slug=request.org.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def receipt(request: Any, payment_id: UUID) -> HttpResponse:
    """Whose a transfer is."""
    row = get_or_404(Receipt.objects.for_org(request.org).filter(pk=payment_id, undone_at=None).first())
    left = unmatched_of(row)
    if left <= 0:
        return redirect("console-payment", slug=request.org.slug, payment_id=row.pk)
    return _whose(request, Came("receipt", row.pk, row.at, left, row.currency, row.payer_name, row.reference, row.source))


@require_http_methods(["GET", "HEAD", "POST"])
@member
def line(request: Any, payout_line: UUID) -> HttpResponse:
    """Whose the money of a payout's unknown line is."""
    item = get_or_404(PayoutItem.objects.for_org(request.org).filter(pk=payout_line).first())
    payout = Payout.objects.for_org(request.org).get(pk=item.payout_id)
    if item.is_known:
        return redirect("console-payout", slug=request.org.slug, payout_id=payout.pk)
    return _whose(request, Came("line", item.pk, payout.at, item.gross, payout.currency, "", item.gateway_id, item.kind, payout.driver))


def _whose(request: Any, came: Came) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            said, where = _decide(request, came)
        except NotFound:
            raise Http404 from None
        except WaslError as error:
            problem = error.message(current())
        else:
            messages.success(request, said)
            return where
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:TEXT_MAX]
    name = " ".join(request.GET.get("customer", "").replace("\x00", "").split())[:TEXT_MAX]
    return show(
        request, "console/payments/whose.html", "unmatched", status=422 if problem else 200, came=came, words=words, problem=problem, q=text,
        customer_text=name,
        choices=bank.choices(request.org, came, text) if came.may_be_assigned else [], line_words=line_words,
        customers=list(found_customers(request.org, name)[:CUSTOMERS_SHOWN]) if came.may_be_assigned else [], typed=request.POST,
        is_owner=request.role == Membership.OWNER,
    )  # fmt: skip


@transaction.atomic
def _decide(request: Any, came: Came) -> tuple[str, HttpResponse]:
    """Do what the form says: (what happened, where to go). A payout's line becomes a receipt in the same transaction."""
    org, actor, wanted = request.org, request.actor, request.POST.get("act", "")
    if wanted == "charge" and came.kind == "line":
        item = book_as_charge(org, came.id, actor=actor)
        return _("Booked among the gateway's fees."), redirect("console-payout", slug=org.slug, payout_id=item.payout_id)
    if wanted not in ("assign", "credit", "back"):
        raise Http404
    shares: Mapping[UUID, int] = chosen(request, came) if wanted == "assign" else {}  # type: ignore[arg-type]
    customer = _customer(request) if wanted == "credit" else None
    row = take_line(org, came.id, actor=actor) if came.kind == "line" else Receipt.objects.for_org(org).get(pk=came.id)
    where = redirect("console-payment", slug=org.slug, payment_id=row.pk)
    if wanted == "assign":
        assign(row, shares, actor=actor)
        return _("Counted towards the invoices. What was left over is the customer's credit."), where
    if wanted == "credit":
        match_receipt(row, {}, actor=actor, customer=customer)
        return _("Kept as the customer's credit; it can pay the next invoice."), where
    made = give_back(row, actor=actor, reason=request.POST.get("reason", ""))
    if made.status == Refund.WAITING:
        return _("Asked for. It is above your limit, so another owner approves it first."), where
    return _("Decided. Send it from your bank, and then say so under Refunds."), where


def _customer(request: Any) -> Customer:
    """The customer that the form names; NotFound for none and for a foreign one."""
    try:
        wanted = UUID(request.POST.get("customer", ""))
    except ValueError:
        raise NotFound(what="customer") from None
    found = Customer.objects.for_org(request.org).filter(pk=wanted, archived_at=None).first()
    if found is None:
        raise NotFound(what="customer")
    return found
