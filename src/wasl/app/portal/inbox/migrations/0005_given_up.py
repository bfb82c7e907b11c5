"""What a seller gave up stands for itself in the inbox: 4 nothing of it was paid, 5 a part was; and items follow a date that was granted."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.migrations.operations import RunSQL

first = import_module("wasl.app.portal.inbox.migrations.0001_initial")
third = import_module("wasl.app.portal.inbox.migrations.0003_forgiven")
fourth = import_module("wasl.app.portal.inbox.migrations.0004_one_at_a_time")

PAID = "coalesce(b.received - b.returned, 0) > 0"
VIEW = third.AFTER.replace(
    "WHEN b.is_open THEN 0\n", f"WHEN b.is_open THEN 0 WHEN b.written_off > 0 THEN CASE WHEN {PAID} THEN 5 ELSE 4 END\n"
).replace("i.issue_date, i.due_date, i.currency", "i.issue_date, coalesce(b.due_date, i.due_date) AS due_date, i.currency")
BODY = fourth.MOVED[fourth.MOVED.index("CREATE FUNCTION inbox_moved") : fourth.MOVED.index("CREATE TRIGGER")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
MOVED = (
    BODY.replace("rank = s.rank", "rank = s.rank, due_date = s.due_date")
    .replace("t.state, t.closed_on)", "t.state, t.closed_on, t.due_date)")
    .replace("s.state, s.closed_on)", "s.state, s.closed_on, s.due_date)")
)
SUMS = first.SUMS[first.SUMS.index("CREATE FUNCTION inbox_add_up") : first.SUMS.index("CREATE TRIGGER")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
ADD_UP = SUMS.replace("WHERE state = 1", "WHERE state IN (1, 5)")
BACKFILL = """
UPDATE inbox_item t SET state = s.state FROM inbox_source s
WHERE s.organisation_id = t.organisation_id AND s.invoice_id = t.invoice_id AND s.state IN (4, 5) AND t.state <> s.state
"""


class Migration(migrations.Migration):

    dependencies = [
        ("inbox", "0004_one_at_a_time"),
        ("payments", "0008_written_off"),
    ]

    operations = [
        RunSQL(VIEW, third.AFTER),
        RunSQL(ADD_UP, SUMS),
        RunSQL(BACKFILL, RunSQL.noop),
        RunSQL(MOVED, BODY),
    ]
