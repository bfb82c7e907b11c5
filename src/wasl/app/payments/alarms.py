"""Alarms: what no rule can settle, so that a person must look. One for each cause, however often it shows."""

from __future__ import annotations

from typing import Any

import structlog

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.payments.models import Alarm, Intent

log = structlog.get_logger(__name__)


def raise_alarm(intent: Intent, invoice: Any, kind: str, body: dict[str, Any]) -> None:
    """One alarm and one event for a cause, however often it shows."""
    _row, is_new = Alarm.objects.for_org(intent.organisation_id).get_or_create(
        organisation_id=intent.organisation_id, intent_id=intent.pk, kind=kind, defaults={"body": body}
    )
    if is_new:
        data = {"kind": kind, "reference": intent.reference}
        record("payment-alarm", org=intent.organisation_id, invoice=invoice, at=clock.now(), data=data)
        log.error("payment alarm", kind=kind, intent=str(intent.pk))
