"""The list: what is due first, narrowed and sorted by the address, page by page, and nothing of anybody else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.portal.inbox import queries
from wasl.app.portal.inbox.filters import Filters, read
from wasl.app.portal.inbox.models import Item

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
DUE = {"overdue": date(2026, 11, 20), "soon": date(2026, 11, 25), "later": date(2027, 1, 1)}


@pytest.fixture
def frozen() -> Any:
    from datetime import UTC, datetime

    with clock.frozen(datetime(2026, 11, 23, 10, tzinfo=UTC)) as now:
        yield now


def numbers(page: queries.Page) -> list[str]:
    return [row.number for row in page.rows]


@pytest.fixture
def three(frozen: Any, payer: Any, make_issued: Any) -> dict[str, Any]:
    """One invoice in each section, made in another order than they are due."""
    return {key: make_issued(payer, due_date=DUE[key]) for key in ("later", "overdue", "soon")}


def test_what_is_due_first_comes_first_and_the_paid_after(payer: Any, three: Any, make_issued: Any, pay: Any) -> None:
    paid, undated = make_issued(payer, due_date=DUE["overdue"]), make_issued(payer, due_date=None, payment_terms="on receipt")
    pay(paid, 24200)

    found = queries.page(payer, Filters(), TODAY)

    assert numbers(found) == [three["overdue"].number, three["soon"].number, three["later"].number, undated.number, paid.number]


ALL = ["overdue", "soon", "later"]
ASKED = {
    Filters(state="overdue"): ["overdue"], Filters(state="soon"): ["soon"], Filters(state="open"): ALL, Filters(state="paid"): [],
    Filters(currency="EUR"): ALL, Filters(currency="SAR"): [], Filters(low=Decimal(242), high=Decimal("242.00")): ALL,
    Filters(low=Decimal("242.01")): [], Filters(since=TODAY, until=TODAY): ALL, Filters(until=TODAY - timedelta(days=1)): [],
    Filters(sort="newest"): ["soon", "overdue", "later"], Filters(sort="oldest"): ["later", "overdue", "soon"],
}  # fmt: skip


def test_a_filter_finds_what_it_says(payer: Any, three: Any) -> None:
    found = {filters: numbers(queries.page(payer, filters, TODAY)) for filters in ASKED}

    assert found == {filters: [three[key].number for key in keys] for filters, keys in ASKED.items()}


def test_sellers_are_told_apart_and_only_those_of_the_inbox_are_named(payer: Any, other_payer: Any, make_org: Any, make_issued: Any) -> None:
    first, second, third = make_org(), make_org(), make_org()
    mine = make_issued(payer, seller=first)
    make_issued(payer, seller=second)
    make_issued(other_payer, seller=third)

    assert numbers(queries.page(payer, Filters(seller=first.pk), TODAY)) == [mine.number]
    assert {seller.id for seller in queries.sellers(payer, 40)} == {first.pk, second.pk}
    assert queries.seller_named(payer, third.pk) == [], "T66"


def test_pages_follow_each_other_without_gap_or_repetition(payer: Any, three: Any, make_issued: Any) -> None:
    rows = [*three.values(), *(make_issued(payer, due_date=DUE["soon"]) for _ in range(4))]
    for sort in ("", "newest", "oldest", "largest", "smallest"):
        whole = numbers(queries.page(payer, Filters(sort=sort), TODAY))
        seen, cursor = [], ""
        while True:
            page = queries.page(payer, Filters(sort=sort), TODAY, after=cursor, limit=2)
            seen += numbers(page)
            if page.previous:
                back = queries.page(payer, Filters(sort=sort), TODAY, before=page.previous, limit=2)
                assert numbers(back) == seen[-len(page.rows) - 2 : -len(page.rows)], "the page before is the one we came from"
            cursor = page.next
            if not cursor:
                break
        assert seen == whole and len(set(seen)) == len(rows)


STRANGE = ["x", "~", "1~x", "99999999999999~" + "0" * 32, "1~" + "0" * 31, "\x00~" + "0" * 32, "1" * 300]


def test_a_cursor_that_is_not_ours_is_the_first_page(payer: Any, three: Any) -> None:
    found = [len(queries.page(payer, Filters(), TODAY, **{way: cursor}).rows) for cursor in STRANGE for way in ("after", "before")]

    assert set(found) == {3}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"low": "١٬٢٥٠", "high": "1,250.5"}, Filters(low=Decimal(1250), high=Decimal("1250.5"))),
        ({"low": "9", "high": "1"}, Filters(low=Decimal(1), high=Decimal(9))), ({"since": "٢٠٢٦-١١-٠١"}, Filters(since=date(2026, 11, 1))),
        ({"since": "2026-12-01", "until": "2026-01-01"}, Filters(since=date(2026, 1, 1), until=date(2026, 12, 1))),
        ({"state": "'; DROP", "sort": "x", "seller": "1", "currency": "ريال", "since": "soon", "low": "1e999"}, Filters()),
        ({"currency": "sar", "low": "-5"}, Filters(currency="SAR", low=Decimal(0))),
    ],
    ids=str,
)  # fmt: skip
def test_what_an_address_asks_for_is_read_kindly(given: dict[str, str], expected: Filters) -> None:
    assert read(given) == expected


def test_filters_survive_the_way_into_an_address_and_back() -> None:
    from urllib.parse import parse_qsl
    from uuid import UUID

    filters = Filters("paid", UUID(int=5), "JOD", date(2026, 1, 1), date(2026, 2, 1), Decimal("0.125"), Decimal(10**12), "largest")

    assert read(dict(parse_qsl(filters.query()))) == filters and Filters().query() == ""


def test_matches_count_and_add_up_each_currency(payer: Any, three: Any, pay: Any) -> None:
    pay(three["later"], 200)

    (match,) = queries.matches(payer, Filters(currency="EUR"), TODAY) or []

    assert (match.number, match.total, match.left) == (3, Decimal("726.00"), Decimal("724.00"))


def test_t66_another_inbox_counts_nothing_of_mine(other_payer: Any, three: Any) -> None:
    """T66"""
    from wasl.app.portal.inbox import sums

    assert queries.page(other_payer, Filters(), TODAY).rows == [] and queries.matches(other_payer, Filters(currency="EUR"), TODAY) == []
    assert sums.totals(other_payer, TODAY) == [] and queries.currencies(other_payer) == [] and queries.last_zone(other_payer) == "UTC"


def test_sums_say_what_is_overdue_due_this_month_and_undated(payer: Any, three: Any, make_issued: Any) -> None:
    from wasl.app.portal.inbox import sums

    make_issued(payer, due_date=None, payment_terms="on receipt")

    (found,) = sums.totals(payer, TODAY)

    assert [found.overdue.number, found.soon.number, found.later.number, found.undated.number] == [1, 1, 1, 1]
    assert found.this_month.amount == 24200 and found.open.amount == 4 * 24200
    assert found.due_months == {date(2026, 11, 1): sums.Amount(48400, 2), date(2027, 1, 1): sums.Amount(24200, 1)}


def test_the_page_takes_a_handful_of_queries_however_many_rows(browser: Any, three: Any, django_assert_max_num_queries: Any) -> None:
    browser.get("/inbox/")  # the first visit writes down the device

    with django_assert_max_num_queries(13):
        page = browser.get("/inbox/").content.decode()

    assert all(row.number in page for row in three.values())
    assert len(page.encode()) < 40_000


def test_a_question_marks_its_invoice_until_it_is_settled(payer: Any, three: Any) -> None:
    from wasl.app import fsck
    from wasl.app.support.conversations import Payer, ask, withdraw

    by = Payer(email="nadia@example.com")
    conversation = ask(three["soon"], reason="question", text="Why?", by=by, key="form-1")
    assert numbers(queries.page(payer, Filters(state="question"), TODAY)) == [three["soon"].number]

    withdraw(conversation.organisation_id, conversation.pk, by=by, key="form-2")
    assert not Item.objects.for_payer(payer).filter(has_question=True).exists() and fsck.run(["inbox"]) == []
