"""`/i/<token>/pay/status`: where the gateway sends the payer back to. The return proves nothing: the gateway is asked (T73).

The page changes by itself: it is told by the stream of events, else it looks every second or two; without scripts the browser
loads it again. `?part=1` is the part that changes, for scripts/pay.js.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wasl.app.invoicing.models import Link
from wasl.app.portal.pay.attempts import asked, invoices_of, last_attempt, outcome_of
from wasl.app.portal.pay.frame import Head
from wasl.app.portal.pay.outcome import Outcome, short_word
from wasl.app.portal.pay.page import viewer_ways
from wasl.app.portal.pay.start import lets_go, way_back
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.ui.limits import Limit, too_many, visitor

LOOKS = Limit(count=240, seconds=60)  # of one visitor: two tabs that look twice a second


@dataclass(frozen=True)
class StatusPage(Head):
    """One attempt. `is_reached`: the gateway answered when it was asked just now."""

    intent: Any
    outcome: Outcome
    is_reached: bool = True

    @property
    def word(self) -> str:
        return short_word(self.outcome.key)

    @property
    def pay_url(self) -> str:
        return self.viewer.url("payer-pay")

    @property
    def part_url(self) -> str:
        return self.viewer.url("payer-pay-status") + "?part=1"

    @property
    def receipt_url(self) -> str:
        """For whom the document was sent to; the printed code shows no payments."""
        return self.viewer.url("payer-receipt", payment_id=self.intent.pk) if self.outcome.is_paid and self.is_private else ""

    @property
    def receipt_pdf_url(self) -> str:
        return self.viewer.url("payer-receipt-pdf", payment_id=self.intent.pk) if self.receipt_url else ""

    @property
    def count(self) -> int:
        return len(invoices_of(self.intent))


@require_safe
@by_viewer(Link.MAIL, Link.PDF, role="pay")
def status(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    is_part = bool(request.GET.get("part"))
    if is_part and not LOOKS.spend(visitor(request)):
        return too_many(request, LOOKS.seconds)
    back = way_back(request, viewer)
    intent = last_attempt(viewer, back)
    if intent is None:  # nothing was begun here, or long ago from another address: the invoice's page says how it stands
        return HttpResponseRedirect(viewer.base_url)
    is_reached = asked(viewer, intent)
    intent = last_attempt(viewer, back) or intent
    page = StatusPage(viewer, intent, outcome_of(intent), is_reached)
    response = render(request, "portal/pay/status_part.html" if is_part else "portal/pay/status.html", {"page": page, "place": "inbox"})
    return lets_go(response, viewer.org, viewer_ways(viewer) if page.outcome.left else [])
