"""Looking issued documents up inside one organisation; what is not there, or not yours, is NotFound."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wasl.app.errors import NotFound
from wasl.app.invoicing.models import Document, Invoice
from wasl.app.sql import run
from wasl.formats import ubl
from wasl.invoice.model import Invoice as Model


def find_invoice(org: Any, invoice_id: UUID) -> Invoice:
    found = Invoice.objects.for_org(org).filter(pk=invoice_id).first()
    if found is None:
        raise NotFound(what="invoice")
    return found


def find_by_number(org: Any, number: str, kind: str = "invoice") -> Invoice:
    found = Invoice.objects.for_org(org).filter(number=number, kind=kind).first()
    if found is None:
        raise NotFound(what="invoice")
    return found


def document(org_id: UUID, invoice_id: UUID, kind: str) -> bytes | None:
    """The bytes of one document, or None where it was never made or was erased."""
    rows = run("SELECT data FROM invoicing_document WHERE organisation_id = %s AND invoice_id = %s AND kind = %s", (org_id, invoice_id, kind))
    return bytes(rows[0][0]) if rows else None


def sealed_xml(invoice: Any) -> bytes:
    """The sealed original; NotFound once it was erased."""
    data = document(invoice.organisation_id, invoice.pk, Document.XML)
    if data is None:
        raise NotFound(what="document")
    return data


def read_issued(invoice: Any) -> Model:
    """The semantic model of the sealed original."""
    return ubl.read(sealed_xml(invoice)).invoice
