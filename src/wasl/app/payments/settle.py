"""Bringing our books to what the gateway says of a payment: safe to repeat, in any order, from any number of workers.

Webhook, the payer's return, the sweep: all end here with a state that was asked of the gateway itself. A success is
posted once, each refund of the gateway once; what does not fit its invoice is never counted as paid and raises an alarm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.payments.alarms import raise_alarm
from wasl.app.payments.allocate import Counted, Money, count
from wasl.app.payments.chargebacks import apply_dispute
from wasl.app.payments.credit import balance_of, hold
from wasl.app.payments.drivers.port import CANCELLED, EXPIRED, FAILED, PENDING, SUCCEEDED, GatewayPayment, GatewayRefund
from wasl.app.payments.early import Owing, owings
from wasl.app.payments.journal import CLEARING, CREDIT, RECEIVABLE, REFUNDS_DUE, JLine, post
from wasl.app.payments.models import Intent, IntentShare, JournalEntry, Refund, invoice_row, invoice_rows
from wasl.app.payments.orders import PAGE_HOURS, merchant_of
from wasl.app.payments.saved import keep
from wasl.app.payments.spread import spread
from wasl.app.sql import send

NEWS_HOURS = 12  # no longer than that we wait to ask a gateway whose webhook was lost (sweep.LAST_PAUSE_HOURS)


@dataclass(frozen=True)
class Outcome:
    """What a settlement changed: `applied` to invoices, `excess` to be sent back, kept as `credit`, `refunded` at last; or a mismatch."""

    applied: int = 0
    excess: int = 0
    credit: int = 0
    refunded: int = 0
    mismatch: str = ""


@transaction.atomic
def settle(org: Any, intent_id: UUID, state: GatewayPayment) -> Outcome:
    """Apply `state` to one intent. Locks its invoices first, then the intent: every payment of an invoice takes that order."""
    return settle_together(org, {intent_id: state})[0]


def settle_together(org: Any, states: Mapping[UUID, GatewayPayment]) -> list[Outcome]:
    """The same for many intents of one organisation, read and locked by four statements, in the order of `states`.

    The caller is in a transaction: all of them stand or fall together.
    """
    org_id = getattr(org, "pk", org)
    shares: dict[UUID, list[IntentShare]] = {intent_id: [] for intent_id in states}
    for share in IntentShare.objects.for_org(org_id).filter(intent_id__in=list(states)).order_by("position"):
        shares[share.intent_id].append(share)
    wanted = list({share.invoice_id: None for each in shares.values() for share in each})
    invoices = dict(zip(wanted, invoice_rows(org_id, wanted, lock=True), strict=True))
    intents = {row.pk: row for row in Intent.objects.for_org(org_id).select_for_update().filter(pk__in=list(states)).order_by("pk")}
    stands = owings(org_id, list(invoices.values())) if any(state.status == SUCCEEDED for state in states.values()) else {}
    return [
        _settle(intents[intent_id], [(invoices[share.invoice_id], share.amount) for share in shares[intent_id]], state, stands)
        for intent_id, state in states.items()
    ]


# The ORM would wait for the answer, and count its rows
_MOVE = """
UPDATE payments_intent SET status = %(status)s, failure = %(failure)s, captured = %(captured)s, settled_at = %(settled_at)s,
       gateway_id = %(gateway_id)s, hosted_url = %(hosted_url)s
WHERE organisation_id = %(org)s AND id = %(id)s
"""


def _settle(intent: Intent, shares: list[tuple[Any, int]], state: GatewayPayment, stands: dict[UUID, Owing]) -> Outcome:
    wrong = _mismatch(intent, state)
    if wrong:
        _alarm(intent, shares[0][0], wrong, state)
        return Outcome(mismatch=wrong)
    counted = Counted()
    if state.status == SUCCEEDED and intent.status != Intent.SUCCEEDED:
        counted = _capture(intent, shares, stands)
    elif state.status in (FAILED, CANCELLED, EXPIRED) and intent.status in Intent.OPEN:
        intent.status = Intent.FAILED if state.status == FAILED else Intent.CANCELLED
        _tell_failure(intent, [invoice for invoice, _amount in shares], state)
    if state.failure and intent.status != Intent.SUCCEEDED:
        intent.failure = state.failure.kind[:20]
    if not intent.gateway_id:
        intent.gateway_id, intent.hosted_url = state.id, state.hosted_url
        if state.status == PENDING:
            intent.status = Intent.PENDING
    columns = ("status", "failure", "captured", "settled_at", "gateway_id", "hosted_url")
    send(_MOVE, {name: getattr(intent, name) for name in columns} | {"org": intent.organisation_id, "id": intent.pk})
    refunded = 0
    if intent.captured:
        refunded = sum(apply_refund(intent, refund) for refund in state.refunds if refund.status == SUCCEEDED)
        refunded -= sum(return_refund(intent, refund) for refund in state.refunds if refund.status == FAILED)
        for dispute in state.disputes:
            apply_dispute(intent, dispute)
        keep(intent, state.method)
    return Outcome(counted.applied, counted.back, counted.credit, refunded)


def _tell_failure(intent: Intent, invoices: list[Any], state: GatewayPayment) -> None:
    """Nothing was taken; the page that waits hears it."""
    data = {"channel": intent.driver, "reference": intent.reference, "failure": state.failure.kind if state.failure else ""}
    for invoice in invoices:
        record("payment-failed", org=intent.organisation_id, invoice=invoice, at=clock.now(), data=data)


def invoices_of(intent: Intent) -> list[UUID]:
    """The invoices that a payment is meant for, in its order."""
    return list(
        IntentShare.objects.for_org(intent.organisation_id).filter(intent_id=intent.pk).order_by("position").values_list("invoice_id", flat=True)
    )


def _mismatch(intent: Intent, state: GatewayPayment) -> str:
    """The first thing in which the gateway's payment is not the one we asked for; "" if it is (T72)."""
    wanted = {
        "id": (intent.gateway_id or state.id, state.id),
        "reference": (intent.reference, state.reference),
        "merchant": (merchant_of(intent.organisation_id), state.merchant),
        "currency": (intent.currency, state.currency),
        "amount": (intent.amount, state.amount),
    }
    return next((name for name, (ours, theirs) in wanted.items() if ours != theirs), "")


def _alarm(intent: Intent, invoice: Any, wrong: str, state: GatewayPayment) -> None:
    """Not paid, and a person must look; the event is written once for each cause."""
    if intent.status in Intent.OPEN and state.status == SUCCEEDED:
        intent.status = Intent.MISMATCH
        intent.save(update_fields=["status"])
    raise_alarm(intent, invoice, f"mismatch-{wrong}", {"gateway_id": state.id, "amount": state.amount, "currency": state.currency})


def _capture(intent: Intent, shares: list[tuple[Any, int]], stands: dict[UUID, Owing]) -> Counted:
    """The money came: each invoice gets its share, in the order in which the payer chose them.

    What `stands` says of an invoice is good for the first payment that counts towards it; the next one asks again.
    """
    money = Money(CLEARING, intent.driver, intent.reference, _parted_at(intent), intent=intent, wants_back=intent.wants_back)
    intent.status, intent.captured, intent.settled_at = Intent.SUCCEEDED, intent.amount, clock.now()
    return sum((count(invoice, amount, money, stands.pop(invoice.pk, None)) for invoice, amount in shares), Counted())


def _parted_at(intent: Intent) -> datetime:
    """When the payer parted with it, in the payer's favour: as the page was opened, where it was paid while that page was good.

    A page without an end of its own, or a bill, may be paid weeks later: no discount of the day it was opened is had then.
    """
    now = clock.now()
    return intent.created_at if now - intent.created_at <= timedelta(hours=PAGE_HOURS + NEWS_HOURS) else now


def apply_refund(intent: Intent, done: GatewayRefund) -> int:
    """Post one refund that the gateway has made, unless it is posted already; the amount posted now. Caller holds the locks."""
    rows = Refund.objects.for_org(intent.organisation_id).select_for_update()
    if rows.filter(gateway_id=done.id, intent_id=intent.pk, status=Refund.SUCCEEDED).exists():
        return 0
    row = _ours(rows, intent, done)
    if row is not None:
        _refunded(intent, row, done.id, REFUNDS_DUE)
    else:
        _refunded_without_us(intent, done)
    intent.refunded += done.amount
    intent.save(update_fields=["refunded"])
    return done.amount


def return_refund(intent: Intent, failed: GatewayRefund) -> int:
    """A refund that had gone through came back, as the payer's account is closed: the gateway has the money again, the payer is
    still owed it, and a person sends it another way. How much it was. Caller holds the locks."""
    rows = Refund.objects.for_org(intent.organisation_id).select_for_update()
    came_back = 0
    for row in rows.filter(gateway_id=failed.id, intent_id=intent.pk, status=Refund.SUCCEEDED, by_hand=False):
        row.status, row.done_at, row.last_error = Refund.REFUSED, None, "came back"
        row.save(update_fields=["status", "done_at", "last_error"])
        data = {"channel": intent.driver, "reference": intent.reference, "refund": str(row.pk)}
        at = clock.now()
        event = record("refund-returned", org=row.organisation_id, invoice=row.invoice_id, at=at, amount=row.amount, currency=row.currency, data=data)
        lines = [JLine(CLEARING, row.amount), JLine(REFUNDS_DUE, -row.amount)]
        post(event, JournalEntry.REFUND, lines, currency=row.currency, invoice=row.invoice_id, customer=row.customer_id, intent=intent)
        invoice = invoice_row(intent.organisation_id, row.invoice_id or intent.invoice_id)
        raise_alarm(intent, invoice, "refund-refused", {"refund": str(row.pk), "amount": row.amount})
        came_back += row.amount
    if came_back:
        intent.refunded -= came_back
        intent.save(update_fields=["refunded"])
    return came_back


def _refunded_without_us(intent: Intent, done: GatewayRefund) -> None:
    """Somebody gave it back at the gateway: it is owed again. What counted towards nothing was the customer's credit, or falls to the
    first invoice."""
    parts, rest = spread(intent, done.amount)
    if rest:
        rest -= _from_credit(intent, done, rest)
        if rest:
            parts[intent.invoice_id] = parts.get(intent.invoice_id, 0) + rest
    for invoice_id, part in parts.items():
        row = Refund(organisation_id=intent.organisation_id, intent_id=intent.pk, reason=Refund.EXTERNAL, amount=part, currency=intent.currency)
        row.invoice_id = invoice_id
        _refunded(intent, row, done.id, RECEIVABLE)


def _from_credit(intent: Intent, done: GatewayRefund, amount: int) -> int:
    customer_id = invoice_row(intent.organisation_id, intent.invoice_id).customer_id
    if customer_id is None:
        return 0
    hold(intent.organisation_id, customer_id)
    part = min(amount, max(balance_of(intent.organisation_id, customer_id, intent.currency), 0))
    if part:
        row = Refund(organisation_id=intent.organisation_id, intent_id=intent.pk, reason=Refund.CREDIT, amount=part, currency=intent.currency)
        row.customer_id = customer_id
        _refunded(intent, row, done.id, CREDIT)
    return part


def _refunded(intent: Intent, row: Refund, gateway_id: str, account: str) -> None:
    now = clock.now()
    row.status, row.gateway_id, row.done_at, row.last_error = Refund.SUCCEEDED, gateway_id, now, ""
    row.save()
    data = {"channel": intent.driver, "reference": intent.reference, "refund": str(row.pk), "reason": row.reason}
    event = record("refunded", org=row.organisation_id, invoice=row.invoice_id, at=now, amount=row.amount, currency=row.currency, data=data)
    lines = [JLine(account, row.amount), JLine(CLEARING, -row.amount)]
    post(event, JournalEntry.REFUND, lines, currency=row.currency, invoice=row.invoice_id, customer=row.customer_id, intent=intent)


def _ours(rows: Any, intent: Intent, done: GatewayRefund) -> Refund | None:
    """Our row behind a gateway's refund: by its reference; else one not yet sent that it makes needless."""
    mine = rows.filter(intent_id=intent.pk, amount=done.amount, status__in=Refund.BOOKED)
    on_its_way = mine.filter(gateway_id=done.id).first()
    if on_its_way is not None:
        return on_its_way
    if done.reference:
        try:
            named = mine.filter(pk=UUID(done.reference)).first()
        except ValueError:
            named = None
        if named is not None:
            return named
    return mine.filter(status=Refund.QUEUED, attempts=0).order_by("created_at", "id").first()
