"""Payouts of gateways against our payments: gross, fee, net, what is unknown, what differs, what is missing, and the bank's own line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.invoices import Chip, page_number
from wasl.app.console.payments import words
from wasl.app.errors import NotFound
from wasl.app.payments.models import Payout, PayoutItem
from wasl.app.payments.payout_lines import give_line_back
from wasl.app.payments.statements import accept
from wasl.app.payments.statements.models import StatementLine
from wasl.app.sql import run
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.app.ui.jinja import query
from wasl.errors import WaslError
from wasl.invoice.money import from_minor

PAGE_ROWS, LINE_ROWS = 20, 50
MISSING_SHOWN = 10
ARRIVES_DAYS = 14  # within so many days a payout stands on the bank's statement

_LIST = """
SELECT p.id, p.driver, p.gateway_id, p.currency, p.amount, p.at, coalesce(i.lines, 0), coalesce(i.gross, 0), coalesce(i.fee, 0),
       coalesce(i.unknown, 0), EXISTS (SELECT FROM statements_statementline l WHERE l.organisation_id = p.organisation_id AND l.payout_id = p.id)
FROM (SELECT * FROM payments_payout WHERE organisation_id = %(org)s AND (%(driver)s = '' OR driver = %(driver)s)
      ORDER BY at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s) p
LEFT JOIN LATERAL (
    SELECT count(*) AS lines, sum(gross)::bigint AS gross, sum(fee)::bigint AS fee, count(*) FILTER (WHERE NOT is_known) AS unknown
    FROM payments_payoutitem i WHERE i.organisation_id = p.organisation_id AND i.payout_id = p.id) i ON true
ORDER BY p.at DESC, p.id DESC
"""
# What each gateway holds: what came through it, less what it gave back, lost, and paid out
_HELD = """
SELECT h.driver, h.currency, sum(h.amount)::bigint FROM (
    SELECT driver, currency, captured - refunded - contested AS amount FROM payments_intent WHERE organisation_id = %(org)s AND captured > 0
    UNION ALL
    SELECT p.driver, p.currency, -i.gross FROM payments_payoutitem i
    JOIN payments_payout p ON p.organisation_id = i.organisation_id AND p.id = i.payout_id
    WHERE i.organisation_id = %(org)s AND i.is_known AND i.explained_as NOT IN ('receipt', 'fee') AND i.gross <> 0
) h GROUP BY 1, 2 HAVING sum(h.amount) <> 0 ORDER BY 3 DESC
"""
_LINES = """
SELECT i.id, i.kind, i.gateway_id, i.gross, i.fee, i.net, i.is_known, i.explained_as, i.intent_id, i.receipt_id, coalesce(v.number, ''),
       coalesce(t.buyer_name, ''), CASE i.kind
           WHEN 'payment' THEN n.captured
           WHEN 'refund' THEN -(SELECT sum(r.amount)::bigint FROM payments_refund r WHERE r.organisation_id = i.organisation_id
                AND r.gateway_id = i.gateway_id AND r.intent_id = i.intent_id AND r.status = 'succeeded')
           WHEN 'chargeback' THEN -(SELECT d.amount FROM payments_dispute d WHERE d.organisation_id = i.organisation_id
                AND d.gateway_id = i.gateway_id AND d.intent_id = i.intent_id) END
FROM payments_payoutitem i
LEFT JOIN payments_intent n ON n.organisation_id = i.organisation_id AND n.id = i.intent_id
LEFT JOIN invoicing_invoice v ON v.organisation_id = n.organisation_id AND v.id = n.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = v.organisation_id AND t.id = v.id
WHERE i.organisation_id = %(org)s AND i.payout_id = %(payout)s
"""
_PAGE = f"SELECT * FROM ({_LINES}) l (id, kind, gateway_id, gross, fee, net, is_known, explained_as, intent_id, receipt_id, number, buyer, ours)"
_SORTED = f"{_PAGE} ORDER BY is_known, (ours IS NOT NULL AND abs(ours) <> abs(gross)) DESC, id LIMIT %(limit)s OFFSET %(offset)s"
_SUMS = f"""
SELECT count(*), coalesce(sum(gross), 0)::bigint, coalesce(sum(fee), 0)::bigint, count(*) FILTER (WHERE NOT is_known),
       coalesce(sum(gross) FILTER (WHERE NOT is_known), 0)::bigint,
       count(*) FILTER (WHERE is_known AND ours IS NOT NULL AND abs(ours) <> abs(gross)),
       coalesce(sum(gross - sign(gross) * abs(ours)) FILTER (WHERE is_known AND ours IS NOT NULL AND abs(ours) <> abs(gross)), 0)::bigint
FROM ({_PAGE}) p
"""
# Payments from before this payout, at the same gateway, that no payout has brought
_MISSING = """
FROM payments_intent n WHERE n.organisation_id = %(org)s AND n.driver = %(driver)s AND n.currency = %(currency)s AND n.captured > 0
  AND n.captured > n.refunded + n.contested AND n.settled_at < %(at)s
  AND NOT EXISTS (SELECT FROM payments_payoutitem i WHERE i.organisation_id = n.organisation_id AND i.intent_id = n.id AND i.kind = 'payment')
"""


@dataclass(frozen=True)
class Listed:
    """One payout in the list; amounts are minor units."""

    id: UUID
    driver: str
    gateway_id: str
    currency: str
    units: int
    at: datetime
    lines: int
    gross: int
    fee: int
    unknown: int
    has_arrived: bool

    def money(self, units: int) -> Decimal:
        return from_minor(units, self.currency)


@dataclass(frozen=True)
class Line:
    """One line of a payout; `ours` is what our own payment, refund or dispute says, None where there is none."""

    id: UUID
    kind: str
    gateway_id: str
    gross: int
    fee: int
    net: int
    is_known: bool
    explained_as: str
    intent_id: UUID | None
    receipt_id: UUID | None
    number: str
    buyer: str
    ours: int | None

    @property
    def differs(self) -> int:
        """By how much the gateway's gross is more (or less, below zero) than ours."""
        return 0 if self.ours is None or not self.is_known else abs(self.gross) - abs(self.ours)

    @property
    def payment_id(self) -> UUID | None:
        return self.receipt_id or self.intent_id


@dataclass(frozen=True)
class Sums:
    number: int
    gross: int
    fee: int
    unknown: int
    unknown_units: int
    differing: int
    differing_units: int


@require_safe
@member
def payouts(request: Any) -> HttpResponse:
    org, page = request.org, page_number(request)
    drivers = words.gateways(org)
    driver = request.GET.get("gateway", "")
    driver = driver if driver in drivers else ""
    values = {"org": org.pk, "driver": driver, "limit": PAGE_ROWS + 1, "offset": (page - 1) * PAGE_ROWS}
    rows = [Listed(*row) for row in run(_LIST, values, planned=True)]
    chips = [Chip(_("All gateways"), query(request, gateway=None, page=None, lang=None), not driver)]
    chips += [Chip(name, query(request, gateway=key, page=None, lang=None), key == driver) for key, name in drivers.items()]
    held = [(words.gateway(name), currency, from_minor(int(units), currency)) for name, currency, units in run(_HELD, {"org": org.pk})]
    return show(
        request, "console/payments/payouts.html", "payouts", rows=rows[:PAGE_ROWS], has_next=len(rows) > PAGE_ROWS, page=page, chips=chips, held=held,
        words=words, state=state,
    )  # fmt: skip


def state(row: Listed) -> tuple[str, str]:
    if row.unknown:
        return pgettext("payout", "Unknown lines"), "soon"
    return (pgettext("payout", "Arrived"), "good") if row.has_arrived else (pgettext("payout", "Not on a statement yet"), "wait")


@require_safe
@member
def payout(request: Any, payout_id: UUID) -> HttpResponse:
    org = request.org
    row = get_or_404(Payout.objects.for_org(org).filter(pk=payout_id).first())
    page = page_number(request)
    values = {"org": org.pk, "payout": row.pk, "limit": LINE_ROWS + 1, "offset": (page - 1) * LINE_ROWS}
    lines = [Line(*each) for each in run(_SORTED, values)]
    sums = Sums(*(int(each) for each in run(_SUMS, values)[0]))
    missing, missing_number, missing_units = _missing(org, row)
    arrived = StatementLine.objects.for_org(org).filter(payout_id=row.pk).first()
    return show(
        request, "console/payments/payout.html", "payouts", row=row, lines=lines[:LINE_ROWS], has_next=len(lines) > LINE_ROWS, page=page, sums=sums,
        money_of=lambda units: from_minor(units, row.currency), words=words, verdict=verdict, kind_words=kind_words, arrived=arrived,
        candidates=[] if arrived else _candidates(org, row), missing=missing, missing_number=missing_number, missing_units=missing_units,
    )  # fmt: skip


def _missing(org: Any, row: Payout) -> tuple[list[tuple[UUID, str, datetime, int]], int, int]:
    """(the oldest of them, how many, what they come to)"""
    values = {"org": org.pk, "driver": row.driver, "currency": row.currency, "at": row.at - timedelta(days=1), "limit": MISSING_SHOWN}
    number, units = run(f"SELECT count(*), coalesce(sum(n.captured - n.refunded - n.contested), 0)::bigint {_MISSING}", values)[0]
    shown = run(f"SELECT n.id, n.reference, n.settled_at, n.captured {_MISSING} ORDER BY n.settled_at LIMIT %(limit)s", values) if number else []
    return shown, int(number), int(units)  # type: ignore[return-value]


def _candidates(org: Any, row: Payout) -> list[StatementLine]:
    """Movements on the bank's statements that may be this payout."""
    day = format.local_day(row.at, org.time_zone)
    waiting = StatementLine.objects.for_org(org).filter(
        amount=row.amount, currency=row.currency, state__in=StatementLine.WAITING, booked__gte=day - timedelta(days=1),
        booked__lte=day + timedelta(days=ARRIVES_DAYS),
    )  # fmt: skip
    return list(waiting.order_by("booked", "id")[:5])


def kind_words(kind: str) -> str:
    return {
        "payment": pgettext("payout line", "Payment"), "refund": pgettext("payout line", "Refund"), "chargeback": pgettext("payout line", "Dispute"),
        "fee": pgettext("payout line", "Fee"),
    }.get(kind, kind)  # fmt: skip


def verdict(line: Line, currency: str) -> tuple[str, str, str]:
    """(word, tone, sentence) of one line."""
    if not line.is_known:
        return pgettext("payout line", "Unknown"), "soon", _("The books have no payment behind it. It stands under unmatched money.")
    if line.explained_as == PayoutItem.AS_FEE:
        return pgettext("payout line", "Booked as a fee"), "info", _("A charge of the gateway itself.")
    if line.explained_as == PayoutItem.AS_RECEIPT:
        return pgettext("payout line", "Assigned"), "info", _("Somebody said whose this money is.")
    if line.differs:
        by = format.isolate(format.money(from_minor(abs(line.differs), currency), currency))
        less, more = _("The gateway counts %(by)s less than your books."), _("The gateway counts %(by)s more than your books.")
        return pgettext("payout line", "Differs"), "late", (less if line.differs < 0 else more) % {"by": by}
    later = _("Explained later, when its payment became known.") if line.explained_as else ""
    return pgettext("payout line", "Agrees"), "good", later


@require_POST
@member
def arrival(request: Any, payout_id: UUID) -> HttpResponse:
    """This movement on the bank's statement is the payout; or it is not, after all."""
    row = get_or_404(Payout.objects.for_org(request.org).filter(pk=payout_id).first())
    try:
        line_id = UUID(request.POST.get("movement", ""))
    except ValueError:
        raise Http404 from None
    try:
        if request.POST.get("act") == "undo":
            get_or_404(StatementLine.objects.for_org(request.org).filter(pk=line_id, payout_id=row.pk).first())
            accept.undo(request.org, line_id, actor=request.actor)
            messages.success(request, _("Taken back; the movement waits to be decided again."))
        else:
            accept.arrived(request.org, line_id, row, actor=request.actor)
            messages.success(request, _("The payout has arrived. The movement is settled with it."))
    except NotFound:
        raise Http404 from None
    except WaslError as error:
        if getattr(error, "status", 0) == 404:
            raise Http404 from None
        messages.error(request, error.message(current()))
    return redirect("console-payout", slug=request.org.slug, payout_id=row.pk)


@require_POST
@member
def untake(request: Any, payout_line: UUID) -> HttpResponse:
    """What somebody said of a line is taken back: it is unknown again."""
    item = get_or_404(PayoutItem.objects.for_org(request.org).filter(pk=payout_line).first())
    try:
        give_line_back(request.org, item.pk, actor=request.actor, reason="payout line")
        messages.success(request, _("Taken back: the line stands under unmatched money again."))
    except WaslError as error:
        messages.error(request, error.message(current()))
    return redirect("console-payout", slug=request.org.slug, payout_id=item.payout_id)


_ALIKE = """
SELECT DISTINCT ON (p.amount, p.currency) p.amount, p.currency, p.id, p.driver FROM payments_payout p
WHERE p.organisation_id = %(org)s AND p.amount = ANY(%(amounts)s) AND p.at >= %(since)s
  AND NOT EXISTS (SELECT FROM statements_statementline l WHERE l.organisation_id = p.organisation_id AND l.payout_id = p.id)
ORDER BY p.amount, p.currency, p.at DESC
"""


def alike(org: Any, movements: list[Any]) -> dict[UUID, tuple[UUID, str]]:
    """{movement: (payout, gateway)} of movements that are as large as a payout that has not arrived."""
    if not movements:
        return {}
    first: date = min(each.booked for each in movements)
    values = {"org": org.pk, "amounts": sorted({each.amount for each in movements}), "since": first - timedelta(days=ARRIVES_DAYS)}
    found = {(amount, currency): (key, words.gateway(driver)) for amount, currency, key, driver in run(_ALIKE, values)}
    return {each.id: found[each.amount, each.currency] for each in movements if (each.amount, each.currency) in found}
