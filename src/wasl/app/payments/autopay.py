"""Automatic payment: what a payer agreed to, what is planned for which day, and taking either back. The engine is autopay_run."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound, Refused
from wasl.app.events.record import record
from wasl.app.payments.models import Mandate, PlannedCharge, SavedMethod
from wasl.app.payments.terms import settings_of
from wasl.app.sql import run

NOTICE_DAYS_MIN, NOTICE_DAYS_MAX = 1, 30
CHARGE_AT = time(9)  # by the seller's clock


class AutopayNotOffered(Refused):
    code = "WASL-PAY-31"
    en = "This seller does not take automatic payments with that method."
    ar = "لا يقبل هذا البائع الدفع التلقائي بهذه الوسيلة."


class NoticeOutOfRange(Refused):
    code = "WASL-PAY-32"
    en = "The notice before an automatic payment comes {least} to {most} days ahead, and the limit is above zero."
    ar = "يصل التنبيه قبل الدفع التلقائي بمدة من {least} إلى {most} يومًا، ويكون الحد الأعلى أكبر من صفر."


class TooLateToCancel(Refused):
    code, status = "WASL-PAY-33", 409
    en = "This payment is already being made or is over, so it can no longer be cancelled here."
    ar = "هذه الدفعة قيد التنفيذ أو انتهت، فلا يمكن إلغاؤها من هنا."


@transaction.atomic
def agree(payer: Any, org: Any, method: SavedMethod, *, notice_days: int = 3, limit: int | None = None, by: str = "") -> Mandate:
    """The payer lets this seller charge `method` on due dates. Takes the place of what was agreed before.

    `limit`: minor units of the seller's currency for one invoice. Raises AutopayNotOffered, NoticeOutOfRange, NotFound.
    """
    payer_id, org_id = getattr(payer, "pk", payer), getattr(org, "pk", org)
    if method.payer_id != payer_id or method.organisation_id != org_id or method.removed_at is not None:
        raise NotFound(what="payment method")
    if not settings_of(org_id).allows_autopay:
        raise AutopayNotOffered
    if not NOTICE_DAYS_MIN <= notice_days <= NOTICE_DAYS_MAX or (limit is not None and limit <= 0):
        raise NoticeOutOfRange(least=NOTICE_DAYS_MIN, most=NOTICE_DAYS_MAX)
    for old in Mandate.objects.for_org(org_id).select_for_update().filter(payer_id=payer_id, ended_at=None):
        end(old, because=Mandate.PAYER)
    row = Mandate(organisation_id=org_id, payer_id=payer_id, method_id=method.pk, notice_days=notice_days, limit=limit)
    row.currency, row.agreed_by = method.organisation.currency, by[:60]
    row.save(force_insert=True)
    return row


def mandate_of(payer: Any, org: Any) -> Mandate | None:
    """What the payer agreed with this seller, if it still counts."""
    rows = Mandate.objects.for_org(org).filter(payer_id=getattr(payer, "pk", payer), ended_at=None)
    return rows.select_related("method").first()


@transaction.atomic
def end(mandate: Mandate, *, because: str = Mandate.PAYER) -> Mandate:
    """Nothing more is charged by itself: what was planned is cancelled, what is being charged right now ends as it ends."""
    row = Mandate.objects.for_org(mandate.organisation_id).select_for_update().get(pk=mandate.pk)
    if row.ended_at is None:
        row.ended_at, row.ended_because = clock.now(), because
        row.save(update_fields=["ended_at", "ended_because"])
        waiting = PlannedCharge.objects.for_org(row.organisation_id).select_for_update()
        for charge in waiting.filter(mandate_id=row.pk, state__in=(PlannedCharge.PLANNED, PlannedCharge.NOTICED)):
            _cancelled(charge, because)
    return row


@transaction.atomic
def cancel(payer: Any, charge_id: UUID) -> PlannedCharge:
    """This one invoice is not paid by itself; the mandate goes on. Raises NotFound, TooLateToCancel."""
    found = PlannedCharge._base_manager.filter(pk=charge_id, mandate__payer_id=getattr(payer, "pk", payer)).first()
    if found is None:
        raise NotFound(what="payment")
    row = PlannedCharge.objects.for_org(found.organisation_id).select_for_update().get(pk=found.pk)
    if row.state == PlannedCharge.CANCELLED:
        return row
    if row.state not in (PlannedCharge.PLANNED, PlannedCharge.NOTICED):
        raise TooLateToCancel
    return _cancelled(row, Mandate.PAYER)


def _cancelled(charge: PlannedCharge, because: str) -> PlannedCharge:
    charge.state, charge.ended_at = PlannedCharge.CANCELLED, clock.now()
    charge.save(update_fields=["state", "ended_at"])
    told(charge, "autopay-cancelled", because=because)
    return charge


def planned_of(payer: Any, org: Any = None) -> list[PlannedCharge]:
    """What will be paid by itself for an inbox, the next first; without `org`, with all sellers."""
    rows = PlannedCharge._base_manager.filter(mandate__payer_id=getattr(payer, "pk", payer), state__in=PlannedCharge.LIVE)
    if org is not None:
        rows = rows.filter(organisation_id=getattr(org, "pk", org))
    return list(rows.select_related("invoice", "organisation", "mandate__method").order_by("charge_on", "id"))


def charge_of(invoice: Any) -> PlannedCharge | None:
    """The automatic payment of one invoice that is planned or under way."""
    rows = PlannedCharge.objects.for_org(invoice.organisation_id).filter(invoice_id=invoice.pk, state__in=PlannedCharge.LIVE)
    return rows.select_related("mandate__method").first()


def moment(org: Any, day: date) -> datetime:
    """When on `day` the seller's payments are made and announced."""
    return datetime.combine(day, CHARGE_AT, ZoneInfo(org.time_zone))


def told(charge: PlannedCharge, event_type: str, **more: Any) -> None:
    """Write the event; notices and pages follow it."""
    data = {"charge": str(charge.pk), "mandate": str(charge.mandate_id), "on": charge.charge_on.isoformat()} | more
    record(
        event_type, org=charge.organisation_id, invoice=charge.invoice_id, at=clock.now(), amount=charge.amount, currency=charge.currency, data=data
    )


_PLAN = """
INSERT INTO payments_plannedcharge
    (organisation_id, id, mandate_id, invoice_id, amount, currency, notice_on, charge_on, state, failure, attempts, next_at, created_at)
SELECT DISTINCT ON (b.organisation_id, b.id)  -- it may lie in two inboxes that agreed: the first one pays it
       m.organisation_id, gen_random_uuid(), m.id, b.id, b.open_amount, b.currency, d.charge_on - m.notice_days, d.charge_on, 'planned', '', 0,
       %(now)s, %(now)s
FROM payments_mandate m
JOIN tenancy_organisation o ON o.id = m.organisation_id
JOIN tenancy_payergrant g ON g.payer_id = m.payer_id AND g.organisation_id = m.organisation_id
JOIN payments_balance b ON b.organisation_id = g.organisation_id AND b.id = g.invoice_id AND b.is_open
CROSS JOIN LATERAL (SELECT greatest(b.due_date, (%(now)s AT TIME ZONE o.time_zone)::date + m.notice_days) AS charge_on) d
WHERE m.ended_at IS NULL AND b.currency = m.currency AND b.due_date IS NOT NULL AND (m.limit IS NULL OR b.open_amount <= m.limit)
  AND b.due_date - m.notice_days <= (%(now)s AT TIME ZONE o.time_zone)::date + %(ahead)s
  AND NOT EXISTS (SELECT FROM payments_plannedcharge c WHERE c.organisation_id = b.organisation_id AND c.invoice_id = b.id
                  AND (c.mandate_id = m.id OR c.state IN ('planned', 'noticed', 'charging')))
ORDER BY b.organisation_id, b.id, m.agreed_at, m.id
ON CONFLICT (organisation_id, mandate_id, invoice_id) DO NOTHING
RETURNING organisation_id, id
"""
AHEAD_DAYS = 7  # what falls due within a week of its notice is planned already, so that the payer sees it on the page


@transaction.atomic
def plan_ahead() -> int:
    """Plan what is due soon under a mandate; how many are new."""
    made = run(_PLAN, {"now": clock.now(), "ahead": AHEAD_DAYS})
    for org_id, charge_id in made:
        told(PlannedCharge.objects.for_org(org_id).get(pk=charge_id), "autopay-planned")
    return len(made)
