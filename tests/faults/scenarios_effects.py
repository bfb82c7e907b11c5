"""What the dying child does to the outside world: payments, webhooks, refunds, mail out and mail in."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any


def _invoice(org: str, invoice: str) -> Any:
    from wasl.app.invoicing.models import Invoice

    return Invoice.objects.for_org(org).get(pk=invoice)


@contextlib.contextmanager
def _later(hours: int) -> Any:
    from wasl.app import clock

    with clock.frozen(clock.now() + timedelta(hours=hours)):
        yield


def start(org: str, invoice: str) -> str:
    """Open the bank's page for an invoice; its address."""
    from wasl.app.payments.pay import start_payment

    return start_payment(_invoice(org, invoice), return_url="http://127.0.0.1:8000/i/token").url


def hear(org: str, gateway_id: str, reference: str, event: str) -> str:
    """A genuine webhook comes in."""
    from django.conf import settings

    from wasl.app.payments.webhook import apply_kept, receive

    body = json.dumps({"id": event, "data": {"id": gateway_id, "reference": reference}}).encode()
    at = int(time.time())
    digest = hmac.new(settings.CONFIG.bank_webhook_secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    said = receive(org, "bank", {"Bank-Signature": f"t={at},v1={digest}"}, body)  # type: ignore[arg-type]
    return "applied" if apply_kept(org, reference=reference) else said


def refund(org: str, invoice: str, hours: int = 0) -> int:
    """The seller gives everything back, unless that was decided already; then the worker sends what is due."""
    from wasl.app.payments.models import Refund
    from wasl.app.payments.refunds import request_refund
    from wasl.app.payments.refunds_out import send_refunds
    from wasl.app.tenancy.actor import Actor

    with _later(hours):
        if not Refund.objects.for_org(org).filter(invoice_id=invoice).exists():
            request_refund(_invoice(org, invoice), actor=Actor.operator("fault"))
        return send_refunds()


def mail(hours: int = 0) -> int:
    """The worker sends what is due."""
    from wasl.app.delivery.send import send_due

    with _later(hours):
        return send_due()


def inbound() -> dict[str, int]:
    from wasl.app.delivery.inbound import poll

    return poll()


def remind(hours: int = 0) -> int:
    """The worker plans, queues what is due and sends it."""
    from wasl.app.delivery.send import send_due
    from wasl.app.notices.round import beat

    with _later(hours):
        beat()
        return send_due()
