"""Items follow a balance row by row: an issue, whose balance nobody has in an inbox yet, then pays for one look instead of two joins."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.migrations.operations import RunSQL

first = import_module("wasl.app.portal.inbox.migrations.0001_initial")

# By statement, PostgreSQL woke both triggers for each INSERT .. ON CONFLICT, with a set of rows or without one (0038)
MOVED = f"""
{first.NOT_MOVED};
CREATE FUNCTION inbox_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM inbox_item t WHERE t.organisation_id = NEW.organisation_id AND t.invoice_id = NEW.id) THEN
        UPDATE inbox_item t SET paid = s.paid, credited = s.credited, open_amount = s.open_amount, state = s.state, closed_on = s.closed_on,
            rank = s.rank
        FROM inbox_source s WHERE s.organisation_id = NEW.organisation_id AND s.invoice_id = NEW.id
          AND t.organisation_id = NEW.organisation_id AND t.invoice_id = NEW.id
          AND (t.paid, t.credited, t.open_amount, t.state, t.closed_on) IS DISTINCT FROM (s.paid, s.credited, s.open_amount, s.state, s.closed_on);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_balance_inbox_new AFTER INSERT ON payments_balance FOR EACH ROW EXECUTE FUNCTION inbox_moved();
CREATE TRIGGER payments_balance_inbox AFTER UPDATE ON payments_balance FOR EACH ROW EXECUTE FUNCTION inbox_moved();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("inbox", "0003_forgiven"),
    ]

    operations = [RunSQL(MOVED, f"{first.NOT_MOVED};{first.MOVED}")]
