"""What the payer's pages read of one issued row: its sealed bytes, whether they were erased, its account, its place in the log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wasl.app.invoicing.models import Document, Invoice
from wasl.app.sql import run
from wasl.errors import WaslError
from wasl.formats import ubl
from wasl.invoice.model import Invoice as InvoiceModel


def read(data: bytes | None) -> tuple[InvoiceModel | None, bool]:
    """Stored bytes that cannot be read were altered behind our back: the page must say so, not fall over (T4)."""
    try:
        return (ubl.read(data).invoice if data else None), False
    except WaslError:
        return None, True


def was_erased(row: Invoice) -> bool:
    """By our own act: bytes that are merely gone were taken by somebody else (T4)."""
    sql = "SELECT 1 FROM events_event WHERE organisation_id = %s AND invoice_id = %s AND type = 'erased' LIMIT 1"
    return bool(run(sql, (row.organisation_id, row.pk)))


def document_bytes(org: Any, row: Invoice, kind: str) -> bytes | None:
    """The stored bytes of one kind, None where they are not there (not made yet, or erased)."""
    found = Document.objects.for_org(org).filter(invoice_id=row.pk, kind=kind).values_list("data", flat=True).first()
    return bytes(found) if found is not None else None


_FIRST_USE = """
SELECT v.first_used_on, v.iban FROM invoicing_bankaccountversion v WHERE v.organisation_id = %s AND v.id = %s
"""


def account_since(row: Invoice) -> tuple[date | None, str] | None:
    """(first use, IBAN) of the account on the invoice: both pinned at issue, neither ever changed."""
    if row.account_version_id is None:
        return None
    rows = run(_FIRST_USE, (row.organisation_id, row.account_version_id))
    return (rows[0][0], rows[0][1]) if rows else None


def published_at(row: Invoice) -> datetime | None:
    """When the invoice's `issued` leaf was first under a published checkpoint; None while it waits."""
    from wasl.app.portal.queries import published_entry

    entry = published_entry(row)
    return entry.published_at if entry else None
