"""The close of a day: what the accounts held, what moved them and by what way, whether it balances, and who closed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from wasl.app import clock
from wasl.app.console.access import member, show
from wasl.app.console.payments import told, words
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments import closing
from wasl.app.payments.dayclose import DayAccount, day_close
from wasl.app.payments.days import SUMS
from wasl.app.payments.journal import BANK, CLEARING, FEES, RECEIVABLE
from wasl.app.portal.history import people_of
from wasl.app.sql import run
from wasl.app.ui import numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.money import from_minor

RECENT_DAYS = 8

# Money that came on a day, by the way it took: through gateways with the payment, to the bank with the receipt
_WAYS = """
SELECT e.currency, coalesce(i.method, r.source), count(DISTINCT e.id), sum(l.amount)::bigint FROM payments_journalentry e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account IN ('bank', 'gateway_clearing')
LEFT JOIN payments_intent i ON i.organisation_id = e.organisation_id AND i.id = e.intent_id
LEFT JOIN payments_receipt r ON r.organisation_id = e.organisation_id AND r.id = e.receipt_id
WHERE e.organisation_id = %(org)s AND e.at >= %(start)s AND e.at < %(end)s
  AND ((e.kind = 'payment' AND e.intent_id IS NOT NULL) OR (e.kind = 'move' AND e.receipt_id IS NOT NULL AND r.source <> 'gateway'))
GROUP BY 1, 2 ORDER BY 4 DESC
"""
_MOVED_DAYS = f"""
SELECT day FROM (
    SELECT DISTINCT s.day FROM {SUMS} s WHERE s.day <= %(until)s
    UNION SELECT day FROM payments_dayclosing WHERE organisation_id = %(org)s
) d ORDER BY day DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Item:
    """One figure of a day: what it is, and by how much it moved, in minor units."""

    label: str
    units: int
    number: int | None = None


@dataclass(frozen=True)
class Sheet:
    """One currency of a day. `cash` is what gateways and bank held; `owed` what customers owe."""

    currency: str
    accounts: list[DayAccount]
    cash: list[Item]
    owed: list[Item]

    def money(self, units: int) -> Decimal:
        return from_minor(units, self.currency)

    def _of(self, *names: str) -> list[DayAccount]:
        return [each for each in self.accounts if each.account in names]

    @property
    def cash_opening(self) -> int:
        return sum(each.opening for each in self._of(BANK, CLEARING))

    @property
    def cash_closing(self) -> int:
        return sum(each.closing for each in self._of(BANK, CLEARING))

    @property
    def owed_opening(self) -> int:
        return sum(each.opening for each in self._of(RECEIVABLE))

    @property
    def owed_closing(self) -> int:
        return sum(each.closing for each in self._of(RECEIVABLE))

    @property
    def to_bank(self) -> int:
        """What payouts moved from the gateways to the bank."""
        return _net(self._of(BANK), "payout")

    @property
    def debit(self) -> int:
        return sum(each.debit for each in self.accounts)

    @property
    def credit(self) -> int:
        return sum(each.credit for each in self.accounts)

    @property
    def is_balanced(self) -> bool:
        return self.debit == self.credit and not sum(each.closing for each in self.accounts)


def _net(accounts: list[DayAccount], *kinds: str) -> int:
    return sum(moved.debit - moved.credit for each in accounts for moved in each.moved if moved.kind in kinds)


def sheets(org: Any, day: date) -> list[Sheet]:
    """One sheet a currency, from the day's sums and the day's own entries."""
    accounts = day_close(org, day)
    zone = ZoneInfo(org.time_zone)
    start, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    ways: dict[str, list[Item]] = {}
    for currency, way, number, units in run(_WAYS, {"org": org.pk, "start": start, "end": end}):
        ways.setdefault(currency, []).append(Item(words.method(way), int(units), int(number)))
    found: list[Sheet] = []
    for currency in dict.fromkeys(each.currency for each in accounts):
        mine = [each for each in accounts if each.currency == currency]
        found.append(Sheet(currency, mine, _cash(mine, ways.get(currency, [])), _owed(mine)))
    return found


def _cash(accounts: list[DayAccount], ways: list[Item]) -> list[Item]:
    """What moved the money at gateways and bank. The items add up to closing less opening, whatever kinds of entries there are."""
    held = [each for each in accounts if each.account in (BANK, CLEARING)]
    fees = -_net([each for each in accounts if each.account == FEES], "payout", "move")
    rest = [
        Item(_("Refunds sent"), _net(held, "refund")), Item(_("Taken back by payers' banks, or returned"), _net(held, "dispute", "chargeback")),
        Item(_("Fees of gateways"), fees),
    ]  # fmt: skip
    moved = sum(each.debit - each.credit for each in held)
    other = moved - sum(item.units for item in (*ways, *rest))
    others = [Item(_("Lines of payouts without a payment, and other movements"), other)]
    return [*ways, *(item for item in (*rest, *others) if item.units)]


def _owed(accounts: list[DayAccount]) -> list[Item]:
    mine = [each for each in accounts if each.account == RECEIVABLE]
    items = [
        Item(_("Invoices issued"), _net(mine, "issue")), Item(_("Credit notes"), _net(mine, "credit")),
        Item(_("Paid"), _net(mine, "payment")), Item(_("Refunds and lost disputes: owed again"), _net(mine, "refund_due", "refund", "chargeback")),
        Item(_("Debts written off"), _net(mine, "write_off")), Item(_("Discounts for paying early"), _net(mine, "discount")),
    ]  # fmt: skip
    other = sum(each.debit - each.credit for each in mine) - sum(item.units for item in items)
    return [item for item in (*items, Item(pgettext("day", "Other"), other)) if item.units]


@dataclass(frozen=True)
class Recent:
    day: date
    href: str
    label: str
    tone: str


@require_http_methods(["GET", "HEAD", "POST"])
@member
def close(request: Any) -> HttpResponse:
    org = request.org
    today = local_date(org, clock.now())
    day = _day(request.POST if request.method == "POST" else request.GET, today)
    problem = ""
    if request.method == "POST":
        try:
            closing.close_day(org, day, actor=request.actor, seen=request.POST.get("seen", "")[:64], note=request.POST.get("note", ""))
        except WaslError as error:
            problem = error.message(current())
        else:
            messages.success(request, _("Closed. If the day moves afterwards, it is shown here."))
            return redirect(f"{reverse('console-close', args=[org.slug])}?day={day.isoformat()}")
    recent = [row[0] for row in run(_MOVED_DAYS, {"org": org.pk, "until": today, "limit": RECENT_DAYS})]
    days = [*dict.fromkeys([day, *recent])]
    held, closed = closing.balances(org, days), closing.closings(org, days)
    mine = closed.get(day, [])
    return show(
        request, "console/payments/close.html", "close", status=409 if problem else 200, day=day, today=today, sheets=sheets(org, day), words=words,
        problem=problem, closed=mine, people=people_of(org), who=told.who, seen=closing.fingerprint(held[day]),
        changes=closing.differences(mine[0], held[day]) if mine else [], minor=from_minor,
        recent=[_recent(org, each, closed.get(each, []), held[each]) for each in recent],
        before=day - timedelta(days=1), after=day + timedelta(days=1) if day < today else None,
    )  # fmt: skip


def _day(given: Any, today: date) -> date:
    """The day that is asked for; today where that is no day, or one to come."""
    try:
        found = numbers.day(given.get("day", ""))
    except WaslError:
        found = None
    return min(found, today) if found is not None and found.year >= 1970 else today


def _recent(org: Any, day: date, closed: list[Any], held: closing.Figures) -> Recent:
    href = f"{reverse('console-close', args=[org.slug])}?day={day.isoformat()}"
    if not closed:
        return Recent(day, href, pgettext("day", "Not closed"), "wait")
    if closing.differences(closed[0], held):
        return Recent(day, href, pgettext("day", "Changed since"), "late")
    return Recent(day, href, pgettext("day", "Day closed"), "good")
