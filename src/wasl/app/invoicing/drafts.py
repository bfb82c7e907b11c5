"""Drafts: Wasl JSON as it is typed. Saving never loses somebody else's change: a stale version is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound, StaleSave
from wasl.app.invoicing.errors import DraftAlreadyIssued
from wasl.app.invoicing.models import Customer, Draft, Series
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.formats import wasljson
from wasl.invoice.model import Invoice


def draft_invoice(draft: Draft) -> Invoice:
    """What the draft says so far."""
    return wasljson.read(draft.body.encode()).invoice


@transaction.atomic
def create_draft(
    org: Any, *, actor: Actor, invoice: Invoice | None = None, customer: Customer | None = None, kind: str = Series.INVOICE,
    original_id: UUID | None = None, series_code: str = "", language: str = "",
) -> Draft:  # fmt: skip
    """A new draft, empty or from a file or from a customer's record."""
    require(org.pk, actor)
    code = "381" if kind == Series.CREDIT_NOTE else "380"
    start = invoice or Invoice(currency=org.currency, type_code=code, buyer=customer.party() if customer else None)
    draft = Draft.objects.create(
        organisation=org, body=wasljson.write(start).decode(), kind=kind, customer=customer, original_id=original_id, series_code=series_code,
        language=language or (customer.language if customer else ""), created_by_id=actor.person_id,
    )  # fmt: skip
    audit(org.pk, actor, "draft.create", "draft", draft.pk)
    return draft


@transaction.atomic
def save_draft(org: Any, draft_id: UUID, *, version: int, body: str | Invoice, actor: Actor, **fields: Any) -> Draft:
    """Keep what was typed. `version` is the one the page was loaded with; `fields` may set customer, series_code, language."""
    require(org.pk, actor)
    draft = find_draft(org, draft_id, lock=True)
    if draft.issued_invoice_id is not None:
        raise DraftAlreadyIssued(number=draft.issued_invoice.number)
    if draft.version != version:
        raise StaleSave
    invoice = body if isinstance(body, Invoice) else wasljson.read(body.encode()).invoice
    for name, value in fields.items():
        if name not in {"customer", "customer_id", "series_code", "language"}:
            raise TypeError(f"a draft's {name} is not set by saving it")  # T55: nothing is assigned by name from outside
        setattr(draft, name, value)
    draft.body, draft.version, draft.updated_at = wasljson.write(invoice).decode(), version + 1, clock.now()
    draft.save()
    audit(org.pk, actor, "draft.save", "draft", draft.pk, {"version": draft.version})
    return draft


@transaction.atomic
def discard_draft(org: Any, draft_id: UUID, *, actor: Actor) -> None:
    require(org.pk, actor)
    draft = find_draft(org, draft_id, lock=True)
    if draft.issued_invoice_id is not None:
        raise DraftAlreadyIssued(number=draft.issued_invoice.number)
    Draft.objects.for_org(org).filter(pk=draft.pk).delete()
    audit(org.pk, actor, "draft.discard", "draft", draft_id)


def find_draft(org: Any, draft_id: UUID, *, lock: bool = False) -> Draft:
    """The draft, or NotFound: another organisation's does not exist here (T53)."""
    found = Draft.objects.for_org(org)
    draft = (found.select_for_update() if lock else found).filter(pk=draft_id).first()
    if draft is None:
        raise NotFound(what="draft")
    return draft
