"""Sellers, people and documents for the tests of the application. Everything goes through the services."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from wasl.invoice.model import Address, Contact, Invoice, Item, Line, Party, Price

Make = Callable[..., Any]
FIELDS = {
    "name_en": "Brussels Books", "name_ar": "كتب بروكسل", "legal_name_language": "en", "vat_identifier": "BE0123456749",
    "line_1": "Rue Neuve 1", "city": "Brussels", "post_code": "1000", "country": "BE", "currency": "EUR",
    "time_zone": "Europe/Brussels", "email": "books@example.com", "default_language": "en",
}  # fmt: skip
IBAN, OTHER_IBAN = "BE68539007547034", "BE71096123456769"


@pytest.fixture
def actor() -> Any:
    from wasl.app.tenancy.actor import Actor

    return Actor.operator("test")


@pytest.fixture
def make_person(db: None) -> Make:
    def make(email: str | None = None, **fields: Any) -> Any:
        from wasl.app.tenancy.models import Person

        return Person.objects.create_user(email or f"{secrets.token_hex(6)}@example.com", **fields)

    return make


@pytest.fixture
def make_org(db: None, actor: Any) -> Make:
    """A Brussels seller with both series and one account; keywords override its fields."""

    def make(**fields: Any) -> Any:
        from wasl.app.invoicing.accounts import add_account
        from wasl.app.invoicing.models import Series
        from wasl.app.invoicing.numbers import open_series
        from wasl.app.tenancy.organisations import open_organisation

        iban = fields.pop("iban", IBAN)
        org = open_organisation(actor=actor, **{"slug": f"org-{secrets.token_hex(6)}", **FIELDS, **fields})
        for kind in (Series.INVOICE, Series.CREDIT_NOTE):
            open_series(org, kind=kind, code="main", actor=actor)
        if iban:
            add_account(org, iban=iban, currency=org.currency, holder=org.name, actor=actor)
        return org

    return make


@pytest.fixture
def org(make_org: Make) -> Any:
    return make_org()


@pytest.fixture
def owner(org: Any, make_person: Make, actor: Any) -> Any:
    from wasl.app.tenancy.organisations import add_member

    person = make_person(name="Olga Owner")
    add_member(org, person, "owner", actor=actor)
    return person


@pytest.fixture
def clerk(org: Any, make_person: Make, actor: Any) -> Any:
    from wasl.app.tenancy.organisations import add_member

    person = make_person(name="Carl Clerk")
    add_member(org, person, "clerk", actor=actor)
    return person


@pytest.fixture
def make_invoice() -> Make:
    """An invoice that is valid under plain EN 16931 once issued: one line at 21 %."""

    def make(price: str = "100.00", quantity: str = "2", email: str = "buyer@example.com", **changes: Any) -> Invoice:
        from datetime import date

        line = Line(
            identifier="1", quantity=Decimal(quantity), unit="C62", price=Price(net=Decimal(price)), tax_category="S", tax_rate=Decimal(21),
            item=Item(name="Accounting, one month"),
        )  # fmt: skip
        buyer = Party(
            name="Leuven Lab", vat_identifier="BE0987654321", address=Address(line_1="Naamsestraat 1", city="Leuven", post_code="3000", country="BE"),
            contact=Contact(name="Lies Lab", email=email),
        )  # fmt: skip
        values: dict[str, Any] = {"currency": "EUR", "buyer": buyer, "lines": (line,), "due_date": date(2030, 1, 31), "buyer_reference": "PO-1"}
        return Invoice(**{**values, **changes})

    return make


@pytest.fixture
def issued(org: Any, make_invoice: Make, actor: Any) -> Any:
    """One issued invoice of `org`: the row."""
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice as Row

    answer = issue(org, make_invoice(), actor=actor)
    return Row.objects.for_org(org).get(pk=answer.invoice_id)
