"""Webhooks in: verified and stored before they are answered; then the gateway is asked, and what it says is applied.

A webhook's own words are never believed. The answer to the gateway waits for the disk and for nothing else; the worker
applies what was stored within a blink (`beat`), several questions at a time, one for each payment however often it was told.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import SUCCEEDED, Driver, GatewayPayment, WebhookRefused
from wasl.app.payments.settle import settle, settle_together
from wasl.app.sql import make_durable, pipelined, release_early, run
from wasl.errors import WaslError

log = structlog.get_logger(__name__)
KNOWN, KEPT, NOT_OURS = "known", "kept", "not-ours"
FIRST_PAUSE_SECONDS, LAST_PAUSE_SECONDS = 5, 6 * 3600
ATTEMPTS_MAX = 24  # about three days; then the hook is parked, so that one poisoned message holds up nobody (T91)
AT_ONCE = 8  # questions to gateways under way at the same time
BATCH = 64
TOGETHER = 16  # payments of one organisation in one transaction: some 30 ms in which their invoices are held


@dataclass(frozen=True)
class Delivery:
    """One webhook as it came; header names in any case."""

    org_id: UUID
    driver: str
    headers: Mapping[str, str]
    body: bytes


def receive(org_id: UUID, driver_name: str, headers: Mapping[str, str], body: bytes) -> str:
    """Take one webhook: "kept" once it is on disk, "known" for a repeat, "not-ours" for news of something else.

    Raises WebhookRefused or NoSuchDriver for what is not genuine; nothing is written then.
    """
    (result,) = receive_all([Delivery(org_id, driver_name, headers, body)])
    if isinstance(result, WaslError):
        raise result
    return result


def receive_all(deliveries: Sequence[Delivery]) -> list[str | WaslError]:
    """The same for many, which share one statement and one wait for the disk; a refusal stands in the place of its webhook."""
    found: dict[tuple[UUID, str], Driver | WaslError] = {}
    results: list[str | WaslError] = []
    rows: list[tuple[Any, ...]] = []
    for each in deliveries:
        key = (each.org_id, each.driver)
        if key not in found:
            found[key] = _driver(*key)
        results.append(_read(found[key], each, rows))
    if rows:
        kept = {place for (place,) in run(_KEEP, dict(zip(_KEPT, map(list, zip(*rows, strict=True)), strict=True)) | {"now": clock.now()})}
        for place in (index for index, result in enumerate(results) if result == KEPT):
            results[place] = KEPT if rows.pop(0)[0] in kept else KNOWN
    return results


def _driver(org_id: UUID, name: str) -> Driver | WaslError:
    try:
        return registry.driver(org_id, name)
    except registry.NoSuchDriver as error:
        return error


def _read(driver: Driver | WaslError, each: Delivery, rows: list[tuple[Any, ...]]) -> str | WaslError:
    """What becomes of one webhook; what is to be kept is put at the end of `rows`."""
    if isinstance(driver, WaslError):
        return driver
    try:
        notice = driver.read_webhook(each.headers, each.body, at=time.time())
    except WebhookRefused as refused:
        return refused
    if not (notice.gateway_id or notice.reference):
        return NOT_OURS
    rows.append((uuid7(), each.org_id, each.driver, notice.event_id, notice.gateway_id, notice.reference))
    return KEPT


_KEPT = ("ids", "orgs", "drivers", "events", "gateways", "references")
_KEEP = """
INSERT INTO payments_hook (organisation_id, id, driver, event_id, gateway_id, reference, received_at, attempts, next_attempt_at, parked)
SELECT org, id, driver, event, gateway, reference, %(now)s, 0, %(now)s, false
FROM unnest(%(ids)s::uuid[], %(orgs)s::uuid[], %(drivers)s::text[], %(events)s::text[], %(gateways)s::text[], %(references)s::text[])
     AS t (id, org, driver, event, gateway, reference)
ORDER BY org, driver, event
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


# Taken with its next turn already set: whoever dies with it in hand loses nothing, and two workers never hold the same one.
# Whatever else is due of the same payments comes along, so that each payment is asked about once
_CLAIM = """
WITH first AS (
    SELECT DISTINCT organisation_id, driver, gateway_id, reference FROM (
        SELECT organisation_id, driver, gateway_id, reference FROM payments_hook
        WHERE applied_at IS NULL AND NOT parked AND {which} ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) f
), mine AS (
    SELECT h.organisation_id, h.id FROM first f JOIN payments_hook h USING (organisation_id, driver, gateway_id, reference)
    WHERE h.applied_at IS NULL AND NOT h.parked AND {which} FOR UPDATE OF h SKIP LOCKED
)
UPDATE payments_hook SET attempts = attempts + 1, parked = attempts + 1 >= %(most)s,
       next_attempt_at = %(now)s::timestamptz + make_interval(secs => least(%(first)s::float * 2 ^ least(attempts, 20), %(last)s::float))
WHERE (organisation_id, id) IN (SELECT organisation_id, id FROM mine)
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
    done = sum(_apply_some(group) for group in _groups(_ask(told)))
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
_INTENTS = """
SELECT t.place, i.id FROM unnest(%(orgs)s::uuid[], %(drivers)s::text[], %(gateways)s::text[], %(references)s::text[])
     WITH ORDINALITY AS t (org, driver, gateway, reference, place)
CROSS JOIN LATERAL (
    SELECT id FROM payments_intent WHERE organisation_id = t.org AND driver = t.driver
      AND ((t.gateway <> '' AND gateway_id = t.gateway) OR (t.reference <> '' AND reference = t.reference))
    ORDER BY gateway_id = t.gateway DESC LIMIT 1) i ORDER BY t.place
"""
_Asked = tuple[_Told, UUID, GatewayPayment]


def _ask(told: list[_Told]) -> list[_Asked]:
    """Ask the gateways about the payments that we know. The database is spoken to by this thread alone."""
    known: list[tuple[_Told, UUID, Driver]] = []
    values = {
        "orgs": [one.org_id for one in told], "drivers": [one.driver for one in told], "gateways": [one.gateway_id for one in told],
        "references": [one.reference for one in told],
    }  # fmt: skip
    for place, intent_id in run(_INTENTS, values) if told else ():
        one = told[place - 1]
        try:
            known.append((one, intent_id, registry.driver(one.org_id, one.driver)))
        except WaslError as error:  # its account is gone: a person may bring it back, the hook waits
            log.warning("gateway not asked", reason=str(error))
    if len(known) < 2:
        states = [_fetch(one, driver) for one, _intent, driver in known]
    else:
        states = list(_askers().map(lambda each: _fetch(each[0], each[2]), known))
    return [(one, intent_id, state) for (one, intent_id, _driver), state in zip(known, states, strict=True) if state is not None]


@lru_cache(maxsize=1)
def _askers() -> ThreadPoolExecutor:
    """Of the process: to make them anew for each batch costs as much as half the questions."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="wasl-gateway")


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


def _groups(asked: list[_Asked]) -> list[list[_Asked]]:
    """What goes into one transaction: plain successes of one organisation, and every other answer alone.

    Two names of one payment are two groups: a transaction brings a payment to one state.
    """
    groups: list[list[_Asked]] = []
    plain: dict[UUID, list[_Asked]] = {}
    for each in asked:
        one, intent_id, state = each
        if state.status != SUCCEEDED or state.refunds or state.disputes or (state.method and state.method.token):
            groups.append([each])
            continue
        mine = plain.get(one.org_id)
        if mine is None or len(mine) == TOGETHER or any(intent_id == other for _told, other, _state in mine):
            mine = plain[one.org_id] = []
            groups.append(mine)
        mine.append(each)
    return groups


def _apply_some(group: list[_Asked]) -> int:
    """One transaction for all, its statements sent without waiting for each answer; where that fails, one for each.

    A power cut may take it back together with the webhooks' marks, and it is applied again; whoever acts on it outside (a refund)
    commits first, which puts this on disk too.
    """
    if len(group) > 1:
        try:
            with pipelined():
                release_early()
                settle_together(group[0][0].org_id, {intent_id: state for _one, intent_id, state in group})
                return _mark(group)
        except Exception as error:  # noqa: BLE001 - it is found again and told of below, by who is alone with it
            log.info("webhooks applied one by one", fault=type(error).__name__)
    done = 0
    for each in group:
        one, intent_id, state = each
        try:
            with transaction.atomic():
                release_early()
                settle(one.org_id, intent_id, state)
                done += _mark([each])
        except Exception:  # one that cannot be applied must not stop the others; it is parked in the end
            log.exception("webhook not applied", intent=str(intent_id))
    return done


def _mark(group: list[_Asked]) -> int:
    hooks = [hook for one, _intent, _state in group for hook in one.hooks]
    return len(run(_APPLIED, {"now": clock.now(), "org": group[0][0].org_id, "hooks": hooks}))
