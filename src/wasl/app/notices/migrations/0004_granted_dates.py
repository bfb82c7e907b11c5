"""Dates that sellers granted before count everywhere from now on: in lists, sums and ages, as in reminders."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

GRANTED = """
UPDATE payments_balance b SET due_date = x.due_date FROM (
    SELECT DISTINCT ON (organisation_id, invoice_id) organisation_id, invoice_id, due_date FROM notices_extension
    ORDER BY organisation_id, invoice_id, id DESC) x
WHERE b.organisation_id = x.organisation_id AND b.id = x.invoice_id AND b.due_date IS DISTINCT FROM x.due_date
"""


class Migration(migrations.Migration):

    dependencies = [
        ("inbox", "0005_given_up"),
        ("notices", "0003_pay_way"),
        ("payments", "0008_written_off"),
    ]

    operations = [RunSQL(GRANTED, RunSQL.noop)]
