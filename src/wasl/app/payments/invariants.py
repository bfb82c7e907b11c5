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
SELECT i.organisation_id, i.reference, concat_ws(' ', 'captured', i.captured, 'refunded', i.refunded, 'contested', i.contested, 'of', i.amount),
       concat_ws(' ', 'booked', j.booked, 'counted', coalesce(a.counted, 0), 'credit', j.credit, 'refunds made', coalesce(r.done, 0),
                 'excess', coalesce(r.excess, 0), 'disputes', coalesce(d.out, 0), 'won back', coalesce(d.back, 0), 'shares', s.shares)
FROM payments_intent i
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.amount) FILTER (WHERE l.account = 'gateway_clearing'), 0)::bigint AS booked,
           -coalesce(sum(l.amount) FILTER (WHERE l.account = 'customer_credit' AND e.kind = 'payment'), 0)::bigint AS credit,
           coalesce(sum(l.amount) FILTER (WHERE l.account = 'disputed'), 0)::bigint AS disputed
    FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
    WHERE e.organisation_id = i.organisation_id AND e.intent_id = i.id) j
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0)::bigint AS shares FROM payments_intentshare x
    WHERE x.organisation_id = i.organisation_id AND x.intent_id = i.id) s
LEFT JOIN (SELECT organisation_id, intent_id, sum(amount)::bigint AS counted FROM payments_allocation GROUP BY 1, 2) a
    ON a.organisation_id = i.organisation_id AND a.intent_id = i.id
LEFT JOIN (
    SELECT organisation_id, intent_id, sum(amount) FILTER (WHERE status = 'succeeded' AND NOT by_hand AND NOT to_credit)::bigint AS done,
           sum(amount) FILTER (WHERE reason = 'excess')::bigint AS excess
    FROM payments_refund GROUP BY 1, 2) r ON r.organisation_id = i.organisation_id AND r.intent_id = i.id
LEFT JOIN (
    SELECT organisation_id, intent_id, sum(amount) FILTER (WHERE state <> 'won')::bigint AS out,
           sum(amount) FILTER (WHERE state = 'open')::bigint AS undecided, sum(amount) FILTER (WHERE regained)::bigint AS back
    FROM payments_dispute GROUP BY 1, 2) d ON d.organisation_id = i.organisation_id AND d.intent_id = i.id
WHERE j.booked <> i.captured - i.refunded - i.contested
   OR coalesce(r.done, 0) <> i.refunded
   OR coalesce(d.out, 0) <> i.contested
   OR j.disputed <> coalesce(d.undecided, 0)
   OR i.captured + coalesce(d.back, 0) <> coalesce(a.counted, 0) + coalesce(r.excess, 0) + j.credit
   OR s.shares <> i.amount
   OR (i.captured <> 0 AND i.captured <> i.amount)
"""


@invariant("payments")
def payments_allocations_and_refunds_add_up() -> Iterator[Problem]:
    """Of each payment: captured = counted + credit + excess; refunded = refunds made; contested = disputes not won; money at the
    gateway = captured - refunded - contested."""
    for org, reference, says, books in run(_MONEY):
        yield Problem("payments", f"organisation {org}, payment {reference}", f"{says}; {books}", f"الدفعة: {says}؛ الدفاتر: {books}")


_DUE = """
SELECT coalesce(b.organisation_id, r.organisation_id), coalesce(b.owner, r.owner), coalesce(b.due, 0), coalesce(r.due, 0)
FROM (
    SELECT e.organisation_id, coalesce(e.invoice_id, e.customer_id, e.receipt_id) AS owner, -sum(l.amount)::bigint AS due FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'refunds_due'
    GROUP BY 1, 2) b
FULL JOIN (
    SELECT organisation_id, coalesce(invoice_id, customer_id, receipt_id) AS owner, sum(amount)::bigint AS due FROM payments_refund
    WHERE status IN ('queued', 'sent', 'refused') GROUP BY 1, 2) r
    ON r.organisation_id = b.organisation_id AND r.owner = b.owner
WHERE coalesce(b.due, 0) <> coalesce(r.due, 0)
"""


@invariant("refunds")
def what_must_go_back_has_a_refund() -> Iterator[Problem]:
    """The balance of refunds_due is what the open refunds add up to."""
    for org, owner, booked, waiting in run(_DUE):
        en = f"the journal owes the payer {booked}, open refunds come to {waiting} (minor units)"
        ar = f"في اليومية {booked} يجب ردّها، والاستردادات المنتظرة {waiting} بأصغر وحدة"
        yield Problem("refunds", f"organisation {org}, invoice or customer {owner}", en, ar)


_RECEIPTS = """
SELECT r.organisation_id, r.key, r.amount, coalesce(j.bank, 0), coalesce(j.unmatched, 0), r.unmatched FROM payments_receipt r
LEFT JOIN (
    SELECT e.organisation_id, e.receipt_id,
           sum(l.amount) FILTER (WHERE l.account IN ('bank', 'gateway_clearing') AND e.kind = 'move')::bigint AS bank,
           -sum(l.amount) FILTER (WHERE l.account = 'unmatched')::bigint AS unmatched
    FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
    WHERE e.receipt_id IS NOT NULL GROUP BY 1, 2) j ON j.organisation_id = r.organisation_id AND j.receipt_id = r.id
WHERE coalesce(j.bank, 0) <> CASE WHEN r.undone_at IS NULL THEN r.amount ELSE 0 END
   OR coalesce(j.unmatched, 0) NOT BETWEEN 0 AND CASE WHEN r.undone_at IS NULL THEN r.amount ELSE 0 END
   OR r.unmatched <> coalesce(j.unmatched, 0)
"""


@invariant("receipts")
def receipts_are_booked_once() -> Iterator[Problem]:
    """Money received stands in the bank's account once, nothing after it was undone, no more of it is matched than came, and what is
    left of it is what the row says."""
    for org, key, amount, bank, unmatched, kept in run(_RECEIPTS):
        en = f"received {amount}, booked {bank}, of it unmatched {unmatched}, kept as {kept} (minor units)"
        ar = f"المستلم {amount} والمسجّل {bank} ومنه {unmatched} بلا مطابقة والمحفوظ {kept}، بأصغر وحدة"
        yield Problem("receipts", f"organisation {org}, receipt {key}", en, ar)


_CREDIT = """
SELECT e.organisation_id, e.customer_id, e.currency, -sum(l.amount)::bigint FROM payments_journalentry e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'customer_credit'
GROUP BY 1, 2, 3 HAVING sum(l.amount) > 0 OR e.customer_id IS NULL
"""


@invariant("credit")
def nobody_spends_credit_that_is_not_there() -> Iterator[Problem]:
    """The credit of each customer in each currency is zero or more, and belongs to somebody."""
    for org, customer, currency, credit in run(_CREDIT):
        en, ar = f"the credit is {credit} {currency} (minor units)", f"الرصيد {credit} {currency} بأصغر وحدة"
        yield Problem("credit", f"organisation {org}, customer {customer}", en, ar)


_PAYOUTS = """
SELECT p.organisation_id, p.gateway_id, p.amount, coalesce(sum(i.net), 0)::bigint FROM payments_payout p
LEFT JOIN payments_payoutitem i ON i.organisation_id = p.organisation_id AND i.payout_id = p.id
GROUP BY 1, 2, 3 HAVING p.amount <> coalesce(sum(i.net), 0)
"""


@invariant("payouts")
def payouts_are_the_sum_of_their_lines() -> Iterator[Problem]:
    """What a gateway paid out is what its lines come to."""
    for org, payout, amount, lines in run(_PAYOUTS):
        en = f"paid out {amount}, the lines come to {lines} (minor units)"
        ar = f"المحوّل {amount} ومجموع البنود {lines} بأصغر وحدة"
        yield Problem("payouts", f"organisation {org}, payout {payout}", en, ar)


_UNKNOWN = """
SELECT coalesce(b.organisation_id, p.organisation_id), coalesce(b.currency, p.currency), coalesce(b.amount, 0), coalesce(p.amount, 0) FROM (
    SELECT e.organisation_id, e.currency, -sum(l.amount)::bigint AS amount FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'unmatched'
    WHERE e.receipt_id IS NULL GROUP BY 1, 2) b
FULL JOIN (
    SELECT i.organisation_id, p.currency, sum(i.gross)::bigint AS amount FROM payments_payoutitem i
    JOIN payments_payout p ON p.organisation_id = i.organisation_id AND p.id = i.payout_id WHERE NOT i.is_known GROUP BY 1, 2) p
    ON p.organisation_id = b.organisation_id AND p.currency = b.currency
WHERE coalesce(b.amount, 0) <> coalesce(p.amount, 0)
"""


@invariant("payout-lines")
def unknown_lines_of_payouts_stand_in_unmatched() -> Iterator[Problem]:
    """What is unmatched of payouts is what their unknown lines come to: a line that was explained has moved in the books."""
    for org, currency, booked, lines in run(_UNKNOWN):
        en = f"unmatched of payouts {booked} {currency}, their unknown lines come to {lines} (minor units)"
        ar = f"غير المطابق من تحويلات البوابات {booked} {currency}، ومجموع بنودها المجهولة {lines} بأصغر وحدة"
        yield Problem("payout-lines", f"organisation {org}", en, ar)


_DAYS = """
SELECT coalesce(k.organisation_id, f.organisation_id), coalesce(k.day, f.day), coalesce(k.account, f.account), coalesce(k.kept, 'nothing'),
       coalesce(f.folded, 'nothing') FROM (
    SELECT organisation_id, day, currency, account, kind, concat_ws(' ', number, debit, credit) AS kept FROM payments_daysum) k
FULL JOIN (
    SELECT e.organisation_id, (e.at AT TIME ZONE o.time_zone)::date AS day, e.currency, l.account, e.kind,
           concat_ws(' ', count(*), coalesce(sum(l.amount) FILTER (WHERE l.amount > 0), 0), -coalesce(sum(l.amount) FILTER (WHERE l.amount < 0), 0))
           AS folded
    FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
    JOIN tenancy_organisation o ON o.id = e.organisation_id
    WHERE NOT EXISTS (SELECT FROM payments_unsummed u WHERE u.organisation_id = e.organisation_id AND u.id = e.id)
    GROUP BY 1, 2, 3, 4, 5) f
    ON f.organisation_id = k.organisation_id AND f.day = k.day AND f.currency = k.currency AND f.account = k.account AND f.kind = k.kind
WHERE k.kept IS DISTINCT FROM f.folded
"""


@invariant("days")
def sums_of_days_are_the_fold_of_the_journal() -> Iterator[Problem]:
    """Each day's sums are what its journal lines add up to, without the entries that still wait to be folded."""
    for org, day, account, kept, folded in run(_DAYS):
        en, ar = f"lines, debits, credits: kept {kept}, in the journal {folded}", f"السطور والمدين والدائن: المحفوظ {kept} وفي اليومية {folded}"
        yield Problem("days", f"organisation {org}, {day}, {account}", en, ar)


_CHARGES = """
SELECT c.organisation_id, c.id, c.state, coalesce(i.status, 'none'), coalesce(i.captured, 0), c.amount FROM payments_plannedcharge c
LEFT JOIN payments_intent i ON i.organisation_id = c.organisation_id AND i.id = c.intent_id
WHERE (c.state = 'done' AND coalesce(i.captured, 0) = 0) OR coalesce(i.captured, 0) > c.amount
   OR (c.state IN ('planned', 'noticed') AND c.intent_id IS NOT NULL) OR (c.intent_id IS NOT NULL AND c.noticed_at IS NULL)
"""


@invariant("autopay")
def nothing_is_charged_unannounced() -> Iterator[Problem]:
    """An automatic payment was announced first, took no more than announced, and is done only with the money."""
    for org, charge, state, status, captured, amount in run(_CHARGES):
        en = f"state {state}, payment {status}, captured {captured} of {amount} (minor units)"
        ar = f"الحالة {state} والدفعة {status} والمقبوض {captured} من {amount} بأصغر وحدة"
        yield Problem("autopay", f"organisation {org}, automatic payment {charge}", en, ar)


_FOLD = """
SELECT coalesce(f.organisation_id, b.organisation_id), coalesce(f.id, b.id), coalesce(f.figures, 'nothing'), coalesce(b.figures, 'nothing') FROM (
    SELECT organisation_id, id, concat_ws(' ', currency, coalesce(sum(amount) FILTER (WHERE part = 'issue'), 0),
        -coalesce(sum(amount) FILTER (WHERE part = 'payment'), 0),
        coalesce(sum(amount) FILTER (WHERE part IN ('refund_due', 'refund', 'chargeback')), 0),
        -coalesce(sum(amount) FILTER (WHERE part = 'credit'), 0), -coalesce(sum(amount) FILTER (WHERE part IN ('write_off', 'discount')), 0),
        -coalesce(sum(amount) FILTER (WHERE part = 'write_off'), 0),
        -coalesce(sum(amount) FILTER (WHERE part = 'due back'), 0), coalesce(sum(amount) FILTER (WHERE part = 'contested'), 0),
        extract(epoch FROM max(at) FILTER (WHERE part NOT IN ('due back', 'contested')))) AS figures
    FROM (
        SELECT e.organisation_id, e.invoice_id AS id, e.currency, e.at, l.amount,
               CASE l.account WHEN 'receivable' THEN e.kind WHEN 'disputed' THEN 'contested' ELSE 'due back' END AS part
        FROM payments_journalentry e
        JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
            AND l.account IN ('receivable', 'refunds_due', 'disputed')
        WHERE e.invoice_id IS NOT NULL) lines
    GROUP BY organisation_id, id, currency) f
FULL JOIN (
    SELECT organisation_id, id, concat_ws(' ', currency, total, received, returned, credited, forgiven, written_off, refunds_due, disputed,
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
