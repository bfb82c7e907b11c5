"""What must hold of statements: each accepted movement has one living receipt of its amount, and no receipt is claimed twice."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, invariant
from wasl.app.sql import run

_ACCEPTED = """
SELECT l.organisation_id, l.id, l.amount, l.currency, r.amount, r.currency, r.undone_at IS NOT NULL FROM statements_statementline l
LEFT JOIN payments_receipt r ON r.organisation_id = l.organisation_id AND r.id = l.receipt_id
WHERE l.state = 'matched' AND (r.id IS NULL OR r.undone_at IS NOT NULL OR (r.amount, r.currency) IS DISTINCT FROM (l.amount, l.currency))
"""
_RETURNED = """
SELECT r.organisation_id, r.id, sum(l.amount)::bigint, r.undone_at IS NULL FROM statements_statementline l
JOIN payments_receipt r ON r.organisation_id = l.organisation_id AND r.id = l.receipt_id
WHERE l.state = 'reversed' GROUP BY 1, 2, 4, r.key, r.amount
HAVING r.undone_at IS NULL OR sum(l.amount) <> CASE WHEN r.key LIKE 'statement:%%' THEN 0 ELSE -r.amount END
"""
_LEFT = """
SELECT r.organisation_id, r.key FROM payments_receipt r
LEFT JOIN statements_statementline l ON l.organisation_id = r.organisation_id AND l.receipt_id = r.id AND l.state = 'matched'
WHERE r.key LIKE 'statement:%%' AND r.undone_at IS NULL AND l.id IS NULL
"""


@invariant("statements")
def accepted_movements_are_booked_once() -> Iterator[Problem]:
    """An accepted movement and its receipt agree, and every receipt made from a movement still belongs to one."""
    for org, line, amount, currency, booked, booked_in, is_undone in run(_ACCEPTED):
        en = f"the movement says {amount} {currency}, its receipt {booked} {booked_in}{', which was undone' if is_undone else ''} (minor units)"
        ar = f"في الحركة {amount} {currency} وفي مقبوضها {booked} {booked_in} بأصغر وحدة{'، وقد أُلغي' if is_undone else ''}"
        yield Problem("statements", f"organisation {org}, movement {line}", en, ar)
    for org, receipt, left, is_booked in run(_RETURNED):
        en = f"the bank took it back, and {'it is still booked' if is_booked else f'its movements leave {left} (minor units)'}"
        ar = f"استردّه البنك و{'ما زال مسجّلًا' if is_booked else f'تبقى من حركاته {left} بأصغر وحدة'}"
        yield Problem("statements", f"organisation {org}, receipt {receipt}", en, ar)
    for org, key in run(_LEFT):
        yield Problem("statements", f"organisation {org}, receipt {key}", "no accepted movement stands behind it", "لا حركة مقبولة وراءه")
