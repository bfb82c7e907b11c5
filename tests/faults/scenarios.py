"""What the dying child does. Plain functions over the real services; arguments and results are JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def _document(price: str) -> Any:
    from datetime import date

    from wasl.invoice.model import Address, Invoice, Item, Line, Party, Price

    line = Line(
        identifier="1", quantity=Decimal(2), unit="C62", price=Price(net=Decimal(price)), tax_category="S", tax_rate=Decimal(21), item=Item(name="Work")
    )
    buyer = Party(name="Leuven Lab", address=Address(city="Leuven", country="BE"))
    return Invoice(currency="EUR", buyer=buyer, lines=(line,), due_date=date(2030, 1, 31), buyer_reference="PO-1")


def issue_one(org: str, key: str | None = None, price: str = "100.00") -> str:
    """Issue one invoice; its number."""
    from wasl.app.invoicing.issue import issue
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.models import Organisation

    return issue(Organisation.objects.get(pk=org), _document(price), key=key, actor=Actor.operator("fault")).number


def credit_all(org: str, invoice: str, key: str) -> str:
    from wasl.app.invoicing.credit import credit
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.models import Organisation

    row = Organisation.objects.get(pk=org)
    return credit(row, find_invoice(row, invoice), reason="Fault", key=key, actor=Actor.operator("fault")).number  # type: ignore[arg-type]


def log_round() -> list[int | None]:
    """One round of the log: sequence, then publish."""
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_once

    return [sequence_once(), publish_once()]
