"""From the token in an address to what the page needs, in a handful of queries: the link, the issued row, the sealed
document, what was paid, credited and published. A payer's link is its own scope: nothing else can be reached through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wasl.app import clock
from wasl.app.invoicing.links import ResolvedLink
from wasl.app.invoicing.models import Document, Invoice
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments.standing import Standing, standing
from wasl.app.sql import run
from wasl.app.tenancy.models import Organisation
from wasl.errors import WaslError
from wasl.formats import ubl
from wasl.invoice.model import Invoice as InvoiceModel


@dataclass(frozen=True)
class Opened:
    """One invoice, seen through one link."""

    link: ResolvedLink
    org: Organisation
    row: Invoice
    document: InvoiceModel | None  # None once its bytes were erased, or are damaged
    is_damaged: bool
    standing: Standing
    logged_at: datetime | None

    @property
    def today(self) -> date:
        return local_date(self.org, clock.now())


def opened(link: ResolvedLink) -> Opened:
    org = Organisation.objects.get(pk=link.organisation_id)
    row = Invoice.objects.for_org(org).get(pk=link.invoice_id)
    data = document_bytes(org, row, Document.XML)
    document, damaged = _read(data)
    damaged = damaged or (data is None and not _was_erased(row))
    return Opened(link, org, row, document, damaged, standing(org, row), published_at(row))


def _read(data: bytes | None) -> tuple[InvoiceModel | None, bool]:
    """Stored bytes that cannot be read were altered behind our back: the page must say so, not fall over (T4)."""
    try:
        return (ubl.read(data).invoice if data else None), False
    except WaslError:
        return None, True


def _was_erased(row: Invoice) -> bool:
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
