"""`/i/<token>/receipt` and `/i/<token>/receipt/<payment>`, as a page and as PDF: made at once, from the books.

A reader sees the shares of the invoices that are theirs: a link its own one, an inbox those that lie in it (T53, T54).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wasl.app.delivery.address import safe_filename
from wasl.app.invoicing.models import Invoice
from wasl.app.payments.receipt import Paid, latest_payment, paid_of, receipt_pdf
from wasl.app.portal.access import missed
from wasl.app.portal.pay.frame import Head
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor

PDFS = Limit(count=60, seconds=600)


@dataclass(frozen=True)
class ReceiptPage(Head):
    paid: Paid

    @property
    def pdf_url(self) -> str:
        return self.viewer.url("payer-receipt-pdf", payment_id=self.paid.id)

    @property
    def is_shared(self) -> bool:
        """It was one payment for several invoices, and not all of them are this reader's."""
        return self.paid.whole > self.paid.amount


def seen_payment(viewer: Viewer, payment_id: UUID) -> Paid | None:
    """The payment as this reader may see it: it must count towards the very invoice whose address was asked for."""
    allowed: Any = [viewer.row.pk]
    if viewer.inbox is not None:
        allowed = Invoice.objects.for_payer(viewer.inbox.payer).filter(organisation_id=viewer.org.pk).values_list("pk", flat=True)
    paid = paid_of(viewer.org, payment_id, invoices=allowed)
    return paid if paid and any(line.invoice_id == viewer.row.pk for line in paid.lines) else None


@require_safe
@by_viewer
def newest(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The receipt of the last payment: where the mail "your payment arrived" leads."""
    found = latest_payment(viewer.row)
    return HttpResponseRedirect(viewer.url("payer-receipt", payment_id=found)) if found else missed(request)


@require_safe
@by_viewer
def receipt(request: HttpRequest, viewer: Viewer, payment_id: UUID) -> HttpResponse:
    paid = seen_payment(viewer, payment_id)
    if paid is None:
        return missed(request)
    return render(request, "portal/pay/receipt.html", {"page": ReceiptPage(viewer, paid), "place": "inbox"})


@require_safe
@by_viewer
def pdf(request: HttpRequest, viewer: Viewer, payment_id: UUID) -> HttpResponse:
    from wasl.app.portal.views import file_response

    paid = seen_payment(viewer, payment_id)
    if paid is None:
        return missed(request)
    if not PDFS.spend(f"{visitor(request)} {viewer.row.pk}"):
        return too_many(request, PDFS.seconds)
    return file_response(receipt_pdf(paid, current()), safe_filename(f"receipt-{paid.lines[0].number}", "pdf"), "application/pdf")
