"""The bank's mark that a movement takes an earlier one back, kept; and the booked movements that it may take back, found by their amount."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

COLUMNS = ("organisation_id", "id", "file_id", "account", "currency", "identity", "kind", "place", "booked", "value", "amount")
FROZEN = (
    'DROP TRIGGER "statements_statementline_frozen" ON "statements_statementline";'
    'CREATE TRIGGER "statements_statementline_frozen" BEFORE UPDATE ON "statements_statementline" FOR EACH ROW'
    " WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION wasl_refuse_change();"
)


def frozen(*columns: str) -> str:
    old, new = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
    return FROZEN.format(old=old, new=new)


class Migration(migrations.Migration):

    dependencies = [
        ('statements', '0002_arrival'),
    ]

    operations = [
        migrations.AddField(
            model_name='statementline',
            name='is_reversal',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='statementline',
            index=models.Index(condition=models.Q(('state', 'matched')), fields=['organisation', 'currency', 'amount', 'booked'], name='statements_line_taken'),
        ),
        RunSQL(frozen(*COLUMNS, "is_reversal"), frozen(*COLUMNS)),
    ]
