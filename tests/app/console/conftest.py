"""Signed-in people at the desk of a Saudi seller, with a customer and an item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

SAUDI = {
    "name_ar": "شركة سند للتقنية", "name_en": "Sanad Technology", "legal_name_language": "ar", "vat_identifier": "310122393500003",
    "line_1": "طريق الملك فهد", "city": "الرياض", "post_code": "12211", "country": "SA", "currency": "SAR", "time_zone": "Asia/Riyadh",
    "email": "billing@sanad.example", "default_language": "ar", "profile": "sa", "iban": "SA0380000000608010167519",
}  # fmt: skip


@pytest.fixture
def org(make_org: Any) -> Any:
    return make_org(slug="sanad", **SAUDI)


@pytest.fixture
def customer(org: Any, actor: Any) -> Any:
    from wasl.app.invoicing.customers import add_customer

    return add_customer(
        org, actor=actor, name="مؤسسة الأفق الأزرق للتجارة", vat_identifier="300055184400003", email="finance@bluehorizon.example",
        line_1="شارع التحلية", city="جدة", post_code="23326", country="SA", language="ar",
    )  # fmt: skip


@pytest.fixture
def item(org: Any, actor: Any) -> Any:
    from wasl.app.invoicing.customers import add_item

    return add_item(org, actor=actor, name_ar="استشارة", name_en="Consulting", unit="HUR", price=Decimal("215.83"), tax_category="S", tax_rate=Decimal(15))


@pytest.fixture
def desk(client: Any, owner: Any) -> Any:
    """A browser in which the owner is signed in."""
    client.force_login(owner, backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


@pytest.fixture
def clerk_desk(clerk: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(clerk, backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


@pytest.fixture
def typed(customer: Any) -> dict[str, str]:
    """A composer form, filled in well."""
    return {
        "customer": str(customer.pk), "due_date": "2030-01-31", "language": "ar", "version": "0",
        "line-0-name": "خدمات استشارية", "line-0-quantity": "10", "line-0-unit": "HUR", "line-0-price": "215.83", "line-0-discount": "",
        "line-0-tax": "S|15",
    }  # fmt: skip


@pytest.fixture
def issued(desk: Any, typed: dict[str, str], org: Any) -> Any:
    """An invoice that was issued at the desk."""
    from wasl.app.invoicing.models import Invoice

    desk.post("/console/sanad/new", typed | {"act": "issue"})
    return Invoice.objects.for_org(org).get()
