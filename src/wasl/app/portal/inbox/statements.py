"""`/inbox/statements/`: every seller of the inbox, and the account with each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wasl.app.insight.account import Scope
from wasl.app.portal.access import missed
from wasl.app.portal.door import by_inbox
from wasl.app.portal.inbox import queries
from wasl.app.portal.inbox.rank import SETTLED
from wasl.app.portal.inbox.views import EXPORTS
from wasl.app.portal.statement_page import asked, statement_file, statement_page
from wasl.app.sql import run
from wasl.app.tenancy.models import Organisation
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import too_many
from wasl.errors import WaslError
from wasl.invoice.model import Address, Party
from wasl.invoice.money import from_minor

SELLERS_MAX = 5_000
PAGE_SELLERS = 30


@dataclass(frozen=True)
class SellerRow:
    id: UUID
    name: str
    open: list[tuple[str, Decimal, int]]  # currency, amount, invoices


@require_safe
@by_inbox()
def sellers(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """Everybody who bills this inbox, by name, with what is open."""
    lang, text = current(), request.GET.get("q", "").strip()[:60]
    found = sorted(queries.sellers(inbox.payer, SELLERS_MAX), key=lambda each: each.name_in(lang).casefold())
    fitting = [each for each in found if text.casefold() in f"{each.name_ar} {each.name_en}".casefold()]
    page = request.GET.get("page", "1")
    number = max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    part = fitting[(number - 1) * PAGE_SELLERS : number * PAGE_SELLERS]
    owed = _open(inbox.payer, [each.id for each in part])
    rows = [SellerRow(each.id, each.name_in(lang), owed.get(each.id, [])) for each in part]
    context = {"rows": rows, "q": text, "page": number, "has_next": len(fitting) > number * PAGE_SELLERS, "number": len(found), "place": "statements"}
    return render(request, "portal/inbox/statements.html", context)


_OPEN = f"""
SELECT organisation_id, currency, sum(open_amount)::bigint, count(*) FROM inbox_item
WHERE payer_id = %(payer)s AND organisation_id = ANY(%(sellers)s) AND rank < {SETTLED // 2} GROUP BY 1, 2 ORDER BY 4 DESC
"""


def _open(payer: Any, ids: list[UUID]) -> dict[UUID, list[tuple[str, Decimal, int]]]:
    found: dict[UUID, list[tuple[str, Decimal, int]]] = {}
    for org, currency, units, number in run(_OPEN, {"payer": payer.pk, "sellers": ids}, planned=True):
        found.setdefault(org, []).append((currency, from_minor(units, currency), number))
    return found


def _scope(inbox: Inbox, org_id: UUID) -> Scope | None:
    """The account with a seller; None where nothing of it lies in the inbox, as for one that does not exist (T53)."""
    if not queries.seller_named(inbox.payer, org_id):
        return None
    return Scope(Organisation.objects.get(pk=org_id), payer=inbox.payer)


@require_safe
@by_inbox()
def statement(request: HttpRequest, inbox: Inbox, org_id: UUID) -> HttpResponse:
    scope = _scope(inbox, org_id)
    if scope is None:
        return missed(request)
    wanted = asked(request.GET, scope)
    context: dict[str, Any] = {"place": "statements", "back": reverse("inbox-statements"), "files": _files(org_id, wanted.query())}
    try:
        page = statement_page(scope, wanted, customer=inbox.name, link=_Links(inbox, org_id))
    except WaslError as error:
        context |= {"problem": error.message(current()), "asked": wanted, "org": scope.org}
        return render(request, "portal/inbox/statement.html", context, status=422)
    return render(request, "portal/inbox/statement.html", context | {"page": page, "problem": ""})


def _files(org_id: UUID, query: str) -> list[tuple[str, str]]:
    return [(kind, f"{reverse('inbox-statement-file', args=[org_id, kind])}?{query}") for kind in ("pdf", "xlsx", "csv")]


class _Links:
    """Where a document opens: only what lies in the inbox, a credit note by itself, else nothing."""

    def __init__(self, inbox: Inbox, org_id: UUID) -> None:
        self.org_id = org_id
        self.held: set[UUID] | None = None
        self.inbox = inbox

    def __call__(self, document: UUID) -> str:
        if self.held is None:
            self.held = set(held(self.inbox.payer, self.org_id))
        return reverse("inbox-payer", args=[self.org_id, document]) if document in self.held else ""


def held(payer: Any, org_id: UUID) -> Iterable[UUID]:
    rows = run("SELECT invoice_id FROM tenancy_payergrant WHERE payer_id = %s AND organisation_id = %s", (payer.pk, org_id), planned=True)
    return (row[0] for row in rows)


@require_safe
@by_inbox()
def statement_files(request: HttpRequest, inbox: Inbox, org_id: UUID, kind: str) -> HttpResponse:
    scope = _scope(inbox, org_id)
    if scope is None or kind not in ("pdf", "xlsx", "csv"):
        return missed(request)
    if not EXPORTS.spend(str(inbox.person.pk)):
        return too_many(request, EXPORTS.seconds)
    wanted = asked(request.GET, scope)
    try:
        return statement_file(scope, wanted, kind, customer_of(inbox))
    except WaslError as error:
        context = {"place": "statements", "back": reverse("inbox-statements"), "files": [], "problem": error.message(current())}
        return render(request, "portal/inbox/statement.html", context | {"asked": wanted, "org": scope.org}, status=422)


def customer_of(inbox: Inbox) -> Party:
    """Who the statement is for: the inbox's own details."""
    payer = inbox.payer
    address = Address(
        line_1=payer.line_1 or None, line_2=payer.line_2 or None, city=payer.city or None, post_code=payer.post_code or None,
        country=payer.country or None,
    )  # fmt: skip
    return Party(name=inbox.name, vat_identifier=payer.vat_identifier or None, address=address)
