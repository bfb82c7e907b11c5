"""What must hold of notices: each reminder was said once, none was queued after the books were closed, each mail has its notice."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, invariant
from wasl.app.sql import run

_REMINDERS = "('due_soon', 'due', 'overdue')"
_PAIRS = """
SELECT d.organisation_id, d.id FROM delivery_delivery d
LEFT JOIN notices_notice n ON n.organisation_id = d.organisation_id AND n.delivery_id = d.id
WHERE d.kind <> 'invoice' AND n.id IS NULL
UNION ALL
SELECT n.organisation_id, n.id FROM notices_notice n
LEFT JOIN delivery_delivery d ON d.organisation_id = n.organisation_id AND d.id = n.delivery_id
WHERE n.state = 'queued' AND n.digest_id IS NULL AND d.id IS NULL
"""
_AFTER = f"""
SELECT d.organisation_id, d.id FROM delivery_delivery d
WHERE d.kind IN {_REMINDERS} AND d.state IN ('queued', 'deferred') AND NOT d.in_flight
  AND NOT EXISTS (SELECT FROM payments_balance b WHERE b.organisation_id = d.organisation_id AND b.id = d.invoice_id AND b.is_open)
"""
_TWICE = f"""
SELECT n.organisation_id, n.invoice_id FROM notices_notice n WHERE n.kind IN {_REMINDERS} AND n.delivery_id IS NOT NULL
GROUP BY n.organisation_id, n.invoice_id, n.email, n.data ->> 'due', n.data ->> 'step' HAVING count(*) > 1
"""


_DUE = """
SELECT b.organisation_id, b.id FROM payments_balance b
JOIN invoicing_invoice i ON i.organisation_id = b.organisation_id AND i.id = b.id
LEFT JOIN LATERAL (SELECT x.due_date FROM notices_extension x WHERE x.organisation_id = b.organisation_id AND x.invoice_id = b.id
                   ORDER BY x.id DESC LIMIT 1) x ON true
WHERE b.due_date IS DISTINCT FROM coalesce(x.due_date, i.due_date)
"""


@invariant("due-dates")
def the_date_that_holds_is_the_granted_one() -> Iterator[Problem]:
    """A balance is due when its document says, or on the later day that was granted."""
    for org, invoice in run(_DUE):
        en, ar = "its balance is due on another day than was agreed", "تاريخ استحقاق رصيدها غير التاريخ المتفق عليه"
        yield Problem("due-dates", f"organisation {org}, invoice {invoice}", en, ar)


@invariant("notice-mails")
def each_mail_has_its_notice() -> Iterator[Problem]:
    for org, row in run(_PAIRS):
        en, ar = "a notice without its mail, or a mail without its notice", "تنبيه بلا رسالته أو رسالة بلا تنبيهها"
        yield Problem("notice-mails", f"organisation {org}, notice or mail {row}", en, ar)


@invariant("notice-owed")
def nothing_waits_for_what_is_paid() -> Iterator[Problem]:
    for org, row in run(_AFTER):
        yield Problem("notice-owed", f"organisation {org}, delivery {row}", "a reminder waits, and nothing is owed", "تذكير ينتظر ولا شيء مستحق")


@invariant("notice-once")
def no_step_is_said_twice() -> Iterator[Problem]:
    for org, invoice in run(_TWICE):
        yield Problem("notice-once", f"organisation {org}, invoice {invoice}", "one step of its reminders was mailed twice", "أُرسل تذكير واحد مرتين")
