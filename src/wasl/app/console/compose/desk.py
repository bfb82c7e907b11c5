"""What lies on the desk while an invoice is written: the draft, the form, the customer, and what becomes of them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from wasl.app import clock
from wasl.app.console.compose import choices
from wasl.app.console.compose.form import ComposerForm, from_invoice, from_post, to_invoice
from wasl.app.delivery.errors import NoRecipient
from wasl.app.delivery.send import deliver
from wasl.app.invoicing.drafts import create_draft, draft_invoice, find_draft, save_draft
from wasl.app.invoicing.errors import DraftAlreadyIssued
from wasl.app.invoicing.find import find_invoice
from wasl.app.invoicing.issue import Issued
from wasl.app.invoicing.issue import issue as issue_draft
from wasl.app.invoicing.models import Customer, Draft
from wasl.app.invoicing.prepare import local_date, prepare
from wasl.invoice.model import Invoice

PREVIEW_NUMBER = "—"


@dataclass
class Composing:
    """A form over a draft, or over nothing yet."""

    org: Any
    form: ComposerForm
    draft: Draft | None = None
    customer: Customer | None = None
    version: int = 0
    base: Invoice = field(default_factory=Invoice)
    _read: Invoice | None = None

    @property
    def currency(self) -> str:
        return self.base.currency or self.org.currency

    def invoice(self) -> Invoice:
        """What the form says, as far as it can be read; reading fills `form.problems`."""
        if self._read is None:
            self._read = to_invoice(self.form, self.base)
        return self._read

    def read(self) -> bool:
        """True when every field could be read."""
        self.invoice()
        return not self.form.problems


def today(org: Any) -> date:
    return local_date(org, clock.now())


def blank(org: Any) -> dict[str, str]:
    """A new line starts with the seller's standard tax and one unit."""
    taxes = choices.taxes(org)
    return {"quantity": "1", "unit": "C62", "tax": taxes[0][0] if taxes else ""}


def open_work(request: Any, draft_id: UUID | None) -> Composing:
    """The draft in the address with what is typed over it, or a new one. Raises NotFound, DraftAlreadyIssued."""
    draft = find_draft(request.org, draft_id) if draft_id else None
    if draft is not None and draft.issued_invoice_id is not None:
        raise DraftAlreadyIssued(number=draft.issued_invoice.number)
    if request.method == "POST":
        return _over(request, draft, from_post(request.POST))
    if draft is not None:
        invoice = draft_invoice(draft)
        form = from_invoice(invoice, customer=str(draft.customer_id or ""), language=draft.language or request.org.default_language)
        form.add_row(blank(request.org)) if not form.rows else None
        return _work(request.org, draft, form, draft.version)
    form = ComposerForm({"customer": request.GET.get("customer", ""), "language": request.org.default_language}, [])
    form.add_row(blank(request.org))
    work = _work(request.org, None, form, 0)
    days = work.customer.payment_days if work.customer else 30
    form.head |= {"due_date": (today(request.org) + timedelta(days=days)).isoformat()}
    if work.customer:
        form.head["language"] = work.customer.language
    return work


def typed_work(request: Any) -> Composing:
    """What is typed, for a check: no draft is read or written."""
    return _over(request, None, from_post(request.POST))


def _over(request: Any, draft: Draft | None, form: ComposerForm) -> Composing:
    given = request.POST.get("version", "0")
    return _work(request.org, draft, form, int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0)


def _work(org: Any, draft: Draft | None, form: ComposerForm, version: int) -> Composing:
    customer = find_customer(org, form["customer"])
    base = draft_invoice(draft) if draft else Invoice(currency=org.currency, type_code="380")
    base = msgspec.structs.replace(base, buyer=customer.party() if customer else None)
    return Composing(org, form, draft, customer, version, base)


def find_customer(org: Any, key: str) -> Customer | None:
    """A customer of this organisation; a foreign or mistyped id is no customer (T53)."""
    try:
        return Customer.objects.for_org(org).filter(pk=UUID(key)).first()
    except ValueError:
        return None


def keep(request: Any, work: Composing) -> Draft:
    """Save the draft, creating it with its first save."""
    language = work.form["language"] if work.form["language"] in ("ar", "en") else ""
    if work.draft is None:
        return create_draft(request.org, actor=request.actor, invoice=work.invoice(), customer=work.customer, language=language)
    return save_draft(
        request.org, work.draft.pk, version=work.version, body=work.invoice(), actor=request.actor, customer=work.customer, language=language
    )


@transaction.atomic
def issue(request: Any, work: Composing) -> Issued:
    """Save, issue and queue the mail in one go: what is refused is not saved either, the form still holds it."""
    draft = keep(request, work)
    issued = issue_draft(request.org, draft, actor=request.actor, customer_id=work.customer.pk if work.customer else None)
    with contextlib.suppress(NoRecipient):  # a customer without an e-mail address gets its paper from the seller
        deliver(find_invoice(request.org, issued.invoice_id), actor=f"person:{request.user.pk}")
    return issued


def preview(org: Any, work: Composing) -> bytes:
    """The PDF of what is typed, with a dash for the number."""
    from wasl.formats import ubl
    from wasl.render import RenderContext, render_pdf

    prepared = prepare(org, work.invoice(), on=today(org), number=PREVIEW_NUMBER)
    context = RenderContext(
        issued_at=clock.now().replace(microsecond=0), language="en" if work.form["language"] == "en" else "ar",
        logo=bytes(org.logo) if org.logo else None,
        accent=org.accent or RenderContext.accent, document_xml=ubl.write(prepared.invoice), profile_name=org.profile,
    )  # fmt: skip
    return render_pdf(prepared.invoice, context=context).data
