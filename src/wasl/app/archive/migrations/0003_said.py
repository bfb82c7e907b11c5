"""Search hears what was said: messages for both sides, internal notes for the seller; a lively conversation makes one row of many messages."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

SAID_BEFORE = """
INSERT INTO archive_waiting (organisation_id, id, rebuild) SELECT DISTINCT organisation_id, invoice_id, true FROM support_conversation
ON CONFLICT (organisation_id, id) DO UPDATE SET rebuild = true
"""


class Migration(migrations.Migration):

    dependencies = [
        ("archive", "0002_queue"),
        ("support", "0005_desk_turns"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchrow",
            name="asides",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="waiting",
            name="ready_at",
            field=models.DateTimeField(null=True),
        ),
        RunSQL(SAID_BEFORE, RunSQL.noop),
    ]
