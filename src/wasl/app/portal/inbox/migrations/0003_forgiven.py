"""What a discount or a write-off took off an invoice counts in the inbox as what a credit note took off."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.migrations.operations import RunSQL

first = import_module("wasl.app.portal.inbox.migrations.0001_initial")
VIEW = first.SOURCE[first.SOURCE.index("CREATE VIEW inbox_source") :]
BEFORE = VIEW.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")
AFTER = BEFORE.replace("coalesce(b.credited, 0)", "coalesce(b.credited + b.forgiven, 0)")


class Migration(migrations.Migration):

    dependencies = [
        ("inbox", "0002_questions"),
        ("payments", "0004_whole"),
    ]

    operations = [RunSQL(AFTER, BEFORE)]
