"""What a customer asks of a seller about its own record: a correction of name, address or tax number, or to let an invoice that was
sent to another address into an inbox. The seller decides; nothing changes by asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.events.record import record
from wasl.app.invoicing.claims import grant_invoice
from wasl.app.invoicing.customers import change_customer
from wasl.app.invoicing.models import CustomerRequest
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import Organisation

FIELDS = ("name", "vat_identifier", "phone", "line_1", "line_2", "city", "post_code", "country")  # of a customer's record
_SELLERS = """
SELECT g.organisation_id, i.customer_id, count(*) FROM tenancy_payergrant g
JOIN invoicing_invoice i ON i.organisation_id = g.organisation_id AND i.id = g.invoice_id
WHERE g.payer_id = %s AND i.customer_id IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC LIMIT %s
"""
SELLERS_MAX = 50


@dataclass(frozen=True)
class Known:
    """A seller that keeps a record of this payer, and what was asked of it last."""

    org: Organisation
    customer_id: UUID
    invoices: int
    asked: CustomerRequest | None


def sellers_of(payer: Any) -> list[Known]:
    """Who keeps a record of this payer, by its invoices; the most frequent first."""
    rows = run(_SELLERS, (payer.pk, SELLERS_MAX))
    orgs = Organisation.objects.in_bulk({org_id for org_id, _customer, _count in rows})
    corrections = CustomerRequest._base_manager.filter(payer=payer, kind=CustomerRequest.CORRECTION)  # the payer's own, whatever the seller
    asked = {request.customer_id: request for request in corrections.order_by("at")}
    return [Known(orgs[org_id], customer, count, asked.get(customer)) for org_id, customer, count in rows]


@transaction.atomic
def ask_correction(payer: Any, person_id: UUID, customer_id: UUID, fields: Mapping[str, str]) -> CustomerRequest:
    """Ask the seller that keeps `customer_id` of this payer to take over the given fields; an open request is replaced."""
    known = next((each for each in sellers_of(payer) if each.customer_id == customer_id), None)
    if known is None:
        raise NotFound(what="customer")
    wanted = {name: fields[name] for name in FIELDS if fields.get(name)}
    return _ask(known.org.pk, payer, person_id, CustomerRequest.CORRECTION, wanted, customer_id=customer_id)


@transaction.atomic
def ask_access(payer: Any, person_id: UUID, org_id: UUID, invoice_id: UUID, email: str) -> CustomerRequest:
    """Ask the seller to let an invoice into an inbox; the caller has seen its printed code and proven `email`."""
    return _ask(org_id, payer, person_id, CustomerRequest.ACCESS, {"email": email}, invoice_id=invoice_id)


def _ask(org_id: UUID, payer: Any, person_id: UUID, kind: str, body: dict[str, str], **about: UUID) -> CustomerRequest:
    found = CustomerRequest.objects.for_org(org_id).select_for_update().filter(payer=payer, kind=kind, state=CustomerRequest.OPEN, **about).first()
    if found is not None:
        found.body, found.person_id, found.at = body, person_id, clock.now()
        found.save(update_fields=["body", "person_id", "at"])
        return found
    made = CustomerRequest.objects.create(organisation_id=org_id, payer=payer, person_id=person_id, kind=kind, body=body, at=clock.now(), **about)
    record("requested", org=org_id, invoice=about.get("invoice_id"), at=made.at, data={"request": str(made.pk), "kind": kind})
    return made


def open_requests(org: Any, customer_id: UUID | None = None) -> list[CustomerRequest]:
    """What waits for the seller's word, the oldest first."""
    found = CustomerRequest.objects.for_org(org).filter(state=CustomerRequest.OPEN).select_related("customer", "invoice", "payer")
    return list((found.filter(customer_id=customer_id) if customer_id else found).order_by("at", "id")[:200])


@transaction.atomic
def accept(org: Any, request_id: UUID, *, actor: Actor) -> CustomerRequest:
    """Take the wanted fields into the customer's record, or let the invoice into the inbox."""
    found = _decide(org, request_id, CustomerRequest.ACCEPTED, actor)
    if found.kind == CustomerRequest.CORRECTION:
        change_customer(org, found.customer_id, actor=actor, **{name: found.body[name] for name in FIELDS if found.body.get(name)})
    else:
        grant_invoice(found.payer_id, found.organisation_id, found.invoice_id)
    return found


@transaction.atomic
def decline(org: Any, request_id: UUID, *, actor: Actor) -> CustomerRequest:
    return _decide(org, request_id, CustomerRequest.DECLINED, actor)


def _decide(org: Any, request_id: UUID, state: str, actor: Actor) -> CustomerRequest:
    require(org.pk, actor)
    found = CustomerRequest.objects.for_org(org).select_for_update().filter(pk=request_id, state=CustomerRequest.OPEN).first()
    if found is None:
        raise NotFound(what="request")
    found.state, found.decided_at, found.decided_by_id = state, clock.now(), actor.person_id
    found.save(update_fields=["state", "decided_at", "decided_by"])
    audit(org.pk, actor, f"request.{state}", "request", found.pk, {"kind": found.kind})
    return found
