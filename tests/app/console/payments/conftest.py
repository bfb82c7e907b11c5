"""A Saudi seller's desk as in the folder above, a gateway in memory, and payments that came through it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).resolve()


def _fixtures(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_payments = _fixtures("till_payments_conftest", _HERE.parents[2] / "payments" / "conftest.py")
gateway = _payments.gateway


@pytest.fixture
def bill(org: Any, customer: Any, item: Any, actor: Any, make_invoice: Any) -> Any:
    """`bill("100.00")`: an issued invoice of the customer for that amount before VAT, in riyals."""
    from decimal import Decimal

    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice
    from wasl.invoice.model import Invoice as Document
    from wasl.invoice.model import Item, Line, Price

    def make(net: str = "100.00") -> Any:
        line = Line(
            identifier="1", quantity=Decimal(1), unit="C62", price=Price(net=Decimal(net)), item=Item(name="استشارة"), tax_category="S",
            tax_rate=Decimal(15),
        )  # fmt: skip
        document = Document(currency="SAR", buyer=customer.party(), lines=(line,))
        answer = issue(org, document, actor=actor, customer_id=customer.pk, language="ar")
        return Invoice.objects.for_org(org).get(pk=answer.invoice_id)

    return make


@pytest.fixture
def pay(gateway: Any) -> Any:
    """`pay(invoice, ...)`: a payment that came through the gateway; `pays=False` leaves it pending."""
    from wasl.app.payments.models import Intent
    from wasl.app.payments.pay import start_payment
    from wasl.app.payments.settle import settle

    def make(*invoices: Any, pays: bool = True, **fields: Any) -> Any:
        started = start_payment(list(invoices), "bank", return_url="https://x.example/" + str(invoices[0].pk), **fields)
        intent = started.intent
        if pays:
            gateway.pay(intent.gateway_id)
            settle(intent.organisation_id, intent.pk, gateway.fetch(intent.gateway_id))
        return Intent.objects.for_org(intent.organisation_id).get(pk=intent.pk)

    return make
