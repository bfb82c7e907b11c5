"""An address may be emptied by erasure (app/delivery/erase.py); it still cannot become another one."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from wasl.app.tenancy.migrating import frozen_columns, refuse_when

KEPT = ("organisation_id", "id", "invoice_id", "key", "message_id", "return_path")
_before = frozen_columns("delivery_delivery", *KEPT[:3], "recipient", *KEPT[3:])
_after = frozen_columns("delivery_delivery", *KEPT)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]

    operations = [
        RunSQL(_before.reverse_sql, _before.sql),
        _after,
        refuse_when("delivery_delivery", "address", "NEW.recipient <> OLD.recipient AND NEW.recipient <> ''"),
    ]
