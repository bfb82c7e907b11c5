"""A payer with a link to an issued invoice, in the log."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def logged(issued: Any) -> Any:
    """The invoice, once its leaf is under a published checkpoint."""
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_once

    sequence_once()
    publish_once()
    return issued


@pytest.fixture
def token(issued: Any) -> str:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    return make_link(issued, Link.MAIL, "buyer@example.com")


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def tamper() -> Any:
    """Change one byte of a stored document, as somebody with the disk could: past the triggers."""

    def change(row: Any) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "UPDATE invoicing_document SET data = set_byte(data, octet_length(data) - 20, 65)"
                " WHERE organisation_id = %s AND invoice_id = %s AND kind = 'xml'",
                [row.organisation_id, row.pk],
            )
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    return change


@pytest.fixture
def bill(org: Any, make_invoice: Any, actor: Any) -> Any:
    """Issue an invoice with these line texts; what `issue` answered."""
    from decimal import Decimal

    from msgspec.structs import replace

    from wasl.app.invoicing.issue import issue
    from wasl.invoice.model import Item, Line, Price

    def make(*texts: str, price: str = "100.00", buyer: str = "Leuven Lab", email: str = "buyer@example.com") -> Any:
        source = make_invoice(email=email)
        lines = tuple(
            Line(
                identifier=str(n), quantity=Decimal(1), unit="C62", price=Price(net=Decimal(price)), tax_category="S", tax_rate=Decimal(21),
                item=Item(name=text),
            )
            for n, text in enumerate(texts, 1)
        )  # fmt: skip
        return issue(org, replace(source, lines=lines, buyer=replace(source.buyer, name=buyer)), actor=actor)

    return make
