"""Several invoices at once, from the inbox: ticked, added up, paid together where they are of one seller in one currency.

Where they are not, each seller and currency is a payment of its own, one after the other: what is left to do waits in the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from wasl.app import clock
from wasl.app.invoicing.models import Invoice
from wasl.app.notices.preferences import preferences_of
from wasl.app.payments.early import due_now
from wasl.app.payments.families import BILL
from wasl.app.portal.door import by_inbox
from wasl.app.portal.pay.start import lets_go, to_gateway
from wasl.app.portal.pay.ways import Way, at_once, chosen, ways_of
from wasl.app.portal.viewer import of_inbox
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many
from wasl.app.ui.macros import money
from wasl.errors import EnvironmentFault, WaslError
from wasl.invoice.money import from_minor

QUEUE_KEY = "wasl_pay_queue"  # handles of what was ticked and is not paid yet
STARTS = Limit(count=30, seconds=60)
TOGETHER_MAX = 50  # of one payment: what a gateway's page and a receipt can still name


@dataclass(frozen=True)
class Bill:
    """One ticked invoice. `amount`: what Pay takes for it now."""

    row: Invoice
    amount: Decimal
    handle: str  # what the list names it by


@dataclass(frozen=True)
class Group:
    """What one payment can hold: one seller, one currency."""

    org: Any
    currency: str
    bills: tuple[Bill, ...]
    ways: tuple[Way, ...]

    @property
    def key(self) -> str:
        return f"{self.org.pk}-{self.currency}"

    @property
    def seller(self) -> str:
        return self.org.name_in(current())

    @property
    def total(self) -> Decimal:
        return sum((bill.amount for bill in self.bills), Decimal(0))

    @property
    def pay_label(self) -> Markup:
        return Markup(_("Pay %(amount)s")) % {"amount": money(self.total, self.currency)}  # noqa: S704


@dataclass(frozen=True)
class SeveralPage:
    groups: list[Group]
    settled: int = 0  # ticked, and nothing is left of them
    notice: str = ""

    @cached_property
    def count(self) -> int:
        return sum(len(group.bills) for group in self.groups)


def picked(request: HttpRequest) -> list[str]:
    return request.session.get(QUEUE_KEY, [])


def keep(request: HttpRequest, handles: list[str]) -> None:
    """Remember what is to be paid: the address of the page needs no list in it."""
    request.session[QUEUE_KEY] = handles[:TOGETHER_MAX]


def drop(request: HttpRequest, group: Group) -> None:
    """What goes to the bank now is no longer waiting; if it fails, its own page offers it again."""
    gone = {bill.handle for bill in group.bills}
    request.session[QUEUE_KEY] = [handle for handle in picked(request) if handle not in gone]


def groups_of(inbox: Inbox, handles: list[str]) -> tuple[list[Group], int]:
    """What can be paid of the ticked ones, in the order of their due dates, and how many are settled already."""
    from wasl.app.portal.inbox.queries import named

    items = {each.invoice_id: each.handle for each in named(inbox.payer, handles)}
    rows = Invoice.objects.for_payer(inbox.payer).filter(pk__in=items).select_related("organisation")
    found: dict[tuple[Any, str], list[Bill]] = {}
    settled, now = 0, clock.now()
    for row in sorted(rows, key=lambda row: (row.due_date or row.issue_date, row.number)):
        amount = 0 if row.is_credit_note else due_now(row, now)[0]
        if amount <= 0:
            settled += 1
            continue
        found.setdefault((row.organisation_id, row.currency), []).append(Bill(row, from_minor(amount, row.currency), items[row.pk]))
    liked = preferences_of(inbox.person.email).pay_way
    return [
        Group(bills[0].row.organisation, currency, tuple(bills), tuple(ways_of(bills[0].row.organisation, currency, preferred=liked)))
        for (_org_id, currency), bills in found.items()
    ], settled


@require_http_methods(["GET", "HEAD", "POST"])
@by_inbox("pay")
def several(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """`/inbox/pay`: a GET adds up what was ticked; a POST pays one of its groups."""
    groups, settled = groups_of(inbox, picked(request))
    if not groups:
        said = _("Nothing is left to pay of what you ticked.") if settled else _("Tick at least one invoice first.")
        messages.add_message(request, messages.INFO if settled else messages.ERROR, said)
        return redirect("inbox")
    page = SeveralPage(groups, settled)
    if request.method != "POST":
        return _show(request, page)
    if not STARTS.spend(str(inbox.person.pk)):
        return too_many(request, STARTS.seconds)
    group = next((each for each in groups if each.key == request.POST.get("group")), None)
    if group is None:
        return _show(request, page, status=422)
    try:
        url = _go(request, inbox, group)
    except WaslError as error:
        status = 503 if isinstance(error, EnvironmentFault) else getattr(error, "status", 503)
        return _show(request, SeveralPage(groups, settled, error.message(current())), status=status)
    drop(request, group)
    return HttpResponseRedirect(url)


def _go(request: HttpRequest, inbox: Inbox, group: Group) -> str:
    ways = list(group.ways)
    way = chosen(ways, request.POST["way"]) if request.POST.get("way") else at_once(ways) or chosen(ways, ways[0].key if ways else "")
    rows = [bill.row for bill in group.bills]
    first = of_inbox(inbox, group.org.pk, rows[0].pk)
    assert first is not None, "it was read through the inbox's own grants"
    back = request.build_absolute_uri(first.url("payer-pay-status") + "?back=1")
    started = to_gateway(rows, way, return_url=back, payer=inbox.payer)
    return f"{first.url('payer-pay-status')}?a={started.intent.pk}" if way.family == BILL else started.url


def _show(request: HttpRequest, page: SeveralPage, *, status: int = 200) -> HttpResponse:
    response = render(request, "portal/pay/several.html", {"page": page, "place": "inbox"}, status=status)
    for group in page.groups:
        lets_go(response, group.org, group.ways)
    return response
