"""Invoices with the words that a test is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from wasl.invoice.model import Item, Line, Price


@pytest.fixture
def bill(org: Any, make_invoice: Any, actor: Any) -> Any:
    """Issue an invoice with these line texts; what `issue` answered."""
    from wasl.app.invoicing.issue import issue

    def make(*texts: str, price: str = "100.00", whose: Any = None, buyer: str = "Leuven Lab", email: str = "buyer@example.com", **changes: Any) -> Any:
        source = make_invoice(email=email)
        lines = tuple(
            Line(
                identifier=str(n), quantity=Decimal(1), unit="C62", price=Price(net=Decimal(price)), tax_category="S", tax_rate=Decimal(21),
                item=Item(name=text),
            )
            for n, text in enumerate(texts, 1)
        )  # fmt: skip
        return issue(whose or org, replace(source, lines=lines, buyer=replace(source.buyer, name=buyer), **changes), actor=actor)

    return make
