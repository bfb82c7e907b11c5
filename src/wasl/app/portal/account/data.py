"""Taking everything away, and being forgotten: the export, streamed, and the erasure, confirmed by a code."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import Any

import orjson
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from wasl.app import clock
from wasl.app.delivery.address import safe_filename
from wasl.app.invoicing.models import CustomerRequest, Document, Invoice, Series
from wasl.app.portal.access import private
from wasl.app.portal.account.acting import act
from wasl.app.portal.account.enter import ASKS, TYPED, digits, kept, send_code, wrong_code
from wasl.app.portal.account.tasks import tell_address
from wasl.app.portal.door import by_inbox
from wasl.app.support.readers import mails
from wasl.app.tenancy import payers_codes as codes
from wasl.app.tenancy import payers_erase
from wasl.app.tenancy.models import Organisation
from wasl.app.tenancy.payers import Inbox, own_inbox
from wasl.app.tenancy.payers_errors import LastInboxOwner
from wasl.app.tenancy.payers_export import addresses_of, known_of
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor

EXPORTS = Limit(count=5, seconds=3600)  # that one person may begin
BATCH = 200
CODE_KEY = "wasl_erase_code"
_DAY = "%Y-%m-%d"


@act("data", fresh=True)
def export(request: Any, inbox: Inbox) -> HttpResponse:
    """A ZIP of what we know and of every invoice in the person's own inbox, made while it is sent: nothing waits, nothing is kept."""
    if not EXPORTS.spend(str(inbox.person.pk)):
        return too_many(request, EXPORTS.seconds)
    response = StreamingHttpResponse(_zip(inbox.person), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{safe_filename(f"wasl-{clock.now():{_DAY}}", "zip")}"'
    return private(response)  # type: ignore[arg-type]


class _Pipe:
    """What `zipfile` writes to: handed on piece by piece, never held whole."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def taken(self) -> bytes:
        taken, self.parts = b"".join(self.parts), []
        return taken


def _zip(person: Any) -> Iterator[bytes]:
    pipe, payer = _Pipe(), own_inbox(person).payer
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        known = known_of(person) | {"requests": _requests(payer)}
        archive.writestr("me.json", orjson.dumps(known, option=orjson.OPT_INDENT_2))
        yield pipe.taken()
        for name, data in chain(_files(payer), mails(addresses_of(person))):
            archive.writestr(name, data)
            yield pipe.taken()
    yield pipe.taken()


def _requests(payer: Any) -> list[dict[str, Any]]:
    rows = CustomerRequest._base_manager.filter(payer=payer).order_by("at")
    return [{"at": row.at, "kind": row.kind, "seller": row.organisation_id, "body": row.body, "state": row.state} for row in rows]


def _files(payer: Any) -> Iterator[tuple[str, bytes]]:
    """(name in the archive, bytes) of every stored document of the inbox, a batch of invoices at a time."""
    slugs: dict[Any, str] = {}
    after = None
    while True:
        found = Invoice.objects.for_payer(payer).order_by("id")
        rows = list((found.filter(id__gt=after) if after else found)[:BATCH])
        if not rows:
            return
        after = rows[-1].pk
        slugs |= dict(Organisation.objects.filter(pk__in={row.organisation_id for row in rows} - set(slugs)).values_list("pk", "slug"))
        by_id = {row.pk: row for row in rows}
        for document in Document.objects.for_payer(payer).filter(invoice_id__in=by_id).order_by("invoice_id", "kind").iterator(chunk_size=20):
            row = by_id[document.invoice_id]
            stem = f"credit-note-{row.number}" if row.kind == Series.CREDIT_NOTE else row.number
            yield f"invoices/{slugs[row.organisation_id]}/{safe_filename(stem, document.kind)}", bytes(document.data)


@require_http_methods(["GET", "POST"])
@by_inbox()
def erase(request: Any, inbox: Inbox) -> HttpResponse:
    """What goes, what stays and why; then a code to the main address; then it is done."""
    person = inbox.person
    context: dict[str, Any] = {"orphaned": payers_erase.orphaned(person), "email": person.email, "asked": CODE_KEY in request.session}
    context |= {"problem": "", "place": "account"}
    if request.method == "GET":
        return render(request, "portal/account/erase.html", context)
    if context["orphaned"]:
        return render(request, "portal/account/erase.html", context | {"problem": LastInboxOwner().message(current())}, status=409)
    if "code" not in request.POST:
        if not ASKS.spend(visitor(request)):
            return too_many(request, ASKS.seconds)
        request.session[CODE_KEY] = str(send_code(person.email, codes.ERASE, person.pk))
        return redirect("inbox-erase")
    if not TYPED.spend(visitor(request)):
        return too_many(request, TYPED.seconds)
    with transaction.atomic():
        if codes.redeem(kept(request, CODE_KEY), digits(request.POST["code"]), codes.ERASE) != person.email:
            return render(request, "portal/account/erase.html", context | {"problem": wrong_code()}, status=422)
        tell_address(person.email, person, "erased")
        payers_erase.erase_account(person)
    logout(request)
    return private(render(request, "portal/account/erased.html", {}))
