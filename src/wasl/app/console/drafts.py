"""Drafts: what was begun and not issued yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wasl.app.console.access import member, show
from wasl.app.errors import NotFound
from wasl.app.invoicing.drafts import discard_draft, draft_invoice
from wasl.app.invoicing.models import Draft, Series
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.totals import totals

SHOWN_MAX = 100  # the newest; whoever has more open drafts than this has another problem


@dataclass(frozen=True)
class DraftRow:
    id: UUID
    buyer: str
    total: Decimal
    currency: str
    lines: int
    updated_at: datetime


@require_safe
@member
def drafts(request: Any) -> HttpResponse:
    found = Draft.objects.for_org(request.org).filter(issued_invoice_id=None, kind=Series.INVOICE).order_by("-updated_at")[:SHOWN_MAX]
    return show(request, "console/drafts.html", "drafts", rows=[draft_row(draft) for draft in found])


def draft_row(draft: Draft) -> DraftRow:
    invoice = totals(draft_invoice(draft))
    total = (invoice.totals.payable_amount if invoice.totals else None) or Decimal(0)
    return DraftRow(
        draft.pk, (invoice.buyer.name if invoice.buyer else None) or "", total, invoice.currency or "", len(invoice.lines), draft.updated_at
    )


@require_POST
@member
def delete(request: Any, draft_id: UUID) -> HttpResponse:
    try:
        discard_draft(request.org, draft_id, actor=request.actor)
    except NotFound:
        raise Http404 from None
    except WaslError as error:
        messages.error(request, error.message(current()))
    else:
        messages.success(request, _("The draft is thrown away."))
    return redirect("console-drafts", slug=request.org.slug)
