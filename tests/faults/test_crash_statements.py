"""T85 and T91 for bank statements: killed at every statement of an import or an acceptance; each movement kept and booked once."""

from __future__ import annotations

import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from wasl.app import fsck
from wasl.app.payments.models import Receipt
from wasl.app.payments.standing import standing
from wasl.app.payments.statements.models import StatementFile, StatementLine
from wasl.app.payments.statements.take_in import begin, take_in
from wasl.standins.statements import Movement, Period, camt053

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SCENARIOS = Path(__file__).with_name("scenarios_statements.py")
BOOKS = ("journal", "receivable", "balances", "receipts", "statements")
IBAN = "BE68539007547034"


@pytest.fixture
def crasher(transactional_db: None, installation_dir: Path) -> Any:
    from django.conf import settings

    harness = sys.modules["wasl_fault_harness"]
    with harness.Crasher(
        database_url=harness.url_of_test_database(), data_dir=str(installation_dir), checkpoint_dir=settings.CONFIG.checkpoint_dir
    ) as child:
        yield child


class Desk:
    """A new statement for each point: one movement pays its invoice exactly, one in part, one nothing."""

    def __init__(self, org: Any, make_invoice: Any, actor: Any) -> None:
        self.org, self.make_invoice, self.actor = org, make_invoice, actor

    def file(self, n: int, *, exactly: bool = True) -> dict[str, str]:
        from wasl.app.invoicing.issue import issue
        from wasl.app.invoicing.models import Invoice

        answer = issue(self.org, self.make_invoice(), actor=self.actor)
        self.invoice = Invoice.objects.for_org(self.org).get(pk=answer.invoice_id)
        amounts = (24200 if exactly else 20000, 700 + n, -100, 900 + n, 50)
        movements = [
            Movement(date(2026, 11, 3), units, text=self.invoice.number if at == 0 else f"other {n}", bank_reference=f"{n}-{at}")
            for at, units in enumerate(amounts)
        ]
        data = camt053([Period(IBAN, "EUR", n, movements, number=str(n))])
        (taken,) = take_in(self.org, f"{n}.xml", data, actor=self.actor)
        self.row = begin(taken.file, actor=self.actor)
        return {"org": str(self.org.pk), "file": str(self.row.pk)}

    def lines(self) -> list[StatementLine]:
        return list(StatementLine.objects.for_org(self.org).filter(file_id=self.row.pk).order_by("place"))


@pytest.fixture
def desk(org: Any, make_invoice: Any, actor: Any) -> Desk:
    return Desk(org, make_invoice, actor)


def test_t85_an_import_killed_at_every_point_is_finished_by_the_next_worker(crasher: Any, desk: Desk) -> None:
    points = 0
    for crash in crasher.every(SCENARIOS, "carry_on", desk.file):
        points += 1
        again = crasher.run(SCENARIOS, "carry_on", {"org": str(desk.org.pk), "file": str(desk.row.pk)})

        assert again.error is None and again.result is True, "the dead worker's lock went with it"
        file = StatementFile.objects.for_org(desk.org).get(pk=desk.row.pk)
        assert (file.state, file.total, file.fresh, file.data) == ("done", 5, 5, None), crash
        assert [line.state for line in desk.lines()] == ["matched", "unmatched", "outgoing", "unmatched", "unmatched"], crash
        assert standing(desk.org, desk.invoice).balance == 0
        assert Receipt.objects.for_org(desk.org).filter(key=f"statement:{desk.lines()[0].pk}:0").count() == 1
    assert points >= 25
    assert fsck.run(BOOKS) == []


def test_t85_an_acceptance_killed_at_every_point_books_once(crasher: Any, desk: Desk) -> None:
    from wasl.app.payments.statements.advance import advance

    def arguments(n: int) -> dict[str, Any]:
        place = desk.file(n, exactly=False)
        advance(desk.org.pk, desk.row.pk)
        return {"org": place["org"], "line": str(desk.lines()[0].pk), "invoice": str(desk.invoice.pk), "amount": 20000}

    points = 0
    for crash in crasher.every(SCENARIOS, "accept", arguments):
        points += 1
        line = desk.lines()[0]
        again = crasher.run(SCENARIOS, "accept", {"org": str(desk.org.pk), "line": str(line.pk), "invoice": str(desk.invoice.pk), "amount": 20000})

        assert again.result in ("matched", "taken: matched"), crash
        assert standing(desk.org, desk.invoice).balance == 4200 and desk.lines()[0].state == "matched"
    assert points >= 10
    assert fsck.run(BOOKS) == []


@pytest.mark.ci
def test_two_people_who_accept_one_movement_and_two_who_import_one_file_book_it_once(desk: Desk) -> None:
    from django.db import connection

    from wasl.app.payments.statements.accept import accept
    from wasl.app.payments.statements.advance import advance
    from wasl.app.payments.statements.errors import LineTaken

    desk.file(1, exactly=False)
    said: list[str] = []

    def at_once(act: Any) -> None:
        gate = threading.Barrier(4)

        def one() -> None:
            gate.wait()
            try:
                said.append(str(act()))
            except LineTaken:
                said.append("taken")
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    at_once(lambda: advance(desk.org.pk, desk.row.pk))
    advance(desk.org.pk, desk.row.pk)
    assert len(desk.lines()) == 5
    said.clear()
    at_once(lambda: accept(desk.org, desk.lines()[0].pk, {desk.invoice.pk: 20000}, actor=desk.actor).state)

    assert sorted(said) == ["matched", "taken", "taken", "taken"]
    assert standing(desk.org, desk.invoice).balance == 4200 and fsck.run(BOOKS) == []


def test_t91_a_broken_file_is_parked_and_the_others_flow(desk: Desk) -> None:
    from wasl.app.payments.statements import advance

    desk.file(1)
    broken = desk.row
    data = bytes(StatementFile.objects.for_org(desk.org).get(pk=broken.pk).data or b"")
    StatementFile.objects.for_org(desk.org).filter(pk=broken.pk).update(data=data[: len(data) // 2], moved_at="2020-01-01T00:00Z")
    desk.file(2)
    StatementFile.objects.for_org(desk.org).filter(pk=desk.row.pk).update(moved_at="2020-01-02T00:00Z")

    assert advance.resume() == 2

    states = dict(StatementFile.objects.for_org(desk.org).values_list("pk", "state"))
    assert states == {broken.pk: "refused", desk.row.pk: "done"}
