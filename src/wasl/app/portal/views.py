"""The payer's pages: read, take the files away. No account, no script needed, nothing but the link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from wasl.app.delivery.address import safe_filename
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import document
from wasl.app.invoicing.links import LinkGone, resolve
from wasl.app.invoicing.models import Document, Link
from wasl.app.portal import acts
from wasl.app.portal.access import allowed, gone_page, missed, private
from wasl.app.portal.build import payer_page
from wasl.app.portal.bundle import bundle, safe_to_keep
from wasl.app.portal.due_event import due_event
from wasl.app.portal.help.beside import beside
from wasl.app.portal.pay.start import lets_go
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.proofs.prove import ProofPending, proof_for
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import too_many

FILES = {
    "pdf": ("application/pdf", "pdf"),
    "xml": ("application/xml", "xml"),
    "xades": ("application/xml", "xades"),
    "proof": ("application/octet-stream", "tlog-proof"),
}


@dataclass(frozen=True)
class Notice:
    text: str
    tone: str


@require_safe
@by_viewer(Link.MAIL, Link.PDF)
def invoice(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`/i/<token>`: the page itself."""
    if request.GET.get("back"):  # a payment that was begun before there was a status page
        return HttpResponseRedirect(viewer.url("payer-pay-status") + "?back=1") if viewer.can_pay else show(request, viewer, None)
    return show(request, viewer, settled(viewer) if request.GET.get("settled") else None)


def show(request: HttpRequest, viewer: Viewer, notice: Notice | None) -> HttpResponse:
    page = payer_page(viewer, all_lines=request.GET.get("lines") == "all")
    response = render(request, "portal/invoice.html", {"page": page, "notice": notice} | beside(request, viewer))
    return lets_go(response, viewer.org, page.ways)


def settled(viewer: Viewer) -> Notice | None:
    """After Pay was pressed where nothing was left: paid in another tab, or by a colleague."""
    if viewer.standing.balance > 0 or viewer.row.is_credit_note:
        return None
    return Notice(_("Nothing is left to pay here, so nothing was taken. This page shows where it stands."), "good")


@csrf_exempt  # no session, no effect but an entry in the story; the token is the authority
@require_POST
@by_viewer(Link.MAIL)
def opened(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A person touched the page (scripts/opened.js)."""
    if allowed(request, viewer):
        acts.note(viewer, "opened")
    return HttpResponse(status=204)


@require_safe
@by_viewer(Link.MAIL)
def download(request: HttpRequest, viewer: Viewer, kind: str) -> HttpResponse:
    """PDF, sealed XML, seal, proof: the stored bytes, never made anew once they were handed out."""
    try:
        data = file_bytes(viewer, kind)
    except ProofPending as error:
        response = HttpResponse(error.message(current()) + "\n", status=425, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = "5"
        return response
    except NotFound:
        return missed(request)
    if request.method == "GET" and acts.is_by_a_person(request):
        acts.note(viewer, "downloaded")
    mime, suffix = FILES[kind]
    return file_response(data, safe_filename(viewer.row.number, suffix), mime)


@require_safe
@by_viewer(Link.MAIL)
def everything(request: HttpRequest, viewer: Viewer) -> HttpResponse | StreamingHttpResponse:
    """All of them as one archive."""
    response = bundle(viewer, file_bytes)
    if response is None:
        return missed(request)
    if request.method == "GET" and acts.is_by_a_person(request):
        acts.note(viewer, "downloaded")
    return response


@require_safe
@by_viewer(Link.MAIL, Link.PDF)
def calendar(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The due date for the reader's own calendar, with an alarm."""
    data = due_event(viewer)
    if data is None:
        return missed(request)
    return file_response(data, safe_filename(viewer.row.number, "ics"), "text/calendar; charset=utf-8")


def file_bytes(viewer: Any, kind: str) -> bytes:
    """`viewer` is a Viewer, or the seller's own look: anything with `org` and `row`."""
    if kind == "proof":
        return proof_for(viewer.row)
    if kind == "pdf":
        from wasl.app.invoicing.pdf import pdf_for

        return pdf_for(viewer.row)
    data = document(viewer.org.pk, viewer.row.pk, Document.XML if kind == "xml" else Document.XADES)
    if data is None:
        raise NotFound(what="document")
    return data


def file_response(data: bytes, name: str, mime: str) -> HttpResponse:
    """A file to keep: always as an attachment, never guessed at, never run in our origin, whatever else it also is (T31, T38)."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Length"] = str(len(data))
    safe_to_keep(response)
    return response


@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """A new link, to the address that the invoice was sent to and to no other. The answer is the same whether there is one (T57, T59)."""
    from wasl.app.portal.access import ACTS
    from wasl.app.ui.limits import visitor

    try:
        link = resolve(token, Link.MAIL, Link.PDF)
    except LinkGone as gone:
        link = gone.link
    except NotFound:
        return missed(request)
    if not ACTS.spend(f"{visitor(request)} {link.invoice_id}"):
        return private(too_many(request))
    send_again(link)
    return gone_page(request, link, sent=True)


def send_again(link: Any) -> None:
    """Queue the mail with a fresh link; silently nothing where the invoice has no address any more."""
    from wasl.app.portal.resend import resend

    resend(link)
