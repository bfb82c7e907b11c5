"""Finding what was made out or mailed to an address, at once, across all sellers."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoicing', '0001_initial'),
        ('tenancy', '0002_payers'),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX invoicing_invoicetext_email ON invoicing_invoicetext (lower(buyer_email)) WHERE buyer_email <> ''",
            "DROP INDEX invoicing_invoicetext_email",
        ),
        migrations.RunSQL(
            "CREATE INDEX invoicing_link_recipient ON invoicing_link (recipient) WHERE purpose = 'mail' AND revoked_at IS NULL",
            "DROP INDEX invoicing_link_recipient",
        ),
    ]
