"""A dispute that was lost and won again; and the new columns' own defaults, for who writes rows by the million without Django."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

DEFAULTS = {
    "payments_intent": {"method": "''", "saves": "false", "wants_back": "false", "failure": "''", "contested": "0"},
    "payments_refund": {"note": "''", "asked_by": "''", "decided_by": "''", "by_hand": "false", "to_credit": "false"},
    "payments_balance": {"forgiven": "0", "disputed": "0"},
}


def alter(what: str) -> str:
    """One statement a table; `what` may name the default."""
    return "; ".join(
        f"ALTER TABLE {table} " + ", ".join(f"ALTER COLUMN {column} {what.format(value)}" for column, value in columns.items())
        for table, columns in DEFAULTS.items()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0004_whole'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispute',
            name='regained',
            field=models.BooleanField(default=False),
        ),
        RunSQL(alter("SET DEFAULT {}"), alter("DROP DEFAULT")),
    ]
