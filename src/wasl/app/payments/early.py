"""Paying early: what the seller forgives of an invoice that is paid in full by a day. Posted with the payment, never before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.journal import DISCOUNT, RECEIVABLE, JLine, balance, post
from wasl.app.payments.models import EarlyTerm, JournalEntry, PaymentSetting, invoice_row
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


def early_discount(invoice: Any) -> Early | None:
    """What the seller offers on this invoice for paying early: its own term, else the general one; None where there is none."""
    own = EarlyTerm.objects.for_org(invoice.organisation_id).filter(pk=invoice.pk).first()
    if own is not None:
        return Early(own.amount, own.until) if own.amount else None
    general = PaymentSetting.objects.for_org(invoice.organisation_id).filter(early_percent__gt=0).first()
    if general is None or invoice.is_credit_note:
        return None
    amount = int(round_half_up(Decimal(invoice.payable_amount) * general.early_percent / 100, 0))
    return Early(amount, invoice.issue_date + timedelta(days=general.early_days)) if amount else None


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
    left = max(balance(invoice.organisation_id, invoice), 0)
    offered = early_discount(invoice) if left else None
    if offered is None or at.astimezone(ZoneInfo(invoice.organisation.time_zone)).date() > offered.until or offered.amount >= left:
        return left, 0
    return left - offered.amount, offered.amount


def forgive_for_paying_early(invoice: Any, amount: int, at: datetime, *, intent: Any = None, receipt: Any = None) -> int:
    """Post what `amount`, paid at that moment, leaves open of a discount; what was forgiven. Caller holds the lock.

    Who pays more than the discounted amount is forgiven only what is missing: nobody gets money back that was meant to be paid.
    """
    wanted, offered = due_now(invoice, at)
    forgiven = wanted + offered - amount
    if not offered or not 0 < forgiven <= offered:
        return 0
    org_id = invoice.organisation_id
    event = record("discounted", org=org_id, invoice=invoice, at=clock.now(), amount=forgiven, currency=invoice.currency, data={"reason": "early"})
    lines = [JLine(DISCOUNT, forgiven), JLine(RECEIVABLE, -forgiven)]
    post(event, JournalEntry.DISCOUNT, lines, currency=invoice.currency, invoice=invoice, intent=intent, receipt=receipt)
    return forgiven
