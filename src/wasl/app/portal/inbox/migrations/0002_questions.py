"""An item says whether a question about its invoice is under way: kept by the database, as its balance is."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.migrations.operations import RunSQL

first = import_module("wasl.app.portal.inbox.migrations.0001_initial")
LIVE = "c.state IN ('open', 'answered')"

GRANTED = f"""
CREATE OR REPLACE FUNCTION inbox_granted() RETURNS trigger LANGUAGE plpgsql {first.BY_INDEX} AS $$
BEGIN
    PERFORM FROM payments_balance b JOIN added g ON b.organisation_id = g.organisation_id AND b.id = g.invoice_id
    ORDER BY b.organisation_id, b.id FOR SHARE OF b;
    INSERT INTO inbox_item (organisation_id, id, payer_id, invoice_id, has_question, {first.COLUMNS})
    SELECT g.organisation_id, g.id, g.payer_id, g.invoice_id,
           EXISTS (SELECT 1 FROM support_conversation c WHERE c.organisation_id = g.organisation_id AND c.invoice_id = g.invoice_id AND {LIVE}),
           {", ".join(f"s.{c}" for c in first.COLUMNS.split(", "))}
    FROM added g JOIN inbox_source s ON s.organisation_id = g.organisation_id AND s.invoice_id = g.invoice_id;
    RETURN NULL;
END $$;
"""
NOT_GRANTED = first.GRANTED.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

ASKED = f"""
CREATE FUNCTION inbox_asked() RETURNS trigger LANGUAGE plpgsql {first.BY_INDEX} AS $$
DECLARE
    live boolean := EXISTS (SELECT 1 FROM support_conversation c
                            WHERE c.organisation_id = NEW.organisation_id AND c.invoice_id = NEW.invoice_id AND {LIVE});
BEGIN
    UPDATE inbox_item SET has_question = live
    WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.invoice_id AND has_question <> live;
    RETURN NULL;
END $$;
CREATE TRIGGER support_conversation_inbox AFTER INSERT OR UPDATE OF state ON support_conversation
    FOR EACH ROW EXECUTE FUNCTION inbox_asked();
UPDATE inbox_item t SET has_question = true WHERE EXISTS (
    SELECT 1 FROM support_conversation c WHERE c.organisation_id = t.organisation_id AND c.invoice_id = t.invoice_id AND {LIVE});
"""
NOT_ASKED = "DROP TRIGGER support_conversation_inbox ON support_conversation; DROP FUNCTION inbox_asked();"


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0001_initial'),
        ('support', '0001_initial'),
    ]

    operations = [
        RunSQL(GRANTED, NOT_GRANTED),
        RunSQL(ASKED, NOT_ASKED),
    ]
