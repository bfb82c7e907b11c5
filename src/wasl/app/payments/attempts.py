"""One attempt to pay: how much of which invoice, written down before any gateway hears of it; and a charge whose answer was lost."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.ids import uuid7
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import FIND, GatewayDown, GatewayPayment, GatewayRefused
from wasl.app.payments.early import due_now
from wasl.app.payments.journal import balance
from wasl.app.payments.models import Intent, IntentShare, SavedMethod, invoice_rows
from wasl.app.payments.orders import order_for
from wasl.app.payments.plans import may_pay_part

FIRST_CHECK_MINUTES = 2  # by then the webhook should have come


class NothingToPay(Refused):
    code, term, status = "WASL-PAY-02", "BT-115", 409
    en = "Nothing is left to pay on {number}."
    ar = "لم يبقَ شيء للدفع في {number}."


class TooMuch(Refused):
    code, term = "WASL-PAY-03", "BT-115"
    en = "That is more than what is left to pay on {number}. Pay at most {left} in minor units."
    ar = "هذا أكثر مما بقي في {number}. الحد بأصغر وحدة من العملة هو {left}."


class PartNotAllowed(Refused):
    code, term = "WASL-PAY-05", "BT-115"
    en = "This seller takes {number} in one payment only."
    ar = "يقبل البائع سداد {number} دفعة واحدة فقط."


class NotOneAccount(Refused):
    code = "WASL-PAY-06"
    en = "Only invoices of one seller in one currency can be paid together."
    ar = "لا تُدفع معًا إلا فواتير بائع واحد بعملة واحدة."


Shares = list[tuple[Any, int]]  # issued rows, each with minor units of it


def one_account(invoices: Sequence[Any]) -> tuple[UUID, str]:
    """(organisation, currency) that all of them share; each is there once. Raises NotOneAccount."""
    accounts = {(row.organisation_id, row.currency) for row in invoices}
    if len(accounts) != 1 or len({row.pk for row in invoices}) != len(invoices):
        raise NotOneAccount
    return accounts.pop()


def shares_of(invoices: Sequence[Any], amounts: dict[UUID, int]) -> Shares:
    """What is paid of each, in their order, under their locks; what is settled already is left out.

    Raises NothingToPay, TooMuch, PartNotAllowed, NotOneAccount.
    """
    org_id, _currency = one_account(invoices)
    shares = [(row, _share(row, amounts.get(row.pk))) for row in invoice_rows(org_id, invoices, lock=True)]
    shares = [(row, amount) for row, amount in shares if amount]
    if not shares:
        raise NothingToPay(number=invoices[0].number)
    return shares


def _share(invoice: Any, wanted: int | None) -> int:
    left = 0 if invoice.is_credit_note else max(balance(invoice.organisation_id, invoice), 0)
    settles = due_now(invoice, clock.now())[0] if left else 0
    if wanted is None:
        return settles
    if not left:
        raise NothingToPay(number=invoice.number)
    if not 0 < wanted <= left:
        raise TooMuch(number=invoice.number, left=left)
    if wanted < settles and not may_pay_part(invoice, wanted):
        raise PartNotAllowed(number=invoice.number)
    return wanted


def shares_are(intent: Intent, shares: Shares) -> bool:
    """Whether an attempt is for exactly these invoices and amounts: another division of the same sum is another payment."""
    rows = IntentShare.objects.for_org(intent.organisation_id).filter(intent_id=intent.pk)
    return dict(rows.values_list("invoice_id", "amount")) == {row.pk: amount for row, amount in shares}


def write_attempt(shares: Shares, driver: str, **fields: Any) -> Intent:
    """The attempt and its shares; `fields` are the intent's own. Caller is in the transaction that decided to make it."""
    first = shares[0][0]
    intent = Intent(organisation_id=first.organisation_id, driver=driver, currency=first.currency, **fields)
    intent.id, intent.invoice_id, intent.amount = uuid7(), first.pk, sum(amount for _row, amount in shares)
    intent.next_check_at = intent.created_at + timedelta(minutes=FIRST_CHECK_MINUTES)
    intent.reference = "W" + b32encode(intent.id.bytes).decode().rstrip("=")
    intent.save(force_insert=True)
    IntentShare.objects.bulk_create(
        IntentShare(organisation_id=intent.organisation_id, intent_id=intent.pk, invoice_id=row.pk, amount=amount, position=position)
        for position, (row, amount) in enumerate(shares)
    )
    return intent


def charged(intent: Intent, invoices: list[Any], *, is_new: bool, return_url: str = "", language: str = "ar") -> GatewayPayment:
    """The gateway's word about the charge of a saved method: what it knows already, or what the charge brings.

    A lost answer is asked for where the gateway can be asked; the charge itself has the attempt's own key, so it is never made twice.
    Raises GatewayDown, GatewayRefused.
    """
    driver = registry.driver(intent.organisation_id, intent.driver)
    if intent.gateway_id:
        return driver.fetch(intent.gateway_id)
    if not is_new and FIND in driver.features:
        try:
            known = driver.find(intent.reference)
        except GatewayRefused as error:  # whether it was charged is not known: that is no clear no
            raise GatewayDown(reason=str(error)) from error
        if known is not None:
            return known
    method = SavedMethod.objects.for_org(intent.organisation_id).get(pk=intent.saved_id)
    return driver.charge(order_for(intent, invoices, return_url=return_url, language=language), method.token)
