"""Deliveries: queued in the caller's transaction, handed over by the worker, their state never better than what is known.

queued -> handed_over -> delivered | bounced        only a report (RFC 3464) says delivered
queued -> deferred -> ...                           4xx or nobody there: tried again with back-off
queued -> unknown -> ...                            it left us and no answer came: the same bytes again
queued -> bounced                                   5xx, or too old
queued -> dropped                                   no longer wanted: a reminder of what has been paid
"""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wasl.app import clock
from wasl.app.delivery import lanes, quota
from wasl.app.delivery.address import checked_address
from wasl.app.delivery.errors import NoRecipient
from wasl.app.delivery.lanes import GIVE_UP_DAYS as GIVE_UP_DAYS
from wasl.app.delivery.lanes import LEASE_SECONDS, Claim
from wasl.app.delivery.lanes import send_due as send_due
from wasl.app.delivery.models import Delivery, Message
from wasl.app.delivery.outgoing import INVOICE, Verdict, kind_of
from wasl.app.delivery.returnpath import return_path
from wasl.app.events.record import record
from wasl.app.ids import uuid7
from wasl.app.invoicing.models import InvoiceText
from wasl.app.sql import run

PROOF_SECONDS_MAX = 10  # a mail waits that long for its proof, then it links to it
EVENTS = {
    Delivery.QUEUED: "queued",
    Delivery.DEFERRED: "deferred",
    Delivery.HANDED_OVER: "handed-over",
    Delivery.UNKNOWN: "delivery-unknown",
    Delivery.DELIVERED: "delivered",
    Delivery.BOUNCED: "bounced",
}


@transaction.atomic
def deliver(
    invoice: Any, *, recipient: str = "", language: str = "", key: str = "", actor: str = "system:delivery", kind: str = INVOICE
) -> Delivery:
    """Queue one mail about `invoice`. The same key (by default the recipient) never makes a second one for that invoice.

    Raises NoRecipient, BadAddress, MailQuota. The mail itself leaves with `send_due`.
    """
    org_id = invoice.organisation_id
    address = recipient or InvoiceText.objects.for_org(org_id).filter(pk=invoice.pk).values_list("buyer_email", flat=True).first() or ""
    if not address:
        raise NoRecipient(number=invoice.number)
    address = checked_address(address)
    key = hashlib.sha256(f"{invoice.pk}|{key or address.lower()}".encode()).hexdigest()
    known = Delivery.objects.for_org(org_id).filter(key=key).first()
    if known is not None:
        return known
    delivery_id = uuid7()
    delivery, is_new = Delivery.objects.for_org(org_id).get_or_create(
        organisation_id=org_id,
        key=key,
        defaults={
            "id": delivery_id,
            "invoice_id": invoice.pk,
            "recipient": address,
            "language": language or invoice.language,
            "kind": kind,
            "message_id": message_id_of(delivery_id),
            "return_path": return_path(delivery_id),
            "next_attempt_at": quota.Share(org_id).take(),
        },
    )
    if is_new:
        record_state(delivery, {"actor": actor})
    return delivery


def message_id_of(delivery_id: UUID) -> str:
    return f"<{delivery_id.hex}@{settings.CONFIG.mail_from.rpartition('@')[2]}>"


def record_state(delivery: Delivery, data: dict[str, Any]) -> None:
    """The event of the state that the delivery is in now; who it went to can be erased with its details."""
    kind = kind_of(delivery)
    details = {"channel": "mail", "delivery": str(delivery.pk), "recipient": delivery.recipient, "reply": delivery.reply}
    if delivery.kind != INVOICE:
        details["kind"] = delivery.kind
    event = kind.events.get(delivery.state, "")
    if event:
        record(event, org=delivery.organisation_id, invoice=delivery.invoice_id, at=delivery.state_at, data=details | data)
    kind.on_state(delivery)


def send_now(delivery: Delivery) -> Delivery:
    """Try one delivery now if it is due, without waiting for the worker; its new state."""
    lanes.send_one(LANE, delivery.pk)
    return Delivery.objects.for_org(delivery.organisation_id).get(pk=delivery.pk)


_CLAIM = """
WITH due AS (
    SELECT organisation_id, id, in_flight FROM delivery_delivery
    WHERE state IN ('queued', 'deferred', 'unknown') AND next_attempt_at <= %(now)s AND (%(only)s::uuid IS NULL OR id = %(only)s)
    ORDER BY is_bulk, next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE delivery_delivery d SET in_flight = true, next_attempt_at = %(lease)s
FROM due WHERE d.organisation_id = due.organisation_id AND d.id = due.id
RETURNING d.organisation_id, d.id, due.in_flight
"""


class DeliveryLane:
    """The mails of single sellers about single documents."""

    def claim(self, only: UUID | None) -> Claim | None:
        now = clock.now()
        rows = run(_CLAIM, {"now": now, "lease": now + timedelta(seconds=LEASE_SECONDS), "only": only})
        return Claim(*rows[0]) if rows else None

    def load(self, claim: Claim, *, lock: bool = False) -> Delivery:
        rows = Delivery.objects.for_org(claim.org_id)
        return rows.select_for_update().get(pk=claim.id) if lock else rows.select_related("organisation", "invoice").get(pk=claim.id)

    def recipient(self, row: Delivery) -> str:
        return row.recipient

    def ask(self, row: Delivery) -> Verdict:
        return kind_of(row).ask(row)

    def kept(self, row: Delivery) -> bytes | None:
        kept = Message.objects.for_org(row.organisation_id).filter(pk=row.pk).first()
        return bytes(kept.data) if kept else None

    def compose_once(self, row: Delivery) -> bytes:
        made_at = (row.pk.int >> 80) / 1000  # the machine's own clock, like every time-out
        data = kind_of(row).compose(row, wait_for_proof=time.time() - made_at < PROOF_SECONDS_MAX)
        owner = {"organisation_id": row.organisation_id, "delivery_id": row.pk}
        Message.objects.create(id=row.pk, data=data, sha256=hashlib.sha256(data).digest(), **owner)
        return data

    def told(self, row: Delivery, data: dict[str, Any]) -> None:
        record_state(row, data)


LANE = DeliveryLane()
