"""Starting a payment: one intent for one or more invoices, made repeatable before the gateway hears of it."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.payments.attempts import NothingToPay, one_account, shares_are, shares_of, write_attempt
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import FIND, PENDING, SUCCEEDED, Driver, GatewayPayment, GatewayRefused, KeyRefused
from wasl.app.payments.journal import balance
from wasl.app.payments.models import Intent, IntentShare
from wasl.app.payments.orders import order_for
from wasl.app.payments.settle import settle

REUSE_MINUTES = 30  # a second tab within that time gets the same page at the gateway, so it cannot pay twice
FIRST_CHECK_MINUTES = 2  # by then the webhook should have come
RESTARTS_MAX = 5  # how often a page turns out to be used up while another is made


@dataclass(frozen=True)
class Wish:
    """How somebody wants to pay: with what, from where, how much of each, and what happens to what is too much."""

    driver: Driver
    method: str
    return_url: str
    amounts: dict[UUID, int]
    save: bool
    payer_id: UUID | None
    wants_back: bool
    language: str

    @property
    def way_back(self) -> str:
        """The address holds the payer's link, which no table keeps (T60)."""
        return "sha256:" + hashlib.sha256(self.return_url.encode()).hexdigest()


@dataclass(frozen=True)
class Started:
    """Where to send the payer, and the intent behind it."""

    intent: Intent
    url: str


def start_payment(
    invoices: Any,
    driver: str = "bank",
    *,
    return_url: str,
    method: str = "",
    amounts: Mapping[UUID, int] | None = None,
    save: bool = False,
    payer: Any = None,
    wants_back: bool = False,
    language: str = "ar",
) -> Started:
    """Ask the gateway for one payment page for one invoice, or for several of one seller in one currency.

    `amounts` says how much of each, in minor units by the invoice's id; what is left of it where that says nothing. `method` is
    the family the payer chose, "" all; `save` keeps the method for `payer`; `wants_back` returns what turns out to be too much
    instead of keeping it as credit; `language` is that of the gateway's page.

    Raises NothingToPay, TooMuch, PartNotAllowed, NotOneAccount, NoSuchDriver, GatewayDown, GatewayRefused. A crash or lost
    answer at any point is mended by calling it again: the intent's id is the gateway's idempotency key.
    """
    rows = list(invoices) if isinstance(invoices, Sequence) else [invoices]
    org_id, _currency = one_account(rows)
    chosen = registry.driver(org_id, driver)
    payer_id = getattr(payer, "pk", payer)
    wish = Wish(chosen, method, return_url, dict(amounts or {}), save and payer_id is not None, payer_id, wants_back, language)
    for _ in range(RESTARTS_MAX):
        intent = _intent(rows, wish)
        state = wish.driver.fetch(intent.gateway_id) if intent.gateway_id else _create(wish, intent, rows)
        settle(intent.organisation_id, intent.pk, state)
        if state.status == PENDING:
            intent.refresh_from_db(from_queryset=Intent.objects.for_org(intent.organisation_id))
            _apply_kept(intent)
            return Started(intent, intent.hosted_url)
        # paid or given up elsewhere meanwhile: what is left decides
        if state.status == SUCCEEDED and all(balance(row.organisation_id, row) <= 0 for row in rows):
            raise NothingToPay(number=rows[0].number)
    raise NothingToPay(number=rows[0].number)


def _apply_kept(intent: Intent) -> None:
    """A webhook may have come before the gateway's answer to us (T76)."""
    from wasl.app.payments.webhook import apply_kept

    apply_kept(intent.organisation_id, reference=intent.reference)


@transaction.atomic
def _intent(invoices: list[Any], wish: Wish) -> Intent:
    """The open intent of this payer for these amounts, or a new one; committed before the gateway is asked."""
    shares = shares_of(invoices, wish.amounts)
    found = _same(invoices[0].organisation_id, shares, wish)
    if found is not None:
        found.is_old = True
        return found
    return write_attempt(
        shares, wish.driver.name, method=wish.method, return_url=wish.way_back, payer_id=wish.payer_id, saves=wish.save, wants_back=wish.wants_back
    )


def _same(org_id: UUID, shares: list[tuple[Any, int]], wish: Wish) -> Intent | None:
    """A page that was opened for exactly this, from the same place, a moment ago."""
    since = clock.now() - timedelta(minutes=REUSE_MINUTES)
    old = Intent.objects.for_org(org_id).filter(
        invoice_id=shares[0][0].pk, driver=wish.driver.name, method=wish.method, amount=sum(amount for _row, amount in shares),
        return_url=wish.way_back, saves=wish.save, status__in=Intent.OPEN, created_at__gte=since, saved=None,
    )  # fmt: skip
    return next((intent for intent in old.order_by("created_at") if shares_are(intent, shares)), None)


def _create(wish: Wish, intent: Intent, invoices: list[Any]) -> GatewayPayment:
    """Ask for the page. Where an earlier answer was lost and the gateway can look for our reference, it is asked that first."""
    try:
        if intent.is_old and FIND in getattr(wish.driver, "features", ()):
            with contextlib.suppress(GatewayRefused):  # it cannot look after all: the same key asks for the same page
                known = wish.driver.find(intent.reference)
                if known is not None:
                    return known
        return wish.driver.create(order_for(intent, invoices, return_url=wish.return_url, language=wish.language))
    except KeyRefused:
        raise  # no effect, and the same request succeeds once the key is mended
    except GatewayRefused:
        Intent.objects.for_org(intent.organisation_id).filter(pk=intent.pk, status=Intent.CREATED).update(status=Intent.FAILED)
        raise


def refresh(invoice: Any) -> None:
    """Ask the gateway about every open intent of an invoice: what a payer's return does. The return itself proves nothing (T73)."""
    mine = IntentShare.objects.for_org(invoice.organisation_id).filter(invoice_id=invoice.pk).values_list("intent_id", flat=True)
    for intent in (
        Intent.objects.for_org(invoice.organisation_id).filter(pk__in=list(mine), status__in=Intent.OPEN).exclude(gateway_id="").order_by("id")
    ):
        settle(intent.organisation_id, intent.pk, registry.driver(intent.organisation_id, intent.driver).fetch(intent.gateway_id))


def withdraw(intent: Intent) -> None:
    """Close an intent whose invoice is paid by now; if the payer was faster, the money is settled as it comes."""
    driver = registry.driver(intent.organisation_id, intent.driver)
    try:
        state = driver.cancel(intent.gateway_id, key=intent.pk.hex)
    except GatewayRefused:
        state = driver.fetch(intent.gateway_id)
    if state.status != PENDING:
        settle(intent.organisation_id, intent.pk, state)
