"""Paying with a saved method while its owner looks on: one press, no page of the gateway's, one charge however often it is pressed."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import FIND, Driver, GatewayPayment, GatewayRefused
from wasl.app.payments.early import due_now
from wasl.app.payments.journal import balance
from wasl.app.payments.models import Intent, IntentShare, SavedMethod, invoice_rows
from wasl.app.payments.orders import order_for
from wasl.app.payments.pay import FIRST_CHECK_MINUTES, REUSE_MINUTES, NothingToPay, PartNotAllowed, TooMuch, one_account
from wasl.app.payments.plans import may_pay_part
from wasl.app.payments.settle import settle


def pay_saved(
    invoices: Sequence[Any], method: SavedMethod, *, return_url: str, amounts: Mapping[UUID, int] | None = None, language: str = "ar"
) -> Intent:  # fmt: skip
    """Charge `method` for invoices of one seller in one currency; the intent, settled as far as the gateway knows by now.

    `amounts` as of `start_payment`. Raises what that raises. After a lost answer it is called again: what the gateway knows of the
    attempt is asked for first, and the charge has the attempt's own key, so there is never a second one.
    """
    rows = list(invoices)
    driver = registry.driver(rows[0].organisation_id, method.driver)
    intent, is_new = _intent(rows, method, dict(amounts or {}), return_url)
    order = order_for(intent, rows, return_url=return_url, language=language)
    try:
        state = (None if is_new else _known(driver, intent)) or driver.charge(order, method.token)
    except GatewayRefused:
        Intent.objects.for_org(intent.organisation_id).filter(pk=intent.pk, status=Intent.CREATED).update(status=Intent.FAILED, failure="other")
        raise
    settle(intent.organisation_id, intent.pk, state)
    SavedMethod.objects.for_org(method.organisation_id).filter(pk=method.pk).update(used_at=clock.now())
    return Intent.objects.for_org(intent.organisation_id).get(pk=intent.pk)


def _known(driver: Driver, intent: Intent) -> GatewayPayment | None:
    """What the gateway says of an attempt that was begun before."""
    if intent.gateway_id:
        return driver.fetch(intent.gateway_id)
    return driver.find(intent.reference) if FIND in driver.features else None


@transaction.atomic
def _intent(invoices: list[Any], method: SavedMethod, amounts: dict[UUID, int], return_url: str) -> tuple[Intent, bool]:
    """The open attempt with this method for these amounts, or a new one; committed before the gateway is asked."""
    org_id, currency = one_account(invoices)
    shares = [(row, share) for row in invoice_rows(org_id, invoices, lock=True) if (share := _share(row, amounts.get(row.pk)))]
    if not shares:
        raise NothingToPay(number=invoices[0].number)
    total = sum(share for _row, share in shares)
    since = clock.now() - timedelta(minutes=REUSE_MINUTES)
    old = Intent.objects.for_org(org_id).filter(
        invoice_id=shares[0][0].pk, saved=method.pk, amount=total, status__in=Intent.OPEN, created_at__gte=since
    ).order_by("created_at").first()  # fmt: skip
    if old is not None:
        return old, False
    mark = "sha256:" + hashlib.sha256(return_url.encode()).hexdigest()
    intent = Intent(organisation_id=org_id, driver=method.driver, method=method.family, amount=total, currency=currency, return_url=mark)
    intent.id, intent.invoice_id, intent.payer_id, intent.saved_id = uuid7(), shares[0][0].pk, method.payer_id, method.pk
    intent.next_check_at = intent.created_at + timedelta(minutes=FIRST_CHECK_MINUTES)
    intent.reference = "W" + b32encode(intent.id.bytes).decode().rstrip("=")
    intent.save(force_insert=True)
    IntentShare.objects.bulk_create(
        IntentShare(organisation_id=org_id, intent_id=intent.pk, invoice_id=row.pk, amount=share, position=position)
        for position, (row, share) in enumerate(shares)
    )
    return intent, True


def _share(invoice: Any, wanted: int | None) -> int:
    """How much of this invoice is paid, in minor units; 0 where nothing is left of it."""
    left = 0 if invoice.is_credit_note else max(balance(invoice.organisation_id, invoice), 0)
    settles = due_now(invoice, clock.now())[0] if left else 0
    if wanted is None or not left:
        return settles
    if not 0 < wanted <= left:
        raise TooMuch(number=invoice.number, left=left)
    if wanted < settles and not may_pay_part(invoice, wanted):
        raise PartNotAllowed(number=invoice.number)
    return wanted
