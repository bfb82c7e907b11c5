"""Webhooks in: verified and stored before they are answered; then the gateway is asked, and what it says is applied.

A webhook's own words are never believed. The answer to the gateway waits for the disk and for nothing else; the worker
applies what was stored within a blink (`beat`), several questions at a time, one for each payment however often it was told.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import Driver, GatewayPayment
from wasl.app.payments.settle import settle
from wasl.app.sql import make_durable, release_early, run
from wasl.errors import WaslError

log = structlog.get_logger(__name__)
KNOWN, KEPT, NOT_OURS = "known", "kept", "not-ours"
FIRST_PAUSE_SECONDS, LAST_PAUSE_SECONDS = 5, 6 * 3600
ATTEMPTS_MAX = 24  # about three days; then the hook is parked, so that one poisoned message holds up nobody (T91)
AT_ONCE = 8  # questions to gateways under way at the same time
BATCH = 64


def receive(org_id: UUID, driver_name: str, headers: Mapping[str, str], body: bytes) -> str:
    """Take one webhook: "kept" once it is on disk, "known" for a repeat, "not-ours" for news of something else.

    Raises WebhookRefused for what is not genuine; nothing is written then.
    """
    notice = registry.driver(org_id, driver_name).read_webhook(headers, body, at=time.time())
    if not (notice.gateway_id or notice.reference):
        return NOT_OURS
    values = {"org": org_id, "id": uuid7(), "driver": driver_name, "event": notice.event_id, "now": clock.now()}
    is_new = run(_KEEP, values | {"gateway": notice.gateway_id, "reference": notice.reference})
    return KEPT if is_new else KNOWN


_KEEP = """
INSERT INTO payments_hook (organisation_id, id, driver, event_id, gateway_id, reference, received_at, attempts, next_attempt_at, parked)
VALUES (%(org)s, %(id)s, %(driver)s, %(event)s, %(gateway)s, %(reference)s, %(now)s, 0, %(now)s, false)
ON CONFLICT (organisation_id, driver, event_id) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class _Told:
    """One payment that webhooks are about: what they call it, and which they are."""

    org_id: UUID
    driver: str
    gateway_id: str
    reference: str
    hooks: tuple[UUID, ...]


# Taken with its next turn already set: whoever dies with it in hand loses nothing, and two workers never hold the same one
_CLAIM = """
UPDATE payments_hook SET attempts = attempts + 1, parked = attempts + 1 >= %(most)s,
       next_attempt_at = %(now)s::timestamptz + make_interval(secs => least(%(first)s::float * 2 ^ least(attempts, 20), %(last)s::float))
WHERE (organisation_id, id) IN (
    SELECT organisation_id, id FROM payments_hook
    WHERE applied_at IS NULL AND NOT parked AND {which} ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING organisation_id, driver, gateway_id, reference, id, parked
"""
_DUE, _OF_REFERENCE = "next_attempt_at <= %(now)s::timestamptz", "organisation_id = %(org)s AND reference = %(reference)s"


def apply_kept(org: Any = None, *, reference: str = "", limit: int = BATCH) -> int:
    """Apply what is due, of all organisations, or all of one payment's `reference` (T76); how many webhooks found their payment."""
    values = {
        "now": clock.now(), "most": ATTEMPTS_MAX, "first": FIRST_PAUSE_SECONDS, "last": LAST_PAUSE_SECONDS, "limit": limit,
        "org": getattr(org, "pk", org), "reference": reference,
    }  # fmt: skip
    rows = run(_CLAIM.format(which=_OF_REFERENCE if reference else _DUE), values)
    for *_rest, hook_id, is_parked in rows:
        if is_parked:
            log.error("webhook parked", hook=str(hook_id))
    told = [_Told(*key, tuple(hooks)) for key, hooks in _by_payment(rows).items()]
    done = sum(_apply(one, intent_id, state) for one, intent_id, state in _ask(told))
    if done:
        make_durable()
    return done


def beat() -> int:
    """`apply_kept` for the worker's round, until nothing is due."""
    done = 0
    while found := apply_kept():
        done += found
    return done


def _by_payment(rows: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], list[UUID]]:
    found: dict[tuple[Any, ...], list[UUID]] = {}
    for org_id, driver, gateway_id, reference, hook_id, _is_parked in rows:
        found.setdefault((org_id, driver, gateway_id, reference), []).append(hook_id)
    return found


# By the gateway's id; where its answer has not reached us yet, or where it names the payment otherwise, by our own reference
_INTENT = """
SELECT id FROM payments_intent WHERE organisation_id = %(org)s AND driver = %(driver)s
  AND ((%(gateway)s <> '' AND gateway_id = %(gateway)s) OR (%(reference)s <> '' AND reference = %(reference)s))
ORDER BY gateway_id = %(gateway)s DESC LIMIT 1
"""


def _ask(told: list[_Told]) -> list[tuple[_Told, UUID, GatewayPayment]]:
    """Ask the gateways about the payments that we know. The database is spoken to by this thread alone."""
    known: list[tuple[_Told, UUID, Driver]] = []
    for one in told:
        values = {"org": one.org_id, "driver": one.driver, "gateway": one.gateway_id, "reference": one.reference}
        if rows := run(_INTENT, values):
            try:
                known.append((one, rows[0][0], registry.driver(one.org_id, one.driver)))
            except WaslError as error:  # its account is gone: a person may bring it back, the hook waits
                log.warning("gateway not asked", reason=str(error))
    if len(known) < 2:
        states = [_fetch(one, driver) for one, _intent, driver in known]
    else:
        with ThreadPoolExecutor(min(AT_ONCE, len(known))) as pool:
            states = list(pool.map(lambda each: _fetch(each[0], each[2]), known))
    return [(one, intent_id, state) for (one, intent_id, _driver), state in zip(known, states, strict=True) if state is not None]


def _fetch(one: _Told, driver: Driver) -> GatewayPayment | None:
    try:
        if one.gateway_id:
            return driver.fetch(one.gateway_id)
        return driver.find(one.reference)
    except WaslError as error:  # it is down, or will not say: asked again at the hook's next turn
        log.warning("gateway not asked", reason=str(error))
        return None


_APPLIED = """
UPDATE payments_hook SET applied_at = %(now)s, parked = false
WHERE organisation_id = %(org)s AND id = ANY(%(hooks)s) AND applied_at IS NULL RETURNING id
"""


def _apply(one: _Told, intent_id: UUID, state: GatewayPayment) -> int:
    try:
        with transaction.atomic():
            # A power cut may take it back together with the webhook's mark, and it is applied again; whoever acts on it outside
            # (a refund) commits first, which puts this on disk too
            release_early()
            settle(one.org_id, intent_id, state)
            return len(run(_APPLIED, {"now": clock.now(), "org": one.org_id, "hooks": list(one.hooks)}))
    except Exception:  # one that cannot be applied must not stop the others; it is parked in the end
        log.exception("webhook not applied", intent=str(intent_id))
        return 0
