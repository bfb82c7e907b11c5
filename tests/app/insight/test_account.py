"""A statement of account: its balances are the journal's to the unit, on every day, for the payer and for the seller."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.insight.account import Scope, account, bands
from wasl.app.insight.statement import TooLongForPdf, statement_pdf, statement_rows
from wasl.app.payments.journal import CLEARING, RECEIVABLE, REFUNDS_DUE, JLine, post, trial_balance
from wasl.app.tenancy.models import PayerGrant
from wasl.app.tenancy.models_payers import Payer
from wasl.invoice.money import from_minor

pytestmark = pytest.mark.django_db
FOREVER = (date(2020, 1, 1), date(2040, 1, 1))


@pytest.fixture
def payer(db: None) -> Any:
    return Payer.objects.create(name="Leuven Lab")


def booked(row: Any, kind: str, lines: list[JLine], at: Any) -> None:
    with transaction.atomic():
        event = record("note", org=row.organisation_id, invoice=row, at=at)
        post(event, kind, lines, currency=row.currency, invoice=row)


LINES = {
    "payment": lambda amount, excess: [JLine(CLEARING, amount + excess), JLine(RECEIVABLE, -amount), JLine(REFUNDS_DUE, -excess)],
    "refund_due": lambda amount, _excess: [JLine(RECEIVABLE, amount), JLine(REFUNDS_DUE, -amount)],
    "refund": lambda amount, _excess: [JLine(REFUNDS_DUE, amount), JLine(CLEARING, -amount)],
}
stories = st.lists(st.tuples(st.sampled_from(list(LINES)), st.integers(0, 2), st.integers(1, 30_000), st.integers(0, 900), st.integers(-100, 100)), max_size=10)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=stories, cut=st.integers(-110, 110), width=st.integers(0, 60))
def test_the_balance_of_every_day_is_the_journals(org: Any, payer: Any, make_invoice: Any, actor: Any, story: Any, cut: int, width: int) -> None:
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    with transaction.atomic():
        rows = [Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(), actor=actor).invoice_id) for _ in range(3)]
        PayerGrant.objects.bulk_create(PayerGrant(organisation_id=org.pk, payer=payer, invoice_id=row.pk) for row in rows)
        now = clock.now()
        for kind, which, amount, excess, days in story:
            booked(rows[which], kind, LINES[kind](amount, excess), now + timedelta(days=days))
        scope, today = Scope(org, payer=payer), now.date()
        since = today + timedelta(days=cut)

        whole, part = account(scope, "EUR", *FOREVER), account(scope, "EUR", since, since + timedelta(days=width))
        before = account(scope, "EUR", FOREVER[0], since - timedelta(days=1))

        books = trial_balance(org)["EUR"]
        assert whole.closing == from_minor(books[RECEIVABLE] + books.get(REFUNDS_DUE, 0), "EUR")
        assert part.opening == before.closing
        assert part.closing == part.opening + part.charged - part.settled == sum(part.ageing) == sum(item.amount for item in part.items)
        transaction.set_rollback(True)


def test_every_document_payment_credit_and_refund_stands_in_it_in_order(org: Any, payer: Any, issued: Any, actor: Any) -> None:
    from wasl.app.invoicing.credit import credit

    PayerGrant.objects.create(organisation_id=org.pk, payer=payer, invoice_id=issued.pk)
    booked(issued, "payment", LINES["payment"](10_000, 500), clock.now())
    note = credit(org, issued, amount=Decimal("42.00"), reason="returned", actor=actor)
    booked(issued, "refund", LINES["refund"](500, 0), clock.now())

    found = account(Scope(org, payer=payer), "EUR", *FOREVER)

    assert [(each.kind, each.amount) for each in found.movements] == [
        ("invoice", Decimal("242.00")), ("payment", Decimal("-105.00")), ("credit-note", Decimal("-42.00")), ("refund", Decimal("5.00")),
    ]  # fmt: skip
    assert found.movements[2].number == note.number and found.movements[2].about == issued.number and found.movements[2].document == note.invoice_id
    assert [each.balance for each in found.movements] == [Decimal("242.00"), Decimal("137.00"), Decimal("95.00"), Decimal("100.00")]
    assert [(item.number, item.amount) for item in found.items] == [(issued.number, Decimal("100.00"))]


def test_t53_t54_an_account_holds_only_what_its_scope_names(org: Any, payer: Any, issued: Any, make_org: Any) -> None:
    """T53, T54: no grant, no line; another customer, no line; another seller, no line."""
    from uuid import uuid4

    assert account(Scope(org, payer=payer), "EUR", *FOREVER).movements == []
    assert account(Scope(org, customer=uuid4()), "EUR", *FOREVER).movements == []

    PayerGrant.objects.create(organisation_id=org.pk, payer=payer, invoice_id=issued.pk)
    assert account(Scope(make_org(), payer=payer), "EUR", *FOREVER).movements == []
    assert len(account(Scope(org, payer=payer), "EUR", *FOREVER).movements) == 1


def test_the_sellers_account_of_a_customer_and_the_ageing_of_all_agree(org: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app.insight.ageing import ageing, whole
    from wasl.app.invoicing.customers import add_customer
    from wasl.app.invoicing.issue import issue

    customer = add_customer(org, actor=actor, name="Leuven Lab", country="BE")
    for days in (10, -10, -45, -75, -100):
        due = clock.now().date() + timedelta(days=days)
        issue(org, make_invoice(due_date=due), actor=actor, customer_id=customer.pk)
    issue(org, make_invoice(), actor=actor)
    today = clock.now().date()

    of, aged = account(Scope(org, customer=customer.pk), "EUR", FOREVER[0], today), ageing(org, today)

    assert of.ageing == [Decimal("242.00")] * 5 == next(each.bands for each in aged if each.customer == customer.pk)
    assert {each.name for each in aged} == {"Leuven Lab", ""} and whole(org, today)[0].open == Decimal("1452.00")


def test_the_bands_begin_the_day_after_thirty_sixty_and_ninety() -> None:
    one = Decimal(1)

    assert [bands([(days, one)]).index(one) for days in (0, 1, 30, 31, 60, 61, 90, 91)] == [0, 1, 1, 2, 2, 3, 3, 4]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_statement_is_a_pdf_and_a_table(org: Any, payer: Any, issued: Any, language: str) -> None:
    from django.utils import translation

    from wasl.formats.table.stream import csv_stream
    from wasl.invoice.model import Party

    PayerGrant.objects.create(organisation_id=org.pk, payer=payer, invoice_id=issued.pk)
    booked(issued, "payment", LINES["payment"](10_000, 0), clock.now())
    of = account(Scope(org, payer=payer), "EUR", *FOREVER)

    pdf = statement_pdf(of, org, Party(name="Leuven Lab"), on=of.until, at=clock.now(), language=language)
    with translation.override(language):
        text = b"".join(csv_stream(statement_rows(of))).decode()

    assert pdf.startswith(b"%PDF-1.7") and issued.number in text and "142.00" in text


def test_a_pdf_that_nobody_reads_is_refused(org: Any, monkeypatch: pytest.MonkeyPatch, payer: Any, issued: Any) -> None:
    from wasl.invoice.model import Party

    monkeypatch.setattr("wasl.app.insight.statement.PDF_ROWS_MAX", 0)
    PayerGrant.objects.create(organisation_id=org.pk, payer=payer, invoice_id=issued.pk)

    with pytest.raises(TooLongForPdf):
        statement_pdf(account(Scope(org, payer=payer), "EUR", *FOREVER), org, Party(name="x"), on=date(2026, 1, 1), at=clock.now(), language="en")


