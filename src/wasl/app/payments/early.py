"""Paying early: what the seller forgives of an invoice that is paid in full by a day. Posted with the payment, never before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.journal import DISCOUNT, RECEIVABLE, JLine, balance, post
from wasl.app.payments.models import EarlyTerm, JournalEntry, invoice_row
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.invoice.money import round_half_up


class DiscountTooLarge(Refused):
    code = "WASL-PAY-20"
    en = "A discount for paying early lies between nothing and less than what {number} still asks for."
    ar = "خصم التعجيل بالدفع يكون صفرًا أو أكثر، ودون ما بقي مستحقًا من {number}."


@dataclass(frozen=True)
class Early:
    """`amount` minor units off for who pays the rest on or before `until`, by the seller's calendar."""

    amount: int
    until: date


@dataclass(frozen=True)
class Owing:
    """Where an invoice stands when money comes, in minor units: still owed, written off, and what may be forgiven for paying early."""

    owed: int
    written_off: int
    early: Early | None


_OWING = """
SELECT i.id, coalesce(j.owed, 0), coalesce(j.written_off, 0), t.amount, t.until, s.early_percent, s.early_days
FROM unnest(%(invoices)s::uuid[]) AS i (id)
CROSS JOIN LATERAL (
    SELECT sum(l.amount) FILTER (WHERE l.account = 'receivable')::bigint AS owed,
           sum(l.amount) FILTER (WHERE l.account = 'write_off')::bigint AS written_off
    FROM payments_journalentry e JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
    WHERE e.organisation_id = %(org)s AND e.invoice_id = i.id) j
LEFT JOIN payments_earlyterm t ON t.organisation_id = %(org)s AND t.id = i.id
LEFT JOIN payments_paymentsetting s ON s.organisation_id = %(org)s AND s.early_percent > 0
"""


def owings(org: Any, invoices: Sequence[Any]) -> dict[UUID, Owing]:
    """Issued rows of one organisation in one statement, by their ids: this is asked for each invoice of each payment."""
    rows = run(_OWING, {"org": getattr(org, "pk", org), "invoices": [invoice.pk for invoice in invoices]})
    found = {invoice.pk: invoice for invoice in invoices}
    return {invoice_id: _owing(found[invoice_id], *figures) for invoice_id, *figures in rows}


def owing(invoice: Any) -> Owing:
    """One issued row."""
    return owings(invoice.organisation_id, [invoice])[invoice.pk]


def _owing(invoice: Any, owed: int, written_off: int, term: int | None, until: Any, percent: Decimal | None, days: Any) -> Owing:
    early = None
    if term is not None:
        early = Early(term, until) if term else None
    elif percent is not None and not invoice.is_credit_note:
        amount = int(round_half_up(Decimal(invoice.payable_amount) * percent / 100, 0))
        early = Early(amount, invoice.issue_date + timedelta(days=days)) if amount else None
    return Owing(max(owed, 0), written_off, early)


def early_discount(invoice: Any) -> Early | None:
    """What the seller offers on this invoice for paying early: its own term, else the general one; None where there is none."""
    return owing(invoice).early


@transaction.atomic
def offer_early(invoice: Any, *, amount: int, until: date, actor: Actor) -> Early | None:
    """Offer `amount` minor units off this invoice until a day, in place of the general term; 0 takes it away. Raises DiscountTooLarge."""
    org_id = invoice.organisation_id
    require(org_id, actor)
    locked = invoice_row(org_id, invoice, lock=True)
    if not 0 <= amount < max(balance(org_id, locked), 1):
        raise DiscountTooLarge(number=locked.number)
    EarlyTerm.objects.for_org(org_id).update_or_create(organisation_id=org_id, id=locked.pk, defaults={"amount": amount, "until": until})
    audit(org_id, actor, "payment.early_term", "invoice", locked.pk, {"amount": amount, "until": until.isoformat()})
    return early_discount(locked)


def due_now(invoice: Any, at: datetime) -> tuple[int, int]:
    """(what settles the invoice at that moment, what is forgiven then), in minor units."""
    return _due(invoice, owing(invoice), at)


def _due(invoice: Any, stands: Owing, at: datetime) -> tuple[int, int]:
    left, offered = stands.owed, stands.early
    if not left or offered is None or offered.amount >= left:
        return left, 0
    if at.astimezone(ZoneInfo(invoice.organisation.time_zone)).date() > offered.until:
        return left, 0
    return left - offered.amount, offered.amount


def forgive_for_paying_early(invoice: Any, stands: Owing, amount: int, at: datetime, *, intent: Any = None, receipt: Any = None) -> int:
    """Post what `amount`, paid at that moment, leaves open of a discount; what was forgiven. Caller holds the lock.

    Who pays more than the discounted amount is forgiven only what is missing: nobody gets money back that was meant to be paid.
    """
    wanted, offered = _due(invoice, stands, at)
    forgiven = wanted + offered - amount
    if not offered or not 0 < forgiven <= offered:
        return 0
    org_id = invoice.organisation_id
    event = record("discounted", org=org_id, invoice=invoice, at=clock.now(), amount=forgiven, currency=invoice.currency, data={"reason": "early"})
    lines = [JLine(DISCOUNT, forgiven), JLine(RECEIVABLE, -forgiven)]
    post(event, JournalEntry.DISCOUNT, lines, currency=invoice.currency, invoice=invoice, intent=intent, receipt=receipt)
    return forgiven
