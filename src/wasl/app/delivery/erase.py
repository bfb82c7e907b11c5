"""The mails' part of an erasure: bytes, addresses and reports go; that something was sent, when, and how it ended stays."""

from __future__ import annotations

from uuid import UUID

from wasl.app import clock
from wasl.app.delivery.errors import MailLeaving
from wasl.app.delivery.models import Delivery, Message, Report
from wasl.app.delivery.send import record_state


def erase_mails(org_id: UUID, invoice_id: UUID) -> None:
    """Waiting mails are given up. Raises MailLeaving while a worker holds one: it would write its bytes after us."""
    now = clock.now()
    for delivery in Delivery.objects.for_org(org_id).select_for_update().filter(invoice_id=invoice_id):
        is_waiting = delivery.state in Delivery.WAITING
        if is_waiting and delivery.in_flight and delivery.next_attempt_at > now:
            raise MailLeaving
        delivery.recipient = delivery.reply = ""
        if is_waiting:
            delivery.state, delivery.state_at, delivery.in_flight = Delivery.BOUNCED, now, False
            record_state(delivery, {})
        delivery.save()
        Message.objects.for_org(org_id).filter(delivery_id=delivery.pk).delete()
        Report.objects.for_org(org_id).filter(delivery_id=delivery.pk).delete()
