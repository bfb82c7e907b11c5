"""What is kept of each invoice's balance is the fold of its journal, whatever was written, in whatever order and number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wasl.app import clock, fsck
from wasl.app.events.record import record
from wasl.app.payments.journal import CLEARING, RECEIVABLE, REFUNDS_DUE, JLine, balance, post
from wasl.app.payments.models import Balance, JournalEntry
from wasl.app.payments.standing import standing

pytestmark = pytest.mark.django_db
OTHER_SIDE = {JournalEntry.PAYMENT: CLEARING, JournalEntry.REFUND_DUE: REFUNDS_DUE, JournalEntry.REFUND: CLEARING, JournalEntry.CREDIT: "sales"}
SIGN = {JournalEntry.PAYMENT: -1, JournalEntry.CREDIT: -1, JournalEntry.REFUND_DUE: 1, JournalEntry.REFUND: 1}


def write(org: Any, invoice: Any, kind: str, amount: int, *, excess: int = 0, minutes: int = 0) -> None:
    """One entry as the services write them; `excess` is the part of it that never counted towards the invoice."""
    with transaction.atomic():
        event = record("note", org=org, invoice=invoice, at=clock.now() + timedelta(minutes=minutes))
        owed = SIGN[kind] * amount
        lines = [JLine(RECEIVABLE, owed), JLine(OTHER_SIDE[kind], -owed - SIGN[kind] * excess)]
        lines.append(JLine(REFUNDS_DUE if OTHER_SIDE[kind] != REFUNDS_DUE else "sales", SIGN[kind] * excess))
        post(event, kind, lines, currency="EUR", invoice=invoice)


entries = st.lists(st.tuples(st.sampled_from(list(SIGN)), st.integers(0, 30_000), st.integers(0, 500), st.integers(-90, 90)), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=entries)
def test_after_any_sequence_the_balance_kept_is_the_fold(org: Any, issued: Any, story: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        for kind, amount, excess, minutes in story:
            write(org, issued, kind, amount, excess=excess, minutes=minutes)

        kept, figures = Balance.objects.for_org(org).get(pk=issued.pk), standing(org, issued)
        assert fsck.run(["balances"]) == []
        assert kept.open_amount == figures.balance == balance(org, issued) and kept.is_open == (kept.open_amount > 0)
        assert figures.refunds_due == -balance(org, issued, REFUNDS_DUE) or any(kind == JournalEntry.REFUND for kind, *_ in story)
        transaction.set_rollback(True)


def test_issuing_paying_and_crediting_move_it(org: Any, issued: Any, actor: Any) -> None:
    from wasl.app.invoicing.credit import credit

    assert Balance.objects.for_org(org).get().open_amount == 24200 and Balance.objects.for_org(org).get().due_date == issued.due_date
    write(org, issued, JournalEntry.PAYMENT, 200)
    credit(org, issued, reason="returned", actor=actor)

    kept = Balance.objects.for_org(org).get()
    assert (kept.total, kept.received, kept.credited, kept.open_amount, kept.is_open) == (24200, 200, 24200, -200, False)


def test_a_rolled_back_entry_moves_nothing(org: Any, issued: Any) -> None:
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        write(org, issued, JournalEntry.PAYMENT, 200)
        raise KeyboardInterrupt

    assert Balance.objects.for_org(org).get().open_amount == 24200


def test_fsck_names_an_invoice_whose_balance_was_altered(org: Any, issued: Any) -> None:
    Balance.objects.for_org(org).update(received=1)

    (problem,) = fsck.run(["balances"])

    assert str(issued.pk) in problem.where and "24200" in problem.en


@pytest.mark.parametrize("sql", ["DELETE FROM payments_balance", "UPDATE payments_balance SET currency = 'USD'", "TRUNCATE payments_balance"])
def test_a_balance_is_neither_removed_nor_given_to_another_currency(issued: Any, sql: str) -> None:
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


def test_the_migration_gives_entries_of_before_their_balance(org: Any, issued: Any) -> None:
    """The same statement as for new lines, over all of them: what an installation has when it is updated."""
    from importlib import import_module

    migration = import_module("wasl.app.payments.migrations.0004_whole")
    write(org, issued, JournalEntry.PAYMENT, 200, excess=7)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica; DELETE FROM payments_balance; RESET session_replication_role")
        cursor.execute(migration.INSERT.format(lines="payments_journalline"))

    assert fsck.run(["balances"]) == []
    assert standing(org, issued).received == 200
