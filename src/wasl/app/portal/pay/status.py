"""`/i/<token>/pay/status`: where the gateway sends the payer back to. The return proves nothing: the gateway is asked (T73).

The page changes by itself: it is told by the stream of events, else it looks every second or two; without scripts the browser
loads it again. `?part=1` is the part that changes, for scripts/pay.js.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wasl.app import live
from wasl.app.invoicing.models import Invoice, Link
from wasl.app.live import topics
from wasl.app.payments.drivers.port import Bill
from wasl.app.payments.settle import invoices_of
from wasl.app.portal.pay.attempts import asked, attempt_of, bill_of, outcome_of
from wasl.app.portal.pay.frame import Head
from wasl.app.portal.pay.outcome import BILLED, PENDING, Outcome, short_word
from wasl.app.portal.pay.page import viewer_ways
from wasl.app.portal.pay.several import picked
from wasl.app.portal.pay.start import lets_go, way_back
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.ui.limits import Limit, too_many, visitor

STREAM_SECONDS = 1800  # a gateway's page closes after half an hour
LOOKS = Limit(count=240, seconds=60)  # of one visitor: two tabs that look twice a second


@dataclass(frozen=True)
class StatusPage(Head):
    """One attempt. `is_reached`: the gateway answered when it was asked just now."""

    intent: Any
    outcome: Outcome
    is_reached: bool = True
    bill: Bill | None = None  # biller and number, while it waits to be paid at a bank
    waiting: int = 0  # invoices that were ticked together with it and come next

    @property
    def word(self) -> str:
        return short_word(self.outcome.key)

    @property
    def pay_url(self) -> str:
        return self.viewer.url("payer-pay")

    @property
    def part_url(self) -> str:
        return self.viewer.url("payer-pay-status") + f"?part=1&a={self.intent.pk}"

    @property
    def stream(self) -> str:
        """Where news of this invoice's money comes from."""
        return stream_of(self.viewer)

    @property
    def renew_url(self) -> str:
        return self.viewer.url("payer-pay-status") + "?stream=1"

    @property
    def receipt_url(self) -> str:
        """For whom the document was sent to; the printed code shows no payments."""
        return self.viewer.url("payer-receipt", payment_id=self.intent.pk) if self.outcome.is_paid and self.is_private else ""

    @property
    def receipt_pdf_url(self) -> str:
        return self.viewer.url("payer-receipt-pdf", payment_id=self.intent.pk) if self.receipt_url else ""

    @cached_property
    def others(self) -> list[Any]:
        """The other invoices of the same payment that this reader may see."""
        ids = [each for each in invoices_of(self.intent) if each != self.viewer.row.pk]
        if not ids or self.viewer.inbox is None:
            return []
        rows = Invoice.objects.for_payer(self.viewer.inbox.payer).filter(organisation_id=self.viewer.org.pk, pk__in=ids)
        return [row.number for row in rows.order_by("number")]


def stream_of(viewer: Viewer) -> str:
    return live.stream_url([topics.invoice(viewer.org.pk, viewer.row.pk)], STREAM_SECONDS)


@require_safe
@by_viewer(Link.MAIL, Link.PDF, role="pay")
def status(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    is_part = bool(request.GET.get("part"))
    if (is_part or request.GET.get("stream")) and not LOOKS.spend(visitor(request)):
        return too_many(request, LOOKS.seconds)
    if request.GET.get("stream"):  # a ticket is over, and the reader is still here
        return JsonResponse({"stream": stream_of(viewer)})
    back = way_back(request, viewer)
    hints = [value for value in request.GET.values() if 8 <= len(value) <= 100]
    intent = attempt_of(viewer, back, hints)
    if intent is None:  # nothing was begun here, or long ago from another address: the invoice's page says how it stands
        return HttpResponseRedirect(viewer.base_url)
    is_reached = asked(viewer, intent)
    intent = attempt_of(viewer, back, [str(intent.pk)]) or intent
    outcome = outcome_of(intent)
    bill = bill_of(intent) if outcome.key == BILLED else None
    if outcome.key == BILLED and bill is None:  # the gateway presents none: its own page says how to pay
        outcome = replace(outcome, key=PENDING)
    page = StatusPage(viewer, intent, outcome, is_reached, bill, len(picked(request)) if viewer.inbox is not None else 0)
    response = render(request, "portal/pay/status_part.html" if is_part else "portal/pay/status.html", {"page": page, "place": "inbox"})
    return lets_go(response, viewer.org, viewer_ways(viewer) if page.outcome.left else [])
