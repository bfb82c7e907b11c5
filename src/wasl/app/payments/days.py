"""Days of the books, flat however many entries there are: sums of what was folded, and the few entries that were not yet.

Whoever posts only leaves the entry's id in a queue (a trigger, payments_unsummed); the worker folds the queue into sums. A reader
adds what the queue still holds, in one statement and so from one moment: sums are never late.
"""

from __future__ import annotations

from django.db import transaction

from wasl.app.sql import run

FOLD_MAX = 20_000  # entries in one transaction
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('payments_daysum'))"  # two folders would wait for each other's rows
_FOLD = """
WITH picked AS (SELECT organisation_id, id FROM payments_unsummed LIMIT %(limit)s FOR UPDATE SKIP LOCKED), taken AS (
    DELETE FROM payments_unsummed u USING picked p WHERE u.organisation_id = p.organisation_id AND u.id = p.id RETURNING u.organisation_id, u.id
), folded AS (
    INSERT INTO payments_daysum AS d (organisation_id, id, day, currency, account, kind, number, debit, credit)
    SELECT e.organisation_id, gen_random_uuid(), (e.at AT TIME ZONE o.time_zone)::date, e.currency, l.account, e.kind, count(*)::int,
           coalesce(sum(l.amount) FILTER (WHERE l.amount > 0), 0)::bigint, -coalesce(sum(l.amount) FILTER (WHERE l.amount < 0), 0)::bigint
    FROM taken t
    JOIN payments_journalentry e ON e.organisation_id = t.organisation_id AND e.id = t.id
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
    JOIN tenancy_organisation o ON o.id = e.organisation_id
    GROUP BY 1, 3, 4, 5, 6 ORDER BY 1, 3, 4, 5, 6
    ON CONFLICT (organisation_id, day, currency, account, kind) DO UPDATE SET
        number = d.number + EXCLUDED.number, debit = d.debit + EXCLUDED.debit, credit = d.credit + EXCLUDED.credit
)
SELECT count(*) FROM taken
"""

# One organisation's sums by day, the queue's entries among them. Needs org
SUMS = """
(SELECT d.day, d.currency, d.account, d.kind, d.number, d.debit, d.credit FROM payments_daysum d WHERE d.organisation_id = %(org)s
UNION ALL
SELECT (e.at AT TIME ZONE o.time_zone)::date, e.currency, l.account, e.kind, 1, greatest(l.amount, 0), greatest(-l.amount, 0)
FROM payments_unsummed u
JOIN payments_journalentry e ON e.organisation_id = u.organisation_id AND e.id = u.id
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
JOIN tenancy_organisation o ON o.id = e.organisation_id
WHERE u.organisation_id = %(org)s)
"""


def fold() -> int:
    """Take the queue into the sums, of all organisations; how many entries. Safe to repeat and to run twice at once."""
    done = 0
    while True:
        with transaction.atomic():
            if not run(_LOCK)[0][0]:
                return done
            taken = int(run(_FOLD, {"limit": FOLD_MAX})[0][0])
        done += taken
        if taken < FOLD_MAX:
            return done
