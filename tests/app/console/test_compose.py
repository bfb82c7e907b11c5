"""The composer: live totals and findings, drafts, issue. With and without script it is the same form."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
NEW, CHECK = "/console/sanad/new", "/console/sanad/check?lang=en"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_new_page_offers_customers_units_and_the_countrys_rates(desk: Any, customer: Any) -> None:
    html = desk.get(f"{NEW}?lang=en").content.decode()

    assert customer.name in html and '<option value="HUR">hour</option>' in html
    assert '<option value="S|15" selected>15%</option>' in html


def test_totals_follow_the_typing(desk: Any, typed: dict[str, str]) -> None:
    text = words(desk.post(CHECK, typed))

    assert "Taxable at 15% 2,158.30" in text
    assert "VAT 323.75" in text
    assert "Amount due 2,482.05" in text
    assert "Two thousand four hundred and eighty-two Saudi riyals and five halalas" in text


def test_a_good_invoice_is_ready_and_the_rules_are_counted(desk: Any, typed: dict[str, str]) -> None:
    text = words(desk.post(CHECK, typed))

    assert "Ready to issue" in text
    assert re.search(r"\d{3,} official rules checked in \d+\.\d ms", text)


def test_arabic_indic_digits_are_read(desk: Any, typed: dict[str, str]) -> None:
    text = words(desk.post(CHECK, typed | {"line-0-quantity": "١٠", "line-0-price": "٢١٥٫٨٣"}))

    assert "2,482.05" in text


def test_a_broken_rule_is_told_in_words_with_its_field_and_fix(desk: Any, typed: dict[str, str]) -> None:
    html = desk.post(CHECK, typed | {"line-0-tax": "E|0"}).content.decode()

    assert "BR-E-10" in html
    assert 'data-marks="reason-E"' in html
    assert 'href="#reason-E"' in html
    assert "1 point prevents issuing" in html


def test_findings_speak_arabic_too(desk: Any, typed: dict[str, str]) -> None:
    text = words(desk.post("/console/sanad/check?lang=ar", typed | {"line-0-tax": "E|0"}))

    assert "نقطة واحدة تمنع الإصدار" in text
    assert "الحل:" in text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("line-0-quantity", "ten", "is not a number"),
        ("line-0-price", "1" + "0" * 18, "too large"),
        ("line-0-price", "1e999", "is not a number"),
        ("line-0-name", "bell\x07", "control character"),
        ("due_date", "2026-13-40", "is not a date"),
        ("notes", "x" * 5000, "too long"),
    ],
)
def test_what_cannot_be_read_is_kept_and_explained(desk: Any, typed: dict[str, str], field: str, value: str, sentence: str) -> None:
    response = desk.post(f"{NEW}?lang=en", typed | {field: value, "act": "save"})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert 'id="error-summary"' in response.content.decode()


@pytest.mark.parametrize("change", [{"line-0-price": "-5"}, {"line-0-unit": "NOPE"}, {"line-0-price": "999999999999999999"}, {"customer": "nobody"}])
def test_odd_values_never_break_the_check(desk: Any, typed: dict[str, str], change: dict[str, str]) -> None:
    assert desk.post(CHECK, typed | change).status_code == 200


def test_rows_are_added_and_removed_without_script(desk: Any, typed: dict[str, str]) -> None:
    added = desk.post(NEW, typed | {"act": "add"}).content.decode()
    removed = desk.post(NEW, typed | {"act": "remove-0"}).content.decode()

    assert 'name="line-1-name"' in added and "خدمات استشارية" in added
    assert 'name="line-0-name"' not in removed


def test_an_item_fills_a_line(desk: Any, typed: dict[str, str], item: Any) -> None:
    html = desk.post("/console/sanad/row?lang=en", typed | {"act": "add-item", "item": str(item.pk)}).content.decode()

    assert 'name="line-1-price"' in html and 'value="215.83"' in html and "Consulting" in html


def test_a_saved_draft_comes_back_as_typed(desk: Any, typed: dict[str, str], org: Any) -> None:
    response = desk.post(NEW, typed | {"act": "save", "purchase_order": "PO-77", "notes": "شكرًا"}, follow=True)

    html = response.content.decode()
    assert response.redirect_chain[0][0].startswith("/console/sanad/drafts/")
    for value in ("خدمات استشارية", 'value="215.83"', 'value="PO-77"', "شكرًا", 'value="2030-01-31"'):
        assert value in html


def test_a_stale_save_is_refused_and_nothing_is_lost(desk: Any, typed: dict[str, str], org: Any) -> None:
    address = desk.post(NEW, typed | {"act": "save"})["Location"]
    desk.post(address, typed | {"act": "save", "version": "1"})

    response = desk.post(f"{address}?lang=en", typed | {"act": "save", "version": "1", "notes": "mine"})

    assert response.status_code == 409
    assert "changed elsewhere" in response.content.decode() and "mine" in response.content.decode()


def test_issue_gives_a_number_and_queues_the_mail(desk: Any, typed: dict[str, str], org: Any) -> None:
    from wasl.app.delivery.models import Delivery
    from wasl.app.invoicing.models import Invoice

    response = desk.post(NEW, typed | {"act": "issue"})

    row = Invoice.objects.for_org(org).get()
    assert response["Location"] == f"/console/sanad/invoices/{row.pk}"
    assert row.payable_amount == 248205
    assert [d.recipient for d in Delivery.objects.for_org(org)] == ["finance@bluehorizon.example"]


def test_a_second_press_issues_nothing_more(desk: Any, typed: dict[str, str], org: Any) -> None:
    from wasl.app.invoicing.models import Invoice

    address = desk.post(NEW, typed | {"act": "save"})["Location"]
    desk.post(address, typed | {"act": "issue", "version": "1"})
    desk.post(address, typed | {"act": "issue", "version": "1"})

    assert Invoice.objects.for_org(org).count() == 1


def test_a_refused_issue_changes_nothing_and_keeps_the_form(desk: Any, typed: dict[str, str], org: Any) -> None:
    from wasl.app.invoicing.models import Draft, Invoice, Series

    response = desk.post(f"{NEW}?lang=en", typed | {"act": "issue", "line-0-tax": "E|0"})

    assert response.status_code == 422
    assert "BR-E-10" in response.content.decode() and "خدمات استشارية" in response.content.decode()
    assert Invoice.objects.for_org(org).count() == 0 and Draft.objects.for_org(org).count() == 0
    assert {s.next_number for s in Series.objects.for_org(org)} == {1}


def test_t55_nothing_else_in_the_request_is_taken(desk: Any, typed: dict[str, str], org: Any) -> None:
    """T55: a number, a total, a seller or a state cannot be posted."""
    from wasl.app.invoicing.models import Invoice

    forged = {"number": "INV-9", "payable_amount": "1", "totals": "1", "organisation": "x", "status": "paid", "line-0-net_amount": "1", "issue_date": "2020-01-01"}
    desk.post(NEW, typed | forged | {"act": "issue"})

    row = Invoice.objects.for_org(org).get()
    assert row.payable_amount == 248205 and row.number != "INV-9" and row.issue_date.year >= 2026


def test_preview_is_a_pdf_and_keeps_nothing(desk: Any, typed: dict[str, str], org: Any) -> None:
    from wasl.app.invoicing.models import Document, Draft

    response = desk.post(NEW, typed | {"act": "preview"})

    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF-")
    assert Document.objects.for_org(org).count() == 0 and Draft.objects.for_org(org).count() == 0


def test_a_reason_from_the_list_mends_the_finding(desk: Any, typed: dict[str, str]) -> None:
    text = words(desk.post(CHECK, typed | {"line-0-tax": "E|0", "reason-code-E": "VATEX-SA-29"}))

    assert "Ready to issue" in text


def test_a_price_that_cannot_be_read_says_so_and_not_that_it_is_missing(desk: Any, typed: dict[str, str]) -> None:
    html = desk.post(CHECK, typed | {"line-0-price": "12,5x"}).content.decode()

    assert "is not a number we can read safely" in html and 'href="#line-0-price"' in html
    assert "1 point prevents issuing" in html
    assert "BR-26" not in html and "BR-CO-18" not in html


def test_a_missing_price_is_told_once_without_what_follows_from_it(desk: Any, typed: dict[str, str]) -> None:
    html = desk.post(CHECK, typed | {"line-0-price": ""}).content.decode()

    assert re.findall(r"BR-[A-Z0-9-]+\d", html) == ["BR-26"]
    assert "1 point prevents issuing" in html
