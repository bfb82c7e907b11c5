"""The rows that the inbox reads are what grants and balances say, whatever happened and in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wasl.app import clock, fsck
from wasl.app.portal.inbox import sums
from wasl.app.portal.inbox.models import CREDITED, NOTE, OPEN, PAID, Item, Sum
from wasl.app.portal.inbox.rank import rank, sections
from wasl.app.tenancy.models import PayerGrant

pytestmark = pytest.mark.django_db
INVARIANTS = ("inbox", "inbox-sums", "balances")


def only(payer: Any) -> Item:
    return Item.objects.for_payer(payer).filter(payer_id=payer.pk).get()


def test_a_grant_brings_the_invoice_and_taking_it_away_removes_it(payer: Any, make_issued: Any) -> None:
    row = make_issued(payer)

    item = only(payer)
    assert (item.number, item.total, item.open_amount, item.state) == (row.number, 24200, 24200, OPEN)
    assert item.rank == rank(row.due_date, None)

    PayerGrant._base_manager.all().delete()
    assert not Item._base_manager.exists() and sums.totals(payer, date(2026, 1, 1)) == []


def test_paying_settles_the_item_and_a_refund_opens_it_again(payer: Any, make_issued: Any, pay: Any) -> None:
    row = make_issued(payer)

    pay(row, 200)
    assert (only(payer).state, only(payer).paid, only(payer).open_amount) == (OPEN, 200, 24000)
    pay(row, 24000)
    today = clock.now().astimezone(clock.UTC).date()
    assert only(payer).state == PAID and abs((only(payer).closed_on - today).days) <= 1
    pay(row, 50, "refund_due")
    assert (only(payer).state, only(payer).open_amount, only(payer).closed_on) == (OPEN, 50, None)


def test_a_credit_note_settles_its_original_and_is_an_item_of_its_own(payer: Any, org: Any, make_issued: Any, actor: Any, grant: Any) -> None:
    from wasl.app.invoicing.credit import credit
    from wasl.app.invoicing.models import Invoice

    row = make_issued(payer)
    note = Invoice.objects.for_org(org).get(pk=credit(org, row, reason="returned", actor=actor).invoice_id)
    grant(payer, note)

    states = {item.number: item.state for item in Item.objects.for_payer(payer).filter(payer_id=payer.pk)}
    assert states == {row.number: CREDITED, note.number: NOTE}
    assert fsck.run(INVARIANTS) == []


def test_a_zone_that_the_database_does_not_know_refuses_no_payment(payer: Any, org: Any, make_issued: Any, pay: Any) -> None:
    row = make_issued(payer)
    org.time_zone = "Mars/Olympus"
    org.save()

    pay(row, 24200)

    assert only(payer).state == PAID


@pytest.mark.parametrize("field", ["number", "total", "payer_id"])
def test_what_an_item_is_about_is_never_rewritten(payer: Any, make_issued: Any, field: str) -> None:
    make_issued(payer)
    value: Any = {"number": "x", "total": 1, "payer_id": "00000000-0000-0000-0000-000000000001"}[field]

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Item._base_manager.update(**{field: value})


def test_ranks_put_what_is_due_first_and_the_newest_settled_before_the_older() -> None:
    today = date(2026, 11, 23)
    order = [
        rank(today - timedelta(days=3), None), rank(today, None), rank(date(2099, 1, 1), None), rank(None, None), rank(None, today),
        rank(None, today - timedelta(days=1)), rank(None, date(2000, 1, 1)),
    ]  # fmt: skip

    assert order == sorted(order)
    where = [next(name for name, (low, high) in sections(today).items() if low <= each < high) for each in order]
    assert where == ["overdue", "soon", "later", "undated", "settled", "settled", "settled"]


acts = st.lists(
    st.tuples(st.sampled_from(["grant", "revoke", "payment", "credit", "refund_due", "fold", "star"]), st.integers(0, 2), st.integers(1, 30_000)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=acts)
def test_after_any_story_items_and_sums_are_those_of_the_books(payer: Any, other_payer: Any, make_issued: Any, pay: Any, grant: Any, story: Any) -> None:
    with transaction.atomic():
        rows = [make_issued(), make_issued(other_payer, due_date=None, payment_terms="30 days"), make_issued(due_date=date(2026, 1, 1))]
        for act, which, amount in story:
            row, inbox = rows[which], (payer, other_payer)[amount % 2]
            held = PayerGrant._base_manager.filter(payer=inbox, organisation_id=row.organisation_id, invoice_id=row.pk)
            if act == "grant" and not held.exists():
                grant(inbox, row)
            elif act == "revoke":
                held.delete()
            elif act == "fold":
                sums.fold(inbox.pk)
            elif act == "star":
                Item._base_manager.filter(payer_id=inbox.pk).update(is_starred=bool(amount % 3))
            elif act not in ("grant",):
                pay(row, amount, act)

        assert fsck.run(INVARIANTS) == []
        transaction.set_rollback(True)


def test_folding_leaves_one_row_a_day_and_the_same_sums(payer: Any, make_issued: Any, pay: Any) -> None:
    rows = [make_issued(payer) for _ in range(5)]
    for row in rows[:2]:
        pay(row, 24200)
    before = sums.totals(payer, clock.now().date())

    assert sums.fold_loose() == 1

    assert Sum.objects.filter(payer_id=payer.pk).count() == 2 and sums.totals(payer, clock.now().date()) == before
    assert (before[0].open, before[0].paid_this_year) == (sums.Amount(3 * 24200, 3), sums.Amount(2 * 24200, 2))


def test_fsck_names_an_item_and_a_sum_that_were_altered(payer: Any, make_issued: Any) -> None:
    row = make_issued(payer)
    Item._base_manager.update(open_amount=1)
    Sum.objects.update(number=7)

    found = fsck.run(INVARIANTS)

    assert {problem.invariant for problem in found} == {"inbox", "inbox-sums"} and str(row.pk) in found[0].where
