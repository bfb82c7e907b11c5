"""The payments that were begun from one reader's page, and what the gateway says of them by now."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import Bill
from wasl.app.payments.models import Allocation, Intent
from wasl.app.payments.settle import invoices_of
from wasl.app.payments.standing import standings
from wasl.app.portal.pay.outcome import Outcome, key_of
from wasl.app.sql import run
from wasl.app.ui.limits import Limit
from wasl.errors import WaslError
from wasl.invoice.money import from_minor

ATTEMPTS_MAX = 50  # of one page that are looked through
BILLS_MAX = 2_000  # remembered by this process
ASKS = Limit(count=1, seconds=6)  # of the gateway about one payment: a page that looks every second must not ask as often


def attempt_of(viewer: Any, return_url: str, hints: Iterable[str] = ()) -> Intent | None:
    """The payment that is meant: one begun on this reader's page of this invoice, a colleague's is not shown as one's own.

    `hints` are what the address says (our own id, or the one that a gateway adds to the way back): they choose among those and
    say nothing of what became of them. Without one that fits, the newest.
    """
    mark = "sha256:" + hashlib.sha256(return_url.encode()).hexdigest()  # as payments/pay.py keeps it
    begun = list(Intent.objects.for_org(viewer.org).filter(invoice_id=viewer.row.pk, return_url=mark).order_by("-created_at")[:ATTEMPTS_MAX])
    named = set(hints)
    return next((each for each in begun if {str(each.pk), each.gateway_id} & named), begun[0] if begun else None)


def asked(viewer: Any, intent: Intent) -> bool:
    """Ask the gateway about an open intent, not more often than ASKS allows; False where it does not answer (T73)."""
    from wasl.app.payments.pay import refresh

    if intent.status not in Intent.OPEN or not ASKS.spend(str(intent.pk)):
        return True
    try:
        refresh(viewer.row)
    except WaslError:
        return False
    return True


def outcome_of(intent: Intent) -> Outcome:
    """The attempt in words, from the books."""
    org, currency = intent.organisation_id, intent.currency
    left = sum(max(each.balance, 0) for each in standings(org, invoices_of(intent)).values())
    counted = sum(Allocation.objects.for_org(org).filter(intent_id=intent.pk).values_list("amount", flat=True))
    credit = _kept_as_credit(intent)
    excess = max(intent.captured - counted - credit, 0)
    return Outcome(
        key_of(intent, left=left, excess=excess), currency, from_minor(intent.amount, currency), from_minor(left, currency),
        from_minor(excess, currency), intent.failure, bool(intent.hosted_url), from_minor(credit, currency),
    )  # fmt: skip


_bills: OrderedDict[tuple[Any, str], Bill] = OrderedDict()  # a bill's numbers never change, and every look at the page wants them


def bill_of(intent: Intent) -> Bill | None:
    """The bill that the gateway presents for an open attempt; None where it presents none, or does not answer just now."""
    key = (intent.organisation_id, intent.gateway_id)
    if key not in _bills:
        try:
            found = registry.driver(intent.organisation_id, intent.driver).fetch(intent.gateway_id).bill
        except WaslError:
            return None
        if found is None:
            return None
        _bills[key] = found
        while len(_bills) > BILLS_MAX:
            _bills.popitem(last=False)
    return _bills[key]


_CREDIT = """
SELECT -coalesce(sum(l.amount), 0)::bigint FROM payments_journalentry e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'customer_credit'
WHERE e.organisation_id = %s AND e.intent_id = %s
"""


def _kept_as_credit(intent: Intent) -> int:
    """What of a payment was too much and is the customer's credit now, in minor units."""
    return int(run(_CREDIT, (intent.organisation_id, intent.pk))[0][0]) if intent.captured else 0
