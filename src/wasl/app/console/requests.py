"""What customers ask: corrections of their record, and invoices on paper that they want in their inbox. One click answers each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wasl.app.console.access import member, show
from wasl.app.errors import NotFound
from wasl.app.invoicing.models import CustomerRequest
from wasl.app.invoicing.requests import FIELDS, accept, decline, open_requests
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.codes import country_name


@dataclass(frozen=True)
class Change:
    """One field of the record: what it says and what it would say."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Asked:
    """One request as the seller sees it."""

    row: CustomerRequest
    changes: list[Change]

    @property
    def is_correction(self) -> bool:
        return self.row.kind == CustomerRequest.CORRECTION

    @property
    def email(self) -> str:
        return self.row.body.get("email", "")


def asked_of(org: Any, customer_id: UUID | None = None) -> list[Asked]:
    return [Asked(row, changes(row)) for row in open_requests(org, customer_id)]


def changes(row: CustomerRequest) -> list[Change]:
    """The fields that would change; what the record says already is left out."""
    if row.customer is None:
        return []
    words, lang = labels(), current()
    found = [(name, getattr(row.customer, name), row.body[name]) for name in FIELDS if row.body.get(name)]
    shown = lambda name, value: country_name(value, lang) if name == "country" and value else value  # noqa: E731
    return [Change(words[name], shown(name, before), shown(name, after)) for name, before, after in found if before != after]


def labels() -> dict[str, str]:
    return {
        "name": _("Name as registered"), "vat_identifier": _("VAT number"), "phone": _("Telephone"), "line_1": _("Street and building"),
        "line_2": _("District or further line"), "city": _("City"), "post_code": _("Post code"), "country": _("Country"),
    }  # fmt: skip


@require_safe
@member
def requests(request: Any) -> HttpResponse:
    return show(request, "console/requests.html", "customers", asked=asked_of(request.org))


@require_POST
@member
def answer(request: Any, request_id: UUID) -> HttpResponse:
    """Accept or decline; a request that was answered meanwhile is one that is not there."""
    agrees = request.POST.get("act") == "accept"
    try:
        (accept if agrees else decline)(request.org, request_id, actor=request.actor)
    except NotFound:
        raise Http404 from None
    except WaslError as refused:
        messages.error(request, refused.message(current()))
    else:
        messages.success(request, _("Accepted.") if agrees else _("Declined. The customer sees that."))
    return redirect("console-requests", slug=request.org.slug)
