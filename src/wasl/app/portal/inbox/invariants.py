"""What must hold of inboxes: each grant has its item, each item says what its invoice says, and the sums are the items'."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, invariant
from wasl.app.sql import run

_ITEMS = """
SELECT coalesce(g.organisation_id, t.organisation_id), coalesce(g.invoice_id, t.invoice_id), coalesce(g.said, 'nothing'), coalesce(t.said, 'nothing')
FROM (
    SELECT g.organisation_id, g.id, g.invoice_id, concat_ws(' ', g.payer_id, s.kind, s.number, s.issue_date, s.due_date, s.currency, s.total,
        s.paid, s.credited, s.open_amount, s.state, s.closed_on, s.rank, EXISTS (
            SELECT 1 FROM support_conversation c
            WHERE c.organisation_id = g.organisation_id AND c.invoice_id = g.invoice_id AND c.state IN ('open', 'answered'))) AS said
    FROM tenancy_payergrant g JOIN inbox_source s ON s.organisation_id = g.organisation_id AND s.invoice_id = g.invoice_id) g
FULL JOIN (
    SELECT organisation_id, id, invoice_id, concat_ws(' ', payer_id, kind, number, issue_date, due_date, currency, total, paid, credited,
        open_amount, state, closed_on, rank, has_question) AS said
    FROM inbox_item) t ON t.organisation_id = g.organisation_id AND t.id = g.id
WHERE g.said IS DISTINCT FROM t.said
"""


@invariant("inbox")
def items_are_what_grants_and_balances_say() -> Iterator[Problem]:
    """Each grant has one item in its inbox, and it says what the invoice and its balance say."""
    for org, invoice, wanted, kept in run(_ITEMS):
        yield Problem(
            "inbox", f"organisation {org}, invoice {invoice}", f"the inbox should say: {wanted}; it says: {kept}",
            f"ينبغي أن يكون في صندوق الفواتير: {wanted}؛ وفيه: {kept}",
        )  # fmt: skip


_SUMS = """
SELECT coalesce(i.key, s.key), coalesce(i.amount, 0), coalesce(s.amount, 0), coalesce(i.number, 0), coalesce(s.number, 0) FROM (
    SELECT concat_ws(' ', payer_id, currency, part, day) AS key, sum(amount)::bigint AS amount, count(*) AS number FROM (
        SELECT payer_id, currency, 'open' AS part, due_date AS day, open_amount AS amount FROM inbox_item WHERE state = 0
        UNION ALL SELECT payer_id, currency, 'paid', closed_on, paid FROM inbox_item WHERE state IN (1, 5)) parts
    GROUP BY 1) i
FULL JOIN (
    SELECT concat_ws(' ', payer_id, currency, part, day) AS key, sum(amount)::bigint AS amount, sum(number)::bigint AS number FROM inbox_sum
    GROUP BY 1) s ON s.key = i.key
WHERE coalesce(i.amount, 0) <> coalesce(s.amount, 0) OR coalesce(i.number, 0) <> coalesce(s.number, 0)
"""


@invariant("inbox-sums")
def sums_are_those_of_the_items() -> Iterator[Problem]:
    """What is kept as the sum of a day is what the items of that day add up to."""
    for key, amount, kept, number, counted in run(_SUMS):
        en = f"{number} invoices come to {amount}, the sum kept says {counted} and {kept} (minor units)"
        ar = f"عدد الفواتير {number} ومجموعها {amount}، والمحفوظ {counted} و{kept} بأصغر وحدة"
        yield Problem("inbox-sums", f"inbox {key}", en, ar)
