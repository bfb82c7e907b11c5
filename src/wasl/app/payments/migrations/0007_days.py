"""Sums of days, closed days, what is unmatched of a receipt, and lines of payouts that are explained later."""

import django.db.models.deletion
import django.db.models.functions.comparison
import wasl.app.clock
import wasl.app.ids
import wasl.app.tenancy.scope
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from wasl.app.tenancy.migrating import composite_fk, composite_key, frozen_columns, immutable, no_delete

# The queue of entries that no day's sums hold yet: whoever writes entries, and however many at once
QUEUE = """
CREATE FUNCTION payments_queue_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO payments_unsummed (organisation_id, id) SELECT organisation_id, id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_journalentry_unsummed AFTER INSERT ON payments_journalentry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION payments_queue_sums();
"""
DO_NOT_QUEUE = "DROP TRIGGER payments_journalentry_unsummed ON payments_journalentry; DROP FUNCTION payments_queue_sums();"
QUEUED = "INSERT INTO payments_unsummed (organisation_id, id) SELECT organisation_id, id FROM payments_journalentry"

# Days are those of the seller's calendar: another time zone cuts them anew
REZONE = """
CREATE FUNCTION payments_sum_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM payments_daysum WHERE organisation_id = NEW.id;
    INSERT INTO payments_unsummed (organisation_id, id) SELECT organisation_id, id FROM payments_journalentry WHERE organisation_id = NEW.id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER tenancy_organisation_days AFTER UPDATE OF time_zone ON tenancy_organisation FOR EACH ROW
    WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION payments_sum_anew();
"""
DO_NOT_REZONE = "DROP TRIGGER tenancy_organisation_days ON tenancy_organisation; DROP FUNCTION payments_sum_anew();"

# What of a receipt is still nobody's, moved in the statement that writes journal lines
UNMATCHED = """
UPDATE payments_receipt r SET unmatched = r.unmatched - s.amount FROM (
    SELECT e.organisation_id, e.receipt_id, sum(l.amount)::bigint AS amount FROM {lines} l
    JOIN payments_journalentry e ON e.organisation_id = l.organisation_id AND e.id = l.entry_id
    WHERE l.account = 'unmatched' AND e.receipt_id IS NOT NULL GROUP BY 1, 2) s
WHERE r.organisation_id = s.organisation_id AND r.id = s.receipt_id AND s.amount <> 0
"""
KEEP = f"""
CREATE FUNCTION payments_keep_unmatched() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE account = 'unmatched') THEN
        {UNMATCHED.format(lines="added")};
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_journalline_unmatched AFTER INSERT ON payments_journalline REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION payments_keep_unmatched();
"""
DO_NOT_KEEP = "DROP TRIGGER payments_journalline_unmatched ON payments_journalline; DROP FUNCTION payments_keep_unmatched();"
DROP_IMMUTABLE = (
    "DROP TRIGGER payments_payoutitem_immutable ON payments_payoutitem; DROP TRIGGER payments_payoutitem_no_truncate ON payments_payoutitem;"
)


class Migration(migrations.Migration):

    dependencies = [
        ('invoicing', '0005_account_changes'),
        ('payments', '0006_hooks_alike'),
        ('tenancy', '0002_payers'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayClosing',
            fields=[
                ('id', models.UUIDField(default=wasl.app.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('closed_at', models.DateTimeField(default=wasl.app.clock.now)),
                ('closed_by', models.CharField(max_length=60)),
                ('figures', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='DaySum',
            fields=[
                ('id', models.UUIDField(default=wasl.app.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('account', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=12)),
                ('number', models.IntegerField()),
                ('debit', models.BigIntegerField()),
                ('credit', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Unsummed',
            fields=[
                ('id', models.UUIDField(default=wasl.app.ids.uuid7, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='payoutitem',
            name='explained_as',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='payoutitem',
            name='explained_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='payoutitem',
            name='explained_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='payoutitem',
            name='receipt',
            field=wasl.app.tenancy.scope.TenantForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='payments.receipt'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='unmatched',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(condition=models.Q(('intent__isnull', True), ('receipt__isnull', True)), fields=['organisation', '-at', '-id'], name='payments_allocation_credit'),
        ),
        migrations.AddIndex(
            model_name='intent',
            index=models.Index(models.F('organisation'), models.OrderBy(django.db.models.functions.comparison.Coalesce('settled_at', 'created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='payments_intent_recent'),
        ),
        migrations.AddIndex(
            model_name='payoutitem',
            index=models.Index(condition=models.Q(('is_known', False)), fields=['organisation', 'payout'], name='payments_payoutitem_unknown'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(condition=models.Q(('unmatched', 0), _negated=True), fields=['organisation', 'at'], name='payments_receipt_unmatched'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(fields=['organisation', '-created_at', '-id'], name='payments_refund_recent'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('receipt__isnull', False)), fields=['organisation', 'receipt'], name='payments_refund_receipt'),
        ),
        migrations.AddField(
            model_name='dayclosing',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation'),
        ),
        migrations.AddField(
            model_name='daysum',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation'),
        ),
        migrations.AddField(
            model_name='unsummed',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation'),
        ),
        migrations.AddIndex(
            model_name='dayclosing',
            index=models.Index(fields=['organisation', '-day', '-closed_at'], name='payments_dayclosing_recent'),
        ),
        migrations.AddConstraint(
            model_name='daysum',
            constraint=models.UniqueConstraint(fields=('organisation', 'day', 'currency', 'account', 'kind'), name='payments_daysum_once'),
        ),
        *composite_key("payments_dayclosing", "payments_daysum", "payments_unsummed"),
        composite_fk("payments_payoutitem", "receipt_id", "payments_receipt"),
        *immutable("payments_dayclosing"),
        RunSQL(DROP_IMMUTABLE, immutable("payments_payoutitem")[0].sql),
        frozen_columns("payments_payoutitem", "organisation_id", "id", "payout_id", "kind", "gateway_id", "gross", "fee", "net"),
        *no_delete("payments_payoutitem"),
        RunSQL("SET CONSTRAINTS ALL IMMEDIATE; LOCK TABLE payments_journalline, payments_journalentry IN SHARE ROW EXCLUSIVE MODE", RunSQL.noop),
        RunSQL(QUEUED, RunSQL.noop),
        RunSQL(UNMATCHED.format(lines="payments_journalline"), RunSQL.noop),
        RunSQL(QUEUE, DO_NOT_QUEUE),
        RunSQL(KEEP, DO_NOT_KEEP),
        RunSQL(REZONE, DO_NOT_REZONE),
    ]
