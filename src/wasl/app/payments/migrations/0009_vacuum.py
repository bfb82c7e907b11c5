"""The queue of unsummed entries is filled and emptied all day: what left it is cleared away soon, so that no reader passes over it."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

OFTEN = "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000"


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0008_written_off'),
    ]

    operations = [
        RunSQL(
            f"ALTER TABLE payments_unsummed SET ({OFTEN})",
            "ALTER TABLE payments_unsummed RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)",
        ),
    ]
