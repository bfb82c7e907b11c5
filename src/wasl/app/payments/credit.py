"""A customer's credit: money with us that counts towards nothing yet. Applied to an invoice, or given back when the customer asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound, Refused
from wasl.app.payments.allocate import Money, count
from wasl.app.payments.journal import CREDIT, balance
from wasl.app.payments.models import Refund, invoice_row
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


class NotSoMuchCredit(Refused):
    code = "WASL-PAY-25"
    en = "The customer has {left} of credit (in minor units), and this invoice takes at most what it still asks for."
    ar = "رصيد العميل {left} بأصغر وحدة من العملة، ولا تأخذ الفاتورة منه أكثر مما بقي منها."


_BALANCE = """
SELECT -coalesce(sum(l.amount), 0)::bigint FROM payments_journalentry e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'customer_credit'
WHERE e.organisation_id = %(org)s AND e.customer_id = %(customer)s AND e.currency = %(currency)s
"""


def balance_of(org: Any, customer: Any, currency: str) -> int:
    """What a customer has with us, in minor units of `currency`."""
    values = {"org": getattr(org, "pk", org), "customer": getattr(customer, "pk", customer), "currency": currency}
    return int(run(_BALANCE, values)[0][0])


def hold(org: Any, customer: Any) -> None:
    """Take the customer's lock: whoever spends its credit takes turns. After the locks of invoices, before those of attempts."""
    values = (getattr(org, "pk", org), getattr(customer, "pk", customer))
    if not run("SELECT 1 FROM invoicing_customer WHERE organisation_id = %s AND id = %s FOR NO KEY UPDATE", values):
        raise NotFound(what="customer")


@transaction.atomic
def apply(invoice: Any, *, amount: int | None = None, actor: Actor) -> int:
    """Pay an invoice from its customer's credit: `amount` minor units, or as much as there is and is owed; how much it was.

    Raises NotSoMuchCredit.
    """
    org_id: UUID = invoice.organisation_id
    require(org_id, actor)
    locked = invoice_row(org_id, invoice, lock=True)
    if locked.customer_id is None or locked.is_credit_note:
        raise NotSoMuchCredit(left=0)
    hold(org_id, locked.customer_id)
    has, owed = balance_of(org_id, locked.customer_id, locked.currency), max(balance(org_id, locked), 0)
    wanted = min(has, owed) if amount is None else amount
    if not 0 < wanted <= min(has, owed):
        raise NotSoMuchCredit(left=has)
    counted = count(locked, wanted, Money(CREDIT, "credit", "", clock.now()))
    audit(org_id, actor, "payment.credit", "invoice", locked.pk, {"amount": wanted})
    return counted.applied


def give_back(org: Any, customer: Any, currency: str, *, amount: int | None = None, actor: Actor, reason: str = "") -> list[Refund]:
    """Send a customer's credit back, the way it came where that is possible. Above the limit it waits for a second person.

    Raises NotSoMuchCredit.
    """
    from wasl.app.payments.refunds import request_credit_refund

    org_id: UUID = getattr(org, "pk", org)
    return request_credit_refund(org_id, getattr(customer, "pk", customer), currency, amount=amount, actor=actor, reason=reason)
