"""Credit notes against issued invoices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from wasl.app import fsck
from wasl.app.events.models import Event
from wasl.app.invoicing.credit import credit, left_to_credit
from wasl.app.invoicing.errors import OriginalRequired
from wasl.app.invoicing.find import find_invoice, read_issued
from wasl.app.invoicing.issue import issue
from wasl.invoice.credit import CreditExceeds, LineCredit

pytestmark = pytest.mark.django_db


def test_a_whole_credit_note_mirrors_its_invoice_and_is_an_event_of_both(org, issued, actor):
    answer = credit(org, issued, reason="Returned", actor=actor)
    note = find_invoice(org, answer.invoice_id)
    assert (note.kind, note.number[:3], note.original_id, note.payable_amount) == ("credit_note", "CN-", issued.pk, issued.payable_amount)
    model = read_issued(note)
    assert (model.type_code, model.preceding_invoices[0].number) == ("381", issued.number)
    event = Event.objects.for_org(org).get(invoice_id=issued.pk, type="credited")
    assert (event.amount, event.data["number"]) == (24200, note.number)
    assert left_to_credit(issued)[0] == 0
    assert fsck.run() == []


def test_parts_never_sum_to_more_than_the_invoice(org, issued, actor):
    credit(org, issued, amount=Decimal("100.01"), reason="Part", actor=actor)
    credit(org, issued, lines=[LineCredit(line="1", amount=Decimal("10"))], reason="Part", actor=actor)
    assert left_to_credit(issued)[0] == Decimal("242.00") - Decimal("100.01") - Decimal("12.10")
    with pytest.raises(CreditExceeds):
        credit(org, issued, reason="All", lines=[LineCredit(line="1")], actor=actor)
    credit(org, issued, amount=left_to_credit(issued)[0], reason="Rest", actor=actor)
    assert left_to_credit(issued)[0] == 0
    with pytest.raises(CreditExceeds):
        credit(org, issued, amount=Decimal("0.01"), reason="More", actor=actor)


def test_the_same_key_credits_once(org, issued, actor):
    first = credit(org, issued, amount=Decimal(50), reason="Part", key="k", actor=actor)
    assert credit(org, issued, amount=Decimal(50), reason="Part", key="k", actor=actor).encode() == first.encode()
    assert left_to_credit(issued)[0] == Decimal("192.00")


def test_a_credit_note_cannot_be_issued_as_if_it_were_an_invoice(org, make_invoice, actor):
    with pytest.raises(OriginalRequired):
        issue(org, make_invoice(type_code="381"), actor=actor)


@pytest.mark.django_db(transaction=True)
def test_parallel_credits_of_the_whole_give_one_note(org, issued, actor):
    import threading
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    gate = threading.Barrier(4)

    def attempt(_):
        gate.wait()
        try:
            return credit(org, issued, reason="Race", amount=Decimal("200.00"), actor=actor).number
        except CreditExceeds:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = [n for n in pool.map(attempt, range(4)) if n]
    assert len(numbers) == 1
    assert left_to_credit(issued)[0] == Decimal("42.00")
