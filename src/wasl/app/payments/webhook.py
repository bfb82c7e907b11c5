"""Webhooks in: verify, keep once, ask the gateway, apply. A webhook's own words are never believed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import GatewayDown, GatewayRefused, Notice
from wasl.app.payments.models import Hook, Intent
from wasl.app.payments.settle import settle
from wasl.app.sql import run

log = structlog.get_logger(__name__)
APPLIED, KNOWN, KEPT = "applied", "known", "kept"
FIRST_PAUSE_SECONDS, LAST_PAUSE_HOURS = 5, 6
ATTEMPTS_MAX = 24  # about three days; then the hook is parked, so that one poisoned message holds up nobody (T91)


def receive(org_id: UUID, driver_name: str, headers: Mapping[str, str], body: bytes) -> str:
    """One webhook: "applied", "known" (a repeat), or "kept" until its payment is known or the gateway answers.

    Raises WebhookRefused for what is not genuine; nothing is written then.
    """
    driver = registry.driver(org_id, driver_name)
    notice = driver.read_webhook(headers, body, at=time.time())
    done = Hook.objects.for_org(org_id).filter(driver=driver_name, event_id=notice.event_id).exclude(applied_at=None)
    if done.exists():
        return KNOWN
    hook_id = _keep(org_id, driver_name, notice)
    return _apply(org_id, hook_id)


_KEEP = """
INSERT INTO payments_hook (organisation_id, id, driver, event_id, gateway_id, reference, received_at, attempts, next_attempt_at, parked)
VALUES (%(org)s, %(id)s, %(driver)s, %(event)s, %(gateway)s, %(reference)s, %(now)s, 0, %(now)s, false)
ON CONFLICT (organisation_id, driver, event_id) DO NOTHING
"""


def _keep(org_id: UUID, driver_name: str, notice: Notice) -> UUID:
    """Store it before anything else can fail: from here on it is ours and the gateway may forget it."""
    values = {"org": org_id, "id": uuid7(), "driver": driver_name, "event": notice.event_id, "now": clock.now()}
    run(_KEEP, values | {"gateway": notice.gateway_id, "reference": notice.reference})
    return Hook.objects.for_org(org_id).values_list("id", flat=True).get(driver=driver_name, event_id=notice.event_id)


def _apply(org_id: UUID, hook_id: UUID) -> str:
    hook = Hook.objects.for_org(org_id).get(pk=hook_id)
    intent = _intent_of(hook)
    if intent is None:
        return KEPT
    try:
        state = registry.driver(org_id, hook.driver).fetch(hook.gateway_id)
    except (GatewayDown, GatewayRefused):
        return KEPT
    with transaction.atomic():
        locked = Hook.objects.for_org(org_id).select_for_update().get(pk=hook_id)
        if locked.applied_at is not None:
            return KNOWN
        settle(org_id, intent.pk, state)
        locked.applied_at = clock.now()
        locked.save(update_fields=["applied_at"])
    return APPLIED


def _intent_of(hook: Hook) -> Intent | None:
    """By the gateway's id; where its answer has not reached us yet, by our own reference."""
    intents = Intent.objects.for_org(hook.organisation_id).filter(driver=hook.driver)
    return intents.filter(gateway_id=hook.gateway_id).first() or intents.filter(reference=hook.reference).first()


def apply_kept(org: Any, *, reference: str = "") -> int:
    """Apply what was kept for one organisation and is due again, or all of one reference; how many found their payment (T76)."""
    org_id, now = getattr(org, "pk", org), clock.now()
    waiting = Hook.objects.for_org(org_id).filter(applied_at=None, parked=False)
    due = waiting.filter(reference=reference) if reference else waiting.filter(next_attempt_at__lte=now).order_by("next_attempt_at")[:100]
    return sum(_retry(hook) for hook in due)


def _retry(hook: Hook) -> bool:
    try:
        if _apply(hook.organisation_id, hook.pk) == APPLIED:
            return True
    except Exception:  # one hook that cannot be applied must not stop the others; it is parked in the end
        log.exception("webhook not applied", hook=str(hook.pk))
    attempts = hook.attempts + 1
    pause = min(timedelta(seconds=FIRST_PAUSE_SECONDS * 2**hook.attempts), timedelta(hours=LAST_PAUSE_HOURS))
    is_over = attempts >= ATTEMPTS_MAX
    rows = Hook.objects.for_org(hook.organisation_id).filter(pk=hook.pk)
    rows.update(attempts=attempts, parked=is_over, next_attempt_at=clock.now() + pause)
    if is_over:
        log.error("webhook parked", hook=str(hook.pk))
    return False
