"""The PDF of a document: made when somebody first wants it, kept for ever as it was first handed out."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.invoicing.examine import regime_for
from wasl.app.invoicing.find import document, find_invoice, read_issued, sealed_xml
from wasl.app.invoicing.issue import DOCUMENT_NAME
from wasl.app.invoicing.links import claim_code, make_link
from wasl.app.invoicing.models import Document, Invoice, Link
from wasl.app.sql import run
from wasl.app.tenancy.models import Organisation
from wasl.invoice.model import Invoice as Model
from wasl.render import RenderContext, render_pdf
from wasl.seal import tlv

_KEEP = """
INSERT INTO invoicing_document (organisation_id, id, invoice_id, kind, sha256, data, key_id, created_at)
SELECT organisation_id, %s, invoice_id, 'pdf', %s, %s, '', %s FROM (
    SELECT organisation_id, invoice_id FROM invoicing_document
    WHERE organisation_id = %s AND invoice_id = %s AND kind = 'xml' FOR KEY SHARE
) original  -- not where it was erased while the picture was made
ON CONFLICT (organisation_id, invoice_id, kind) DO NOTHING
"""


def pdf_for(invoice: Invoice) -> bytes:
    """The one PDF of an issued document. Two callers at once both get the copy that was kept first."""
    kept = document(invoice.organisation_id, invoice.pk, Document.PDF)
    if kept is not None:
        return kept
    model = read_issued(invoice)
    rendered = render_pdf(model, context=context_for(invoice, model))
    with transaction.atomic():
        copy = (uuid7(), hashlib.sha256(rendered.data).digest(), rendered.data, clock.now())
        run(_KEEP, (*copy, invoice.organisation_id, invoice.pk))
    return document(invoice.organisation_id, invoice.pk, Document.PDF) or rendered.data


def context_for(invoice: Invoice, model: Model) -> RenderContext:
    """Everything the picture needs beside the document; all of it fixed at issue or derived from it."""
    org = Organisation.objects.get(pk=invoice.organisation_id)
    origin = settings.CONFIG.origin.rstrip("/")
    original = find_invoice(org, invoice.original_id) if invoice.original_id else None
    law = regime_for(org)
    return RenderContext(
        issued_at=invoice.issued_at.replace(microsecond=0),  # a PDF dates to the second
        language="en" if invoice.language == "en" else "ar",
        logo=bytes(org.logo) if org.logo else None,
        accent=org.accent or RenderContext.accent,
        pay_url=f"{origin}/i/{make_link(invoice, Link.PDF)}",
        claim_code=claim_code(invoice),
        verify_url=f"{origin}/v/{make_link(invoice, Link.VERIFY)}",
        tax_qr=tlv.encode(dict(law.qr(model, invoice.issued_at))) if law and law.qr else None,
        document_xml=sealed_xml(invoice),
        document_name=DOCUMENT_NAME,
        xades=document(invoice.organisation_id, invoice.pk, Document.XADES),
        xades_name=f"{DOCUMENT_NAME}.xades",
        profile_name=invoice.profile,
        original_invoice_number=original.number if original else None,
        original_invoice_date=original.issue_date if original else None,
        seller_name_other=org.name_in("en" if org.legal_name_language == "ar" else "ar") or None,
    )
