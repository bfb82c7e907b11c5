"""The bank takes a payment back: told, suggested, decided by a person, undone; an incoming reversal pays nothing by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from wasl.app.events.models import Event
from wasl.app.payments.models import Receipt
from wasl.app.payments.standing import standing
from wasl.app.payments.statements import accept as acts
from wasl.app.payments.statements.errors import LineTaken, LineUnknown, NotThisReturn
from wasl.app.payments.statements.models import StatementLine
from wasl.app.payments.statements.returned import AMOUNT, REFERENCE, came_back, fitting
from wasl.app.support.attention.queries import attention
from wasl.app.support.attention.sweep import sweep

pytestmark = pytest.mark.django_db


def lines(org: Any) -> list[StatementLine]:
    return list(StatementLine.objects.for_org(org).order_by("booked", "place"))


def owed(invoice: Any) -> int:
    return standing(invoice.organisation_id, invoice).balance


def back(came: Any, amount: int, text: str = "", **other: Any) -> Any:
    """A movement with which the bank takes back a credit (below zero) or a debit."""
    return replace(came(amount, text, **other), reversal=True)


def kinds(org: Any) -> list[str]:
    return [row.kind for row in attention(org)[0]]


def test_a_payment_that_came_back_is_told_taken_back_with_one_press_and_that_is_undone(
    org: Any, actor: Any, bill: Any, statement: Any, imported: Any, came: Any
) -> None:
    invoice = bill()
    data = statement(came(12100, invoice.number, name="Ghent Printers"), back(came, -12100, f"RETURN {invoice.number}", day=5))
    imported(data)
    paid, returned = lines(org)
    assert (paid.state, returned.state, owed(invoice)) == ("matched", "return", 0), "nothing is taken back by machine"
    assert kinds(org) == ["returned"]
    (fit,) = fitting(org, [returned.pk])[returned.pk]
    assert (fit.receipt_id, fit.reason) == (paid.receipt_id, REFERENCE)

    came_back(org, returned.pk, fit.receipt_id, actor=actor)

    assert [line.state for line in lines(org)] == ["reversed", "reversed"] and owed(invoice) == 12100 and kinds(org) == []
    told = Event.objects.for_org(org).filter(invoice_id=invoice.pk, type="transfer-undone")
    assert told.count() == 1
    with pytest.raises(LineTaken):
        came_back(org, returned.pk, fit.receipt_id, actor=actor)
    imported(data, "again.xml")
    imported(statement(back(came, -12100, f"RETURN {invoice.number}", day=5), opening=12100, number="2"), "overlap.xml")
    assert len(lines(org)) == 2 and owed(invoice) == 12100

    acts.undo(org, returned.pk, actor=actor)
    paid, returned = lines(org)
    assert (paid.state, returned.state, owed(invoice)) == ("matched", "return", 0)
    came_back(org, returned.pk, paid.receipt_id, actor=actor)
    acts.undo(org, paid.pk, actor=actor)  # the other of the two does it too
    assert ([line.state for line in lines(org)], owed(invoice)) == (["matched", "return"], 0)


def test_where_the_invoice_was_paid_meanwhile_undoing_a_return_forces_nothing(
    org: Any, actor: Any, bill: Any, statement: Any, imported: Any, came: Any
) -> None:
    invoice = bill()
    imported(statement(came(5000, "part"), back(came, -5000, "part", day=5)))
    paid, returned = lines(org)
    acts.accept(org, paid.pk, {invoice.pk: 5000}, actor=actor)
    came_back(org, returned.pk, fitting(org, [returned.pk])[returned.pk][0].receipt_id, actor=actor)
    imported(statement(came(10000, "other", day=9), number="2"), "b.xml")
    acts.accept(org, lines(org)[2].pk, {invoice.pk: 10000}, actor=actor)

    acts.undo(org, returned.pk, actor=actor)

    assert owed(invoice) == 2100 and lines(org)[0].receipt_id is None and lines(org)[0].state in ("suggested", "unmatched")


def test_a_reversal_that_comes_in_is_never_booked_by_itself_whatever_it_names(
    org: Any, actor: Any, bill: Any, statement: Any, imported: Any, came: Any
) -> None:
    invoice = bill()
    imported(statement(back(came, 12100, invoice.number, name="A supplier")))

    (line,) = lines(org)
    assert (line.state, line.is_reversal, owed(invoice)) == ("suggested", True, 12100)
    assert not acts.accept_sure(org.pk, line.pk, invoice.pk, 12100)
    acts.accept(org, line.pk, {invoice.pk: 12100}, actor=actor)
    assert owed(invoice) == 0, "a person may know better"


def test_what_fits_no_receipt_waits_for_a_look_and_is_set_aside(
    org: Any, actor: Any, bill: Any, statement: Any, imported: Any, came: Any, make_org: Any
) -> None:
    invoice = bill()
    imported(statement(came(12100, invoice.number, day=8), back(came, -12100, "x", day=5), back(came, -700, "y", day=9)))
    early, paid, other = lines(org)
    assert fitting(org, [early.pk, other.pk]) == {}, "booked later, or another amount"
    with pytest.raises(NotThisReturn):
        came_back(org, early.pk, paid.receipt_id, actor=actor)
    with pytest.raises(LineUnknown):
        came_back(make_org(), early.pk, paid.receipt_id, actor=actor)

    acts.ignore(org, early.pk, note="a mistake of the bank", actor=actor)
    acts.undo(org, early.pk, actor=actor)

    assert [line.state for line in lines(org)] == ["return", "matched", "return"] and owed(invoice) == 0


def test_a_receipt_typed_in_by_hand_comes_back_by_its_reference_only(
    org: Any, actor: Any, bill: Any, statement: Any, imported: Any, came: Any
) -> None:
    from wasl.app import clock
    from wasl.app.payments.receive import receive_transfer

    invoice, other = bill(), bill()
    with clock.frozen(clock.now().replace(year=2026, month=11, day=2)):
        typed = receive_transfer(org, key="typed", amount=12100, currency="EUR", at=clock.now(), reference="by hand", shares={invoice.pk: 12100})
    imported(statement(back(came, -12100, "nothing", day=5), back(came, -12100, f"return of {invoice.number}", day=6)))
    first, second = lines(org)
    assert set(fitting(org, [first.pk, second.pk])) == {second.pk}

    came_back(org, second.pk, typed.pk, actor=actor)
    assert (owed(invoice), owed(other)) == (12100, 12100)
    acts.undo(org, second.pk, actor=actor)

    assert owed(invoice) == 0 and Receipt.objects.for_org(org).filter(undone_at=None).count() == 1


def test_the_attention_ends_when_the_movement_is_set_aside(org: Any, actor: Any, bill: Any, statement: Any, imported: Any, came: Any) -> None:
    invoice = bill()
    imported(statement(came(12100, invoice.number), back(came, -12100, "Z", day=5)))
    returned = lines(org)[1]
    assert fitting(org, [returned.pk])[returned.pk][0].reason == AMOUNT and kinds(org) == ["returned"]

    acts.ignore(org, returned.pk, note="", actor=actor)
    sweep()

    assert kinds(org) == []
