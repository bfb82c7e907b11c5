"""What an address likes to pay with. Rows of before have no preference."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_epoch'),
    ]

    operations = [
        migrations.AddField(
            model_name='preference',
            name='pay_way',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
    ]
