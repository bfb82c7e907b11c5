"""What a seller gave up, and what a seller gave time for, in honest words on both sides: lists, filters, pages, sums, search, exports."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
BEFORE = datetime(2030, 1, 10, 9, tzinfo=UTC)
LATE = datetime(2030, 2, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def by_day() -> Any:
    from wasl.app import clock

    with clock.frozen(BEFORE) as moving:
        yield moving


@pytest.fixture
def seller(owner: Any) -> Client:
    client = Client()
    client.force_login(owner, backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


@pytest.fixture
def boss(owner: Any) -> Any:
    from wasl.app.tenancy.actor import Actor

    return Actor.of(owner)


def words(client: Client, address: str) -> str:
    answer = client.get(address + ("&" if "?" in address else "?") + "lang=en")
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def pay(row: Any, amount: int) -> None:
    from wasl.app import clock
    from wasl.app.payments.receive import receive_transfer

    receive_transfer(row.organisation_id, key=f"k{row.pk}", amount=amount, currency=row.currency, at=clock.now(), payer_name="", reference="", shares={row.pk: amount}, source="bank")


def test_the_seller_reads_written_off_and_the_payer_that_nothing_is_left(
    seller: Client, browser: Client, org: Any, payer: Any, make_issued: Any, boss: Any
) -> None:
    from wasl.app import fsck
    from wasl.app.payments.standing import WRITTEN_OFF, standing
    from wasl.app.payments.writeoff import take_back_write_off, write_off

    whole, part, paid = (make_issued(payer, number=None) for _ in range(3))
    write_off(whole, reason="bankrupt", actor=boss)
    pay(part, 100_00)
    write_off(part, reason="rest too small", actor=boss)
    pay(paid, paid.payable_amount)
    assert [standing(org, row).state for row in (whole, part, paid)] == [WRITTEN_OFF, WRITTEN_OFF, "paid"]

    base = f"/console/{org.slug}/"
    shown = words(seller, f"{base}?status=written_off")
    assert whole.number in shown and part.number in shown and paid.number not in shown
    assert "Paid in part, the rest written off" in shown and "Cancelled by a credit note" not in words(seller, base)
    for status, hits in (("paid", [paid]), ("credited", []), ("open", [])):
        shown = words(seller, f"{base}?status={status}")
        assert [row.number for row in (whole, part, paid) if row.number in shown] == [row.number for row in hits], status
    page = words(seller, f"{base}invoices/{whole.pk}")
    assert "Waived" in page and "If money comes after all, it counts" in page and "Credit notes -" not in page

    shown = words(browser, "/inbox/?state=closed")
    assert whole.number in shown and part.number in shown and paid.number not in shown
    assert "Nothing left to pay" in shown and "Written off" not in shown and "Cancelled by a credit note" not in shown
    assert part.number not in words(browser, "/inbox/?state=paid") and whole.number not in words(browser, "/inbox/?state=credited")
    page = words(browser, f"/inbox/i/{org.pk}/{whole.pk}")
    assert "Nothing more is asked for on this invoice." in page and "Not asked for any more" in page and "Pay now" not in page
    export = browser.get("/inbox/export.csv?lang=en").getvalue().decode()
    assert export.count("Nothing left to pay") == 2 and export.count("Cancelled by a credit note") == 0

    from wasl.app.portal.inbox.sums import totals

    (sums,) = totals(payer, date(2030, 1, 10))
    assert (sums.open.number, sums.paid_this_year.amount, sums.paid_this_year.number) == (0, 100_00 + paid.payable_amount, 2)
    take_back_write_off(whole, reason="it comes", actor=boss)
    assert whole.number in words(browser, "/inbox/?state=open") and whole.number in words(seller, f"{base}?status=open")
    assert fsck.run(("balances", "inbox", "inbox-sums", "due-dates")) == []


def test_more_time_is_a_promise_that_both_sides_read_and_that_every_list_keeps(
    seller: Client, browser: Client, org: Any, payer: Any, make_issued: Any, boss: Any, by_day: Any
) -> None:
    from wasl.app import fsck
    from wasl.app.insight.account import Scope, account
    from wasl.app.insight.ageing import whole as aged
    from wasl.app.invoicing.find import read_issued
    from wasl.app.notices.due_dates import move_due_date

    row = make_issued(payer)
    assert row.due_date == date(2030, 1, 31)
    by_day.set(LATE)
    base = f"/console/{org.slug}/"
    assert row.number in words(seller, f"{base}?status=overdue") and row.number in words(browser, "/inbox/?state=overdue")

    move_due_date(org, row, date(2030, 3, 1), actor=boss)

    assert row.number not in words(seller, f"{base}?status=overdue") and row.number in words(seller, f"{base}?status=open")
    assert row.number not in words(browser, "/inbox/?state=overdue") and row.number in words(browser, "/inbox/?state=open")
    (owed,) = aged(org, date(2030, 2, 3))
    assert owed.bands[0] == owed.open  # nothing of it is late
    (open_item,) = account(Scope(org, payer=payer), row.currency, date(2030, 1, 1), date(2030, 2, 3)).items
    assert open_item.due_date == date(2030, 3, 1) and open_item.days_late(date(2030, 2, 3)) == 0
    page = words(browser, f"/inbox/i/{org.pk}/{row.pk}")
    assert "The seller gives you until" in page and "1 March 2030" in page and "Overdue" not in page
    assert "The seller gives you until" in words(browser, f"/inbox/i/{org.pk}/{row.pk}/pay")
    assert "You gave time until" in words(seller, f"{base}invoices/{row.pk}")
    assert b"20300301" in browser.get(f"/inbox/i/{org.pk}/{row.pk}/calendar").content
    row.refresh_from_db(from_queryset=type(row).objects.for_org(org))
    assert (row.due_date, read_issued(row).due_date) == (date(2030, 1, 31), date(2030, 1, 31))  # sealed is sealed
    by_day.set(datetime(2030, 3, 2, 9, tzinfo=UTC))
    assert row.number in words(seller, f"{base}?status=overdue") and row.number in words(browser, "/inbox/?state=overdue")
    assert fsck.run(("balances", "inbox", "inbox-sums", "due-dates")) == []
