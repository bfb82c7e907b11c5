"""One issued invoice at the seller's desk: its state, its story, its files, and what can be done: send, credit, withdraw links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wasl.app import clock
from wasl.app.console.access import get_or_404, member, owner, show
from wasl.app.console.queries import settled
from wasl.app.delivery.address import safe_filename
from wasl.app.delivery.send import deliver
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import find_invoice, read_issued
from wasl.app.invoicing.links import make_link
from wasl.app.invoicing.links import revoke as revoke_link
from wasl.app.invoicing.models import InvoiceText, Link
from wasl.app.invoicing.prepare import local_date
from wasl.app.portal import queries
from wasl.app.portal.page import Facts, FileLink, PayerPage, Payment, Related
from wasl.app.portal.views import FILES, file_bytes, file_response
from wasl.app.proofs.prove import ProofPending
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.money import from_minor


@dataclass(frozen=True)
class Seen:
    """What `file_bytes` of the portal needs of an invoice, without a link."""

    org: Any
    row: Any


def row_or_404(request: Any, invoice_id: UUID) -> Any:
    try:
        return find_invoice(request.org, invoice_id)
    except NotFound:
        raise Http404 from None


@require_safe
@member
def detail(request: Any, invoice_id: UUID) -> HttpResponse:
    row = row_or_404(request, invoice_id)
    org = request.org
    from wasl.app.console.story import told

    links = Link.objects.for_org(org).filter(invoice_id=row.pk, purpose=Link.MAIL).order_by("created_at")
    return show(
        request, "console/invoice.html", "invoices", row=row, page=seller_page(request, row), text=text_of(row), links=list(links), now=clock.now(),
        history=told(org, row),
        payer_url=reverse("payer", args=[make_link(row, Link.PDF)]), verify_url=reverse("verify", args=[make_link(row, Link.VERIFY)]),
        notes=queries.notes_of(row), original=find_invoice(org, row.original_id) if row.original_id else None,
    )  # fmt: skip


def text_of(row: Any) -> Any:
    return InvoiceText.objects.for_org(row.organisation_id).filter(pk=row.pk).first()


def seller_page(request: Any, row: Any) -> PayerPage:
    """The same page that the payer sees, built from the same parts, without its links."""
    from wasl.app.portal.build import erased_document

    org = request.org
    found = get_or_404(settled(org, row.pk, today=local_date(org, clock.now())))
    try:
        document = read_issued(row)
    except NotFound:
        document = erased_document(row)
    paid = tuple(
        Payment(format.local_day(at, org.time_zone), from_minor(units, row.currency), reference) for at, units, reference in queries.payments_of(row)
    )
    related = tuple(Related(note.number, note.issue_date, from_minor(note.amount, row.currency)) for note in queries.notes_of(row))
    facts = Facts(
        today=local_date(org, clock.now()), paid=found.paid, credited=found.credited - found.forgiven, forgiven=found.forgiven,
        given_up=found.given_up, due=found.due_date, granted=found.due_date if found.due_date != row.due_date else None, for_seller=True,
        payments=paid, paid_on=paid[-1].at if paid else None, related=related, is_private=True, country=org.country,
    )  # fmt: skip
    file = lambda kind: reverse("console-file", args=[org.slug, row.pk, kind])  # noqa: E731
    files = (
        FileLink(_("PDF"), file("pdf"), "file"), FileLink(_("XML"), file("xml"), "code"),
        FileLink(_("Seal"), file("xades"), "seal"), FileLink(_("Proof"), file("proof"), "proof"),
    )  # fmt: skip
    return PayerPage(document, facts, current(), org.name_in(current()), current(), files=files)


@require_safe
@member
def download(request: Any, invoice_id: UUID, kind: str) -> HttpResponse:
    row = row_or_404(request, invoice_id)
    if kind not in FILES:
        raise Http404
    try:
        data = file_bytes(Seen(request.org, row), kind)
    except NotFound:
        raise Http404 from None
    except ProofPending as error:
        messages.error(request, error.message(current()))
        return redirect("console-invoice", slug=request.org.slug, invoice_id=row.pk)
    mime, suffix = FILES[kind]
    return file_response(data, safe_filename(row.number, suffix), mime)


@require_POST
@member
def send(request: Any, invoice_id: UUID) -> HttpResponse:
    """Send the mail again, to the customer or to an address that is typed here."""
    row = row_or_404(request, invoice_id)
    address = request.POST.get("recipient", "").strip()
    minute = int(clock.now().timestamp() // 60)  # two presses in one minute are one mail
    return _send_to(request, row, address, f"send {row.pk} {address.lower()} {minute}")


def _send_to(request: Any, row: Any, address: str, key: str) -> HttpResponse:
    try:
        delivery = deliver(row, recipient=address, key=key, actor=f"person:{request.user.pk}")
    except WaslError as error:
        messages.error(request, error.message(current()))
    else:
        messages.success(request, _("A mail to %(address)s is waiting to be sent.") % {"address": format.isolate(delivery.recipient)})
    return redirect("console-invoice", slug=request.org.slug, invoice_id=row.pk)


@require_POST
@owner
def revoke(request: Any, invoice_id: UUID) -> HttpResponse:
    """Withdraw one payer's link; the payer may ask for a new one, to the same address. With `act=again`, one is sent at once."""
    row = row_or_404(request, invoice_id)
    try:
        link = Link.objects.for_org(request.org).filter(pk=UUID(request.POST.get("link", "")), invoice_id=row.pk).first()
    except ValueError:
        link = None
    get_or_404(link)
    revoke_link(request.org.pk, link.pk, actor=request.actor)
    if request.POST.get("act") == "again":
        return _send_to(request, row, link.recipient, f"replace {link.pk}")
    messages.success(request, _("The link is withdrawn. Whoever opens it can have a new one sent to the same address."))
    return redirect("console-invoice", slug=request.org.slug, invoice_id=row.pk)
