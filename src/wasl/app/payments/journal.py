"""The journal: balanced, append-only lines, each entry tied to its event and written in the event's transaction.

Debit is above zero, credit below; the database refuses an entry that does not balance and any change of a written one. A
balance is a fold over lines; the database keeps the fold of each invoice in `payments_balance`, in the statement that writes
the lines (migrations 0002 and 0004), for those who read thousands at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from wasl.app.events.record import Recorded
from wasl.app.ids import uuid7
from wasl.app.payments.days import SUMS
from wasl.app.sql import run, send
from wasl.errors import WaslError

RECEIVABLE = "receivable"  # what customers owe
SALES = "sales"  # what was billed
CLEARING = "gateway_clearing"  # money that a gateway holds for the seller
BANK = "bank"  # the seller's own accounts, and cash
FEES = "fees"  # what gateways keep
DISCOUNT = "discount_allowed"  # for paying early
CREDIT = "customer_credit"  # money of customers that counts towards nothing yet
WRITE_OFF = "write_off"  # what will not come any more
REFUNDS_DUE = "refunds_due"  # money that must go back
DISPUTED = "disputed"  # taken back by a payer's bank, not decided yet
EXCHANGE = "fx_difference"  # between currencies: each conversion passes through it, what rounding leaves stays
UNMATCHED = "unmatched"  # money of which nobody knows yet whose it is
ACCOUNTS = (RECEIVABLE, SALES, CLEARING, BANK, FEES, DISCOUNT, CREDIT, WRITE_OFF, REFUNDS_DUE, DISPUTED, EXCHANGE, UNMATCHED)


class Unbalanced(WaslError):
    code = "WASL-PAY-01"
    en = "These journal lines do not balance: debits and credits differ by {difference}. Nothing was written."
    ar = "قيود اليومية هذه غير متوازنة: الفرق بين المدين والدائن {difference}. لم يُكتب شيء."


@dataclass(frozen=True)
class JLine:
    """One side of an entry: `amount` in minor units, debit above zero, credit below."""

    account: str
    amount: int


_POST = """
WITH e AS (
    INSERT INTO payments_journalentry (organisation_id, id, event_id, kind, invoice_id, customer_id, intent_id, receipt_id, currency, at)
    VALUES (%(org)s, %(event)s, %(event)s, %(kind)s, %(invoice)s, %(customer)s, %(intent)s, %(receipt)s, %(currency)s, %(at)s)
)
INSERT INTO payments_journalline (organisation_id, id, entry_id, account, amount)
SELECT %(org)s, (l ->> 0)::uuid, %(event)s, l ->> 1, (l ->> 2)::bigint FROM jsonb_array_elements(%(lines)s::jsonb) AS l
"""


def post(
    event: Recorded,
    kind: str,
    lines: Iterable[JLine],
    *,
    currency: str,
    invoice: Any = None,
    customer: Any = None,
    intent: Any = None,
    receipt: Any = None,
) -> UUID | None:
    """Write one entry for `event`; its id is the event's. Lines of one account become one; none of zero; no line left, no entry.

    Rows or ids: the invoice whose balance it moves, the customer whose credit, the attempt or the receipt behind it.
    Raises Unbalanced; the database checks again at commit.
    """
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.account] = sums.get(line.account, 0) + line.amount
    kept = [JLine(account, amount) for account, amount in sums.items() if amount]
    difference = sum(line.amount for line in kept)
    if difference or any(line.account not in ACCOUNTS for line in kept):
        raise Unbalanced(difference=difference)
    if not kept:
        return None
    values = {
        "org": event.organisation_id,
        "event": event.id,
        "kind": kind,
        "invoice": getattr(invoice, "pk", invoice),
        "customer": getattr(customer, "pk", customer),
        "intent": getattr(intent, "pk", intent),
        "receipt": getattr(receipt, "pk", receipt),
        "currency": currency,
        "at": event.at,
        "lines": orjson.dumps([[str(uuid7()), line.account, line.amount] for line in kept]).decode(),
    }
    send(_POST, values)
    return event.id


_ISSUED = """
WITH i AS (
    SELECT coalesce(original_id, id) AS owes, currency,
           CASE WHEN kind = 'credit_note' THEN 'credit' ELSE 'issue' END AS entry_kind,
           CASE WHEN kind = 'credit_note' THEN -payable_amount ELSE payable_amount END AS amount
    FROM invoicing_invoice WHERE organisation_id = %(org)s AND id = %(invoice)s AND payable_amount <> 0
), e AS (
    INSERT INTO payments_journalentry (organisation_id, id, event_id, kind, invoice_id, intent_id, currency, at)
    SELECT %(org)s, %(event)s, %(event)s, entry_kind, owes, NULL, currency, %(at)s FROM i
)
INSERT INTO payments_journalline (organisation_id, id, entry_id, account, amount)
SELECT %(org)s, %(receivable_id)s, %(event)s, 'receivable', amount FROM i
UNION ALL SELECT %(org)s, %(sales_id)s, %(event)s, 'sales', -amount FROM i
"""


def post_issued(event: Recorded) -> None:
    """What an issued document changes: an invoice is owed from now on; a credit note lowers what its original owes."""
    ids = {"receivable_id": uuid7(), "sales_id": uuid7()}
    send(_ISSUED, {"org": event.organisation_id, "invoice": event.invoice_id, "event": event.id, "at": event.at} | ids)


_BALANCE = """
SELECT coalesce(sum(l.amount), 0)::bigint FROM payments_journalentry e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
WHERE e.organisation_id = %(org)s AND e.invoice_id = %(invoice)s AND l.account = %(account)s
"""


def balance(org: Any, invoice: Any, account: str = RECEIVABLE) -> int:
    """What stands on `account` for one invoice, in minor units: for `receivable`, what is still owed."""
    values = {"org": getattr(org, "pk", org), "invoice": getattr(invoice, "pk", invoice), "account": account}
    return int(run(_BALANCE, values)[0][0])


def is_owed(invoice: Any) -> bool:
    """Whether anything is left to pay on an issued row."""
    return balance(invoice.organisation_id, invoice) > 0


_TRIAL = f"SELECT s.currency, s.account, sum(s.debit - s.credit)::bigint FROM {SUMS} s GROUP BY 1, 2 ORDER BY 1, 2"


def trial_balance(org: Any) -> dict[str, dict[str, int]]:
    """Each currency's accounts with their balances; the balances of one currency add up to zero."""
    books: dict[str, dict[str, int]] = {}
    for currency, account, amount in run(_TRIAL, {"org": getattr(org, "pk", org)}):
        books.setdefault(currency, {})[account] = amount
    return books
