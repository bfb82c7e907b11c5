"""Paying in parts: whether the seller allows it, and the instalments that were agreed on one invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.journal import balance
from wasl.app.payments.models import Plan, PlanPart, invoice_row
from wasl.app.payments.standing import Standing, standing
from wasl.app.payments.terms import settings_of
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

PARTS_MAX = 60


class PlanDoesNotFit(Refused):
    code = "WASL-PAY-21"
    en = "The parts must come to what {number} still asks for ({left} in minor units), each above zero, on days that follow each other."
    ar = "يجب أن يساوي مجموع الأقساط ما بقي من {number} ({left} بأصغر وحدة)، وكل قسط أكبر من صفر، وتواريخها متتابعة."


@dataclass(frozen=True)
class Part:
    """One instalment and what of it is paid, in minor units."""

    due_on: date
    amount: int
    paid: int
    is_deposit: bool = False

    @property
    def left(self) -> int:
        return self.amount - self.paid


def plan_of(invoice: Any) -> list[Part]:
    """The agreed instalments with what is paid of each, the earliest first; nothing where none were agreed."""
    plan = Plan.objects.for_org(invoice.organisation_id).filter(invoice_id=invoice.pk, ended_at=None).first()
    if plan is None:
        return []
    rows = list(PlanPart.objects.for_org(invoice.organisation_id).filter(plan_id=plan.pk).order_by("position"))
    return _filled(rows, standing(invoice.organisation_id, invoice))


def _filled(rows: list[PlanPart], figures: Standing) -> list[Part]:
    """Money fills the earliest part first; what a credit note or a discount took off fills the last ones."""
    settled = max(sum(row.amount for row in rows) - max(figures.balance, 0), 0)
    parts = []
    for row in rows:
        paid = min(row.amount, settled)
        settled -= paid
        parts.append(Part(row.due_on, row.amount, paid, row.is_deposit))
    return parts


@transaction.atomic
def agree_plan(invoice: Any, parts: Sequence[tuple[date, int]], *, actor: Actor, deposit: bool = False) -> list[Part]:
    """Let what is left of `invoice` be paid in `parts`: (day, minor units) each. `deposit`: the first one is due before the work.

    Takes the place of an earlier plan. Raises PlanDoesNotFit.
    """
    org_id = invoice.organisation_id
    require(org_id, actor)
    locked = invoice_row(org_id, invoice, lock=True)
    left = balance(org_id, locked)
    days, amounts = [day for day, _amount in parts], [amount for _day, amount in parts]
    if not 1 <= len(parts) <= PARTS_MAX or min(amounts) <= 0 or sum(amounts) != left or days != sorted(set(days)):
        raise PlanDoesNotFit(number=locked.number, left=max(left, 0))
    end_plan(locked, actor=actor)
    plan = Plan.objects.create(organisation_id=org_id, invoice_id=locked.pk, made_by=actor.label)
    PlanPart.objects.bulk_create(
        PlanPart(organisation_id=org_id, plan_id=plan.pk, position=n, due_on=day, amount=amount, is_deposit=deposit and n == 0)
        for n, (day, amount) in enumerate(parts)
    )
    record("plan-agreed", org=org_id, invoice=locked, at=clock.now(), data={"parts": len(parts), "first": days[0].isoformat()})
    audit(org_id, actor, "payment.plan", "invoice", locked.pk, {"parts": [[day.isoformat(), amount] for day, amount in parts]})
    return plan_of(locked)


@transaction.atomic
def end_plan(invoice: Any, *, actor: Actor) -> bool:
    """From now on the whole of what is left is asked for again; False where there was no plan."""
    require(invoice.organisation_id, actor)
    live = Plan.objects.for_org(invoice.organisation_id).filter(invoice_id=invoice.pk, ended_at=None)
    ended = bool(live.update(ended_at=clock.now()))
    if ended:
        record("plan-ended", org=invoice.organisation_id, invoice=invoice, at=clock.now())
        audit(invoice.organisation_id, actor, "payment.plan_end", "invoice", invoice.pk)
    return ended


def may_pay_part(invoice: Any, amount: int) -> bool:
    """Whether `amount` minor units may be paid though more is left: the seller allows parts, or agreed on instalments of which
    that settles the next one or more."""
    if settings_of(invoice.organisation_id).allows_part_payment:
        return True
    ahead = 0
    for part in plan_of(invoice):
        ahead += part.left
        if part.left and amount == ahead:
            return True
    return False
