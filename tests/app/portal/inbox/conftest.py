"""An inbox with invoices of several sellers, filled through the services; and a browser that is signed in to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def grant(db: None) -> Callable[..., None]:
    """Put an issued invoice into an inbox, as a proven address does."""

    def give(payer: Any, row: Any) -> None:
        from wasl.app.tenancy.models import PayerGrant

        PayerGrant.objects.create(organisation_id=row.organisation_id, payer=payer, invoice_id=row.pk)

    return give


@pytest.fixture
def person(make_person: Callable[..., Any]) -> Any:
    return make_person("nadia@example.com", name="Nadia", language="en")


@pytest.fixture
def payer(person: Any) -> Any:
    from wasl.app.tenancy.payers import own_inbox

    return own_inbox(person).payer


@pytest.fixture
def other_payer(make_person: Callable[..., Any]) -> Any:
    from wasl.app.tenancy.payers import own_inbox

    return own_inbox(make_person("omar@example.com", name="Omar", language="en")).payer


@pytest.fixture
def make_issued(org: Any, make_invoice: Callable[..., Any], actor: Any, grant: Callable[..., None]) -> Callable[..., Any]:
    """An issued invoice of `seller` (org by default), granted to each of `payers`."""

    def make(*payers: Any, seller: Any = None, language: str | None = None, **changes: Any) -> Any:
        from wasl.app.invoicing.issue import issue
        from wasl.app.invoicing.models import Invoice

        owner = seller or org
        changes.setdefault("currency", owner.currency)
        answer = issue(owner, make_invoice(**changes), actor=actor, language=language)
        row = Invoice.objects.for_org(owner).get(pk=answer.invoice_id)
        for payer in payers:
            grant(payer, row)
        return row

    return make


@pytest.fixture
def browser(person: Any, payer: Any) -> Client:
    """Nadia's, signed in."""
    client = Client()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


@pytest.fixture
def other_browser(other_payer: Any) -> Client:
    from wasl.app.tenancy.models import Person

    client = Client()
    client.force_login(Person.objects.get(email="omar@example.com"), backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


@pytest.fixture
def pay(org: Any) -> Callable[..., None]:
    """Book a payment or another entry on an invoice, as the services write it."""

    def write(row: Any, amount: int, kind: str = "payment") -> None:
        from django.db import transaction

        from wasl.app import clock
        from wasl.app.events.record import record
        from wasl.app.payments.journal import CLEARING, RECEIVABLE, JLine, post

        sign = {"payment": -1, "credit": -1}.get(kind, 1)
        with transaction.atomic():
            event = record("note", org=row.organisation_id, invoice=row, at=clock.now())
            post(event, kind, [JLine(RECEIVABLE, sign * amount), JLine(CLEARING, -sign * amount)], currency=row.currency, invoice=row)

    return write
