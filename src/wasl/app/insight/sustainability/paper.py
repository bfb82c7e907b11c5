"""What is known of one invoice's paper, and of all that one inbox got in a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
from django.db import transaction
from django.db.models import Count

from wasl.app.insight.sustainability.estimate import PAGES_MAX, Footprint, spared, total
from wasl.app.insight.sustainability.models import Paper
from wasl.app.invoicing.find import document
from wasl.app.invoicing.models import Document, Invoice

PRINTS_MAX = 20  # more is a slip of the finger
PAGES_ASSUMED = 1  # of an invoice whose PDF nobody has opened: the least it can have


@dataclass(frozen=True)
class Sheet:
    """Pages of one invoice, whether they were counted, and how often it was printed."""

    pages: int
    is_counted: bool
    prints: int

    @property
    def spared(self) -> Footprint:
        return spared(self.pages, self.prints)


@dataclass(frozen=True)
class Year:
    year: int
    invoices: int
    counted: int  # of them, those whose pages are known
    prints: int
    spared: Footprint


def glance(invoice: Invoice) -> Sheet:
    """What is known without opening anything: one look-up by key, for the card on the invoice page."""
    row = Paper.objects.for_org(invoice.organisation_id).filter(pk=invoice.pk).first()
    return _sheet(row)


def sheet(invoice: Invoice) -> Sheet:
    """The same, with the pages counted now where the PDF is there."""
    row = Paper.objects.for_org(invoice.organisation_id).filter(pk=invoice.pk).first()
    if row is None or row.pages is None:
        row = _counted(invoice, row)
    return _sheet(row)


@transaction.atomic
def report_print(invoice: Invoice, *, undo: bool = False) -> Sheet:
    """"I printed it", and the way back; never below none, never above PRINTS_MAX."""
    Paper.objects.for_org(invoice.organisation_id).bulk_create([Paper(organisation_id=invoice.organisation_id, pk=invoice.pk)], ignore_conflicts=True)
    row = Paper.objects.for_org(invoice.organisation_id).select_for_update().get(pk=invoice.pk)
    row.prints = max(row.prints - 1, 0) if undo else min(row.prints + 1, PRINTS_MAX)
    row.save(update_fields=["prints"])
    return _sheet(row)


def year_of(payer: Any, year: int) -> Year:
    """Everything that an inbox got in a year, by the day of issue. Only what its grants name."""
    issued = Invoice.objects.for_payer(payer).filter(issue_date__range=(date(year, 1, 1), date(year, 12, 31)))
    count = issued.count()
    groups = list(Paper.objects.for_payer(payer).filter(pk__in=issued.values("pk")).values_list("pages", "prints").annotate(n=Count("pk")))
    known = sum(n for _pages, _prints, n in groups)
    counted = sum(n for pages, _prints, n in groups if pages is not None)
    rest = (PAGES_ASSUMED, 0, count - known)
    summed = total([*((pages or PAGES_ASSUMED, prints, n) for pages, prints, n in groups), rest])
    return Year(year, count, counted, sum(prints * n for _pages, prints, n in groups), summed)


def _sheet(row: Paper | None) -> Sheet:
    pages = row.pages if row else None
    return Sheet(pages or PAGES_ASSUMED, pages is not None, row.prints if row else 0)


def _counted(invoice: Invoice, row: Paper | None) -> Paper | None:
    """Count the pages of the kept PDF and remember them; nothing is drawn for this alone."""
    data = document(invoice.organisation_id, invoice.pk, Document.PDF)
    if data is None:
        return row
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            pages = min(len(pdf.pages), PAGES_MAX)
    except pikepdf.PdfError:  # damaged on the disk: fsck says so, this page need not
        return row
    made = Paper(organisation_id=invoice.organisation_id, pk=invoice.pk, pages=pages)
    Paper.objects.for_org(invoice.organisation_id).bulk_create([made], ignore_conflicts=True)
    Paper.objects.for_org(invoice.organisation_id).filter(pk=invoice.pk).update(pages=pages)
    return Paper.objects.for_org(invoice.organisation_id).get(pk=invoice.pk)
