"""List, invoice page, customers, items, credit note."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_list_shows_customer_number_state_and_amount(desk: Any, issued: Any) -> None:
    text = words(desk.get("/console/sanad/?lang=en"))

    assert "مؤسسة الأفق الأزرق للتجارة" in text and issued.number in text
    assert "Awaiting payment" in text and "2,482.05" in text


@pytest.mark.parametrize(("query", "count"), [("", 1), ("?status=paid", 0), ("?status=open", 1), ("?page=9", 0)])
def test_search_and_filter(desk: Any, issued: Any, query: str, count: int) -> None:
    desk.get("/console/sanad/")  # takes the message that the issue left

    assert desk.get(f"/console/sanad/{query}").content.decode().count(issued.number) == count


@pytest.mark.parametrize("query", ["?page=-1", "?page=x", "?page=99999999999", "?status=%27", "?q=%00"])
def test_odd_addresses_show_a_page(desk: Any, issued: Any, query: str) -> None:
    assert desk.get(f"/console/sanad/{query}").status_code == 200


def test_list_costs_the_same_queries_for_one_row_or_many(desk: Any, typed: dict[str, str], django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        desk.post("/console/sanad/new", typed | {"act": "issue"})
    desk.get("/console/sanad/")

    with django_assert_max_num_queries(11):
        desk.get("/console/sanad/")


def test_invoice_page_tells_the_story_to_the_seller(desk: Any, issued: Any) -> None:
    text = words(desk.get(f"/console/sanad/invoices/{issued.pk}?lang=en"))

    assert "finance@bluehorizon.example" in text
    assert "Issued and sealed; being written to the public log" in text
    assert "Waiting to be sent" in text


def test_files_of_an_invoice(desk: Any, issued: Any) -> None:
    xml = desk.get(f"/console/sanad/invoices/{issued.pk}/file/xml")
    proof = desk.get(f"/console/sanad/invoices/{issued.pk}/file/proof")

    assert xml.content.startswith(b"<?xml") and "attachment" in xml["Content-Disposition"]
    assert proof.status_code == 302
    assert desk.get(f"/console/sanad/invoices/{issued.pk}/file/secrets").status_code == 404


def test_sending_again_goes_where_it_is_told(desk: Any, issued: Any, org: Any) -> None:
    from wasl.app.delivery.models import Delivery

    desk.post(f"/console/sanad/invoices/{issued.pk}/send", {"recipient": "other@example.com"})
    desk.post(f"/console/sanad/invoices/{issued.pk}/send", {"recipient": "not an address"})

    assert {d.recipient for d in Delivery.objects.for_org(org)} == {"finance@bluehorizon.example", "other@example.com"}


def test_a_whole_credit_note_cancels_the_invoice(desk: Any, issued: Any) -> None:
    response = desk.post(f"/console/sanad/invoices/{issued.pk}/credit?lang=en", {"amount": "2482.05", "reason": "أُلغي الطلب"}, follow=True)

    assert "Cancelled by a credit note" in words(response)


@pytest.mark.parametrize("amount", ["100", "2482.05"])
def test_the_credit_form_sent_twice_is_one_credit_note(desk: Any, issued: Any, org: Any, amount: str) -> None:
    from wasl.app.invoicing.models import Invoice

    page = f"/console/sanad/invoices/{issued.pk}/credit?lang=en"
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', desk.get(page).content.decode())
    assert key
    answers = [desk.post(page, {"amount": amount, "reason": "Late", "key": key[1]}) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Invoice.objects.for_org(org).filter(original_id=issued.pk).count() == 1


def test_more_than_is_left_is_refused(desk: Any, issued: Any) -> None:
    response = desk.post(f"/console/sanad/invoices/{issued.pk}/credit?lang=en", {"amount": "9999", "reason": "x"})

    assert response.status_code == 422
    assert "left to credit" in words(response)


def test_a_credit_note_wants_its_reason(desk: Any, issued: Any) -> None:
    response = desk.post(f"/console/sanad/invoices/{issued.pk}/credit?lang=en", {"amount": "10", "reason": " "})

    assert response.status_code == 422
    assert "Say why" in words(response)


def test_a_customer_is_added_changed_and_taken_off(desk: Any, org: Any) -> None:
    from wasl.app.invoicing.models import Customer

    fields = {"name": "دار الأثاث", "country": "SA", "email": "a@example.com", "payment_days": "١٥", "language": "ar"}
    desk.post("/console/sanad/customers/new", fields)
    row = Customer.objects.for_org(org).get()
    desk.post(f"/console/sanad/customers/{row.pk}", fields | {"city": "جدة"})
    changed = Customer.objects.for_org(org).get()
    desk.post(f"/console/sanad/customers/{row.pk}", {"act": "archive"})

    assert (row.payment_days, changed.city) == (15, "جدة")
    assert Customer.objects.for_org(org).get().archived_at is not None


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("country", "XX"), ("email", "nobody"), ("payment_days", "-1"), ("payment_days", "9999"), ("name", "x" * 201)])
def test_a_customer_that_cannot_be_kept_says_why(desk: Any, org: Any, field: str, value: str) -> None:
    response = desk.post("/console/sanad/customers/new", {"name": "A", "country": "SA"} | {field: value})

    assert response.status_code == 422
    assert f'id="error-{field}"' in response.content.decode()


def test_an_item_is_added(desk: Any, org: Any) -> None:
    from wasl.app.invoicing.models import Item

    desk.post("/console/sanad/items/new", {"name_ar": "تدريب", "unit": "DAY", "price": "٤٣٦٢٫٩٧", "tax": "S|15"})

    row = Item.objects.for_org(org).get()
    assert (str(row.price.normalize()), row.unit, row.tax_category, row.tax_rate) == ("4362.97", "DAY", "S", 15)


def test_an_item_needs_a_name(desk: Any, org: Any) -> None:
    assert desk.post("/console/sanad/items/new", {"price": "1"}).status_code == 422


def test_a_draft_is_thrown_away(desk: Any, typed: dict[str, str], org: Any) -> None:
    from wasl.app.invoicing.models import Draft

    desk.post("/console/sanad/new", typed | {"act": "save"})
    draft = Draft.objects.for_org(org).get()
    assert "2,482.05" in words(desk.get("/console/sanad/drafts"))
    desk.post(f"/console/sanad/drafts/{draft.pk}/delete")

    assert Draft.objects.for_org(org).count() == 0


def test_the_one_time_link_works_once_and_by_a_person_only(client: Any, owner: Any) -> None:
    from wasl.app.console.home import entry_token

    address = f"/console/enter/{entry_token(owner)}"
    looked = client.get(address)
    entered = client.post(address)

    assert (looked.status_code, entered.status_code) == (200, 302)
    assert client.get("/console/").status_code == 302
    client.logout()
    assert client.post(address).status_code == 410


def test_a_forged_one_time_link_opens_nothing(client: Any, owner: Any) -> None:
    from wasl.app.console.home import entry_token

    assert client.post(f"/console/enter/{entry_token(owner)}x").status_code == 410


def test_a_withdrawn_link_is_gone_for_the_payer(desk: Any, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    token = make_link(issued, Link.MAIL, "finance@bluehorizon.example")
    link = Link.objects.for_org(issued.organisation_id).get(purpose=Link.MAIL)
    desk.post(f"/console/sanad/invoices/{issued.pk}/revoke", {"link": str(link.pk)})

    assert desk.get(f"/i/{token}").status_code == 410


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("customers/new", {"name": "x", "country": "SA", "payment_days": "9" * 5000}),
        ("items/new", {"name_ar": "x", "tax": "zzzzzzzzzzzz"}),
        ("items/new", {"name_ar": "x", "tax": "S|99999999"}),
        ("items/new", {"name_ar": "x", "tax": "S|15", "unit": "a\x00b"}),
        ("new", {"act": "remove-" + "9" * 5000}),
    ],
)
def test_forged_fields_are_answered_not_crashed_on(desk: Any, org: Any, page: str, fields: dict[str, str]) -> None:
    assert desk.post(f"/console/sanad/{page}", fields).status_code in (200, 422)
