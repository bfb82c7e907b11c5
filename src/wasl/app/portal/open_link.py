"""What the payer's pages read of one issued row: its sealed bytes, whether they were erased, its account, its place in the log."""

from __future__ import annotations

from datetime import datetime

from wasl.app.invoicing.models import Invoice
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


_SEALED = "SELECT kind, data FROM invoicing_document WHERE organisation_id = %s AND invoice_id = %s AND kind IN ('xml', 'xades')"


def sealed_bytes(row: Invoice) -> dict[str, bytes]:
    """The stored bytes of the original and its seal by kind; what was erased is not there."""
    return {kind: bytes(data) for kind, data in run(_SEALED, (row.organisation_id, row.pk), binary=True)}


def published_at(row: Invoice) -> datetime | None:
    """When the invoice's `issued` leaf was first under a published checkpoint; None while it waits."""
    from wasl.app.portal.queries import published_entry

    entry = published_entry(row)
    return entry.published_at if entry else None
