"""A Brussels seller with open invoices, and its bank's files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from wasl.app import fsck
from wasl.standins import statements as bank
from wasl.standins.statements import Movement, Period

IBAN = "BE68539007547034"
Make = Callable[..., Any]


@pytest.fixture
def bill(org: Any, make_invoice: Make, actor: Any) -> Make:
    """Issue an invoice over 121.00 a piece of `quantity`, to a customer by name where one is given: its row."""

    def make(quantity: str = "1", customer: str = "") -> Any:
        from wasl.app.invoicing.customers import add_customer
        from wasl.app.invoicing.issue import issue
        from wasl.app.invoicing.models import Customer, Invoice

        row = None
        if customer:
            row = Customer.objects.for_org(org).filter(name=customer).first() or add_customer(
                org, actor=actor, name=customer, country="BE", line_1="Street 1", city="Gent", post_code="9000", email="c@example.com"
            )
        changes = {"buyer": row.party()} if row is not None else {}
        issued = issue(org, make_invoice(quantity=quantity, **changes), actor=actor, customer_id=row.pk if row else None)
        return Invoice.objects.for_org(org).get(pk=issued.invoice_id)

    return make


@pytest.fixture
def statement() -> Make:
    """The bytes of a statement with these movements."""

    def make(*movements: Movement, opening: int = 0, number: str = "1") -> bytes:
        return b"".join(bank.camt053([Period(IBAN, "EUR", opening, movements, number=number)], version=8))

    return make


def _came(amount: int, text: str = "", *, name: str = "", day: int = 3, reference: str = "", ref: str = "", account: str = "") -> Movement:
    return Movement(date(2026, 11, day), amount, name=name, text=text, creditor_reference=reference, bank_reference=ref, account=account)


@pytest.fixture
def came() -> Make:
    """A movement of November 2026."""
    return _came


@pytest.fixture
def imported(org: Any, actor: Any) -> Make:
    """Take a file in, import it to its end: its row."""

    def run(data: bytes, name: str = "november.xml", **columns: Any) -> Any:
        from wasl.app.payments.statements.advance import advance
        from wasl.app.payments.statements.models import StatementFile
        from wasl.app.payments.statements.take_in import begin, take_in

        (taken,) = take_in(org, name, [data], actor=actor)
        if not taken.is_known:
            begin(taken.file, actor=actor, **columns)
            advance(org.pk, taken.file.pk)
        return StatementFile.objects.for_org(org).get(pk=taken.file.pk)

    return run


@pytest.fixture(autouse=True)
def _books_agree(db: None) -> Any:
    yield
    assert fsck.run(("journal", "receivable", "balances", "statements")) == []
