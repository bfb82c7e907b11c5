"""A movement on the bank's statement may be a gateway's payout."""

import django.db.models.deletion
import wasl.app.tenancy.scope
from django.conf import settings
from django.db import migrations, models

from wasl.app.tenancy.migrating import composite_fk


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0007_days'),
        ('statements', '0001_initial'),
        ('tenancy', '0002_payers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='statementline',
            name='payout',
            field=wasl.app.tenancy.scope.TenantForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='payments.payout'),
        ),
        migrations.AddIndex(
            model_name='statementline',
            index=models.Index(condition=models.Q(('payout__isnull', False)), fields=['organisation', 'payout'], name='statements_line_payout'),
        ),
        composite_fk("statements_statementline", "payout_id", "payments_payout"),
    ]
