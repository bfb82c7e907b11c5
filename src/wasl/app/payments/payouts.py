"""Payouts: what a gateway sends to the seller's bank, with its fees, booked once and compared with what the books expect.

    bank +net, fees +fee, gateway_clearing -gross

A line whose payment, refund or dispute the books do not have is booked against `unmatched`, where a person sees it; what is learned
of it later moves it (payout_lines).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import PAYOUTS
from wasl.app.payments.journal import BANK, CLEARING, FEES, UNMATCHED, JLine, post
from wasl.app.payments.models import Dispute, Intent, JournalEntry, Payout, PayoutItem, Refund
from wasl.app.sql import run
from wasl.errors import WaslError

log = structlog.get_logger(__name__)
PAYMENT, REFUND, CHARGEBACK, FEE = "payment", "refund", "chargeback", "fee"


class PayoutDoesNotAddUp(Refused):
    code = "WASL-PAY-30"
    en = "The lines of payout {payout} come to {lines}, but the gateway says that it paid {amount} (minor units). Nothing was booked."
    ar = "مجموع بنود التحويل {payout} هو {lines}، وتقول البوابة إنها حوّلت {amount} بأصغر وحدة. لم يُسجَّل شيء."


@dataclass(frozen=True)
class Booked:
    """A payout in the books. `is_new` is False where it was booked before; `unknown` are lines whose cause the books lack."""

    payout: Payout
    is_new: bool
    unknown: int


@transaction.atomic
def post_payout(org: Any, driver: str, told: Any) -> Booked:
    """Book one payout as the gateway tells it (drivers.port.Payout); repeating it changes nothing. Raises PayoutDoesNotAddUp."""
    org_id: UUID = getattr(org, "pk", org)
    lines = sum(item.net for item in told.items)
    if lines != told.amount or any(item.gross - item.fee != item.net for item in told.items):
        raise PayoutDoesNotAddUp(payout=told.id, lines=lines, amount=told.amount)
    values = {"currency": told.currency, "amount": told.amount, "at": told.at}
    row, is_new = Payout.objects.for_org(org_id).get_or_create(organisation_id=org_id, driver=driver, gateway_id=told.id, defaults=values)
    if not is_new:
        return Booked(row, False, PayoutItem.objects.for_org(org_id).filter(payout_id=row.pk, is_known=False).count())
    items = [_item(row, item) for item in told.items]
    PayoutItem.objects.bulk_create(items)
    data = {"channel": driver, "payout": str(row.pk), "reference": told.id}
    event = record("payout", org=org_id, at=clock.now(), amount=told.amount, currency=told.currency, data=data)
    entry = [JLine(BANK, told.amount), JLine(FEES, sum(item.fee for item in items))]
    entry += [JLine(CLEARING if item.is_known else UNMATCHED, -item.gross) for item in items]
    post(event, JournalEntry.PAYOUT, entry, currency=told.currency)
    return Booked(row, True, sum(not item.is_known for item in items))


def _item(payout: Payout, told: Any) -> PayoutItem:
    intent_id = behind(payout, told.kind, told.gateway_id, reference=told.reference, gross=told.gross)
    is_known = intent_id is not None or (told.kind == FEE and not told.gross)
    return PayoutItem(
        organisation_id=payout.organisation_id, payout_id=payout.pk, kind=told.kind, gateway_id=told.gateway_id, reference=told.reference[:100],
        gross=told.gross, fee=told.fee, net=told.net, intent_id=intent_id, is_known=is_known,
    )  # fmt: skip


def behind(payout: Payout, kind: str, gateway_id: str, *, reference: str = "", gross: int = 0) -> UUID | None:
    """The payment that a line is about, in that payout's currency.

    Gateways name it in many ways: a page here and a charge there (Stripe, Moyasar), a refund by its own id or by its payment's. What
    their own id does not tell, our reference does; a refund or dispute must then be one of that very amount.
    """
    org_id = payout.organisation_id
    mine = Intent.objects.for_org(org_id).filter(driver=payout.driver, currency=payout.currency)
    payments = _named(mine.filter(captured__gt=0), gateway_id, reference)
    if kind not in (REFUND, CHARGEBACK):
        return next(iter(payments), None)
    taken: Any = Refund.objects.for_org(org_id).filter(status=Refund.SUCCEEDED) if kind == REFUND else Dispute.objects.for_org(org_id)
    known = list(taken.filter(gateway_id=gateway_id).values_list("intent_id", flat=True)) if gateway_id else []
    if not known and payments:
        known = list(taken.filter(intent_id__in=payments, amount=abs(gross)).values_list("intent_id", flat=True))
    if not known and kind == REFUND and (ours := _uuid(reference)) is not None:
        known = list(taken.filter(pk=ours).values_list("intent_id", flat=True))
    return mine.filter(pk__in=known).values_list("pk", flat=True).first()


def _named(mine: Any, gateway_id: str, reference: str) -> list[UUID]:
    """By the gateway's own id, else by ours."""
    found = list(mine.filter(gateway_id=gateway_id).values_list("pk", flat=True)) if gateway_id else []
    return found or (list(mine.filter(reference=reference).values_list("pk", flat=True)) if reference else [])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


FIRST_DAYS, OVERLAP_DAYS = 60, 3  # how far back the first look goes; each later one begins a little before what is known


def fetch_payouts() -> int:
    """Ask every gateway that tells of payouts for the new ones and book them; how many were new. One that is down is asked later."""
    done = 0
    for org_id, driver_name in run(_ACCOUNTS):
        try:
            driver = registry.driver(org_id, driver_name)
            if PAYOUTS in driver.features:
                done += sum(post_payout(org_id, driver_name, told).is_new for told in driver.payouts(_since(org_id, driver_name)))
        except WaslError as error:  # down, refused, or lines that do not add up: the rest goes on
            log.warning("payouts not booked", driver=driver_name, reason=str(error))
    return done


_ACCOUNTS = "SELECT organisation_id, driver FROM payments_gatewayaccount WHERE is_active ORDER BY 1, 2"


def _since(org_id: UUID, driver: str) -> datetime:
    last = Payout.objects.for_org(org_id).filter(driver=driver).order_by("-at").values_list("at", flat=True).first()
    return last - timedelta(days=OVERLAP_DAYS) if last else clock.now() - timedelta(days=FIRST_DAYS)
