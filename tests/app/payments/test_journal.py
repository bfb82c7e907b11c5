"""The journal: every entry balances, nothing is rewritten, and what is owed follows from the issued documents."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from wasl.app import clock
from wasl.app.events.record import record
from wasl.app.payments.journal import CLEARING, RECEIVABLE, SALES, JLine, Unbalanced, balance, post, trial_balance
from wasl.app.payments.models import JournalLine
from wasl.app.payments.standing import AWAITING, CREDITED, standing

pytestmark = pytest.mark.django_db


def test_issuing_posts_what_is_owed_in_the_same_transaction(org: Any, issued: Any) -> None:
    assert balance(org, issued) == issued.payable_amount == 24200
    assert trial_balance(org) == {"EUR": {RECEIVABLE: 24200, SALES: -24200}}
    assert standing(org, issued).state == AWAITING


def test_a_rolled_back_issue_leaves_no_entry(org: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app.invoicing.issue import issue

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        issue(org, make_invoice(), actor=actor)
        raise KeyboardInterrupt

    assert trial_balance(org) == {}


def test_a_credit_note_lowers_what_its_original_owes(org: Any, issued: Any, actor: Any) -> None:
    from wasl.app.invoicing.credit import credit

    credit(org, issued, reason="returned", actor=actor)

    assert balance(org, issued) == 0
    assert standing(org, issued).state == CREDITED


def _entry(org: Any, issued: Any, lines: list[JLine]) -> None:
    with transaction.atomic():
        event = record("note", org=org, invoice=issued, at=clock.now())
        post(event, "payment", lines, currency="EUR", invoice=issued)


def test_unbalanced_lines_are_refused(org: Any, issued: Any) -> None:
    with pytest.raises(Unbalanced):
        _entry(org, issued, [JLine(CLEARING, 100), JLine(RECEIVABLE, -99)])


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_entry_that_does_not_balance(org: Any, issued: Any) -> None:
    _entry(org, issued, [JLine(CLEARING, 100), JLine(RECEIVABLE, -100)])
    entry = JournalLine.objects.for_org(org).filter(account=CLEARING).get().entry

    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        JournalLine.objects.create(organisation=org, entry=entry, account="bank", amount=1)

    assert balance(org, issued, CLEARING) == 100


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_entry_without_lines(org: Any, issued: Any) -> None:
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic(), connection.cursor() as cursor:
        event = record("note", org=org, invoice=issued, at=clock.now())
        cursor.execute(
            "INSERT INTO payments_journalentry (organisation_id, id, event_id, kind, invoice_id, currency, at)"
            " VALUES (%s, %s, %s, 'x', %s, 'EUR', now())",
            [org.pk, event.id, event.id, issued.pk],
        )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_journalline SET amount = amount * 2",
        "DELETE FROM payments_journalline",
        "UPDATE payments_journalentry SET kind = 'x'",
        "DELETE FROM payments_journalentry",
        "TRUNCATE payments_journalline",
    ],
)
def test_written_lines_stay(org: Any, issued: Any, sql: str) -> None:
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)

    assert balance(org, issued) == 24200
