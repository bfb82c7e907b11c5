"""One payment: its story, where its money stands, and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.payments import queries, told, words
from wasl.app.console.payments.amounts import typed_amount
from wasl.app.delivery.address import safe_filename
from wasl.app.errors import NotFound
from wasl.app.payments.drivers.port import GatewayDown, GatewayRefused
from wasl.app.payments.journal import ACCOUNTS
from wasl.app.payments.models import Intent, Refund
from wasl.app.payments.receipt import paid_of, receipt_pdf
from wasl.app.payments.refund_payment import payment_of, refund_payment, shares_left
from wasl.app.payments.terms import approval_limit
from wasl.app.portal.history import people_of
from wasl.app.portal.views import file_response
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many
from wasl.errors import WaslError
from wasl.invoice.money import minor_units

ASKS = Limit(count=20, seconds=60)  # each of them asks somebody else's machine
REASON_CHARS_MAX = 200


@require_safe
@member
def payment(request: Any, payment_id: UUID) -> HttpResponse:
    return _page(request, get_or_404(queries.one(request.org, payment_id)))


def _page(request: Any, row: queries.Row, *, problems: dict[str, str] | None = None) -> HttpResponse:
    org, people = request.org, people_of(request.org)
    refunds, outs = told.refunds_of(org, row), told.paid_out(org, row.id)
    left = 0 if row.source == "credit" else sum(share.left for share in shares_left(payment_of(org, row.id)))
    limit = approval_limit(org, row.currency)
    typed = request.POST if request.method == "POST" else {}
    return show(
        request, "console/payments/one.html", "payments", status=422 if problems else 200, row=row, words=words, refunds=refunds, outs=outs,
        story=told.timeline(org, row, refunds, outs, people), entries=told.bookings(org, row.id), left=row.money(left), left_units=left,
        limit=None if limit is None else row.money(limit), problems=problems or {}, typed=typed, accounts=ACCOUNTS,
        summary_items=list((problems or {}).items()), has_receipt=bool(row.came and row.parts and row.source != "credit" and row.state != "undone"),
        can_credit=any(_has_customer(org, part.invoice_id) for part in row.parts), fee=row.fee or 0, places=minor_units(row.currency),
        waiting=[refund for refund in refunds if refund.status == Refund.WAITING],
        by_hand=row.source != "gateway",
    )  # fmt: skip


def _has_customer(org: Any, invoice_id: UUID) -> bool:
    from wasl.app.invoicing.models import Invoice

    return Invoice.objects.for_org(org).filter(pk=invoice_id, customer_id__isnull=False).exists()


@require_POST
@member
def refund(request: Any, payment_id: UUID) -> HttpResponse:
    """Ask for a refund of this payment: all that is left or a part, the way it came or as credit."""
    row = get_or_404(queries.one(request.org, payment_id))
    problems: dict[str, str] = {}
    amount = typed_amount(request.POST.get("amount", ""), row.currency, problems, "amount")
    reason = " ".join(request.POST.get("reason", "").split())[:REASON_CHARS_MAX]
    if not reason:
        problems["reason"] = _("Say why: it stays with the payment, and who approves reads it.")
    if problems:
        return _page(request, row, problems=problems)
    try:
        as_credit = request.POST.get("way") == "credit"
        seen = request.POST.get("seen", "")
        left = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 16 else None
        made = refund_payment(request.org, payment_id, amount=amount, actor=request.actor, reason=reason, to_credit=as_credit, seen=left)
    except NotFound:
        raise Http404 from None
    except WaslError as error:
        return _page(request, row, problems={"amount": error.message(current())})
    messages.success(request, _said(made))
    return redirect("console-payment", slug=request.org.slug, payment_id=payment_id)


def _said(made: list[Refund]) -> str:
    if any(refund.to_credit for refund in made):
        return _("Kept as the customer's credit. The invoice is owed again.")
    if any(refund.status == Refund.WAITING for refund in made):
        return _("Asked for. It is above your limit, so another owner approves it first.")
    if any(refund.intent_id is None for refund in made):
        return _("Decided. Send it from your bank, and then say so under Refunds.")
    return _("On its way back through the gateway.")


@require_safe
@member
def receipt(request: Any, payment_id: UUID) -> HttpResponse:
    """The payer's receipt, as PDF."""
    found = get_or_404(paid_of(request.org, payment_id))
    return file_response(receipt_pdf(found, current()), safe_filename(f"receipt-{found.lines[0].number}", "pdf"), "application/pdf")


@require_POST
@member
def ask(request: Any, payment_id: UUID) -> HttpResponse:
    """Ask the gateway where a payment stands, now."""
    from wasl.app.payments.drivers import registry
    from wasl.app.payments.settle import settle

    intent = get_or_404(Intent.objects.for_org(request.org).filter(pk=payment_id).exclude(gateway_id="").first())
    if not ASKS.spend(str(request.org.pk)):
        return too_many(request, ASKS.seconds)
    try:
        outcome = settle(request.org, intent.pk, registry.driver(request.org, intent.driver).fetch(intent.gateway_id))
    except (GatewayDown, GatewayRefused) as error:
        messages.error(request, error.message(current()))
    except WaslError as error:
        messages.error(request, error.message(current()))
    else:
        if outcome.mismatch:
            messages.error(request, _("The gateway still says something that does not fit this payment. It counts towards nothing."))
        else:
            messages.success(request, _("Asked: what the gateway says stands here now."))
    return redirect("console-payment", slug=request.org.slug, payment_id=payment_id)
