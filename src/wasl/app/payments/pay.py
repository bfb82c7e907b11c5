"""Starting a payment: one intent a payer and amount, made repeatable before the gateway hears of it."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.ids import uuid7
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import CANCELLED, PENDING, SUCCEEDED, Driver, GatewayPayment, GatewayRefused, Order
from wasl.app.payments.journal import balance
from wasl.app.payments.models import Intent, invoice_row
from wasl.app.payments.settle import merchant_of, settle

REUSE_MINUTES = 30  # a second tab within that time gets the same page at the gateway, so it cannot pay twice

FIRST_CHECK_MINUTES = 2  # by then the webhook should have come


class NothingToPay(Refused):
    code, term, status = "WASL-PAY-02", "BT-115", 409
    en = "Nothing is left to pay on {number}."
    ar = "لم يبقَ شيء للدفع في {number}."


class TooMuch(Refused):
    code, term = "WASL-PAY-03", "BT-115"
    en = "That is more than what is left to pay on {number}. Pay at most {left} in minor units."
    ar = "هذا أكثر مما بقي في {number}. الحد بأصغر وحدة من العملة هو {left}."


@dataclass(frozen=True)
class Started:
    """Where to send the payer, and the intent behind it."""

    intent: Intent
    url: str


def start_payment(invoice: Any, driver: str = "bank", *, return_url: str, amount: int | None = None) -> Started:
    """Ask the gateway for a payment page for what is left of `invoice`, or for `amount` minor units of it.

    Raises NothingToPay, TooMuch, NoSuchDriver, GatewayDown, GatewayRefused. A crash or lost answer at any point is
    mended by calling it again: the intent's id is the gateway's idempotency key.
    """
    chosen = registry.driver(driver)
    intent = _intent(invoice, chosen, return_url, amount)
    if intent.gateway_id:
        state = chosen.fetch(intent.gateway_id)
    else:
        state = _create(chosen, intent, invoice, return_url)
    settle(intent.organisation_id, intent.pk, state)
    intent.refresh_from_db(from_queryset=Intent.objects.for_org(intent.organisation_id))
    if state.status in (SUCCEEDED, CANCELLED):  # paid or given up elsewhere meanwhile: what is left decides
        if state.status == SUCCEEDED and balance(intent.organisation_id, invoice) <= 0:
            raise NothingToPay(number=invoice.number)
        return start_payment(invoice, driver, return_url=return_url, amount=amount)
    from wasl.app.payments.webhook import apply_kept

    apply_kept(intent.organisation_id, reference=intent.reference)
    return Started(intent, intent.hosted_url)


@transaction.atomic
def _intent(invoice: Any, driver: Driver, return_url: str, amount: int | None) -> Intent:
    """The open intent of this payer for this amount, or a new one; committed before the gateway is asked."""
    org_id = invoice.organisation_id
    locked = invoice_row(org_id, invoice, lock=True)
    left = 0 if locked.is_credit_note else balance(org_id, invoice)
    if left <= 0:
        raise NothingToPay(number=invoice.number)
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise TooMuch(number=invoice.number, left=left)
    since = clock.now() - timedelta(minutes=REUSE_MINUTES)
    way_back = "sha256:" + hashlib.sha256(return_url.encode()).hexdigest()  # the address holds the payer's link, which no table keeps (T60)
    old = Intent.objects.for_org(org_id).filter(
        invoice_id=invoice.pk, driver=driver.name, amount=wanted, return_url=way_back, status__in=Intent.OPEN, created_at__gte=since
    )
    found = old.order_by("created_at").first()
    if found is not None:
        return found
    intent = Intent(organisation_id=org_id, driver=driver.name, amount=wanted, currency=invoice.currency, return_url=way_back)
    intent.id, intent.invoice_id = uuid7(), invoice.pk
    intent.next_check_at = intent.created_at + timedelta(minutes=FIRST_CHECK_MINUTES)
    intent.reference = "W" + b32encode(intent.id.bytes).decode().rstrip("=")
    intent.save(force_insert=True)
    return intent


def _create(driver: Driver, intent: Intent, invoice: Any, return_url: str) -> GatewayPayment:
    org = invoice.organisation
    order = Order(
        key=intent.pk.hex,
        merchant=merchant_of(org),
        merchant_name_ar=org.name_in("ar"),
        merchant_name_en=org.name_in("en"),
        amount=intent.amount,
        currency=intent.currency,
        reference=intent.reference,
        description_ar=f"فاتورة {invoice.number}",
        description_en=f"Invoice {invoice.number}",
        return_url=return_url,
        webhook_url=f"{settings.CONFIG.origin.rstrip('/')}/hooks/{driver.name}/{org.pk}",
    )
    try:
        return driver.create(order)
    except GatewayRefused:
        Intent.objects.for_org(org).filter(pk=intent.pk, status=Intent.CREATED).update(status=Intent.FAILED)
        raise


def refresh(invoice: Any) -> None:
    """Ask the gateway about every open intent of an invoice: what a payer's return does. The return itself proves nothing (T73)."""
    for intent in Intent.objects.for_org(invoice.organisation_id).filter(invoice_id=invoice.pk, status__in=Intent.OPEN).exclude(gateway_id=""):
        settle(intent.organisation_id, intent.pk, registry.driver(intent.driver).fetch(intent.gateway_id))


def withdraw(intent: Intent) -> None:
    """Close an intent whose invoice is paid by now; if the payer was faster, the money is settled as it comes."""
    driver = registry.driver(intent.driver)
    try:
        state = driver.cancel(intent.gateway_id, key=intent.pk.hex)
    except GatewayRefused:
        state = driver.fetch(intent.gateway_id)
    if state.status != PENDING:
        settle(intent.organisation_id, intent.pk, state)
