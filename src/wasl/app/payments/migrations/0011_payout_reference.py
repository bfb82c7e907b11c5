"""A line of a payout keeps our reference: where the gateway's own id of the line tells nothing, it is what finds the payment later."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0010_limit_waits'),
    ]

    operations = [
        migrations.AddField(
            model_name='payoutitem',
            name='reference',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
    ]
