"""A document for a proven address is granted to its inbox by a function that writes nothing where there is none."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations.operations import RunSQL

GRANT = """
CREATE FUNCTION wasl_grant_issued(org uuid, invoice uuid, mailbox text, grant_id uuid, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    inbox uuid;
BEGIN
    SELECT a.payer_id INTO inbox FROM tenancy_payeraddress a WHERE a.email = lower(mailbox);
    IF FOUND THEN
        INSERT INTO tenancy_payergrant (organisation_id, id, payer_id, invoice_id, created_at)
        VALUES (org, grant_id, inbox, invoice, at) ON CONFLICT DO NOTHING;
    END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("invoicing", "0003_requests"),
        ("tenancy", "0002_payers"),
    ]

    operations = [RunSQL(GRANT, "DROP FUNCTION wasl_grant_issued(uuid, uuid, text, uuid, timestamptz)")]
