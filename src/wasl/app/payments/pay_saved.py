"""Paying with a saved method while its owner looks on: one press, no page of the gateway's, one charge however often it is pressed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.payments.attempts import charged, shares_are, shares_of, write_attempt
from wasl.app.payments.drivers.port import GatewayRefused
from wasl.app.payments.models import Intent, SavedMethod
from wasl.app.payments.pay import REUSE_MINUTES
from wasl.app.payments.settle import settle


def pay_saved(
    invoices: Sequence[Any], method: SavedMethod, *, return_url: str, amounts: Mapping[UUID, int] | None = None, language: str = "ar"
) -> Intent:  # fmt: skip
    """Charge `method` for invoices of one seller in one currency; the intent, settled as far as the gateway knows by now.

    `amounts` as of `start_payment`. Raises what that raises. After a lost answer it is called again: what the gateway knows of the
    attempt is asked for first, and the charge has the attempt's own key, so there is never a second one.
    """
    rows = list(invoices)
    intent, is_new = _intent(rows, method, dict(amounts or {}), return_url)
    try:
        state = charged(intent, rows, is_new=is_new, return_url=return_url, language=language)
    except GatewayRefused:
        Intent.objects.for_org(intent.organisation_id).filter(pk=intent.pk, status=Intent.CREATED).update(status=Intent.FAILED, failure="other")
        raise
    settle(intent.organisation_id, intent.pk, state)
    SavedMethod.objects.for_org(method.organisation_id).filter(pk=method.pk).update(used_at=clock.now())
    return Intent.objects.for_org(intent.organisation_id).get(pk=intent.pk)


@transaction.atomic
def _intent(invoices: list[Any], method: SavedMethod, amounts: dict[UUID, int], return_url: str) -> tuple[Intent, bool]:
    """The open attempt with this method for these amounts, or a new one; committed before the gateway is asked."""
    shares = shares_of(invoices, amounts)
    total, since = sum(share for _row, share in shares), clock.now() - timedelta(minutes=REUSE_MINUTES)
    mine = Intent.objects.for_org(method.organisation_id).filter(
        invoice_id=shares[0][0].pk, saved=method.pk, amount=total, status__in=Intent.OPEN, created_at__gte=since
    )  # fmt: skip
    for old in mine.order_by("created_at"):
        if shares_are(old, shares):
            return old, False
    mark = "sha256:" + hashlib.sha256(return_url.encode()).hexdigest()
    new = {"method": method.family, "return_url": mark, "payer_id": method.payer_id, "saved_id": method.pk}
    return write_attempt(shares, method.driver, **new), True
