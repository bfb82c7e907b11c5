"""An issue queues its document instead of writing its search row; whoever grants or pays while the row is not there yet queues it too."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

first = import_module("wasl.app.archive.migrations.0001_initial")

# Everything about a row that others move: who may see it, and whether it is owed
MARKS = """
CREATE FUNCTION wasl_search_marks(org uuid, invoice uuid) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT wasl_search_payers(org, invoice) || CASE WHEN EXISTS (
        SELECT 1 FROM payments_balance b WHERE b.organisation_id = org AND b.id = invoice AND b.is_open)
        THEN quote_literal(':open')::tsvector ELSE ''::tsvector END
$$;
"""
# DO UPDATE, not DO NOTHING: it holds the queued row, so the worker cannot take it before this transaction's grant is to be seen
QUEUE = "ON CONFLICT (organisation_id, id) DO UPDATE SET rebuild = archive_waiting.rebuild"

# The rows are held before they are read: two who grant the same document at once both stand in it afterwards
GRANTED = f"""
CREATE OR REPLACE FUNCTION wasl_search_granted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    many boolean := (SELECT count(*) FROM moved) > 200;
BEGIN
    IF NOT many THEN
        PERFORM FROM archive_searchrow s WHERE (s.organisation_id, s.id) IN (SELECT organisation_id, invoice_id FROM moved)
        ORDER BY s.organisation_id, s.id FOR UPDATE;
        UPDATE archive_searchrow s SET words = ts_delete(s.words, ARRAY(
                SELECT w.lexeme FROM unnest(s.words) w WHERE w.lexeme LIKE '@p%')) || wasl_search_payers(s.organisation_id, s.id)
        WHERE (s.organisation_id, s.id) IN (SELECT organisation_id, invoice_id FROM moved);
    END IF;
    INSERT INTO archive_waiting (organisation_id, id)
    SELECT DISTINCT m.organisation_id, m.invoice_id FROM moved m
    WHERE many OR NOT EXISTS (SELECT 1 FROM archive_searchrow s WHERE s.organisation_id = m.organisation_id AND s.id = m.invoice_id)
    ORDER BY 1, 2 {QUEUE};
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION wasl_search_regranted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO archive_waiting (organisation_id, id) VALUES (NEW.organisation_id, NEW.invoice_id) {QUEUE};
    RETURN NULL;
END $$;
"""
# A new balance belongs to a document that is queued in the same transaction: only what opens or closes later is followed
OPENED = f"""
CREATE OR REPLACE FUNCTION wasl_search_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE archive_searchrow SET words = CASE WHEN NEW.is_open THEN words || quote_literal(':open')::tsvector ELSE ts_delete(words, ':open') END
    WHERE organisation_id = NEW.organisation_id AND id = NEW.id;
    IF NOT FOUND THEN
        INSERT INTO archive_waiting (organisation_id, id) VALUES (NEW.organisation_id, NEW.id) {QUEUE};
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER payments_balance_search ON payments_balance;
CREATE TRIGGER payments_balance_search AFTER UPDATE ON payments_balance
    FOR EACH ROW WHEN (OLD.is_open IS DISTINCT FROM NEW.is_open) EXECUTE FUNCTION wasl_search_opened();
"""
NOT_OPENED = "DROP TRIGGER payments_balance_search ON payments_balance;" + first.OPENED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):

    dependencies = [
        ("archive", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(model_name="waiting", index=models.Index(fields=["id"], name="archive_waiting_newest")),
        RunSQL(MARKS, "DROP FUNCTION wasl_search_marks(uuid, uuid)"),
        RunSQL(GRANTED, RunSQL.noop),
        RunSQL(OPENED, NOT_OPENED),
    ]
