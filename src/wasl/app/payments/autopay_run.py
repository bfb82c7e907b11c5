"""The engine of automatic payment: plan, announce, charge on the day, explain what failed. One round of it is `beat`.

A charge is written down together with its attempt before the gateway hears of it, and the attempt's id is the gateway's key:
whatever dies when, the payer is charged once. Nothing is charged that was not announced `notice_days` before. What fails is not
tried again by itself: the invoice is reminded of and paid as any other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.payments.attempts import charged, write_attempt
from wasl.app.payments.autopay import moment, plan_ahead, told
from wasl.app.payments.drivers.port import OTHER, UNAVAILABLE, GatewayDown, GatewayRefused
from wasl.app.payments.journal import balance
from wasl.app.payments.models import Intent, IntentShare, PlannedCharge, invoice_row
from wasl.app.payments.settle import settle
from wasl.app.sql import run

log = structlog.get_logger(__name__)
FIRST_PAUSE_MINUTES, LAST_PAUSE_MINUTES, ATTEMPTS_MAX = 2, 240, 24  # about three days of a silent gateway
HELD_HOURS = 24  # how long a charge waits before it is looked at again while somebody objects to the invoice
GONE, TOO_MUCH = "gone", "too_much"  # why a charge came to nothing: the method or mandate; more is owed than was announced

_holds: list[Callable[[Any], bool]] = []
_DUE = """
UPDATE payments_plannedcharge SET next_at = %(now)s + make_interval(mins => %(pause)s)
WHERE (organisation_id, id) IN (
    SELECT organisation_id, id FROM payments_plannedcharge WHERE state IN ('planned', 'noticed', 'charging') AND next_at <= %(now)s
    ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING organisation_id, id
"""
# Nobody pays by itself what was taken out of the inbox again: it was sent to a wrong address, or the address was given up
_HELD = "SELECT 1 FROM tenancy_payergrant WHERE payer_id = %s AND organisation_id = %s AND invoice_id = %s"
# Another inbox's charge of the same invoice: until its end is known there is no second one
_UNDER_WAY = "SELECT 1 FROM payments_plannedcharge WHERE organisation_id = %s AND invoice_id = %s AND state = 'charging' AND id <> %s"


def hold_while(objected: Callable[[Any], bool]) -> None:
    """Let a higher floor keep an invoice (its row) from being charged by itself: while somebody objects to it."""
    _holds.append(objected)


def beat(limit: int = 50) -> int:
    """One round, safe beside others: how many charges moved."""
    moved = plan_ahead()
    for org_id, charge_id in run(_DUE, {"now": clock.now(), "pause": FIRST_PAUSE_MINUTES, "limit": limit}):
        try:
            moved += _step(org_id, charge_id)
        except Exception:  # one that cannot be made must not stop the others (T91)
            log.exception("automatic payment not made", charge=str(charge_id))
    return moved


def _step(org_id: UUID, charge_id: UUID) -> bool:
    with transaction.atomic():
        charge = PlannedCharge.objects.for_org(org_id).get(pk=charge_id)
        invoice = invoice_row(org_id, charge.invoice_id, lock=True)
        charge = PlannedCharge.objects.for_org(org_id).select_for_update().select_related("mandate__method", "organisation").get(pk=charge_id)
        if charge.state in (PlannedCharge.PLANNED, PlannedCharge.NOTICED) and not _still_wanted(charge, invoice):
            return True
        if charge.state == PlannedCharge.PLANNED:
            return _announce(charge)
        if charge.state == PlannedCharge.NOTICED and not _begin(charge, invoice):
            return False
    return _charge(charge, invoice) if charge.state == PlannedCharge.CHARGING else False


def _still_wanted(charge: PlannedCharge, invoice: Any) -> bool:
    """Paid otherwise, in that inbox no longer, or agreed no longer: then it ends here."""
    mandate = charge.mandate
    left = balance(charge.organisation_id, invoice)
    if left <= 0 or not run(_HELD, (mandate.payer_id, charge.organisation_id, invoice.pk)):
        return _end(charge, PlannedCharge.VOID)
    if mandate.ended_at is not None or mandate.method.removed_at is not None:
        return _fail(charge, GONE)
    if left > charge.amount:  # a payment was taken back since: what was announced is not what is owed
        return _fail(charge, TOO_MUCH)
    return True


def _announce(charge: PlannedCharge) -> bool:
    """The notice, and from it the days that the payer was promised: a worker that slept makes the charge late, never the notice short."""
    now, org = clock.now(), charge.organisation
    if now < moment(org, charge.notice_on):
        _look_again(charge, moment(org, charge.notice_on))
        return False
    at = max(moment(org, charge.charge_on), now + timedelta(days=charge.mandate.notice_days))
    charge.charge_on = at.astimezone(moment(org, charge.charge_on).tzinfo).date()
    charge.state, charge.noticed_at, charge.next_at = PlannedCharge.NOTICED, now, at
    charge.save(update_fields=["charge_on", "state", "noticed_at", "next_at"])
    told(charge, "autopay-noticed", method=charge.mandate.method.last4, note=f"autopay {charge.charge_on.isoformat()}")
    return True


def _begin(charge: PlannedCharge, invoice: Any) -> bool:
    """From here on it can no longer be cancelled: the attempt stands in the same transaction as the decision."""
    if any(objected(invoice) for objected in _holds):
        _look_again(charge, clock.now() + timedelta(hours=HELD_HOURS))
        return False
    if any(_open_page(charge)) or run(_UNDER_WAY, (charge.organisation_id, invoice.pk, charge.pk)):
        return False  # the payer is paying right now: the claim brings us back in a few minutes
    method = charge.mandate.method
    shares = [(invoice, balance(charge.organisation_id, invoice))]
    intent = write_attempt(shares, method.driver, method=method.family, payer_id=charge.mandate.payer_id, saved_id=method.pk)
    charge.state, charge.intent_id = PlannedCharge.CHARGING, intent.pk
    charge.save(update_fields=["state", "intent"])
    return True


def _open_page(charge: PlannedCharge) -> list[Intent]:
    """Attempts of a moment ago: somebody is paying right now."""
    since = clock.now() - timedelta(minutes=30)
    mine = IntentShare.objects.for_org(charge.organisation_id).filter(invoice_id=charge.invoice_id).values_list("intent_id", flat=True)
    rows = Intent.objects.for_org(charge.organisation_id).filter(pk__in=list(mine), status__in=Intent.OPEN, created_at__gte=since)
    return list(rows)


def _charge(charge: PlannedCharge, invoice: Any) -> bool:
    intent = Intent.objects.for_org(charge.organisation_id).get(pk=charge.intent_id)
    if intent.status in Intent.OPEN:
        try:
            settle(intent.organisation_id, intent.pk, charged(intent, [invoice], is_new=not charge.attempts))
        except GatewayDown:
            return _wait(charge)
        except GatewayRefused:
            Intent.objects.for_org(charge.organisation_id).filter(pk=intent.pk, status__in=Intent.OPEN).update(status=Intent.FAILED, failure=OTHER)
        intent = Intent.objects.for_org(charge.organisation_id).get(pk=intent.pk)
    if intent.status in Intent.OPEN:
        return _wait(charge)
    with transaction.atomic():
        row = PlannedCharge.objects.for_org(charge.organisation_id).select_for_update().get(pk=charge.pk)
        if row.state != PlannedCharge.CHARGING:
            return False
        if intent.status == Intent.SUCCEEDED:
            _end(row, PlannedCharge.DONE)
        else:
            _fail(row, intent.failure or OTHER)
    return True


def _wait(charge: PlannedCharge) -> bool:
    """No answer yet: again later, under the same key; in the end a person and the reminders take over."""
    attempts = charge.attempts + 1
    pause = timedelta(minutes=min(FIRST_PAUSE_MINUTES * 2**charge.attempts, LAST_PAUSE_MINUTES))
    rows = PlannedCharge.objects.for_org(charge.organisation_id).filter(pk=charge.pk, state=PlannedCharge.CHARGING)
    rows.update(attempts=attempts, next_at=clock.now() + pause)
    if attempts >= ATTEMPTS_MAX:
        with transaction.atomic():
            _fail(rows.select_for_update().get(), UNAVAILABLE)
    return False


def _look_again(charge: PlannedCharge, at: Any) -> None:
    charge.next_at = at
    charge.save(update_fields=["next_at"])


def _end(charge: PlannedCharge, state: str) -> bool:
    charge.state, charge.ended_at = state, clock.now()
    charge.save(update_fields=["state", "ended_at", "failure"])
    return False


def _fail(charge: PlannedCharge, why: str) -> bool:
    charge.failure = why[:20]
    _end(charge, PlannedCharge.FAILED)
    told(charge, "autopay-failed", failure=charge.failure, note=f"autopay_failed {charge.charge_on.isoformat()}")
    return False
