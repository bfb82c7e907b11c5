"""Lines of payouts whose cause the books lacked when they were booked: explained later, they leave `unmatched` for where they belong.

    found later (its payment, refund or dispute is known now)   unmatched +gross, gateway_clearing -gross
    a payment made outside of Wasl                              the same, and a receipt of it: gateway_clearing +gross, unmatched -gross (its own)
    a charge or a correction of the gateway itself              unmatched +gross, fees -gross
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound, Refused
from wasl.app.events.record import record
from wasl.app.payments.journal import CLEARING, FEES, UNMATCHED, JLine, post
from wasl.app.payments.models import JournalEntry, Payout, PayoutItem, Receipt
from wasl.app.payments.payouts import PAYMENT, behind
from wasl.app.payments.receive import undo_transfer
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

MACHINE = Actor.system("payouts")
AT_ONCE = 500


class NotACharge(Refused):
    code = "WASL-PAY-87"
    en = "This line brought a payment of somebody: it is no charge of the gateway. Say whose it is."
    ar = "جاء هذا البند بدفعة من أحدهم، فليس رسمًا من البوابة. حدّد صاحبها."


_UNKNOWN = """
SELECT organisation_id, id FROM payments_payoutitem WHERE NOT is_known AND (%(org)s::uuid IS NULL OR organisation_id = %(org)s)
ORDER BY id DESC LIMIT %(limit)s
"""


class LineExplained(Refused):
    code, status = "WASL-PAY-82", 409
    en = "This line of the payout is explained already. Load the page again to see how."
    ar = "هذا البند من تحويل البوابة مفسَّر من قبل. أعد تحميل الصفحة لترى كيف."


class NotAPayment(Refused):
    code = "WASL-PAY-83"
    en = "Only a line that brought money can be counted towards an invoice or kept as credit."
    ar = "لا يُحتسب من فاتورة ولا يبقى رصيدًا إلا بند جاء بمال."


def explain_known(org: Any = None) -> int:
    """Look again at every line that is unknown still, of one seller or of all; how many found their payment, refund or dispute."""
    org_id = getattr(org, "pk", org)
    return sum(_look_again(owner, item_id) for owner, item_id in run(_UNKNOWN, {"org": org_id, "limit": AT_ONCE}))


@transaction.atomic
def _look_again(org_id: UUID, item_id: UUID) -> bool:
    item = _locked(org_id, item_id)
    if item.is_known:
        return False
    payout = Payout.objects.for_org(org_id).get(pk=item.payout_id)
    intent_id = behind(payout, item.kind, item.gateway_id, reference=item.reference, gross=item.gross)
    if intent_id is None:
        return False
    item.intent_id = intent_id
    _move(item, payout, CLEARING, PayoutItem.AS_PAYMENT, MACHINE)
    return True


@transaction.atomic
def take_line(org: Any, item_id: UUID, *, actor: Actor) -> Receipt:
    """The money of a payment that was made outside of Wasl becomes a receipt, unmatched as yet. Raises LineExplained, NotAPayment, NotFound."""
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    item = _unknown(org_id, item_id)
    if item.gross <= 0 or item.kind != PAYMENT:
        raise NotAPayment
    payout = Payout.objects.for_org(org_id).get(pk=item.payout_id)
    before = Receipt.objects.for_org(org_id).filter(key__startswith=f"payout:{item.pk}:").count()
    receipt = Receipt(
        organisation_id=org_id, key=f"payout:{item.pk}:{before}", source=Receipt.GATEWAY, amount=item.gross, currency=payout.currency, at=payout.at,
        reference=item.gateway_id, received_by=actor.label,
    )  # fmt: skip
    receipt.save(force_insert=True)
    item.receipt = receipt
    _move(item, payout, CLEARING, PayoutItem.AS_RECEIPT, actor)
    data = {"receipt": str(receipt.pk), "channel": payout.driver, "reference": item.gateway_id}
    event = record("transfer-received", org=org_id, at=clock.now(), amount=item.gross, currency=payout.currency, data=data)
    post(event, JournalEntry.MOVE, [JLine(CLEARING, item.gross), JLine(UNMATCHED, -item.gross)], currency=payout.currency, receipt=receipt)
    audit(org_id, actor, "payout.take", "payout line", item.pk, {"amount": item.gross})
    return receipt


@transaction.atomic
def give_line_back(org: Any, item_id: UUID, *, actor: Actor, reason: str) -> PayoutItem:
    """Take the explanation as a receipt or as a charge back: the line is unknown again. Raises LineExplained, and ReceiptUsed where the
    money was spent since."""
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    item = _locked(org_id, item_id)
    if item.explained_as not in (PayoutItem.AS_RECEIPT, PayoutItem.AS_FEE):
        raise LineExplained
    payout = Payout.objects.for_org(org_id).get(pk=item.payout_id)
    if item.receipt_id:
        undo_transfer(Receipt.objects.for_org(org_id).get(pk=item.receipt_id), actor=actor, reason=reason)
    account = CLEARING if item.explained_as == PayoutItem.AS_RECEIPT else FEES
    _post(item, payout, account, -item.gross, actor)
    item.is_known, item.explained_as, item.explained_at, item.explained_by, item.receipt = False, "", None, "", None
    item.save(update_fields=["is_known", "explained_as", "explained_at", "explained_by", "receipt"])
    audit(org_id, actor, "payout.untake", "payout line", item.pk, {"amount": item.gross})
    return item


@transaction.atomic
def book_as_charge(org: Any, item_id: UUID, *, actor: Actor) -> PayoutItem:
    """The gateway's own doing, and no payment of a customer: it counts among its fees. Owners only. Raises LineExplained, NotFound."""
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor, owner=True)
    item = _unknown(org_id, item_id)
    if item.kind == PAYMENT:
        raise NotACharge
    _move(item, Payout.objects.for_org(org_id).get(pk=item.payout_id), FEES, PayoutItem.AS_FEE, actor)
    audit(org_id, actor, "payout.charge", "payout line", item.pk, {"amount": item.gross})
    return item


def _locked(org_id: UUID, item_id: UUID) -> PayoutItem:
    found = PayoutItem.objects.for_org(org_id).select_for_update().filter(pk=item_id).first()
    if found is None:
        raise NotFound(what="payment")
    return found


def _unknown(org_id: UUID, item_id: UUID) -> PayoutItem:
    item = _locked(org_id, item_id)
    if item.is_known:
        raise LineExplained
    return item


def _move(item: PayoutItem, payout: Payout, account: str, explained_as: str, actor: Actor) -> None:
    """From `unmatched` to `account`, and the line says so."""
    _post(item, payout, account, item.gross, actor)
    item.is_known, item.explained_as, item.explained_at, item.explained_by = True, explained_as, clock.now(), actor.label
    item.save(update_fields=["is_known", "explained_as", "explained_at", "explained_by", "intent", "receipt"])


def _post(item: PayoutItem, payout: Payout, account: str, amount: int, actor: Actor) -> None:
    data = {"channel": payout.driver, "payout": str(payout.pk), "reference": item.gateway_id, "line": str(item.pk), "actor": actor.label}
    event = record("payout-explained", org=item.organisation_id, at=clock.now(), amount=abs(amount), currency=payout.currency, data=data)
    post(event, JournalEntry.MOVE, [JLine(UNMATCHED, amount), JLine(account, -amount)], currency=payout.currency)
