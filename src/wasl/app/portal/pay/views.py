"""`/i/<token>/pay`: a GET shows how much and how; a POST leads to the gateway's own page, or to the seller's account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wasl.app.invoicing.models import Link
from wasl.app.payments.families import BILL
from wasl.app.portal import acts
from wasl.app.portal.access import allowed
from wasl.app.portal.pay.amount import wanted
from wasl.app.portal.pay.page import PayPage, quick_way
from wasl.app.portal.pay.prefer import remember_way
from wasl.app.portal.pay.start import lets_go, to_gateway, way_back
from wasl.app.portal.pay.ways import Way, WayGone, chosen
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import too_many
from wasl.errors import EnvironmentFault, WaslError
from wasl.invoice.numerals import NotANumber

SAVED = "saved:"  # before the id of a saved method
FIELDS = ("way", "much", "amount")
OF_AMOUNT = ("WASL-PAY-71", "WASL-PAY-72", "WASL-FORM-01", NotANumber.code)  # errors that belong to the amount's field


@require_http_methods(["GET", "HEAD", "POST"])
@by_viewer(Link.MAIL, Link.PDF, role="pay")
def pay(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A second press within half an hour leads to the same payment, so nobody pays twice."""
    if request.method != "POST":
        return show(request, PayPage(viewer))
    if not allowed(request, viewer):
        return too_many(request)
    if viewer.is_private:
        acts.note(viewer, "opened")
    typed = {name: request.POST.get(name, "").strip()[:60] for name in FIELDS}
    page = PayPage(viewer, typed)
    if viewer.is_damaged:  # whose account, how much: nothing of it can be believed
        return show(request, PayPage(viewer, typed, notice=_("The stored document is damaged. Do not pay; ask the seller.")), status=409)
    from wasl.app.payments.pay import NothingToPay

    try:
        if typed["way"].startswith(SAVED):
            return _charge(request, page)
        way = chosen(page.ways, typed["way"]) if typed["way"] else quick_way(viewer)
        if way is None:
            return HttpResponseRedirect(page.pay_url) if page.ways else show(request, page, status=503)
        return _go(request, page, way)
    except NothingToPay:
        return HttpResponseRedirect(f"{viewer.base_url}?settled=1")  # the other tab was faster: the page says what is
    except WaslError as error:
        return _refused(request, page, error)


def _go(request: HttpRequest, page: PayPage, way: Way) -> HttpResponse:
    viewer = page.viewer
    remember_way(request, viewer, way)
    if not way.is_online:
        return HttpResponseRedirect(viewer.url("payer-transfer"))
    amount = _amount(page)
    amounts = None if amount is None else {viewer.row.pk: amount}
    keeps = {"payer": viewer.inbox.payer, "save": bool(request.POST.get("save")) and page.can_save} if viewer.inbox is not None else {}
    started = to_gateway([viewer.row], way, return_url=way_back(request, viewer), amounts=amounts, **keeps)
    # a presented bill is paid elsewhere: its numbers are on our own page
    return HttpResponseRedirect(f"{viewer.url('payer-pay-status')}?a={started.intent.pk}" if way.family == BILL else started.url)


def _charge(request: HttpRequest, page: PayPage) -> HttpResponse:
    """A saved method, with its owner at hand: no page of the gateway's between, straight to what became of it."""
    from wasl.app.payments.pay_saved import pay_saved

    viewer = page.viewer
    method = next((each.of for each in page.saved if each.key == page.typed["way"]), None)
    if method is None:
        raise WayGone
    amount = _amount(page)
    intent = pay_saved(
        [viewer.row], method, return_url=way_back(request, viewer), amounts=None if amount is None else {viewer.row.pk: amount}, language=current()
    )
    return HttpResponseRedirect(f"{viewer.url('payer-pay-status')}?a={intent.pk}")


def _amount(page: PayPage) -> int | None:
    return wanted(page.typed["much"], page.typed["amount"], limits=page.limits, may_part=page.may_part, instalment=page.funds.next_part)


def _refused(request: HttpRequest, page: PayPage, error: Any) -> HttpResponse:
    """Back to the form with what was typed: beside the amount where it is the amount's fault."""
    said = error.message(current())
    if error.code in OF_AMOUNT:
        return show(request, PayPage(page.viewer, page.typed, (("amount", said),)), status=422)
    status = 503 if isinstance(error, EnvironmentFault) else getattr(error, "status", 503)
    return show(request, PayPage(page.viewer, page.typed, notice=said), status=status)


def show(request: HttpRequest, page: PayPage, *, status: int = 200) -> HttpResponse:
    response = render(request, "portal/pay/pay.html", {"page": page, "place": "inbox"}, status=status)
    return lets_go(response, page.viewer.org, page.ways)
