"""What must hold of the books: entries balance, each issued document is in them, and every balance adds up."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, found, invariant
from wasl.app.sql import run

_BALANCE = """
SELECT e.organisation_id, e.id, e.currency, count(l.id), coalesce(sum(l.amount), 0)::bigint FROM payments_journalentry e
LEFT JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
GROUP BY 1, 2, 3 HAVING count(l.id) < 2 OR coalesce(sum(l.amount), 0) <> 0
"""


@invariant("journal")
def entries_balance() -> Iterator[Problem]:
    """Each entry has two lines or more, and they add up to zero."""
    rows = run(_BALANCE)
    yield from found(
        "journal",
        (
            (
                f"organisation {org}, entry {entry}",
                f"{lines} lines, difference {total} {currency}",
                f"{lines} سطر، والفرق {total} {currency}",
            )
            for org, entry, currency, lines, total in rows
        ),
    )


_OWED = """
SELECT i.organisation_id, i.number, i.payable_amount, coalesce(j.amount, 0), i.currency FROM invoicing_invoice i
LEFT JOIN (
    SELECT e.organisation_id, v.invoice_id, sum(l.amount)::bigint AS amount FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'receivable'
    JOIN events_event v ON v.organisation_id = e.organisation_id AND v.id = e.event_id AND v.type = 'issued'
    GROUP BY 1, 2) j ON j.organisation_id = i.organisation_id AND j.invoice_id = i.id
WHERE coalesce(j.amount, 0) <> CASE WHEN i.kind = 'credit_note' THEN -i.payable_amount ELSE i.payable_amount END
"""


@invariant("receivable")
def each_document_is_booked_once() -> Iterator[Problem]:
    """What an issued document asks for stands in the journal, once."""
    for org, number, payable, booked, currency in run(_OWED):
        en = f"the document says {payable} {currency}, the journal {booked} (minor units)"
        ar = f"في المستند {payable} {currency} وفي اليومية {booked} بأصغر وحدة"
        yield Problem("receivable", f"organisation {org}, {number}", en, ar)


_MONEY = """
SELECT i.organisation_id, i.reference, i.captured, i.refunded, coalesce(j.booked, 0), coalesce(a.allocated, 0), coalesce(r.done, 0),
       coalesce(r.excess, 0)
FROM payments_intent i
LEFT JOIN (
    SELECT e.organisation_id, e.intent_id, sum(l.amount)::bigint AS booked FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'gateway_clearing'
    GROUP BY 1, 2) j ON j.organisation_id = i.organisation_id AND j.intent_id = i.id
LEFT JOIN (SELECT organisation_id, intent_id, sum(amount)::bigint AS allocated FROM payments_allocation GROUP BY 1, 2) a
    ON a.organisation_id = i.organisation_id AND a.intent_id = i.id
LEFT JOIN (
    SELECT organisation_id, intent_id, sum(amount) FILTER (WHERE status = 'succeeded')::bigint AS done,
           sum(amount) FILTER (WHERE reason = 'excess')::bigint AS excess
    FROM payments_refund GROUP BY 1, 2) r ON r.organisation_id = i.organisation_id AND r.intent_id = i.id
WHERE coalesce(j.booked, 0) <> i.captured - i.refunded
   OR coalesce(r.done, 0) <> i.refunded
   OR i.captured <> coalesce(a.allocated, 0) + coalesce(r.excess, 0)
   OR (i.captured <> 0 AND i.captured <> i.amount)
"""


@invariant("payments")
def payments_allocations_and_refunds_add_up() -> Iterator[Problem]:
    """Captured = allocated + excess; refunded = refunds made; money at the gateway = captured - refunded."""
    for org, reference, captured, refunded, booked, allocated, done, excess in run(_MONEY):
        en = f"captured {captured}, refunded {refunded}; booked {booked}, allocated {allocated}, refunds made {done}, excess {excess}"
        ar = f"المقبوض {captured} والمردود {refunded}؛ في اليومية {booked} والمخصص {allocated} والاستردادات {done} والزائد {excess}"
        yield Problem("payments", f"organisation {org}, payment {reference}", en, ar)


_DUE = """
SELECT coalesce(b.organisation_id, r.organisation_id), coalesce(b.invoice_id, r.invoice_id), coalesce(b.due, 0), coalesce(r.due, 0)
FROM (
    SELECT e.organisation_id, e.invoice_id, -sum(l.amount)::bigint AS due FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'refunds_due'
    GROUP BY 1, 2) b
FULL JOIN (
    SELECT organisation_id, invoice_id, sum(amount)::bigint AS due FROM payments_refund WHERE status <> 'succeeded' GROUP BY 1, 2) r
    ON r.organisation_id = b.organisation_id AND r.invoice_id = b.invoice_id
WHERE coalesce(b.due, 0) <> coalesce(r.due, 0)
"""


@invariant("refunds")
def what_must_go_back_has_a_refund() -> Iterator[Problem]:
    """The balance of refunds_due is what the open refunds add up to."""
    for org, invoice, booked, waiting in run(_DUE):
        en = f"the journal owes the payer {booked}, open refunds come to {waiting} (minor units)"
        ar = f"في اليومية {booked} يجب ردّها، والاستردادات المنتظرة {waiting} بأصغر وحدة"
        yield Problem("refunds", f"organisation {org}, invoice {invoice}", en, ar)


_FOLD = """
SELECT coalesce(f.organisation_id, b.organisation_id), coalesce(f.id, b.id), coalesce(f.figures, 'nothing'), coalesce(b.figures, 'nothing') FROM (
    SELECT organisation_id, id, concat_ws(' ', currency, max(due_date), coalesce(sum(amount) FILTER (WHERE part = 'issue'), 0),
        -coalesce(sum(amount) FILTER (WHERE part = 'payment'), 0),
        coalesce(sum(amount) FILTER (WHERE part IN ('refund_due', 'refund', 'chargeback')), 0),
        -coalesce(sum(amount) FILTER (WHERE part = 'credit'), 0), -coalesce(sum(amount) FILTER (WHERE part IN ('write_off', 'discount')), 0),
        -coalesce(sum(amount) FILTER (WHERE part = 'due back'), 0), coalesce(sum(amount) FILTER (WHERE part = 'contested'), 0),
        extract(epoch FROM max(at) FILTER (WHERE part NOT IN ('due back', 'contested')))) AS figures
    FROM (
        SELECT e.organisation_id, e.invoice_id AS id, e.currency, i.due_date, e.at, l.amount,
               CASE l.account WHEN 'receivable' THEN e.kind WHEN 'disputed' THEN 'contested' ELSE 'due back' END AS part
        FROM payments_journalentry e
        JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
            AND l.account IN ('receivable', 'refunds_due', 'disputed')
        JOIN invoicing_invoice i ON i.organisation_id = e.organisation_id AND i.id = e.invoice_id) lines
    GROUP BY organisation_id, id, currency) f
FULL JOIN (
    SELECT organisation_id, id, concat_ws(' ', currency, due_date, total, received, returned, credited, forgiven, refunds_due, disputed,
        extract(epoch FROM moved_at)) AS figures
    FROM payments_balance) b ON b.organisation_id = f.organisation_id AND b.id = f.id
WHERE f.figures IS DISTINCT FROM b.figures
"""


@invariant("balances")
def balances_are_the_fold_of_the_journal() -> Iterator[Problem]:
    """Each row of payments_balance says what the journal lines of its invoice add up to."""
    for org, invoice, folded, kept in run(_FOLD):
        en = f"the journal gives {folded}, the balance kept says {kept} (minor units)"
        ar = f"اليومية تعطي {folded} والرصيد المحفوظ {kept} بأصغر وحدة"
        yield Problem("balances", f"organisation {org}, invoice {invoice}", en, ar)
