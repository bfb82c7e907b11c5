"""Deliveries: queued in the caller's transaction, handed over by the worker, their state never better than what is known.

queued -> handed_over -> delivered | bounced        only a report (RFC 3464) says delivered
queued -> deferred -> ...                           4xx or nobody there: tried again with back-off
queued -> unknown -> ...                            it left us and no answer came: the same bytes again
queued -> bounced                                   5xx, or too old
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from wasl.app import clock
from wasl.app.delivery import smtp
from wasl.app.delivery.address import checked_address
from wasl.app.delivery.compose import compose
from wasl.app.delivery.errors import NoRecipient
from wasl.app.delivery.models import Delivery, Message
from wasl.app.delivery.returnpath import return_path
from wasl.app.events.record import record
from wasl.app.ids import uuid7
from wasl.app.invoicing.models import InvoiceText
from wasl.app.proofs.prove import ProofPending
from wasl.app.sql import run

log = structlog.get_logger(__name__)
PROOF_SECONDS_MAX = 10  # a mail waits that long for its proof, then it links to it
LEASE_SECONDS = 180  # longer than the slowest try; a worker that dies loses its claim then
BACK_OFF_MINUTES = (1, 5, 15, 60, 180, 360, 720)
GIVE_UP_DAYS = 5  # RFC 5321, 4.5.4.1
UNKNOWN_MINUTES = 10  # time for a report to tell what became of it, before the same bytes go again
EVENTS = {
    Delivery.QUEUED: "queued",
    Delivery.DEFERRED: "deferred",
    Delivery.HANDED_OVER: "handed-over",
    Delivery.UNKNOWN: "delivery-unknown",
    Delivery.DELIVERED: "delivered",
    Delivery.BOUNCED: "bounced",
}


@transaction.atomic
def deliver(invoice: Any, *, recipient: str = "", language: str = "", key: str = "", actor: str = "system:delivery") -> Delivery:
    """Queue one mail about `invoice`. The same key (by default the recipient) never makes a second one for that invoice.

    Raises NoRecipient, BadAddress. The mail itself leaves with `send_due`.
    """
    org_id = invoice.organisation_id
    address = recipient or InvoiceText.objects.for_org(org_id).filter(pk=invoice.pk).values_list("buyer_email", flat=True).first() or ""
    if not address:
        raise NoRecipient(number=invoice.number)
    address = checked_address(address)
    key = hashlib.sha256(f"{invoice.pk}|{key or address.lower()}".encode()).hexdigest()
    delivery_id = uuid7()
    domain = settings.CONFIG.mail_from.rpartition("@")[2]
    delivery, is_new = Delivery.objects.for_org(org_id).get_or_create(
        organisation_id=org_id,
        key=key,
        defaults={
            "id": delivery_id,
            "invoice_id": invoice.pk,
            "recipient": address,
            "language": language or invoice.language,
            "message_id": f"<{delivery_id.hex}@{domain}>",
            "return_path": return_path(delivery_id),
        },
    )
    if is_new:
        record_state(delivery, {"actor": actor})
    return delivery


def record_state(delivery: Delivery, data: dict[str, Any]) -> None:
    """The event of the state that the delivery is in now; who it went to can be erased with its details."""
    details = {"channel": "mail", "delivery": str(delivery.pk), "recipient": delivery.recipient, "reply": delivery.reply}
    record(EVENTS[delivery.state], org=delivery.organisation_id, invoice=delivery.invoice_id, at=delivery.state_at, data=details | data)


_CLAIM = """
WITH due AS (
    SELECT organisation_id, id, in_flight FROM delivery_delivery
    WHERE state IN ('queued', 'deferred', 'unknown') AND next_attempt_at <= %(now)s AND (%(only)s::uuid IS NULL OR id = %(only)s)
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE delivery_delivery d SET in_flight = true, next_attempt_at = %(lease)s
FROM due WHERE d.organisation_id = due.organisation_id AND d.id = due.id
RETURNING d.organisation_id, d.id, due.in_flight
"""


@dataclass(frozen=True)
class _Claim:
    org_id: UUID
    delivery_id: UUID
    was_in_flight: bool  # a try before this one never came to its end


def _claim(only: UUID | None) -> _Claim | None:
    now = clock.now()
    rows = run(_CLAIM, {"now": now, "lease": now + timedelta(seconds=LEASE_SECONDS), "only": only})
    return _Claim(*rows[0]) if rows else None


def send_due(limit: int = 50) -> int:
    """Try what is due, of all organisations, one by one; how many were handed over. Safe beside other workers."""
    handed = 0
    for _ in range(limit):
        claim = _claim(None)
        if claim is None:
            break
        handed += _guarded(claim)
    return handed


def send_now(delivery: Delivery) -> Delivery:
    """Try one delivery now if it is due, without waiting for the worker; its new state."""
    claim = _claim(delivery.pk)
    if claim is not None:
        _guarded(claim)
    return Delivery.objects.for_org(delivery.organisation_id).get(pk=delivery.pk)


def _guarded(claim: _Claim) -> bool:
    """One mail that cannot be made must not stop the others (T91): it is deferred, and given up in the end."""
    try:
        return _try(claim)
    except ProofPending:
        _postpone(claim)
    except Exception as error:  # whatever it was, the row says so and its turn comes again
        log.exception("mail not sent", delivery=str(claim.delivery_id))
        _finish(claim, smtp.Attempt(smtp.DEFERRED, f"{type(error).__name__}"))
    return False


def _try(claim: _Claim) -> bool:
    delivery = Delivery.objects.for_org(claim.org_id).select_related("organisation").get(pk=claim.delivery_id)
    data = _bytes_of(delivery)
    if claim.was_in_flight and data is not None and delivery.state != Delivery.UNKNOWN:
        _finish(claim, smtp.Attempt(smtp.UNKNOWN, "the try before this one was cut short"), again=True)
    if data is None:
        data = _compose_once(delivery)
    attempt = smtp.hand_over(settings.CONFIG.smtp_url, data, sender=delivery.return_path, recipient=delivery.recipient)
    _finish(claim, attempt)
    return attempt.result == smtp.HANDED_OVER


def _bytes_of(delivery: Delivery) -> bytes | None:
    row = Message.objects.for_org(delivery.organisation_id).filter(pk=delivery.pk).first()
    return bytes(row.data) if row else None


def _compose_once(delivery: Delivery) -> bytes:
    """The bytes, kept before they are tried: every later try sends these."""
    made_at = (delivery.pk.int >> 80) / 1000  # the machine's own clock, like every time-out
    data = compose(delivery, wait_for_proof=time.time() - made_at < PROOF_SECONDS_MAX)
    owner = {"organisation_id": delivery.organisation_id, "delivery_id": delivery.pk}
    Message.objects.create(id=delivery.pk, data=data, sha256=hashlib.sha256(data).digest(), **owner)
    return data


def _postpone(claim: _Claim) -> None:
    """The proof is seconds away: look again in a moment, nothing was tried."""
    rows = Delivery.objects.for_org(claim.org_id).filter(pk=claim.delivery_id)
    rows.update(next_attempt_at=clock.now() + timedelta(seconds=1), in_flight=False)


@transaction.atomic
def _finish(claim: _Claim, attempt: smtp.Attempt, *, again: bool = False) -> None:
    """Write how a try ended, and its event. A report that was faster than us is not overwritten."""
    delivery = Delivery.objects.for_org(claim.org_id).select_for_update().get(pk=claim.delivery_id)
    delivery.in_flight = again
    if delivery.state in Delivery.WAITING:
        before = delivery.state
        delivery.attempts += 1
        delivery.reply, delivery.state_at = attempt.reply, clock.now()
        delivery.state = _next_state(delivery, attempt.result)
        if not again:
            delivery.next_attempt_at = delivery.state_at + _pause(delivery)
        if delivery.state != before or delivery.state == Delivery.HANDED_OVER:
            record_state(delivery, {"attempts": delivery.attempts})
    delivery.save()


def _next_state(delivery: Delivery, result: str) -> str:
    if result == smtp.HANDED_OVER:
        return Delivery.HANDED_OVER
    is_old = delivery.state_at - delivery.queued_at > timedelta(days=GIVE_UP_DAYS)
    if result == smtp.REFUSED:
        # 5xx to a repetition says nothing about the copy that may have arrived before
        return Delivery.UNKNOWN if delivery.state == Delivery.UNKNOWN and not is_old else Delivery.BOUNCED
    if is_old:
        return Delivery.BOUNCED if delivery.state != Delivery.UNKNOWN else Delivery.UNKNOWN
    return Delivery.UNKNOWN if Delivery.UNKNOWN in (result, delivery.state) else Delivery.DEFERRED


def _pause(delivery: Delivery) -> timedelta:
    if delivery.state == Delivery.UNKNOWN:
        old = delivery.state_at - delivery.queued_at > timedelta(days=GIVE_UP_DAYS)
        return timedelta(days=36500) if old else timedelta(minutes=UNKNOWN_MINUTES * min(delivery.attempts, 36))
    return timedelta(minutes=BACK_OFF_MINUTES[min(delivery.attempts, len(BACK_OFF_MINUTES)) - 1])
