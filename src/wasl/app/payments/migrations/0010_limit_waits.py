"""A higher limit for refunds waits for a second owner, or for a day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("payments", "0009_vacuum")]

    operations = [
        migrations.AddField("paymentsetting", "limit_wanted", models.BigIntegerField(null=True)),
        migrations.AddField("paymentsetting", "limit_asked_by", models.CharField(blank=True, db_default="", default="", max_length=60)),
        migrations.AddField("paymentsetting", "limit_counts_at", models.DateTimeField(null=True)),
    ]
