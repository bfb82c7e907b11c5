"""A balance says how much of it was written off, and follows the date that the seller granted."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

whole = import_module("wasl.app.payments.migrations.0004_whole")
WRITTEN_OFF = "-coalesce(sum(l.amount) FILTER (WHERE l.account = 'receivable' AND e.kind = 'write_off'), 0)::bigint"
PROJECT = (
    whole.PROJECT.replace("credited, forgiven, refunds_due", "credited, forgiven, written_off, refunds_due")
    .replace("AS forgiven,", f"AS forgiven,\n    {WRITTEN_OFF} AS written_off,")
    .replace("forgiven = b.forgiven + EXCLUDED.forgiven,", "forgiven = b.forgiven + EXCLUDED.forgiven, written_off = b.written_off + EXCLUDED.written_off,")
)
BACKFILL = f"""
UPDATE payments_balance b SET written_off = f.amount FROM (
    SELECT e.organisation_id, e.invoice_id, {WRITTEN_OFF} AS amount FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id AND l.account = 'receivable'
    WHERE e.kind = 'write_off' GROUP BY 1, 2) f
WHERE b.organisation_id = f.organisation_id AND b.id = f.invoice_id AND f.amount <> 0
"""
# The sealed document keeps its date (invoicing_invoice); the balance goes by the one that holds now
FROZEN = """
DROP TRIGGER payments_balance_frozen ON payments_balance;
CREATE TRIGGER payments_balance_frozen BEFORE UPDATE ON payments_balance FOR EACH ROW
    WHEN ((OLD.organisation_id, OLD.id, OLD.currency{old}) IS DISTINCT FROM (NEW.organisation_id, NEW.id, NEW.currency{new}))
    EXECUTE FUNCTION wasl_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [("payments", "0007_days")]

    operations = [
        migrations.AddField(
            model_name="balance",
            name="written_off",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        RunSQL("SET CONSTRAINTS ALL IMMEDIATE; LOCK TABLE payments_journalline IN SHARE ROW EXCLUSIVE MODE", RunSQL.noop),
        RunSQL(BACKFILL, RunSQL.noop),
        RunSQL(PROJECT, whole.PROJECT),
        RunSQL(FROZEN.format(old="", new=""), FROZEN.format(old=", OLD.due_date", new=", NEW.due_date")),
    ]
